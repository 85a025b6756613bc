"""Headquarters' editions that wait are decided many at once, each by itself and never by who sent it."""

from __future__ import annotations

import pytest

from campaigns.enums import CampaignState as S
from campaigns.models import Campaign, Edition
from campaigns.services.editions import (
    EditionFacts,
    approve_edition,
    change_edition,
    create_edition,
    facts_of,
    propose_edition,
)
from campaigns.services.plan_decisions import EDITIONS, Seen, accept_many
from core.models import User
from provinces.enums import Role
from tests.factories.people import browser_of, person
from tests.flows.test_races import run_together

WAITING = "/hq/campaigns/waiting/"


def waiting_edition(year: int, actor: User | None = None) -> Edition:
    """One of a campaign that provinces take part in, sent for approval."""
    actor = actor or person(Role.HQ_ANALYST)
    facts = EditionFacts(f"دورهٔ {year}", "livelihood", goal_rial=90_000_000_000, story="برای همهٔ استان‌ها")
    campaign = Campaign.objects.get(slug="mosbat-mah")
    edition = create_edition(campaign, facts, year_kind="jalali", year=year, actor=actor)
    return propose_edition(edition.pk, actor=actor)


def changed(year: int) -> Edition:
    """An approved one of which somebody wishes another goal."""
    edition = waiting_edition(year)
    approve_edition(edition.pk, actor=person(Role.HQ_MANAGER))
    facts = EditionFacts(**vars(facts_of(edition)) | {"goal_rial": 120_000_000_000})
    return change_edition(edition.pk, facts, actor=person(Role.HQ_ANALYST))


def key(edition: Edition) -> str:
    edition.refresh_from_db()
    return f"{edition.pk}-{edition.version}"


def state_of(edition: Edition) -> str:
    return Edition.objects.values_list("state", flat=True).get(pk=edition.pk)


@pytest.mark.usefixtures("db", "country")
class TestPage:
    def test_several_are_accepted_with_one_press_and_ones_own_is_not(self):
        manager = person(Role.HQ_MANAGER)
        browser = browser_of(manager)
        first, second, own, edited = (
            waiting_edition(1410), waiting_edition(1411), waiting_edition(1412, manager), changed(1413),
        )  # fmt: skip
        overview = browser.get("/hq/campaigns/").content.decode()
        assert f'href="{WAITING}"' in overview
        assert "(۴)" in overview
        page = browser.get(WAITING)
        assert {row["key"] for row in page.context["rows"]} == {key(e) for e in (first, second, own, edited)}
        assert f'value="{key(own)}"' not in page.content.decode()
        assert "۱۲٬۰۰۰٬۰۰۰٬۰۰۰ تومان" in page.content.decode()
        ticked = [key(edition) for edition in (first, second, own, edited)]
        answer = browser.post(WAITING, {"many": "accept", "branch": ticked})
        assert [row["is_done"] for row in answer.context["verdicts"]] == [True, True, False, True]
        assert [state_of(e) for e in (first, second, own)] == [S.APPROVED, S.APPROVED, S.DRAFT]
        edited.refresh_from_db()
        assert (edited.goal_rial, edited.edit) == (120_000_000_000, None)
        assert [row["key"] for row in answer.context["rows"]] == [key(own)]

    def test_they_go_back_with_one_reason(self):
        first, second = waiting_edition(1410), waiting_edition(1411)
        browser, ticked = browser_of(person(Role.HQ_MANAGER)), [key(first), key(second)]
        assert browser.post(WAITING, {"many": "return", "branch": ticked}).context["problem"]
        said = {"many": "return", "branch": ticked, "many-reason": "هدف را بازبینی کنید"}
        assert [row["is_done"] for row in browser.post(WAITING, said).context["verdicts"]] == [True, True]
        for edition in (first, second):
            edition.refresh_from_db()
            assert (edition.is_waiting, edition.returned_reason) == (False, "هدف را بازبینی کنید")

    def test_only_what_was_seen_is_accepted(self):
        edition = waiting_edition(1410)
        seen = key(edition)
        facts = EditionFacts(**vars(facts_of(edition)) | {"story": "سخنی دیگر"})
        change_edition(edition.pk, facts, actor=person(Role.HQ_ANALYST))
        answer = browser_of(person(Role.HQ_MANAGER)).post(WAITING, {"many": "accept", "branch": seen})
        assert not answer.context["verdicts"][0]["is_done"]
        assert state_of(edition) == S.DRAFT

    def test_what_a_province_began_for_itself_is_not_among_them(self):
        edition = waiting_edition(1410)
        ticked = key(edition)
        Campaign.objects.filter(pk=edition.campaign_id).update(only_in="23", scope="provincial")
        browser = browser_of(person(Role.HQ_MANAGER))
        assert not browser.get(WAITING).context["rows"]
        assert not browser.post(WAITING, {"many": "accept", "branch": ticked}).context["verdicts"]
        assert state_of(edition) == S.DRAFT

    def test_as_many_queries_for_one_as_for_many(self, django_assert_max_num_queries):
        browser = browser_of(person(Role.HQ_MANAGER))
        waiting_edition(1410)
        browser.get(WAITING)
        with django_assert_max_num_queries(60) as few:
            browser.get(WAITING)
        for year in range(1411, 1416):
            waiting_edition(year)
        with django_assert_max_num_queries(len(few)):
            browser.get(WAITING)


def test_two_managers_at_once_approve_each_once(live_db, country):
    editions = [waiting_edition(year) for year in (1410, 1411, 1412)]
    chosen = [Seen(edition.pk, edition.version) for edition in editions]
    found: list[str] = []

    def decide(manager: User, order: int) -> None:
        found.extend(verdict.refusal for verdict in accept_many(chosen[::order], actor=manager, of=EDITIONS))

    managers = [person(Role.HQ_MANAGER) for _ in range(2)]
    assert run_together(lambda: decide(managers[0], 1), lambda: decide(managers[1], -1)) == []
    assert (found.count(""), {state_of(edition) for edition in editions}) == (3, {S.APPROVED})

"""Branches on their way from draft to report, and who may not take a step."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition, Picture
from campaigns.plan_selectors import earlier_branch, late_branches, placement_of, why_late
from campaigns.services.branches import (
    Asked,
    approve_branch,
    ask_for,
    close_branch,
    create_branch,
    open_branch,
    propose_branch,
    report_branch,
    return_branch,
    spread_plan,
    tell_story,
)
from campaigns.services.demo_campaigns import seed_demo_campaigns
from campaigns.services.editions import close_edition
from campaigns.services.pictures import add_picture
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import Scope, open_scope
from tests.factories.campaigns import (
    OPEN_WITHOUT_BRANCHES,
    approved_branch,
    draft_branch,
    picture_bytes,
    published_branch,
    put_back,
    waiting_branch,
)
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, person

pytestmark = pytest.mark.usefixtures("db", "country")


def codes_of(branch: Branch) -> list[str]:
    entries = AuditEntry.objects.filter(subject_type="campaigns.branch", subject_id=str(branch.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_from_draft_to_report(tehran, manager):
    expert = person(Role.PROVINCIAL_EXPERT)
    branch = draft_branch(actor=expert)
    assert placement_of(branch) is None
    propose_branch(branch.pk, actor=expert)
    approve_branch(branch.pk, actor=manager)
    code = placement_of(branch)
    assert (code.branch_id, code.province_id, code.edition_id) == (branch.pk, TEHRAN, branch.edition_id)
    open_branch(branch.pk, actor=expert)
    assert placement_of(branch) == code, "opening makes no second code"
    close_branch(branch.pk, actor=expert, text="سپاس از همه.")
    report_branch(branch.pk, actor=expert, text="۱۲۰ بسته به ۱۲۰ خانواده رسید.")
    branch.refresh_from_db()
    assert (branch.state, branch.closing_text) == (S.REPORTED, "سپاس از همه.")
    assert codes_of(branch) == [
        f"branch.{step}"
        for step in ("add", "change", "change", "propose", "approve", "open", "close", "report")
    ]
    promise = OutboxMessage.objects.get(task="dashboards.freeze_campaign")
    assert promise.payload == {"edition_id": branch.edition_id, "branch_id": branch.pk}


def test_nobody_approves_what_they_sent(manager):
    branch = waiting_branch(actor=manager)
    assert refusal(lambda: approve_branch(branch.pk, actor=manager)) == "own_plan"
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(approved_by=manager)


def test_who_corrects_what_waits_becomes_its_proposer(manager):
    branch = waiting_branch()
    tell_story(branch.pk, "متن تازه", actor=manager)
    assert refusal(lambda: approve_branch(branch.pk, actor=manager)) == "own_plan"
    approve_branch(branch.pk, actor=person(Role.HQ_MANAGER))


def test_nobody_approves_what_they_have_not_seen(manager):
    branch = waiting_branch()
    tell_story(branch.pk, "متن تازه", actor=person(Role.PROVINCIAL_EXPERT))
    assert (
        refusal(lambda: approve_branch(branch.pk, actor=manager, version=branch.version))
        == "changed_meanwhile"
    )
    branch.refresh_from_db()
    assert branch.state == S.DRAFT


def test_nobody_overwrites_what_they_have_not_seen():
    branch, one, other = draft_branch(), person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_EXPERT)
    tell_story(branch.pk, "نسخهٔ نخست", actor=one, version=branch.version)
    again = refusal(lambda: tell_story(branch.pk, "نسخهٔ دوم", actor=other, version=branch.version))
    assert again == "changed_meanwhile"
    branch.refresh_from_db()
    assert branch.story == "نسخهٔ نخست"


def test_what_is_returned_says_why_and_begins_anew(manager):
    branch = waiting_branch()
    assert refusal(lambda: return_branch(branch.pk, actor=manager, reason=" ")) == "plan_reason_required"
    return_branch(branch.pk, actor=manager, reason="هدف بزرگ است")
    branch.refresh_from_db()
    assert (branch.is_waiting, branch.returned_reason) == (False, "هدف بزرگ است")
    assert refusal(lambda: approve_branch(branch.pk, actor=manager)) == "not_waiting"
    propose_branch(branch.pk, actor=person(Role.PROVINCIAL_EXPERT))
    approve_branch(branch.pk, actor=manager)
    return_branch(branch.pk, actor=manager, reason="دوباره ببینید")
    branch.refresh_from_db()
    assert (branch.state, branch.approved_by) == (S.DRAFT, None)


@pytest.mark.parametrize(
    ("make", "act", "code"),
    [
        (draft_branch, open_branch, "wrong_state"),
        (waiting_branch, open_branch, "wrong_state"),
        (published_branch, open_branch, "wrong_state"),
        (published_branch, propose_branch, "wrong_state"),
        (approved_branch, lambda pk, actor: close_branch(pk, actor=actor, text="پایان"), "wrong_state"),
        (published_branch, lambda pk, actor: report_branch(pk, actor=actor, text="گزارش"), "wrong_state"),
        (
            published_branch,
            lambda pk, actor: close_branch(pk, actor=actor, text=" "),
            "closing_text_required",
        ),
        (published_branch, lambda pk, actor: return_branch(pk, actor=actor, reason="چرا"), "not_waiting"),
        (draft_branch, lambda pk, actor: ask_for(pk, Asked(0), actor=actor), "bad_goal"),
        (
            draft_branch,
            lambda pk, actor: ask_for(pk, Asked(7, fund_codes=("x",)), actor=actor),
            "unknown_fund",
        ),
        (
            draft_branch,
            lambda pk, actor: ask_for(pk, Asked(7, channel_kinds=("x",)), actor=actor),
            "unknown_channel_kind",
        ),
    ],
)
def test_what_may_not_be_done_changes_nothing(make, act, code):
    branch, somebody = make(), person(Role.PROVINCIAL_EXPERT)
    before, audited = Branch.objects.values().get(pk=branch.pk), len(codes_of(branch))
    assert refusal(lambda: act(branch.pk, actor=somebody)) == code
    assert Branch.objects.values().get(pk=branch.pk) == before
    assert len(codes_of(branch)) == audited


def test_a_draft_without_goal_or_story_is_not_sent(tehran):
    expert = person(Role.PROVINCIAL_EXPERT)
    branch = create_branch(Edition.objects.get(**OPEN_WITHOUT_BRANCHES), tehran, actor=expert)
    assert refusal(lambda: propose_branch(branch.pk, actor=expert)) == "goal_required"
    ask_for(branch.pk, Asked(1_000_000), actor=expert)
    assert refusal(lambda: propose_branch(branch.pk, actor=expert)) == "story_required"


def test_one_branch_a_province_and_edition():
    branch = draft_branch()
    again = lambda: create_branch(branch.edition, branch.province, actor=person())  # noqa: E731
    assert refusal(again) == "branch_exists"
    assert (
        refusal(lambda: create_branch(Edition.objects.get(year=1447), branch.province, actor=person()))
        == "edition_over"
    )


def test_another_province_is_not_there():
    branch = waiting_branch(KHUZESTAN)
    manager = person(Role.PROVINCIAL_MANAGER)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        for act in (
            lambda: approve_branch(branch.pk, actor=manager),
            lambda: tell_story(branch.pk, "x", actor=manager),
            lambda: create_branch(branch.edition, Province.objects.get(code=ILAM), actor=manager),
            lambda: close_edition(branch.edition_id, actor=manager, text="پایان"),
        ):
            assert refusal(act) == "not_found"


def test_funds_of_a_branch_are_among_those_of_its_edition():
    branch, actor = draft_branch(), person(Role.PROVINCIAL_EXPERT)
    Edition.objects.filter(pk=branch.edition_id).update(fund_codes=["general", "dowry"])
    assert (
        refusal(lambda: ask_for(branch.pk, Asked(7, fund_codes=("housing",)), actor=actor)) == "unknown_fund"
    )
    assert ask_for(branch.pk, Asked(7, fund_codes=("dowry",)), actor=actor).fund_codes == ["dowry"]


def test_a_plan_is_spread_over_provinces_by_their_people(manager):
    source = draft_branch(goal_rial=13_267_637_000_000)
    add_picture(source, BytesIO(picture_bytes()), 1_000, alt="خانواده", actor=manager)
    where = Province.objects.filter(code__in=(TEHRAN, ILAM, KHUZESTAN))
    made = spread_plan(source, source.edition, where, actor=manager, by_population=True)
    assert {branch.province_id for branch in made} == {ILAM, KHUZESTAN}
    for branch in made:
        branch.refresh_from_db()
        exact = source.goal_rial * branch.province.population_1395 / source.province.population_1395
        assert 0 <= branch.goal_rial - exact < 1_000_000
        assert (branch.state, branch.story) == (S.DRAFT, source.story)
    assert set(Picture.objects.values_list("file", flat=True)) == {Picture.objects.first().file.name}
    assert Picture.objects.count() == 3
    assert spread_plan(source, source.edition, where, actor=manager, by_population=True) == []


def test_last_years_branch_is_found_and_taken_over(tehran, manager):
    now = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    before = Edition.objects.get(campaign=now.campaign, year=1404)
    old = Branch.objects.create(edition=before, province=tehran, story="پارسال", goal_rial=5, state=S.CLOSED)
    assert earlier_branch(now, TEHRAN) == old
    branch = create_branch(now, tehran, actor=manager, like=old)
    assert (branch.story, branch.goal_rial, branch.state) == ("پارسال", 5, S.DRAFT)
    assert earlier_branch(now, ILAM) is None


def test_closing_an_edition_closes_its_open_branches():
    opened, waiting = published_branch(), waiting_branch(ILAM)
    close_edition(opened.edition_id, actor=person(Role.HQ_MANAGER), text="تا سال دیگر.")
    for row in (opened, waiting):
        row.refresh_from_db()
    assert (opened.state, opened.closing_text) == (S.CLOSED, "تا سال دیگر.")
    assert waiting.state == S.DRAFT
    assert OutboxMessage.objects.filter(task="dashboards.freeze_campaign").count() == 2
    assert (
        refusal(lambda: approve_branch(waiting.pk, actor=person(Role.HQ_MANAGER))) == "edition_not_approved"
    )


def test_what_is_late_by_both_ways_of_asking():
    today, now = tehran_today(), timezone.now()
    waits = waiting_branch(TEHRAN)
    put_back(
        Branch.objects.filter(pk=waits.pk),
        proposed_at=now - timedelta(days=4),
        starts_on=today + timedelta(days=9),
    )
    unopened = approved_branch(ILAM)
    unclosed = published_branch(KHUZESTAN)
    put_back(
        Branch.objects.filter(pk=unclosed.pk),
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=1),
    )
    unreported = published_branch("07")
    put_back(Branch.objects.filter(pk=unreported.pk), state=S.CLOSED, closed_at=now - timedelta(days=31))
    in_time = published_branch("08")
    expected = {waits.pk: "approval", unopened.pk: "opening", unclosed.pk: "closing", unreported.pk: "report"}
    ours = Branch.objects.filter(edition=in_time.edition).select_related("edition")
    assert {row.pk: why_late(row) for row in ours if why_late(row)} == expected
    assert set(late_branches().filter(edition=in_time.edition).values_list("pk", flat=True)) == set(expected)


def test_the_demos_branches_leave_tehran_free(manager):
    maker = person(Role.HQ_ANALYST)
    for _ in range(2):
        seed_demo_campaigns(maker, manager)
        found = Branch.objects.filter(edition__campaign__slug="mosbat-mah")
        assert {(b.province_id, b.state, b.is_waiting) for b in found} == {
            (KHUZESTAN, "open", False),
            (ILAM, "draft", True),
        }

"""Thirty campaigns with 31 branches each: lists are pages, filters find, and no list asks more where there is more."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Campaign, Edition
from campaigns.services.branches import spread_plan
from campaigns.services.editions import clone_edition, facts_like
from provinces.enums import Role
from provinces.models import Province
from tests.factories.people import TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


def campaigns(count: int, first: int = 0) -> list[Edition]:
    """So many campaigns, each open in every province."""
    made = Campaign.objects.bulk_create(
        Campaign(slug=f"many-{n}", name=f"پویش {n}", scope="national", summary="نمونه")
        for n in range(first, first + count)
    )
    editions = Edition.objects.bulk_create(
        Edition(
            campaign=c, year_kind="jalali", year=1405, title=f"{c.name} ۱۴۰۵", fund_id="general", state=S.OPEN
        )
        for c in made
    )
    provinces = Province.objects.all()
    Branch.objects.bulk_create(
        Branch(edition=edition, province=province, state=S.OPEN, story="شرح", goal_rial=1_000_000)
        for edition in editions
        for province in provinces
    )
    return editions


def queries_of(browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        began = time.monotonic()
        answer = browser.get(address)
        print(f"{address}: {len(asked)} queries, {time.monotonic() - began:.2f} s")  # noqa: T201
    assert answer.status_code == 200
    return len(asked)


LISTS = {
    Role.HQ_MANAGER: (
        "/hq/campaigns/",
        "/hq/campaigns/?standing=open",
        "/desk/campaigns/?standing=open&page=2",
    ),
    Role.PROVINCIAL_EXPERT: ("/desk/campaigns/", "/desk/campaigns/?standing=waiting"),
    None: ("/campaigns/", "/api/v1/campaigns/"),
}


def test_lists_ask_the_same_of_few_and_of_many(client):
    browsers = {role: browser_of(person(role, TEHRAN)) if role else client for role in LISTS}
    pages = [(browsers[role], address) for role, addresses in LISTS.items() for address in addresses]
    [edition] = campaigns(1)
    one = f"/hq/campaigns/{edition.pk}/"
    pages.append((browsers[Role.HQ_MANAGER], one))
    for browser, address in pages:
        browser.get(address)  # what is remembered for a moment is there
    few = [queries_of(*page) for page in pages]
    campaigns(29, first=1)
    many = [queries_of(*page) for page in pages]
    assert many == few
    assert max(many) <= 24


def test_lists_are_pages_and_filters_find():
    campaigns(30)
    head, expert = browser_of(person(Role.HQ_MANAGER)), browser_of(person(Role.PROVINCIAL_EXPERT))
    listed = head.get("/hq/campaigns/?standing=open")
    assert (len(listed.context["rows"]), listed.context["page_obj"].paginator.num_pages) == (62, 16)
    own = expert.get("/desk/campaigns/")
    assert {row["branch"].province_id for row in own.context["rows"]} == {TEHRAN}
    wanted = Campaign.objects.get(slug="many-7")
    found = expert.get(f"/desk/campaigns/?campaign={wanted.pk}")
    assert [row["branch"].edition.campaign for row in found.context["rows"]] == [wanted]
    assert len(head.get(f"/hq/campaigns/?campaign={wanted.pk}").context["rows"]) == 31


def test_a_plan_reaches_31_provinces_and_the_next_year_in_two_acts():
    head = person(Role.HQ_MANAGER)
    [edition] = campaigns(1)
    next_year, branches = clone_edition(
        edition, facts_like(edition, title="سال تازه"), year=1406, actor=head, with_branches=True
    )
    assert (branches, next_year.branches.filter(state=S.DRAFT).count()) == (31, 31)
    empty, _ = clone_edition(
        edition, facts_like(edition, title="سال پس از آن"), year=1407, actor=head, with_branches=False
    )
    source = next_year.branches.get(province=TEHRAN)
    made = spread_plan(source, empty, Province.objects.all(), actor=head, by_population=True)
    assert (len(made), {branch.story for branch in made}) == (31, {"شرح"})

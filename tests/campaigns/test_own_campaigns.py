"""A campaign that a province begins for itself: approved there, seen by all, held by nobody else."""

from __future__ import annotations

import pytest

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Campaign, Channel, Edition, Fund
from campaigns.plan_selectors import editions_to_join
from campaigns.selectors import designate, editions_open_here
from campaigns.services.branches import (
    Asked,
    accept_branch_edit,
    approve_branch,
    ask_for,
    close_branch,
    create_branch,
    open_branch,
    propose_branch,
    report_branch,
    tell_story,
)
from campaigns.services.editions import close_edition, create_edition, facts_of
from campaigns.services.own_campaigns import begin_own_campaign, repeat_own_campaign
from campaigns.services.placements import create_placement
from core.errors import DomainError
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import Scope, open_scope
from tests.factories.people import ILAM, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")
SAID = {"name": "گرمای خانه", "summary": "بخاری برای خانه‌های سرد استان", "year": 1405}


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def begun(province: str = TEHRAN, **said) -> Branch:
    facts = SAID | {"fund": Fund.objects.get(code="livelihood")} | said
    return begin_own_campaign(
        Province.objects.get(code=province), **facts, actor=person(Role.PROVINCIAL_EXPERT)
    )


def opened(province: str = TEHRAN) -> Branch:
    branch, expert = begun(province), person(Role.PROVINCIAL_EXPERT, province)
    ask_for(branch.pk, Asked(50_000_000), actor=expert)
    tell_story(branch.pk, "هر خانه یک بخاری.", actor=expert)
    propose_branch(branch.pk, actor=expert)
    approve_branch(branch.pk, actor=person(Role.PROVINCIAL_MANAGER, province))
    return open_branch(branch.pk, actor=expert)


def test_the_edition_goes_every_step_with_its_branch():
    branch = begun()
    edition, expert, manager = branch.edition, person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_MANAGER)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        ask_for(branch.pk, Asked(50_000_000), actor=expert)
        tell_story(branch.pk, "هر خانه یک بخاری.", actor=expert)
        propose_branch(branch.pk, actor=expert)
        assert refusal(lambda: approve_branch(branch.pk, actor=expert)) == "own_plan"
        for act, state in (
            (lambda: approve_branch(branch.pk, actor=manager), S.APPROVED),
            (lambda: open_branch(branch.pk, actor=expert), S.OPEN),
            (lambda: close_branch(branch.pk, actor=expert, text="سپاس"), S.CLOSED),
            (lambda: report_branch(branch.pk, actor=expert, text="۴۰ بخاری"), S.REPORTED),
        ):
            act()
            branch.refresh_from_db()
            edition.refresh_from_db()
            assert (branch.state, edition.state) == (state, state)
    assert (edition.goal_rial, edition.story) == (branch.goal_rial, branch.story)
    assert (edition.proposed_by, edition.approved_by) == (expert, manager)


def test_people_find_it_and_give_to_it(client):
    branch = opened()
    slug = branch.edition.campaign.slug
    assert slug == "tehran-1"
    assert SAID["name"] not in client.get("/campaigns/").content.decode()
    assert SAID["name"] in client.get("/campaigns/?of=provinces").content.decode()
    assert SAID["name"] in client.get("/provinces/tehran/").content.decode()
    answer = client.get(f"/campaigns/{slug}/?edition=1405")
    assert answer["Location"] == f"/campaigns/{slug}/tehran/?edition=1405"
    assert "هر خانه یک بخاری" in client.get(answer["Location"]).content.decode()
    assert client.get(f"/give/?campaign={slug}").context["form"]["province"].value() == TEHRAN
    found = designate(fund="livelihood", campaign=slug)
    assert (found.province.code, found.branch) == (TEHRAN, branch)
    assert refusal(lambda: designate(fund="livelihood", campaign=slug, province=ILAM)) == "campaign_elsewhere"
    assert {c["slug"]: c["province"] for c in client.get("/api/v1/campaigns/").json()}[slug] == TEHRAN
    close_branch(branch.pk, actor=person(), text="سپاس")
    assert client.get(f"/campaigns/{slug}/report/")["Location"] == f"/campaigns/{slug}/tehran/report/"


def test_a_change_of_the_branch_is_the_editions_too():
    branch = opened()
    tell_story(branch.pk, "دو بخاری.", actor=person(Role.PROVINCIAL_EXPERT))
    accept_branch_edit(branch.pk, actor=person(Role.PROVINCIAL_MANAGER))
    assert Edition.objects.get(pk=branch.edition_id).story == "دو بخاری."


def test_nobody_else_takes_part_in_it():
    branch = opened()
    edition, actor = branch.edition, person(Role.HQ_MANAGER)
    campaign = Campaign.objects.get(pk=edition.campaign_id)
    assert edition not in editions_to_join()
    ilam = Province.objects.get(code=ILAM)
    assert refusal(lambda: create_branch(edition, ilam, actor=actor)) == "campaign_elsewhere"
    assert refusal(lambda: close_edition(edition.pk, actor=actor, text="پایان")) == "edition_of_province"
    facts = facts_of(edition)
    again = lambda: create_edition(campaign, facts, year_kind="jalali", year=1406, actor=actor)  # noqa: E731
    assert refusal(again) == "edition_of_province"
    assert (
        refusal(lambda: repeat_own_campaign(campaign, ilam, year=1406, actor=actor)) == "campaign_elsewhere"
    )
    with open_scope(Scope(provinces=frozenset({ILAM}))):
        assert refusal(begun) == "not_found"


def test_codes_and_gifts_of_another_province_do_not_name_it():
    branch = opened()
    edition, ilam, actor = branch.edition, Province.objects.get(code=ILAM), person()
    facts = {"kind": "poster", "title": "پوستر", "edition": edition, "actor": actor}
    for place in ({"province": ilam}, {}):
        assert refusal(lambda place=place: create_placement(**facts, **place)) == "campaign_elsewhere"
    assert create_placement(**facts, province=branch.province).branch == branch
    with open_scope(Scope(provinces=frozenset({ILAM}))):
        assert edition not in editions_open_here()
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert edition in editions_open_here()
    by_card = Channel.objects.filter(kind="card").first()
    found = designate(fund="livelihood", campaign=edition.campaign.slug, province=ILAM, channel=by_card)
    assert found.branch == branch, "money that is there already is where its campaign is"


def test_who_decides_is_told_on_the_first_page_of_the_desk():
    branch = begun()
    expert = person(Role.PROVINCIAL_EXPERT)
    ask_for(branch.pk, Asked(50_000_000), actor=expert)
    tell_story(branch.pk, "شرح", actor=expert)
    propose_branch(branch.pk, actor=expert)
    shown = browser_of(person(Role.PROVINCIAL_MANAGER)).get("/desk/").content.decode()
    assert "/desk/campaigns/?standing=waiting" in shown
    assert "standing=waiting" not in browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/").content.decode()


def test_another_year_begins_like_the_one_before():
    branch, expert = opened(), person(Role.PROVINCIAL_EXPERT)
    campaign = branch.edition.campaign
    assert refusal(lambda: repeat_own_campaign(campaign, branch.province, year=1405, actor=expert)) == (
        "edition_exists"
    )
    again = repeat_own_campaign(campaign, branch.province, year=1406, actor=expert)
    assert (again.state, again.story, again.goal_rial) == (S.DRAFT, branch.story, branch.goal_rial)
    assert again.edition.title == "گرمای خانه ۱۴۰۶"
    propose_branch(again.pk, actor=expert)
    approve_branch(again.pk, actor=person(Role.PROVINCIAL_MANAGER))
    assert refusal(lambda: open_branch(again.pk, actor=expert)) == "another_edition_open"
    close_branch(branch.pk, actor=expert, text="سپاس")
    assert open_branch(again.pk, actor=expert).state == S.OPEN


def test_over_the_pages_of_the_desk():
    expert = browser_of(person(Role.PROVINCIAL_EXPERT))
    assert "/desk/campaigns/own/" in expert.get("/desk/campaigns/new/").content.decode()
    page = expert.get("/desk/campaigns/own/")
    said = {"name": "", "summary": "x", "fund": "dowry", "year": "1405", "province": TEHRAN}
    assert "name" in expert.post("/desk/campaigns/own/", said).context["form"].errors
    assert page.context["form"].fields["campaign"].widget.is_hidden
    answer = expert.post("/desk/campaigns/own/", said | {"name": "جهیزیهٔ یلدا"})
    branch = Branch.objects.get(edition__campaign__name="جهیزیهٔ یلدا")
    assert answer["Location"] == f"/desk/campaigns/{branch.pk}/goal/"
    other = said | {"name": "جای دیگر", "province": ILAM}
    assert "province" in expert.post("/desk/campaigns/own/", other).context["form"].errors
    headquarters = browser_of(person(Role.HQ_ANALYST))
    assert "جهیزیهٔ یلدا" in headquarters.get("/hq/campaigns/?standing=own").content.decode()
    assert (
        "جهیزیهٔ یلدا" in headquarters.get(f"/hq/campaigns/?standing=own&province={TEHRAN}").content.decode()
    )
    elsewhere = headquarters.get(f"/hq/campaigns/?standing=own&province={ILAM}").content.decode()
    assert "جهیزیهٔ یلدا" not in elsewhere.partition("<main")[2].partition("</select>")[2]
    assert headquarters.get(f"/hq/campaigns/{branch.edition_id}/")["Location"] == (
        f"/desk/campaigns/{branch.pk}/"
    )

"""What was approved changes with a second person's yes only, and people see the old page until then."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition, Picture
from campaigns.plan_selectors import (
    as_wished,
    filtered_branches,
    late_branches,
    pictures_as_wished,
    pictures_of,
    why_late,
)
from campaigns.services.branches import (
    Asked,
    accept_branch_edit,
    ask_for,
    close_branch,
    drop_branch_edit,
    return_branch,
    return_branch_edit,
    tell_story,
)
from campaigns.services.editions import accept_edition_edit, change_edition, facts_of
from campaigns.services.pictures import add_picture, withdraw_picture
from core.errors import DomainError
from core.models import AuditEntry
from provinces.enums import Role
from tests.factories.campaigns import (
    OPEN_WITHOUT_BRANCHES,
    STORY,
    approved_branch,
    picture_bytes,
    published_branch,
    put_back,
)
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")
NEW = "از این پس هر هفته دو بسته."


@pytest.fixture
def expert():
    return person(Role.PROVINCIAL_EXPERT)


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def a_picture(branch: Branch, actor, alt: str = "نان") -> Picture:
    return add_picture(branch, BytesIO(picture_bytes()), 1_000, alt=alt, actor=actor)


def test_a_change_waits_and_is_then_what_stands(expert, manager):
    branch = published_branch()
    ask_for(branch.pk, Asked(70_000_000, starts_on=date(2027, 1, 1)), actor=expert)
    wished = tell_story(branch.pk, NEW, actor=expert)
    branch.refresh_from_db()
    assert (branch.story, branch.goal_rial, branch.starts_on) == (STORY, 50_000_000, None)
    assert (as_wished(branch).story, as_wished(branch).starts_on) == (NEW, date(2027, 1, 1))
    assert refusal(lambda: accept_branch_edit(branch.pk, actor=expert)) == "own_plan"
    stale = wished.version - 1
    assert refusal(lambda: accept_branch_edit(branch.pk, actor=manager, version=stale)) == "changed_meanwhile"
    branch = accept_branch_edit(branch.pk, actor=manager, version=wished.version)
    branch.refresh_from_db()
    assert (branch.story, branch.goal_rial, branch.starts_on) == (NEW, 70_000_000, date(2027, 1, 1))
    assert (branch.state, branch.edit, branch.proposed_by, branch.approved_by) == (
        S.OPEN, None, expert, manager,
    )  # fmt: skip
    assert refusal(lambda: accept_branch_edit(branch.pk, actor=manager)) == "no_edit"
    entry = AuditEntry.objects.filter(action="branch.edit_accept").get()
    assert entry.data["fields"] == ["goal_rial", "starts_on", "story"]


def test_the_database_knows_the_two_people_too(expert):
    branch = published_branch()
    tell_story(branch.pk, NEW, actor=expert)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(proposed_by=expert, approved_by=expert)
    with pytest.raises(IntegrityError, match="edit_is_somebodys"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(edit_by=None)


def test_who_corrects_a_change_becomes_its_maker(expert, manager):
    branch = published_branch()
    tell_story(branch.pk, NEW, actor=expert)
    tell_story(branch.pk, f"{NEW} سپاس.", actor=manager)
    assert refusal(lambda: accept_branch_edit(branch.pk, actor=manager)) == "own_plan"
    accept_branch_edit(branch.pk, actor=person(Role.HQ_MANAGER))


def test_a_change_that_came_back_is_kept_for_its_maker(expert, manager):
    branch = published_branch()
    tell_story(branch.pk, NEW, actor=expert)
    assert refusal(lambda: return_branch_edit(branch.pk, actor=manager, reason=" ")) == "plan_reason_required"
    return_branch_edit(branch.pk, actor=manager, reason="هر هفته نیست")
    branch.refresh_from_db()
    assert (branch.has_edit_waiting, branch.edit_returned) == (False, "هر هفته نیست")
    assert as_wished(branch).story == NEW
    assert refusal(lambda: accept_branch_edit(branch.pk, actor=manager)) == "no_edit"
    tell_story(branch.pk, NEW, actor=expert)
    branch.refresh_from_db()
    assert (branch.has_edit_waiting, branch.edit_returned) == (True, "")


def test_what_is_typed_back_or_taken_back_leaves_nothing(expert):
    branch = published_branch()
    before = branch.version
    tell_story(branch.pk, STORY, actor=expert)
    branch.refresh_from_db()
    assert (branch.version, branch.edit) == (before, None)
    for back in (
        lambda: tell_story(branch.pk, STORY, actor=expert),
        lambda: drop_branch_edit(branch.pk, actor=expert),
    ):
        tell_story(branch.pk, NEW, actor=expert)
        back()
        branch.refresh_from_db()
        assert branch.edit is None
    assert refusal(lambda: drop_branch_edit(branch.pk, actor=expert)) == "no_edit"


def test_pictures_come_and_go_with_the_yes(expert, manager, client):
    branch = published_branch()
    first = a_picture(branch, expert, "نخست")
    assert pictures_of(branch) == []
    branch.refresh_from_db()
    assert pictures_as_wished(branch) == [first]
    assert client.get(f"/pictures/{first.key}.webp").status_code == 404
    accept_branch_edit(branch.pk, actor=manager)
    assert client.get(f"/pictures/{first.key}.webp").status_code == 200
    second = a_picture(branch, expert, "دوم")
    withdraw_picture(branch, first.pk, actor=expert)
    withdraw_picture(branch, second.pk, actor=expert)
    branch.refresh_from_db()
    assert (pictures_of(branch), pictures_as_wished(branch)) == ([first], [])
    accept_branch_edit(branch.pk, actor=manager)
    assert pictures_of(branch) == []


def test_a_picture_too_many_is_counted_with_those_to_come(expert):
    branch = published_branch()
    for _ in range(6):
        a_picture(branch, expert)
    assert refusal(lambda: a_picture(branch, expert)) == "too_many_pictures"


def test_closing_drops_a_change_and_going_back_to_draft_takes_it_in(expert, manager):
    closed, returned = published_branch(), approved_branch(KHUZESTAN)
    for branch in (closed, returned):
        tell_story(branch.pk, NEW, actor=expert)
    close_branch(closed.pk, actor=expert, text="پایان")
    return_branch(returned.pk, actor=manager, reason="دوباره")
    for branch in (closed, returned):
        branch.refresh_from_db()
        assert branch.edit is None
    assert (closed.story, returned.story) == (STORY, NEW)


def test_an_edition_changes_in_the_same_way():
    analyst, head = person(Role.HQ_ANALYST), person(Role.HQ_MANAGER)
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    facts = facts_of(edition)
    wish = facts.__class__(**{**facts.__dict__, "title": "نام تازه", "fund": "dowry"})
    change_edition(edition.pk, wish, actor=analyst)
    edition.refresh_from_db()
    assert (edition.title, edition.fund_id) == (facts.title, facts.fund)
    assert (as_wished(edition).title, as_wished(edition).fund.pk) == ("نام تازه", "dowry")
    accept_edition_edit(edition.pk, actor=head)
    edition.refresh_from_db()
    assert (edition.title, edition.fund_id, edition.approved_by) == ("نام تازه", "dowry", head)


def test_waiting_changes_are_found_and_late_after_three_days(expert):
    branch, quiet = published_branch(), published_branch(KHUZESTAN)
    tell_story(branch.pk, NEW, actor=expert)
    assert set(filtered_branches(standing="edit")) == {branch}
    put_back(Branch.objects.filter(pk=branch.pk), edit_at=timezone.now() - timedelta(days=4))
    branch = Branch.objects.select_related("edition").get(pk=branch.pk)
    assert (why_late(branch), why_late(quiet)) == ("edit", "")
    assert branch in late_branches()
    assert quiet not in late_branches()


def test_over_the_pages_of_the_desk(client):
    maker, approver = browser_of(person(Role.PROVINCIAL_EXPERT)), browser_of(person(Role.PROVINCIAL_MANAGER))
    branch = published_branch()
    here, public = f"/desk/campaigns/{branch.pk}/", "/campaigns/mosbat-mah/tehran/"
    maker.post(f"{here}story/", {"version": branch.version, "story": NEW})
    assert NEW in maker.get(f"{here}story/").content.decode(), "who goes on writing goes on from the wish"
    assert STORY in client.get(public).content.decode()
    seen = maker.get(here).content.decode()
    assert 'name="drop"' in seen
    assert 'name="accept"' not in seen
    assert maker.post(here, {"accept": "1"}).status_code == 403
    branch.refresh_from_db()
    page = approver.get(here).content.decode()
    assert NEW in page
    assert STORY in page
    approver.post(here, {"give_back": "1", "edit-reason": "کوتاه‌تر"})
    assert "کوتاه‌تر" in maker.get(here).content.decode()
    maker.post(f"{here}story/", {"version": branch.version + 1, "story": f"{NEW} سپاس"})
    branch.refresh_from_db()
    answer = approver.post(here, {"accept": "1", "version": branch.version}, follow=True)
    assert "تغییر تأیید شد" in answer.content.decode()
    branch.refresh_from_db()
    assert (branch.province_id, branch.story) == (TEHRAN, f"{NEW} سپاس")

"""Nothing is orphaned when a person leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.enums import CaseKind
from cases.models import CareCase, Case
from cases.services.cases import open_case
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry
from provinces.checks import open_work_has_an_owner_in_office
from provinces.enums import Role
from provinces.models import HandOver, Membership
from provinces.scoping import all_provinces
from provinces.services.hand_over import hand_over_ended, open_work_of
from provinces.services.people import add_member, end_membership
from tests.factories.care import care_case
from tests.factories.leaving import membership_of
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, office_for, person

pytestmark = pytest.mark.django_db
YESTERDAY = tehran_today() - timedelta(days=1)


def own_case(owner, province: str = TEHRAN, subject: str = "a") -> Case:
    with all_provinces("test"):
        case = open_case(CaseKind.BOOKS, subject, province)
        case.owner = owner
        case.save()
    return case


def orphans() -> list[str]:
    return list(open_work_has_an_owner_in_office())


def owner_of(row) -> object:
    with all_provinces("test"):
        row.refresh_from_db()
        return row.owner


def test_open_work_goes_to_the_chosen_colleague(country):
    leaver, heir, admin = (
        person(Role.PROVINCIAL_MANAGER), person(Role.PROVINCIAL_MANAGER), person(Role.ADMINISTRATOR),
    )  # fmt: skip
    case, care = own_case(leaver), care_case(province=TEHRAN)
    CareCase.objects.filter(pk=care.pk).update(owner=leaver)
    closed = own_case(leaver, subject="b")
    Case.objects.filter(pk=closed.pk).update(state="closed", closed_at="2026-01-01T00:00Z", resolution="x")
    membership = membership_of(leaver)
    assert open_work_of(membership) == {"case": 1, "care": 1}
    end_membership(membership, YESTERDAY, actor=admin, hands_to=heir)
    assert (owner_of(case), owner_of(care), owner_of(closed)) == (heir, heir, leaver)
    row = HandOver.objects.get()
    assert (row.handed_to, row.actor, row.counts) == (heir, admin, {"case": 1, "care": 1})
    assert AuditEntry.objects.filter(action="work.hand_over", actor=admin).count() == 2
    assert orphans() == []


def test_without_a_colleague_it_falls_to_the_queue_with_a_notice(country):
    leaver, manager = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.PROVINCIAL_MANAGER)
    case = own_case(leaver)
    end_membership(membership_of(leaver), YESTERDAY, actor=manager)
    assert owner_of(case) is None
    browser = browser_of(manager)
    page = browser.get("/desk/people/")
    assert [item["row"].membership.user for item in page.context["hand_overs"]] == [leaver]
    browser.post(f"/desk/people/hand-overs/{HandOver.objects.get().pk}/seen/")
    assert browser.get("/desk/people/").context["hand_overs"] == []


def test_what_the_heir_may_not_look_after_falls_to_the_queue(country):
    leaver, expert = person(Role.PROVINCIAL_MANAGER), person(Role.PROVINCIAL_EXPERT)
    case, care = own_case(leaver), care_case(province=TEHRAN)
    CareCase.objects.filter(pk=care.pk).update(owner=leaver)
    end_membership(membership_of(leaver), YESTERDAY, actor=person(Role.ADMINISTRATOR), hands_to=expert)
    assert (owner_of(case), owner_of(care)) == (None, expert)


def test_what_another_membership_covers_stays(country):
    user, admin = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.ADMINISTRATOR)
    office = office_for(Role.PROVINCIAL_ACCOUNTANT, KHUZESTAN)
    add_member(user, office, Role.PROVINCIAL_ACCOUNTANT, tehran_today(), actor=admin)
    here, there = own_case(user), own_case(user, KHUZESTAN, "b")
    membership = Membership.objects.get(user=user, office__province=TEHRAN)
    end_membership(membership, YESTERDAY, actor=admin)
    assert (owner_of(here), owner_of(there)) == (None, user)


def test_memberships_that_end_by_their_date_are_handed_over_by_the_job(country):
    heir = person(Role.PROVINCIAL_ACCOUNTANT)
    gone = person(Role.PROVINCIAL_ACCOUNTANT, ends_on=YESTERDAY)
    stays = person(Role.PROVINCIAL_ACCOUNTANT, ends_on=tehran_today())
    Membership.objects.filter(user=gone).update(hands_to=heir)
    case, other = own_case(gone), own_case(stays, subject="b")
    assert orphans() == [f"case #{case.pk}: person {gone.pk} has no membership there"]
    assert hand_over_ended() == 1
    assert (owner_of(case), owner_of(other)) == (heir, stays)
    assert orphans() == []
    assert hand_over_ended() == 0, "once"


def test_an_heir_works_where_the_work_lies(country):
    leaver, admin = person(Role.PROVINCIAL_MANAGER), person(Role.ADMINISTRATOR)
    for unfit in (leaver, person(Role.PROVINCIAL_MANAGER, KHUZESTAN), person()):
        with pytest.raises(DomainError, match="heir_unfit"):
            end_membership(membership_of(leaver), YESTERDAY, actor=admin, hands_to=unfit)


def test_a_manager_ends_a_membership_at_the_desk_and_hands_on():
    leaver, heir = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.PROVINCIAL_ACCOUNTANT)
    manager = browser_of(person(Role.PROVINCIAL_MANAGER))
    case = own_case(leaver)
    address = f"/desk/people/{membership_of(leaver).pk}/"
    page = manager.get(address)
    assert [(item["count"], item["url"]) for item in page.context["work"]] == [(1, "/desk/cases/")]
    foreign = person(Role.PROVINCIAL_ACCOUNTANT, KHUZESTAN)
    assert manager.post(address, {"ends_on": "۱۴۰۵/۰۸/۳۰", "hands_to": foreign.pk}).status_code == 200
    assert manager.post(address, {"ends_on": "۱۴۰۵/۰۸/۳۰", "hands_to": heir.pk}).status_code == 302
    assert owner_of(case) == heir
    assert manager.get(address).context["end_form"] is None

"""Memberships have a first and a last day, fit the office's level, and are written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry
from provinces.access import access_of
from provinces.enums import Role
from provinces.models import Membership
from provinces.permissions import Permission
from provinces.scoping import Scope, all_provinces, open_scope
from provinces.services.people import (
    add_member,
    confirm_second_factor,
    end_membership,
    start_second_factor,
)
from tests.factories.people import (
    ILAM,
    KHUZESTAN,
    PASSWORD,
    TEHRAN,
    browser_of,
    code_of,
    office_for,
    person,
)

pytestmark = pytest.mark.django_db

TODAY = tehran_today()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_in"),
    [
        (TODAY - 30 * DAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - 30 * DAY, TODAY, True),
        (TODAY - 30 * DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
        (TODAY + DAY, TODAY + 30 * DAY, False),
    ],
)
def test_a_membership_counts_from_its_first_to_its_last_day(starts_on, ends_on, is_in):
    user = person(Role.PROVINCIAL_MANAGER, starts_on=starts_on, ends_on=ends_on)
    assert access_of(user).may(Permission.VIEW_DESK) is is_in
    assert browser_of(user).get("/desk/boxes/").status_code == (200 if is_in else 403)


def test_whoever_is_not_a_member_today_is_told_so_after_a_right_sign_in():
    user = person(Role.PROVINCIAL_MANAGER, ends_on=TODAY - DAY)
    browser = Client()
    answer = browser.post(
        "/login/", {"username": user.username, "password": PASSWORD, "code": code_of(user)}, follow=True
    )
    assert answer.status_code == 403
    assert answer.request["PATH_INFO"] == "/staff/"
    assert "عضویت فعالی" in answer.content.decode()


def test_it_ends_between_two_pages():
    user = person(Role.PROVINCIAL_MANAGER)
    browser = browser_of(user)
    assert browser.get("/desk/boxes/").status_code == 200
    with all_provinces("test"):
        Membership.objects.filter(user=user).update(ends_on=TODAY - DAY)
    assert browser.get("/desk/boxes/").status_code == 403


def test_an_acting_manager_manages_and_is_shown_as_acting():
    user = person(Role.PROVINCIAL_MANAGER, ILAM, is_acting=True)
    assert access_of(user).is_acting
    assert "سرپرست" in browser_of(user).get("/desk/boxes/").content.decode()


def test_two_memberships_add_up():
    user = person(Role.PROVINCIAL_EXPERT, TEHRAN)
    with all_provinces("test"):
        office = office_for(Role.PROVINCIAL_ACCOUNTANT, KHUZESTAN)
        add_member(user, office, Role.PROVINCIAL_ACCOUNTANT, TODAY, actor=person(Role.ADMINISTRATOR))
    access = access_of(user)
    assert access.scope.provinces == {TEHRAN, KHUZESTAN}
    assert access.may(Permission.DECIDE_CASES)
    assert access.may(Permission.MANAGE_PLACEMENTS)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_must_fit_the_offices_level(role, country):
    actor, newcomer = person(Role.ADMINISTRATOR), person()
    for other in (Role.HQ_ANALYST, Role.PROVINCIAL_EXPERT, Role.COUNTY_OFFICER):
        office = office_for(other)
        if office == office_for(role):
            assert add_member(newcomer, office, role, TODAY, actor=actor).role == role
        else:
            with pytest.raises(DomainError, match="role_unfit"):
                add_member(newcomer, office, role, TODAY, actor=actor)
    assert Membership.objects.filter(user=newcomer).count() == 1


def test_what_is_done_to_a_membership_is_written_down(country):
    actor, user = person(Role.ADMINISTRATOR), person()
    office = office_for(Role.PROVINCIAL_MANAGER, ILAM)
    made = add_member(user, office, Role.PROVINCIAL_MANAGER, TODAY, None, True, actor=actor)
    end_membership(made, TODAY + DAY, actor=actor)
    added, ended = AuditEntry.objects.filter(actor=actor).order_by("pk")
    assert (added.action, ended.action) == ("membership.add", "membership.end")
    assert (added.actor, added.province_code, added.data["user"]) == (actor, ILAM, user.pk)
    assert added.data["is_acting"] is True
    assert ended.data["ends_on"] == (TODAY + DAY).isoformat()


def test_the_same_role_twice_at_once_is_refused(country):
    actor, user = person(Role.ADMINISTRATOR), person()
    office = office_for(Role.PROVINCIAL_EXPERT)
    add_member(user, office, Role.PROVINCIAL_EXPERT, TODAY, TODAY + 10 * DAY, actor=actor)
    for starts_on, ends_on in ((TODAY, None), (TODAY + 10 * DAY, None), (TODAY - 5 * DAY, TODAY)):
        with pytest.raises(DomainError, match="membership_overlaps"):
            add_member(user, office, Role.PROVINCIAL_EXPERT, starts_on, ends_on, actor=actor)
    add_member(user, office, Role.PROVINCIAL_EXPERT, TODAY + 11 * DAY, actor=actor)
    add_member(user, office, Role.PROVINCIAL_EXPERT, TODAY - 9 * DAY, TODAY - DAY, actor=actor)


def test_it_does_not_end_before_it_starts(country):
    actor, user = person(Role.ADMINISTRATOR), person()
    office = office_for(Role.PROVINCIAL_EXPERT)
    with pytest.raises(DomainError, match="bad_period"):
        add_member(user, office, Role.PROVINCIAL_EXPERT, TODAY, TODAY - DAY, actor=actor)
    made = add_member(user, office, Role.PROVINCIAL_EXPERT, TODAY, actor=actor)
    with pytest.raises(DomainError, match="bad_period"):
        end_membership(made, TODAY - DAY, actor=actor)
    assert Membership.objects.get(pk=made.pk).ends_on is None


def test_the_last_administrator_stays(country):
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    user = person(Role.ADMINISTRATOR)
    mine = Membership.objects.get(user=user)
    with pytest.raises(DomainError, match="last_administrator"):
        end_membership(mine, TODAY, actor=user)
    person(Role.ADMINISTRATOR, starts_on=TODAY + 10 * DAY)
    with pytest.raises(DomainError, match="last_administrator"):
        end_membership(mine, TODAY, actor=user)
    end_membership(mine, TODAY + 20 * DAY, actor=user)
    person(Role.ADMINISTRATOR)
    assert end_membership(mine, TODAY, actor=user).ends_on == TODAY


def test_nobody_is_put_into_an_office_of_another_province():
    user = person()
    with all_provinces("test"):
        there = Membership.objects.get(user=person(Role.PROVINCIAL_EXPERT, KHUZESTAN))
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        with pytest.raises(DomainError, match="not_found"):
            add_member(user, there.office, Role.PROVINCIAL_EXPERT, TODAY, actor=user)
        with pytest.raises(DomainError, match="not_found"):
            end_membership(there, TODAY, actor=user)


def test_a_new_second_factor_replaces_the_old_one_once_it_is_confirmed():
    user = actor = person(Role.PROVINCIAL_EXPERT)
    old = user.secondfactor_set.get()
    with pytest.raises(DomainError, match="reset_needs_two"):
        start_second_factor(user, actor=person(Role.ADMINISTRATOR))
    new = start_second_factor(user, actor=actor)
    assert not new.confirmed
    assert code_of(user), "the old one still works"
    with pytest.raises(DomainError, match="wrong_code"):
        confirm_second_factor(user, code_of(user), actor=actor)
    user.secondfactor_set.filter(pk=new.pk).update(throttling_failure_timestamp=None, confirmed=True)
    old.confirmed = False
    old.save()
    fresh = code_of(user)
    user.secondfactor_set.filter(pk=new.pk).update(confirmed=False)
    confirm_second_factor(user, fresh, actor=actor)
    assert [d.pk for d in user.secondfactor_set.all()] == [new.pk]
    assert [e.action for e in AuditEntry.objects.filter(actor=actor).order_by("pk")] == [
        "second_factor.start",
        "second_factor.confirm",
    ]
    with pytest.raises(DomainError, match="no_new_device"):
        confirm_second_factor(user, fresh, actor=actor)

"""Asking a colleague in: who may give what, a link that works once, an account with both factors."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.oath import TOTP

from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, OutgoingSms, User
from core.sms import send_due
from provinces.access import access_of
from provinces.enums import Role
from provinces.models import Invitation, Membership, RecoveryCode, SecondFactor
from provinces.permissions import MAY_GIVE
from provinces.scoping import Scope, all_provinces, open_scope
from provinces.services.invitations import Post, accept_as_colleague, invite, may_give, new_factor
from provinces.services.people import add_member
from tests.factories.leaving import an_invitation, with_mobile
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, office_for, person

pytestmark = pytest.mark.django_db
PASSWORD = "چهار واژهٔ دور از هم"


def code_for(invitation: Invitation) -> str:
    device = new_factor(invitation)
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06d}"


def accept(invitation: Invitation, token: str, **typed: str):
    facts = {"username": "new.person", "password": PASSWORD, "again": PASSWORD, "code": code_for(invitation)}
    return Client().post(f"/staff/invitation/{token}/", facts | typed)


@pytest.mark.parametrize("giver", list(Role))
def test_a_role_is_given_below_ones_own_and_inside_ones_own_place(giver):
    user = person(giver, TEHRAN)
    for role in Role:
        for province in (TEHRAN, KHUZESTAN):
            in_reach = giver in {Role.HQ_MANAGER, Role.ADMINISTRATOR} or province == TEHRAN
            expected = in_reach and role in MAY_GIVE.get(giver, set())
            assert may_give(user, office_for(role, province), role) is expected, (role, province)


def test_no_role_but_the_administrators_gives_itself():
    assert [role for role in MAY_GIVE if role in MAY_GIVE[role]] == [Role.ADMINISTRATOR]


def test_a_link_makes_an_account_with_both_factors_once():
    manager = person(Role.PROVINCIAL_MANAGER)
    invitation, token = an_invitation(Role.PROVINCIAL_ACCOUNTANT, actor=manager, is_acting=True)
    page = Client().get(f"/staff/invitation/{token}/")
    assert page.status_code == 200
    assert "no-referrer" in page.headers["Referrer-Policy"]
    answer = accept(invitation, token)
    assert answer.status_code == 200, answer.context["form"].errors
    assert "no-store" in answer.headers["Cache-Control"]
    user = User.objects.get(username="new.person")
    assert user.mobile == invitation.mobile
    with all_provinces("test"):
        assert access_of(user).roles == {Role.PROVINCIAL_ACCOUNTANT}
        assert access_of(user).is_acting
        given = AuditEntry.objects.get(action="membership.add", data__user=user.pk)
    assert given.actor == manager
    assert SecondFactor.objects.get(user=user).confirmed
    codes = answer.context["codes"]
    assert len(codes) == RecoveryCode.objects.filter(user=user).count() == 10
    assert not RecoveryCode.objects.filter(code_hash__in=codes).exists(), "kept as hashes"
    assert accept(invitation, token, username="other").status_code == 404
    assert Client().get(f"/staff/invitation/{token}/").status_code == 404


def test_the_sms_holds_the_link_and_is_emptied_once_sent(settings):
    _, token = an_invitation()
    sms = OutgoingSms.objects.get(purpose="invitation")
    assert re.search(rf"/staff/invitation/{re.escape(token)}/", sms.text)

    settings.DEMO = False
    send_due()
    sms.refresh_from_db()
    assert (sms.state, sms.text) == ("sent", "")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "000000"}, "code"),
        ({"again": "x"}, "again"),
        ({"password": "12345", "again": "12345"}, "password"),
        ({"username": "نام"}, "username"),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(wrong, field):
    invitation, token = an_invitation()
    users = User.objects.count()
    answer = accept(invitation, token, **wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == users
    assert accept(invitation, token).status_code == 200


def test_a_name_that_is_taken_is_refused():
    person_there = person()
    invitation, token = an_invitation()
    answer = accept(invitation, token, username=person_there.username.upper())
    assert list(answer.context["form"].errors) == ["username"]


def test_a_link_ends_with_time_with_a_new_one_and_with_its_giver():
    late, late_token = an_invitation()
    with all_provinces("test"):
        Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/staff/invitation/{late_token}/").status_code == 404

    manager = person(Role.PROVINCIAL_MANAGER)
    invitation, token = an_invitation(actor=manager)
    with all_provinces("test"):
        Membership.objects.filter(user=manager).update(role=Role.PROVINCIAL_EXPERT)
    answer = accept(invitation, token)
    assert answer.status_code == 422
    assert not User.objects.filter(username="new.person").exists()


def test_nobody_gives_themselves_a_role(country):
    admin = with_mobile(person(Role.ADMINISTRATOR))
    office = office_for(Role.HQ_ANALYST)

    with pytest.raises(DomainError, match="own_role"):
        add_member(admin, office, Role.HQ_ANALYST, tehran_today(), actor=admin)

    post = Post(office, Role.HQ_ANALYST, tehran_today())
    with pytest.raises(DomainError, match="own_role"):
        invite(name="من", mobile=admin.mobile, post=post, actor=admin)


def test_a_colleague_takes_a_further_role_with_the_account_they_have():
    colleague = with_mobile(person(Role.PROVINCIAL_EXPERT))

    with all_provinces("test"):
        post = Post(
            office_for(Role.PROVINCIAL_ACCOUNTANT, KHUZESTAN), Role.PROVINCIAL_ACCOUNTANT, tehran_today()
        )
        _, token = invite(name="همکار", mobile=colleague.mobile, post=post, actor=person(Role.ADMINISTRATOR))
    address = f"/staff/invitation/{token}/"
    assert "/login/?next=" in Client().get(address).content.decode()
    assert browser_of(person(Role.PROVINCIAL_EXPERT)).post(address).status_code == 422
    with all_provinces("test"), pytest.raises(DomainError, match="not_your_invitation"):
        accept_as_colleague(token, user=person(Role.PROVINCIAL_EXPERT))
    browser = browser_of(colleague)
    assert browser.post(address).status_code == 302
    assert access_of(colleague).scope.provinces == {TEHRAN, KHUZESTAN}
    assert browser.get("/staff/").headers["Location"].startswith("/login/"), (
        "the session ended with the change"
    )


def test_a_manager_invites_at_the_desk_and_takes_back():
    manager = person(Role.PROVINCIAL_MANAGER)
    browser = browser_of(manager)
    page = browser.get("/desk/people/invite/")
    offices = page.context["form"].fields["office"].queryset
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert {office.province_id for office in offices.all()} == {TEHRAN}
    facts = {
        "name": "همكار تازه", "mobile": "۰۹۱۲۵۵۵۰۰۹۹", "role": Role.PROVINCIAL_EXPERT,
        "office": office_for(Role.PROVINCIAL_EXPERT).pk, "starts_on": "۱۴۰۵/۰۹/۰۱",
    }  # fmt: skip
    assert browser.post("/desk/people/invite/", facts | {"role": Role.PROVINCIAL_MANAGER}).status_code == 200
    other = office_for(Role.PROVINCIAL_EXPERT, KHUZESTAN).pk
    assert browser.post("/desk/people/invite/", facts | {"office": other}).status_code == 200
    assert browser.post("/desk/people/invite/", facts).status_code == 302
    with all_provinces("test"):
        invitation = Invitation.objects.get()
    assert invitation.name == "همکار تازه"
    assert "همکار تازه" in browser.get("/desk/people/").content.decode()
    assert browser.post(f"/desk/people/invitations/{invitation.pk}/withdraw/").status_code == 302
    assert "همکار تازه" not in browser.get("/desk/people/").content.decode()


def test_the_list_asks_as_often_for_many_as_for_one():

    manager = person(Role.PROVINCIAL_MANAGER)
    browser = browser_of(manager)
    an_invitation(actor=manager)
    with CaptureQueriesContext(connection) as few:
        browser.get("/desk/people/")
    for _ in range(30):
        person(Role.PROVINCIAL_EXPERT)
        an_invitation(actor=manager)
    with CaptureQueriesContext(connection) as many:
        assert browser.get("/desk/people/").context["page_obj"].paginator.count == 31
    assert len(few) == len(many)

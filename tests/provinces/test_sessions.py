"""Sessions of staff: written down, ended by time, by hand and by what changes; recovery codes; a lost authenticator."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from provinces.models import FactorReset, RecoveryCode, SecondFactor, StaffSession
from provinces.services import factor_resets, recovery, sessions
from provinces.services.factor_resets import decide_reset, request_reset
from provinces.services.people import add_member, end_membership
from tests.factories.leaving import membership_of, with_mobile
from tests.factories.people import PASSWORD, browser_of, code_of, office_for, person

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def is_in(browser: Client) -> bool:
    return browser.get("/staff/sessions/").status_code == 200


def sign_in(user, browser=None, **typed):
    SecondFactor.objects.filter(user=user).update(last_t=-1, throttling_failure_count=0)
    facts = {"username": user.username, "password": PASSWORD, "code": code_of(user)} | typed
    return (browser or Client()).post("/login/", facts, headers={"user-agent": FIREFOX})


def age(browser: Client, *, began: int = 0, seen: int = 0) -> None:
    """Make the browser's session older, in seconds."""
    session = browser.session
    session[sessions.BEGAN] -= began
    session[sessions.SEEN] -= seen
    session.save()


@pytest.mark.django_db
def test_a_session_is_written_down_with_a_shortened_address():
    user, browser = person(Role.PROVINCIAL_EXPERT), Client(REMOTE_ADDR="192.0.2.77")
    assert sign_in(user, browser).status_code == 302
    row = StaffSession.objects.get(user=user)
    assert (row.device, row.address, row.way) == ("فایرفاکس در ویندوز", "192.0.2.0/24", "code")
    assert "192.0.2.77" not in browser.get("/staff/sessions/").content.decode()
    browser.post("/logout/")
    row.refresh_from_db()
    assert row.ended_how == "signed_out"


@pytest.mark.parametrize(
    ("address", "short"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"), ("", ""), ("nonsense", "")],
)
def test_addresses_are_shortened(address, short):
    assert sessions.short_address(address) == short


@pytest.mark.django_db
def test_idleness_and_age_end_a_session(settings):
    user = person(Role.PROVINCIAL_EXPERT)
    for facts, how in (
        ({"seen": settings.STAFF_IDLE_MINUTES * 60}, "idle"),
        ({"began": settings.STAFF_SESSION_HOURS * 3600}, "lifetime"),
    ):
        browser = browser_of(user)
        age(browser, seen=settings.STAFF_IDLE_MINUTES * 60 - 100)
        assert is_in(browser), "not yet; and being here counts"
        assert browser.session[sessions.SEEN] >= time.time() - 5
        age(browser, **facts)
        assert not is_in(browser)
        assert StaffSession.objects.filter(user=user).first().ended_how == how


@pytest.mark.django_db
def test_one_ends_ones_other_sessions_but_nobody_elses():
    user, other = person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_EXPERT)
    here, there, third, foreign = browser_of(user), browser_of(user), browser_of(user), browser_of(other)
    key = there.session.session_key
    one = StaffSession.objects.get(session_key=key)
    assert foreign.post("/staff/sessions/", {"session": one.pk}).status_code == 404
    assert is_in(there)
    assert here.post("/staff/sessions/", {"session": one.pk}).status_code == 302
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    here.post("/staff/sessions/")
    assert (is_in(here), is_in(third), is_in(foreign)) == (True, False, True)


@pytest.mark.django_db
def test_one_more_than_a_person_may_have_ends_the_oldest(settings):
    settings.STAFF_MOST_SESSIONS = 2
    user, other = person(Role.PROVINCIAL_EXPERT), browser_of(person(Role.PROVINCIAL_EXPERT))
    first, second, third = browser_of(user), browser_of(user), browser_of(user)
    assert [is_in(browser) for browser in (first, second, third, other)] == [False, True, True, True]
    assert "۲ نشست با هم باز می‌ماند" in third.get("/staff/sessions/").content.decode()
    ended = StaffSession.objects.exclude(ended_at=None).get()
    assert (ended.user, ended.ended_how) == (user, "too_many")


@pytest.mark.django_db
def test_a_changed_membership_ends_the_sessions(country):
    admin = person(Role.ADMINISTRATOR)
    user = person(Role.PROVINCIAL_EXPERT)
    browser = browser_of(user)
    office = office_for(Role.PROVINCIAL_ACCOUNTANT)
    made = add_member(user, office, Role.PROVINCIAL_ACCOUNTANT, tehran_today(), actor=admin)
    assert not is_in(browser)
    browser = browser_of(user)
    end_membership(made, tehran_today(), actor=admin)
    assert not is_in(browser)


@pytest.mark.django_db
def test_a_new_password_keeps_this_session_and_ends_the_others():
    user = person(Role.PROVINCIAL_EXPERT)
    here, there = browser_of(user), browser_of(user)
    new = "another long and unusual phrase"
    facts = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/staff/password/", facts).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    row = StaffSession.objects.get(session_key=here.session.session_key)
    assert row.ended_at is None
    assert [item["is_here"] for item in here.get("/staff/sessions/").context["rows"]] == [False, True]


@pytest.mark.django_db
def test_a_new_device_is_told_by_sms_a_known_one_is_not():
    user, browser = with_mobile(person(Role.PROVINCIAL_EXPERT)), Client()
    told = OutgoingSms.objects.filter(purpose="staff_notice")
    sign_in(user, browser)
    assert not told.exists(), "the first is no news"
    sign_in(user, browser)
    assert not told.exists(), "the same browser"
    sign_in(user, Client())
    assert "فایرفاکس" in told.get().text


# --- recovery codes ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_recovery_code_opens_once_and_is_warned_about():
    user = with_mobile(person(Role.PROVINCIAL_EXPERT))
    codes = recovery.make_codes(user, actor=user)
    browser = Client()
    assert 'inputmode="text"' in browser.get("/login/?recovery=1").content.decode()
    shown = f"{codes[0][:4]}-{codes[0][4:8]}-{codes[0][8:]}".lower()
    assert sign_in(user, browser, code=shown).status_code == 302
    assert StaffSession.objects.get(user=user).way == "recovery"
    assert "۹ کد" in browser.get("/desk/").content.decode()
    assert sign_in(user, Client(), code=codes[0]).status_code == 200, "once"
    assert sign_in(user, Client(), code="A7KM29RTX4HC").status_code in (200, 429)
    assert OutgoingSms.objects.filter(purpose="staff_notice").exists()
    new = browser.post("/staff/recovery/").context["codes"]
    assert not set(new) & set(codes)
    assert sign_in(user, Client(), code=codes[1]).status_code == 200, "the old ones are gone"
    page = browser.get("/staff/recovery/")
    assert not any(code in page.content.decode() for code in new), "shown once"


@pytest.mark.django_db
def test_a_recovery_code_is_of_one_person():
    mine, other = person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_EXPERT)
    codes = recovery.make_codes(mine, actor=mine)
    assert not recovery.use_code(other, codes[0])
    assert recovery.use_code(mine, codes[0])


def test_a_recovery_code_used_twice_at_once_lets_one_in(live_db):
    user = person(Role.PROVINCIAL_EXPERT)
    [code, *_] = recovery.make_codes(user, actor=user)
    barrier, answers = Barrier(2), []

    def use() -> None:
        try:
            barrier.wait()
            answers.append(recovery.use_code(user, code))
        finally:
            connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 1


# --- a lost authenticator ------------------------------------------------------------------------------------
def code_for(reset: FactorReset) -> str:
    device = factor_resets.new_factor(reset)
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06d}"


@pytest.mark.django_db
def test_two_people_reset_a_second_factor_and_the_person_makes_it(country):
    manager, admin = with_mobile(person(Role.PROVINCIAL_MANAGER)), person(Role.ADMINISTRATOR)
    user = with_mobile(person(Role.PROVINCIAL_EXPERT))
    old, browser = SecondFactor.objects.get(user=user), browser_of(user)
    reset = request_reset(user, reason="گوشی گم شد", actor=manager)
    with pytest.raises(DomainError, match="reset_waits"):
        request_reset(user, reason="باز", actor=admin)
    with pytest.raises(DomainError, match="not_allowed"):
        decide_reset(reset.pk, approve=True, actor=person(Role.PROVINCIAL_MANAGER))
    reset, token = decide_reset(reset.pk, approve=True, actor=admin)
    assert is_in(browser), "nothing has changed yet"
    address = f"/staff/second-factor/{token}/"
    assert Client().post(address, {"password": "wrong", "code": code_for(reset)}).status_code == 422
    assert Client().post(address, {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert SecondFactor.objects.get(user=user) == old
    answer = Client().post(address, {"password": PASSWORD, "code": code_for(reset)})
    assert len(answer.context["codes"]) == recovery.HOW_MANY
    assert SecondFactor.objects.get(user=user) != old
    assert not is_in(browser)
    assert Client().get(address).status_code == 404, "once"
    actions = list(
        AuditEntry.objects.filter(action__startswith="second_factor.reset")
        .order_by("pk")
        .values_list("action", "actor")
    )
    assert actions == [
        ("second_factor.reset_ask", manager.pk),
        ("second_factor.reset_agree", admin.pk),
        ("second_factor.reset_use", user.pk),
    ]


@pytest.mark.django_db
def test_nobody_resets_alone(country):
    admin, user = with_mobile(person(Role.ADMINISTRATOR)), with_mobile(person(Role.PROVINCIAL_EXPERT))
    with pytest.raises(DomainError, match="own_reset"):
        request_reset(admin, reason="x", actor=admin)
    reset = request_reset(user, reason="x", actor=admin)
    with pytest.raises(DomainError, match="second_person"):
        decide_reset(reset.pk, approve=True, actor=admin)
    mine = request_reset(admin, reason="x", actor=person(Role.HQ_MANAGER))
    with pytest.raises(DomainError, match="own_reset"):
        decide_reset(mine.pk, approve=True, actor=admin)


@pytest.mark.django_db
def test_a_manager_sees_colleagues_last_sign_in_and_asks_for_a_reset():
    manager, colleague = person(Role.PROVINCIAL_MANAGER), with_mobile(person(Role.PROVINCIAL_EXPERT))
    sign_in(colleague)
    browser = browser_of(manager)
    membership = membership_of(colleague)
    page = browser.get(f"/desk/people/{membership.pk}/").content.decode()
    assert "آخرین ورود" in page
    assert "هنوز نیامده" not in page
    answer = browser.post(f"/desk/people/{membership.pk}/", {"act": "reset", "reason": "گوشی گم شد"})
    assert answer.status_code == 302
    admin = browser_of(person(Role.ADMINISTRATOR))
    assert "گوشی گم شد" in admin.get("/hq/people/").content.decode()
    reset = FactorReset.objects.get()
    admin.post(f"/hq/people/resets/{reset.pk}/", {"act": "approve"})
    reset.refresh_from_db()
    assert reset.state == "approved"


@pytest.mark.django_db
def test_old_records_are_dropped_and_silent_ones_marked():
    user = person(Role.PROVINCIAL_EXPERT)
    for days in (2, sessions.KEEP_DAYS + 1):
        StaffSession.objects.create(
            user=user, session_key=f"s{days}", began_at=timezone.now() - timedelta(days=days)
        )
    assert sessions.forget_sessions() == 1
    assert StaffSession.objects.get(user=user).ended_how == "lifetime"

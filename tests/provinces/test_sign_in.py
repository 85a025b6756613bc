"""The door for staff: both factors, one refusal, a lock, a new session, and a trail."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt
from django.test import Client

from core.models import AuditEntry
from provinces.enums import Role
from provinces.models import SecondFactor
from tests.factories.people import PASSWORD, browser_of, code_of, person

pytestmark = pytest.mark.django_db

REFUSAL = "نام کاربری، گذرواژه یا کد درست نیست."


@pytest.fixture
def manager():
    return person(Role.PROVINCIAL_MANAGER)


def is_signed_in(browser: Client) -> bool:
    return browser.get("/staff/").headers.get("Location", "") in {"/desk/", "/hq/", "/admin/"}


def test_the_page_asks_for_all_three_at_once():
    page = Client().get("/login/?next=/desk/cases/")
    assert page.status_code == 200
    text = page.content.decode()
    for name in ("username", "password", "code"):
        assert f'name="{name}"' in text
    assert 'value="/desk/cases/"' in text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (Role.COUNTY_OFFICER, "/desk/"),
        (Role.PROVINCIAL_EXPERT, "/desk/"),
        (Role.PROVINCIAL_MANAGER, "/desk/"),
        (Role.PROVINCIAL_ACCOUNTANT, "/desk/"),
        (Role.HQ_ANALYST, "/hq/"),
        (Role.HQ_MANAGER, "/hq/"),
        (Role.HQ_ACCOUNTANT, "/hq/"),
        (Role.ADMINISTRATOR, "/admin/"),
    ],
)
def test_everyone_comes_to_their_room(role, room, attempt):
    browser = Client()
    answer = attempt(person(role), browser=browser)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/")
    assert browser.get("/staff/").headers["Location"] == room


def test_persian_digits_and_spaces_are_a_code_too(manager, attempt):
    code = code_of(manager)
    typed = f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert attempt(manager, code=typed).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "nobody"},
        {"password": "another"},
        {"code": "000000"},
        {"code": "abcdef"},
        {"code": "12345"},
        {"username": "nobody", "password": "another", "code": "000000"},
    ],
)
def test_whatever_is_wrong_the_refusal_is_the_same(wrong, manager, attempt):
    if wrong.get("code") == code_of(manager):
        wrong = wrong | {"code": "111111"}  # once in a million the wrong code is the right one
    browser = Client()
    answer = attempt(manager, browser=browser, **wrong)
    assert answer.status_code == 200
    assert REFUSAL in answer.content.decode()
    assert not is_signed_in(browser)
    assert AccessAttempt.objects.get().failures_since_start == 1
    assert not AuditEntry.objects.exclude(job="seed_reference").exists()


def test_nothing_secret_is_sent_back_or_kept(manager, attempt, caplog):
    caplog.set_level(logging.DEBUG)
    answer = attempt(manager, password="my other secret", code="123123")
    assert "my other secret" not in answer.content.decode()
    kept = AccessAttempt.objects.get()
    assert "my other secret" not in kept.post_data
    assert "123123" not in kept.post_data
    assert "my other secret" not in caplog.text
    assert "123123" not in caplog.text


def test_a_person_without_a_second_factor_cannot_come_in():
    user = person(Role.PROVINCIAL_MANAGER, second_factor=False)
    browser = Client()
    answer = browser.post("/login/", {"username": user.username, "password": PASSWORD, "code": "123456"})
    assert REFUSAL in answer.content.decode()


def test_a_device_that_was_not_confirmed_does_not_count(manager, attempt):
    code = code_of(manager)
    SecondFactor.objects.update(confirmed=False)
    browser = Client()
    browser.post("/login/", {"username": manager.username, "password": PASSWORD, "code": code})
    assert not is_signed_in(browser)


def test_somebody_who_was_switched_off_cannot_come_in(manager, attempt):
    manager.is_active = False
    manager.save()
    assert REFUSAL in attempt(manager).content.decode()


def test_a_code_is_taken_once(manager, attempt):
    code = code_of(manager)
    assert attempt(manager, code=code).status_code == 302
    again = attempt(manager, code=code)
    assert again.status_code == 200
    assert REFUSAL in again.content.decode()


def test_after_a_wrong_code_even_the_right_one_has_to_wait(manager, attempt):
    """The library's throttle: a growing pause for the device, whatever address the tries come from."""
    attempt(manager, code="000000" if code_of(manager) != "000000" else "111111")
    assert attempt(manager).status_code == 200
    SecondFactor.objects.update(throttling_failure_timestamp=None)
    assert attempt(manager).status_code == 302


def test_five_wrong_passwords_lock_the_name_for_that_address(manager, attempt, settings):
    answers = [attempt(manager, password="wrong") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert [a.status_code for a in answers] == [200] * 4 + [429]
    locked = attempt(manager)
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    text = locked.content.decode()
    assert 'dir="rtl"' in text
    assert "۱۵ دقیقه" in text
    assert not is_signed_in(Client())


def test_wrong_codes_count_like_wrong_passwords(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert attempt(manager, code="12345").status_code == 200
    assert attempt(manager, code="12345").status_code == 429


def test_a_lock_is_for_one_name_and_one_address(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, password="wrong")
    other = person(Role.PROVINCIAL_EXPERT)
    assert attempt(other).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert attempt(manager, browser=elsewhere).status_code == 302


def test_knocking_during_a_lock_does_not_make_it_longer(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, password="wrong")
    since = AccessAttempt.objects.get().attempt_time
    attempt(manager, password="wrong")
    assert AccessAttempt.objects.get().attempt_time == since


def test_a_lock_ends_by_itself(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, password="wrong")
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=16)
    )
    assert attempt(manager).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_the_session_gets_a_new_key_and_the_trail_two_entries(manager, attempt):
    browser = Client()
    browser.get("/login/")
    session = browser.session
    session["before"] = "kept by somebody who planted the cookie"
    session.save()
    browser.cookies["sessionid"] = planted = session.session_key
    attempt(manager, browser=browser)
    assert browser.cookies["sessionid"].value != planted
    answer = browser.post("/logout/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert not is_signed_in(browser)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "subject_id")
    assert list(entries) == [
        ("sign_in", manager.pk, str(manager.pk)),
        ("sign_out", manager.pk, str(manager.pk)),
    ]


def test_signing_out_is_no_link(manager):
    browser = browser_of(manager)
    assert browser.get("/logout/").status_code == 405
    assert is_signed_in(browser)


def test_a_stranger_may_sign_out_without_harm():
    assert Client().post("/logout/").status_code == 302
    assert not AuditEntry.objects.exclude(job="seed_reference").exists()


def test_forms_of_the_door_are_protected_against_other_sites(manager):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/", {"username": manager.username}).status_code == 403
    assert strict.post("/logout/").status_code == 403


@pytest.mark.parametrize("asked", ["/desk/cases/", "/hq/?from=1405-01-01", "/admin/core/user/"])
def test_one_comes_back_to_the_page_one_asked_for(asked, manager, attempt):
    assert attempt(manager, following=asked).headers["Location"] == asked


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        r"\\evil.example",
        "javascript:alert(1)",
        "desk",
        "http:///evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(elsewhere, manager, attempt):
    assert attempt(manager, following=elsewhere).headers["Location"] == "/staff/"


def test_who_is_signed_in_is_sent_on(manager):
    assert browser_of(manager).get("/login/").headers["Location"] == "/staff/"
    assert browser_of(manager).get("/login/?next=/desk/boxes/").headers["Location"] == "/desk/boxes/"


def test_with_the_password_alone_one_is_still_a_stranger(manager):
    browser = browser_of(manager, second_factor=False)
    assert browser.get("/login/").status_code == 200
    for room in ("/staff/", "/desk/", "/hq/", "/admin/", "/desk/boxes/", "/desk/cases/"):
        assert browser.get(room).headers["Location"] == f"/login/?next={room}"


@pytest.mark.parametrize(
    "room", ["/desk/", "/hq/", "/admin/", "/admin/core/user/", "/desk/cases/?state=closed"]
)
def test_strangers_are_sent_to_the_one_door(room):
    answer = Client().get(room)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={quote(room)}")


def test_the_admins_own_door_leads_to_the_one_door():
    assert Client().get("/admin/login/").headers["Location"] == "/login/?next=%2Fadmin%2F"
    following = Client().get("/admin/login/?next=/admin/core/user/").headers["Location"]
    assert following == "/login/?next=%2Fadmin%2Fcore%2Fuser%2F"
    assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


def test_ones_own_password_is_changed_with_the_old_one(manager):
    browser, other = browser_of(manager), browser_of(manager)
    wrong = {
        "old_password": "no",
        "new_password1": "brand new words 1405",
        "new_password2": "brand new words 1405",
    }
    assert browser.post("/staff/password/", wrong).status_code == 200
    right = wrong | {"old_password": PASSWORD}
    assert browser.post("/staff/password/", right).status_code == 302
    manager.refresh_from_db()
    assert manager.check_password("brand new words 1405")
    assert is_signed_in(browser)
    assert not is_signed_in(other), "sessions elsewhere end"
    assert AuditEntry.objects.exclude(job="seed_reference").get().action == "password.change"


# --- lock-outs -------------------------------------------------------------------------------------------
def test_a_lock_out_is_written_down_once_with_the_person_and_the_address(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        attempt(manager, password="wrong")
    assert not AuditEntry.objects.exclude(job="seed_reference").exists()
    for _ in range(3):
        assert attempt(manager, password="wrong").status_code == 429
    entry = AuditEntry.objects.exclude(job="seed_reference").get()
    assert (entry.action, entry.subject_type, entry.subject_id, entry.job) == (
        "sign_in.lock", "core.user", str(manager.pk), "axes",
    )  # fmt: skip
    assert entry.data == {"address": "127.0.0.1"}


def test_the_next_lock_out_is_written_down_again(manager, attempt, settings, monkeypatch):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, password="wrong")
    AccessAttempt.objects.all().delete()
    monkeypatch.setattr(
        "provinces.services.lock_outs.get_cool_off", lambda request: timedelta(0)
    )  # it is over
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, password="wrong")
    assert AuditEntry.objects.filter(action="sign_in.lock").count() == 2


def test_of_a_name_nobody_has_only_the_address_is_kept(manager, attempt, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(manager, username="0499370899", password="wrong")
    entry = AuditEntry.objects.exclude(job="seed_reference").get()
    assert entry.subject_type == "axes.accessattempt"
    assert "0499370899" not in f"{entry.subject_id} {entry.data}"

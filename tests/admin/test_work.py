"""What administrators do: people and their second factors, terminals, codes, and who gets in at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from campaigns.models import Box, Placement, StickerJob
from core.jalali import tehran_today
from core.models import OutboxMessage, User
from provinces.enums import Role
from provinces.models import Membership, SecondFactor
from provinces.scoping import all_provinces
from tests.admin.reading import entries, page
from tests.factories.people import ILAM, browser_of, office_for, person

pytestmark = pytest.mark.django_db


# --- people ----------------------------------------------------------------------------------------------
def test_a_person_is_made_and_given_a_membership(browser, send, administrator, country):
    new = {"username": "new.person", "display_name": "همکار تازه", "password1": "words of 1405 here"}
    assert browser.post("/admin/core/user/add/", new | {"password2": new["password1"]}).status_code == 302
    user = User.objects.get(username="new.person")
    assert not user.is_staff
    assert not user.is_superuser
    office = office_for(Role.PROVINCIAL_MANAGER, ILAM)
    row = {
        "memberships-TOTAL_FORMS": "1", "memberships-0-office": str(office.pk),
        "memberships-0-role": Role.PROVINCIAL_MANAGER, "memberships-0-starts_on": "۱۴۰۵/۰۱/۰۱",
        "memberships-0-is_acting": "on",
    }  # fmt: skip
    assert send(f"/admin/core/user/{user.pk}/change/", **row).status_code == 302
    membership = Membership.objects.get(user=user)
    assert (membership.office, membership.is_acting) == (office, True)
    assert membership.starts_on.isoformat() == "2026-03-21"
    assert [e.action for e in entries()] == ["admin.add", "membership.add"]
    assert entries("membership.add")[0].province_code == ILAM


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": Role.HQ_MANAGER}, "به این سطح از اداره نمی‌خورد"),
        ({"ends_on": "۱۴۰۰/۰۱/۰۱"}, "پایان بازه نباید"),
        ({"starts_on": "۱۴۰۵/۱۳/۰۱"}, "تاریخ درست نیست"),
    ],
)
def test_a_membership_that_does_not_fit_is_explained(changes, words, send, country):
    user = person()
    row = {
        "office": str(office_for(Role.PROVINCIAL_MANAGER).pk), "role": Role.PROVINCIAL_MANAGER,
        "starts_on": "۱۴۰۵/۰۱/۰۱",
    } | changes  # fmt: skip
    fields = {f"memberships-0-{name}": value for name, value in row.items()}
    answer = send(f"/admin/core/user/{user.pk}/change/", **{"memberships-TOTAL_FORMS": "1", **fields})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Membership.objects.filter(user=user).exists()


def test_of_a_membership_that_is_there_only_the_end_is_set(send, country):
    user = person(Role.PROVINCIAL_MANAGER)
    until = tehran_today() + timedelta(days=3)
    from core.jalali import format_short

    changes = {"ends_on": format_short(until), "role": Role.PROVINCIAL_EXPERT, "is_acting": "on"}
    fields = {f"memberships-0-{name}": value for name, value in changes.items()}
    assert send(f"/admin/core/user/{user.pk}/change/", **fields).status_code == 302
    membership = Membership.objects.get(user=user)
    assert (membership.ends_on, membership.role, membership.is_acting) == (
        until,
        Role.PROVINCIAL_MANAGER,
        False,
    )
    assert [e.action for e in entries()] == ["membership.end"]


def test_the_last_administrator_cannot_end_themselves(send, administrator, country):
    Membership.objects.filter(role=Role.ADMINISTRATOR).exclude(user=administrator).delete()
    answer = send(f"/admin/core/user/{administrator.pk}/change/", **{"memberships-0-ends_on": "۱۴۰۵/۱۲/۲۹"})
    assert answer.status_code == 200
    assert "هیچ مدیر سامانه‌ای نمی‌ماند" in answer.content.decode()


def test_a_second_factor_is_enrolled_by_picture_and_code(browser, administrator):
    from django_otp.oath import TOTP

    user = person(Role.PROVINCIAL_MANAGER, second_factor=False)
    address = f"/admin/core/user/{user.pk}/second-factor/"
    assert "<svg" not in page(browser, address).partition('class="portal-panel"')[2]
    browser.post(address, {"start": "1"})
    shown = page(browser, address).partition('class="portal-panel"')[2]
    assert "<svg" in shown, "drawn in the page: no picture from elsewhere, nothing to allow in the policy"
    device = user.secondfactor_set.get()
    assert "داشت" not in shown
    wrong = browser.post(address, {"confirm": "1", "code": "12"})
    assert "کد درست نیست" in wrong.content.decode()
    user.secondfactor_set.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    code = f"{TOTP(device.bin_key).token():06d}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert browser.post(address, {"confirm": "1", "code": code}).status_code == 302
    assert user.secondfactor_set.get().confirmed
    assert "<svg" not in page(browser, address).partition('class="portal-panel"')[2], "never shown again"
    assert [e.action for e in entries()] == ["second_factor.start", "second_factor.confirm"]


def test_a_new_password_is_set_by_the_administrator_and_written_down(browser):
    user = person(Role.PROVINCIAL_MANAGER)
    new = {"password1": "other words of 1405", "password2": "other words of 1405", "usable_password": "true"}
    assert browser.post(f"/admin/core/user/{user.pk}/password/", new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("other words of 1405")
    assert entries()[0].subject_id == str(user.pk)
    assert "other words" not in json.dumps(entries()[0].data)


# --- codes and stickers ----------------------------------------------------------------------------------
@pytest.mark.parametrize("model", ["box", "placement"])
def test_stickers_are_asked_for_from_the_list(model, browser, make_box, administrator):
    box = make_box()
    pk = box.pk if model == "box" else box.placement_id
    answer = browser.post(f"/admin/campaigns/{model}/", {"action": "make_stickers", "_selected_action": [pk]})
    sheet = StickerJob.objects.get()
    assert answer.headers["Location"] == f"/admin/campaigns/stickerjob/{sheet.pk}/change/"
    assert list(sheet.placements.all()) == [box.placement]
    assert OutboxMessage.objects.get().queue == "long"
    assert entries("stickers.request")[0].actor == administrator


def test_a_finished_sheet_is_fetched_from_the_admin(browser, make_box):
    from campaigns.services.stickers import make_sheet, request_stickers

    sheet = request_stickers([make_box().placement], User.objects.first())
    address = f"/admin/campaigns/stickerjob/{sheet.pk}/"
    assert browser.get(f"{address}file/").status_code == 404
    make_sheet(sheet.pk)
    assert f"{address}file/" in page(browser, f"{address}change/")
    answer = browser.get(f"{address}file/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_failed_sheet_is_tried_again_from_the_list(browser, make_box):
    from campaigns.services.stickers import request_stickers

    sheet = request_stickers([make_box().placement], User.objects.first())
    StickerJob.objects.update(state="failed", error="disk_full")
    OutboxMessage.objects.all().delete()
    assert "جای ذخیره‌سازی" in page(browser, f"/admin/campaigns/stickerjob/{sheet.pk}/change/")
    browser.post("/admin/campaigns/stickerjob/", {"action": "retry", "_selected_action": [sheet.pk]})
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("what", ["revoke", "replace"])
def test_a_code_is_revoked_or_replaced_with_a_reason(what, browser, make_box):
    placement = make_box().placement
    address = f"/admin/campaigns/placement/{placement.pk}/{what}/"
    assert 'name="reason"' in page(browser, address)
    assert browser.post(address, {"reason": ""}).status_code == 200
    assert browser.post(address, {"reason": "گم شد"}).status_code == 302
    row = Placement.objects.get(pk=placement.pk)
    assert (row.is_active, bool(row.replaced_by_id)) == ((False, False) if what == "revoke" else (True, True))
    assert entries(f"placement.{what}")[0].reason == "گم شد"
    if what == "revoke":
        return
    assert "جایگزین شده است" in browser.post(address, {"reason": "باز"}).content.decode()


def test_a_box_keeps_its_permit_while_it_stands(send, make_box):
    """The database would refuse; the page says so."""
    from campaigns.services.box_life import place_boxes

    box = make_box()
    Box.objects.filter(pk=box.pk).update(permit_no="۱", permit_valid_until=tehran_today())
    place_boxes([box], actor=User.objects.first())
    answer = send(f"/admin/campaigns/box/{box.pk}/change/", permit_no="", permit_valid_until="")
    assert answer.status_code == 200
    assert Box.objects.get(pk=box.pk).permit_no == "۱"


# --- who gets in -----------------------------------------------------------------------------------------
def test_djangos_own_flags_open_nothing(db):
    user = User.objects.create_superuser("root", password="x")
    SecondFactor.objects.create(user=user, name="x", confirmed=True)
    assert browser_of(user).get("/admin/").status_code == 403


def test_failed_sign_ins_are_shown_without_what_was_typed(browser):
    from axes.models import AccessAttempt

    attempt = AccessAttempt.objects.create(
        username="someone",
        ip_address="192.0.2.1",
        failures_since_start=3,
        post_data="password=oops",
        get_data="x",
    )
    with all_provinces("test"):
        text = page(browser, f"/admin/axes/accessattempt/{attempt.pk}/change/")
    assert "someone" in text
    assert "oops" not in text

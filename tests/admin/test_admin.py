"""What administrators see and change: masked numbers, money for looking, a trail of every change."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, label_for_field

from campaigns.models import Box, Channel, Fund, Placement, StickerJob
from campaigns.services.placements import create_boxes
from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage, User
from core.sms import queue
from donations.models import Donation
from ledger.accounts import clearing_code
from payments.models import Attempt, GatewaySetting, Terminal
from provinces.access import access_of
from provinces.enums import Role
from provinces.models import Membership, Office, Province
from provinces.scoping import all_provinces
from tests.factories.gifts import receive
from tests.factories.people import ILAM, TEHRAN, browser_of, office_for, person

pytestmark = pytest.mark.django_db

MOBILE, MASKED = "+989121234567", "0912***4567"


@pytest.fixture
def gift(country) -> Donation:
    return receive(amount_rial=1_250_000, province=TEHRAN, name="نیکوکار", mobile=MOBILE)


def page(browser, address: str, **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def entries(action: str = "") -> list[AuditEntry]:
    found = AuditEntry.objects.order_by("pk")
    return list(found.filter(action=action) if action else found)


# --- seeing ----------------------------------------------------------------------------------------------
def test_the_site_is_persian_from_right_to_left_and_has_every_room(browser):
    text = page(browser, "/admin/")
    assert '<html lang="fa" dir="rtl"' in text
    for model in admin.site._registry:
        if model._meta.app_label != "auth":
            assert str(model._meta.verbose_name_plural) in text


def test_every_column_and_field_has_a_persian_name(browser, administrator, rf, country):
    request = rf.get("/admin/")
    request.user = administrator
    request.user.is_verified, request.access = (lambda: True), access_of(administrator)
    wrong = []
    for model, model_admin in admin.site._registry.items():
        row = model._base_manager.first()
        names = {
            *model_admin.get_list_display(request),
            *flatten_fieldsets(model_admin.get_fieldsets(request, row)),
        }
        for name in names - {"action_checkbox", "new_credentials", "RRN"}:
            label = str(label_for_field(name, model, model_admin))
            if not re.search("[آ-ی]", label) and label != "RRN":
                wrong.append((model._meta.label, name, label))
    assert wrong == []


def test_pages_carry_the_admins_own_content_policy(browser):
    policy = browser.get("/admin/").headers["Content-Security-Policy"]
    assert "unsafe-eval" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "address", ["/admin/donations/donor/", "/admin/donations/donation/", "/admin/core/outgoingsms/"]
)
def test_mobile_numbers_are_masked_everywhere(address, gift, browser, settings):
    settings.DEMO = False
    queue(MOBILE, "متن پیام با پیوند رسید", purpose="receipt")
    text = page(browser, address)
    for model in (
        m for m in admin.site._registry if address == f"/admin/{m._meta.app_label}/{m._meta.model_name}/"
    ):
        for pk in model._base_manager.values_list("pk", flat=True):
            text += page(browser, f"{address}{pk}/change/")
    assert "9121234567" not in text
    assert "متن پیام" not in text, "the text leads to a receipt"
    if "donation/" not in address:
        assert MASKED in text


def test_the_demo_shows_what_was_sent(browser, settings):
    settings.DEMO = True
    sms = queue(MOBILE, "متن پیام", purpose="receipt")
    assert "متن پیام" in page(browser, f"/admin/core/outgoingsms/{sms.pk}/change/")


def test_amounts_are_grouped_in_persian_digits(gift, browser):
    assert "۱٬۲۵۰٬۰۰۰ ریال" in page(browser, "/admin/donations/donation/")
    assert "۱٬۲۵۰٬۰۰۰ ریال" in page(browser, f"/admin/donations/donation/{gift.pk}/change/")


def test_the_token_that_opens_a_receipt_is_not_shown(gift, browser):
    text = page(browser, f"/admin/donations/receipt/{gift.receipt.pk}/change/")
    assert gift.receipt.token not in text
    assert gift.receipt.code not in text


def test_an_attempt_shows_its_moves(gift, browser):
    attempt = Attempt.objects.get(donation=gift)
    text = page(browser, f"/admin/payments/attempt/{attempt.pk}/change/")
    assert "به بانک رفت" in text
    assert "پرداخت شد" in text


def test_an_entry_shows_its_legs_and_they_sum_to_zero(gift, browser):
    from ledger.models import Entry

    entry = Entry.objects.order_by("-pk").first()
    text = page(browser, f"/admin/ledger/entry/{entry.pk}/change/")
    assert "۱٬۲۵۰٬۰۰۰ ریال" in text
    assert "-۱٬۲۵۰٬۰۰۰" in text or "−۱٬۲۵۰٬۰۰۰" in text or "۱٬۲۵۰٬۰۰۰-" in text


@pytest.mark.parametrize("rows", [1, 8])
@pytest.mark.parametrize(
    "address",
    [
        "/admin/donations/donation/", "/admin/payments/attempt/", "/admin/ledger/posting/",
        "/admin/donations/receipt/", "/admin/core/user/", "/admin/campaigns/box/",
    ],
)  # fmt: skip
def test_lists_cost_the_same_however_long_they_are(
    address, rows, browser, country, django_assert_max_num_queries
):
    for number in range(rows):
        receive(province=TEHRAN, mobile=f"+98912000000{number}")
        person(Role.PROVINCIAL_EXPERT)
    create_boxes(rows, province=Province.objects.get(code=TEHRAN), actor=User.objects.first())
    page(browser, address)
    with django_assert_max_num_queries(14):
        page(browser, address)


# --- finding ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["تهران", "تهرا", "23"])
def test_provinces_are_found_by_folded_names(typed, browser):
    assert "/admin/provinces/province/23/" in page(browser, "/admin/provinces/province/", q=typed)


@pytest.mark.parametrize("typed", ["آذربايجان شرقي", "اذربایجان‌شرقی", "آذربایجانشرقی"])
def test_arabic_letters_and_missing_half_spaces_do_not_matter(typed, browser):
    text = page(browser, "/admin/provinces/province/", q=typed)
    assert "/admin/provinces/province/03/" in text
    assert "/admin/provinces/province/23/" not in text


def test_people_are_found_by_folded_names(browser):
    User.objects.create_user("a.rezaei", display_name="علی‌رضا رضایی")
    assert "a.rezaei" in page(browser, "/admin/core/user/", q="عليرضا رضايي")
    assert "a.rezaei" not in page(browser, "/admin/core/user/", q="محمد")


@pytest.mark.parametrize("written", ["{code}", "{shown}", "{lower}"])
def test_gifts_are_found_by_tracking_code_however_it_is_typed(written, gift, browser, country):
    from core.codes import show_code

    other = receive()
    code = gift.tracking_code
    typed = written.format(code=code, shown=show_code(code), lower=code.lower())
    text = page(browser, "/admin/donations/donation/", q=typed)
    assert show_code(code) in text
    assert show_code(other.tracking_code) not in text


@pytest.mark.parametrize("typed", ["09121234567", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 912 123 4567"])
def test_donors_and_gifts_are_found_by_the_whole_number_only(typed, gift, browser):
    from core.codes import show_code

    assert MASKED in page(browser, "/admin/donations/donor/", q=typed)
    assert show_code(gift.tracking_code) in page(browser, "/admin/donations/donation/", q=typed)
    assert MASKED not in page(browser, "/admin/donations/donor/", q="0912")


def test_large_tables_are_not_counted(gift, browser, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        page(browser, "/admin/donations/donation/")
    assert not [q for q in queries if "COUNT(" in q["sql"]]


# --- changing --------------------------------------------------------------------------------------------
def test_a_change_leaves_an_entry_that_names_the_fields_and_no_values(browser, send, administrator):
    assert send("/admin/campaigns/fund/general/change/", help_text="توضیح تازه و محرمانه").status_code == 302
    assert Fund.objects.get(code="general").help_text == "توضیح تازه و محرمانه"
    [entry] = entries()
    assert (entry.action, entry.actor, entry.subject_type, entry.subject_id) == (
        "admin.change", administrator, "campaigns.fund", "general",
    )  # fmt: skip
    assert "توضیح برای نیکوکار" in json.dumps(entry.data, ensure_ascii=False)
    assert "محرمانه" not in json.dumps(entry.data, ensure_ascii=False)
    assert not LogEntry.objects.exists(), "there is one trail, and it cannot be edited"
    assert "admin.change" in page(browser, "/admin/campaigns/fund/general/history/")


def test_the_trail_knows_the_province(send, make_box):
    box = make_box(ILAM)
    send(f"/admin/campaigns/box/{box.pk}/change/", address="میدان")
    assert entries("admin.change")[0].province_code == ILAM


@pytest.fixture
def make_box(country, administrator):
    def make(province=TEHRAN):
        return create_boxes(1, province=Province.objects.get(code=province), actor=administrator)[0]

    return make


def test_codes_of_the_books_never_change(send):
    send("/admin/campaigns/fund/general/change/", code="other", name="نام تازه")
    assert Fund.objects.get(code="general").name == "نام تازه"
    assert not Fund.objects.filter(code="other").exists()


def test_nothing_can_be_deleted(browser, make_box):
    box = make_box()
    assert browser.post(f"/admin/campaigns/box/{box.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [box.pk], "post": "yes"}
    browser.post("/admin/campaigns/box/", chosen)
    assert Box.objects.filter(pk=box.pk).exists()


def test_a_gateway_is_switched_off(send):
    assert send("/admin/payments/gatewaysetting/sep/change/", is_enabled=None).status_code == 302
    assert not GatewaySetting.objects.get(name="sep").is_enabled
    assert entries("admin.change")[0].subject_id == "sep"


def test_a_channel_that_is_vouched_for_was_checked_today_by_that_person(send, administrator, country):
    channel = Channel.objects.filter(is_verified=False).first()
    assert send(f"/admin/campaigns/channel/{channel.pk}/change/", is_verified="on").status_code == 302
    channel.refresh_from_db()
    assert (channel.last_checked_on, channel.checked_by) == (tehran_today(), administrator)


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
    device = user.totpdevice_set.get()
    assert "داشت" not in shown
    wrong = browser.post(address, {"confirm": "1", "code": "12"})
    assert "کد درست نیست" in wrong.content.decode()
    user.totpdevice_set.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    code = f"{TOTP(device.bin_key).token():06d}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert browser.post(address, {"confirm": "1", "code": code}).status_code == 302
    assert user.totpdevice_set.get().confirmed
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


# --- terminals -------------------------------------------------------------------------------------------
def test_a_terminal_is_added_with_its_clearing_account_and_credentials_are_never_shown(browser, country):
    from ledger.models import Account

    office = Office.objects.get(province=ILAM, level="province")
    form = {
        "office": office.pk, "gateway": "sep", "label": "پایانهٔ ایلام", "valid_from": "۱۴۰۵/۰۱/۰۱",
        "new_credentials": '{"terminal_id": "SECRET-99"}',
    }  # fmt: skip
    assert browser.post("/admin/payments/terminal/add/", form).status_code == 302
    terminal = Terminal.objects.get(office=office)
    assert json.loads(terminal.credentials) == {"terminal_id": "SECRET-99"}
    assert Account.objects.filter(code=clearing_code("sep", terminal.pk)).exists()
    text = page(browser, f"/admin/payments/terminal/{terminal.pk}/change/") + page(
        browser, "/admin/payments/terminal/"
    )
    assert "SECRET-99" not in text
    [entry] = entries()
    assert (entry.action, entry.province_code, entry.data["has_credentials"]) == ("terminal.add", ILAM, True)
    assert "SECRET-99" not in json.dumps(entry.data)
    again = browser.post("/admin/payments/terminal/add/", form)
    assert "پایانهٔ فعال دیگری" in again.content.decode()


def test_credentials_stay_unless_new_ones_are_written(send, country):
    terminal = Terminal.objects.get(gateway="sep", office__level="hq")
    Terminal.objects.filter(pk=terminal.pk).update(credentials='{"terminal_id": "OLD-1"}')
    address = f"/admin/payments/terminal/{terminal.pk}/change/"
    assert send(address, label="نام تازه").status_code == 302
    terminal.refresh_from_db()
    assert (terminal.label, json.loads(terminal.credentials)) == ("نام تازه", {"terminal_id": "OLD-1"})
    assert entries()[-1].data["changed"] == ["label"]
    send(address, new_credentials='{"terminal_id": "NEW-2"}')
    terminal.refresh_from_db()
    assert json.loads(terminal.credentials) == {"terminal_id": "NEW-2"}
    assert entries()[-1].data["changed"] == ["credentials"]
    assert "NEW-2" not in json.dumps([e.data for e in entries()])


@pytest.mark.parametrize("typed", ["not json SECRET-7", '["SECRET-7"]', '{"key": ""}', '{"key": 5}', "{}"])
def test_bad_credentials_are_refused_and_not_sent_back(typed, send, country, caplog):
    terminal = Terminal.objects.get(gateway="sep", office__level="hq")
    answer = send(f"/admin/payments/terminal/{terminal.pk}/change/", new_credentials=typed)
    assert answer.status_code == 200
    assert "یک شیء JSON" in answer.content.decode()
    assert "SECRET-7" not in answer.content.decode()
    assert "SECRET-7" not in caplog.text
    assert not entries()


def test_office_and_gateway_of_a_terminal_never_change(send, country):
    terminal = Terminal.objects.get(gateway="sep", office__level="hq")
    send(f"/admin/payments/terminal/{terminal.pk}/change/", gateway="zibal", label="x")
    terminal.refresh_from_db()
    assert (terminal.gateway, terminal.label) == ("sep", "x")


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
    from campaigns.services.placements import place_boxes

    box = make_box()
    Box.objects.filter(pk=box.pk).update(permit_no="۱", permit_valid_until=tehran_today())
    place_boxes([box], actor=User.objects.first())
    answer = send(f"/admin/campaigns/box/{box.pk}/change/", permit_no="", permit_valid_until="")
    assert answer.status_code == 200
    assert Box.objects.get(pk=box.pk).permit_no == "۱"


# --- who gets in -----------------------------------------------------------------------------------------
def test_djangos_own_flags_open_nothing(db):
    user = User.objects.create_superuser("root", password="x")
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=user, name="x", confirmed=True)
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

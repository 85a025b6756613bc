"""What administrators see and change: masked numbers, money for looking, a trail of every change."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, label_for_field

from campaigns.models import Box, Channel, Fund
from campaigns.services.placements import create_boxes
from core.models import User
from core.sms import queue
from donations.models import Donation
from payments.models import Attempt, GatewaySetting
from provinces.access import access_of
from provinces.enums import Role
from provinces.models import Province
from tests.admin.reading import entries, page
from tests.factories.gifts import receive
from tests.factories.people import ILAM, TEHRAN, person

pytestmark = pytest.mark.django_db

MOBILE, MASKED = "+989121234567", "0912***4567"


@pytest.fixture
def gift(country) -> Donation:
    return receive(amount_rial=1_250_000, province=TEHRAN, name="نیکوکار", mobile=MOBILE)


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
        has_form = (
            model_admin.has_change_permission(request, row)
            if row
            else model_admin.has_add_permission(request)
        )
        asked_for = model_admin.get_form(request, row, change=bool(row)).base_fields if has_form else {}
        for name in names - {"action_checkbox", "RRN"}:
            own = name in asked_for and asked_for[name].label
            label = str(own or label_for_field(name, model, model_admin))
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


def test_limits_of_a_channel_are_set_here_and_its_number_is_not(send, browser, country):
    channel = Channel.objects.get(code="card_hq")
    address = f"/admin/campaigns/channel/{channel.pk}/change/"
    sent = {
        "name": "کارت ستاد",
        "is_verified": "on",
        "value": "9999990000000014",
        "last_checked_on": "۱۴۰۵/۰۱/۰۱",
    }
    assert send(address, **sent).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.is_verified, channel.value) == ("کارت ستاد", False, "6367957070707075")
    assert channel.last_checked_on is None
    assert browser.get("/admin/campaigns/channel/add/").status_code == 403

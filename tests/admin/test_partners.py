"""Partners and their keys in the administrator's hands: a secret is seen once, a death has a reason."""

from __future__ import annotations

import re

import pytest

from campaigns.models import Channel
from core.jalali import format_short, tehran_today
from ledger.accounts import account_id
from payments.enums import KeyMode
from payments.models import Partner, PartnerKey
from tests.admin.reading import entries, page
from tests.factories.partners import a_key, a_line, a_partner, report, verdicts
from tests.factories.partners import send as report_raw

pytestmark = pytest.mark.django_db


def new_partner() -> dict[str, str]:
    channel = Channel.objects.get(code="app_ap")
    return {
        "key": "app9",
        "source_key": "app9_daily",
        "name": "برنامهٔ نهم",
        "channel": str(channel.pk),
        "fund": "",
    }


def test_a_partner_is_made_with_its_account(browser, country):
    assert browser.post("/admin/payments/partner/add/", new_partner()).status_code == 302
    partner = Partner.objects.get(key="app9")
    assert account_id("receivable:app9_daily")
    assert [e.action for e in entries()] == ["partner.add"]
    answer = browser.post("/admin/payments/partner/add/", new_partner())
    assert answer.status_code == 200
    assert Partner.objects.get() == partner


def test_its_name_may_change_and_its_code_may_not(send, country):
    partner = a_partner()
    address = f"/admin/payments/partner/{partner.pk}/change/"
    changed = {"key": "other", "source_key": "other", "name": "نام تازه", "is_active": None}
    assert send(address, **changed).status_code == 302
    partner.refresh_from_db()
    assert (partner.key, partner.source_key, partner.name, partner.is_active) == (
        "app1", "app1_daily", "نام تازه", False,
    )  # fmt: skip
    assert entries("partner.change")[0].data["changed"] == ["name", "is_active"]


def test_a_new_keys_secret_is_shown_once(browser, country):
    partner = a_partner()
    address = f"/admin/payments/partner/{partner.pk}/new-key/"
    assert "از روز" in page(browser, address)
    said = {"mode": "live", "valid_from": format_short(tehran_today()), "valid_until": ""}
    answer = browser.post(address, said)
    key = PartnerKey.objects.get()
    assert key.secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    for shown in (
        f"/admin/payments/partnerkey/{key.pk}/change/",
        f"/admin/payments/partner/{partner.pk}/change/",
    ):
        text = page(browser, shown)
        assert key.key_id in text
        assert key.secret not in text
    assert entries("partner_key.make")[0].data == {"key_id": key.key_id, "mode": "live"}


def test_a_third_key_is_refused_in_words(browser, country):
    partner = a_partner()
    for _ in range(2):
        a_key(partner)
    said = {"mode": "live", "valid_from": format_short(tehran_today())}
    answer = browser.post(f"/admin/payments/partner/{partner.pk}/new-key/", said)
    assert "دو کلید زنده" in answer.content.decode()
    assert PartnerKey.objects.count() == 2
    sandbox = browser.post(f"/admin/payments/partner/{partner.pk}/new-key/", said | {"mode": "sandbox"})
    assert "راز" in sandbox.content.decode()


def test_a_key_is_rotated_by_a_button_and_not_by_looking(browser, country):
    old = a_key(a_partner())
    address = f"/admin/payments/partnerkey/{old.key.pk}/rotate/"
    page(browser, address)
    assert PartnerKey.objects.count() == 1
    text = browser.post(address).content.decode()
    new = PartnerKey.objects.exclude(pk=old.key.pk).get()
    assert new.secret in text
    assert verdicts(old, a_line("A")) == verdicts(type(old)(new, new.secret), a_line("B")) == ["accepted"]
    assert [e.action for e in entries()] == [
        "partner.add",
        "partner_key.make",
        "partner_key.make",
        "partner_key.rotate",
    ]


def test_a_key_is_revoked_with_a_reason(browser, administrator, country):
    key = a_key(a_partner())
    address = f"/admin/payments/partnerkey/{key.key.pk}/revoke/"
    assert browser.post(address, {"reason": " "}).status_code == 200
    assert report_raw(key, a_line()).status_code == 200
    assert browser.post(address, {"reason": "کارمند همکار رفت"}).status_code == 302
    assert report_raw(key, a_line()).status_code == 403
    entry = entries("partner_key.revoke")[0]
    assert (entry.actor, entry.reason) == (administrator, "کارمند همکار رفت")
    assert "باطل‌شده" in page(browser, "/admin/payments/partnerkey/")
    assert "مهلت" not in browser.post(f"/admin/payments/partnerkey/{key.key.pk}/rotate/").content.decode()
    assert PartnerKey.objects.count() == 1


def test_reports_and_transactions_are_there_to_look_at(browser, country):
    key = a_key(a_partner())
    a_key(key.key.partner, KeyMode.SANDBOX)
    (result, _) = report(key, [a_line("TX-77"), 7])
    assert "TX-77" in page(browser, "/admin/payments/partnertransaction/")
    assert "TX-77" in page(browser, "/admin/payments/partnertransaction/", q=result["tracking_code"])
    assert (
        "TX-77" not in page(browser, "/admin/payments/partnertransaction/", q="TX-78").partition("<tbody")[2]
    )
    assert re.search("پذیرفته شد: ۱، پذیرفته نشد: ۱", page(browser, "/admin/payments/partnercall/"))

"""The clerk's pages: a form that is one gift however often it is sent, its receipt, the day's cash, other offices."""

import io
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from core.jalali import format_short, iso_jalali, tehran_today
from core.text import persian_digits
from donations.models import Donation, Receipt
from payments.models import CashCount, CashDeposit, CounterGift
from payments.services.cash_days import count_cash, decide_count
from payments.services.posting_lines import ensure_accounts
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories import lines as st
from tests.factories.counter import notes_for, office, slip_facts, take
from tests.factories.people import ILAM, TEHRAN, TEHRAN_COUNTY, browser_of, office_for, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(country):
    return browser_of(person(Role.PROVINCIAL_ACCOUNTANT))


@pytest.fixture
def second(country):
    return browser_of(person(Role.PROVINCIAL_MANAGER))


def sheet(**typed) -> dict[str, str]:
    return {
        "way": "cash",
        "amount": "۵۰٬۰۰۰",
        "donor_name": "مریم",
        "mobile": "۰۹۱۲۱۲۳۴۵۶۷",
        "fund": "general",
        "campaign": "",
        "place": f"province:{TEHRAN}",
        "office": str(office().pk),
    } | typed


def form_of(browser) -> str:
    answer = browser.get("/desk/counter/new/")
    assert answer.status_code == 303
    return answer.headers["Location"]


# --- taking ----------------------------------------------------------------------------------------------
def test_from_the_form_over_the_confirmation_to_the_receipt(clerk):
    form = form_of(clerk)
    assert form.startswith("/desk/counter/take/")
    page = clerk.post(form, sheet()).content.decode()
    assert "پنجاه هزار تومان" in page
    assert not CounterGift.objects.exists()
    answer = clerk.post(form, sheet(confirm="1"))
    gift = CounterGift.objects.get()
    assert answer.headers["Location"] == f"/desk/counter/gifts/{gift.pk}/"
    page = clerk.get(answer.headers["Location"]).content.decode()
    receipt = Receipt.objects.get()
    assert f"/receipts/{receipt.token}.pdf" in page
    assert gift.number.serial in page
    assert (gift.amount_rial, gift.mobile) == (500_000, "+989121234567")
    shown = clerk.get(f"/receipts/{receipt.token}/").content.decode()
    assert receipt.serial in shown
    assert office().name in shown
    pdf = clerk.get(f"/receipts/{receipt.token}.pdf").content
    assert pdf.startswith(b"%PDF")


def test_two_tabs_and_a_double_click_are_one_gift(clerk):
    form = form_of(clerk)
    first = clerk.post(form, sheet(confirm="1")).headers["Location"]
    assert clerk.post(form, sheet(confirm="1")).headers["Location"] == first
    assert clerk.post(form, sheet(confirm="1", amount="۹۰٬۰۰۰")).headers["Location"] == first
    assert clerk.get(form).headers["Location"] == first
    assert Donation.objects.count() == 1


def test_editing_keeps_what_was_typed(clerk):
    page = clerk.post(form_of(clerk), sheet(edit="1")).content.decode()
    assert 'value="۵۰٬۰۰۰"' in page
    assert "data-errors" not in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "50.000"}, "amount"),
        ({"amount": "۱۰۰"}, "amount"),
        ({"mobile": "0912"}, "mobile"),
        ({"way": "cheque"}, "cheque_number"),
        ({"way": "pos", "terminal_code": "12345678", "rrn": "12", "trace_no": "1"}, "rrn"),
        ({"place": "county:9999"}, "place"),
        ({"office": "999999"}, "office"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(clerk, typed, field):
    answer = clerk.post(form_of(clerk), sheet(**typed, confirm="1"))
    assert field in answer.context["form"].errors
    assert not CounterGift.objects.exists()


def test_fields_of_another_way_say_nothing(clerk):
    clerk.post(form_of(clerk), sheet(confirm="1", rrn="x", cheque_due_on="never"))
    assert CounterGift.objects.get().way == "cash"


def test_a_slip_used_before_is_said_at_its_field(clerk):
    take(way="pos", slip=slip_facts(7))
    typed = sheet(
        confirm="1", way="pos", terminal_code="۱۲۳۴۵۶۷۸", rrn="000000000007", trace_no="۵",
        paid_on=format_short(tehran_today()),
    )  # fmt: skip
    answer = clerk.post(form_of(clerk), typed)
    assert "rrn" in answer.context["form"].errors
    assert CounterGift.objects.count() == 1


def test_a_campaign_with_its_branch(clerk):
    clerk.post(form_of(clerk), sheet(confirm="1", campaign="ziafat-mehrabani", fund="livelihood"))
    donation = Donation.objects.select_related("branch__edition__campaign").get()
    assert donation.branch.edition.campaign.slug == "ziafat-mehrabani"


def test_a_county_officer_takes_for_their_county(country):
    browser = browser_of(person(Role.COUNTY_OFFICER, county=TEHRAN_COUNTY))
    where = office_for(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
    typed = sheet(confirm="1", office=str(where.pk), place=f"county:{TEHRAN_COUNTY}")
    assert browser.post(form_of(browser), typed).status_code == 303
    assert CounterGift.objects.get().county_id == TEHRAN_COUNTY
    assert browser.post(form_of(browser), sheet(confirm="1")).status_code == 200  # not their office


def test_the_next_gift_keeps_the_choices(clerk):
    gift = take(fund="livelihood", actor=person())
    page = clerk.get(f"/desk/counter/gifts/{gift.pk}/").content.decode()
    assert f"way=cash&amp;fund=livelihood&amp;campaign=&amp;place=province%3A{TEHRAN}" in page


def test_a_key_of_another_province_is_not_there(country, clerk):
    gift = take(where=office(ILAM), province=ILAM)
    assert clerk.get(f"/desk/counter/take/{gift.key}/").status_code == 404
    assert clerk.get(f"/desk/counter/take/{uuid.uuid4()}/").status_code == 200


# --- putting right ---------------------------------------------------------------------------------------
def test_a_mistake_is_cancelled_by_two(clerk, second):
    clerk.post(form_of(clerk), sheet(confirm="1"))
    gift = CounterGift.objects.get()
    address = f"/desk/counter/gifts/{gift.pk}/"
    assert clerk.post(address, {"act": "cancel"}).status_code == 200
    assert clerk.post(address, {"act": "cancel", "cancel-reason": "مبلغ اشتباه"}).status_code == 303
    assert clerk.post(address, {"act": "decide", "decide-decision": "approve"}).status_code == 403
    assert "در انتظار تصمیم نفر دوم" in second.get("/desk/counter/").content.decode()
    assert second.post(address, {"act": "decide", "decide-decision": "approve"}).status_code == 303
    gift.refresh_from_db()
    assert gift.state == "cancelled"
    journal = clerk.get("/desk/counter/journal/").content.decode()
    assert gift.number.serial in journal
    assert "باطل شد" in journal
    with all_provinces("test"):
        token = Receipt.objects.get().token
    assert "باطل" in clerk.get(f"/receipts/{token}/").content.decode()
    for address in (f"/give/{gift.donation.tracking_code}/", f"/trail/{gift.donation.tracking_code}/"):
        told = clerk.get(address).content.decode()
        assert "باطل شد" in told
        assert "کارت پرداخت‌کننده" not in told
        assert office().name in told


def test_a_cheque_from_hand_to_bank(clerk):
    typed = sheet(
        confirm="1", way="cheque", cheque_number="۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶", cheque_bank="ملی",
        cheque_due_on=format_short(tehran_today()),
    )  # fmt: skip
    address = clerk.post(form_of(clerk), typed).headers["Location"]
    assert "رسید کمک نیست" in clerk.get(address).content.decode()
    assert "1234567890123456" in clerk.get("/desk/counter/cheques/").content.decode()
    slip = {
        "act": "cash",
        "cash-bank": "ملی",
        "cash-slip_number": "۷۷",
        "cash-on": format_short(tehran_today()),
    }
    assert clerk.post(address, slip).status_code == 303
    assert CounterGift.objects.get().state == "booked"
    assert Receipt.objects.get().bank_reference == "1234567890123456"


# --- cash ------------------------------------------------------------------------------------------------
def test_counting_confirming_and_depositing(clerk, second, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    take(500_000)
    page = clerk.get("/desk/counter/count/").content.decode()
    assert persian_digits("50٬000 تومان") not in page  # what should be there is not told beforehand
    pieces = {f"pieces_{pk}": persian_digits(str(n)) for pk, n in notes_for(450_000).items()}
    address = clerk.post("/desk/counter/count/", pieces).headers["Location"]
    assert clerk.post(address, {"decision": "approve"}).status_code == 403
    assert second.post(address, {"decision": "approve"}).status_code == 303
    count = CashCount.objects.get()
    assert (count.state, count.difference_rial) == ("confirmed", -50_000)
    slip = {"counts": [count.pk], "bank": "ملی", "slip_number": "۱۲", "on": format_short(tehran_today())}
    wrong = io.BytesIO(b"<svg onload=alert(1)>")
    wrong.name = "slip.png"
    answer = clerk.post("/desk/counter/deposits/", slip | {"photo": wrong})
    assert "photo" in answer.context["form"].errors
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n....")
    picture.name = "slip.html"
    assert clerk.post("/desk/counter/deposits/", slip | {"photo": picture}).status_code == 303
    deposit = CashDeposit.objects.get()
    photo = clerk.get(f"/desk/counter/deposits/{deposit.pk}/photo/")
    assert photo.headers["Content-Type"] == "image/png"
    assert b"".join(photo.streaming_content).startswith(b"\x89PNG")
    assert clerk.post(f"/desk/counter/deposits/{deposit.pk}/", {"reason": "شمارهٔ نادرست"}).status_code == 303
    assert CashCount.objects.get().deposit is None


def test_late_cash_is_marked(clerk):
    take(500_000, at=timezone.now() - timedelta(days=3))
    page = clerk.get("/desk/counter/").content.decode()
    assert "دیر شده" in page
    assert "۳ روز" in page


def test_the_journal_as_a_file_is_guarded_against_formulas(clerk):
    take(500_000, name="=1+1")
    stem = f"/desk/counter/journal/{office().pk}"
    text = clerk.get(f"{stem}.csv").content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "500000" in text
    with zipfile.ZipFile(io.BytesIO(clerk.get(f"{stem}.xlsx").content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "&apos;=1+1" in cells or "'=1+1" in cells
    assert "<v>500000</v>" in cells


def test_offices_of_other_provinces_are_not_seen(clerk):
    take(900_000, where=office(ILAM), province=ILAM, name="دیگری")
    for address in (
        "/desk/counter/",
        "/desk/counter/journal/",
        "/desk/counter/deposits/",
        "/desk/counter/cheques/",
    ):
        assert "دیگری" not in clerk.get(f"{address}?office={office(ILAM).pk}").content.decode()


def test_the_pages_ask_as_many_queries_for_one_gift_as_for_many(clerk, django_assert_max_num_queries):
    for count in (1, 5):
        for _ in range(count):
            take()
        for address in ("/desk/counter/", "/desk/counter/journal/"):
            with django_assert_max_num_queries(16):
                clerk.get(address)


# --- after the day ---------------------------------------------------------------------------------------
def short_count(lay_rial: int = 450_000) -> CashCount:
    take(500_000)
    count = count_cash(office(), notes_for(lay_rial), actor=person())
    return decide_count(count.pk, actor=person(), approve=True)


def test_missing_cash_is_proposed_by_one_and_settled_by_another(clerk, second):
    count = short_count()
    here = f"/desk/counter/counts/{count.pk}/"
    day = f"/desk/reconciliation/{TEHRAN}/{iso_jalali(count.day)}/"
    for browser in (clerk, second):
        page = browser.get(day).content.decode()
        assert "کسری و فزونی صندوق پیشخوان" in page
        assert here in page
    assert "کسری" in clerk.get(f"/desk/reconciliation/?month={iso_jalali(count.day)[:7]}").content.decode()
    asked = {"act": "propose", "propose-way": "write_off", "propose-reason": "پیدا نشد"}
    assert second.post(here, asked).status_code == 403
    assert clerk.post(here, {**asked, "propose-way": "gift"}).context["difference"]["propose"].errors
    assert clerk.post(here, {**asked, "propose-reason": " "}).status_code == 200
    assert clerk.post(here, asked).status_code == 303
    assert clerk.post(here, asked).status_code == 403  # the other tab
    settle = {"act": "settle", "settle-decision": "approve"}
    assert clerk.post(here, settle).status_code == 403
    assert "پیشنهاد اختلاف صندوق" in second.get("/desk/counter/").content.decode()
    assert second.post(here, {"act": "settle", "settle-decision": "refuse"}).status_code == 200
    assert second.post(here, settle).status_code == 303
    assert second.post(here, settle).status_code == 403
    assert "تعیین تکلیف شده است" in clerk.get(here).content.decode()
    assert "کسری و فزونی صندوق پیشخوان" not in clerk.get(day).content.decode()


def test_too_much_cash_becomes_a_gift_of_the_chosen_fund(clerk, second):
    count = short_count(560_000)
    here = f"/desk/counter/counts/{count.pk}/"
    asked = {
        "act": "propose", "propose-way": "gift", "propose-fund": "livelihood",
        "propose-reason": "=HYPERLINK(\"x\") <b>بي‌نام</b>",
    }  # fmt: skip
    assert clerk.post(here, asked).status_code == 303
    page = second.get(here).content.decode()
    assert "&lt;b&gt;بی‌نام" in page
    assert second.post(here, {"act": "settle", "settle-decision": "approve"}).status_code == 303
    gift = Donation.objects.get(amount_rial=60_000)
    assert (gift.fund_id, gift.status) == ("livelihood", "received")


def test_a_count_without_difference_offers_nothing(clerk):
    count = short_count(500_000)
    here = f"/desk/counter/counts/{count.pk}/"
    assert clerk.get(here).context["difference"] is None
    assert clerk.post(here, {"act": "propose", "propose-way": "gift"}).status_code == 403


def test_a_gift_of_another_day_is_cancelled_by_an_accountant_and_a_second_person(clerk, second):
    ensure_accounts(st.bank(office=office()))
    gift = take(500_000, at=timezone.now() - timedelta(days=2))
    here = f"/desk/counter/gifts/{gift.pk}/"
    expert = browser_of(person(Role.PROVINCIAL_EXPERT))
    asked = {"act": "late", "late-reason": "نیت دیگری بود", "late-money": "bank"}
    assert expert.post(here, asked).status_code == 403
    assert clerk.post(here, {"act": "cancel", "cancel-reason": "x"}).status_code == 403
    answer = clerk.post(here, asked)
    assert set(answer.context["forms"]["late"].errors) == {"source", "reference"}
    asked |= {"late-source": "melli", "late-reference": "۸۸-۰۰۱۱"}
    assert clerk.post(here, asked).status_code == 303
    assert clerk.post(here, {"act": "decide", "decide-decision": "approve"}).status_code == 403
    page = second.get(here).content.decode()
    assert "880011" in page
    assert second.post(here, {"act": "decide", "decide-decision": "approve"}).status_code == 303
    gift.refresh_from_db()
    assert (gift.state, gift.corrections.get().bank_reference) == ("cancelled", "880011")
    assert clerk.post(here, asked).status_code == 403


def test_nobody_of_another_province_sees_either(clerk):
    gift = take(500_000, where=office(ILAM), province=ILAM, at=timezone.now() - timedelta(days=2))
    count = count_cash(office(ILAM), notes_for(400_000), actor=person(), at=timezone.now())
    decide_count(count.pk, actor=person(), approve=True)
    for address in (f"/desk/counter/gifts/{gift.pk}/", f"/desk/counter/counts/{count.pk}/"):
        assert clerk.get(address).status_code == 404
        assert clerk.post(address, {"act": "late"}).status_code == 404


def test_a_gift_with_a_wrong_purpose_is_written_anew(clerk, second):
    gift = take(500_000, at=timezone.now() - timedelta(days=2), name="=cmd|' /C calc'!A0")
    here = f"/desk/counter/gifts/{gift.pk}/"
    asked = {
        "act": "late", "late-reason": "برای جهیزیه بود", "late-money": "kept", "late-fund": "dowry",
        "late-place": f"province:{TEHRAN}",
    }  # fmt: skip
    assert "همان است" in clerk.post(here, {**asked, "late-fund": "general"}).content.decode()
    assert clerk.post(here, {**asked, "late-place": f"province:{ILAM}"}).status_code == 200
    assert clerk.post(here, asked).status_code == 303
    assert second.post(here, {"act": "decide", "decide-decision": "approve"}).status_code == 303
    new = CounterGift.objects.get(state="booked")
    assert (new.fund_id, new.donor_name, new.amount_rial) == ("dowry", gift.donor_name, 500_000)
    assert f"/desk/counter/gifts/{new.pk}/" in clerk.get(here).content.decode()
    assert here in clerk.get(f"/desk/counter/gifts/{new.pk}/").content.decode()

"""Receipts by their address, on paper, and the public proof that never shows who gave."""

import io

import pypdf
import pytest
from django.utils import timezone

from core.codes import show_code
from donations.models import Receipt
from tests.factories.gifts import receive

pytestmark = pytest.mark.usefixtures("db", "country")
DONOR = {"name": "مریم رضایی", "mobile": "+989121234567", "message": "نذر مادرم"}


@pytest.fixture
def gift(settings):
    settings.PORTAL_BASE_URL = "https://portal.example"
    return receive(3_000_000, fund="fitriyeh_general", province="07", campaign="ziafat-mehrabani", **DONOR)


def test_the_page_shows_the_gift_to_who_holds_its_address(browser, gift):
    page = browser.get(f"/receipts/{gift.receipt.token}/")
    shown = page.content.decode()
    assert page.status_code == 200
    for words in (
        "۳۰۰٬۰۰۰ تومان", "سیصد هزار تومان", "۳٬۰۰۰٬۰۰۰ ریال", "فطریهٔ عام", "استان فارس", "مریم رضایی",
        gift.receipt.serial, gift.receipt.bank_reference,
        show_code(gift.tracking_code), show_code(gift.receipt.code),
        f"https://portal.example/verify/{gift.receipt.code}/", f"/receipts/{gift.receipt.token}.pdf",
    ):  # fmt: skip
        assert words in shown, words
    assert "912" not in shown.split("<main")[1].replace(gift.receipt.bank_reference, "")


def test_an_anonymous_gift_has_no_name_on_its_receipt(browser):
    gift = receive(is_anonymous=True, **DONOR)
    assert "مریم" not in browser.get(f"/receipts/{gift.receipt.token}/").content.decode()
    assert "مریم" not in words_of(browser.get(f"/receipts/{gift.receipt.token}.pdf"))


def words_of(answer) -> str:
    return pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_the_same_on_paper(browser, gift):
    answer = browser.get(f"/receipts/{gift.receipt.token}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="receipt-{gift.receipt.serial}.pdf"'
    assert answer["Content-Disposition"].isascii()
    assert gift.receipt.serial in words_of(answer)
    assert f"https://portal.example/verify/{gift.receipt.code}/" in words_of(answer)


def test_addresses_do_not_leak(browser, gift):
    for path in (
        f"/receipts/{gift.receipt.token}/",
        f"/receipts/{gift.receipt.token}.pdf",
        f"/verify/{gift.receipt.code}/",
    ):
        answer = browser.get(path)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Cache-Control"] == "private, no-cache"
        assert not answer.cookies


@pytest.mark.parametrize("token", ["x" * 24, "short", "../../etc", "x" * 400])
def test_unknown_receipts(browser, token):
    assert browser.get(f"/receipts/{token}/").status_code == 404
    assert browser.get(f"/receipts/{token}.pdf").status_code == 404


def test_a_code_is_confirmed_without_saying_who_gave(browser, gift):
    page = browser.get(f"/verify/{gift.receipt.code}/")
    shown = page.content.decode()
    assert page.status_code == 200
    for words in ("این رسید درست است.", "۳۰۰٬۰۰۰ تومان", "فطریهٔ عام", "استان فارس", gift.receipt.serial):
        assert words in shown
    secrets = ["مریم", "رضایی", "9121234567", "۹۱۲۱۲۳۴۵۶۷", "نذر مادرم", gift.tracking_code]
    secrets += [show_code(gift.tracking_code), gift.receipt.token, gift.receipt.bank_reference]
    for secret in secrets:
        assert secret not in shown, secret


def test_codes_are_forgiving_and_have_one_address(browser, gift):
    code = gift.receipt.code
    typed = show_code(code).lower().replace("-", " ")
    asked = browser.get("/verify/", {"code": typed})
    assert (asked.status_code, asked["Location"]) == (302, f"/verify/{code}/")
    assert browser.get(f"/verify/{show_code(code)}/")["Location"] == f"/verify/{code}/"


def test_the_form_alone(browser):
    page = browser.get("/verify/")
    assert page.status_code == 200
    assert "X-Robots-Tag" not in page
    assert 'name="code"' in page.content.decode()


@pytest.mark.parametrize("code", ["2222222222222222", "QQQQ", "۱۲۳۴", "<script>", "%00", "x" * 300])
def test_an_unknown_code_is_404_with_the_form_again(browser, code):
    for answer in (browser.get(f"/verify/{code}/"), browser.get("/verify/", {"code": code})):
        assert answer.status_code == 404
        assert 'name="code"' in answer.content.decode()
        assert "<script>" not in answer.content.decode()


def test_mistyped_and_never_issued_are_told_apart(browser, gift):
    code = gift.receipt.code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert "درست خوانده نشده" in browser.get(f"/verify/{wrong}/").content.decode()
    assert "پیدا نشد" in browser.get("/verify/2222222222222222/").content.decode()


def test_a_tracking_code_is_led_to_its_page(browser, gift):
    page = browser.get("/verify/", {"code": show_code(gift.tracking_code)})
    assert f'href="/give/{gift.tracking_code}/"' in page.content.decode()


def test_a_revoked_receipt_says_so_everywhere(browser, gift):
    Receipt.objects.filter(pk=gift.receipt.pk).update(revoked_at=timezone.now())
    assert "این رسید باطل شده است." in browser.get(f"/receipts/{gift.receipt.token}/").content.decode()
    proof = browser.get(f"/verify/{gift.receipt.code}/").content.decode()
    assert "این رسید صادر و سپس باطل شده است." in proof
    assert "این رسید درست است." not in proof
    assert "باطل" in words_of(browser.get(f"/receipts/{gift.receipt.token}.pdf"))


def test_a_deductible_fund_says_that_this_is_no_tax_certificate(browser):
    gift = receive(fund="housing", name="شرکت")
    assert "گواهی مالیاتی نیست" in browser.get(f"/receipts/{gift.receipt.token}/").content.decode()


def test_queries(browser, gift, django_assert_num_queries):
    receipt = gift.receipt
    with django_assert_num_queries(2):  # the receipt with its gift; the office
        browser.get(f"/receipts/{receipt.token}/")
    with django_assert_num_queries(2):
        browser.get(f"/receipts/{receipt.token}.pdf")
    with django_assert_num_queries(1):
        browser.get(f"/verify/{receipt.code}/")

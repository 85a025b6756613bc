"""The payer's pages: Persian, whole without scripts, and the way back exactly as each bank makes it."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace

import pytest

from payments.gateways import GATEWAYS
from tests.payments.gateways.practice import CALLBACK, Practice


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Show the redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        return None


def browse(url: str, fields: dict | None = None) -> tuple[int, str, str]:
    """(status, page, Location) of one step of a browser."""
    data = urllib.parse.urlencode(fields).encode() if fields is not None else None
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(urllib.request.Request(url, data=data), timeout=10) as answer:
            return answer.status, answer.read().decode(), ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers.get("Location", "")


@pytest.fixture(params=sorted(GATEWAYS))
def practice(request, bank):
    return Practice(GATEWAYS[request.param], bank)


def arrive(practice: Practice, attempt) -> tuple[int, str]:
    handover = practice.adapter.handover(practice.access, attempt.token)
    status, page, _ = browse(handover.url, dict(handover.fields) if handover.method == "POST" else None)
    return status, page


def decide(practice: Practice, page: str, action: str) -> tuple[str, str, dict]:
    """Press a button; (method, url, fields) of the way back."""
    address = re.search(r'<form method="post" action="([^"]+)"', page).group(1)
    status, page, location = browse(practice.bank.url + address, {"action": action})
    if location:
        assert status == 302
        url, _, query = location.partition("?")
        return "GET", url, dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    assert status == 200
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    assert "<button" in page  # without JavaScript the payer presses it
    return "POST", re.search(r'<form method="post" action="([^"]+)"', page).group(1), fields


def test_the_card_page(practice):
    attempt = practice.open(1_250_000)
    status, page = arrive(practice, attempt)
    assert status == 200
    assert '<html lang="fa" dir="rtl">' in page
    assert "۱٬۲۵۰٬۰۰۰" in page
    assert "۱۲۵٬۰۰۰ تومان" in page
    assert "سازمان بهزیستی کشور" in page
    assert "تمرینی" in page
    assert re.findall(r'name="action" value="(\w+)">([^<]+)<', page) == [
        ("pay", "پرداخت"), ("cancel", "انصراف"), ("fail", "کارت رد شد"),
    ]  # fmt: skip
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!data:,")|url\(|@import', page)


@pytest.mark.parametrize(("action", "paid"), [("pay", True), ("cancel", False), ("fail", False)])
def test_the_way_back(practice, action, paid):
    attempt = practice.open()
    method, url, fields = decide(practice, arrive(practice, attempt)[1], action)
    expected = practice.callback(attempt, "none")
    assert (method, url, fields) == (expected["method"], CALLBACK, expected["fields"])
    hint = practice.adapter.parse_callback(fields)
    assert (hint.token, hint.claims_paid) == (attempt.token, paid)


def test_the_fields_are_those_of_the_documents(practice):
    names = {
        "zarinpal": ("GET", {"Authority", "Status"}),
        "sep": (
            "POST",
            {
                "MID", "TerminalId", "State", "Status", "RefNum", "ResNum", "RRN", "TraceNo", "Amount",
                "AffectiveAmount", "Wage", "SecurePan", "HashedCardNumber", "Token",
            },
        ),
        "sadad": (
            "POST",
            {
                "OrderId", "token", "ResCode", "SwitchResCode", "PrimaryAccNo", "HashedCardNo",
                "CardHolderFullName",
            },
        ),
        "mellat": (
            "POST",
            {
                "RefId", "ResCode", "SaleOrderId", "SaleReferenceId", "CardHolderPan",
                "CreditCardSaleResponseDetail", "FinalAmount",
            },
        ),
        "zibal": ("GET", {"success", "trackId", "orderId", "status"}),
    }  # fmt: skip
    attempt = practice.open()
    callback = practice.callback(attempt, "pay")
    assert (callback["method"], set(callback["fields"])) == names[practice.adapter.name]


def test_a_second_decision_changes_nothing(practice):
    attempt = practice.open()
    page = arrive(practice, attempt)[1]
    first = decide(practice, page, "pay")
    assert decide(practice, page, "cancel") == first
    status, page = arrive(practice, attempt)
    assert status == 200
    assert "این پرداخت انجام شده است" in page
    assert decide(practice, page, "back") == first
    assert practice.in_book(attempt)["state"] == "PAID"


def test_an_unknown_token_is_a_persian_404(practice):
    attempt = practice.open()
    attempt.token = "unknown"
    status, page = arrive(practice, attempt)
    assert status == 404
    assert 'dir="rtl"' in page
    assert browse(f"{practice.access.base_url}/card/unknown", {"action": "pay"})[0] == 404


def test_an_unknown_button_does_nothing(practice):
    attempt = practice.open()
    assert browse(f"{practice.access.base_url}/card/{attempt.token}", {"action": "steal"})[0] == 400
    assert practice.in_book(attempt)["state"] == "CREATED"


def test_the_callback_keeps_the_query_it_was_given(bank):
    practice = Practice(GATEWAYS["zibal"], bank)
    order = replace(practice.order(), callback_url=CALLBACK + "?a=1&b=%20")
    token = practice.adapter.request(practice.access, order).token
    back = bank.control("POST", "pay", gateway="zibal", token=token)["callback"]
    assert back["address"].startswith(CALLBACK + "?a=1&b=+&success=1&trackId=")


def test_a_dropped_callback_leaves_the_payer_at_the_bank(practice):
    attempt = practice.open()
    page = arrive(practice, attempt)[1]
    practice.bank.fault(practice.adapter.name, "callback", "dropped")
    address = re.search(r'action="([^"]+)"', page).group(1)
    status, page, location = browse(practice.bank.url + address, {"action": "pay"})
    assert (status, location) == (200, "")
    assert "<form" not in page
    assert practice.in_book(attempt)["state"] == "PAID"


def test_sep_comes_back_by_get_where_the_form_asked_for_it(bank):
    practice = Practice(GATEWAYS["sep"], bank, options={"get_method": True})
    attempt = practice.open()
    method, _, fields = decide(practice, arrive(practice, attempt)[1], "pay")
    assert (method, fields["Token"], fields["Status"]) == ("GET", attempt.token, "2")


def test_the_plain_pages(bank):
    assert browse(f"{bank.url}/healthz")[:2] == (200, "ok")
    assert "بانک آزمایشی" in browse(f"{bank.url}/")[1]

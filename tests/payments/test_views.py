"""To the bank and back: what does not count as a visit, and what strangers send."""

import json
import re

import pytest
from django.test import Client

from donations.models import Donation
from payments.gateways.base import Answer, Outcome
from payments.models import Attempt, Callback
from payments.returns import MOST_BYTES
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid, receive

pytestmark = pytest.mark.usefixtures("db", "country")
PREFETCHES = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
]


def pay(gift: Donation) -> str:
    return f"/pay/{gift.tracking_code}/"


# --- to the bank ---


def test_head_and_post_open_no_attempt(browser, sandbox):
    gift = give()
    assert browser.head(pay(gift)).status_code == 405
    assert browser.post(pay(gift)).status_code in (403, 405)
    assert Client().post(pay(gift)).status_code == 405
    assert Client().options(pay(gift)).status_code == 405
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("headers", PREFETCHES, ids=str)
def test_loading_ahead_opens_no_attempt(browser, sandbox, headers):
    answer = browser.get(pay(give()), headers=headers)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert not Attempt.objects.exists()


def test_no_answer_on_the_way_is_kept_or_sets_a_cookie(browser, sandbox):
    for path in (pay(give()), f"{pay(give())}?gateway=sep", pay(receive()), "/pay/nothing/"):
        answer = browser.get(path)
        assert answer["Cache-Control"] == "no-store", path
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_hand_over_by_form_under_the_strict_policy(browser, sandbox):
    answer = browser.get(f"{pay(give(750_000))}?gateway=sep")
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    form = re.search(r'<form[^>]*method="post"[^>]*>', page)[0]
    assert f'action="{sandbox.url}/sep/OnlinePG/OnlinePG"' in form
    assert "data-handover" in form
    assert f'name="Token" value="{Attempt.objects.get().token}"' in page
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert sandbox.url in directives["form-action"].split()
    assert "unsafe-inline" not in policy
    assert not re.search(r"<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", page)
    assert "dist/handover.js" in page
    assert "رفتن به صفحهٔ پرداخت" in page
    assert "csrfmiddlewaretoken" not in page
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"  # banks look at the Referer


def test_hand_over_by_redirect(browser, sandbox):
    answer = browser.get(f"{pay(give())}?gateway=zarinpal")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{sandbox.url}/zarinpal/pg/StartPay/{Attempt.objects.get().token}",
    )


def test_codes_are_typed_by_people(browser, sandbox):
    code = give().tracking_code
    answer = browser.get(f"/pay/{code[:4]}-{code[4:].lower()}/?gateway=sep")
    assert (answer.status_code, answer["Location"]) == (302, f"/pay/{code}/?gateway=sep")
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("code", ["A7KM29RTX4HC", "nothing", "%00", "x" * 300])
def test_an_unknown_code_is_a_persian_page(browser, code):
    answer = browser.get(f"/pay/{code}/")
    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in answer.content.decode()


def test_a_gift_that_is_received_or_looked_at_is_not_paid_again(browser, sandbox):
    received, reviewed = receive(), give()
    attempt = attempt_for(reviewed)
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=1))})
    before = Attempt.objects.count()
    for gift in (received, reviewed):
        answer = browser.get(pay(gift))
        assert (answer.status_code, answer["Location"]) == (303, f"/give/{gift.tracking_code}/")
    assert Attempt.objects.count() == before


# --- and back ---


def test_an_unknown_gateway_is_no_address(browser):
    for method in (browser.get, browser.post):
        assert method("/pay/nothing/callback/").status_code == 404
    assert not Callback.objects.exists()


@pytest.mark.parametrize("gateway", ["zarinpal", "sep", "sadad", "mellat", "zibal"])
def test_a_return_that_belongs_to_nothing_is_kept_and_explained(browser, gateway):
    fields = {"Authority": "A1", "Token": "t", "RefId": "r", "trackId": "1", "OrderId": "5"}
    for answer in (
        browser.get(f"/pay/{gateway}/callback/", fields),
        browser.post(f"/pay/{gateway}/callback/", fields),
        browser.get(f"/pay/{gateway}/callback/"),
        browser.post(f"/pay/{gateway}/callback/"),
    ):
        assert answer.status_code == 404
        assert "پولتان گم نمی‌شود" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    assert Callback.objects.filter(gateway=gateway, attempt=None).count() == 4


def test_head_is_no_return(browser):
    assert browser.head("/pay/sep/callback/").status_code == 405
    assert not Callback.objects.exists()


def test_a_return_is_stored_and_nothing_is_believed(browser):
    gift = give()
    attempt = attempt_for(gift)
    answer = browser.get("/pay/zarinpal/callback/", {"Authority": attempt.token, "Status": "OK"})
    assert (answer.status_code, answer["Location"]) == (303, f"/give/{gift.tracking_code}/")
    assert Callback.objects.get().payload == {"Authority": attempt.token, "Status": "OK"}
    gift.refresh_from_db()
    assert gift.status == "pending"


def test_a_forged_failure_fails_nothing(browser):
    gift = give()
    attempt = attempt_for(gift)
    browser.get("/pay/zarinpal/callback/", {"Authority": attempt.token, "Status": "NOK"})
    gift.refresh_from_db()
    assert (gift.status, Attempt.objects.get().state) == ("pending", "redirected")


def test_a_token_of_another_gateway_finds_nothing(browser):
    attempt = attempt_for(give(), gateway="sep")
    assert browser.get("/pay/zarinpal/callback/", {"Authority": attempt.token}).status_code == 404


def test_card_numbers_are_not_kept(browser):
    attempt = attempt_for(give(), gateway="sep")
    browser.post("/pay/sep/callback/", {"Token": attempt.token, "SecurePan": "6037991234567890"})
    assert Callback.objects.get().payload["SecurePan"] == "603799******7890"


def test_too_much_is_refused_without_storing(browser):
    fields = {"Token": "t", "more": "x" * MOST_BYTES}
    answers = [
        browser.post("/pay/sep/callback/", fields),
        browser.post("/pay/sep/callback/", json.dumps(fields), content_type="application/json"),
        browser.post(
            "/pay/sep/callback/",
            f"Token=t&more={'x' * MOST_BYTES}",
            content_type="application/x-www-form-urlencoded",
        ),
    ]
    assert [answer.status_code for answer in answers] == [413, 413, 413]
    assert not Callback.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"Token=%00%FF\xff&\xd8\x00=1"),
        ("application/x-www-form-urlencoded; charset=windows-1256", b"Token=\xe3\xe3"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(500))),
        ("application/json", b"{"),
        ("application/json", b"[1, 2]"),
        ("application/json", b"[" * 5000),
        ("application/json", b'{"Token": "\\ud800\\u0000", "a": {"b": [1, null]}, "n": NaN}'),
        ("application/json", b'{"Token": ' + b"9" * 5000 + b"}"),
        ("application/json", b"\xff\xfe\x00"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain", b"hello \x00 world"),
        ("", b"Token=t"),
        ("application/octet-stream", bytes(range(256))),
    ],
)
@pytest.mark.parametrize("gateway", ["zarinpal", "sep", "sadad", "mellat", "zibal"])
def test_whatever_cannot_be_read_is_kept_as_it_came(browser, gateway, content_type, body):
    answer = browser.generic("POST", f"/pay/{gateway}/callback/", body, content_type=content_type)
    assert answer.status_code == 404
    assert Callback.objects.get().payload != {}


def test_strange_addresses(browser):
    for query in ("%00", "Authority=%ED%A0%80", "a" * 3000, "&&&", "Token[]=1&Token=%F0%9F%98%80"):
        assert browser.get(f"/pay/zarinpal/callback/?{query}").status_code == 404
    assert Callback.objects.count() == 5


def test_fields_of_the_body_win_over_those_of_the_address(browser):
    attempt = attempt_for(give(), gateway="sadad")
    answer = browser.post("/pay/sadad/callback/?Token=other&lang=fa", {"Token": attempt.token})
    assert answer.status_code == 303
    assert Callback.objects.get().payload == {"Token": attempt.token, "lang": "fa"}


def test_a_return_by_multipart(browser):
    attempt = attempt_for(give(), gateway="sadad")
    assert browser.post("/pay/sadad/callback/", {"token": attempt.token}).status_code == 303


def test_queries(browser, django_assert_num_queries):
    attempt = attempt_for(give())
    with django_assert_num_queries(1):  # attempt, gift and inbox
        browser.get("/pay/zarinpal/callback/", {"Authority": attempt.token, "Status": "OK"})


def test_a_return_after_the_end_still_leads_home(browser):
    gift = receive()
    attempt = Attempt.objects.get(donation=gift)
    answer = browser.get("/pay/zarinpal/callback/", {"Authority": attempt.token, "Status": "OK"})
    assert (answer.status_code, answer["Location"]) == (303, f"/give/{gift.tracking_code}/")


def test_an_old_failure_does_not_hide_a_later_success(browser):
    gift = give()
    first, second = attempt_for(gift), attempt_for(gift)
    settle({second.pk: finding(second, paid(second))})
    settle({first.pk: finding(first, Answer(Outcome.NOT_PAID))})
    assert browser.get(f"/give/{gift.tracking_code}/").context["gift"]["status"] == "received"

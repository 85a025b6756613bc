"""A gift by nothing but HTTP, by each gateway: API, pay_url, the bank's page, the return, the receipt."""

import json

import pytest

from core import outbox
from core.invariants import run_checks
from donations.models import Donation, Receipt
from payments.models import Attempt, Callback
from payments.tasks import drain_callbacks
from tests.payments.conftest import PORTAL, ask, at_the_bank, form_of

pytestmark = pytest.mark.usefixtures("db", "country")
EVERY = pytest.mark.parametrize("gateway", ["zarinpal", "sep", "sadad", "mellat", "zibal"])


def write_down(browser, **more) -> dict:
    body = {"amount_rial": 1_250_000, "fund": "livelihood", "province": "00"} | more
    answer = browser.post("/api/v1/donations/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def path_of(url: str) -> str:
    assert url.startswith(PORTAL + "/")
    return url.removeprefix(PORTAL)


def card_page(browser, pay_url: str) -> tuple[str, str]:
    """Follow `pay_url` to the bank: (its page, its address)."""
    answer = browser.get(path_of(pay_url))
    if answer.status_code == 302:
        address = answer["Location"]
        return ask(address)[2], address
    assert answer.status_code == 200
    form = form_of(answer.content.decode().split("<main")[1])
    assert form.method == "post"
    return ask(form.action, form.values)[2], form.action


def come_back(browser, way):
    method, path, fields = way
    answer = browser.get(path) if method == "GET" else browser.post(path, fields)
    assert answer.status_code == 303
    assert not answer.cookies
    return answer["Location"]


@EVERY
def test_paid(browser, sandbox, gateway):
    told = write_down(browser, gateway=gateway, donor={"name": "مریم", "mobile": "09121234567"})
    status_path = path_of(told["status_url"])
    assert browser.get(status_path).json() == {"status": "pending", "amount_rial": 1_250_000}

    page, address = card_page(browser, told["pay_url"])
    assert "۱٬۲۵۰٬۰۰۰" in page
    landed = come_back(browser, at_the_bank(page, address, "pay"))
    assert landed == f"/give/{told['tracking_code']}/"
    assert browser.get(landed).context["stage"] == "asking"
    assert browser.get(status_path).json()["status"] == "pending"  # a return proves nothing

    drain_callbacks()
    state = browser.get(status_path).json()
    assert state["status"] == "received"
    assert state["paid_at"] is not None
    receipt = browser.get(path_of(state["receipt_url"]))
    assert "۱۲۵٬۰۰۰ تومان" in receipt.content.decode()
    assert browser.get(landed).status_code == 200
    assert browser.get(f"/verify/{Receipt.objects.get().code}/").status_code == 200
    assert Attempt.objects.get().gateway == gateway
    assert browser.get(path_of(told["pay_url"]))["Location"] == landed  # paying again is not offered
    outbox.drain()
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


@EVERY
@pytest.mark.parametrize("action", ["cancel", "fail"])
def test_broken_off(browser, sandbox, gateway, action):
    told = write_down(browser, gateway=gateway)
    page, address = card_page(browser, told["pay_url"])
    landed = come_back(browser, at_the_bank(page, address, action))
    drain_callbacks()
    assert browser.get(path_of(told["status_url"])).json()["status"] == "failed"
    again = browser.get(landed)
    assert again.context["stage"] == "cancelled"
    assert browser.get(f"{path_of(told['pay_url'])}?gateway={gateway}").status_code in (200, 302)
    assert Attempt.objects.count() == 2


def test_a_bank_page_opened_again_is_the_same_one(browser, sandbox):
    told = write_down(browser)
    first = browser.get(path_of(told["pay_url"]))["Location"]
    assert browser.get(path_of(told["pay_url"]))["Location"] == first
    assert Attempt.objects.count() == 1


def test_another_gateway_by_choice(browser, sandbox):
    told = write_down(browser)
    assert browser.get(f"{path_of(told['pay_url'])}?gateway=sadad")["Location"].startswith(
        f"{sandbox.url}/sadad/"
    )
    assert browser.get(f"{path_of(told['pay_url'])}?gateway=nothing").status_code == 302


def test_the_next_gateway_when_one_gives_no_token(browser, sandbox):
    sandbox.fault("zarinpal", "request", "http_502", times=9)
    told = write_down(browser)
    answer = browser.get(path_of(told["pay_url"]))
    assert answer.status_code == 200
    assert f'action="{sandbox.url}/sep/' in answer.content.decode()
    assert sorted(Attempt.objects.values_list("gateway", "state")) == [
        ("sep", "redirected"),
        ("zarinpal", "failed"),
    ]


def test_no_gateway_at_all(browser, settings):
    settings.SANDBOX_BANK_URL = "http://127.0.0.1:9"
    settings.PORTAL_BASE_URL = PORTAL
    told = write_down(browser)
    answer = browser.get(path_of(told["pay_url"]))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Cache-Control"] == "no-store"
    shown = answer.content.decode()
    assert "پولی از کارت شما کم نشده است" in shown
    assert f'href="/pay/{told["tracking_code"]}/"' in shown
    assert Donation.objects.get().status == "pending"
    page = browser.get(f"/give/{told['tracking_code']}/")
    assert page.context["stage"] == "not_sent"


def test_one_return_many_times_over(browser, sandbox):
    told = write_down(browser, gateway="sadad")
    page, address = card_page(browser, told["pay_url"])
    way = at_the_bank(page, address, "pay")
    for _ in range(3):
        come_back(browser, way)
        drain_callbacks()
    assert Callback.objects.count() == 3
    assert Receipt.objects.count() == 1
    assert browser.get(path_of(told["status_url"])).json()["status"] == "received"


def test_a_forged_return_receives_nothing(browser, sandbox):
    told = write_down(browser, gateway="zarinpal")
    card_page(browser, told["pay_url"])
    token = Attempt.objects.get().token
    come_back(browser, ("GET", f"/pay/zarinpal/callback/?Authority={token}&Status=OK", {}))
    drain_callbacks()
    assert browser.get(path_of(told["status_url"])).json()["status"] == "pending"
    assert not Receipt.objects.exists()


def test_a_lazy_return_as_json(browser, sandbox):
    told = write_down(browser, gateway="zibal")
    page, address = card_page(browser, told["pay_url"])
    at_the_bank(page, address, "pay")
    attempt = Attempt.objects.get()
    body = {"success": True, "trackId": int(attempt.token), "orderId": str(attempt.order_id), "status": 2}
    answer = browser.post("/pay/zibal/callback/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer["Location"]) == (303, f"/give/{told['tracking_code']}/")
    drain_callbacks()
    assert browser.get(path_of(told["status_url"])).json()["status"] == "received"

"""Needs for the public: found by filters and words, followed to the bank, and silent about everybody."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.services.needs import Item, close_need, mark_funded, withdraw_need
from core.errors import DomainError
from dashboards.rollups import fold_all
from donations.models import Donation
from payments.services.settlement import settle
from provinces.enums import Role
from provinces.models import County
from tests.factories.gifts import attempt_for, finding, give, paid
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, person

pytestmark = pytest.mark.usefixtures("db", "country")


def receive_for(code: str, rial: int, fund: str = "livelihood") -> Donation:
    gift = give(rial, need=code, fund=fund)
    attempt = attempt_for(gift)
    settle({attempt.pk: finding(attempt, paid(attempt))})
    fold_all()
    return gift


def html(client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    assert not answer.cookies
    return answer.content.decode()


def test_filters_and_words(client):
    urgent = need("dowry", title="جهیزیهٔ بیست زوج", urgency=3)
    other = need(province=KHUZESTAN, title="بسته برای خانواده‌ها")
    need(state=NeedState.FOUND, title="هنوز دیده نشده")
    page = html(client, "/needs/")
    assert page.index(urgent.title) < page.index(other.title)
    assert "هنوز دیده نشده" not in page
    for query, seen in (
        ({"kind": "dowry"}, urgent),
        ({"province": "khuzestan"}, other),
        ({"province": KHUZESTAN}, other),
        ({"urgency": "3"}, urgent),
        ({"q": "خانواده ها"}, other),
    ):
        page = html(client, "/needs/", **query)
        assert (urgent.title in page, other.title in page) == (seen == urgent, seen == other), query
        assert [row["code"] for row in client.get("/api/v1/needs/", query).json()] == [seen.code], query
    assert "با این پالایش نیازی پیدا نشد" in html(client, "/needs/", q="هیچ")
    for query in ({"kind": "nothing"}, {"urgency": "9"}, {"province": "99"}):
        assert client.get("/api/v1/needs/", query).status_code == 400


def test_a_list_of_many_asks_no_more_of_the_database(client):
    need(items=(Item("بسته", 4, "بسته"),))
    with CaptureQueriesContext(connection) as one:
        html(client, "/needs/")
    for _ in range(3):
        need(items=(Item("بسته", 4, "بسته"),))
    with CaptureQueriesContext(connection) as many:
        html(client, "/needs/")
    assert len(many) == len(one)


def test_the_page_tells_what_it_must_before_anybody_gives(client):
    wanted = need(county_id="2301", items=(Item("برنج", 40, "کیسه"),))
    page = html(client, f"/needs/{wanted.code}/")
    assert wanted.surplus_rule in page
    assert f"/give/?need={wanted.code}" in page
    assert "صدقه" in page  # may pay for it
    assert "۴۰ کیسه" in page
    assert wanted.county.name in page  # forty people
    giving = html(client, "/give/", need=wanted.code)
    assert wanted.title in giving
    assert wanted.surplus_rule in giving
    assert "کجا هزینه شود؟" not in giving


def test_many_donors_fund_it_and_its_page_follows(client):
    wanted = need(goal_rial=1_000_000)
    receive_for(wanted.code, 250_000)
    receive_for(wanted.code, 250_000, fund="sadaqah")
    row = client.get(f"/api/v1/needs/{wanted.code}/").json()
    assert (row["received_rial"], row["percent"], row["state"]) == (500_000, 50, "published")
    assert "۵۰٪" in html(client, f"/needs/{wanted.code}/")
    assert "۵۰٪" in html(client, "/")
    assert "۵۰٪" in html(client, "/provinces/tehran/")
    receive_for(wanted.code, 500_000)
    assert mark_funded() == 1
    page = html(client, f"/needs/{wanted.code}/")
    assert "این نیاز تأمین شد." in page
    assert "/give/?need=" not in page
    assert client.get("/api/v1/needs/").json() == []
    with pytest.raises(DomainError, match="need_closed"):
        give(250_000, need=wanted.code, fund="livelihood")
    close_need(wanted.pk, actor=person(Role.PROVINCIAL_EXPERT), report="چهل بسته رسید", evidence="ص-۱۲")
    page = html(client, f"/needs/{wanted.code}/")
    assert "چهل بسته رسید" in page
    assert "ص-۱۲" not in page


def test_a_withdrawn_need_says_so_and_one_never_shown_has_no_page(client):
    wanted, hidden = need(), need(state=NeedState.VERIFIED)
    withdraw_need(wanted.pk, actor=person(Role.PROVINCIAL_EXPERT), reason="دیگر لازم نیست")
    page = html(client, f"/needs/{wanted.code}/")
    assert "پس گرفته شد" in page
    assert "دیگر لازم نیست" not in page
    for code in (hidden.code, "222222222", "x"):
        assert client.get(f"/needs/{code}/").status_code == 404
        assert client.get(f"/api/v1/needs/{code}/").status_code == 404
    assert client.get(f"/needs/{wanted.code.lower()}/").status_code == 301


def test_nothing_anywhere_points_to_a_person_or_a_small_place(client):
    finder = person(Role.COUNTY_OFFICER, TEHRAN)
    verifier = person(Role.PROVINCIAL_EXPERT, TEHRAN)
    County.objects.filter(code="2301").update(name="شهرستانِ نهان")
    wanted = need(
        persons=7, county_id="2301", centre_code="PLC-7731", found_by=finder, verified_by=verifier,
        items=(Item("برنج", 7, "کیسه"),),
    )  # fmt: skip
    gift = receive_for(wanted.code, 250_000)
    addresses = [
        "/", "/needs/", f"/needs/{wanted.code}/", "/provinces/tehran/", "/api/v1/needs/",
        f"/api/v1/needs/{wanted.code}/", f"/trail/{gift.tracking_code}/", f"/give/{gift.tracking_code}/",
        f"/receipts/{gift.receipt.token}/", f"/api/v1/donations/{gift.tracking_code}/",
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = json.dumps(answer.json()) if "json" in answer["Content-Type"] else answer.content.decode()
        for secret in ("PLC-7731", finder.username, verifier.username, "found_by", "centre_code", '"2301"'):
            assert secret not in text, (address, secret)
        # the list of all counties of a province is no secret; that this need is there is
        assert "شهرستانِ نهان" not in text or address == "/provinces/tehran/", address
    assert gift.county_id is None  # or the sums by county would tell it
    assert client.get("/api/v1/totals/?by=province").json()["total_rial"] == 250_000
    giving = client.get("/give/", {"need": wanted.code})
    assert giving.context["form"].initial["county"] == ""
    assert Need.objects.get(pk=wanted.pk).county_id == "2301"


def test_a_need_of_food_takes_only_what_may_become_food(client):
    wanted = need("food", fund="kaffarah_non_deliberate", goal_rial=10_000_000)
    form = client.get("/give/", {"need": wanted.code}).context["form"]
    assert "general" not in form.funds
    assert (
        client.post("/give/", {"need": wanted.code, "fund": "nothing", "amount": "1000"}).status_code == 422
    )

"""A gift to a need stands in the books where the need is, and only money that its kind allows pays for it."""

import json

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client

from campaigns.enums import NeedState
from core.invariants import run_checks
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid
from tests.factories.needs import need

pytestmark = pytest.mark.usefixtures("db", "country")


def receive_for(code: str, **wish) -> Donation:
    gift = give(250_000, need=code, **wish)
    attempt = attempt_for(gift)
    settle({attempt.pk: finding(attempt, paid(attempt))})
    return gift


def post(**said):
    body = {"amount_rial": 500_000, "fund": "livelihood"} | said
    return Client().post("/api/v1/donations/", json.dumps(body), content_type="application/json")


def test_it_stands_where_the_need_is_in_gift_books_and_figures():
    wanted = need(county_id="2301")
    gift = receive_for(wanted.code, fund="sadaqah")
    receive_for(need().code, fund="livelihood")
    fold_all()
    assert (gift.need_id, gift.province_id, gift.county_id) == (wanted.pk, "23", "2301")
    assert figures.total(need=wanted.pk).total_rial == 250_000
    assert {(row.key, row.total_rial) for row in figures.totals(by="need", fund="sadaqah").rows} == {
        (wanted.code, 250_000)
    }
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []


@pytest.mark.parametrize(
    ("state", "fund", "code"),
    [
        (NeedState.PUBLISHED, "dowry", "fund_not_for_need"),
        (NeedState.FUNDED, "livelihood", "need_closed"),
        (NeedState.VERIFIED, "livelihood", "unknown_need"),
        (NeedState.FOUND, "livelihood", "unknown_need"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(state, fund, code):
    answer = post(need=need(state=state).code, fund=fund)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Donation.objects.exists()


def test_the_form_offers_only_what_may_pay_for_it():
    wanted = need()
    page = Client().get(f"/give/?need={wanted.code}").content.decode()
    assert f'value="{wanted.code}"' in page
    assert 'value="livelihood"' in page
    assert 'value="sadaqah"' in page
    assert 'value="dowry"' not in page


def test_the_form_gives_to_the_need_it_names():
    wanted = need()
    said = {"need": wanted.code, "fund": "livelihood", "amount": "50000", "province": "23"}
    answer = Client().post("/give/", said)
    assert answer.status_code == 303
    assert Donation.objects.get().need_id == wanted.pk


def test_a_gift_never_moves_to_another_need():
    gift = receive_for(need().code, fund="livelihood")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE donations_donation SET need_id = %s WHERE id = %s", [need().pk, gift.pk])


def test_nobody_verifies_what_they_found_themselves():
    found = need()
    found.verified_by = found.found_by
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()

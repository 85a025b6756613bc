"""Many payments that their bank took back, in one file: as if each had come alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.invariants import run_checks
from core.models import OutboxMessage
from donations.models import Donation, Receipt
from payments.models import Attempt, Refund
from payments.services.bank_reversals import TakenBack, note_reversals_by_bank
from payments.services.refunds import request_refund
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid, receive
from tests.factories.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_hold(country):
    yield
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


def taken_back(*attempts: Attempt) -> list[TakenBack]:
    at = timezone.now() - timedelta(days=1)
    return [TakenBack(a.pk, {"line": a.pk}, f"file: {number}", at) for number, a in enumerate(attempts)]


def told() -> list[dict]:
    return [m.payload for m in OutboxMessage.objects.filter(task="donations.tell_refund").order_by("pk")]


def test_plain_gifts_go_together_and_once():
    gifts = [receive(100_000 * n, province="23", mobile="+989121234567" if n == 2 else "") for n in (1, 2, 3)]
    attempts = [gift.attempts.get() for gift in gifts]
    for _ in range(2):
        note_reversals_by_bank(taken_back(*attempts))
    refunds = Refund.objects.order_by("pk")
    assert [(r.kind, r.state, r.amount_rial, r.reason) for r in refunds] == [
        ("by_bank", "done", 100_000 * n, f"file: {n - 1}") for n in (1, 2, 3)
    ]
    assert set(Donation.objects.values_list("status", flat=True)) == {"refunded"}
    assert not Receipt.objects.filter(revoked_at=None).exists()
    assert told() == [{"donation_id": gifts[1].pk, "amount_rial": 200_000, "gift_stays": False}]


def test_what_has_a_history_goes_by_itself_beside_its_neighbours():
    plain, asked = (receive(amount).attempts.get() for amount in (100_000, 200_000))
    request_refund(asked.pk, actor=person(), reason="دو بار پرداخت شده بود")
    donation = give(300_000)
    first, second = attempt_for(donation), attempt_for(donation, gateway="sadad")
    settle({a.pk: finding(a, paid(a)) for a in (first, second)})
    note_reversals_by_bank(taken_back(second, asked, plain))
    assert {a.pk: a.state for a in Attempt.objects.all()} == {
        plain.pk: "refunded", asked.pk: "refunded", first.pk: "succeeded", second.pk: "refunded",
    }  # fmt: skip
    assert Donation.objects.get(pk=donation.pk).status == "received"

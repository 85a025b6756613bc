"""Sending money back: two people, one contra entry, a revoked receipt, lower totals, and the donor is told."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from core import outbox
from core.errors import DomainError
from core.invariants import run_checks
from core.models import AuditEntry, OutgoingSms, User
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation, Receipt
from donations.tasks import tell_refund  # noqa: F401 - registers the consumer
from payments.gateways.base import Answer, Outcome
from payments.models import Attempt, Refund
from payments.services import refunds
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books_hold(country):
    yield
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


@pytest.fixture
def maker():
    return User.objects.create(username="maker")


@pytest.fixture
def checker():
    return User.objects.create(username="checker")


@pytest.fixture
def gift():
    return receive(400_000, province="23", mobile="+989121234567")


def bank_says(monkeypatch, outcome: Outcome) -> None:
    """At the edge of the machine: what the bank answers to a reversal."""
    monkeypatch.setattr(refunds, "_ask", lambda attempt: Answer(outcome, "0"))


def approved(gift: Donation, maker: User, checker: User) -> Refund:
    refund = refunds.request_refund(gift.attempts.get().pk, actor=maker, reason="دو بار پرداخت شده بود")
    return refunds.decide_refund(refund.pk, actor=checker, approve=True)


def test_reversed_at_the_bank(gift, maker, checker, monkeypatch):
    fold_all()
    before = figures.total(province="23").total_rial
    bank_says(monkeypatch, Outcome.REVERSED)
    refund = approved(gift, maker, checker)
    assert refunds.send_due() == 1
    fold_all()

    gift.refresh_from_db()
    refund.refresh_from_db()
    assert (gift.status, gift.attempts.get().state, refund.state) == ("refunded", "refunded", "done")
    assert Receipt.objects.get().revoked_at is not None
    assert (before, figures.total(province="23").total_rial) == (400_000, 0)
    outbox.drain()
    assert OutgoingSms.objects.filter(purpose="refund").count() == 1
    assert list(
        AuditEntry.objects.exclude(job="seed_reference")
        .order_by("pk")
        .values_list("action", "actor__username")
    ) == [
        ("refund.request", "maker"),
        ("refund.approve", "checker"),
    ]
    refunds.finish(refund.pk)
    assert refunds.send_due() == 0


def test_too_late_for_the_bank_is_returned_by_hand(gift, maker, checker, monkeypatch):
    bank_says(monkeypatch, Outcome.REJECTED)
    refund = approved(gift, maker, checker)
    refunds.send_due()
    refund.refresh_from_db()
    assert (refund.state, Donation.objects.get().status) == ("by_hand", "received")
    refunds.record_return(refund.pk, actor=maker, bank_reference="پایا ۱۲۳")
    assert Donation.objects.get().status == "refunded"


def test_a_silent_bank_is_asked_again_and_nothing_is_booked_meanwhile(gift, maker, checker, monkeypatch):
    bank_says(monkeypatch, Outcome.UNKNOWN)
    refund = approved(gift, maker, checker)
    refunds.send_due()
    refund.refresh_from_db()
    assert (refund.state, Donation.objects.get().status) == ("approved", "received")
    assert refund.next_try_at is not None


def test_nobody_approves_their_own_request(gift, maker):
    refund = refunds.request_refund(gift.attempts.get().pk, actor=maker, reason="خطا")
    with pytest.raises(DomainError, match="four_eyes"):
        refunds.decide_refund(refund.pk, actor=maker, approve=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state="approved", decided_by=maker)
    refund.refresh_from_db()
    assert refund.state == "requested"


def test_one_attempt_is_refunded_once(gift, maker, checker, monkeypatch):
    approved(gift, maker, checker)
    with pytest.raises(DomainError, match="refund_exists"):
        refunds.request_refund(gift.attempts.get().pk, actor=maker, reason="باز هم")


def test_a_refusal_says_why_and_leaves_everything(gift, maker, checker):
    refund = refunds.request_refund(gift.attempts.get().pk, actor=maker, reason="خطا")
    with pytest.raises(DomainError, match="reason_required"):
        refunds.decide_refund(refund.pk, actor=checker, approve=False)
    refunds.decide_refund(refund.pk, actor=checker, approve=False, reason="کمک درست بوده است")
    assert (Donation.objects.get().status, Refund.objects.get().state) == ("received", "refused")


def test_money_that_came_twice_goes_back_and_the_gift_stays(maker, checker, monkeypatch):
    donation = give(300_000)
    first, second = attempt_for(donation), attempt_for(donation, gateway="sadad")
    settle({a.pk: finding(a, paid(a)) for a in (first, second)})
    bank_says(monkeypatch, Outcome.REVERSED)
    refund = refunds.request_refund(second.pk, actor=maker, reason="پرداخت دوم")
    refunds.decide_refund(refund.pk, actor=checker, approve=True)
    refunds.send_due()
    assert Donation.objects.get().status == "received"
    assert {a.pk: a.state for a in Attempt.objects.all()} == {first.pk: "succeeded", second.pk: "refunded"}
    assert Receipt.objects.get().revoked_at is None


def test_wrong_amount_goes_back_and_the_gift_has_failed(maker, checker, monkeypatch):
    attempt = attempt_for(give(200_000))
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=20_000))})
    bank_says(monkeypatch, Outcome.REVERSED)
    refund = refunds.request_refund(attempt.pk, actor=maker, reason="مبلغ نمی‌خواند")
    refunds.decide_refund(refund.pk, actor=checker, approve=True)
    refunds.send_due()
    attempt.refresh_from_db()
    assert (attempt.state, Donation.objects.get().status) == ("refunded", "failed")
    assert Refund.objects.get().amount_rial == 20_000


def test_late_reversal_by_the_bank_is_booked_once(gift):
    attempt = gift.attempts.get()
    for _ in range(2):
        refunds.note_reversal_by_bank(attempt.pk, evidence={"line": 7}, source="settlement file, line 7")
    assert (Donation.objects.get().status, Refund.objects.get().kind) == ("refunded", "by_bank")


def test_only_paid_attempts_are_refundable(maker):
    attempt = attempt_for(give(200_000))
    with pytest.raises(DomainError, match="not_refundable"):
        refunds.request_refund(attempt.pk, actor=maker, reason="خطا")

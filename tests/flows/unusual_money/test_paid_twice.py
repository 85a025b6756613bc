"""Money that came a second time: a further gift, or back; decided by two people."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.enums import CaseState
from cases.models import Case
from core import outbox
from core.errors import DomainError
from core.models import AuditEntry, OutgoingSms, User
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation, Receipt
from payments.enums import Way
from payments.models import HeldDecision, HeldMoney, Refund
from payments.services import refunds
from payments.services.held import Proposal, decide, propose
from tests.flows.test_races import run_together
from tests.flows.unusual_money.cases_of_money import (
    WHY,
    bank_reverses,
    go,
    in_books,
    paid_twice,
    send_back,
)


# --- paid twice ------------------------------------------------------------------------------------------
def test_the_second_payment_becomes_a_further_gift_with_its_own_receipt_and_the_donor_is_told(maker, checker):
    held = paid_twice()
    assert in_books() == (300_000, 300_000)
    go(held, Way.FURTHER_GIFT, maker, checker)

    first, further = Donation.objects.order_by("pk")
    assert further.tracking_code != first.tracking_code
    same = (
        "amount_rial",
        "fund_id",
        "province_id",
        "county_id",
        "edition_id",
        "donor_id",
        "donor_name",
        "status",
    )
    assert [getattr(further, name) for name in same] == [getattr(first, name) for name in same]
    assert in_books() == (0, 600_000)
    assert Receipt.objects.filter(revoked_at=None).count() == 2
    assert Receipt.objects.get(donation=further).bank_reference == held.reference
    fold_all()
    total = figures.total(province="23")
    assert (total.total_rial, total.count) == (600_000, 2)
    outbox.drain()
    texts = [sms.text for sms in OutgoingSms.objects.order_by("pk")]
    assert len(texts) == 2
    assert "دو بار پرداخت" in texts[1]
    case = Case.objects.get(kind="paid_twice")
    assert (case.state, case.closed_by, WHY in case.resolution) == (CaseState.CLOSED, checker, True)
    assert list(
        AuditEntry.objects.exclude(job="seed_reference")
        .order_by("pk")
        .values_list("action", "actor__username", "reason")
    )[:2] == [
        ("held.propose", "maker", WHY),
        ("held.approve", "checker", ""),
    ]


def test_the_second_payment_goes_back_and_the_gift_stays(maker, checker, monkeypatch):
    held = paid_twice()
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    held.refresh_from_db()
    assert (held.state, in_books()) == ("returned", (0, 300_000))
    assert Donation.objects.get().status == "received"
    outbox.drain()
    assert "رسید شما پابرجاست" in OutgoingSms.objects.get(purpose="refund").text
    assert Case.objects.get(kind="paid_twice").state == CaseState.CLOSED


def test_a_further_gift_the_donor_did_not_want_goes_back_alone(maker, checker, monkeypatch):
    held = paid_twice()
    go(held, Way.FURTHER_GIFT, maker, checker)
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    assert list(Donation.objects.order_by("pk").values_list("status", flat=True)) == ["received", "refunded"]
    first, further = Receipt.objects.order_by("pk")
    assert (first.revoked_at, further.revoked_at is not None) == (None, True)
    assert in_books() == (0, 300_000)


def test_two_who_approve_at_once_make_one_gift(live_db, maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    others = [User.objects.create(username=f"checker{n}") for n in range(4)]
    errors = run_together(
        *[lambda who=who: decide(decision.pk, actor=who, approve=True) for who in [checker, *others]]
    )
    assert [e.code for e in errors] == ["decision_made"] * 4
    assert (Donation.objects.count(), Receipt.objects.count(), in_books()) == (2, 2, (0, 600_000))


def test_a_gift_and_a_refund_proposed_at_once_exclude_each_other(live_db, maker, checker):
    held = paid_twice()
    errors = run_together(
        lambda: propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker),
        lambda: refunds.request_refund(held.attempt_id, actor=checker, reason=WHY),
    )
    assert len(errors) == 1
    assert errors[0].code in ("refund_exists", "decision_waits")
    assert HeldDecision.objects.count() + Refund.objects.count() == 1


def test_the_bank_takes_it_back_while_a_proposal_waits(maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    refunds.note_reversal_by_bank(held.attempt_id, evidence={}, source="settlement file")
    with pytest.raises(DomainError, match="held_settled"):
        decide(decision.pk, actor=checker, approve=True)
    assert (Donation.objects.count(), in_books()) == (1, (0, 300_000))
    decide(decision.pk, actor=checker, approve=False, reason="پول برگشت")


def test_nobody_approves_their_own_proposal_and_the_database_sees_to_it(maker):
    decision = propose(paid_twice().pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="four_eyes"):
        decide(decision.pk, actor=maker, approve=True)
    with pytest.raises(IntegrityError, match="held_four_eyes"), transaction.atomic():
        HeldDecision.objects.filter(pk=decision.pk).update(
            state="done", decided_by=maker, decided_at=timezone.now()
        )
    assert in_books() == (300_000, 300_000)


def test_a_refusal_says_why_changes_nothing_and_lets_another_way_be_proposed(maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="decision_waits"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="reason_required"):
        decide(decision.pk, actor=checker, approve=False)
    decide(decision.pk, actor=checker, approve=False, reason="نیکوکار برگشت می‌خواهد")
    assert (Donation.objects.count(), in_books()) == (1, (300_000, 300_000))
    refunds.request_refund(held.attempt_id, actor=maker, reason=WHY)


def test_settled_money_is_never_settled_otherwise(maker, checker):
    held = paid_twice()
    go(held, Way.FURTHER_GIFT, maker, checker)
    for wrong in ({"state": "dismissed"}, {"state": "open"}, {"amount_rial": 1}, {"donation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HeldMoney.objects.filter(pk=held.pk).update(**wrong)
    with pytest.raises(DomainError, match="held_settled"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_no_way_without_a_reason(maker, reason):
    held = paid_twice()
    with pytest.raises(DomainError, match="reason_required"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, reason), actor=maker)
    assert not HeldDecision.objects.exists()

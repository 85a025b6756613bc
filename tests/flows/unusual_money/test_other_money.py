"""Another amount, a late payment, an unknown reference: each has its ways and its owner."""

import pytest
from django.db import IntegrityError, connection, transaction

from cases.enums import CaseState
from cases.models import Case
from core import outbox
from core.errors import DomainError
from core.invariants import run_checks
from core.models import OutgoingSms
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation, Receipt
from payments.enums import Way
from payments.gateways.base import Answer, CallbackHint, Outcome
from payments.models import Attempt, BankReference, HeldMoney, Terminal
from payments.services import refunds
from payments.services.held import Proposal, decide, propose, take
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid, receive
from tests.factories.terminals import agree
from tests.flows.test_races import run_together
from tests.flows.unusual_money.cases_of_money import (
    MOBILE,
    WHY,
    bank_reverses,
    go,
    in_books,
    other_amount,
    paid_twice,
    send_back,
    through_our_terminal,
    unknown,
)


# --- another amount --------------------------------------------------------------------------------------
@pytest.mark.parametrize("came", [150_000, 2_000_000])
def test_a_gift_is_accepted_at_the_amount_that_was_paid(maker, checker, came):
    held = other_amount(200_000, came)
    assert (Donation.objects.get().status, in_books()) == ("under_review", (came, 0))
    go(held, Way.ACCEPT_PAID, maker, checker)
    gift = Donation.objects.get()
    assert (gift.status, gift.amount_rial, gift.attempts.get().state) == ("received", came, "succeeded")
    assert in_books() == (0, came)
    fold_all()
    assert figures.total(province="23").total_rial == came
    assert gift.receipt.revoked_at is None
    outbox.drain()
    assert "یکی نبود" in OutgoingSms.objects.get().text
    assert Case.objects.get().state == CaseState.CLOSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Donation.objects.update(amount_rial=1)


def test_another_amount_goes_back_whole(maker, checker, monkeypatch):
    held = other_amount(200_000, 150_000)
    bank_reverses(monkeypatch)
    refund = send_back(held.attempt, maker, checker)
    assert (refund.amount_rial, Donation.objects.get().status, in_books()) == (150_000, "failed", (0, 0))
    assert HeldMoney.objects.get().state == "returned"


def test_an_accepted_amount_can_be_refunded_later(maker, checker, monkeypatch):
    held = other_amount(200_000, 150_000)
    go(held, Way.ACCEPT_PAID, maker, checker)
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    assert (Donation.objects.get().status, in_books()) == ("refunded", (0, 0))
    assert Receipt.objects.get().revoked_at is not None


def test_a_gift_paid_again_in_full_meanwhile_leaves_the_other_amount_a_further_gift(maker, checker):
    held = other_amount(200_000, 150_000)
    again = attempt_for(held.attempt.donation, gateway="sadad")
    settle({again.pk: finding(again, paid(again))})
    with pytest.raises(DomainError, match="way_not_open"):
        propose(held.pk, Proposal(Way.ACCEPT_PAID, WHY), actor=maker)
    go(held, Way.FURTHER_GIFT, maker, checker)
    assert sorted(Donation.objects.values_list("amount_rial", "status")) == [
        (150_000, "received"),
        (200_000, "received"),
    ]


def test_another_attempt_that_fails_leaves_the_gift_under_review():
    held = other_amount()
    again = attempt_for(held.attempt.donation, gateway="sadad")
    settle({again.pk: finding(again, Answer(Outcome.NOT_PAID, "-1"), CallbackHint(claims_paid=False))})
    assert Donation.objects.get().status == "under_review"


def test_money_of_a_reused_reference_is_dismissed_and_never_sent_back(maker, checker):
    """The reference belongs to another gift: reversing it at the bank would take that gift's money."""
    gift = receive(100_000, province="23")
    thief = attempt_for(give(100_000, province="23"))
    settle({thief.pk: finding(thief, paid(thief, reference=gift.receipt.bank_reference))})
    held = HeldMoney.objects.get(kind="reference_reused")
    with pytest.raises(DomainError, match="not_refundable"):
        refunds.request_refund(thief.pk, actor=maker, reason=WHY)
    go(held, Way.DISMISS, maker, checker)
    thief.refresh_from_db()
    assert (thief.state, Donation.objects.get(pk=thief.donation_id).status) == ("failed", "failed")
    assert Donation.objects.get(pk=gift.pk).status == "received"


# --- after the gift was given up -------------------------------------------------------------------------
def test_money_for_a_gift_that_was_given_up_wins_by_itself_is_listed_and_can_go_back(
    maker, checker, monkeypatch
):
    attempt = attempt_for(give(100_000, province="23"))
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), CallbackHint(claims_paid=False))})
    assert Donation.objects.get().status == "failed"
    settle({attempt.pk: finding(attempt, paid(attempt))})
    held = HeldMoney.objects.get()
    assert (held.kind, held.state, held.donation.status) == ("late", "gift", "received")
    assert in_books() == (0, 100_000)
    bank_reverses(monkeypatch)
    send_back(attempt, maker, checker)
    held.refresh_from_db()
    assert (held.state, Donation.objects.get().status, in_books()) == ("returned", "refunded", (0, 0))


# --- unknown reference -----------------------------------------------------------------------------------
def test_an_unknown_reference_becomes_a_gift_of_the_fund_that_two_people_name(maker, checker):
    held = unknown(maker)
    assert in_books() == (0, 0)
    go(held, Way.ASSIGN, maker, checker, fund="dowry", province="23")
    gift = Donation.objects.get()
    assert (gift.status, gift.fund_id, gift.province_id, gift.amount_rial) == (
        "received",
        "dowry",
        "23",
        700_000,
    )
    assert BankReference.objects.get().reference == held.reference == gift.receipt.bank_reference
    assert in_books() == (0, 700_000)
    outbox.drain()
    assert Case.objects.get(subject=f"held:{held.pk}").state == CaseState.CLOSED


def test_what_is_assigned_by_hand_is_claimed_under_the_terminals_name_of_today(maker, checker):
    before = Terminal.objects.get(gateway="zarinpal").credentials_version
    agree(Terminal.objects.get(gateway="zarinpal"), credentials={"merchant_id": "new-name"})
    go(unknown(maker), Way.ASSIGN, maker, checker, fund="dowry")
    assert Attempt.objects.get().credentials_version == before + 1
    assert BankReference.objects.get().terminal_key == "new-name"


def test_an_unknown_reference_pays_the_gift_that_waits_for_it(maker, checker):
    waiting = give(700_000, fund="livelihood", province="23", mobile=MOBILE)
    go(unknown(maker), Way.ASSIGN, maker, checker, basis=waiting)
    waiting.refresh_from_db()
    assert (waiting.status, Donation.objects.count()) == ("received", 1)
    assert waiting.receipt.bank_reference == "987654321"


@pytest.mark.parametrize("amount", [700_000, 650_000])
def test_a_gift_already_paid_or_of_another_amount_gets_a_further_one(maker, checker, amount):
    known = receive(amount, fund="livelihood", province="23", mobile=MOBILE)
    go(unknown(maker), Way.ASSIGN, maker, checker, basis=known)
    further = Donation.objects.exclude(pk=known.pk).get()
    assert (further.amount_rial, further.fund_id, further.donor_id) == (700_000, "livelihood", known.donor_id)
    assert in_books() == (0, 700_000 + amount)


def test_a_reference_that_is_booked_is_not_unknown_and_none_is_written_down_twice(maker):
    attempt = attempt_for(give(100_000))
    settle({attempt.pk: through_our_terminal(attempt, "111")})
    unknown(maker, reference="222")
    for known in ("111", "222"):
        with pytest.raises(DomainError, match="reference_known"):
            unknown(maker, reference=known)
    assert HeldMoney.objects.count() == 1


def test_two_ways_to_one_reference_book_it_once(live_db, maker, checker):
    """While two people assign it, the bank's own word for a lost attempt comes too."""
    held = unknown(maker)
    decision = propose(held.pk, Proposal(Way.ASSIGN, WHY, fund="dowry"), actor=maker)
    late = attempt_for(give(700_000))
    word = through_our_terminal(late, held.reference)
    errors = run_together(
        lambda: decide(decision.pk, actor=checker, approve=True), lambda: settle({late.pk: word})
    )
    assert {getattr(e, "code", repr(e)) for e in errors} <= {"reference_known"}
    assert BankReference.objects.filter(reference=held.reference).count() == 1
    assert in_books() == (0, 700_000)


def test_an_unknown_reference_that_went_back_at_the_bank_books_nothing(maker, checker):
    held = unknown(maker)
    with pytest.raises(DomainError, match="reference_required"):
        propose(held.pk, Proposal(Way.RETURN, WHY), actor=maker)
    go(held, Way.RETURN, maker, checker, bank_reference="پایا ۱۲")
    held.refresh_from_db()
    assert (held.state, Donation.objects.count(), in_books()) == ("returned", 0, (0, 0))


@pytest.mark.parametrize("aim", [{}, {"fund": "dowry", "basis": True}])
def test_an_assignment_names_one_aim(maker, aim):
    if "basis" in aim:
        aim = aim | {"basis": give(10_000)}
    with pytest.raises(DomainError, match="aim_required"):
        propose(unknown(maker).pk, Proposal(Way.ASSIGN, WHY, **aim), actor=maker)


def test_an_unknown_reference_assigned_by_hand_can_be_refunded(maker, checker, monkeypatch):
    held = unknown(maker)
    go(held, Way.ASSIGN, maker, checker, fund="dowry")
    bank_reverses(monkeypatch)
    send_back(Attempt.objects.get(), maker, checker)
    held.refresh_from_db()
    assert (held.state, Donation.objects.get().status, in_books()) == ("returned", "refunded", (0, 0))


# --- whoever looks after it ------------------------------------------------------------------------------
def test_whoever_takes_it_owns_the_money_and_its_case(maker):
    held = paid_twice()
    outbox.drain()
    take(held.pk, actor=maker)
    outbox.drain()
    held.refresh_from_db()
    assert (held.owner, Case.objects.get().owner) == (maker, maker)


def test_money_in_suspense_that_is_on_nobodys_list_is_found_by_the_checks():
    held = paid_twice()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE payments_heldmoney SET amount_rial = 1 WHERE id = %s", [held.pk])
        broken = {r.name for r in run_checks() if not r.holds}
        transaction.set_rollback(True)
    assert "payments: suspense holds exactly the unusual money that is open" in broken

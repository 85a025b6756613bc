"""What becomes of a cheque: cashed by the bank, bounced, or handed back. Only a cashed cheque is a received gift."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from payments.enums import ChequeState, CounterState, DepositKind
from payments.models import CashDeposit, Cheque, CounterGift
from payments.services.cash_days import new_deposit
from payments.services.counter import book, locked_gift, tell_donor


@transaction.atomic
def cash_cheque(gift_id: int, *, actor: User, bank: str, slip_number: str, on: date) -> CashDeposit:
    """The bank has cashed a cheque into our account: the gift is booked with its number and receipt, and its money
    waits, as a deposit, for the bank's own line. Locks the gift; audited.

    DomainError: not_found, cheque_decided, cheque_not_due, day_to_come, slip_number_used.
    """
    gift, cheque = _in_hand(gift_id)
    if cheque.due_on > on:
        raise DomainError("cheque_not_due", field="on")
    deposit = new_deposit(
        gift.office,
        kind=DepositKind.CHEQUE,
        bank=bank,
        slip_number=slip_number,
        amount_rial=gift.amount_rial,
        on=on,
        actor=actor,
    )
    _decide(cheque, ChequeState.CASHED, actor, deposit=deposit)
    book(gift, at=timezone.now())
    _record("counter.cheque_cashed", gift, actor, "")
    return deposit


@transaction.atomic
def bounce_cheque(gift_id: int, *, actor: User, reason: str) -> CounterGift:
    """The bank has refused a cheque: nothing was received, and the donor is told. Locks the gift; audited.

    DomainError: not_found, cheque_decided, cheque_not_due, reason_required.
    """
    gift, cheque = _in_hand(gift_id)
    if cheque.due_on > tehran_today():
        raise DomainError("cheque_not_due")
    return _give_up(gift, cheque, ChequeState.BOUNCED, CounterState.BOUNCED, actor, reason)


@transaction.atomic
def return_cheque(gift_id: int, *, actor: User, reason: str) -> CounterGift:
    """A cheque in hand was handed back, or written down by mistake. Locks the gift; audited.

    DomainError: not_found, cheque_decided, reason_required.
    """
    gift, cheque = _in_hand(gift_id)
    return _give_up(gift, cheque, ChequeState.RETURNED, CounterState.RETURNED, actor, reason)


def _in_hand(gift_id: int) -> tuple[CounterGift, Cheque]:
    gift = locked_gift(gift_id)
    cheque = Cheque.objects.filter(gift=gift, state=ChequeState.IN_HAND).first()
    if cheque is None:
        raise DomainError("cheque_decided")
    gift.cheque = cheque
    return gift, cheque


def _give_up(
    gift: CounterGift, cheque: Cheque, state: ChequeState, gift_state: CounterState, actor: User, reason: str
) -> CounterGift:
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    _decide(cheque, state, actor, reason=normalise(reason)[:300])
    gift.state = gift_state
    gift.save(update_fields=["state"])
    _record(f"counter.cheque_{state}", gift, actor, cheque.reason)
    tell_donor(gift, f"cheque_{state}")
    return gift


def _decide(
    cheque: Cheque, state: ChequeState, actor: User, *, deposit: CashDeposit | None = None, reason: str = ""
) -> None:
    cheque.state, cheque.deposit, cheque.reason = state, deposit, reason
    cheque.decided_by, cheque.decided_at = actor, timezone.now()
    cheque.save()


def _record(action: str, gift: CounterGift, actor: User, reason: str) -> None:
    audit.record(
        action,
        gift,
        actor=actor,
        province_code=gift.office.province_id,
        reason=reason,
        amount_rial=gift.amount_rial,
    )

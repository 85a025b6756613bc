"""Putting a counter's mistake right: one person asks, another decides, the books get a contra entry today, the receipt
is revoked and its number stays used.

On the day itself, before the cash is counted, a clerk asks. Later an accountant does, and says where the money is: it
never came (then the gift falls out of its count, or the cheque's slip is withdrawn); or it came and went back to the
donor from our bank account; or it stays, for another purpose, and is written down anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.services.taking_back import check_refundable
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from donations.models import Donation
from donations.services.refunding import take_back
from ledger.posting import entry_of, reverse
from payments.cash_selectors import bank_sources
from payments.enums import (
    CancelMoney,
    ChequeState,
    CorrectionState,
    CounterState,
    CounterWay,
    CountState,
    DecisionState,
    DepositState,
    LineState,
)
from payments.models import CashCount, CashDeposit, CounterCorrection, CounterGift, StatementLine
from payments.services.cash_differences import fall_out
from payments.services.counter import (
    ANY_PLACE,
    anew_account,
    locked_gift,
    money_account,
    target_of,
    tell_donor,
    void_slip,
    write_anew,
)
from payments.services.posting_lines import ensure_accounts
from provinces.scoping import all_provinces

_TOLD = {
    CancelMoney.NONE: "cancelled",
    CancelMoney.BANK: "cancelled_back",
    CancelMoney.KEPT: "cancelled_anew",
}


@dataclass(frozen=True)
class MoneyBack:
    """Money that went back to the donor: our bank account (a statement source's key) and the transfer's number."""

    source_key: str
    reference: str


@dataclass(frozen=True)
class Purpose:
    """What a gift was really for; province and county "" mean the whole country."""

    fund: str
    province: str = ""
    county: str = ""


@transaction.atomic
def request_cancellation(gift_id: int, *, actor: User, reason: str) -> CounterCorrection:
    """Ask for a booked gift of today, which nobody has counted, to be cancelled. Locks the gift; audited.

    DomainError: not_found, reason_required, not_today, already_counted, cheque_not_cancellable, not_booked,
    correction_exists.
    """
    gift = locked_gift(gift_id)
    if gift.state != CounterState.BOOKED:
        raise DomainError("not_booked")
    if not is_fresh(gift):
        raise DomainError(_why_late(gift))
    return _ask(gift, actor, reason)


@transaction.atomic
def request_late_cancellation(
    gift_id: int,
    *,
    actor: User,
    reason: str,
    money_back: MoneyBack | None = None,
    anew: Purpose | None = None,
) -> CounterCorrection:
    """Ask for a booked gift of any day and way to be cancelled, also after it was counted, banked or closed. With
    `anew` the money stays and is written down for that; without either its money never came to us. Locks the gift;
    audited.

    DomainError: not_found, reason_required, not_booked, correction_exists; cash_count_waits and difference_waits (its
    count, or something proposed about that, is not decided); money_came (a statement shows it: then it must go back);
    gift_delivered (it has reached people and cannot go back); unknown_source, reference_required, transfer_used; of
    another purpose those of `campaigns.selectors.designate`, and same_purpose.
    """
    gift = locked_gift(gift_id)
    facts: dict[str, object] = {"money": CancelMoney.NONE}
    if money_back is not None:
        facts = _of_transfer(money_back)
    elif anew is not None:
        facts = _of_purpose(gift, anew)
    _check_late(gift, CancelMoney(facts["money"]))
    try:
        with transaction.atomic():
            return _ask(gift, actor, reason, **facts)
    except IntegrityError as error:
        raise DomainError("transfer_used", status=409, field="reference") from error


@transaction.atomic
def decide_cancellation(gift_id: int, *, actor: User, approve: bool, reason: str = "") -> CounterCorrection:
    """Cancel the gift, or refuse to, as somebody other than who asked. Locks the gift; audited.

    Cancelling books the contra entry, takes the gift and its receipt back, frees a card slip or a cheque, and tells the
    donor. DomainError: not_found, correction_decided, four_eyes, reason_required (a refusal says why), and those of
    asking.
    """
    gift = locked_gift(gift_id)
    correction = (
        gift.corrections.select_for_update(of=("self",)).filter(state=CorrectionState.REQUESTED).first()
    )
    if correction is None:
        raise DomainError("correction_decided")
    if correction.requested_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    if approve:
        _check_late(gift, CancelMoney(correction.money))
    correction.state = CorrectionState.DONE if approve else CorrectionState.REFUSED
    correction.decided_by, correction.decided_at = actor, timezone.now()
    correction.decision_reason = reason.strip()[:300]
    if approve:
        _cancel(gift, correction)
    correction.save()
    action = "counter.cancel" if approve else "counter.cancel_refuse"
    _record(action, gift, actor, correction.decision_reason or correction.reason)
    return correction


def is_fresh(gift: CounterGift) -> bool:
    """Whether a gift is of today and lies uncounted, so that a clerk may ask for it to be cancelled."""
    return gift.way != CounterWay.CHEQUE and gift.taken_on == tehran_today() and gift.count_id is None


def _why_late(gift: CounterGift) -> str:
    if gift.way == CounterWay.CHEQUE:
        return "cheque_not_cancellable"
    return "already_counted" if gift.count_id is not None else "not_today"


def _of_transfer(money_back: MoneyBack) -> dict[str, object]:
    source = bank_sources().filter(key=money_back.source_key).first()
    reference = normalise(money_back.reference)[:40]
    if source is None:
        raise DomainError("unknown_source", field="source")
    if not reference:
        raise DomainError("reference_required", field="reference")
    ensure_accounts(source)
    return {"money": CancelMoney.BANK, "bank_account": source.account, "bank_reference": reference}


def _of_purpose(gift: CounterGift, anew: Purpose) -> dict[str, object]:
    target = target_of(gift.way, anew.fund, anew.province, anew.county, edition=gift.edition)
    if (target.fund, target.province, target.county) == (gift.fund, gift.province, gift.county):
        raise DomainError("same_purpose", field="fund")
    return {
        "money": CancelMoney.KEPT, "fund": target.fund, "province": target.province, "county": target.county,
    }  # fmt: skip


def _ask(gift: CounterGift, actor: User, reason: str, **more: object) -> CounterCorrection:
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    if gift.corrections.exclude(state=CorrectionState.REFUSED).exists():
        raise DomainError("correction_exists")
    correction = CounterCorrection.objects.create(
        gift=gift, reason=reason.strip()[:300], requested_by=actor, **more
    )
    _record("counter.cancel_request", gift, actor, correction.reason)
    return correction


def _check_late(gift: CounterGift, money: CancelMoney) -> None:
    """What stands against cancelling, when it is asked for and again when it is decided."""
    if gift.state != CounterState.BOOKED:
        raise DomainError("not_booked")
    if gift.count is not None and gift.count.state == CountState.WAITING:
        raise DomainError("cash_count_waits")
    if gift.count is not None and gift.count.differences.filter(state=DecisionState.REQUESTED).exists():
        raise DomainError("difference_waits")
    if money == CancelMoney.NONE:
        if _has_come(gift):
            raise DomainError("money_came")
        return
    with all_provinces(ANY_PLACE):
        check_refundable(gift.donation)


def _has_come(gift: CounterGift) -> bool:
    """Whether a statement shows the gift's own money: a cheque's slip at the bank, or a card's line."""
    if gift.way == CounterWay.CHEQUE:
        return gift.cheque.deposit.state == DepositState.MATCHED
    if gift.way == CounterWay.POS:
        with all_provinces("a card reader's report may be headquarters'"):
            known = StatementLine.objects.filter(donation_id__in=_forerunners(gift), state=LineState.MATCHED)
            return known.exists()
    return False


def _forerunners(gift: CounterGift) -> list[int]:
    """The donations that the same money was, this one first."""
    found = [gift.donation_id]
    while (made_of := getattr(gift, "made_of", None)) is not None:
        gift = made_of.gift
        found.append(gift.donation_id)
    return found


def _cancel(gift: CounterGift, correction: CounterCorrection) -> None:
    source, money = gift.number.source, CancelMoney(correction.money)
    with all_provinces(ANY_PLACE):
        donation = Donation.objects.select_for_update(of=("self",)).get(pk=gift.donation_id)
        instead = {gift.donation.arrival.account: _undone_on(gift, correction)}
    reverse(entry_of(source), source=f"{source}:cancel", memo=correction.reason[:200], instead=instead)
    take_back(donation, was_the_gift=True)
    count = gift.count if money == CancelMoney.NONE else None
    gift.state = CounterState.CANCELLED
    if count is not None:
        gift.count, correction.count = None, count
    gift.save(update_fields=["state", "count"])
    void_slip(gift)
    if money == CancelMoney.KEPT:
        correction.anew = write_anew(
            gift, fund=correction.fund_id, province=correction.province_id or "", county=correction.county_id or "",
            actor=correction.requested_by, at=timezone.now(),
        )  # fmt: skip
    correction.save()
    if count is not None:
        held = CashCount.objects.select_for_update(of=("self",)).select_related("office").get(pk=count.pk)
        fall_out(correction, held, correction.decided_by)
    if gift.way == CounterWay.CHEQUE and money == CancelMoney.NONE:
        _take_cheque_back(gift, correction)
    tell_donor(gift, _TOLD[money])


def _undone_on(gift: CounterGift, correction: CounterCorrection) -> str:
    """The account that the contra entry takes the money from."""
    if correction.money == CancelMoney.KEPT:
        return anew_account()
    return correction.bank_account or money_account(gift)


def _take_cheque_back(gift: CounterGift, correction: CounterCorrection) -> None:
    """The bank had not cashed it after all: its slip is withdrawn, the cheque has bounced. Locks the deposit."""
    deposit = CashDeposit.objects.select_for_update(of=("self",)).get(pk=gift.cheque.deposit_id)
    if deposit.state != DepositState.AWAITING:
        raise DomainError("money_came")
    deposit.state, deposit.reason = DepositState.WITHDRAWN, correction.reason
    deposit.save(update_fields=["state", "reason"])
    cheque = gift.cheque
    cheque.state, cheque.deposit, cheque.reason = ChequeState.BOUNCED, None, correction.reason
    cheque.decided_by, cheque.decided_at = correction.decided_by, correction.decided_at
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

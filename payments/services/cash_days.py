"""An office's cash after the counter has closed: counted by two people, carried to the bank, seen on its statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from campaigns.enums import BoxState
from core import audit
from core.errors import DomainError
from core.jalali import tehran_day, tehran_today
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from donations.models import Donation
from ledger.accounts import cash_code
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from payments.cash_selectors import made_good_uncounted
from payments.enums import CorrectionState, CounterState, CounterWay, CountState, DepositKind, DepositState
from payments.models import (
    CashCount,
    CashCountLine,
    CashDeposit,
    CashDifference,
    CounterGift,
    Denomination,
)
from payments.services.box_moves import move_with_deposit
from provinces.models import Office
from provinces.scoping import all_provinces, check_write

REMAINDER_FUND = "general"  # where the books look for what a count found too much or missing


@transaction.atomic
def count_cash(
    office: Office, pieces: Mapping[int, int], *, actor: User, note: str = "", at: datetime | None = None
) -> CashCount:
    """Write down a count of the notes (denomination id → pieces) taken since the last one, and put back since then.
    Locks the gifts it covers; audited. Somebody else confirms it.

    DomainError: not_found, nothing_to_count, count_exists (one a day), correction_waits (a cancellation of one of
    these gifts is not decided), unknown_denomination.
    """
    check_write(office.province_id, office.county_id)
    at = at or timezone.now()
    gifts = list(
        CounterGift.objects.select_for_update(of=("self",))
        .filter(office=office, way=CounterWay.CASH, state=CounterState.BOOKED, count=None)
        .order_by("pk")
    )
    put_back = list(made_good_uncounted(office).select_for_update(of=("self",)).order_by("pk"))
    if not gifts and not put_back:
        raise DomainError("nothing_to_count")
    if CounterGift.objects.filter(
        pk__in=[gift.pk for gift in gifts], corrections__state=CorrectionState.REQUESTED
    ).exists():
        raise DomainError("correction_waits")
    notes = notes_of(pieces)
    try:
        with transaction.atomic():
            count = CashCount.objects.create(
                office=office,
                day=tehran_day(at),
                expected_rial=sum(gift.amount_rial for gift in gifts)
                - sum(missing.amount_rial for missing in put_back),
                counted_rial=sum(note.value_rial * number for note, number in notes),
                note=normalise(note)[:300],
                counted_by=actor,
                counted_at=at,
            )
    except IntegrityError as error:
        raise DomainError("count_exists", status=409) from error
    CashCountLine.objects.bulk_create(
        [CashCountLine(count=count, denomination=note, pieces=number) for note, number in notes]
    )
    CounterGift.objects.filter(pk__in=[gift.pk for gift in gifts]).update(count=count)
    CashDifference.objects.filter(pk__in=[missing.pk for missing in put_back]).update(counted_in=count)
    _record("cash.count", count, actor, count.note, expected_rial=count.expected_rial)
    return count


def notes_of(pieces: Mapping[int, int]) -> list[tuple[Denomination, int]]:
    """Notes in circulation with their number, of {denomination id: pieces}; DomainError("unknown_denomination")."""
    known = {note.pk: note for note in Denomination.objects.filter(is_active=True)}
    if set(pieces) - set(known) or any(number < 0 for number in pieces.values()):
        raise DomainError("unknown_denomination")
    return [(known[pk], number) for pk, number in pieces.items() if number]


@transaction.atomic
def decide_count(count_id: int, *, actor: User, approve: bool, reason: str = "") -> CashCount:
    """Confirm a count, or have the cash counted again, as somebody other than who counted. Locks the count; audited.

    A confirmed count that is short or over opens a case (cash_short); the difference stays in cash:<office> until it
    is decided (`cash_differences`). A refused one lets its gifts go.
    DomainError: not_found, count_decided, four_eyes, reason_required.
    """
    count = _locked(CashCount, count_id)
    if count.state != CountState.WAITING:
        raise DomainError("count_decided")
    if count.counted_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    count.state = CountState.CONFIRMED if approve else CountState.REFUSED
    count.decided_by, count.decided_at, count.reason = actor, timezone.now(), normalise(reason)[:300]
    count.save()
    if not approve:
        CounterGift.objects.filter(count=count).update(count=None)
        count.made_good.update(counted_in=None)
    elif count.difference_rial:
        after_commit(
            "cases.open_case",
            kind="cash_short",
            subject=f"cash_count:{count.pk}",
            province=count.office.province_id or "",
            office=count.office.name,
            expected_rial=count.expected_rial,
            counted_rial=count.counted_rial,
            difference_rial=count.difference_rial,
        )
    action = "cash.confirm" if approve else "cash.refuse"
    _record(action, count, actor, count.reason, difference_rial=count.difference_rial)
    return count


@transaction.atomic
def record_deposit(
    office: Office,
    counts: Sequence[int],
    *,
    actor: User,
    bank: str,
    slip_number: str,
    on: date,
    photo: UploadedFile | None = None,
) -> CashDeposit:
    """Write down that the cash of these confirmed counts was paid in at the bank. Moves nothing in the books: that is
    done when the bank's line comes (`mark_deposited`). Locks the counts; audited.

    DomainError: not_found, nothing_to_deposit (not confirmed, or deposited already), day_to_come, slip_number_used.
    """
    check_write(office.province_id, office.county_id)
    rows = list(
        CashCount.objects.select_for_update(of=("self",))
        .filter(pk__in=counts, office=office, state=CountState.CONFIRMED, deposit=None)
        .order_by("pk")
    )
    amount_rial = sum(count.counted_rial for count in rows)
    if len(rows) != len(set(counts)) or not amount_rial:
        raise DomainError("nothing_to_deposit")
    deposit = new_deposit(
        office,
        kind=DepositKind.CASH,
        bank=bank,
        slip_number=slip_number,
        amount_rial=amount_rial,
        on=on,
        actor=actor,
        photo=photo,
    )
    CashCount.objects.filter(pk__in=[count.pk for count in rows]).update(deposit=deposit)
    return deposit


def new_deposit(
    office: Office,
    *,
    kind: DepositKind,
    bank: str,
    slip_number: str,
    amount_rial: int,
    on: date,
    actor: User,
    photo: UploadedFile | None = None,
) -> CashDeposit:
    """A deposit that waits for the bank's line, in the caller's transaction; audited.

    DomainError: day_to_come, slip_number_used.
    """
    if on > tehran_today():
        raise DomainError("day_to_come", field="on")
    try:
        with transaction.atomic():
            deposit = CashDeposit.objects.create(
                office=office,
                kind=kind,
                bank=normalise(bank)[:80],
                slip_number=slip_number,
                amount_rial=amount_rial,
                deposited_on=on,
                photo=photo or "",
                recorded_by=actor,
            )
    except IntegrityError as error:
        raise DomainError("slip_number_used", status=409, field="slip_number") from error
    _record("cash.deposit", deposit, actor, "", amount_rial=amount_rial)
    return deposit


@transaction.atomic
def withdraw_deposit(deposit_id: int, *, actor: User, reason: str) -> CashDeposit:
    """Take back a slip that was written down wrongly, while the bank has not shown it; its counts wait for another.
    Locks the deposit; audited. DomainError: not_found, deposit_matched, cheque_deposit, reason_required.
    """
    deposit = _locked(CashDeposit, deposit_id)
    if deposit.state != DepositState.AWAITING:
        raise DomainError("deposit_matched")
    if deposit.kind == DepositKind.CHEQUE:
        raise DomainError("cheque_deposit")
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    deposit.counts.update(deposit=None)
    if deposit.kind == DepositKind.BOX:
        move_with_deposit(deposit, BoxState.COUNTED, actor=actor)
        deposit.box_counts.update(deposit=None)
    deposit.state, deposit.reason = DepositState.WITHDRAWN, normalise(reason)[:300]
    deposit.save(update_fields=["state", "reason"])
    _record("cash.withdraw", deposit, actor, deposit.reason)
    return deposit


@transaction.atomic
def mark_deposited(
    deposit_id: int, *, bank_account: str, at: datetime, line_id: int | None = None
) -> CashDeposit:
    """The bank's line shows a deposit: book cash:<office> → `bank_account` (an existing account's code, see
    `ledger.accounts.bank_code`) purpose by purpose, and close it. `at` is when the bank booked it.

    Joins the caller's transaction; locks the deposit. Repeating it with the same line changes nothing.
    DomainError: not_found, deposit_matched (withdrawn, or shown by another line).
    """
    deposit = _locked(CashDeposit, deposit_id)
    if deposit.state == DepositState.MATCHED and (deposit.bank_account, deposit.line_id) == (
        bank_account,
        line_id,
    ):
        return deposit
    if deposit.state != DepositState.AWAITING:
        raise DomainError("deposit_matched")
    cash, legs = cash_code(deposit.office_id), []
    for facet, amount in sorted(_purposes(deposit).items(), key=str):
        if amount:
            legs += [Leg(bank_account, amount, facet), Leg(cash, -amount, facet)]
    post([NewEntry(EntryKind.DEPOSIT, deposit.source, at, tuple(legs), memo=deposit.slip_number)])
    deposit.state, deposit.bank_account, deposit.line_id = DepositState.MATCHED, bank_account, line_id
    deposit.matched_at = timezone.now()
    deposit.save(update_fields=["state", "bank_account", "line_id", "matched_at"])
    if deposit.kind == DepositKind.BOX:
        move_with_deposit(deposit, BoxState.RECONCILED, actor=None, job="matching")
    return deposit


def _purposes(deposit: CashDeposit) -> Counter[Facet]:
    """How much of the slip's amount came for what; what a count found too much or missing is the last one's."""
    given: Counter[Facet] = Counter()
    of_gifts = {
        DepositKind.CASH: "counter_gift__count__deposit",
        DepositKind.CHEQUE: "counter_gift__cheque__deposit",
        DepositKind.BOX: "box_count__deposit",
    }[DepositKind(deposit.kind)]
    names = [f"{name}_id" for name in Facet._fields]
    with all_provinces("gifts of one office may be for any place"):
        gifts = Donation.objects.filter(**{of_gifts: deposit})
        rows = gifts.values_list(*names).annotate(rial=Sum("amount_rial"))
        for *facet, rial in rows.order_by():
            given[Facet(*facet)] += rial
    rest = deposit.amount_rial - sum(given.values())
    given[Facet(REMAINDER_FUND, deposit.office.province_id, deposit.office.county_id)] += rest
    return given


def _locked(model, pk: int):
    row = model.objects.select_for_update(of=("self",)).select_related("office").filter(pk=pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    return row


def _record(action: str, row, actor: User, reason: str, **data: int) -> None:
    audit.record(
        action, row, actor=actor, province_code=row.office.province_id, reason=reason, **data
    )  # fmt: skip

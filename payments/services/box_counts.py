"""The cash of fitriyeh boxes: counted by two, booked once as the box's gift, carried to the bank with one slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.enums import BoxState
from campaigns.models import Box, Channel
from campaigns.selectors import Designation, designate
from campaigns.services.box_life import move_boxes
from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import after_commit
from core.text import normalise
from donations.services.arrived import ArrivedGift
from ledger.accounts import cash_code, ensure_account
from ledger.enums import AccountType
from payments import counter_phrases
from payments.enums import CountState, DepositKind
from payments.models import BoxCount, BoxCountLine, CashDeposit, Denomination
from payments.services.arrivals import NewArrival, book_arrivals
from payments.services.cash_days import new_deposit, notes_of
from provinces.models import Office
from provinces.scoping import all_provinces, check_write

BOX_CHANNEL, FUND_OTHERWISE = "box", "fitriyeh_general"


@transaction.atomic
def count_box(box: Box, office: Office, pieces: Mapping[int, int], *, actor: User) -> BoxCount:
    """The first count of a collected box (denomination id → pieces; nothing at all is an empty box). Locks the box;
    audited. Books nothing: somebody else counts again with `confirm_count`.

    DomainError: not_found, box_not_collected, box_count_exists (this round is being or has been counted),
    unknown_denomination.
    """
    check_write(office.province_id, office.county_id)
    row = _locked_box(box.pk)
    if row.state != BoxState.COLLECTED:
        raise DomainError("box_not_collected")
    notes = notes_of(pieces)
    try:
        with transaction.atomic():
            count = BoxCount.objects.create(
                box=row, round=row.round, office=office, first_rial=_sum(notes), counted_by=actor
            )
    except IntegrityError as error:
        raise DomainError("box_count_exists", status=409) from error
    _keep_lines(count, notes, is_second=False)
    _record("box.count", count, actor)
    return count


@transaction.atomic
def confirm_count(
    count_id: int, pieces: Mapping[int, int], *, actor: User, reason: str = "", at: datetime | None = None
) -> BoxCount:
    """Count again as somebody else; what is found now is booked as one gift of the box into cash:<office>, in this
    transaction. Locks box and count; audited. Where the two differ, `reason` is needed and a case opens.

    Safe to race: whoever is second gets count_decided. DomainError: not_found, count_decided, four_eyes,
    counts_differ (not explained), unknown_denomination.
    """
    count = _locked_count(count_id, actor)
    notes = notes_of(pieces)
    second_rial, reason = _sum(notes), normalise(reason)[:300]
    if second_rial != count.first_rial and not reason:
        raise DomainError("counts_differ", field="reason")
    at = at or timezone.now()
    _keep_lines(count, notes, is_second=True)
    if second_rial:
        count.donation_id = _book(count, second_rial, actor, at)
    count.state, count.second_rial, count.reason = CountState.CONFIRMED, second_rial, reason
    count.decided_by, count.decided_at = actor, at
    count.save()
    move_boxes([count.box], BoxState.COUNTED, actor=actor)
    if not second_rial:
        move_boxes([count.box], BoxState.RECONCILED, actor=actor)
    if count.variance_rial:
        after_commit(
            "cases.open_case",
            kind="cash_short",
            subject=f"box_count:{count.pk}",
            province=count.box.province_id,
            box=count.box.number,
            office=count.office.name,
            first_rial=count.first_rial,
            second_rial=second_rial,
            difference_rial=count.variance_rial,
        )
    _record("box.confirm", count, actor, reason, variance_rial=count.variance_rial)
    return count


@transaction.atomic
def refuse_count(count_id: int, *, actor: User, reason: str) -> BoxCount:
    """Have a box counted anew from the start, as somebody other than who counted. Locks box and count; audited.

    DomainError: not_found, count_decided, four_eyes, reason_required.
    """
    count = _locked_count(count_id, actor)
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    count.state, count.reason = CountState.REFUSED, normalise(reason)[:300]
    count.decided_by, count.decided_at = actor, timezone.now()
    count.save()
    _record("box.refuse_count", count, actor, count.reason)
    return count


@transaction.atomic
def deposit_boxes(
    office: Office,
    counts: Sequence[int],
    *,
    actor: User,
    bank: str,
    slip_number: str,
    on: date,
    photo: UploadedFile | None = None,
) -> CashDeposit:
    """One slip for the money of several boxes. Moves nothing in the books: the bank's line does, through
    `cash_days.mark_deposited`, and then the boxes are reconciled. Locks the counts; audited.

    DomainError: not_found, nothing_to_deposit (not confirmed, empty, or deposited already), day_to_come,
    slip_number_used.
    """
    check_write(office.province_id, office.county_id)
    boxes = Box.objects.filter(counts__in=counts).distinct()
    list(Box.objects.select_for_update(of=("self",)).filter(pk__in=boxes.values("pk")).order_by("pk"))
    rows = list(
        BoxCount.objects.select_for_update(of=("self",))
        .filter(pk__in=counts, office=office, state=CountState.CONFIRMED, deposit=None, second_rial__gt=0)
        .order_by("pk")
    )
    if not rows or len(rows) != len(set(counts)):
        raise DomainError("nothing_to_deposit")
    deposit = new_deposit(
        office,
        kind=DepositKind.BOX,
        bank=bank,
        slip_number=slip_number,
        amount_rial=sum(count.second_rial for count in rows),
        on=on,
        actor=actor,
        photo=photo,
    )
    BoxCount.objects.filter(pk__in=[count.pk for count in rows]).update(deposit=deposit)
    move_boxes(boxes, BoxState.DEPOSITED, actor=actor, note=slip_number)
    return deposit


def _book(count: BoxCount, amount_rial: int, actor: User, at: datetime) -> int:
    """The id of the box's gift. Its code is not named: what is given by QR is told apart from what lay in the box."""
    account = cash_code(count.office_id)
    name = counter_phrases.CASH_ACCOUNT.format(office=count.office.name)
    ensure_account(account, name[:160], AccountType.ASSET)
    gift = ArrivedGift(
        amount_rial=amount_rial, target=_target(count.box), at=at, reference=count.source, is_anonymous=True
    )
    evidence = {"count": count.pk, "box": count.box.number, "office": count.office_id}
    booked = book_arrivals([NewArrival(count.source, account, gift, evidence)], recorded_by=actor)
    return booked[count.source]


def _target(box: Box) -> Designation:
    placement = box.placement
    with all_provinces("the way to give and the campaign of a box are public"):
        return designate(
            fund=placement.fund_id or FUND_OTHERWISE,
            province=box.province_id,
            county=box.county_id or "",
            recorded_edition=placement.edition,
            channel=Channel.objects.get(code=BOX_CHANNEL),
        )


def _keep_lines(count: BoxCount, notes: Sequence[tuple[Denomination, int]], *, is_second: bool) -> None:
    BoxCountLine.objects.bulk_create(
        [BoxCountLine(count=count, is_second=is_second, denomination=n, pieces=p) for n, p in notes]
    )


def _sum(notes: Sequence[tuple[Denomination, int]]) -> int:
    return sum(note.value_rial * pieces for note, pieces in notes)


def _locked_box(pk: int) -> Box:
    box = Box.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if box is None:
        raise DomainError("not_found", status=404)
    check_write(box.province_id, box.county_id)
    return box


def _locked_count(count_id: int, actor: User) -> BoxCount:
    """A waiting count that this person may decide; the box is locked before it, as everywhere."""
    found = BoxCount.objects.filter(pk=count_id).values_list("box_id", flat=True).first()
    if found is None:
        raise DomainError("not_found", status=404)
    box = _locked_box(found)
    count = BoxCount.objects.select_for_update(of=("self",)).select_related("office").get(pk=count_id)
    count.box = box
    if count.state != CountState.WAITING:
        raise DomainError("count_decided")
    if count.counted_by_id == actor.pk:
        raise DomainError("four_eyes")
    return count


def _record(action: str, count: BoxCount, actor: User, reason: str = "", **data: int) -> None:
    audit.record(
        action, count, actor=actor, province_code=count.box.province_id, reason=reason, number=count.box.number,
        round=count.round, **data,
    )  # fmt: skip

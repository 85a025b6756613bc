"""A box on its way: placed with a permit, sealed, collected, lost or damaged; each step by somebody, within scope.

The database writes a BoxEvent with every move and refuses one that the table of `campaigns.box_states` does not hold.
What becomes of the cash is `payments.services.box_counts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from campaigns.box_states import may_move
from campaigns.enums import BoxState
from campaigns.models import Box
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.outbox import after_commit
from core.text import ascii_digits, normalise
from provinces.models import Province
from provinces.scoping import all_provinces, check_write

MOST_PERMITS_AT_ONCE = 2_000
_IRAN = {"latitude": (Decimal(24), Decimal(41)), "longitude": (Decimal(43), Decimal(64))}


@dataclass(frozen=True)
class Spot:
    """A point on the map, in degrees."""

    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True)
class Permit:
    """What the Zakat Council wrote for one box."""

    box_number: int
    permit_no: str
    valid_until: date


@transaction.atomic
def move_boxes(
    boxes: Iterable[Box], to: BoxState, *, actor: User | None, job: str = "", note: str = "", **facts: object
) -> list[Box]:
    """Move boxes to a state, with `facts` written on them; audited. Locks them; all or none.

    A box that is there already is left as it is, so repeating does no harm; returns those that moved. DomainError:
    not_found (out of scope), box_move_refused, permit_missing (each with the box's number).
    """
    moved = []
    for box in _locked(boxes):
        if box.state == to:
            continue
        if not may_move(box.state, to):
            raise DomainError("box_move_refused", number=box.number, state=box.state)
        if to == BoxState.PLACED:
            _require_permit(box)
            if box.state == BoxState.RECONCILED:
                box.round, box.seal_no = box.round + 1, ""
        for name, value in facts.items():
            setattr(box, name, value)
        _write_down(box, to, actor, job, note)
        _record(f"box.{to}", box, actor, job, reason=note, round=box.round)
        moved.append(box)
    return moved


def mark_printed(boxes: QuerySet[Box], *, actor: User | None, job: str) -> int:
    """The sheet with these boxes' stickers is made: those that were only planned are printed, in one statement. The
    sheet itself was audited when it was asked for; each box keeps its event. Returns how many moved."""
    return boxes.filter(state=BoxState.PLANNED).update(
        state=BoxState.PRINTED, moved_by=actor, moved_job=job, moved_note=""
    )


def print_boxes(boxes: Iterable[Box], *, actor: User) -> int:
    """Somebody says that the stickers of these boxes are printed; audited. Those further on are left as they are."""
    waiting = [box for box in boxes if box.state == BoxState.PLANNED]
    return len(move_boxes(waiting, BoxState.PRINTED, actor=actor))


def place_boxes(boxes: Iterable[Box], *, actor: User | None, job: str = "") -> int:
    """Write down that boxes stand where they belong; audited. Each needs a permit that is valid today.

    Safe to repeat; returns how many were placed. DomainError: those of `move_boxes`.
    """
    return len(move_boxes(boxes, BoxState.PLACED, actor=actor, job=job))


def place_box(box: Box, *, actor: User, spot: Spot | None = None, address: str = "", note: str = "") -> Box:
    """One box stands, here: what is given replaces what was planned; audited. DomainError also: bad_coordinates."""
    facts: dict[str, object] = {}
    if spot is not None:
        facts |= {"latitude": checked(spot).latitude, "longitude": spot.longitude}
    if normalise(address):
        facts["address"] = normalise(address)[:200]
    return _one(move_boxes([box], BoxState.PLACED, actor=actor, note=note, **facts), box)


def seal_box(box: Box, *, seal_no: str, actor: User, note: str = "") -> Box:
    """The box is closed with a numbered seal; audited. DomainError also: seal_required."""
    seal = _seal(seal_no)
    return _one(move_boxes([box], BoxState.SEALED, actor=actor, note=note, seal_no=seal), box)


@transaction.atomic
def replace_seal(box: Box, *, seal_no: str, actor: User, reason: str) -> Box:
    """A sealed box gets another seal, for a reason that somebody has to look into: audited, and a case.

    DomainError: not_found, reason_required, seal_required, box_not_sealed, same_seal.
    """
    [row] = _locked([box])
    reason = _reason(reason)
    if row.state != BoxState.SEALED:
        raise DomainError("box_not_sealed")
    if row.seal_no == _seal(seal_no):
        raise DomainError("same_seal", field="seal_no")
    old, row.seal_no = row.seal_no, _seal(seal_no)
    _write_down(row, BoxState.SEALED, actor, "", reason)
    _record("box.reseal", row, actor, "", reason=reason, old_seal=old, new_seal=row.seal_no)
    _ask_to_look(row, "seal_replaced", old_seal=old, new_seal=row.seal_no)
    return row


@transaction.atomic
def collect_box(box: Box, *, seal_no: str, actor: User, note: str = "") -> Box:
    """The box was taken in; audited. `seal_no` is what the collector reads on it: another number than the one written
    down, or none, opens a case. DomainError: those of `move_boxes`."""
    [row] = _locked([box])
    seen = _plain(seal_no)
    moved = move_boxes([row], BoxState.COLLECTED, actor=actor, note=note)
    if moved and seen != row.seal_no:
        _ask_to_look(row, "seal_differs", old_seal=row.seal_no, new_seal=seen)
    return _one(moved, box)


@transaction.atomic
def report_trouble(box: Box, *, what: BoxState, actor: User, reason: str) -> Box:
    """A box is lost or damaged: audited, and a case. DomainError also: reason_required. ValueError: another state."""
    if what not in (BoxState.LOST, BoxState.DAMAGED):
        raise ValueError(what)
    moved = move_boxes([box], what, actor=actor, note=_reason(reason))
    if moved:
        _ask_to_look(moved[0], str(what))
    return _one(moved, box)


@transaction.atomic
def describe_box(
    box: Box,
    *,
    address: str,
    spot: Spot | None,
    custodian_name: str,
    custodian_mobile: str,
    remind_custodian: bool = True,
    permit_no: str,
    permit_valid_until: date | None,
    actor: User,
) -> Box:
    """Put right where a box stands, who minds it and its permit; audited (names of what changed, not the words).

    The mobile is +989… or empty. DomainError: not_found, bad_coordinates, permit_missing (a box that stands keeps one).
    """
    [row] = _locked([box])
    facts = {
        "address": normalise(address)[:200],
        "latitude": checked(spot).latitude if spot else None,
        "longitude": spot.longitude if spot else None,
        "custodian_name": normalise(custodian_name)[:80],
        "custodian_mobile": custodian_mobile,
        "remind_custodian": remind_custodian,
        "permit_no": normalise(permit_no)[:40],
        "permit_valid_until": permit_valid_until,
    }
    if row.state == BoxState.PLACED and not (facts["permit_no"] and permit_valid_until):
        raise DomainError("permit_missing", number=row.number)
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.save(update_fields=changed)
        _record("box.describe", row, actor, "", changed=changed)
    return row


@transaction.atomic
def write_permits(province: Province, permits: Iterable[Permit], *, actor: User) -> int:
    """Write the permits of many boxes of a province, all or none; audited. Returns how many changed.

    DomainError: unknown_box (with its number: not in the province, or out of scope), too_many_permits.
    """
    wanted = {permit.box_number: permit for permit in permits}
    if len(wanted) > MOST_PERMITS_AT_ONCE:
        raise DomainError("too_many_permits")
    boxes = {
        box.number: box
        for box in Box.objects.select_for_update(of=("self",))
        .filter(province=province, number__in=wanted)
        .order_by("pk")
    }
    if unknown := sorted(set(wanted) - set(boxes)):
        raise DomainError("unknown_box", number=unknown[0])
    changed = 0
    for number, permit in wanted.items():
        box, permit_no = boxes[number], normalise(permit.permit_no)[:40]
        if (box.permit_no, box.permit_valid_until) == (permit_no, permit.valid_until):
            continue
        box.permit_no, box.permit_valid_until = permit_no, permit.valid_until
        box.save(update_fields=["permit_no", "permit_valid_until"])
        _record("box.permit", box, actor, "", permit_no=permit_no, valid_until=permit.valid_until.isoformat())
        changed += 1
    return changed


def checked(spot: Spot) -> Spot:
    """The spot if it lies in Iran; DomainError("bad_coordinates") otherwise."""
    for name, (least, most) in _IRAN.items():
        if not least <= getattr(spot, name) <= most:
            raise DomainError("bad_coordinates", field=name)
    return spot


def _require_permit(box: Box) -> None:
    if not box.permit_no or box.permit_valid_until is None or box.permit_valid_until < tehran_today():
        raise DomainError("permit_missing", number=box.number)


def _write_down(box: Box, to: BoxState, actor: User | None, job: str, note: str) -> None:
    box.state, box.moved_by, box.moved_job = to, actor, job[:60]
    box.moved_note = normalise(note)[:300]
    box.save()


def _ask_to_look(box: Box, what: str, **facts: str) -> None:
    """One case for each trouble: a box may have several in its life."""
    event = box.events.order_by("-pk").values_list("pk", flat=True).first()
    after_commit(
        "cases.open_case",
        kind="box_trouble",
        subject=f"box:{box.pk}:{event}",
        province=box.province_id,
        box=box.number,
        trouble=what,
        **facts,
    )


def _locked(boxes: Iterable[Box]) -> list[Box]:
    """The boxes again, locked in the order of their keys; DomainError not_found when one is out of scope."""
    wanted = {box.pk for box in boxes}
    found = list(Box.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise DomainError("not_found", status=404)
    for box in found:
        check_write(box.province_id, box.county_id)
    return found


def _one(moved: list[Box], box: Box) -> Box:
    """What a service of one box gives back: the moved row, or the row as it is when it was there already."""
    if moved:
        return moved[0]
    with all_provinces("a box that has just been fetched in scope"):
        return Box.objects.get(pk=box.pk)


def _seal(typed: str) -> str:
    seal = _plain(typed)
    if not seal:
        raise DomainError("seal_required", field="seal_no")
    return seal


def _plain(seal_no: str) -> str:
    """A seal's number however it was typed: two people must come to the same."""
    return ascii_digits(normalise(seal_no)).upper()[:40]


def _reason(typed: str) -> str:
    reason = normalise(typed)[:300]
    if not reason:
        raise DomainError("reason_required", field="reason")
    return reason


def _record(action: str, box: Box, actor: User | None, job: str, *, reason: str = "", **data: object) -> None:
    audit.record(
        action,
        box,
        actor=actor,
        job=job,
        province_code=box.province_id,
        reason=reason,
        number=box.number,
        **data,
    )

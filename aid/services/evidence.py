"""What is done alike with deliveries of money and of goods: written down, looked at, undone, followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.utils import timezone

from aid.enums import Outcome
from aid.models import Delivery, GoodsDelivery
from aid.references import parse_reference
from aid.services import photos
from aid.services.receivers import hash_of
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from provinces.models import County


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How it is known that something reached people. `references` are codes of the office's own case system, one for
    each of `households`; `first` and `second` are the roles of those who signed."""

    households: int
    delivered_on: date
    first: str
    second: str
    references: Sequence[str] = ()
    county: County | None = None
    minutes_number: str = ""
    again_because: str = ""
    photo: BinaryIO | None = None
    photo_is_faceless: bool = False
    is_demo: bool = False


def columns_of(proof: Proof, actor: User, at: datetime | None) -> dict[str, object]:
    """What a delivery keeps of its evidence; a photo is sealed now.

    DomainError: photo_shows_faces, photo_unknown, photo_too_large.
    """
    path, digest = "", ""
    if proof.photo is not None:
        if not proof.photo_is_faceless:
            raise DomainError("photo_shows_faces", field="photo_is_faceless")
        path, digest = photos.store(proof.photo)
    return {
        "households": proof.households,
        "delivered_on": proof.delivered_on,
        "first_signatory": proof.first,
        "second_signatory": proof.second,
        "minutes_number": normalise(proof.minutes_number)[:40],
        "photo_path": path,
        "photo_digest": digest,
        "photo_is_faceless": bool(path),
        "recorded_by": actor,
        "recorded_at": at or timezone.now(),
        "is_demo": proof.is_demo,
    }


def case_columns(code: str, proof: Proof) -> dict[str, str]:
    """What is kept of a case that received something."""
    return {
        "reference": code,
        "reference_hash": hash_of(code),
        "again_because": normalise(proof.again_because)[:200],
    }


def mark_undone(made: Delivery | GoodsDelivery, *, actor: User, reason: str, at: datetime) -> None:
    """Say of a locked delivery that it was recorded wrongly; whoever recorded it may not. DomainError: already_undone,
    four_eyes, reason_required."""
    if made.undone_at is not None:
        raise DomainError("already_undone", status=409)
    if made.recorded_by_id == actor.pk:
        raise DomainError("four_eyes")
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    made.undone_by, made.undone_at, made.undo_reason = actor, at, normalise(reason)[:300]
    made.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    made.references.update(is_active=False)


def mark_reviewed(made: Delivery | GoodsDelivery, *, actor: User) -> bool:
    """Say of a locked delivery, as somebody other than who recorded it, that its photo shows no face; whether that is
    new. DomainError: no_photo, four_eyes."""
    if not made.photo_path:
        raise DomainError("no_photo")
    if made.recorded_by_id == actor.pk:
        raise DomainError("four_eyes")
    if made.photo_reviewed_at is not None:
        return False
    made.photo_reviewed_by, made.photo_reviewed_at = actor, timezone.now()
    made.save(update_fields=["photo_reviewed_by", "photo_reviewed_at"])
    return True


def write_outcome(
    made: Delivery | GoodsDelivery, *, outcome: Outcome, references: Sequence[str], on: date | None
) -> int:
    """Write down what a locked delivery led to, for all of its cases or the named ones; for how many. DomainError:
    bad_reference, personal_reference, unknown_reference."""
    rows = made.references.filter(is_active=True)
    if references:
        hashes = {hash_of(parse_reference(typed)) for typed in references}
        rows = rows.filter(reference_hash__in=hashes)
        if rows.count() != len(hashes):
            raise DomainError("unknown_reference", field="references")
    return rows.update(outcome=outcome, outcome_on=on or tehran_today())

"""Who received something: codes of the office's own case system, each once, and not again within a month unasked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from aid.models import DeliveryReference, GoodsReference
from aid.references import parse_reference
from core.crypto import keyed_hash
from core.errors import DomainError
from provinces.scoping import all_provinces

SOON_AGAIN = timedelta(days=30)  # a second delivery for the same purpose within it says why
HASHED_AS = "case_reference"


@dataclass(frozen=True)
class Received:
    """What was received by whom: `typed` are the codes as typed, one for each of `households`; a gathering for food
    may come without."""

    typed: Sequence[str]
    households: int
    purpose: str
    on: date
    again_because: str = ""
    is_gathering: bool = False


def hash_of(code: str) -> str:
    """By what a case is found again."""
    return keyed_hash(code, HASHED_AS)


def codes_of(received: Received, *, known: Callable[[], QuerySet]) -> list[str]:
    """The stored form of the codes. `known` gives the rows (of DeliveryReference or GoodsReference) in which a case may
    not appear a second time; it is asked in the scope of the whole country.

    DomainError: bad_reference, personal_reference, references_do_not_match, delivered_before and delivered_lately (with
    how many).
    """
    codes = [parse_reference(typed) for typed in received.typed]
    is_gathering = received.is_gathering and not codes
    if len(set(codes)) != len(codes) or (len(codes) != received.households and not is_gathering):
        raise DomainError("references_do_not_match", field="references", households=received.households)
    these = {"reference_hash__in": [hash_of(code) for code in codes], "is_active": True}
    since = {"delivery__delivered_on__gte": received.on - SOON_AGAIN}
    with all_provinces("a case that moved is the same case"):
        here = known().filter(**these).count()
        lately = (
            DeliveryReference.objects.filter(**these, **since, allocation__purpose=received.purpose).count()
            + GoodsReference.objects.filter(**these, **since, delivery__purpose=received.purpose).count()
        )
    if here:
        raise DomainError("delivered_before", field="references", count=here)
    if lately and not received.again_because.strip():
        raise DomainError("delivered_lately", field="again_because", count=lately)
    return codes

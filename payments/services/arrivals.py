"""The door for money that came by another way than the web: partners, statement lines, the counter.

One transaction for one or many: claim the source, write the gift down as received, book it, issue the receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from core.errors import DomainError
from core.models import User
from core.rows import insert_rows
from donations.services.arrived import ArrivedGift, write_received
from ledger.accounts import INCOME
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from payments.models import Arrival

TRIES_AGAINST_A_TWIN = 3


@dataclass(frozen=True)
class NewArrival:
    """A paid gift, the ledger account that holds its money, and the source that names it for ever."""

    source: str
    account: str
    gift: ArrivedGift
    evidence: dict = field(default_factory=dict)


def book_arrivals(arrivals: Sequence[NewArrival], *, recorded_by: User | None = None) -> dict[str, int]:
    """Book gifts that are already paid; returns {source: donation id} of all, new and known.

    Safe to repeat and to race: the database takes a source once, whoever comes second is told the first one's gift.
    A known source with another amount raises DomainError("source_reused", source=…) and nothing is written.
    Receipts are issued and the messages to donors promised in the same transaction.
    """
    wanted = {arrival.source: arrival for arrival in sorted(arrivals, key=lambda a: a.source)}
    for _ in range(TRIES_AGAINST_A_TWIN):
        with suppress(IntegrityError), transaction.atomic():
            return _book(wanted, recorded_by)
    raise DomainError("try_again", status=503)


def _book(wanted: dict[str, NewArrival], recorded_by: User | None) -> dict[str, int]:
    known = _known(wanted)
    fresh = [arrival for source, arrival in wanted.items() if source not in known]
    donations = write_received([arrival.gift for arrival in fresh])
    insert_rows(
        [
            Arrival(
                donation=donation,
                source=arrival.source,
                account=arrival.account,
                amount_rial=arrival.gift.amount_rial,
                reference=arrival.gift.reference[:64],
                arrived_at=arrival.gift.at,
                evidence=arrival.evidence,
                recorded_by=recorded_by,
            )
            for arrival, donation in zip(fresh, donations, strict=True)
        ]
    )
    post([_entry(arrival, donation) for arrival, donation in zip(fresh, donations, strict=True)])
    return known | {a.source: d.pk for a, d in zip(fresh, donations, strict=True)}


def _known(wanted: dict[str, NewArrival]) -> dict[str, int]:
    known = {}
    for arrival in Arrival.objects.filter(source__in=list(wanted)):
        if arrival.amount_rial != wanted[arrival.source].gift.amount_rial:
            raise DomainError("source_reused", status=409, source=arrival.source)
        known[arrival.source] = arrival.donation_id
    return known


def _entry(arrival: NewArrival, donation) -> NewEntry:
    return NewEntry(
        kind=EntryKind.GIFT,
        source=arrival.source,
        occurred_at=arrival.gift.at,
        legs=(
            Leg(arrival.account, arrival.gift.amount_rial, donation.facet),
            Leg(INCOME[donation.kind], -arrival.gift.amount_rial, donation.facet),
        ),
        placement_id=donation.placement_id,
    )

"""What a movement of goods says in the books: one entry a cause, at value, apart from cash.

Goods lie in `stock:<warehouse>`, travel in STOCK_TRANSIT, wait packed in `kits:<warehouse>`, and leave to GIVEN
(figures count it as spent in kind) or LOSSES. Each leg stands where the gift stood that the goods came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from aid import stock_phrases as phrases
from aid.models import Lot, Warehouse
from ledger.accounts import ensure_account
from ledger.dimensions import Facet
from ledger.enums import AccountType, EntryKind, GiftKind
from ledger.posting import Leg, NewEntry, post

STOCK_TRANSIT = "stock:transit"
GIVEN = "delivered:in_kind"
LOSSES = "expense:stock_loss"


def seed_stock_accounts() -> None:
    """The accounts that belong to no warehouse; safe to repeat."""
    ensure_account(STOCK_TRANSIT, phrases.ACCOUNT_TRANSIT, AccountType.ASSET)
    ensure_account(GIVEN, phrases.ACCOUNT_GIVEN, AccountType.EXPENSE, GiftKind.IN_KIND)
    ensure_account(LOSSES, phrases.ACCOUNT_LOSSES, AccountType.EXPENSE)


def open_accounts(warehouse: Warehouse) -> None:
    """The accounts of a warehouse; safe to repeat."""
    name = f"{warehouse.name} ({warehouse.office.name})"
    ensure_account(warehouse.account, phrases.ACCOUNT_STOCK.format(warehouse=name)[:160], AccountType.ASSET)
    ensure_account(
        warehouse.kit_account, phrases.ACCOUNT_KITS.format(warehouse=name)[:160], AccountType.ASSET
    )


def facet_of(lot: Lot) -> Facet:
    """Where goods stand in the books: where the gift stood that they came from."""
    if lot.donation is not None:
        return lot.donation.facet
    office = lot.warehouse.office
    return Facet(lot.fund_id, office.province_id, office.county_id)


def book_move(
    source: str, *, debit: str, credit: str, sums: Iterable[tuple[Facet, int]], at: datetime, memo: str = ""
) -> None:
    """Book value from one account to another, facet by facet, in the caller's transaction; nothing for goods that are
    worth nothing. `source` books once and no more."""
    by_facet: dict[Facet, int] = defaultdict(int)
    for facet, rial in sums:
        by_facet[facet] += rial
    legs = []
    for facet, rial in by_facet.items():
        if rial:
            legs += [Leg(debit, rial, facet), Leg(credit, -rial, facet)]
    if legs:
        post([NewEntry(EntryKind.STOCK, source, at, tuple(legs), memo=memo[:200])])

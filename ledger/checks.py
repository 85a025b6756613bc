"""What must be true of the books by themselves."""

from core.invariants import invariant, violations
from ledger.row_seals import broken_row_seals
from ledger.seals import broken_seals


@invariant("ledger: every entry balances per currency unit")
def balanced():
    return violations(
        """SELECT p.entry_id, a.unit, sum(p.amount_rial) AS off FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id
            GROUP BY p.entry_id, a.unit HAVING sum(p.amount_rial) <> 0""",
        "entry {entry_id} is off by {off} {unit}",
    )


@invariant("ledger: every entry has its legs")
def whole():
    return violations(
        """SELECT e.id, e.source, count(p.id) AS legs FROM ledger_entry e
             LEFT JOIN ledger_posting p ON p.entry_id = e.id GROUP BY e.id HAVING count(p.id) < 2""",
        "entry {id} ({source}) has {legs} legs",
    )


@invariant("ledger: every leg has its entry, account and dimension")
def no_orphans():
    return violations(
        """SELECT p.id, p.entry_id FROM ledger_posting p
             LEFT JOIN ledger_entry e ON e.id = p.entry_id
             LEFT JOIN ledger_account a ON a.id = p.account_id
             LEFT JOIN ledger_dimension d ON d.id = p.dimension_id
            WHERE e.id IS NULL OR a.id IS NULL OR d.id IS NULL""",
        "leg {id} of entry {entry_id} stands alone",
    )


@invariant("ledger: no entry or leg was changed, added or lost since it was sealed")
def sealed():
    return broken_seals()


@invariant("ledger: no receipt, allocation or delivery was changed, added or lost since it was sealed")
def rows_sealed():
    return broken_row_seals()

"""The counter, statements and reconciling."""

from __future__ import annotations

from core.jalali import iso_jalali
from tests.architecture.url_table.visitors import (
    CONFIRMS_CASH,
    KEEPS_BOOKS,
    SEES_CASH,
    SEES_MONEY,
    TAKES_CASH,
    Address,
    desk,
    staff,
)

COUNTER: list[Address] = [
    desk("counter", SEES_CASH),
    Address("counter-new", staff(*TAKES_CASH, status=303), staff(*TAKES_CASH, status=405)),
    Address(
        "counter-take",  # a form that became a gift leads to it
        staff(*TAKES_CASH, status=303),
        staff(*TAKES_CASH, status=303),
        lambda w: {"key": w.counter_gift.key},
    ),
    desk("counter-gift", SEES_CASH, TAKES_CASH, lambda w: {"gift_id": w.counter_gift.pk}),
    desk("counter-cheques", SEES_CASH),
    desk("counter-count", TAKES_CASH, TAKES_CASH),
    desk("counter-count-one", SEES_CASH, CONFIRMS_CASH, lambda w: {"count_id": w.cash_count.pk}),
    desk("counter-deposits", SEES_CASH, TAKES_CASH),
    desk("counter-deposit", SEES_CASH, TAKES_CASH, lambda w: {"deposit_id": w.cash_deposit.pk}),
    desk("counter-deposit-photo", SEES_CASH, example=lambda w: {"deposit_id": w.cash_deposit.pk}),
    desk("counter-journal", SEES_CASH),
    desk(
        "counter-journal-file",
        SEES_CASH,
        example=lambda w: {"office_id": w.counter_gift.office_id, "form": "xlsx"},
    ),
    desk("statements", SEES_MONEY, KEEPS_BOOKS),
    Address(
        "statement",
        staff(*SEES_MONEY),
        staff(*KEEPS_BOOKS, status=302),
        lambda w: {"import_id": w.rows["payments.statementimport"].pk},
    ),
    desk(
        "statement-unread-csv",
        SEES_MONEY,
        example=lambda w: {"import_id": w.rows["payments.statementimport"].pk},
    ),
    desk(
        "statement-unread",
        KEEPS_BOOKS,
        KEEPS_BOOKS,
        lambda w: {"unread_id": w.rows["payments.unreadline"].pk},
    ),
]

RECONCILING: list[Address] = [
    Address("reconciliation", staff(*SEES_MONEY), staff(*SEES_MONEY, status=302)),
    desk(
        "reconciliation-day",
        SEES_MONEY,
        SEES_MONEY,
        lambda w: {
            "place": w.rows["payments.daybalance"].office.province_id,
            "day": iso_jalali(w.rows["payments.daybalance"].day),
        },
    ),
    Address(  # somebody's proposal for it waits
        "reconciliation-line",
        staff(*SEES_MONEY),
        staff(),
        lambda w: {"line_id": w.rows["payments.manualdecision"].line_id},
    ),
    desk(
        "discrepancy",
        SEES_MONEY,
        KEEPS_BOOKS,
        lambda w: {"discrepancy_id": w.rows["payments.discrepancy"].pk},
    ),
    desk(
        "match-decision",
        SEES_MONEY,
        SEES_MONEY,
        lambda w: {"decision_id": w.rows["payments.manualdecision"].pk},
    ),
    desk("claims", SEES_MONEY),
    desk("claim", SEES_MONEY, KEEPS_BOOKS, lambda w: {"claim_id": w.rows["payments.donorclaim"].pk}),
]

"""Writing down what matching found, and adding what the files say was paid out to payouts: many lines to one payout,
one payout to one credit at the bank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Max

from ledger.accounts import ensure_account
from ledger.enums import AccountType
from payments.enums import DiscrepancyKind, LineKind, LineState, SourceKind
from payments.models import Payout, StatementLine, StatementSource
from payments.reconciliation_phrases import BANK_ACCOUNT, RECEIVABLE_ACCOUNT, TRANSIT_ACCOUNT
from payments.reconciliation_selectors import transit_account
from payments.services import discrepancies
from payments.services.bank_reversals import TakenBack, note_reversals_by_bank
from payments.services.line_stage import FRESH_COLUMNS
from payments.services.payout_entries import post_parts

BY_DAY = "day:"  # how a payout is called that no file names
_REF = f"CASE WHEN {{line}}.payout_ref = '' THEN '{BY_DAY}' || {{line}}.day ELSE {{line}}.payout_ref END"

# Each by an index of its own: together they would look at every line for every reversal.
_IS_PAID_OUT = """EXISTS (SELECT 1 FROM payments_statementline paid
                           WHERE {same} AND paid.source_id = l.source_id AND paid.kind = 'payment'
                             AND paid.state = 'matched' AND paid.payout_id IS NOT NULL)"""


@dataclass(frozen=True)
class Share:
    """What some lines add to a payout, in rials."""

    ref: str
    first_day: date
    day: date
    lines: int
    gross_rial: int
    fee_rial: int


def ensure_accounts(source: StatementSource) -> None:
    """The accounts a source's lines are booked on; safe to repeat."""
    names = {SourceKind.BANK: BANK_ACCOUNT}
    if not source.account.startswith("clearing:"):
        name = names.get(source.kind, RECEIVABLE_ACCOUNT).format(name=source.name)
        ensure_account(source.account, name[:160], AccountType.ASSET)
    if source.kind != SourceKind.BANK:
        name = TRANSIT_ACCOUNT.format(name=source.name)
        ensure_account(transit_account(source), name[:160], AccountType.ASSET)


def line_source(source: StatementSource, fingerprint: bytes) -> str:
    """The source, unique for ever, of what a line books."""
    return f"line:{source.key}:{bytes(fingerprint).hex()}"


_MEANT = """CASE WHEN v.verdict = 'fits' THEN 'matched'
                WHEN v.attempt_id IS NULL AND EXISTS (SELECT 1 FROM payments_matchsuggestion s WHERE s.line_id = v.id)
                THEN 'suggested' ELSE 'differs' END"""
_WITH_PAYOUT = f"""LEFT JOIN payout_of p ON v.kind = 'payment' AND v.verdict = 'fits'
                                         AND p.ref = {_REF.format(line="v")}"""
_WRITE = f"""
    INSERT INTO payments_statementline ({", ".join(FRESH_COLUMNS)}, state, rule, attempt_id, donation_id, payout_id)
    SELECT {", ".join(f"f.{name}" for name in FRESH_COLUMNS)}, CASE WHEN v.id IS NULL THEN 'new' ELSE {_MEANT} END,
           coalesce(v.rule, ''), v.attempt_id, v.donation_id, p.payout_id
      FROM fresh_line f LEFT JOIN verdict v ON v.id = f.id {_WITH_PAYOUT}
"""  # noqa: S608
_KEEP = f"""
    UPDATE payments_statementline l
       SET state = {_MEANT}, rule = v.rule, attempt_id = v.attempt_id, donation_id = v.donation_id,
           payout_id = p.payout_id
      FROM {{verdicts}} v {_WITH_PAYOUT}
     WHERE l.id = v.id
"""  # noqa: S608
# Of lines that were here before a large file; a table of their own tells the planner how few they are.
_OLDER = """
    DROP TABLE IF EXISTS pg_temp.older_verdict;
    CREATE TEMP TABLE older_verdict ON COMMIT DROP AS
    SELECT * FROM verdict WHERE id NOT IN (SELECT id FROM fresh_line);
    ANALYZE older_verdict
"""


def keep_verdicts(source: StatementSource, *, with_fresh: bool = False) -> None:
    """Write what matching found (the work table `verdict`) to the lines, each with its payout; the lines of the work
    table `fresh_line` are written with it for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS payout_of (ref text, payout_id bigint) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE payout_of")
        if source.kind == SourceKind.GATEWAY_SETTLEMENT:
            cursor.execute(
                f"""SELECT {_REF.format(line="v")}, min(day), max(day), count(*), sum(amount_rial), sum(fee_rial)
                      FROM verdict v WHERE verdict = 'fits' AND kind = 'payment' GROUP BY 1"""  # noqa: S608
            )
            payouts = add_to_payouts(source, [Share(*row) for row in cursor.fetchall()])
            cursor.executemany("INSERT INTO payout_of VALUES (%s, %s)", list(payouts.items()))
            cursor.execute("ANALYZE payout_of")
        if with_fresh:
            cursor.execute(_OLDER)
            cursor.execute(_WRITE)
        cursor.execute(_KEEP.format(verdicts="older_verdict" if with_fresh else "verdict"))


def note_reversals(source: StatementSource, found: Iterable[tuple[int, int]]) -> None:
    """The bank took verified money back: a contra entry, the receipt revoked, totals fall. (line id, attempt id)"""
    attempts = dict(found)
    lines = list(StatementLine.objects.filter(pk__in=attempts).order_by("pk"))
    note_reversals_by_bank(
        [
            TakenBack(
                attempts[line.pk],
                {"line": line.pk, "rrn": line.rrn, "reference": line.reference},
                f"{source.key}: {line.line_no}",
                line.occurred_at,
            )
            for line in lines
        ]
    )
    discrepancies.note_settled(DiscrepancyKind.REVERSED_LATER, [(line, attempts[line.pk]) for line in lines])


def add_to_payouts(source: StatementSource, shares: Sequence[Share]) -> dict[str, int]:
    """Add lines to the parts of payouts that are not booked yet, made where missing; {ref: payout id}."""
    if not shares:
        return {}
    refs = [share.ref for share in shares]
    waiting = {
        p.ref: p
        for p in Payout.objects.select_for_update(of=("self",)).filter(
            source=source, ref__in=refs, posted_at=None
        )
    }
    parts = dict(Payout.objects.filter(source=source, ref__in=refs).values_list("ref").annotate(Max("part")))
    result = {}
    for share in shares:
        net_rial = share.gross_rial - share.fee_rial
        payout = waiting.get(share.ref)
        if payout is None:
            payout = Payout.objects.create(
                source=source, ref=share.ref, part=parts.get(share.ref, 0) + 1,
                is_named=not share.ref.startswith(BY_DAY), first_day=share.first_day, day=share.day,
                lines=share.lines, gross_rial=share.gross_rial, fee_rial=share.fee_rial, net_rial=net_rial,
            )  # fmt: skip
        else:
            Payout.objects.filter(pk=payout.pk).update(
                first_day=min(payout.first_day, share.first_day),
                day=max(payout.day, share.day),
                lines=F("lines") + share.lines,
                gross_rial=F("gross_rial") + share.gross_rial,
                fee_rial=F("fee_rial") + share.fee_rial,
                net_rial=F("net_rial") + net_rial,
            )
        result[share.ref] = payout.pk
    return result


def post_payouts(source: StatementSource) -> None:
    """Book every payout that the files of a source name, with its fees and the reversals that it carries."""
    _take(source, LineKind.FEE, "l.kind = 'fee' AND l.state = 'new'", "fee")
    # A reversal takes from a payout only what an earlier payout brought.
    paid = f"l.attempt_id IS NOT NULL AND {_IS_PAID_OUT.format(same='paid.attempt_id = l.attempt_id')}"
    given = _IS_PAID_OUT.format(same="paid.attempt_id IS NULL AND paid.donation_id = l.donation_id")
    _take(
        source,
        LineKind.REVERSAL,
        f"""l.kind = 'reversal' AND l.state = 'matched' AND l.payout_id IS NULL
            AND (({paid}) OR (l.attempt_id IS NULL AND {given}))""",
        "",
    )
    post_parts(
        source, list(Payout.objects.filter(source=source, posted_at=None, is_named=True).order_by("pk"))
    )
    _compare_totals(source)


def _take(source: StatementSource, kind: LineKind, condition: str, rule: str) -> None:
    """Give lines of a kind to the payouts they name."""
    sign = -1 if kind == LineKind.REVERSAL else 0
    fee = "amount_rial" if kind == LineKind.FEE else "fee_rial"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {_REF.format(line="l")}, min(day), max(day), count(*), sum(amount_rial) * {sign}, sum({fee}),
                       array_agg(id) FROM payments_statementline l
                 WHERE l.source_id = %s AND {condition} GROUP BY 1""",  # noqa: S608
            [source.pk],
        )
        rows = cursor.fetchall()
    payouts = add_to_payouts(source, [Share(*row[:6]) for row in rows])
    for row in rows:
        changes = {"payout_id": payouts[row[0]]} | (
            {"state": LineState.MATCHED, "rule": rule} if rule else {}
        )
        StatementLine.objects.filter(pk__in=row[6]).update(**changes)


def net_of_open_lines(source_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """What the payouts carry, by (source, ref), in lines that are not decided."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT l.source_id, {_REF.format(line="l")},
                       sum(CASE WHEN l.kind = 'payment' THEN l.amount_rial - l.fee_rial
                                WHEN l.kind IN ('reversal', 'fee') THEN -l.amount_rial ELSE 0 END)
                  FROM payments_statementline l
                 WHERE l.source_id = ANY(%s) AND l.state IN ('new', 'suggested', 'suspense', 'differs')
                   AND l.kind IN ('payment', 'reversal', 'fee') GROUP BY 1, 2""",  # noqa: S608
            [list(source_ids)],
        )
        return {(row[0], row[1]): int(row[2]) for row in cursor.fetchall()}


def _compare_totals(source: StatementSource) -> None:
    """A payout's own line in the file must equal the sum of the lines it pays."""
    totals = StatementLine.objects.filter(
        source=source, kind=LineKind.PAYOUT, state__in=[LineState.NEW, LineState.DIFFERS], decisions=None
    ).order_by("pk")
    waiting = net_of_open_lines([source.pk]) if totals else {}
    for line in totals:
        parts = list(Payout.objects.filter(source=source, ref=line.payout_ref)) or _named_now(source, line)
        net_rial = sum(p.net_rial for p in parts) + waiting.get((source.pk, line.payout_ref), 0)
        if net_rial == line.amount_rial:
            line.state, line.rule = LineState.MATCHED, "payout_total"
        elif line.state == LineState.NEW:
            line.state = LineState.DIFFERS
            discrepancies.open_for_line(DiscrepancyKind.FEE_DIFFERS, line, our_rial=net_rial)
        line.save(update_fields=["state", "rule"])


def _named_now(source: StatementSource, line: StatementLine) -> list[Payout]:
    """A day's sum that this line's amount names, when there is one only."""
    sums = Payout.objects.filter(
        source=source, is_named=False, posted_at=None, net_rial=line.amount_rial, day__lte=line.day
    )
    found = list(sums[:2])
    if len(found) != 1 or not line.payout_ref:
        return []
    found[0].ref, found[0].is_named = line.payout_ref, True
    found[0].save(update_fields=["ref", "is_named"])
    post_parts(source, found)
    return found

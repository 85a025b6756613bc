"""Many gifts at once, to see how the portal bears them: paid, booked, receipted, marked as demo.

Whole batches are written by SQL from a plan that is copied in; nothing is asked of a bank. The same rules of the
database hold as for every other gift, and `check_books` holds afterwards.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from core.codes import new_tracking_code, new_url_token, new_verification_code
from core.errors import DomainError
from dashboards.models import FoldState
from dashboards.rollups import fold_all, rebuild
from ledger import folding
from ledger.accounts import INCOME
from ledger.enums import GiftKind

BATCH = 50_000
TARGETS = 20_000  # different places and purposes; most gifts go to few of them
YEARS = 3
_TOMAN = (10, 20, 20, 50, 50, 50, 100, 100, 200, 500, 1_000, 5_000)  # thousands

_TARGETS = """
    CREATE TEMP TABLE volume_target AS
    WITH place AS (
        SELECT c.code AS county, c.province_id AS province,
               sum(p.population_1395) OVER (ORDER BY c.code) - p.population_1395 AS people_before,
               sum(p.population_1395) OVER (ORDER BY c.code) AS people
          FROM provinces_county c JOIN provinces_province p ON p.code = c.province_id WHERE c.is_active
    ), funds AS (SELECT array_agg(code ORDER BY code) AS codes FROM campaigns_fund WHERE is_active),
    channels AS (SELECT array_agg(id ORDER BY id) AS ids FROM campaigns_channel WHERE code IN ('web', 'qr')),
    editions AS (SELECT array_agg(id ORDER BY id) AS ids FROM campaigns_edition WHERE state <> 'draft'),
    wish AS (
        SELECT n, codes[1 + floor(random() * cardinality(codes))::int] AS fund,
               channels.ids[1 + floor(random() * cardinality(channels.ids))::int] AS channel,
               editions.ids[1 + floor(random() * cardinality(editions.ids))::int] AS edition,
               random() * (SELECT max(people) FROM place) AS person, random() AS dice
          FROM generate_series(1, %s) AS n, funds, channels, editions
    )
    SELECT row_number() OVER () - 1 AS n, w.fund, w.channel,
           CASE WHEN dice < 0.6 THEN w.edition END AS edition,
           CASE WHEN dice < 0.9 THEN c.province END AS province,
           CASE WHEN dice < 0.5 THEN c.county END AS county,
           b.id AS branch, NULL::bigint AS dimension
      FROM wish w JOIN place c ON w.person >= c.people_before AND w.person < c.people
      LEFT JOIN campaigns_branch b ON dice < 0.6 AND b.edition_id = w.edition AND b.province_id = c.province
"""
_FACETS = "fund, province, county, edition, branch, channel"
_DIMENSIONS = f"""
    INSERT INTO ledger_dimension (fund_id, province_id, county_id, edition_id, branch_id, channel_id)
    SELECT DISTINCT {_FACETS} FROM volume_target ON CONFLICT DO NOTHING;
    UPDATE volume_target t SET dimension = d.id FROM ledger_dimension d
     WHERE d.need_id IS NULL AND d.fund_id = t.fund AND coalesce(d.province_id, '') = coalesce(t.province, '')
       AND coalesce(d.county_id, '') = coalesce(t.county, '') AND coalesce(d.edition_id, 0) = coalesce(t.edition, 0)
       AND coalesce(d.branch_id, 0) = coalesce(t.branch, 0) AND coalesce(d.channel_id, 0) = coalesce(t.channel, 0);
    CREATE UNIQUE INDEX ON volume_target (n);
    ANALYZE volume_target;
    CREATE TEMP TABLE volume_plan (target int, amount bigint, at timestamptz, code text, token text, receipt text);
"""  # noqa: S608 - its own words
_GIVE = """
    WITH given AS (
        INSERT INTO donations_donation (tracking_code, kind, amount_rial, fund_id, province_id, county_id, edition_id,
               branch_id, channel_id, donor_name, is_anonymous, message, preferred_gateway, status, created_at,
               received_at, is_demo)
        SELECT p.code, 'cash', p.amount, t.fund, t.province, t.county, t.edition, t.branch, t.channel, '', false, '',
               '', 'received', p.at, p.at, true
          FROM volume_plan p JOIN volume_target t ON t.n = p.target
        RETURNING id, tracking_code, amount_rial, received_at
    ), tried AS (
        INSERT INTO payments_attempt (donation_id, terminal_id, gateway, amount_rial, token, state, evidence, reference,
               rrn, created_at, redirected_at, decided_at)
        SELECT id, %(terminal)s, %(gateway)s, amount_rial, tracking_code, 'succeeded', '{"recorded": "demo"}',
               'V' || tracking_code, id::text, received_at, received_at, received_at FROM given
        RETURNING id, donation_id, order_id, reference
    ), moved AS (
        INSERT INTO payments_attemptevent (attempt_id, from_state, to_state, reason, at)
        SELECT t.id, 'redirected', 'succeeded', 'demo', g.received_at FROM tried t JOIN given g ON g.id = t.donation_id
    ), claimed AS (
        INSERT INTO payments_bankreference (gateway, terminal_key, reference, attempt_id)
        SELECT %(gateway)s, 'demo', reference, id FROM tried
    ), receipted AS (
        INSERT INTO donations_receipt (donation_id, serial, token, code, bank_reference, issued_at)
        SELECT g.id, 'N-' || g.id, p.token, p.receipt, 'V' || g.tracking_code, g.received_at
          FROM given g JOIN volume_plan p ON p.code = g.tracking_code
    ), entered AS (
        INSERT INTO ledger_entry (kind, source, occurred_at, day)
        SELECT 'gift', 'attempt:' || t.order_id, g.received_at, (g.received_at AT TIME ZONE 'Asia/Tehran')::date
          FROM tried t JOIN given g ON g.id = t.donation_id
        RETURNING id, source
    )
    INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
    SELECT e.id, side.account, t.dimension, side.sign * g.amount_rial
      FROM entered e JOIN tried a ON 'attempt:' || a.order_id = e.source
      JOIN given g ON g.id = a.donation_id
      JOIN volume_plan p ON p.code = g.tracking_code JOIN volume_target t ON t.n = p.target
     CROSS JOIN (VALUES (%(clearing)s, 1), (%(income)s, -1)) AS side (account, sign)
"""


def seed_gifts(
    number: int,
    report: Callable[[str], None],
    *,
    seed: int = 1405,
    within: timedelta = timedelta(days=YEARS * 365),
    fold: bool = True,
) -> None:
    """Add `number` received gifts over the last three years (or `within` that time) and fold them. Repeatable: each
    call adds as many. Without `fold` they wait for the figures like any other gift.

    DomainError("no_terminal") when reference data is missing. Figures are made anew at the end, which for millions of
    gifts is quicker than folding them batch by batch.
    """
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    fixed = _fixed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed / 10_000])
        cursor.execute(_TARGETS, [TARGETS])
        cursor.execute(_DIMENSIONS)
        began, done = time.monotonic(), 0
        while done < number:
            batch = min(BATCH, number - done)
            with transaction.atomic():
                cursor.execute("TRUNCATE volume_plan")
                cursor.copy_expert("COPY volume_plan FROM STDIN", _plan(batch, dice, within))
                cursor.execute("ANALYZE volume_plan")
                cursor.execute(_GIVE, fixed)
            if fold:
                _seal(batch)
            done += batch
            report(f"gifts {done} of {number}, {time.monotonic() - began:.0f} s")
        cursor.execute("DROP TABLE volume_plan, volume_target")
        cursor.execute("ANALYZE")
    if fold:
        _count(report)


@transaction.atomic
def _seal(number: int) -> None:
    """Off the queue and into the seals. The figures do not hold these gifts yet: the next fold makes them anew, should
    this one not come to its end."""
    if folding.take(number):
        FoldState.objects.update(rebuild_wanted=True)


def _count(report: Callable[[str], None]) -> None:
    began = time.monotonic()
    rebuild()
    fold_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dashboards_rollup, dashboards_cube")
    report(f"figures made anew, {time.monotonic() - began:.0f} s")


def _fixed() -> dict[str, int | str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.gateway, a.id FROM payments_terminal t "
            "JOIN ledger_account a ON a.code = 'clearing:' || t.gateway || ':' || t.id ORDER BY t.id LIMIT 1"
        )
        row = cursor.fetchone()
        if row is None:
            raise DomainError("no_terminal")
        cursor.execute("SELECT id FROM ledger_account WHERE code = %s", [INCOME[GiftKind.CASH]])
        return dict(zip(("terminal", "gateway", "clearing"), row, strict=True)) | {
            "income": cursor.fetchone()[0]
        }


def _plan(number: int, dice: random.Random, within: timedelta) -> io.StringIO:
    """Rows for COPY: few targets take most gifts, half of all gifts fall into the last third of the time."""
    now = timezone.now().astimezone(UTC)
    lines = []
    for _ in range(number):
        at: datetime = now - timedelta(seconds=int(dice.random() ** 1.6 * within.total_seconds()))
        target = int(dice.random() ** 3 * TARGETS)
        amount = dice.choice(_TOMAN) * 10_000
        lines.append(
            f"{target}\t{amount}\t{at.isoformat()}\t{new_tracking_code()}\t{new_url_token()}\t{new_verification_code()}\n"
        )
    return io.StringIO("".join(lines))

"""A portal with many received gifts, and the settlement file in which their gateway would tell of them.

Runs as a process of its own with the portal's settings: `python -m bench.support.filling LINES OLDER FILE`.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import django
from django.db import connection, transaction

BLOCK = 1_000  # lines of which each kind has its share
GIFTS_A_BLOCK = 975
SPREAD = timedelta(days=3)
SOURCE = "bench-settlement"
OLDER_FILE = "older lines"
# What becomes of each block's lines.
SHARES = {"matched": 960, "known": 20, "unread": 10, "amount_differs": 5, "unknown": 4, "reversal": 1}

_NUMBERED = """
    CREATE TEMP TABLE numbered AS
    SELECT row_number() OVER (ORDER BY decided_at, id) - 1 AS n, rrn, amount_rial, card_masked,
           decided_at AT TIME ZONE 'Asia/Tehran' AS at
      FROM payments_attempt WHERE state = 'succeeded';
    CREATE UNIQUE INDEX ON numbered (n);
    ANALYZE numbered
"""
# Which gift of its block a line speaks of.
_GIFT = """CASE WHEN slot < 950 THEN slot WHEN slot < 970 THEN slot - 950 WHEN slot < 980 THEN slot - 20
                WHEN slot < 985 THEN slot - 20 WHEN slot < 989 THEN slot - 985 WHEN slot = 989 THEN 500
                ELSE slot - 25 END"""
_LINES = f"""
    SELECT concat_ws(',',
             CASE WHEN is_broken AND s.n % 4 = 0 THEN replace(j.text, '/', '/99/') ELSE j.text END,
             CASE WHEN is_broken AND s.n % 4 = 1 THEN '25:61' ELSE to_char(g.at, 'HH24:MI:SS') END, '12345678',
             CASE WHEN slot BETWEEN 985 AND 988 THEN '9' || lpad(s.n::text, 11, '0')
                  ELSE lpad(g.rrn, 12, '0') END,
             lpad((g.n % 1000000)::text, 6, '0'),
             CASE WHEN is_broken AND s.n % 4 = 2 THEN 'مبلغ'
                  ELSE (g.amount_rial * CASE WHEN slot BETWEEN 980 AND 984 THEN 10 ELSE 1 END)::text END,
             '1200', CASE WHEN slot = 989 THEN 'برگشت' ELSE 'خرید' END,
             to_char(g.at, '"P"YYYYMMDD') || extract(hour FROM g.at)::int / 4, '603799******1234', 'کمک')
           || CASE WHEN is_broken AND s.n % 4 = 3 THEN ',,' ELSE '' END
      FROM (SELECT n, (n % {BLOCK})::int AS slot, n / {BLOCK} AS block, n % {BLOCK} BETWEEN 970 AND 979 AS is_broken
              FROM generate_series(0, {{lines}} - 1) n) s
      JOIN numbered g ON g.n = s.block * {GIFTS_A_BLOCK} + {_GIFT}
      JOIN jalali j ON j.day = g.at::date
     ORDER BY s.n
"""
HEADING = "تاریخ,ساعت,شماره پایانه,شماره مرجع,شماره پیگیری,مبلغ,کارمزد,نوع,شماره پایا,شماره کارت,شرح\n"
# A year of lines that were matched long ago; their attempts are not here.
_OLDER = """
    INSERT INTO payments_statementline (source_id, first_import_id, line_no, day, fingerprint, content, kind, state,
           rule, amount_rial, fee_rial, occurred_at, terminal_code, rrn, trace_no, payout_ref, attempt_id)
    SELECT %(source)s, %(import)s, n + 1, current_date - 370 + (n * 360 / %(older)s)::int,
           decode(md5('older' || n), 'hex'), decode(md5(n::text), 'hex'), 'payment', 'matched', 'rrn', 500000, 1200,
           now() - interval '370 days' + n * interval '360 days' / %(older)s, '12345678', lpad(n::text, 12, '0'),
           lpad((n %% 1000000)::text, 6, '0'), 'older', -n - 1
      FROM generate_series(0, %(older)s - 1) n
"""


def main(lines: int, older: int, path: Path) -> None:
    """Fill the database and write the file."""
    from dashboards.volume import seed_gifts
    from provinces.scoping import all_provinces

    with all_provinces("bench"):
        seed_gifts(lines // BLOCK * GIFTS_A_BLOCK, _say, within=SPREAD, fold=False)
        source = _source()
        if older:
            _add_older(source, older)
            _say(f"older lines: {older}")
        _write(lines, path)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _say("ready")


def _source():
    from ledger.accounts import clearing_code
    from payments.models import MappingProfile, StatementSource, Terminal

    with connection.cursor() as cursor:
        cursor.execute("SELECT terminal_id FROM payments_attempt LIMIT 1")
        terminal = Terminal.objects.select_related("office").get(pk=cursor.fetchone()[0])
    return StatementSource.objects.create(
        key=SOURCE, name="bench", kind="gateway_settlement", office=terminal.office, gateway=terminal.gateway,
        profile=MappingProfile.objects.get(key="shaparak_settlement"), terminal=terminal,
        account=clearing_code(terminal.gateway, terminal.pk),
    )  # fmt: skip


@transaction.atomic
def _add_older(source, older: int) -> None:
    from payments.models import StatementImport

    file = StatementImport.objects.create(
        source=source, sha256="older", file_name=OLDER_FILE, file_path="", size_bytes=1, state="posted"
    )
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, {"source": source.pk, "import": file.pk, "older": older})


def _write(lines: int, path: Path) -> None:
    from core.jalali import to_jalali

    with connection.cursor() as cursor, path.open("wb") as file:
        cursor.execute(_NUMBERED)
        cursor.execute("CREATE TEMP TABLE jalali (day date, text text)")
        cursor.execute("SELECT DISTINCT at::date FROM numbered")
        for (day,) in cursor.fetchall():
            jalali = to_jalali(day)
            text = f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"
            cursor.execute("INSERT INTO jalali VALUES (%s, %s)", [day, text])
        file.write(HEADING.encode())
        cursor.copy_expert(f"COPY ({_LINES.format(lines=lines)}) TO STDOUT", file)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

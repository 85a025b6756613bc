"""What the benchmark of the dashboards asks: the people, the pages, and the same questions in plain SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import psycopg2

from bench.support.stack import Stack
from core.jalali import iso_jalali

_SCOPE = """
import json, time
from provinces.scoping import all_provinces
began = time.monotonic()
with all_provinces("bench"):
"""
# Sessions of one person of headquarters and one of a province, as after signing in with both factors.
PEOPLE = (
    _SCOPE
    + """
    from datetime import date
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from provinces.models import Membership, Office, SecondFactor
    found = {}
    for who, role, office in (("hq", "hq_accountant", Office.objects.get(level="hq")),
                              ("province", "provincial_manager", Office.objects.get(level="province", province="23"))):
        user, is_new = get_user_model().objects.get_or_create(username="bench." + who, display_name=who)
        if is_new:
            Membership.objects.create(user=user, office=office, role=role, starts_on=date(2025, 1, 1))
            SecondFactor.objects.create(user=user, name="phone", confirmed=True)
        device = SecondFactor.objects.get(user=user)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
        found[who] = client.cookies["sessionid"].value
    print(json.dumps(found))
"""
)
SEED = (
    _SCOPE
    + """
    from datetime import timedelta
    from dashboards.volume import seed_gifts
    told = []
    seed_gifts({number}, told.append, fold={fold}, seed=int(began) % 9000, within=timedelta(days={days}))
    figures = float(told[-1].rsplit(None, 2)[-2]) if {fold} else 0
    print(json.dumps({{"all": time.monotonic() - began, "figures": figures}}))
"""
)
FOLD = (
    _SCOPE
    + """
    from dashboards.rollups import fold_all
    fold_all()
    print(json.dumps({"all": time.monotonic() - began}))
"""
)
REBUILD = (
    _SCOPE
    + """
    from dashboards.rollups import rebuild
    rebuild()
    print(json.dumps({"all": time.monotonic() - began}))
"""
)
CHECK = (
    _SCOPE
    + """
    from core.invariants import run_checks
    import dashboards.checks as figures
    for result in run_checks():
        if result.name.startswith("figures") and not result.holds:
            print("DIFFERS", result.name, *result.findings[:3])
"""
)
OPEN_IMPORT = """
    INSERT INTO payments_statementline (source_id, first_import_id, line_no, day, fingerprint, content, kind, state,
           amount_rial, occurred_at, rrn)
    SELECT 1, 1, n, current_date, decode(md5('open' || n), 'hex'), decode(md5(n::text), 'hex'), 'payment', 'new',
           500000, now(), lpad(n::text, 12, '0') FROM generate_series(1, %(lines)s) n
"""


@dataclass(frozen=True)
class Page:
    """`address` takes the number of the request, so that no two ask for the same days; `who` is a session's name."""

    name: str
    who: str
    address: Callable[[int], str]


def pages(tracking_code: str) -> list[Page]:
    """Every dashboard and list that is measured."""
    return [
        Page("home", "", lambda number: "/"),
        Page("transparency", "", lambda number: f"/transparency/?{_days(number)}"),
        Page("campaign", "", lambda number: "/campaigns/mosbat-mah/"),
        Page("totals_api", "", lambda number: f"/api/v1/totals/?by=province&{_days(number)}"),
        Page("hq", "hq", lambda number: f"/hq/?{_days(number)}"),
        Page("hq_province", "hq", lambda number: f"/hq/provinces/tehran/?{_days(number)}"),
        Page("desk", "province", lambda number: f"/desk/?{_days(number)}"),
        Page("desk_list", "province", lambda number: "/desk/payments/"),
        Page("desk_search", "province", lambda number: f"/desk/payments/?q={tracking_code}"),
        Page("search_of_everything", "province", lambda number: f"/desk/search/?q={tracking_code}"),
    ]


def _days(number: int) -> str:
    """A period of about a year that no other request has: years, months and edge days are all read."""
    number += 30
    return (
        f"from=1404-{number % 6 + 1:02}-{number % 28 + 2:02}&to=1405-{number % 7 + 2:02}-{number % 29 + 1:02}"
    )


# facet -> what the books are grouped by
PLAIN = {
    "province": "d.province_id",
    "campaign": "d.edition_id",
    "channel": "d.channel_id",
    "fund": "d.fund_id",
    "day": "e.day",
    "kind": "a.gift_kind",
}
_NAMES = {
    "campaign": "SELECT e.id, k.slug FROM campaigns_edition e JOIN campaigns_campaign k ON k.id = e.campaign_id",
    "channel": "SELECT id, code FROM campaigns_channel",
}
_PLAIN = """
    SELECT {key}, -sum(p.amount_rial)::bigint, sum(CASE WHEN p.amount_rial < 0 THEN 1 ELSE -1 END)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income'
      JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_dimension d ON d.id = p.dimension_id
     GROUP BY 1
"""


def group_by(stack: Stack, by: str) -> tuple[float, dict[str | None, tuple[int, int]]]:
    """Seconds, and {key: (rial, gifts)} as the API names them."""
    with (
        closing(psycopg2.connect(stack.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        names = _names(cursor, by)
        began = time.monotonic()
        cursor.execute(_PLAIN.format(key=PLAIN[by]))
        found = cursor.fetchall()
        seconds = time.monotonic() - began
    rows: dict[str | None, tuple[int, int]] = {}
    for key, rial, gifts in found:
        name = iso_jalali(key) if by == "day" else names.get(key, key)
        before = rows.get(name, (0, 0))
        rows[name] = (before[0] + rial, before[1] + gifts)
    return seconds, rows


def _names(cursor, by: str) -> dict[int, str]:
    if by not in _NAMES:
        return {}
    cursor.execute(_NAMES[by])
    return dict(cursor.fetchall())


def differences(said: str) -> list[str]:
    """What the portal's own checks of its figures found."""
    return [line for line in said.splitlines() if line.startswith("DIFFERS")]

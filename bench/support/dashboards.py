"""What the benchmark of the dashboards asks: the people, the pages, and the same questions in plain SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

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
VOLUNTEERS = (
    _SCOPE
    + """
    from dashboards.volume_people import seed_volunteers
    seed_volunteers({number}, lambda told: None)
    print(json.dumps({{"all": time.monotonic() - began}}))
"""
)
# Cases about the newest gifts: what somebody who quotes a tracking code also finds.
CASES = """
    INSERT INTO cases_case (kind, subject, province_id, facts, state, due_at, resolution)
    SELECT 'undecided', 'attempt:' || a.order_id, d.province_id,
           jsonb_build_object('tracking_code', d.tracking_code), 'open', now(), ''
      FROM payments_attempt a JOIN donations_donation d ON d.id = a.donation_id
     ORDER BY a.id DESC LIMIT %s ON CONFLICT DO NOTHING
"""
# What people of the province that is asked for quote: of its newest gift the code, the order and the bank's number.
_QUOTED = """
    SELECT d.tracking_code, a.order_id::text, a.reference, coalesce(v.name, '')
      FROM donations_donation d JOIN payments_attempt a ON a.donation_id = d.id
      LEFT JOIN LATERAL (SELECT name FROM volunteers_volunteer WHERE province_id = '23' ORDER BY id DESC LIMIT 1) v
             ON true
     WHERE d.province_id = '23' ORDER BY d.id DESC LIMIT 1
"""
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
    for result in run_checks("figures"):
        if not result.holds:
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


@dataclass(frozen=True)
class Quoted:
    """What somebody types at the desk."""

    code: str
    order: str
    reference: str
    name: str


def quoted(stack: Stack) -> Quoted:
    """Of a gift and of a volunteer that are there."""
    return Quoted(*(quote(text) for text in stack.sql(_QUOTED)[0]))


def pages(typed: Quoted) -> list[Page]:
    """Every dashboard, list and search that is measured."""
    return [
        Page("home", "", lambda number: "/"),
        Page("transparency", "", lambda number: f"/transparency/?{_days(number)}"),
        Page("campaign", "", lambda number: "/campaigns/mosbat-mah/"),
        Page("totals_api", "", lambda number: f"/api/v1/totals/?by=province&{_days(number)}"),
        Page("hq", "hq", lambda number: f"/hq/?{_days(number)}"),
        Page("hq_province", "hq", lambda number: f"/hq/provinces/tehran/?{_days(number)}"),
        Page("desk", "province", lambda number: f"/desk/?{_days(number)}"),
        Page("list_payments", "province", lambda number: "/desk/payments/"),
        Page(
            "list_payments_of_days",
            "province",
            lambda number: f"/desk/payments/?{_days(number, 'since', 'until')}",
        ),
        Page("list_payments_of_a_rare_state", "province", lambda number: "/desk/payments/?state=unknown"),
        Page("list_payments_by_code", "province", lambda number: f"/desk/payments/?q={typed.code}"),
        Page("list_cases", "province", lambda number: "/desk/cases/"),
        Page("list_volunteers", "province", lambda number: "/desk/volunteers/"),
        Page("search_by_code", "province", lambda number: f"/desk/search/?q={typed.code}"),
        Page("search_by_order", "province", lambda number: f"/desk/search/?q={typed.order}"),
        Page("search_by_bank_number", "province", lambda number: f"/desk/search/?q={typed.reference}"),
        Page("search_by_name", "province", lambda number: f"/desk/search/?q={typed.name}"),
    ]


def _days(number: int, first: str = "from", last: str = "to") -> str:
    """A period of about a year that no other request has: years, months and edge days are all read."""
    return (
        f"{first}=1404-{number % 6 + 1:02}-{number % 28 + 2:02}"
        f"&{last}=1405-{number % 7 + 2:02}-{number % 29 + 1:02}"
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

"""From files to books: whatever order, pieces and repetitions the same lines come in, the books say the same; and
whatever damage a file has, no line is lost and nothing is matched that is not the same."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.invariants import run_checks
from dashboards import demo_files as files
from dashboards.demo_files import AtBank, Paid
from donations.models import Donation
from payments.models import (
    Attempt,
    Discrepancy,
    MappingProfile,
    StatementImport,
    StatementLine,
    StatementSource,
    UnreadLine,
)
from payments.services.imports import read_import, take_file
from payments.services.matching import match_import
from payments.services.settlement import settle
from payments.services.statement_seeding import seed_demo_sources
from tests.factories import lines as factory
from tests.factories.gifts import attempt_for, finding, give, paid
from tests.payments.statements.files import HEADING, PANEL, damaged, panel_row

pytestmark = pytest.mark.django_db

SETTLEMENT, USSD, BANK = "demo-zibal-settlement", "demo-ussd", "demo-bank"
_BALANCES = """
    SELECT a.code, d.fund_id, d.province_id, d.channel_id, sum(p.amount_rial) FROM ledger_posting p
      JOIN ledger_account a ON a.id = p.account_id JOIN ledger_dimension d ON d.id = p.dimension_id
     GROUP BY 1, 2, 3, 4 HAVING sum(p.amount_rial) <> 0
"""


@pytest.fixture(autouse=True)
def _media(settings, tmp_path, country):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def told() -> dict[str, list[bytes]]:
    """By source, the heading and every line of its files: gifts of three purposes paid out in two payouts, one taken
    back, one unknown, one with another amount; gifts by USSD of which three are equal; and what the bank shows."""
    seed_demo_sources()
    start = factory.days_ago(9)
    payments = []
    for number, (rial, fund) in enumerate(
        [
            (1_000_000, "general"),
            (700_000, "dowry"),
            (700_000, "dowry"),
            (300_000, "orphan"),
            (450_000, "general"),
        ]
    ):
        at = start + timedelta(hours=number)
        attempt = attempt_for(give(rial, fund, at=at), gateway="zibal", at=at)
        settle({attempt.pk: finding(attempt, paid(attempt))}, now=at)
        attempt.refresh_from_db()
        payout = "Z1" if number < 3 else "Z2"
        payments.append(
            Paid(
                number, at, rial, "payment", payout, 1_200, attempt.token, str(attempt.order_id), attempt.rrn
            )
        )
    back = replace(payments[0], at=start + timedelta(days=1), kind="reversal", payout="Z2", fee_rial=0)
    later = replace(
        payments[0], number=7, rial=2_000_000, token="77", order="", rrn="777777777777", payout="Z3"
    )
    wrong = replace(payments[3], rial=3_000_000)
    settled = [*payments[:3], wrong, payments[4], back, later]
    calls = [
        Paid(
            n,
            start + timedelta(minutes=n),
            rial,
            payout="U1",
            fee_rial=800,
            rrn=f"{880_000 + n}",
            txn=f"T{n}",
        )
        for n, rial in enumerate([50_000, 50_000, 50_000, 210_000])
    ]
    net = sum(p.rial - p.fee_rial for p in payments[:3])
    shown = [
        AtBank(start + timedelta(days=1), net, "تسویه", "Z1"),
        AtBank(start + timedelta(days=2), sum(p.rial - p.fee_rial for p in calls), "تسویه", "U1"),
        AtBank(start + timedelta(days=2, hours=1), 123_000, "کارت به کارت", card="603799******7777"),
        AtBank(start + timedelta(days=3), -9_000, "برداشت"),
    ]
    whole = {
        SETTLEMENT: files.zibal_settlement(settled),
        USSD: files.ussd(calls),
        BANK: files.bank(shown, 10_000_000),
    }
    return {key: content.removesuffix(b"\r\n").split(b"\r\n") for key, content in whole.items()}


def send(key: str, heading: bytes, lines: list[bytes]) -> None:
    source = StatementSource.objects.select_related("office", "profile").get(key=key)
    content = b"\r\n".join([heading, *lines, b""])
    while StatementImport.objects.filter(source=source, size_bytes=len(content)).exists():
        content += b"\r\n"  # another file that says the same
    statement, _ = take_file(source, [content], name="file", job="test")
    read_import(statement.pk)
    match_import(statement.pk)


def books() -> tuple:
    """Everything that must not depend on the way: balances by account and dimension, lines, what is open, gifts."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES)
        balances = sorted(map(str, cursor.fetchall()))
    lines = StatementLine.objects.values_list(
        "source__key", "kind", "amount_rial", "rrn", "state", "attempt_id"
    )
    is_open = Discrepancy.objects.filter(settled_at=None).values_list("kind", "source__key", "their_rial")
    gifts = Donation.objects.values_list("amount_rial", "status", "fund_id")
    return balances, Counter(lines), Counter(is_open), Counter(gifts)


def books_after(pieces: list[tuple[str, list[bytes]]], told: dict[str, list[bytes]]) -> tuple:
    """The books after these files, which are then undone."""
    with transaction.atomic():
        for key, lines in pieces:
            send(key, told[key][0], lines)
        found = books()
        assert [result.findings for result in run_checks() if not result.holds] == []
        transaction.set_rollback(True)
    return found


def in_pieces(data: st.DataObject, told: dict[str, list[bytes]]) -> list[tuple[str, list[bytes]]]:
    """All lines, shuffled, cut into files of which some are sent twice, and the files in any order."""
    pieces = []
    for key, (_, *lines) in told.items():
        shuffled = data.draw(st.permutations(lines))
        cuts = sorted(data.draw(st.sets(st.integers(1, len(lines) - 1), max_size=2)))
        for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
            pieces += [(key, shuffled[start:end])] * data.draw(st.integers(1, 2))
    return data.draw(st.permutations(pieces))


# An example takes a second: what fails is told as it is, not made smaller first.
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_shuffled_cut_and_repeated_lines_give_the_same_books(told, data):
    whole = [(key, lines) for key, (_, *lines) in told.items()]
    assert books_after(in_pieces(data, told), told) == books_after(whole, told)


def test_the_books_that_are_the_same_are_the_right_ones(told):
    balances, lines, is_open, gifts = books_after([(key, rest) for key, (_, *rest) in told.items()], told)
    states = Counter(state for *_, state, _ in lines.elements())
    assert states == {"matched": 11, "differs": 3, "suspense": 1}
    assert sum(is_open.values()) == 4
    assert sum(count for (rial, *_), count in gifts.items() if rial == 50_000) == 3
    assert not [line for line in balances if "receivable:" in line or "transit:demo-ussd" in line]


def test_five_hundred_equal_gifts_sent_again_in_halves_stay_five_hundred(told):
    start = factory.days_ago(3)
    calls = [Paid(n, start, 50_000, payout="U2", rrn=f"{600_000 + n}", txn=f"E{n}") for n in range(500)]
    heading, *lines = files.ussd(calls).removesuffix(b"\r\n").split(b"\r\n")
    send(USSD, heading, lines[:300])
    send(USSD, heading, lines[200:])
    send(USSD, heading, lines)
    assert Donation.objects.filter(amount_rial=50_000).count() == 500
    assert StatementLine.objects.filter(state="matched").values("donation_id").distinct().count() == 500


def test_thousands_of_damaged_lines_end_where_somebody_sees_them():
    rng = random.Random(1405)
    profile = MappingProfile.objects.create(
        key="damaged", name="آزمون", kind="gateway_transactions", file_format="csv", rules=PANEL
    )
    source = factory.report("damaged")
    StatementSource.objects.filter(pk=source.pk).update(profile=profile)
    at = factory.days_ago(2)
    amounts = dict(enumerate([260_000 + 1_000 * n for n in range(20)]))
    attempts = {}
    for number, rial in amounts.items():
        attempt = attempt_for(give(rial, at=at), at=at)
        settle({attempt.pk: finding(attempt, paid(attempt, rrn=f"{5_000_000 + number}"))}, now=at)
        attempts[attempt.pk] = (f"{5_000_000 + number}", rial)
    day, clock = files._day(at), files._clock(at)
    sound = [
        panel_row(number, rrn=f"{5_000_000 + number:012}", amount=str(rial), date=day, time=clock).encode()
        for number, rial in amounts.items()
    ]
    rows = [damaged(rng, panel_row(n + 100, date=day, time=clock, text="کمک").encode()) for n in range(3_000)]
    rows += [damaged(rng, row) for row in sound * 5] + sound
    rng.shuffle(rows)
    send_bytes(source, (HEADING + "\n").encode() + b"\n".join(rows) + b"\n")

    counts = StatementImport.objects.get().counts
    lines = StatementLine.objects.all()
    assert lines.count() == counts["new"] > 400
    assert UnreadLine.objects.count() == counts["unread"] > 1_000
    assert counts["read"] == counts["new"] + counts["known"]
    assert not lines.filter(state="new").exists()
    tied = lines.filter(state="matched", kind="payment").values_list("attempt_id", "rrn", "amount_rial")
    matched = {(pk, rrn.lstrip("0") or attempts[pk][0], rial) for pk, rrn, rial in tied}
    assert matched == {(pk, *said) for pk, said in attempts.items()}
    held = lines.filter(state="differs").exclude(discrepancies__settled_at=None, discrepancies__isnull=False)
    assert not held.exists()
    assert (
        Attempt.objects.filter(state="succeeded").count()
        >= len(attempts) - lines.filter(kind="reversal").count()
    )
    assert [result.findings for result in run_checks() if not result.holds] == []


def send_bytes(source: StatementSource, content: bytes) -> None:
    statement, _ = take_file(source, [content], name="file", job="test")
    read_import(statement.pk)
    match_import(statement.pk)

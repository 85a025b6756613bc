"""Whoever changes a row behind the books' back is found, and the row is named."""

import pytest
from django.core.management import call_command
from django.db import connection

from core.invariants import run_checks
from dashboards.rollups import fold_all
from tests.factories.gifts import receive


@pytest.fixture
def gifts(live_db, country):
    made = [
        receive(amount, province=province)
        for amount, province in ((100_000, "23"), (250_000, "00"), (70_000, ""))
    ]
    fold_all()
    return made


def tamper(sql: str) -> None:
    """Change the books as a superuser who switches the guards off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")


def findings() -> list[str]:
    return [finding for result in run_checks() for finding in result.findings]


def entry_of(donation) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_entry WHERE source = 'attempt:' || %s", [donation.attempts.get().order_id]
        )
        return cursor.fetchone()[0]


def test_untouched_books_hold(gifts, capsys):
    call_command("check_books")
    assert "FAIL" not in capsys.readouterr().out


def test_unfolded_gifts_are_no_violation(gifts):
    receive(30_000, province="23")
    assert findings() == []


def test_both_legs_changed_together_are_found_and_named(gifts, capsys):
    entry = entry_of(gifts[1])
    tamper(f"UPDATE ledger_posting SET amount_rial = amount_rial * 2 WHERE entry_id = {entry}")
    with pytest.raises(SystemExit) as stop:
        call_command("check_books")
    assert stop.value.code == 1
    assert f"entry {entry} or one of its legs was changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "UPDATE ledger_entry SET day = day - 1 WHERE id = {entry}",
            "entry {entry} or one of its legs was changed",
        ),
        (
            "DELETE FROM ledger_posting WHERE entry_id = {entry} AND amount_rial > 0",
            "entry {entry} is off by",
        ),
        (
            "DELETE FROM ledger_posting WHERE entry_id = {entry}; DELETE FROM ledger_entry WHERE id = {entry}",
            "entry {entry} is missing",
        ),
        (
            "INSERT INTO ledger_entry (kind, source, occurred_at, day) VALUES ('gift', 'x', now(), now()::date)",
            "is in no seal",
        ),
        ("UPDATE dashboards_rollup SET total_rial = total_rial + 10 WHERE grain = 'm'", "booked"),
        ("UPDATE dashboards_cube SET gifts = gifts + 1 WHERE cube = 7 AND grain = 'y'", "cube 7, y"),
        (
            "UPDATE dashboards_placementtotal SET total_rial = 1; DELETE FROM donations_receipt",
            "receipt and status",
        ),
        ("UPDATE payments_attempt SET state = 'failed'", "its last event says succeeded"),
        ("UPDATE donations_donation SET status = 'pending', received_at = NULL", "given 0, booked"),
        ("DELETE FROM payments_bankreference", "is received without a verified attempt"),
        ("DELETE FROM ledger_sealchunk WHERE id = (SELECT min(id) FROM ledger_sealchunk)", "is in no seal"),
    ],
)
def test_a_superuser_cannot_hide(gifts, sql, named):
    entry = entry_of(gifts[0])
    tamper(sql.format(entry=entry))
    assert any(named.format(entry=entry) in finding for finding in findings())

"""Receipts stand in a hash chain of their own: whoever changes, removes or adds one is found and it is named."""

import pytest
from django.db import connection

from core.invariants import run_checks
from core.jalali import tehran_today
from dashboards.rollups import fold_all
from donations.models import Receipt
from donations.services.refunding import take_back
from ledger.row_seals import row_value_of_day
from tests.factories.gifts import receive
from tests.ledger.test_check_books import tamper


@pytest.fixture
def receipts(live_db, country):
    for amount in (100_000, 250_000, 70_000):
        receive(amount)
    fold_all()
    return list(Receipt.objects.order_by("pk"))


def named() -> list[str]:
    return [f for result in run_checks() if "since it was sealed" in result.name for f in result.findings]


def test_untouched_rows_hold_and_give_the_day_a_value(receipts):
    assert named() == []
    assert len(row_value_of_day(tehran_today())) == 64


def test_every_receipt_moves_the_value(receipts):
    before = row_value_of_day(tehran_today())
    receive(10_000)
    assert named() == []
    fold_all()
    assert row_value_of_day(tehran_today()) != before


def test_a_revocation_is_sealed_beside_the_receipt(receipts):
    take_back(receipts[0].donation, was_the_gift=True)
    fold_all()
    assert named() == []
    tamper(f"UPDATE donations_receipt SET revoked_at = NULL WHERE id = {receipts[0].pk}")
    assert named() == [f"revocation {receipts[0].pk} is missing"]


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        (
            "UPDATE donations_receipt SET bank_reference = 'another' WHERE id = {pk}",
            "receipt {pk} was changed",
        ),
        ("DELETE FROM donations_receipt WHERE id = {pk}", "receipt {pk} is missing"),
        (
            "INSERT INTO donations_receipt (donation_id, serial, token, code, bank_reference, issued_at) "
            "SELECT 0, 'x', 'x', 'x', 'x', now()",
            "is in no seal",
        ),
        ("DELETE FROM ledger_rowsealchunk", "receipt {pk} is in no seal"),
    ],
)
def test_a_superuser_cannot_hide(receipts, sql, finding):
    pk = receipts[1].pk
    tamper(sql.format(pk=pk))
    assert any(finding.format(pk=pk) in found for found in named())


def test_a_changed_row_that_is_sealed_anew_is_named_all_the_same(receipts):
    pk = receipts[1].pk
    tamper(
        f"UPDATE donations_receipt SET bank_reference = 'another' WHERE id = {pk};"
        f"INSERT INTO ledger_sealrow (kind, row_id) VALUES ('receipt', {pk})"
    )
    fold_all()
    assert f"receipt {pk} was sealed twice with different contents" in named()


def test_a_link_cannot_be_rewritten(receipts):
    receive(10_000)
    fold_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM ledger_rowsealchunk")
        last = cursor.fetchone()[0]
    tamper(f"UPDATE ledger_rowsealchunk SET leaves = substring(leaves FOR 25) WHERE id < {last}")
    assert any("does not follow from the one before it" in found for found in named())

"""The books as an accountant writes them: what each event debits and credits, and what is left where."""

import pytest
from django.db import connection

from payments.models import Attempt
from tests.factories import lines as st
from tests.factories.gifts import receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(country):
    return country


def journal() -> list[tuple[str, str, str, int]]:
    """(kind of entry, account, fund, amount) of every leg, entry by entry; account numbers left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.kind, split_part(a.code, ':', 1), d.fund_id, p.amount_rial FROM ledger_entry e
                 JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
                 JOIN ledger_dimension d ON d.id = p.dimension_id
                ORDER BY e.id, d.fund_id, p.amount_rial DESC, a.code"""
        )
        return cursor.fetchall()


def left() -> dict[str, int]:
    """What each account holds, without those at zero."""
    sums: dict[str, int] = {}
    for _, account, _, amount in journal():
        sums[account] = sums.get(account, 0) + amount
    return {account: rial for account, rial in sums.items() if rial}


def test_a_gift_its_payout_with_a_fee_and_the_credit_at_the_bank():
    gift = Attempt.objects.get(donation=receive(1_000_000, fund="dowry"))
    st.bring(st.settlement(), st.line_of(gift, payout_ref="P1", fee_rial=12_000))
    st.bring(st.bank(), st.line(988_000, "credit", payout_ref="P1"))
    assert journal() == [
        ("gift", "clearing", "dowry", 1_000_000),
        ("gift", "income", "dowry", -1_000_000),
        ("payout", "transit", "dowry", 988_000),
        ("payout", "expense", "dowry", 12_000),
        ("payout", "clearing", "dowry", -1_000_000),
        ("deposit", "bank", "dowry", 988_000),
        ("deposit", "transit", "dowry", -988_000),
    ]


def test_a_mixed_payout_returns_to_zero_for_each_purpose():
    gifts = [receive(600_000, fund=fund) for fund in ("dowry", "fitriyeh_general", "fitriyeh_general")]
    settlement = st.settlement()
    lines = [st.line_of(Attempt.objects.get(donation=g), payout_ref="P1", fee_rial=1_000) for g in gifts]
    st.bring(settlement, *lines, st.line(10, "fee", payout_ref="P1"))
    by_fund: dict[tuple[str, str], int] = {}
    for _, account, fund, amount in journal():
        by_fund[account, fund] = by_fund.get((account, fund), 0) + amount
    assert {key: rial for key, rial in by_fund.items() if key[0] == "clearing" and rial} == {}
    assert by_fund["expense", "dowry"] + by_fund["expense", "fitriyeh_general"] == 3_010
    assert left() == {"income": -1_800_000, "expense": 3_010, "transit": 1_796_990}


def test_a_reversal_after_the_payout_is_taken_from_the_next_one():
    settlement = st.settlement()
    lost, kept = (Attempt.objects.get(donation=receive(n)) for n in (400_000, 900_000))
    st.bring(settlement, st.line_of(lost, payout_ref="P1"))
    st.bring(
        settlement, st.line_of(kept, payout_ref="P2"), st.line_of(lost, kind="reversal", payout_ref="P2")
    )
    st.bring(
        st.bank(), st.line(400_000, "credit", payout_ref="P1"), st.line(500_000, "credit", payout_ref="P2")
    )
    assert left() == {"income": -900_000, "bank": 900_000}


def test_an_unknown_deposit_waits_as_a_debt():
    st.bring(st.bank(), st.line(250_000, "credit"))
    assert journal() == [
        ("unexpected", "bank", "general", 250_000),
        ("unexpected", "suspense", "general", -250_000),
    ]


def test_an_operators_gift_its_payout_and_the_credit():
    st.bring(st.ussd(), st.line(50_000, fee_rial=500, payout_ref="B1"))
    st.bring(st.bank(), st.line(49_500, "credit", payout_ref="B1"))
    assert [leg for leg in journal() if leg[1] != "income"] == [
        ("gift", "receivable", "general", 50_000),
        ("payout", "transit", "general", 49_500),
        ("payout", "expense", "general", 500),
        ("payout", "receivable", "general", -50_000),
        ("deposit", "bank", "general", 49_500),
        ("deposit", "transit", "general", -49_500),
    ]

"""From payout to the bank, deposits of offices, gifts by deposit id, and what nobody knows."""

import pytest

from campaigns.models import Channel
from core.invariants import run_checks
from donations.models import Donation
from ledger.accounts import cash_code, ensure_account
from payments.models import CashDeposit, Payout, StatementLine
from payments.services.matching import match_source
from provinces.enums import Role
from tests.factories import lines as st
from tests.factories.people import office_for, person
from tests.factories.terminals import agree
from tests.payments.services.test_matching import balance, open_kinds, paid_attempt, states

pytestmark = pytest.mark.django_db
THIRTY_DIGITS = "123456789012345678901234567890"


@pytest.fixture(autouse=True)
def _scope(country):
    return country


@pytest.fixture
def settlement():
    return st.settlement()


@pytest.fixture
def bank():
    return st.bank()


def failed_checks() -> list[str]:
    """What the checks of reconciling find (the others have tests of their own)."""
    return [
        f
        for r in run_checks()
        if r.name.startswith(("reconciliation:", "ledger: every", "payments:"))
        for f in r.findings
    ]


def gross() -> dict[str, int]:
    return {
        name: balance(name)
        for name in ("clearing:", "transit:", "bank:", "suspense:deposits", "expense:fees")
    }


def test_many_payments_one_payout_one_credit(settlement, bank):
    day = st.days_ago(2)
    for amount in (1_000_000, 500_000, 250_000):
        st.bring(settlement, st.line_of(paid_attempt(amount, at=day), payout_ref="P77", fee_rial=1_000))
    st.bring(bank, st.line(1_747_000, "credit", reference="P77", at=st.days_ago(1)))
    assert gross() == {
        "clearing:": 0, "transit:": 0, "bank:": 1_747_000, "suspense:deposits": 0, "expense:fees": 3_000,
    }  # fmt: skip
    assert Payout.objects.filter(bank_line=None).count() == 0
    assert failed_checks() == []


def test_the_bank_may_be_first(settlement, bank):
    st.bring(bank, st.line(999_000, "credit", reference="P1"))
    assert (states(), open_kinds(), balance("suspense:deposits")) == (
        [("suspense", "suspense")],
        ["unknown_deposit"],
        -999_000,
    )
    assert failed_checks() == []
    st.bring(settlement, st.line_of(paid_attempt(1_000_000), payout_ref="P1", fee_rial=1_000))
    assert (open_kinds(), balance("suspense:deposits"), balance("transit:"), balance("bank:")) == (
        [],
        0,
        0,
        999_000,
    )
    assert failed_checks() == []


def test_amount_and_day_match_only_when_one_credit_and_one_payout_have_them(settlement, bank):
    for ref in ("P1", "P2"):
        st.bring(settlement, st.line_of(paid_attempt(300_000, at=st.days_ago(2)), payout_ref=ref))
    st.bring(bank, st.line(300_000, "credit", at=st.days_ago(1)))
    assert (balance("transit:"), open_kinds()) == (600_000, ["unknown_deposit"])


def test_a_days_sum_without_a_name_is_booked_when_the_bank_names_it(settlement, bank):
    st.bring(settlement, *[st.line_of(paid_attempt(n, at=st.days_ago(2))) for n in (100_000, 200_000)])
    assert (balance("clearing:"), balance("transit:")) == (300_000, 0)
    st.bring(bank, st.line(300_000, "credit", at=st.days_ago(1)))
    assert (balance("clearing:"), balance("transit:"), balance("bank:")) == (0, 0, 300_000)
    assert failed_checks() == []


def test_a_payout_paid_short_stays_missing(settlement, bank):
    st.bring(settlement, st.line_of(paid_attempt(1_000_000), payout_ref="P100200"))
    st.bring(bank, st.line(900_000, "credit", payout_ref="P100200"))
    assert (open_kinds(), balance("transit:"), balance("bank:")) == (["amount_differs"], 1_000_000, 0)


def test_a_payout_that_comes_in_parts_is_taken_by_neither(settlement, bank):
    st.bring(settlement, st.line_of(paid_attempt(300_000), payout_ref="P1"))
    st.bring(bank, *[st.line(n, "credit", payout_ref="P1") for n in (200_000, 100_000)])
    assert (states()[1:], open_kinds()) == ([("differs", "")] * 2, ["amount_differs", "amount_differs"])
    assert (balance("transit:"), balance("bank:"), failed_checks()) == (300_000, 0, [])


def test_a_payout_and_a_later_reversal_leave_what_the_bank_shows(settlement, bank):
    kept, lost = paid_attempt(1_000_000), paid_attempt(400_000)
    st.bring(settlement, *[st.line_of(a, payout_ref="P1") for a in (kept, lost)])
    st.bring(bank, st.line(1_400_000, "credit", payout_ref="P1"))
    late = paid_attempt(900_000)
    st.bring(
        settlement, st.line_of(late, payout_ref="P2"), st.line_of(lost, kind="reversal", payout_ref="P2")
    )
    st.bring(bank, st.line(500_000, "credit", payout_ref="P2"))
    assert gross() == {
        "clearing:": 0, "transit:": 0, "bank:": 1_900_000, "suspense:deposits": 0, "expense:fees": 0,
    }  # fmt: skip
    assert failed_checks() == []


def test_five_hundred_equal_credits_are_five_hundred_unknown_deposits(bank):
    st.bring(bank, *[st.line(100_000, "credit", at=st.days_ago(1), card_masked="603799******1234")] * 500)
    assert StatementLine.objects.filter(state="suspense").count() == 500
    assert balance("suspense:deposits") == -50_000_000


def test_a_credit_with_a_deposit_id_is_a_gift_by_itself(bank):
    bank.channel = Channel.objects.filter(kind="card").first()
    bank.save()
    agree(st.terminal("sadad"), deposit_ids={"dowry": THIRTY_DIGITS})
    st.bring(bank, st.line(700_000, "credit", deposit_id=THIRTY_DIGITS, rrn="55"))
    gift = Donation.objects.get()
    assert (gift.fund_id, gift.amount_rial, gift.status) == ("dowry", 700_000, "received")
    assert (balance("bank:"), balance("suspense:deposits")) == (700_000, 0)
    match_source(bank.pk)
    assert Donation.objects.count() == 1
    assert failed_checks() == []


def test_an_offices_cash_leaves_its_hands_when_the_bank_shows_it(bank):
    office = bank.office
    ensure_account(cash_code(office.pk), "cash", "asset")
    deposit = CashDeposit.objects.create(
        office=office, bank="melli", slip_number="000123", amount_rial=5_000_000,
        deposited_on=st.day_of(st.days_ago(1)), recorded_by=person(),
    )  # fmt: skip
    st.bring(bank, st.line(5_000_000, "credit", reference="123", at=st.days_ago(1)))
    deposit.refresh_from_db()
    assert (deposit.state, balance("cash:"), balance("bank:")) == ("matched", -5_000_000, 5_000_000)


def test_a_county_pays_in_to_the_account_of_its_province():
    province, county = office_for(Role.PROVINCIAL_ACCOUNTANT), office_for(Role.COUNTY_OFFICER)
    foreign = office_for(Role.COUNTY_OFFICER, "07")
    account = st.bank("tehran", office=province)
    for office in (county, foreign):
        ensure_account(cash_code(office.pk), "cash", "asset")
        CashDeposit.objects.create(
            office=office, bank=office.name, slip_number="000123", amount_rial=5_000_000,
            deposited_on=st.day_of(st.days_ago(1)), recorded_by=person(),
        )  # fmt: skip
    st.bring(account, st.line(5_000_000, "credit", reference="123", at=st.days_ago(1)))
    states_of = dict(CashDeposit.objects.values_list("office", "state"))
    assert states_of == {county.pk: "matched", foreign.pk: "awaiting"}
    assert (balance(cash_code(county.pk)), balance("bank:"), failed_checks()) == (-5_000_000, 5_000_000, [])


def test_what_leaves_the_account_goes_to_a_person(bank):
    st.bring(bank, st.line(50_000, "debit"))
    assert (states(), open_kinds()) == ([("differs", "")], ["missing_here"])


def test_another_offices_payout_is_not_taken(settlement):
    other = st.bank("ilam", office=office_for(Role.PROVINCIAL_ACCOUNTANT, "16"))
    st.bring(settlement, st.line_of(paid_attempt(300_000), payout_ref="P1"))
    st.bring(other, st.line(300_000, "credit", payout_ref="P1"))
    assert (balance("transit:"), open_kinds()) == (300_000, ["unknown_deposit"])


def test_a_credit_before_its_payout_or_long_after_is_not_it(settlement, bank):
    st.bring(settlement, st.line_of(paid_attempt(300_000, at=st.days_ago(20))))
    st.bring(
        bank, st.line(300_000, "credit", at=st.days_ago(1)), st.line(300_000, "credit", at=st.days_ago(22))
    )
    assert balance("suspense:deposits") == -600_000

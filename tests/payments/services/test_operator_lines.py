"""Lines of operators, apps and card readers: gifts, unless somebody has told of them before."""

import pytest

from campaigns.models import Channel
from donations.models import Donation, Receipt
from payments.enums import SourceKind
from payments.models import Arrival, Discrepancy, Partner, StatementLine
from payments.services.matching import match_source
from payments.services.partner_reports import report
from payments.services.posting_lines import ensure_accounts
from payments.services.reconciliation import reconcile
from tests.factories import lines as st
from tests.factories.partners import a_key, a_line, a_partner
from tests.payments.services.test_bank_lines import failed_checks
from tests.payments.services.test_matching import balance, open_kinds, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(country):
    return country


@pytest.fixture
def ussd():
    return st.ussd()


def test_five_hundred_equal_gifts_on_one_day_stay_five_hundred(ussd):
    lines = [st.line(100_000, at=st.days_ago(1))] * 500
    st.bring(ussd, *lines)
    st.bring(ussd, *lines)  # the same file again
    assert (Donation.objects.count(), Receipt.objects.count(), Arrival.objects.count()) == (500, 500, 500)
    assert (balance("receivable:"), balance("income:")) == (50_000_000, -50_000_000)
    assert failed_checks() == []


def test_an_operators_payout_reaches_the_bank(ussd):
    bank = st.bank()
    st.bring(
        ussd,
        *[st.line(n, fee_rial=500, payout_ref="B9", at=st.days_ago(2), rrn=str(n)) for n in (10_000, 20_000)],
    )
    assert (balance("receivable:"), balance("transit:")) == (0, 29_000)
    st.bring(bank, st.line(29_000, "credit", trace_no="B9", at=st.days_ago(1)))
    assert (balance("transit:"), balance("bank:"), balance("expense:fees")) == (0, 29_000, 1_000)
    assert failed_checks() == []


def partner_of(source) -> Partner:
    partner = a_partner("ap", channel=source.channel)
    Partner.objects.filter(pk=partner.pk).update(source_key=source.key)
    ensure_accounts(source)
    return Partner.objects.get(pk=partner.pk)


def test_a_gift_that_a_partner_reported_is_no_second_gift(ussd):
    key = a_key(partner_of(ussd))
    report(key.key, [a_line("T-1", amount_rial=150_000, rrn="400000000001")])
    paid_at = Arrival.objects.get().arrived_at
    st.bring(
        ussd,
        st.line(150_000, reference="T-1", at=paid_at),
        st.line(150_000, reference="T-2", at=paid_at),
    )
    assert Donation.objects.count() == 2
    assert [rule for _, rule in states()] == ["partner", "gift"]


def test_a_partners_file_that_says_another_amount_is_a_discrepancy(ussd):
    key = a_key(partner_of(ussd))
    report(key.key, [a_line("T-1", amount_rial=150_000)])
    st.bring(ussd, st.line(15_000, reference="T-1", at=Arrival.objects.get().arrived_at))
    assert (states(), open_kinds(), Donation.objects.count()) == (
        [("differs", "partner")],
        ["amount_differs"],
        1,
    )


def test_a_reported_gift_that_the_days_file_lacks_is_missing_there_until_it_comes(ussd):
    key = a_key(partner_of(ussd))
    report(
        key.key,
        [
            a_line(f"T-{n}", amount_rial=150_000, paid_at=st.days_ago(3).isoformat(timespec="seconds"))
            for n in (1, 2)
        ],
    )
    there = st.line(150_000, reference="T-1", at=st.days_ago(3))
    st.bring(ussd, there)
    reconcile()
    assert open_kinds() == [], "the day's file may still come"
    st.bring(ussd, st.line(90_000, reference="T-9", at=st.days_ago(1)))
    for _ in range(2):
        reconcile()
        assert open_kinds() == ["missing_there"]
    row = Discrepancy.objects.get(settled_at=None)
    assert (row.our_rial, row.donation.partner_transaction.partner_txn_id) == (150_000, "T-2")
    st.bring(ussd, there, st.line(150_000, reference="T-2", at=st.days_ago(3)))
    assert (open_kinds(), failed_checks()) == ([], [])


def test_the_operator_takes_a_payment_back(ussd):
    st.bring(
        ussd, st.line(80_000, rrn="7001", at=st.days_ago(2)), st.line(90_000, rrn="7002", at=st.days_ago(2))
    )
    st.bring(ussd, st.line(80_000, "reversal", rrn="7001", at=st.days_ago(1)))
    match_source(ussd.pk)
    assert sorted(Donation.objects.values_list("amount_rial", "status")) == [
        (80_000, "refunded"),
        (90_000, "received"),
    ]
    assert Receipt.objects.filter(revoked_at=None).count() == 1
    assert (balance("receivable:"), balance("income:"), open_kinds()) == (90_000, -90_000, [])


def test_a_reversal_of_nothing_known_goes_to_a_person(ussd):
    st.bring(ussd, st.line(80_000, "reversal", rrn="7001"))
    assert open_kinds() == ["missing_here"]


def test_a_source_that_gives_no_way_books_nothing():
    silent = st.source(SourceKind.APP, "silent")
    st.bring(silent, st.line(80_000))
    assert StatementLine.objects.get().state == "new"
    silent.channel = Channel.objects.filter(kind="app").first()
    silent.save()
    match_source(silent.pk)
    assert Donation.objects.count() == 1

"""What a gateway's lines are tied to, and what stays open for a person."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from cases.models import Case
from cases.tasks import open_case  # noqa: F401 - registers the consumer
from core import outbox
from donations.models import Donation, Receipt
from payments.models import Attempt, Discrepancy, MatchSuggestion, Payout, StatementLine
from payments.services.matching import match_source
from payments.services.reconciliation import reconcile
from payments.services.settlement import settle
from tests.factories import lines as st
from tests.factories.gifts import attempt_for, finding, give, paid, receive
from tests.factories.needs import need

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(country):
    return country


@pytest.fixture
def report():
    return st.report()


@pytest.fixture
def settlement():
    return st.settlement()


def paid_attempt(amount_rial: int = 500_000, at=None, **answer) -> Attempt:
    attempt = attempt_for(give(amount_rial, at=at), at=at)
    settle({attempt.pk: finding(attempt, paid(attempt, **answer))}, now=at)
    return Attempt.objects.get(pk=attempt.pk)


def balance(account: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_rial), 0) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"
            " WHERE a.code LIKE %s",
            [account + "%"],
        )
        return int(cursor.fetchone()[0])


def states() -> list[tuple[str, str]]:
    return list(StatementLine.objects.order_by("pk").values_list("state", "rule"))


def open_kinds() -> list[str]:
    return sorted(Discrepancy.objects.filter(settled_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"reference": "", "order_id": ""}, "rrn"),
        ({"rrn": "", "order_id": ""}, "reference"),
        ({"rrn": "", "reference": ""}, "order"),
    ],
)
def test_each_sure_key_matches_by_itself(report, said, rule):
    attempt = paid_attempt()
    st.bring(report, st.line_of(attempt, **said))
    assert states() == [("matched", rule)]
    assert StatementLine.objects.get().donation_id == attempt.donation_id


def test_zeros_that_a_spreadsheet_lost_do_not_matter(report):
    attempt = paid_attempt(rrn="000123456789")
    st.bring(report, st.line_of(attempt, rrn="123456789", reference="", order_id=""))
    assert states() == [("matched", "rrn")]


def test_underpaid_and_overpaid_are_discrepancies_with_a_case(report):
    short, long = paid_attempt(500_000), paid_attempt(300_000)
    st.bring(report, st.line_of(short, amount_rial=50_000), st.line_of(long, amount_rial=3_000_000))
    assert [s for s, _ in states()] == ["differs", "differs"]
    outbox.drain()
    assert list(Case.objects.values_list("kind", flat=True)) == ["amount_differs"] * 2
    assert list(Discrepancy.objects.order_by("pk").values_list("our_rial", "their_rial")) == [
        (500_000, 50_000), (300_000, 3_000_000),
    ]  # fmt: skip


def test_a_payment_told_in_parts_is_a_discrepancy_with_each_part(report):
    attempt = paid_attempt(100_000)
    st.bring(report, st.line_of(attempt, amount_rial=60_000), st.line_of(attempt, amount_rial=40_000))
    assert states() == [("differs", "rrn")] * 2
    assert open_kinds() == ["amount_differs", "amount_differs"]


def test_rrn_reused_after_a_year_is_another_payment(report):
    now = timezone.now()
    old = paid_attempt(at=now - timedelta(days=366), rrn="700000000001")
    new = paid_attempt(rrn="700000000001")
    st.bring(report, st.line_of(new, reference="", order_id=""))
    assert StatementLine.objects.get().attempt_id == new.pk
    assert old.pk != new.pk


def test_a_number_that_repeats_on_a_day_matches_nothing(report):
    first, second = (paid_attempt(200_000, trace_no="000017") for _ in range(2))
    bare = {"rrn": "", "reference": "", "order_id": "", "trace_no": "17"}
    st.bring(report, st.line_of(first, **bare, description="a"), st.line_of(second, **bare, description="b"))
    assert "matched" not in [s for s, _ in states()]


def test_number_day_and_amount_match_when_they_are_unique(report):
    attempt = paid_attempt(200_000, trace_no="000017")
    paid_attempt(300_000, trace_no="000017")
    st.bring(report, st.line_of(attempt, rrn="", reference="", order_id="", trace_no="17"))
    assert states() == [("matched", "trace")]


def test_amount_and_time_only_suggest(report):
    twins = [paid_attempt(200_000) for _ in range(2)]
    st.bring(report, st.line_of(twins[0], rrn="", reference="", order_id="", card_masked="603799******1234"))
    assert states() == [("suggested", "")]
    assert set(MatchSuggestion.objects.values_list("attempt_id", flat=True)) == {t.pk for t in twins}


def test_another_card_is_not_suggested(report):
    attempt = paid_attempt(200_000)
    st.bring(report, st.line_of(attempt, rrn="", reference="", order_id="", card_masked="610433******9999"))
    assert states() == [("differs", "")]
    assert open_kinds() == ["missing_here"]


def test_a_payment_the_bank_has_and_we_have_not_is_asked_about_and_fits_once_proved(report):
    attempt = attempt_for(give(400_000))
    Attempt.objects.filter(pk=attempt.pk).update(next_ask_at=None)
    st.bring(report, st.line_of(attempt))
    attempt.refresh_from_db()
    assert attempt.next_ask_at is not None
    assert open_kinds() == ["missing_here"]

    settle({attempt.pk: finding(attempt, paid(attempt))})
    match_source(report.pk)
    assert states() == [("matched", "order")]
    assert open_kinds() == []


def test_the_same_payment_twice_in_a_report_is_a_twin(report):
    attempt = paid_attempt()
    st.bring(report, st.line_of(attempt), st.line_of(attempt, description="again"))
    assert [s for s, _ in states()] == ["matched", "differs"]
    assert open_kinds() == ["twin_or_repeat"]


def test_one_attempt_has_one_line_of_a_source_by_the_database(report):
    attempt = paid_attempt()
    st.bring(report, st.line_of(attempt), st.line(1, description="other"))
    with pytest.raises(IntegrityError, match="one_line_an_attempt"), transaction.atomic():
        StatementLine.objects.filter(amount_rial=1).update(state="matched", rule="rrn", attempt_id=attempt.pk)


def test_another_terminals_line_matches_nothing_here(report):
    other = attempt_for(give(500_000), gateway="sep")
    settle({other.pk: finding(other, paid(other))})
    st.bring(report, st.line_of(other))
    assert open_kinds() == ["missing_here"]


def test_ours_that_a_complete_report_lacks_is_missing_there_until_it_comes(report):
    attempt, shown = (paid_attempt(at=st.days_ago(3, hour=h)) for h in (10, 11))
    next_day = paid_attempt(at=st.days_ago(2))
    st.bring(report, st.line_of(shown))
    reconcile()
    assert open_kinds() == []  # the day after is not in the report: it may not be complete
    st.bring(report, st.line_of(next_day))
    reconcile()
    assert open_kinds() == ["missing_there"]
    st.bring(report, st.line_of(attempt))
    assert open_kinds() == []


def test_what_a_line_may_be_is_not_missing_there_as_well(report):
    attempt = paid_attempt(200_000, at=st.days_ago(3))
    st.bring(report, st.line_of(attempt, rrn="", reference="", order_id=""))
    st.bring(report, st.line_of(paid_attempt(at=st.days_ago(1))))
    reconcile()
    assert (states()[0], open_kinds()) == (("suggested", ""), [])


# --- settlement ------------------------------------------------------------------------------------------
def test_a_payout_with_fee_empties_clearing_purpose_by_purpose(settlement):
    gifts = [paid_attempt(1_000_000), paid_attempt(500_000)]
    st.bring(settlement, *[st.line_of(a, payout_ref="P1", fee_rial=2_000) for a in gifts])
    assert (balance("clearing:"), balance("expense:fees"), balance("transit:")) == (0, 4_000, 1_496_000)
    payout = Payout.objects.get()
    assert (payout.lines, payout.gross_rial, payout.fee_rial, payout.net_rial) == (
        2,
        1_500_000,
        4_000,
        1_496_000,
    )


def test_what_was_given_to_a_need_leaves_clearing_as_that_needs_money(settlement):
    wanted = need("livelihood")
    gift = receive(700_000, fund="livelihood", province=wanted.province_id, need=wanted.code)
    st.bring(settlement, st.line_of(Attempt.objects.get(donation=gift), payout_ref="P1", fee_rial=1_000))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code LIKE 'clearing:%', d.need_id, sum(p.amount_rial) FROM ledger_posting p"
            " JOIN ledger_account a ON a.id = p.account_id JOIN ledger_dimension d ON d.id = p.dimension_id"
            " WHERE a.code LIKE 'clearing:%' OR a.code LIKE 'transit:%' GROUP BY 1, 2 ORDER BY 1"
        )
        assert cursor.fetchall() == [(False, wanted.pk, 699_000), (True, wanted.pk, 0)]


def test_the_same_settlement_file_twice_then_corrected(settlement):
    first, second = paid_attempt(1_000_000), paid_attempt(500_000)
    lines = [st.line_of(first, payout_ref="P1")]
    st.bring(settlement, *lines)
    st.bring(settlement, *lines)
    assert (balance("clearing:"), balance("transit:")) == (500_000, 1_000_000)
    st.bring(settlement, *lines, st.line_of(second, payout_ref="P1"))
    assert (balance("clearing:"), balance("transit:")) == (0, 1_500_000)
    assert list(Payout.objects.order_by("part").values_list("part", "net_rial")) == [
        (1, 1_000_000),
        (2, 500_000),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_late_reversal_takes_gift_receipt_and_total_back_in_any_order(settlement, order):
    kept, lost = receive(1_000_000, province="23"), receive(700_000, province="23")
    attempts = [Attempt.objects.get(donation=d) for d in (kept, lost)]
    lines = [
        st.line_of(attempts[0], payout_ref="P1"),
        st.line_of(attempts[1], payout_ref="P1"),
        st.line_of(attempts[1], kind="reversal", payout_ref="P2"),
    ]
    for at in order:
        st.bring(settlement, lines[at])
    assert (balance("clearing:"), balance("transit:"), balance("income:")) == (0, 1_000_000, -1_000_000)
    assert Donation.objects.get(pk=lost.pk).status == "refunded"
    assert Receipt.objects.get(donation=lost).revoked_at is not None
    assert open_kinds() == []


def test_a_reversal_of_what_was_never_paid_out_takes_nothing_from_a_payout(settlement):
    gift = receive(700_000)
    attempt = Attempt.objects.get(donation=gift)
    st.bring(settlement, st.line_of(attempt, kind="reversal", payout_ref="P1"))
    assert (balance("clearing:"), balance("transit:"), balance("income:")) == (0, 0, 0)


def test_the_payouts_own_line_must_equal_its_lines(settlement):
    st.bring(
        settlement,
        st.line_of(paid_attempt(1_000_000), payout_ref="P1", fee_rial=5_000),
        st.line(995_000, "payout", payout_ref="P1"),
        st.line_of(paid_attempt(100_000), payout_ref="P2"),
        st.line(99_000, "payout", payout_ref="P2"),
    )
    assert [s for s, _ in states()] == ["matched", "matched", "matched", "differs"]
    assert open_kinds() == ["fee_differs"]


def test_a_fee_of_the_whole_payout_is_shared_to_the_last_rial(settlement):
    gifts = [paid_attempt(100_000), Attempt.objects.get(donation=receive(200_000, fund="dowry"))]
    st.bring(
        settlement, *[st.line_of(a, payout_ref="P1") for a in gifts], st.line(1_000, "fee", payout_ref="P1")
    )
    assert (balance("clearing:"), balance("expense:fees"), balance("transit:")) == (0, 1_000, 299_000)

"""Settling: what is booked, what goes to a person, and that neither happens twice."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case
from cases.tasks import open_case  # noqa: F401 - registers the consumer
from core import outbox
from donations.models import Donation, Receipt
from donations.tasks import send_receipt  # noqa: F401 - registers the consumer
from payments.enums import AttemptState
from payments.gateways.base import Answer, CallbackHint, Outcome
from payments.models import Attempt, AttemptEvent, BankReference
from payments.services.settlement import settle
from tests.factories.gifts import attempt_for, finding, give, paid, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(country):
    return country


def legs() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, p.amount_rial FROM ledger_posting p "
            "JOIN ledger_account a ON a.id = p.account_id ORDER BY p.id"
        )
        return [(code.split(":")[0] + ":" + code.split(":")[1], amount) for code, amount in cursor.fetchall()]


def cases() -> list[tuple[str, str]]:
    outbox.drain()
    return sorted(Case.objects.values_list("kind", "subject"))


def test_a_paid_attempt_is_booked_receipted_and_frozen():
    donation = give(750_000, fund="dowry", province="23", mobile="+989121234567", name="نیکوکار")
    attempt = attempt_for(donation)
    settle({attempt.pk: finding(attempt, paid(attempt))})

    donation.refresh_from_db()
    attempt.refresh_from_db()
    assert (donation.status, attempt.state) == ("received", "succeeded")
    assert legs() == [("clearing:zarinpal", 750_000), ("income:cash", -750_000)]
    assert BankReference.objects.get().attempt_id == attempt.pk
    receipt = Receipt.objects.get()
    assert (receipt.donation_id, receipt.bank_reference) == (donation.pk, f"ref-{attempt.order_id}")
    assert list(AttemptEvent.objects.values_list("from_state", "to_state")) == [
        ("created", "redirected"),
        ("redirected", "succeeded"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Donation.objects.filter(pk=donation.pk).update(amount_rial=1)


def test_settling_twice_changes_nothing():
    attempt = attempt_for(give(100_000))
    one = {attempt.pk: finding(attempt, paid(attempt))}
    settle(one)
    settle(one)
    settle({attempt.pk: finding(attempt, paid(attempt, outcome=Outcome.ALREADY))})
    assert legs() == [("clearing:zarinpal", 100_000), ("income:cash", -100_000)]
    assert (Receipt.objects.count(), cases()) == (1, [])


def test_one_bad_attempt_never_fails_its_neighbours():
    good, short, silent = (attempt_for(give(200_000)) for _ in range(3))
    settle(
        {
            good.pk: finding(good, paid(good)),
            short.pk: finding(short, paid(short, amount_rial=20_000)),
            silent.pk: finding(silent, Answer(Outcome.UNKNOWN, "timeout")),
        }
    )
    states = {a.pk: a.state for a in Attempt.objects.all()}
    assert states == {good.pk: "succeeded", short.pk: "under_review", silent.pk: "unknown"}
    assert Donation.objects.get(pk=short.donation_id).status == "under_review"
    assert legs() == [
        ("clearing:zarinpal", 200_000),
        ("income:cash", -200_000),
        ("clearing:zarinpal", 20_000),
        ("suspense:unexpected", -20_000),
    ]
    assert cases() == [("answer_misfit", f"attempt:{short.order_id}")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"order_id": "123"},
        {"token": "another"},
        {"terminal": "another"},
        {"amount_rial": None},
        {"reference": ""},
    ],
)
def test_success_that_does_not_fit_books_nothing_and_opens_a_case(wrong):
    attempt = attempt_for(give(200_000))
    settle({attempt.pk: finding(attempt, paid(attempt, **wrong))})
    attempt.refresh_from_db()
    assert (attempt.state, legs()) == ("under_review", [])
    assert cases() == [("answer_misfit", f"attempt:{attempt.order_id}")]


def test_reference_of_a_cheaper_payment_is_a_case_about_the_callback_and_freezes_nothing():
    attempt = attempt_for(give(90_000_000))
    hint = CallbackHint(reference="cheap", claims_paid=True)
    foreign = paid(attempt, reference="cheap", amount_rial=10_000, token="", order_id="")
    settle({attempt.pk: finding(attempt, foreign, hint)})
    attempt.refresh_from_db()
    assert (attempt.state, legs()) == ("redirected", [])
    assert cases() == [("callback_misfit", f"attempt:{attempt.order_id}")]

    settle({attempt.pk: finding(attempt, paid(attempt))})
    assert legs() == [("clearing:zarinpal", 90_000_000), ("income:cash", -90_000_000)]


def test_the_same_bank_reference_books_once():
    first, second = attempt_for(give(100_000)), attempt_for(give(100_000))
    settle({first.pk: finding(first, paid(first, reference="same"))})
    settle({second.pk: finding(second, paid(second, reference="same"))})
    second.refresh_from_db()
    assert second.state == "under_review"
    assert len(legs()) == 2
    assert cases() == [("reference_reused", f"attempt:{second.order_id}")]


def test_paid_twice_for_one_gift_waits_in_suspense_for_a_person():
    donation = give(300_000)
    first, second = attempt_for(donation), attempt_for(donation, gateway="sadad")
    settle({a.pk: finding(a, paid(a)) for a in (first, second)})
    assert {a.state for a in Attempt.objects.all()} == {"succeeded"}
    assert legs() == [
        ("clearing:zarinpal", 300_000),
        ("income:cash", -300_000),
        ("clearing:sadad", 300_000),
        ("suspense:unexpected", -300_000),
    ]
    assert cases() == [("paid_twice", f"attempt:{second.order_id}")]


def test_cancelled_return_fails_within_the_minute_and_a_late_success_still_wins():
    attempt = attempt_for(give(100_000))
    cancelled = CallbackHint(claims_paid=False)
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), cancelled)})
    attempt.refresh_from_db()
    assert (attempt.state, Donation.objects.get().status) == ("failed", "failed")
    assert attempt.next_ask_at is not None

    settle({attempt.pk: finding(attempt, paid(attempt))})
    attempt.refresh_from_db()
    assert (attempt.state, Donation.objects.get().status) == ("succeeded", "received")


def test_a_gift_has_not_failed_while_another_attempt_is_on_its_way():
    donation = give(100_000)
    first, second = attempt_for(donation), attempt_for(donation, gateway="sadad")
    cancelled = CallbackHint(claims_paid=False)
    settle({first.pk: finding(first, Answer(Outcome.NOT_PAID, "-51"), cancelled)})
    assert Donation.objects.get().status == "pending"
    settle({second.pk: finding(second, Answer(Outcome.NOT_PAID, "-1"), cancelled)})
    assert Donation.objects.get().status == "failed"


def test_nothing_turns_a_success_into_a_failure():
    donation = receive(100_000)
    attempt = donation.attempts.get()
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), CallbackHint(claims_paid=False))})
    attempt.refresh_from_db()
    assert attempt.state == "succeeded"
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.FAILED)


def test_forged_success_before_payment_is_never_received_and_is_seen():
    attempt = attempt_for(give(100_000))
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), CallbackHint(claims_paid=True))})
    attempt.refresh_from_db()
    assert (attempt.state, legs()) == ("redirected", [])
    assert cases() == [("callback_misfit", f"attempt:{attempt.order_id}")]


def test_silence_is_never_failure_and_at_the_deadline_a_person_decides():
    attempt = attempt_for(give(100_000), at=timezone.now() - timezone.timedelta(hours=3))
    settle({attempt.pk: finding(attempt, Answer(Outcome.UNKNOWN, "timeout"))})
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_ask_at) == ("unknown", None)
    assert Donation.objects.get().status == "pending"
    assert cases() == [("undecided", f"attempt:{attempt.order_id}")]


def test_not_paid_by_the_deadline_is_failed():
    attempt = attempt_for(give(100_000), at=timezone.now() - timezone.timedelta(hours=3))
    settle({attempt.pk: finding(attempt, Answer(Outcome.PENDING))})
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_ask_at, cases()) == ("failed", None, [])


def test_settling_ten_costs_as_many_queries_as_settling_one():
    warm = attempt_for(give(100_000))
    settle({warm.pk: finding(warm, paid(warm))})
    needed = []
    for count in (1, 10):
        attempts = [attempt_for(give(100_000)) for _ in range(count)]
        with CaptureQueriesContext(connection) as statements:
            settle({a.pk: finding(a, paid(a)) for a in attempts})
        needed.append(len(statements))
    assert needed[0] == needed[1]
    # the locks of gifts and attempts, references, moves, gifts, books, receipts; ids may have to be learnt first
    assert needed[0] <= 7 + 3

"""What nobody decided in time becomes one case."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from cases.tasks import open_case  # noqa: F401  registers the consumer
from core import outbox
from core.models import OutboxMessage
from donations.models import Donation
from payments.enums import AttemptState
from payments.models import Attempt, AttemptEvent, Terminal
from payments.services.settlement import settle
from payments.services.stuck import open_cases
from payments.states import Move, transition
from payments.tasks import open_stuck_cases
from tests.factories.gifts import attempt_for, finding, give, paid

pytestmark = pytest.mark.usefixtures("db", "country")
MINUTE = timedelta(minutes=1)


def cases() -> list[tuple[str, str, str | None]]:
    outbox.drain()
    return list(Case.objects.values_list("kind", "subject", "province_id"))


def late(minutes: int, **wish) -> Attempt:
    """An attempt whose deadline passed so long ago while nobody asked."""
    attempt = attempt_for(give(province="23", **wish))
    past = timezone.now() - minutes * MINUTE
    Attempt.objects.filter(pk=attempt.pk).update(ask_until=past, next_ask_at=past)
    return Attempt.objects.get(pk=attempt.pk)


def created(minutes: int) -> Attempt:
    """An attempt that never got a token and should have been given up so long ago."""
    gift = give()
    return Attempt.objects.create(
        donation=gift,
        terminal=Terminal.objects.get(gateway="sep"),
        gateway="sep",
        amount_rial=gift.amount_rial,
        next_ask_at=timezone.now() - minutes * MINUTE,
    )


def test_nobody_asked_past_the_deadline():
    attempt = late(6)
    assert open_stuck_cases() == 1
    assert cases() == [("undecided", f"attempt:{attempt.order_id}", "23")]
    facts = Case.objects.get().facts
    assert (facts["tracking_code"], facts["amount_rial"]) == (attempt.donation.tracking_code, 500_000)


def test_once_is_enough():
    late(6)
    assert [open_cases(), open_cases()] == [1, 0]
    assert OutboxMessage.objects.filter(task="cases.open_case").count() == 1


def test_not_before_its_time():
    late(4)
    attempt_for(give())
    created(9)
    assert open_cases() == 0


def test_an_attempt_that_never_got_a_token():
    attempt = created(11)
    assert open_cases() == 1
    assert cases() == [("undecided", f"attempt:{attempt.order_id}", None)]


def test_the_sweeper_goes_on_and_a_late_success_wins():
    attempt = late(30)
    open_cases()
    marked = Attempt.objects.get(pk=attempt.pk)
    assert (marked.state, marked.reason, marked.next_ask_at) == ("redirected", "stuck", attempt.next_ask_at)
    assert AttemptEvent.objects.filter(attempt=attempt).count() == 1  # the state did not move
    settle({attempt.pk: finding(attempt, paid(attempt))})
    assert Donation.objects.get(pk=attempt.donation_id).status == "received"


def test_what_has_its_case_by_judgement_is_left_alone():
    attempt = late(30)
    transition([Move(attempt.pk, AttemptState.UNKNOWN, "unknown:timeout")])
    assert Attempt.objects.get(pk=attempt.pk).next_ask_at is None
    assert open_cases() == 0


def test_decided_attempts_are_left_alone():
    attempt = late(30)
    settle({attempt.pk: finding(attempt, paid(attempt))})
    assert open_cases() == 0

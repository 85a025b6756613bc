"""Gifts, attempts and the banks' answers, with fitting values unless a test says otherwise."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

from donations.models import Donation
from donations.services.donations import Wish, create_donation
from payments.gateways.base import Answer, CallbackHint, Outcome, Question
from payments.models import Attempt, Terminal
from payments.services.attempts import record_attempt
from payments.services.settlement import Finding, settle

from django.utils import timezone  # isort: skip

_numbers = itertools.count(1)
TERMINAL = "terminal-1"


def give(amount_rial: int = 500_000, fund: str = "general", **wish) -> Donation:
    """A gift that is written down and not paid."""
    at = wish.pop("at", None)
    return create_donation(Wish(amount_rial=amount_rial, fund=fund, **wish), at=at)


def attempt_for(donation: Donation, gateway: str = "zarinpal", at: datetime | None = None) -> Attempt:
    """An attempt that has its token and waits for the donor."""
    terminal = Terminal.objects.get(gateway=gateway)
    attempt = record_attempt(donation, terminal, f"token-{next(_numbers)}", at or timezone.now())
    return Attempt.objects.select_related("donation").get(pk=attempt.pk)


def question(attempt: Attempt, hint: CallbackHint | None = None) -> Question:
    return Question(str(attempt.order_id), attempt.amount_rial, attempt.token, hint=hint)


def paid(attempt: Attempt, **changes) -> Answer:
    """The answer of a bank at which this attempt was paid in full."""
    answer = Answer(
        Outcome.SUCCESS,
        code="100",
        reference=f"ref-{attempt.order_id}",
        rrn=str(attempt.order_id)[-12:],
        amount_rial=attempt.amount_rial,
        order_id=str(attempt.order_id),
        terminal=TERMINAL,
        token=attempt.token,
        card_masked="603799******1234",
    )
    return replace(answer, **changes)


def finding(attempt: Attempt, answer: Answer, hint: CallbackHint | None = None) -> Finding:
    return Finding(question(attempt, hint), answer, TERMINAL)


def receive(amount_rial: int = 500_000, at: datetime | None = None, **wish) -> Donation:
    """A gift that was paid, verified and booked."""
    donation = give(amount_rial, at=at, **wish)
    attempt = attempt_for(donation, at=at)
    settle({attempt.pk: finding(attempt, paid(attempt))}, now=at)
    return Donation.objects.get(pk=donation.pk)

"""Attempts that nobody decided in time become a person's case."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.outbox import promise_many
from payments.enums import AttemptState
from payments.models import Attempt
from payments.services.judgement import UNDECIDED as UNDECIDED_CASE
from payments.states import UNDECIDED, Move, transition

PAST_DEADLINE = timedelta(minutes=5)
NEVER_LOOKED_AT = timedelta(minutes=10)
STUCK = "stuck"


@transaction.atomic
def open_cases(limit: int = 200) -> int:
    """Ask for a case for each attempt that is undecided past its bank's deadline, or never got a token and is
    not even given up; returns how many. Safe to repeat and to race.

    An attempt whose last question stayed unanswered has its case from the judgement and no next time; these
    here still have a time at which they should have been asked about, and it has long passed. That the case
    was asked for is marked in the attempt's reason, and asking the bank goes on when the sweeper is back.
    """
    now = timezone.now()
    late = Q(ask_until__lt=now - PAST_DEADLINE, next_ask_at__lt=now - PAST_DEADLINE)
    forgotten = Q(state=AttemptState.CREATED, next_ask_at__lt=now - NEVER_LOOKED_AT)
    stuck = list(
        Attempt.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("donation")
        .filter(late | forgotten, state__in=UNDECIDED)
        .exclude(reason=STUCK)
        .order_by("next_ask_at")[:limit]
    )
    promise_many(
        "cases.open_case",
        [
            {
                "kind": UNDECIDED_CASE,
                "subject": f"attempt:{attempt.order_id}",
                "province": attempt.donation.province_id or "",
                "gateway": attempt.gateway,
                "reason": STUCK,
                "amount_rial": attempt.amount_rial,
                "tracking_code": attempt.donation.tracking_code,
            }
            for attempt in stuck
        ],
    )
    transition([Move(a.pk, AttemptState(a.state), STUCK, next_ask_at=a.next_ask_at) for a in stuck])
    return len(stuck)

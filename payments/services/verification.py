"""Asking the banks: lease the attempts, ask with no transaction open, settle what came back together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from payments.enums import AttemptState
from payments.gateways import GATEWAYS
from payments.gateways.base import Answer, CallbackHint, Gateway, Outcome, Question, TerminalAccess
from payments.models import Attempt, Callback
from payments.services import clock
from payments.services.health import note_failure, note_success, resting
from payments.services.settlement import Finding, settle
from payments.services.terminals import access_to
from payments.states import ASKABLE, Move, transition

log = logging.getLogger(__name__)
AT_ONCE = 16  # bank calls under way at the same time in one worker


@dataclass(frozen=True)
class _Asking:
    attempt: Attempt
    gateway: Gateway
    access: TerminalAccess
    question: Question

    @property
    def terminal(self) -> str:
        return str(self.access.credentials.get(self.gateway.terminal_key, ""))


def verify_attempts(
    attempt_ids: Iterable[int], hints: Mapping[int, CallbackHint] | None = None
) -> dict[int, Answer]:
    """Ask the banks about these attempts and settle the answers; returns the answers of those really asked.

    An attempt that another worker is asking about, or that is decided, is left out. A crash at any point
    leaves a lease that ends by itself, after which the sweeper asks again.
    """
    leased = _lease(attempt_ids)
    if not leased:
        return {}
    hints = hints or _stored_hints(leased)
    asking = [_prepare(attempt, hints.get(attempt.pk)) for attempt in leased]
    asking = _look_first(asking)
    answers = _ask_all([(a, a.gateway.verify) for a in asking])
    told = list(zip(asking, answers, strict=True))
    settle({a.attempt.pk: Finding(a.question, answer, a.terminal) for a, answer in told})
    return {a.attempt.pk: answer for a, answer in told}


@transaction.atomic
def _lease(attempt_ids: Iterable[int]) -> list[Attempt]:
    now = timezone.now()
    free = Attempt.objects.select_for_update(of=("self",), skip_locked=True).filter(
        Q(leased_until=None) | Q(leased_until__lt=now), pk__in=list(attempt_ids), state__in=ASKABLE
    )
    found = list(free.select_related("terminal").order_by("pk"))
    Attempt.objects.filter(pk__in=[a.pk for a in found]).update(
        leased_until=now + clock.lease(), asks=F("asks") + 1
    )
    return found


def _stored_hints(attempts: list[Attempt]) -> dict[int, CallbackHint]:
    """What the newest callback of each attempt claimed."""
    newest = (
        Callback.objects.filter(attempt__in=[a.pk for a in attempts])
        .order_by("attempt_id", "-pk")
        .distinct("attempt_id")
        .values_list("attempt_id", "gateway", "payload")
    )
    return {pk: GATEWAYS[name].parse_callback(payload) for pk, name, payload in newest}


def _prepare(attempt: Attempt, hint: CallbackHint | None) -> _Asking:
    question = Question(
        order_id=str(attempt.order_id),
        amount_rial=attempt.amount_rial,
        token=attempt.token,
        reference=attempt.reference,
        hint=hint,
        seen=attempt.seen,
    )
    return _Asking(attempt, GATEWAYS[attempt.gateway], access_to(attempt.terminal), question)


def _look_first(asking: list[_Asking]) -> list[_Asking]:
    """Where the bank's record vanishes with verifying, look and commit what was seen before any verify."""
    looking = [a for a in asking if a.gateway.looks_first and not _is_proof(a.question.seen)]
    if not looking:
        return asking
    answers = _ask_all([(a, a.gateway.look) for a in looking])
    seen = {a.attempt.pk: answer.seen() for a, answer in zip(looking, answers, strict=True)}
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE payments_attempt a SET seen = s.seen::jsonb "
            "FROM (VALUES %s) AS s (id, seen) WHERE a.id = s.id",
            [(pk, Json(what)) for pk, what in seen.items()],
            page_size=len(seen),
        )
    return [
        replace(a, question=replace(a.question, seen=seen[a.attempt.pk])) if a.attempt.pk in seen else a
        for a in asking
    ]


def _is_proof(seen: Mapping | None) -> bool:
    return bool(seen) and seen.get("outcome") == Outcome.PAID


def _ask_all(calls: list[tuple[_Asking, Callable[[TerminalAccess, Question], Answer]]]) -> list[Answer]:
    """Ask the banks side by side; the threads touch no database."""
    if len(calls) == 1:
        return [_ask(*calls[0])]
    with ThreadPoolExecutor(min(AT_ONCE, len(calls))) as pool:
        return list(pool.map(lambda call: _ask(*call), calls))


def _ask(asking: _Asking, call: Callable[[TerminalAccess, Question], Answer]) -> Answer:
    try:
        answer = call(asking.access, asking.question)
        _note_health(asking.gateway.name, answer)
        return answer
    except Exception:  # an adapter's own fault must not hold up its neighbours
        log.exception("asking %s about order %s failed", asking.gateway.name, asking.question.order_id)
        return Answer(Outcome.UNKNOWN, "adapter_error")


def _note_health(gateway: str, answer: Answer) -> None:
    if answer.outcome is not Outcome.UNKNOWN:
        note_success(gateway)
    elif answer.exchanges and (answer.exchanges[-1].status or 599) >= 500:
        note_failure(gateway)


def sweep(limit: int = 50) -> int:
    """Ask about every attempt whose time has come; give up those that never got a token. Returns how many.

    Gateways that rest are left alone until their rest is over.
    """
    tired = resting(GATEWAYS)
    due = list(
        Attempt.objects.filter(next_ask_at__lte=timezone.now())
        .exclude(gateway__in=tired, state__in=ASKABLE)
        .order_by("next_ask_at")
        .values_list("pk", "state")[:limit]
    )
    _give_up_never_handed_over([pk for pk, state in due if state == AttemptState.CREATED])
    asked = verify_attempts([pk for pk, state in due if state in ASKABLE])
    return len(asked)


@transaction.atomic
def _give_up_never_handed_over(attempt_ids: list[int]) -> None:
    """No token was committed, so no donor was sent to the bank: nothing can have been paid."""
    locked = Attempt.objects.select_for_update(of=("self",), skip_locked=True).filter(
        pk__in=attempt_ids, state=AttemptState.CREATED
    )
    now = timezone.now()
    transition(
        [Move(a.pk, AttemptState.FAILED, "never_handed_over", decided_at=now) for a in locked.order_by("pk")]
    )

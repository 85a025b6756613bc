"""Asking the banks: lease the attempts, ask with no transaction open, settle what came back together."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cache

from django.db import DataError, IntegrityError, InternalError, connection, transaction
from django.utils import timezone
from psycopg2.extras import Json

from payments.enums import AttemptState
from payments.gateways import GATEWAYS
from payments.gateways.base import (
    RECEIPT_ABSENT,
    Answer,
    CallbackHint,
    Gateway,
    Outcome,
    Question,
    TerminalAccess,
)
from payments.models import Attempt, Callback
from payments.services import clock
from payments.services.health import note_failure, note_success, resting
from payments.services.settlement import Finding, settle
from payments.services.terminals import access_to, find_terminal
from payments.states import ASKABLE, Move, transition

log = logging.getLogger(__name__)
AT_ONCE = 50  # bank calls under way at the same time in one worker: none waits for a slow neighbour
PATIENCE = 1.0  # seconds; a bank slower than this holds up its own payments only
Told = list[tuple[Attempt, Answer]]


@dataclass(frozen=True)
class _Asking:
    attempt: Attempt
    gateway: Gateway
    access: TerminalAccess
    question: Question
    looked: Answer | None = None

    @property
    def terminal(self) -> str:
        return str(self.access.credentials.get(self.gateway.terminal_key, ""))


def verify_attempts(
    attempt_ids: Iterable[int],
    hints: Mapping[int, CallbackHint] | None = None,
    and_then: Callable[[Told], None] = lambda told: None,
) -> dict[int, Answer]:
    """Ask the banks about these attempts and settle the answers, with `and_then` in the same transaction; returns the
    answers of those really asked.

    An attempt that another worker is asking about, or that is decided, is left out. A crash at any point
    leaves a lease that ends by itself, after which the sweeper asks again. Those whose bank is slow are settled
    later than the others.
    """
    leased = _lease(list(attempt_ids))
    if hints is None:
        hints = _stored_hints(leased)
    asking = [_prepare(attempt, hints.get(attempt.pk)) for attempt in leased]
    answers: dict[int, Answer] = {}
    for ready in _looked(asking):
        for told in _in_waves(ready, _verify):
            _settle(told, and_then)
            answers |= {a.attempt.pk: answer for a, answer in told}
    return answers


def _settle(told: list[tuple[_Asking, Answer]], and_then: Callable[[Told], None]) -> None:
    """All in one transaction; should the database refuse it, each by itself, so that only the bad one waits."""
    findings = {a.attempt.pk: Finding(a.question, answer, a.terminal) for a, answer in told}
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            settle(findings)
            and_then([(a.attempt, answer) for a, answer in told])
    except (IntegrityError, DataError, InternalError):
        if len(told) == 1:
            log.exception("attempt %s cannot be settled", told[0][0].attempt)
            return
        for one in told:
            _settle([one], and_then)


def _lease(attempt_ids: list[int]) -> list[Attempt]:
    if not attempt_ids:
        return []
    now = timezone.now()
    given = [attempt_ids, [str(s) for s in ASKABLE], now, now + clock.lease()]
    leased = Attempt.objects.raw("SELECT * FROM payments_lease_attempts(%s, %s, %s, %s)", given)
    return sorted(leased, key=lambda attempt: attempt.pk)


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
    return _Asking(
        attempt,
        GATEWAYS[attempt.gateway],
        access_to(find_terminal(attempt.terminal_id), attempt.credentials_version),
        question,
    )


def _looked(asking: list[_Asking]) -> Iterator[list[_Asking]]:
    """Where the bank's record vanishes with verifying, look and commit what was seen before any verify; what was once
    seen as paid stays. The others
    are ready at once, and go together with those whose bank is quick."""
    looking = [a for a in asking if _must_look(a)]
    ready = [a for a in asking if not _must_look(a)]
    waves = _in_waves(looking, lambda a: a.gateway.look(a.access, a.question))
    yield ready + _remember_seen(next(waves, []))
    for looked in waves:
        yield _remember_seen(looked)


def _remember_seen(looked: list[tuple[_Asking, Answer]]) -> list[_Asking]:
    if not looked:
        return []
    looks = [{"id": a.attempt.pk, "seen": answer.seen()} for a, answer in looked]
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_keep_seen(%s)", [Json(looks)])
    return [replace(a, question=replace(a.question, seen=said.seen()), looked=said) for a, said in looked]


def _verify(asking: _Asking) -> Answer:
    """Where the bank was to be looked at first and gave no clear answer, that is the answer: a payment that is
    verified unseen could never be proved."""
    looked = asking.looked
    if looked is not None and looked.outcome is not Outcome.PAID and looked.code != RECEIPT_ABSENT:
        return looked
    return asking.gateway.verify(asking.access, asking.question)


def _must_look(asking: _Asking) -> bool:
    seen = asking.question.seen or {}
    return asking.gateway.looks_first and seen.get("outcome") != Outcome.PAID


def _in_waves(
    asking: list[_Asking], call: Callable[[_Asking], Answer]
) -> Iterator[list[tuple[_Asking, Answer]]]:
    """Ask the banks side by side: first those that answered within PATIENCE, then the slow ones. The threads touch no
    database."""
    if len(asking) == 1:
        yield [(asking[0], _ask(asking[0], call))]
    if len(asking) < 2:
        return
    calls = {_callers().submit(_ask, a, call): a for a in asking}
    quick, slow = wait(calls, PATIENCE)
    for wave in (quick, slow):
        if wave:
            yield [(a, asked.result()) for asked, a in calls.items() if asked in wave]


@cache
def _callers() -> ThreadPoolExecutor:
    """The threads of this process that wait for banks."""
    return ThreadPoolExecutor(AT_ONCE, "bank")


os.register_at_fork(after_in_child=_callers.cache_clear)


def _ask(asking: _Asking, call: Callable[[_Asking], Answer]) -> Answer:
    try:
        answer = call(asking)
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

"""The banks' returns: stored raw at once, handled by a worker, never believed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.jalali import iso_jalali, tehran_today
from core.outbox import nudge, promise_many
from payments.enums import CallbackVerdict
from payments.gateways import GATEWAYS
from payments.gateways.base import CALLBACK_DIFFERS, NO_REFERENCE, Answer, CallbackHint, Outcome
from payments.models import Attempt, Callback
from payments.services import clock
from payments.services.health import resting
from payments.services.judgement import CALLBACK_MISFIT
from payments.services.verification import verify_attempts
from payments.states import ASKABLE

CALLBACK_UNKNOWN = "callback_unknown"
_MOST_FIELDS, _LONGEST = 40, 500
_CARD = re.compile(r"(?<!\d)(\d{6})\d{6}(\d{4})(?!\d)")


def take_in(gateway: str, fields: Mapping[str, object]) -> Attempt | None:
    """Store a callback and wake a worker; returns the attempt it seems to belong to, with its donation.

    Repeats are stored again: that a callback came twice is a fact too.
    """
    raw = {str(k)[:80]: str(v)[:_LONGEST] for k, v in list(fields.items())[:_MOST_FIELDS]}
    hint = GATEWAYS[gateway].parse_callback(raw)
    attempt = _attempt_of(gateway, hint)
    payload = _without_cards(raw, keep={hint.token, hint.order_id, hint.reference})
    Callback.objects.create(gateway=gateway, attempt=attempt, payload=payload)
    nudge("payments.drain_callbacks")
    return attempt


def _without_cards(raw: dict[str, str], keep: set[str]) -> dict[str, str]:
    """Mask what looks like a card number, except the identifiers by which the bank must be asked."""
    return {k: v if v in keep else _CARD.sub(r"\1******\2", v) for k, v in raw.items()}


def _attempt_of(gateway: str, hint: CallbackHint) -> Attempt | None:
    """By our token first; by our order id only where the gateway's callback carries no token."""
    mine = Attempt.objects.select_related("donation").filter(gateway=gateway)
    if hint.token:
        return mine.filter(token=hint.token).first()
    if hint.order_id.isdecimal() and len(hint.order_id) <= 18:
        return mine.filter(order_id=int(hint.order_id)).first()
    return None


def drain(limit: int = 50) -> int:
    """Handle up to `limit` waiting callbacks of one gateway together; returns how many were taken. Safe in many
    workers. A gateway that rests is left alone, so that a hung bank never holds up the others.

    Each callback is asked about with its own claim (one an attempt and round), and stays in the inbox until
    the bank has said something.
    """
    taken = _lease(limit)
    strangers = [c for c in taken if c.attempt_id is None]
    claims: dict[int, tuple[Callback, CallbackHint]] = {}
    for callback in taken:
        if callback.attempt_id is not None and callback.attempt_id not in claims:
            claims[callback.attempt_id] = (
                callback,
                GATEWAYS[callback.gateway].parse_callback(callback.payload),
            )
    cases = [
        _misfit(callback, hint)
        for callback, hint in claims.values()
        if _speaks_of_another(callback.attempt, hint)
    ]
    answers = verify_attempts(claims, {pk: hint for pk, (_, hint) in claims.items()})
    _finish([callback for callback, _ in claims.values()], answers, strangers, cases)
    later = {c.pk for c in taken} - {c.pk for c, _ in claims.values()} - {c.pk for c in strangers}
    Callback.objects.filter(pk__in=later).update(leased_until=None)
    return len(taken)


@transaction.atomic
def _lease(limit: int) -> list[Callback]:
    now = timezone.now()
    waiting = (
        Callback.objects.filter(
            Q(leased_until=None) | Q(leased_until__lt=now), verdict=CallbackVerdict.WAITING
        )
        .exclude(gateway__in=resting(GATEWAYS))
        .order_by("pk")
    )
    gateway = waiting.values_list("gateway", flat=True).first()
    if gateway is None:
        return []
    mine = waiting.filter(gateway=gateway).select_for_update(of=("self",), skip_locked=True)
    found = list(mine.select_related("attempt__donation")[:limit])
    Callback.objects.filter(pk__in=[c.pk for c in found]).update(leased_until=now + clock.lease())
    return found


@transaction.atomic
def _finish(
    handled: list[Callback], answers: dict[int, Answer], strangers: list[Callback], cases: list[dict]
) -> None:
    """A callback is done once the bank has answered about its attempt or nothing is left to ask; else it
    waits on."""
    askable = set(
        Attempt.objects.filter(pk__in=[c.attempt_id for c in handled], state__in=ASKABLE).values_list(
            "pk", flat=True
        )
    )
    done = {c.pk for c in handled if c.attempt_id not in askable or _is_answered(answers.get(c.attempt_id))}
    misfits = {case["callback"] for case in cases}
    Callback.objects.filter(pk__in=done - misfits).update(verdict=CallbackVerdict.ASKED)
    Callback.objects.filter(pk__in=done & misfits).update(verdict=CallbackVerdict.MISFIT)
    Callback.objects.filter(pk__in=[c.pk for c in strangers]).update(verdict=CallbackVerdict.UNKNOWN_ATTEMPT)
    Callback.objects.filter(pk__in={c.pk for c in handled} - done).update(
        leased_until=timezone.now() + clock.ASK_AGAIN_AFTER
    )
    promise_many("cases.open_case", cases + _strangers_case(strangers))


def _is_answered(answer: Answer | None) -> bool:
    if answer is None:
        return False
    return answer.outcome not in (Outcome.UNKNOWN, Outcome.REJECTED) or answer.code in (
        CALLBACK_DIFFERS,
        NO_REFERENCE,
    )


def _speaks_of_another(attempt: Attempt, hint: CallbackHint) -> bool:
    return (
        hint.token not in ("", attempt.token)
        or hint.order_id not in ("", str(attempt.order_id))
        or hint.amount_rial not in (None, attempt.amount_rial)
    )


def _misfit(callback: Callback, hint: CallbackHint) -> dict:
    return {
        "kind": CALLBACK_MISFIT,
        "subject": f"attempt:{callback.attempt.order_id}",
        "province": callback.attempt.donation.province_id or "",
        "gateway": callback.gateway,
        "callback": callback.pk,
        "claimed_order": hint.order_id[:40],
        "claimed_amount_rial": hint.amount_rial,
        "amount_rial": callback.attempt.amount_rial,
        "tracking_code": callback.attempt.donation.tracking_code,
    }


def _strangers_case(strangers: list[Callback]) -> list[dict]:
    """One case a gateway and day, however many such callbacks come: a flood must not bury the real cases."""
    day = iso_jalali(tehran_today())
    first = {}
    for callback in strangers:
        first.setdefault(callback.gateway, callback.pk)
    return [
        {"kind": CALLBACK_UNKNOWN, "subject": f"{gateway}:{day}", "province": "", "callback": pk}
        for gateway, pk in first.items()
    ]

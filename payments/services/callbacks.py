"""The banks' returns: stored raw at once, handled by a worker, never believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import Json

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

AT_ONCE = 50  # callbacks handled together
CALLBACK_UNKNOWN = "callback_unknown"
_MOST_FIELDS, _LONGEST, _LONGEST_ORDER = 40, 500, 18
_CARD = re.compile(r"(?<!\d)(\d{6})\d{6}(\d{4})(?!\d)")


def take_in(gateway: str, fields: Mapping[str, object]) -> str | None:
    """Store a callback in one statement and wake a worker; returns the tracking code of the gift it seems to belong to.

    By our token first; by our order id only where the gateway's callback carries no token. Repeats are stored again:
    that a callback came twice is a fact too.
    """
    raw = {str(k)[:80]: str(v)[:_LONGEST] for k, v in list(fields.items())[:_MOST_FIELDS]}
    hint = GATEWAYS[gateway].parse_callback(raw)
    payload = _without_cards(raw, keep={hint.token, hint.order_id, hint.reference})
    has_order = hint.order_id.isdecimal() and len(hint.order_id) <= _LONGEST_ORDER
    with connection.cursor() as cursor:
        given = [gateway, hint.token, hint.order_id if has_order else None, Json(payload)]
        cursor.execute("SELECT payments_take_in(%s, %s, %s::bigint, %s)", given)
        tracking_code = cursor.fetchone()[0]
    nudge("payments.drain_callbacks")
    return tracking_code


def _without_cards(raw: dict[str, str], keep: set[str]) -> dict[str, str]:
    """Mask what looks like a card number, except the identifiers by which the bank must be asked."""
    return {k: v if v in keep else _CARD.sub(r"\1******\2", v) for k, v in raw.items()}


def drain(limit: int = AT_ONCE) -> int:
    """Handle up to `limit` waiting callbacks together; returns how many were taken. Safe in many workers. Those of a
    gateway that rests are left alone.

    Each callback is asked about with its own claim (one an attempt and round), and stays in the inbox until
    the bank has said something. What the bank said and that the callback is done are one transaction.
    """
    taken = _lease(limit)
    if not taken:
        return 0
    claims: dict[int, Callback] = {}
    for callback in taken:
        if callback.attempt_id is not None:
            claims.setdefault(callback.attempt_id, callback)
    hints = {pk: GATEWAYS[c.gateway].parse_callback(c.payload) for pk, c in claims.items()}

    def finish(told: list[tuple[Attempt, Answer]]) -> None:
        _finish([(claims[a.pk], hints[a.pk], a, _is_answered(answer)) for a, answer in told])

    asked = verify_attempts(claims, hints, finish)
    handled = {claims[pk].pk for pk in asked}
    _finish_unasked([c for c in taken if c.pk not in handled], claims, hints)
    return len(taken)


def _lease(limit: int) -> list[Callback]:
    now = timezone.now()
    given = [list(resting(GATEWAYS)), now, now + clock.lease(), limit]
    leased = Callback.objects.raw("SELECT * FROM payments_lease_callbacks(%s::text[], %s, %s, %s)", given)
    return sorted(leased, key=lambda callback: callback.pk)


def _finish(handled: list[tuple[Callback, CallbackHint, Attempt, bool]]) -> None:
    """A callback is done once nothing is left to ask, with its case where it spoke of another payment; else it waits
    on."""
    again = timezone.now() + clock.ASK_AGAIN_AFTER
    notes: list[tuple[int, str, datetime | None]] = []
    cases: list[dict] = []
    for callback, hint, attempt, is_done in handled:
        is_misfit = _speaks_of_another(attempt, hint)
        done = CallbackVerdict.MISFIT if is_misfit else CallbackVerdict.ASKED
        notes.append((callback.pk, done, None) if is_done else (callback.pk, CallbackVerdict.WAITING, again))
        if is_misfit:
            cases.append(_misfit(callback, hint, attempt))
    _note(notes)
    promise_many("cases.open_case", cases)


@transaction.atomic
def _finish_unasked(
    left: list[Callback], claims: dict[int, Callback], hints: dict[int, CallbackHint]
) -> None:
    """Callbacks about which no bank was asked: their attempt is decided or another worker's, they repeat one of this
    round, or they belong to nobody."""
    if not left:
        return
    strangers = [c for c in left if c.attempt_id is None]
    repeated = [c for c in left if c.attempt_id is not None and claims[c.attempt_id] is not c]
    claimed = {c.attempt_id: c for c in left if claims.get(c.attempt_id) is c}
    attempts = Attempt.objects.select_related("donation").filter(pk__in=claimed)
    _finish([(claimed[a.pk], hints[a.pk], a, a.state not in ASKABLE) for a in attempts])
    _note([(c.pk, CallbackVerdict.UNKNOWN_ATTEMPT, None) for c in strangers])
    _note([(c.pk, CallbackVerdict.WAITING, None) for c in repeated])
    promise_many("cases.open_case", _strangers_case(strangers))


def _note(notes: list[tuple[int, str, datetime | None]]) -> None:
    """Write down what became of callbacks, in one statement: verdict, and until when they wait."""
    if notes:
        given = [list(column) for column in zip(*notes, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_note_callbacks(%s, %s::text[], %s::timestamptz[])", given)


def _is_answered(answer: Answer) -> bool:
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


def _misfit(callback: Callback, hint: CallbackHint, attempt: Attempt) -> dict:
    return {
        "kind": CALLBACK_MISFIT,
        "subject": f"attempt:{attempt.order_id}",
        "province": attempt.donation.province_id or "",
        "gateway": callback.gateway,
        "callback": callback.pk,
        "claimed_order": hint.order_id[:40],
        "claimed_amount_rial": hint.amount_rial,
        "amount_rial": attempt.amount_rial,
        "tracking_code": attempt.donation.tracking_code,
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

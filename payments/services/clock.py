"""When an undecided attempt is asked about."""

from datetime import datetime, timedelta

from django.conf import settings

from payments.gateways.base import Gateway

HANDOVER_GRACE = timedelta(minutes=2)  # an attempt that got no token by then was never handed over
REUSE_TOKEN_FOR = timedelta(minutes=10)  # a donor who comes back within this gets the same bank page
ASK_AGAIN_AFTER = timedelta(seconds=5)  # a callback whose bank gave no answer
_MINUTES = (1, 3, 7, 12)
_EVERY = 10
_EAGER_SECONDS = (4, 8, 15, 30)  # a donor is back from the bank and waits


def lease() -> timedelta:
    """How long an attempt is one worker's: longer than the slowest look, verify and settle together."""
    return timedelta(seconds=3 * (settings.GATEWAY_CONNECT_TIMEOUT + settings.GATEWAY_READ_TIMEOUT) + 5)


def deadline(gateway: Gateway, redirected_at: datetime) -> datetime:
    """The last time it makes sense to ask this gateway."""
    return redirected_at + timedelta(minutes=gateway.ask_until_minutes)


def next_ask(now: datetime, redirected_at: datetime, ask_until: datetime, *, asks: int, is_awaited: bool):
    """The next time to ask: 1, 3, 7, 12 minutes after the hand-over and every ten from then on, the last time
    at the deadline; sooner while a donor waits for an unclear answer. None once the deadline has passed."""
    if now >= ask_until:
        return None
    passed = (now - redirected_at).total_seconds() / 60
    minute = next((m for m in _MINUTES if m > passed), None) or (int(passed - 2) // _EVERY + 1) * _EVERY + 2
    planned = redirected_at + timedelta(minutes=minute)
    if is_awaited and asks <= len(_EAGER_SECONDS):
        planned = min(planned, now + timedelta(seconds=_EAGER_SECONDS[max(asks - 1, 0)]))
    return min(planned, ask_until)

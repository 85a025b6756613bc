"""Letting a partner's signed request in: key, clock, signature, pace, and each signature once."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from core.errors import DomainError
from core.jalali import tehran_today
from core.transactions import savepoint_if_inside
from payments.models import PartnerCall, PartnerKey, PartnerRehearsal

KEY_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-Partner-Key", "X-Timestamp", "X-Signature"
KEEP_CALLS = timedelta(days=30)
KEEP_REHEARSALS = timedelta(days=30)
_TIMESTAMP = re.compile(r"[0-9]{10}(?:\.[0-9]{1,9})?")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[a-z0-9-]{1,32}")
_NOTE_USE_EVERY = timedelta(minutes=1)
_PACE_SECONDS = 60


def sign(secret: str, timestamp: str, signed: bytes) -> str:
    """64 hex digits: HMAC-SHA256 under the secret's ASCII bytes of timestamp, one line feed (0x0A), `signed`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"\n" + signed, hashlib.sha256).hexdigest()


def let_in(headers: Mapping[str, str], signed: bytes) -> PartnerKey:
    """The key, with its partner, that signed these bytes (the raw body, or the path of a GET) and is in force.

    DomainError, 401: missing_signature, unknown_key, clock_skew (with server_time), bad_signature; 403, told to the
    holder of the secret only: key_revoked, key_ended, key_not_yet_valid, partner_inactive.
    """
    key_id, timestamp = headers.get(KEY_HEADER, "").strip(), headers.get(TIMESTAMP_HEADER, "").strip()
    signature = headers.get(SIGNATURE_HEADER, "").strip().lower()
    if not (key_id and timestamp and signature):
        raise DomainError("missing_signature", status=401)
    key = _find(key_id)
    _check_clock(timestamp)
    if not hmac.compare_digest(sign(key.secret, timestamp, signed).encode(), signature.encode()):
        raise DomainError("bad_signature", status=401)
    _check_in_force(key)
    return key


def _find(key_id: str) -> PartnerKey:
    key = None
    if _KEY_ID.fullmatch(key_id):
        related = ("partner__channel__office", "partner__fund")
        key = PartnerKey.objects.select_related(*related).filter(key_id=key_id).first()
    if key is None:
        raise DomainError("unknown_key", status=401)
    return key


def _check_clock(timestamp: str) -> None:
    now = time.time()
    is_one = _TIMESTAMP.fullmatch(timestamp)
    if not is_one or abs(now - float(timestamp)) > settings.PARTNER_CLOCK_WINDOW_SECONDS:
        raise DomainError("clock_skew", status=401, server_time=int(now))


def _check_in_force(key: PartnerKey) -> None:
    today = tehran_today()
    if key.revoked_at is not None:
        raise DomainError("key_revoked", status=403)
    if key.valid_until is not None and key.valid_until < today:
        raise DomainError("key_ended", status=403)
    if key.valid_from > today:
        raise DomainError("key_not_yet_valid", status=403)
    if not key.partner.is_active:
        raise DomainError("partner_inactive", status=403)


def keep_pace(key: PartnerKey, *, requests: int = 0, lines: int = 0) -> None:
    """Count what a key asks for in this minute; DomainError("too_many_requests", 429, retry_after) beyond the limits.

    Counted in the cache, only for requests that were signed. A cache that is away counts nothing.
    """
    minute, passed = divmod(int(time.time()), _PACE_SECONDS)
    for what, number, most in (
        ("requests", requests, settings.PARTNER_REQUESTS_A_MINUTE),
        ("lines", lines, settings.PARTNER_LINES_A_MINUTE),
    ):
        if number and _count(f"partner-pace:{what}:{key.pk}:{minute}", number) > most:
            raise DomainError("too_many_requests", status=429, retry_after=_PACE_SECONDS - passed)


def _count(counter: str, number: int) -> int:
    cache.add(counter, 0, 2 * _PACE_SECONDS)
    try:
        return cache.incr(counter, number)
    except ValueError:  # it has just expired
        return number


def claim_signature(key: PartnerKey, headers: Mapping[str, str]) -> PartnerCall:
    """Write down that a signature of `let_in` was used; DomainError("replayed", 409) when it was used before.

    In the database and at once: a restart or an empty cache forgets nothing. A signature outlives its row only by
    the clock, which refuses it long before KEEP_CALLS is over.
    """
    signature = headers[SIGNATURE_HEADER].strip().lower()
    if not _SIGNATURE.fullmatch(signature):
        raise DomainError("bad_signature", status=401)
    try:
        with savepoint_if_inside():
            call = PartnerCall.objects.create(key=key, signature=bytes.fromhex(signature))
    except IntegrityError as error:
        raise DomainError("replayed", status=409) from error
    now = timezone.now()
    lately = Q(last_used_at__gt=now - _NOTE_USE_EVERY)
    PartnerKey.objects.filter(pk=key.pk).exclude(lately).update(last_used_at=now)
    return call


def note_counts(call: PartnerCall, counts: Mapping[str, int]) -> None:
    """Write down what became of the lines of a call; for people who look after a partner."""
    PartnerCall.objects.filter(pk=call.pk).update(counts=dict(counts))


def forget_traces() -> int:
    """Drop what partners' calls and rehearsals left behind after KEEP_CALLS and KEEP_REHEARSALS; how many rows."""
    now = timezone.now()
    calls, _ = PartnerCall.objects.filter(at__lt=now - KEEP_CALLS).delete()
    rehearsals, _ = PartnerRehearsal.objects.filter(at__lt=now - KEEP_REHEARSALS).delete()
    return calls + rehearsals

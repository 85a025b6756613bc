"""Sessions of staff: written down when they begin, ended by idleness, by age, by too many newer ones, or by somebody
who may."""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import import_module
from ipaddress import ip_address, ip_network

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone

from core import audit, sms
from core.codes import new_url_token
from core.crypto import keyed_hash
from core.errors import DomainError
from core.models import User
from provinces import people_phrases as words
from provinces.devices import device_name
from provinces.enums import EntryWay, SessionEnd
from provinces.models import StaffSession

BEGAN, SEEN = "staff_began", "staff_seen"
SEEN_EVERY_SECONDS = 60
KEEP_DAYS = 180
DEVICE_COOKIE, DEVICE_COOKIE_AGE = "staff_device", 60 * 60 * 24 * 365


def write_down(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Begin the record of a session, and end the oldest of more than a person may have open. A receiver of
    `user_logged_in`, whichever door it came through."""
    session, now = request.session, int(time.time())
    session[BEGAN], session[SEEN] = now, now
    if not session.session_key:
        session.save()
    StaffSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "device": device_name(request.META.get("HTTP_USER_AGENT", "")),
            "device_hash": device_hash(request.COOKIES.get(DEVICE_COOKIE, "")),
            "address": short_address(request.META.get("REMOTE_ADDR", "")),
            "way": getattr(request, "entry_way", EntryWay.OTHER),
        },
    )
    others = StaffSession.objects.filter(user=user, ended_at=None).exclude(session_key=session.session_key)
    too_many = others.order_by("-began_at", "-pk")[settings.STAFF_MOST_SESSIONS - 1 :]
    _end(others.filter(pk__in=list(too_many.values_list("pk", flat=True))), SessionEnd.TOO_MANY)


def device_hash(token: str) -> str:
    """By what a browser is known again; "" for one that brings nothing."""
    return keyed_hash(token[:64], "staff_device") if token else ""


def new_device_token() -> str:
    return new_url_token()


def short_address(address: str) -> str:
    """The network an address is of, never the address: 192.0.2.0/24, 2001:db8::/48; "" for anything else."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{bits}", strict=False))


def tell_of_new_device(user: User, token: str) -> bool:
    """An SMS to a person who came in from a browser they have not used before; their first one is no news."""
    earlier = StaffSession.objects.filter(user=user).order_by("-pk")[1:200]
    known = {row.device_hash for row in earlier}
    if not user.mobile or not known or device_hash(token) in known:
        return False
    newest = StaffSession.objects.filter(user=user).order_by("-pk").first()
    text = words.NEW_DEVICE_SMS.format(device=newest.device or words.UNKNOWN_DEVICE)
    sms.queue(user.mobile, str(text), purpose="staff_notice")
    return True


def overdue(session) -> SessionEnd | None:
    """Why this session is over by time; None while it is not, and for one that nobody wrote down."""
    began, seen, now = session.get(BEGAN), session.get(SEEN), time.time()
    if began is None or seen is None:
        return None
    if now - began >= settings.STAFF_SESSION_HOURS * 3600:
        return SessionEnd.LIFETIME
    return SessionEnd.IDLE if now - seen >= settings.STAFF_IDLE_MINUTES * 60 else None


def seen(request: HttpRequest) -> None:
    """Remember that the person is here; written once a minute at most."""
    now = int(time.time())
    if request.session.get(SEEN) is None or now - request.session[SEEN] < SEEN_EVERY_SECONDS:
        return
    request.session[SEEN] = now
    StaffSession.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())


def end_here(request: HttpRequest, how: SessionEnd) -> None:
    """End the session of this request."""
    _mark(StaffSession.objects.filter(session_key=request.session.session_key), how)
    auth.logout(request)


def end_sessions(user: User, how: SessionEnd, *, but: str = "", one: int | None = None) -> int:
    """End the person's sessions (all but the one of the key `but`; only the row `one`); gives how many. Repeatable."""
    rows = StaffSession.objects.filter(user=user, ended_at=None).exclude(session_key=but)
    if one is not None:
        rows = rows.filter(pk=one)
    return _end(rows, how)


def end_own(user: User, *, key: str, one: int | None = None) -> int:
    """A person ends one of their other sessions, or all but the one they are in (`key`); audited.

    Raises DomainError: not_found (no such open session of theirs).
    """
    ended = end_sessions(user, SessionEnd.BY_PERSON, but=key, one=one)
    if one is not None and not ended:
        raise DomainError("not_found", status=404)
    audit.record("session.end", user, actor=user, count=ended)
    return ended


def failed_tries(user: User) -> list[dict[str, object]]:
    """Failed sign-ins with this person's name that are counted now: when, from which network, how many."""
    rows = AccessAttempt.objects.filter(username=user.username).order_by("-attempt_time")[:20]
    return [
        {
            "at": row.attempt_time,
            "address": short_address(row.ip_address or ""),
            "count": row.failures_since_start,
        }
        for row in rows
    ]


def renamed(old: str, new: str) -> None:
    """The key of a session has changed; it is the same session."""
    StaffSession.objects.filter(session_key=old).update(session_key=new)


def forget_sessions() -> int:
    """Mark what ended by itself, and drop records after KEEP_DAYS; gives how many were dropped."""
    now = timezone.now()
    gone = now - timedelta(hours=settings.STAFF_SESSION_HOURS)
    _mark(StaffSession.objects.filter(ended_at=None, began_at__lt=gone), SessionEnd.LIFETIME)
    deleted, _ = StaffSession.objects.filter(began_at__lt=now - timedelta(days=KEEP_DAYS)).delete()
    return deleted


def _end(rows, how: SessionEnd) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in rows.values_list("session_key", flat=True):
        store(key).delete()
    return _mark(rows, how)


def _mark(rows, how: SessionEnd) -> int:
    return rows.filter(ended_at=None).update(ended_at=timezone.now(), ended_how=how)

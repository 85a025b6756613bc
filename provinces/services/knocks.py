"""How often somebody may be wrong at the staff's door, beside the lock of one name at one address (django-axes).

Strangers' browsers are counted together: by address over all names, so that nobody tries a list of names, and by name
over all addresses, so that nobody tries one name from everywhere. A browser from which the person came in before counts
by itself: whoever knocks elsewhere locks nobody out of their own desk.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.cache import cache
from django.http import HttpRequest

from core.crypto import keyed_hash
from core.errors import DomainError
from core.limits import source_of
from provinces.models import StaffSession
from provinces.services.sessions import DEVICE_COOKIE, device_hash

MOST_OF_ADDRESS = 60  # an office shares one
MOST_OF_NAME = 20
SECONDS = 900


def refuse_too_many(username: str, *, address: str, device: str) -> None:
    """DomainError("too_many_knocks", 429) while this door is closed to whoever comes with this name from there."""
    most = _counted_by(username, address, device)
    counts = cache.get_many(most)
    if any(int(counts.get(key) or 0) >= limit for key, limit in most.items()):
        raise DomainError("too_many_knocks", status=429)


def count_wrong(username: str, *, address: str, device: str) -> None:
    """Count a failed sign-in; the counting of each key ends SECONDS after it began."""
    cache.count(dict.fromkeys(_counted_by(username, address, device), 1), SECONDS)


def is_own_browser(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> bool:
    """Whether the person came in from this browser before: the lock of a name at an address is for others there, who
    may share an office's line (AXES_WHITELIST_CALLABLE); its own knocks are counted here."""
    return _is_own((credentials or {}).get("username", ""), request.COOKIES.get(DEVICE_COOKIE, ""))


def _is_own(username: str, device: str) -> bool:
    browser = device_hash(device)
    sessions = StaffSession.objects.filter(user__username=username, device_hash=browser)
    return bool(browser) and sessions.exists()


def _counted_by(username: str, address: str, device: str) -> dict[str, int]:
    """Key → how many are let through. What was typed is kept as a keyed hash alone."""
    if _is_own(username, device):
        return {_key("browser", f"{username}\0{device_hash(device)}"): MOST_OF_NAME}
    return {
        _key("address", source_of(address)): MOST_OF_ADDRESS,
        _key("name", username): MOST_OF_NAME,
    }


def _key(kind: str, of: str) -> str:
    return f"knock:{kind}:{keyed_hash(of or '-', 'knock')[:24]}"

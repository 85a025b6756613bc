"""What staff look for by a number stands in no address, and so in no log and no history: search forms are sent by
POST, and what could be a mobile, a national ID, a card or an account is kept for a while, encrypted, under a key of the
person who asked; the address holds the key. Names, codes with letters and short numbers stay in addresses, which people
share."""

from __future__ import annotations

import re
from typing import Any

from django.core.cache import cache
from django.http import QueryDict

from core.codes import new_url_token
from core.crypto import CannotDecrypt, decrypt, encrypt
from core.text import ascii_digits, normalise

ROOMS = ("/desk/", "/hq/", "/admin/")
KEPT_SECONDS = 3_600
ASKED, KEY = "q", "kept"
_NOT_ASKED = {"to", "csrfmiddlewaretoken"}
_CONTEXT = "kept_query"
_MOST_TYPED = 200
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BETWEEN = re.compile("[\\s\u200c\u200d\\-‐-―−_./()+,،]+")
_NUMBER = re.compile(r"(?<![A-Z0-9])(?:IR)?[0-9]{8,}(?![A-Z])")  # not a part of a code with letters


class KeptQuery(QueryDict):
    """What an address asks, with what its key stands for; written into another address it is the key again."""

    key = ""

    def __deepcopy__(self, memo: dict) -> KeptQuery:
        copied = super().__deepcopy__(memo)
        copied.key = self.key
        return copied

    def urlencode(self, safe: str | None = None) -> str:
        written = QueryDict(mutable=True)
        for name, values in self.lists():
            if name != ASKED:
                written.setlist(name, values)
        written[KEY] = self.key
        return written.urlencode(safe)


def is_room(path: str) -> bool:
    """Whether a path is of the rooms of staff, and of ours."""
    return path.startswith(ROOMS) and "//" not in path and "\\" not in path


def is_private(typed: str) -> bool:
    """Whether what was typed could be somebody's number: eight digits or more in a row, however they are written."""
    plain = _BETWEEN.sub("", ascii_digits(normalise(typed[:_MOST_TYPED]))).upper()
    return bool(_NUMBER.search(plain))


def address_of(path: str, asked: QueryDict, user_id: int) -> str:
    """The address of a list with what its form asks; what is private is kept under a key."""
    query = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name not in _NOT_ASKED and name != KEY:
            query.setlist(name, values)
    if is_private(query.get(ASKED, "")):
        query[KEY] = _keep(query[ASKED], user_id)
        del query[ASKED]
    return f"{path}?{query.urlencode()}" if query else path


def recalled(asked: QueryDict, user_id: int) -> KeptQuery | None:
    """What an address with a key asks; None when it is not kept any more, or was another person's."""
    key = asked.get(KEY, "")
    sealed = cache.get(_name(key, user_id)) if _KEY.fullmatch(key) else None
    try:
        typed = decrypt(sealed, _CONTEXT) if sealed else None
    except CannotDecrypt:
        typed = None
    if typed is None:
        return None
    found = KeptQuery(mutable=True)
    for name, values in asked.lists():
        if name != KEY:
            found.setlist(name, values)
    found[ASKED], found.key = typed, key
    found._mutable = False
    return found


def without_what_was_asked(path: str, asked: QueryDict) -> str:
    """The address of a list with neither a key nor what was typed."""
    query = asked.copy()
    for name in (KEY, ASKED):
        query.pop(name, None)
    return f"{path}?{query.urlencode()}" if query else path


def key_of(asked: Any) -> str:
    """The key that a request's question was kept under; "" for one that stands in its address."""
    return getattr(asked, "key", "")


def _keep(typed: str, user_id: int) -> str:
    key = new_url_token()
    cache.set(_name(key, user_id), encrypt(typed[:_MOST_TYPED], _CONTEXT), KEPT_SECONDS)
    return key


def _name(key: str, user_id: int) -> str:
    return f"kept-query:{user_id}:{key}"

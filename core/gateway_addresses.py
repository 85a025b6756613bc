"""Where each bank gateway lives, read from the environment at each call."""

import os
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

# gateway code -> official address (documents of each gateway)
OFFICIAL = {
    "zarinpal": "https://payment.zarinpal.com",
    "sep": "https://sep.shaparak.ir",
    "sadad": "https://sadad.shaparak.ir",
    "mellat": "https://bpm.shaparak.ir",
    "zibal": "https://gateway.zibal.ir",
}


def base_url(gateway: str) -> str:
    """`scheme://host[:port][/prefix]` without a slash at the end.

    GATEWAY_<NAME>_BASE_URL wins; else the sandbox bank where one runs; else the official address.
    """
    named = os.environ.get(f"GATEWAY_{gateway.upper()}_BASE_URL", "").strip()
    if named:
        return named.rstrip("/")
    if settings.SANDBOX_BANK_URL:
        return f"{settings.SANDBOX_BANK_URL}/{gateway}"
    return OFFICIAL[gateway]


def origins() -> tuple[str, ...]:
    """The origins a payer may be sent to, for the content policy's form-action."""
    return _origins_of(tuple(map(base_url, OFFICIAL)))


@lru_cache(maxsize=16)
def _origins_of(addresses: tuple[str, ...]) -> tuple[str, ...]:
    parts = map(urlsplit, addresses)
    return tuple(sorted({f"{part.scheme}://{part.netloc}" for part in parts}))

"""Mobile numbers, landlines and USSD codes."""

from __future__ import annotations

import re

from core.errors import DomainError
from core.identifiers.typed import bare

_MOBILE = re.compile(r"(?:\+98|0098|98)?0?(9[0-9]{9})")
_LANDLINE = re.compile(r"(?:(?:\+98|0098|98)0?|0)([1-8][0-9]{9})")
_USSD = re.compile(r"\*[0-9]+(?:\*[0-9]+)*#")
_USSD_REVERSED = re.compile(r"#[0-9]+(?:\*[0-9]+)*\*?")
_USSD_LONGEST = 40


def parse_mobile(text: str) -> str:
    """The stored form, "+989XXXXXXXXX", of 09…, +98…, 0098…, 989… or 9…; raises bad_mobile.

    No table of operators: they change.
    """
    match = _MOBILE.fullmatch(bare(text))
    if match is None:
        raise DomainError("bad_mobile")
    return f"+98{match[1]}"


def show_mobile(mobile: str) -> str:
    """The stored form as people write it: "09121234567"."""
    return f"0{mobile.removeprefix('+98')}"


def mask_mobile(mobile: str) -> str:
    """Fit for a log: "0912***4567", of the stored form or of 09…."""
    shown = show_mobile(mobile) if mobile.startswith("+98") else mobile
    return f"{shown[:4]}***{shown[-4:]}"


def parse_landline(text: str) -> str:
    """0, two digits of area, eight digits: "02112345678"; raises bad_landline."""
    match = _LANDLINE.fullmatch(bare(text))
    if match is None:
        raise DomainError("bad_landline")
    return f"0{match[1]}"


def parse_ussd(text: str) -> str:
    """The code as it is dialled, "*733*7*9#"; raises bad_ussd.

    «#۹*۷*۷۳۳*» is the same code turned round by right-to-left copying.
    The order of the parts is turned back, not their digits.
    """
    code = bare(text)
    if len(code) <= _USSD_LONGEST:
        if _USSD.fullmatch(code):
            return code
        if _USSD_REVERSED.fullmatch(code):
            return f"*{'*'.join(reversed(code.strip('#*').split('*')))}#"
    raise DomainError("bad_ussd")


def dial_link(code_or_number: str) -> str:
    """The address that dials a USSD code or number on a telephone: "tel:*733*7*9%23"."""
    return f"tel:{code_or_number.replace('#', '%23')}"

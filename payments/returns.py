"""Reading what a browser brings back from a bank: any method, any content type, nothing believed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

MOST_BYTES = 64 * 1024
_MOST_FIELDS = 100
_RAW = "_body"  # what could not be read is kept as it came


class TooLarge(Exception):
    """No bank sends that much."""


def fields_of(request: HttpRequest) -> dict[str, str]:
    """The fields of a return: those of the address, then those of the body (form, multipart or JSON).

    Raises TooLarge. Whatever the database cannot carry (NUL, lone surrogates) is replaced.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise TooLarge
    found = _pairs(request.META.get("QUERY_STRING", ""))
    if request.method == "POST":
        found |= _body_fields(request)
    return {_storable(str(key)): _storable(_text(value)) for key, value in found.items()}


def _body_fields(request: HttpRequest) -> dict[str, Any]:
    try:
        body = request.body
        if len(body) > MOST_BYTES:
            raise TooLarge
        if request.content_type == "multipart/form-data" and (fields := request.POST.dict()):
            return fields
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError, ValueError) as error:
        return {_RAW: f"unreadable: {type(error).__name__}"}
    text = body.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return _json_fields(text)
    return _pairs(text)


def _json_fields(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {_RAW: text}
    return found if isinstance(found, dict) else {_RAW: text}


def _pairs(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {_RAW: text}
    if not pairs and text:
        return {_RAW: text}
    return dict(pairs)


def _text(value: Any) -> str:
    """What JSON knows besides text, as the banks' forms would spell it: true is 1, null is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\N{REPLACEMENT CHARACTER}")

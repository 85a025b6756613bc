"""Answers that every public room gives alike: pages without cookies, redirects, nothing for a prefetch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render


class SeeOther(HttpResponseRedirect):
    """303: whatever was sent, look over there with GET; a reload never sends it again."""

    status_code = 303


def public_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for everybody: the session is not touched, so there is no cookie and no `Vary: Cookie`.

    Public rooms leave no messages for the next page; asking for them would read the session.
    """
    return render(request, template, {"messages": (), **context}, status=status)


def is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser only loads ahead: nobody has come yet, so nothing may be counted or begun."""
    said = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any(word in purpose.lower() for purpose in said for word in ("prefetch", "prerender", "preview"))


def is_sent_by_another_site(request: HttpRequest) -> bool:
    """Whether a browser says that a page of another site sent this. Old browsers say nothing."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def keep_out_of_caches(response: HttpResponse) -> HttpResponse:
    """Neither the browser nor anything on the way may keep this answer."""
    response.headers["Cache-Control"] = "no-store"
    return response


def keep_to_oneself(response: HttpResponse) -> HttpResponse:
    """For pages whose address is a key: no search engine, no Referer, no shared cache."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-cache"
    return response

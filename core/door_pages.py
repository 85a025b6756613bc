"""The two pages of a door that opens by SMS code, the same in every room, and the cookies that go with them.

The token of a code that was asked for is kept in a cookie (`SameSite=Lax`): nobody can be signed in by a form of
another site, so these two forms need no CSRF token and a mere look at them leaves no cookie. Cookies are sent to
their own room and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.errors import DomainError
from core.http import SeeOther, is_sent_by_another_site, keep_out_of_caches, public_page
from core.identifiers import mask_mobile, parse_mobile
from core.mobile_door import CODE_LIVES, VISIT_LIVES, ask_code, enter, leave, visit_of
from core.models import Door, MobileVisit
from core.phrases import (
    DOOR_CODE,
    DOOR_CODE_HELP,
    DOOR_CODE_MISSING,
    DOOR_MOBILE,
    DOOR_MOBILE_HELP,
    DOOR_MOBILE_MISSING,
    sentence,
)

_PATHS = {Door.ME: "/me/", Door.JOIN: "/volunteers/join/"}


class MobileForm(forms.Form):
    """A mobile number; valid, it is as stored."""

    mobile = forms.CharField(
        label=DOOR_MOBILE,
        max_length=40,
        help_text=DOOR_MOBILE_HELP,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel", "type": "tel"}
        ),
        error_messages={"required": DOOR_MOBILE_MISSING},
    )

    def clean_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error


class CodeForm(forms.Form):
    """The code of the message."""

    code = forms.CharField(
        label=DOOR_CODE,
        max_length=20,
        help_text=DOOR_CODE_HELP,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}
        ),
        error_messages={"required": DOOR_CODE_MISSING},
    )


def ask_page(request: HttpRequest, door: Door, words: dict[str, Any], *, code_page: str) -> HttpResponse:
    """Ask for the number; sent, a code goes out and `code_page` (a URL name) comes next. What a page of another site
    sent is shown, and no code goes out: nobody's visitors send our messages."""
    is_sent = request.method == "POST"
    form = MobileForm(request.POST if is_sent else None)
    status = 200
    if is_sent and is_sent_by_another_site(request):
        status = 403
    elif is_sent:
        status = 422
        if form.is_valid():
            mobile = form.cleaned_data["mobile"]
            try:
                token = ask_code(mobile, door, address=request.META["REMOTE_ADDR"])
            except DomainError as error:
                form.add_error("mobile", sentence(error.code))
                status = error.data.get("status", 422)
            else:
                response = SeeOther(reverse(code_page))
                _set(response, _asked(door), token, door, int(CODE_LIVES.total_seconds()) * 2)
                return keep_out_of_caches(response)
    page = public_page(request, "accounts/mobile.html", {"form": form, **words}, status=status)
    return keep_out_of_caches(page)


def code_page(
    request: HttpRequest, door: Door, words: dict[str, Any], *, ask: str, then: str
) -> HttpResponse:
    """Ask for the code; right, a visit begins and `then` comes next. Without a code asked for: back to `ask`."""
    token = request.COOKIES.get(_asked(door), "")
    if not token or len(token) > 64:
        return HttpResponseRedirect(reverse(ask))
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                visit = enter(token, form.cleaned_data["code"], door, address=request.META["REMOTE_ADDR"])
            except DomainError as error:
                form.add_error("code", sentence(error.code))
                status = error.data.get("status", 422)
            else:
                response = SeeOther(reverse(then))
                _set(response, _visit(door), visit, door, int(VISIT_LIVES[door].total_seconds()))
                response.delete_cookie(_asked(door), path=_PATHS[door], samesite="Lax")
                return keep_out_of_caches(response)
    context = {"form": form, "ask_url": reverse(ask), **words}
    return keep_out_of_caches(public_page(request, "accounts/mobile_code.html", context, status=status))


def visitor(request: HttpRequest, door: Door) -> MobileVisit | None:
    """Who is in this room, if anybody."""
    return visit_of(request.COOKIES.get(_visit(door), ""), door)


def for_visitor(
    door: Door, sign_in: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view be for those who proved a number at this door (it gets their visit), and lead everybody else to
    `sign_in` (a URL name). Never kept by a cache or a search engine."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inside(request: HttpRequest, **more: Any) -> HttpResponse:
            visit = visitor(request, door)
            if visit is None:
                return keep_out_of_caches(HttpResponseRedirect(reverse(sign_in)))
            response = keep_out_of_caches(view(request, visit, **more))
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return inside

    return decorate


def go_out(request: HttpRequest, door: Door, *, then: str) -> HttpResponse:
    """End the visit, if there is one, and take the cookie away."""
    visit = visitor(request, door)
    if visit is not None:
        leave(visit)
    return gone_out(door, then=then)


def gone_out(door: Door, *, then: str) -> HttpResponse:
    """On to `then` after a visit that was ended (`leave`) with what was done; the cookie is taken away."""
    response = SeeOther(then)
    response.delete_cookie(_visit(door), path=_PATHS[door], samesite="Lax")
    return response


def masked(visit: MobileVisit) -> str:
    """The number as its owner recognises it."""
    return mask_mobile(visit.mobile)


def _asked(door: Door) -> str:
    return f"{door}_asked"


def _visit(door: Door) -> str:
    return f"{door}_visit"


def _set(response: HttpResponse, name: str, value: str, door: Door, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=_PATHS[door],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

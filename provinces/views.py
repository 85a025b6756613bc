"""The door for staff: in with both factors, out, and to the right room."""

from __future__ import annotations

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import audit, kept_queries
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches
from core.identifiers.lines import show_mobile
from core.models import User
from core.text import persian_digits
from provinces import people_phrases as words
from provinces import phrases
from provinces.access import is_signed_in_with_second_factor
from provinces.desk import desk_context
from provinces.enums import EntryWay, SessionEnd
from provinces.forms import OwnPasswordForm, RemindersForm, SignInForm
from provinces.permissions import Permission
from provinces.selectors import contact_of
from provinces.services import recovery
from provinces.services import sign_in as door
from provinces.services.knocks import SECONDS as KNOCK_SECONDS
from provinces.services.people import set_contact
from provinces.services.sessions import (
    DEVICE_COOKIE,
    DEVICE_COOKIE_AGE,
    end_sessions,
    new_device_token,
    renamed,
)


@sensitive_post_parameters("password", "code")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The one page for user name, password and code. Whoever is signed in already is sent on."""
    if request.method != "POST":
        if is_signed_in_with_second_factor(request.user):
            return redirect(_following(request))
        return _sign_in_page(request, SignInForm(with_recovery_code=_brings_recovery_code(request)))
    form = SignInForm(request.POST, with_recovery_code=_brings_recovery_code(request))
    if not form.is_valid():
        return _sign_in_page(request, form)
    device = request.COOKIES.get(DEVICE_COOKIE) or new_device_token()
    try:
        user = door.sign_in(request, **form.cleaned_data, device=device)
    except DomainError:
        return _closed_page(request, str(phrases.KNOCKS), KNOCK_SECONDS)
    if user is None:
        form.add_refusal()
        return _sign_in_page(request, form)
    response = redirect(_following(request))
    response.set_cookie(
        DEVICE_COOKIE, device, max_age=DEVICE_COOKIE_AGE, httponly=True, samesite="Lax",
        secure=request.is_secure(), path="/login/",
    )  # fmt: skip
    _warn_of_few_codes(request, user)
    return response


def _brings_recovery_code(request: HttpRequest) -> bool:
    return "recovery" in request.GET


def _warn_of_few_codes(request: HttpRequest, user: User) -> None:
    """Whoever came in by a recovery code is told how many are left."""
    if request.entry_way == EntryWay.RECOVERY:
        left = persian_digits(recovery.codes_left(user))
        messages.warning(request, words.RECOVERY_FEW.format(left=left))


@csrf_protect
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    door.sign_out(request)
    return redirect("home")


@never_cache
@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """To the room of one's role; who has none today is told so."""
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(request.get_full_path())
    for permission, room in (
        (Permission.USE_ADMIN, "/admin/"),
        (Permission.VIEW_HQ, "/hq/"),
        (Permission.VIEW_DESK, "/desk/"),
    ):
        if request.access.may(permission):
            return redirect(room)
    return render(request, "accounts/no_membership.html", {"phrases": phrases}, status=403)


@sensitive_post_parameters()
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; other sessions of the person end."""
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(request.get_full_path())
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save()
            audit.record("password.change", user, actor=user)
            before = request.session.session_key
            end_sessions(user, SessionEnd.PASSWORD, but=before)
            update_session_auth_hash(request, user)
            renamed(before, request.session.session_key)
        messages.success(request, phrases.PASSWORD_CHANGED)
        return redirect("staff-home")
    return render(request, "accounts/password.html", desk_context(request, form=form))


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_reminders(request: HttpRequest) -> HttpResponse:
    """Where and how often one wants to be reminded of what is late."""
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(request.get_full_path())
    contact = contact_of(request.user)
    form = RemindersForm(
        request.POST or None,
        initial={"mobile": contact.mobile and show_mobile(contact.mobile), "reminders": contact.reminders},
    )
    if request.method == "POST" and form.is_valid():
        set_contact(request.user, **form.cleaned_data)
        messages.success(request, phrases.REMINDERS_SAVED)
        return redirect("staff-reminders")
    return render(request, "accounts/reminders.html", desk_context(request, form=form, phrases=phrases))


@csrf_protect
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Where search forms of staff rooms are sent: on to the list that they stand over, by an address without a number
    (303). A list that is none of ours: to the own room."""
    wanted = request.POST.get("to", "")
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(wanted if kept_queries.is_room(wanted) else reverse("staff-home"))
    if not kept_queries.is_room(wanted):
        return SeeOther(reverse("staff-home"))
    path = wanted.partition("?")[0]
    return keep_out_of_caches(SeeOther(kept_queries.address_of(path, request.POST, request.user.pk)))


def locked_out(request: HttpRequest, original_response=None, credentials=None) -> HttpResponse:
    """What django-axes answers while a user name is locked for an address (AXES_LOCKOUT_CALLABLE)."""
    return _closed_page(request, str(phrases.LOCKED), int(get_cool_off(request).total_seconds()))


def _closed_page(request: HttpRequest, said: str, seconds: int) -> HttpResponse:
    locked = said.format(minutes=persian_digits(seconds // 60))
    response = _sign_in_page(request, SignInForm(), locked=locked, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _sign_in_page(
    request: HttpRequest, form: SignInForm, *, locked: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "step": "all",
        "next": _asked_for(request),
        "locked": locked,
        "with_recovery": _brings_recovery_code(request),
    }
    return render(request, "accounts/login.html", context, status=status)


def _following(request: HttpRequest) -> str:
    return _asked_for(request) or reverse("staff-home")


def _asked_for(request: HttpRequest) -> str:
    """The path that was asked for before, if it is one of ours; "" otherwise."""
    asked = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked.startswith("/") else ""

"""One's own door: accepting an invitation, a new authenticator, recovery codes, sessions."""

from __future__ import annotations

from base64 import b32encode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.http import keep_out_of_caches, keep_to_oneself
from core.jalali import format_datetime
from core.limits import count_or_refuse
from core.models import User
from core.phrases import sentence
from core.qr import qr_svg
from core.text import persian_digits
from provinces import people_phrases as words
from provinces import phrases
from provinces.access import is_signed_in_with_second_factor
from provinces.desk import desk_context
from provinces.enums import Role
from provinces.models import SecondFactor, StaffSession
from provinces.people_forms import NewcomerForm, NewFactorForm
from provinces.services import factor_resets, invitations, recovery, sessions

MOST_TRIES, TRY_SECONDS = 10, 900
SESSIONS_SHOWN = 50


@sensitive_post_parameters("password", "again", "code")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an SMS leads: a newcomer makes an account, a colleague takes the further role."""
    try:
        found = invitations.find_invitation(token)
    except DomainError as error:
        return _over(request, error)
    account = invitations.account_of(found)
    if account is not None:
        return _further_role(request, token, found, account)
    form = NewcomerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = {name: data[name] for name in ("username", "password", "code")}
        try:
            _, codes = invitations.accept_as_newcomer(token, **facts)
        except ValidationError as error:
            form.add_error("password", error)
        except DomainError as error:
            _refuse(form, error)
        else:
            return _told_once(request, words.ENROLLED, codes)
    device = invitations.new_factor(found)
    device.user = User(username=found.name)
    context = {"invitation": found, "role": Role(found.role).label, "form": form, **_enrolment(device)}
    return _own(request, "people/accept.html", context, 422 if form.is_bound else 200)


def _further_role(request: HttpRequest, token: str, found, account: User) -> HttpResponse:
    """Whoever has an account signs in with it and takes the role."""
    is_here = is_signed_in_with_second_factor(request.user) and request.user == account
    error = ""
    if request.method == "POST" and is_here:
        try:
            invitations.accept_as_colleague(token, user=account)
        except DomainError as refusal:
            error = sentence(refusal.code)
        else:
            messages.success(request, words.ROLE_TAKEN)
            return redirect("login")
    context = {
        "invitation": found, "role": Role(found.role).label, "is_here": is_here, "error": error,
        "path": request.path,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return _own(request, "people/further_role.html", context, status)


@sensitive_post_parameters("password", "code")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_factor(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a reset leads: password and a code of the new authenticator."""
    try:
        reset = factor_resets.find_reset(token)
    except DomainError as error:
        return _over(request, error)
    form = NewFactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count_or_refuse(
                "factor-reset", token, most=MOST_TRIES, seconds=TRY_SECONDS, code="too_many_link_tries"
            )
            _, codes = factor_resets.use_reset(token, **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            return _told_once(request, words.FACTOR_READY, codes)
    device = factor_resets.new_factor(reset)
    device.user = reset.user
    context = {"form": form, "person": reset.user, **_enrolment(device)}
    return _own(request, "people/new_factor.html", context, 422 if form.is_bound else 200)


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many codes are left; new ones are made and shown once."""
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(request.get_full_path())
    user = User.objects.get(pk=request.user.pk)
    codes = recovery.make_codes(user, actor=user) if request.method == "POST" else []
    context = desk_context(
        request, codes=codes, left=recovery.codes_left(user), few=recovery.FEW, words=words
    )
    return keep_out_of_caches(render(request, "people/recovery.html", context))


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is and was signed in; others end one by one or all at once."""
    if not is_signed_in_with_second_factor(request.user):
        return redirect_to_login(request.get_full_path())
    key = request.session.session_key
    if request.method == "POST":
        one = request.POST.get("session", "")
        try:
            if one and not one.isdecimal():
                raise Http404
            sessions.end_own(User.objects.get(pk=request.user.pk), key=key, one=int(one) if one else None)
        except DomainError as error:
            raise Http404 from error
        messages.success(request, words.SESSION_ENDED if one else words.SESSIONS_ENDED)
        return redirect("staff-sessions")
    rows = StaffSession.objects.filter(user=request.user)[:SESSIONS_SHOWN]
    context = desk_context(
        request,
        rows=[_session(row, key) for row in rows],
        rules=str(words.SESSION_RULES).format(
            minutes=persian_digits(settings.STAFF_IDLE_MINUTES),
            hours=persian_digits(settings.STAFF_SESSION_HOURS),
            most=persian_digits(settings.STAFF_MOST_SESSIONS),
        ),
        tries=sessions.failed_tries(request.user),
        left=recovery.codes_left(request.user),
        words=words,
    )
    return render(request, "people/sessions.html", context)


def _session(row: StaffSession, key: str) -> dict[str, object]:
    return {
        "row": row,
        "is_here": row.session_key == key,
        "is_open": row.ended_at is None,
        "began": format_datetime(row.began_at),
        "seen": format_datetime(row.seen_at),
    }


def _enrolment(device: SecondFactor) -> dict[str, object]:
    """The picture and the words by which an authenticator learns a device's secret."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    svg = qr_svg(device.config_url, str(phrases.SECOND_FACTOR_PICTURE))
    return {
        "qr_svg": mark_safe(svg),  # noqa: S308  drawn here
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "secret_plain": secret,
        "app_url": device.config_url,
    }


def _refuse(form, error: DomainError) -> None:
    field = error.data.get("field")
    form.add_error(field if field in form.fields else None, sentence(error.code))


def _told_once(request: HttpRequest, heading, codes: list[str]) -> HttpResponse:
    context = {"heading": heading, "codes": codes, "words": words}
    return keep_out_of_caches(render(request, "people/codes_once.html", context))


def _over(request: HttpRequest, error: DomainError) -> HttpResponse:
    return _own(request, "people/link_over.html", {"text": sentence(error.code)}, 404)


def _own(request: HttpRequest, template: str, context: dict, status: int) -> HttpResponse:
    return keep_to_oneself(render(request, template, {**context, "words": words}, status=status))

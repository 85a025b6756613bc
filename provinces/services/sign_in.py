"""Signing staff in with both factors, and out. What goes wrong is counted by the lock-out; what goes right is
in the audit trail."""

from __future__ import annotations

import django_otp
from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest

from core import audit
from core.codes import RECOVERY
from core.models import User
from provinces.enums import EntryWay, SessionEnd
from provinces.models import SecondFactor
from provinces.services import knocks, recovery, sessions


def sign_in(
    request: HttpRequest, *, username: str, password: str, code: str, device: str = ""
) -> User | None:
    """The person, signed in with a new session key; None when any part is wrong or the door is locked.

    `code` is what the authenticator shows, or one of the person's recovery codes; `device` the browser's own token.
    A wrong code counts towards the lock-out like a wrong password. The authenticator refuses a code that was used
    before and, after wrong codes, every code for a growing while. An SMS tells the person of a new device.

    DomainError("too_many_knocks") (429): too much was wrong lately from there, or with this name from browsers that
    the person never used (`services.knocks`).
    """
    who = {"address": request.META["REMOTE_ADDR"], "device": device}
    knocks.refuse_too_many(username, **who)
    user = auth.authenticate(request, username=username, password=password)
    if user is None:
        knocks.count_wrong(username, **who)
        return None
    factor, way = _factor_that_takes(user, code)
    if factor is None:
        knocks.count_wrong(username, **who)
        user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
        return None
    request.entry_way = way
    request.COOKIES[sessions.DEVICE_COOKIE] = device
    with transaction.atomic():
        auth.login(request, user)
        django_otp.login(request, factor)
        audit.record("sign_in", user, actor=user, way=way)
        sessions.tell_of_new_device(user, device)
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session; a stranger's is only emptied."""
    if request.user.is_authenticated:
        audit.record("sign_out", request.user, actor=User.objects.get(pk=request.user.pk))
    sessions.end_here(request, SessionEnd.SIGNED_OUT)


def _factor_that_takes(user: User, code: str) -> tuple[SecondFactor | None, EntryWay]:
    """The person's newest confirmed device, if it (locked meanwhile: it works once) or a recovery code takes it."""
    device = SecondFactor.objects.devices_for_user(user, confirmed=True).order_by("-pk").first()
    if device is None:
        return None, EntryWay.OTHER
    if len(code) == RECOVERY.length:
        return (device if recovery.use_code(user, code) else None), EntryWay.RECOVERY
    return django_otp.verify_token(user, device.persistent_id, code), EntryWay.CODE

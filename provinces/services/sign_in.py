"""Signing staff in with both factors, and out. What goes wrong is counted by the lock-out; what goes right is
in the audit trail."""

from __future__ import annotations

import django_otp
from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest

from core import audit
from core.models import User
from provinces.models import SecondFactor


def sign_in(request: HttpRequest, *, username: str, password: str, code: str) -> User | None:
    """The person, signed in with a new session key; None when any part is wrong or the door is locked.

    A wrong code counts towards the lock-out like a wrong password. The device refuses a code that was used
    before and, after wrong codes, every code for a growing while.
    """
    user = auth.authenticate(request, username=username, password=password)
    if user is None:
        return None
    device = _device_that_takes(user, code)
    if device is None:
        user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
        return None
    with transaction.atomic():
        auth.login(request, user)
        django_otp.login(request, device)
        audit.record("sign_in", user, actor=user)
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session; a stranger's is only emptied."""
    if request.user.is_authenticated:
        audit.record("sign_out", request.user, actor=User.objects.get(pk=request.user.pk))
    auth.logout(request)


def _device_that_takes(user: User, code: str) -> SecondFactor | None:
    """The person's newest confirmed device, if it takes the code; locked meanwhile: it works once."""
    device = SecondFactor.objects.devices_for_user(user, confirmed=True).order_by("-pk").first()
    return device and django_otp.verify_token(user, device.persistent_id, code)

"""A new second factor for somebody who lost theirs: one colleague asks, an administrator agrees, the person acts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, sms
from core.codes import new_url_token
from core.crypto import keyed_hash
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces import people_phrases as words
from provinces.access import access_of
from provinces.enums import ResetState, SessionEnd
from provinces.models import FactorReset, Membership, SecondFactor
from provinces.permissions import Permission
from provinces.services.recovery import make_codes
from provinces.services.sessions import end_sessions


@transaction.atomic
def request_reset(user: User, *, reason: str, actor: User) -> FactorReset:
    """Ask for a new second factor of a colleague within the open scope; audited.

    DomainError: not_found, own_reset, reset_reason_required, no_mobile_of_staff (nowhere to send a link), reset_waits.
    """
    if not Membership.objects.filter(user=user).exists():
        raise DomainError("not_found", status=404)
    if user == actor:
        raise DomainError("own_reset")
    if not normalise(reason):
        raise DomainError("reset_reason_required", field="reason")
    if not user.mobile:
        raise DomainError("no_mobile_of_staff")
    try:
        with transaction.atomic():
            reset = FactorReset.objects.create(user=user, requested_by=actor, reason=normalise(reason)[:300])
    except IntegrityError as error:
        raise DomainError("reset_waits") from error
    audit.record("second_factor.reset_ask", user, actor=actor, reason=reset.reason)
    return reset


@transaction.atomic
def decide_reset(reset_id: int, *, approve: bool, actor: User) -> tuple[FactorReset, str]:
    """A second person, an administrator, agrees (the person gets a link by SMS) or refuses; audited. Gives the row and
    the link's token ("" when refused). DomainError: not_found, not_allowed, own_reset, second_person, reset_over."""
    reset = FactorReset.objects.select_for_update(of=("self",)).filter(pk=reset_id).first()
    if reset is None:
        raise DomainError("not_found", status=404)
    if not access_of(actor).may(Permission.DECIDE_RESETS):
        raise DomainError("not_allowed", status=403)
    if reset.user == actor:
        raise DomainError("own_reset")
    if reset.requested_by == actor:
        raise DomainError("second_person")
    if reset.state != ResetState.ASKED:
        raise DomainError("reset_over")
    reset.decided_by, reset.decided_at = actor, timezone.now()
    token = ""
    if approve:
        token = new_url_token()
        reset.state, reset.token_hash = ResetState.APPROVED, _hash_of(token)
        reset.expires_at = timezone.now() + timedelta(hours=settings.INVITATION_HOURS)
        link = settings.PORTAL_BASE_URL + reverse("staff-factor", args=[token])
        text = words.RESET_SMS.format(link=link, hours=settings.INVITATION_HOURS)
        sms.queue(reset.user.mobile, str(text), purpose="factor_reset")
    else:
        reset.state = ResetState.REFUSED
    reset.save()
    audit.record(
        "second_factor.reset_agree" if approve else "second_factor.reset_refuse", reset.user, actor=actor
    )
    return reset, token


def find_reset(token: str) -> FactorReset:
    """The approved reset of a link. DomainError reset_over: unknown, used or too old."""
    reset = FactorReset.objects.select_related("user").filter(token_hash=_hash_of(token)).first()
    if reset is None or not _is_open(reset):
        raise DomainError("reset_over", status=404)
    return reset


def new_factor(reset: FactorReset) -> SecondFactor:
    """The authenticator the person sets up, not stored yet."""
    return SecondFactor(name=words.AUTHENTICATOR, key=reset.totp_key, confirmed=False)


@transaction.atomic
def use_reset(token: str, *, password: str, code: str) -> tuple[User, list[str]]:
    """The person proves link, password and the new authenticator: the old one, the old recovery codes and all
    sessions are over. Gives them and their new recovery codes, told once. DomainError: reset_over, wrong_password,
    wrong_code."""
    found = find_reset(token)
    reset = FactorReset.objects.select_for_update(of=("self",)).select_related("user").get(pk=found.pk)
    if not _is_open(reset):
        raise DomainError("reset_over", status=404)
    user = reset.user
    if not user.is_active or not user.check_password(password):
        raise DomainError("wrong_password", field="password")
    device = new_factor(reset)
    device.user = user
    device.save()
    if not device.verify_token(code):
        raise DomainError("wrong_code", field="code")
    device.confirmed = True
    device.save()
    SecondFactor.objects.filter(user=user).exclude(pk=device.pk).delete()
    reset.state, reset.token_hash = ResetState.USED, ""
    reset.save(update_fields=["state", "token_hash"])
    audit.record("second_factor.reset_use", user, actor=user)
    end_sessions(user, SessionEnd.FACTOR)
    return user, make_codes(user, actor=user)


def _is_open(reset: FactorReset) -> bool:
    return reset.state == ResetState.APPROVED and reset.expires_at > timezone.now()


def _hash_of(token: str) -> str:
    return keyed_hash(token[:64] or "-", "factor_reset")

"""Asking a colleague in: by a link that works once, only into roles below one's own, never oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, sms
from core.codes import new_url_token
from core.crypto import keyed_hash
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise
from provinces import people_phrases as words
from provinces.access import memberships_of, scope_of
from provinces.enums import InvitationState, Role
from provinces.models import Invitation, Membership, Office, SecondFactor, StaffContact
from provinces.permissions import MAY_GIVE
from provinces.services.people import add_member, check_member
from provinces.services.recovery import make_codes


@dataclass(frozen=True)
class Post:
    """What somebody is asked to be: a role in an office from a day (until a day)."""

    office: Office
    role: Role
    starts_on: date
    ends_on: date | None = None
    is_acting: bool = False


def may_give(giver: User, office: Office, role: Role) -> bool:
    """Whether one of the giver's memberships of today allows giving this role in this office."""
    return any(
        role in MAY_GIVE.get(Role(own.role), ())
        and scope_of([own]).holds(office.province_id, office.county_id)
        for own in memberships_of(giver)
    )


@transaction.atomic
def invite(*, name: str, mobile: str, post: Post, actor: User) -> tuple[Invitation, str]:
    """Ask somebody in by an SMS with a link; gives the invitation and the link's token, which is kept as a hash.

    An earlier invitation of this number to the same role and office is withdrawn. Audited. DomainError: not_found
    (outside the open scope), role_not_yours, own_role, role_unfit, bad_period, membership_overlaps.
    """
    mobile_hash = keyed_hash(mobile, "mobile")
    known = User.objects.filter(mobile_hash=mobile_hash).first()
    check_member(known, post.office, post.role, post.starts_on, post.ends_on, actor=actor)
    if not may_give(actor, post.office, post.role):
        raise DomainError("role_not_yours", field="role")
    Invitation.objects.filter(
        mobile_hash=mobile_hash, office=post.office, role=post.role, state=InvitationState.WAITING
    ).update(state=InvitationState.WITHDRAWN, answered_at=timezone.now())
    token = new_url_token()
    invitation = Invitation.objects.create(
        office=post.office,
        role=post.role,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
        is_acting=post.is_acting,
        name=normalise(name)[:120],
        mobile=mobile,
        mobile_hash=mobile_hash,
        token_hash=_hash_of(token),
        invited_by=actor,
        expires_at=timezone.now() + timedelta(hours=settings.INVITATION_HOURS),
    )
    link = settings.PORTAL_BASE_URL + reverse("staff-invitation", args=[token])
    text = words.INVITATION_SMS.format(
        role=post.role.label, office=post.office.name, link=link, hours=settings.INVITATION_HOURS
    )
    sms.queue(mobile, str(text), purpose="invitation")
    _record("invitation.send", invitation, actor)
    return invitation, token


@transaction.atomic
def withdraw(invitation_id: int, *, actor: User) -> Invitation:
    """Take a waiting invitation back; its link stops working. Audited. DomainError: not_found, invitation_over."""
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if invitation is None:
        raise DomainError("not_found", status=404)
    if invitation.state != InvitationState.WAITING:
        raise DomainError("invitation_over")
    invitation.state, invitation.answered_at = InvitationState.WITHDRAWN, timezone.now()
    invitation.save(update_fields=["state", "answered_at"])
    _record("invitation.withdraw", invitation, actor)
    return invitation


def find_invitation(token: str) -> Invitation:
    """The waiting invitation of a link. DomainError invitation_over: unknown, used, withdrawn or too old."""
    invitation = (
        Invitation.objects.select_related("office", "invited_by").filter(token_hash=_hash_of(token)).first()
    )
    if invitation is None or not _is_open(invitation):
        raise DomainError("invitation_over", status=404)
    return invitation


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited number has already."""
    return User.objects.filter(mobile_hash=invitation.mobile_hash, is_active=True).first()


def new_factor(invitation: Invitation) -> SecondFactor:
    """The authenticator the person sets up, not stored yet."""
    return SecondFactor(name=words.AUTHENTICATOR, key=invitation.totp_key, confirmed=False)


@transaction.atomic
def accept_as_newcomer(token: str, *, username: str, password: str, code: str) -> tuple[User, list[str]]:
    """Make the account with its second factor and membership; gives the person and their recovery codes, told once.

    Locks the number's invitations. Raises ValidationError (the password), DomainError: invitation_over,
    username_taken, wrong_code, and what `add_member` raises.
    """
    invitation = _locked(token)
    if account_of(invitation) is not None:
        raise DomainError("invitation_over")
    if User.objects.filter(username__iexact=username).exists():
        raise DomainError("username_taken", field="username")
    user = User(
        username=username,
        display_name=invitation.name,
        mobile=invitation.mobile,
        mobile_hash=invitation.mobile_hash,
    )
    validate_password(password, user)
    user.set_password(password)
    user.save()
    StaffContact.objects.create(user=user, mobile=invitation.mobile)
    device = new_factor(invitation)
    device.user = user
    device.save()
    if not device.verify_token(code):
        raise DomainError("wrong_code", field="code")
    device.confirmed = True
    device.save()
    audit.record("second_factor.confirm", user, actor=user)
    codes = make_codes(user, actor=user)
    _accept(invitation, user)
    return user, codes


@transaction.atomic
def accept_as_colleague(token: str, *, user: User) -> Membership:
    """Somebody who has an account with this number takes the further role. DomainError: invitation_over,
    not_your_invitation, own_role, and what `add_member` raises."""
    invitation = _locked(token)
    if account_of(invitation) != user:
        raise DomainError("not_your_invitation")
    return _accept(invitation, user)


def _accept(invitation: Invitation, user: User) -> Membership:
    """The inviter gives the role: they must still be allowed to."""
    giver = invitation.invited_by
    if not giver.is_active or not may_give(giver, invitation.office, Role(invitation.role)):
        raise DomainError("invitation_over")
    membership = add_member(
        user,
        invitation.office,
        Role(invitation.role),
        max(invitation.starts_on, tehran_today()),
        invitation.ends_on,
        invitation.is_acting,
        actor=giver,
    )
    invitation.state, invitation.user = InvitationState.ACCEPTED, user
    invitation.answered_at = timezone.now()
    invitation.save(update_fields=["state", "user", "answered_at"])
    _record("invitation.accept", invitation, user)
    return membership


def _locked(token: str) -> Invitation:
    """The waiting invitation of a link, with every other of its number locked: one number, one account."""
    found = find_invitation(token)
    locked = list(
        Invitation.objects.select_for_update(of=("self",))
        .filter(mobile_hash=found.mobile_hash)
        .select_related("office", "invited_by")
        .order_by("pk")
    )
    invitation = next(one for one in locked if one.pk == found.pk)
    if not _is_open(invitation):
        raise DomainError("invitation_over", status=404)
    return invitation


def _is_open(invitation: Invitation) -> bool:
    return invitation.state == InvitationState.WAITING and invitation.expires_at > timezone.now()


def _hash_of(token: str) -> str:
    return keyed_hash(token[:64] or "-", "invitation")


def _record(action: str, invitation: Invitation, actor: User) -> None:
    audit.record(
        action,
        invitation,
        actor=actor,
        province_code=invitation.office.province_id,
        office=invitation.office_id,
        role=invitation.role,
        starts_on=invitation.starts_on.isoformat(),
        ends_on=invitation.ends_on.isoformat() if invitation.ends_on else "",
        is_acting=invitation.is_acting,
    )

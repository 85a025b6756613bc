"""Who works where: memberships with a start, an end and a role that fits the office; second factors."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, User
from provinces.enums import ROLES_BY_LEVEL, OfficeLevel, ReminderPace, Role, SessionEnd
from provinces.models import Membership, Office, SecondFactor, StaffContact
from provinces.scoping import check_write
from provinces.services.hand_over import check_heir, hand_over
from provinces.services.sessions import end_sessions


@transaction.atomic
def add_member(
    user: User,
    office: Office,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    is_acting: bool = False,
    *,
    actor: User | None,
    job: str = "",
) -> Membership:
    """Give a person a role in an office from a day (until a day, both inclusive); audited.

    The person's sessions end: what they may do has changed.

    Raises DomainError: own_role, role_unfit (the role belongs to another level), bad_period, membership_overlaps
    (the same role in the same office on one of these days), not_found (outside the open scope).
    """
    User.objects.select_for_update().get(pk=user.pk)  # two rows at once would both pass the check
    check_member(user, office, role, starts_on, ends_on, actor=actor)
    membership = Membership.objects.create(
        user=user, office=office, role=role, starts_on=starts_on, ends_on=ends_on, is_acting=is_acting
    )
    _record("membership.add", membership, actor, job)
    end_sessions(user, SessionEnd.MEMBERSHIP)
    return membership


def check_member(
    user: User | None,
    office: Office,
    role: Role,
    starts_on: date,
    ends_on: date | None,
    *,
    actor: User | None = None,
) -> None:
    """Raise the DomainError that `add_member` would raise, for a form that asks before."""
    check_write(office.province_id, office.county_id)
    if user is not None and user == actor:
        raise DomainError("own_role", field="role")
    if role not in ROLES_BY_LEVEL[OfficeLevel(office.level)]:
        raise DomainError("role_unfit", field="role")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("bad_period", field="ends_on")
    same = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on), user=user, office=office, role=role
    )
    if (same.filter(starts_on__lte=ends_on) if ends_on else same).exists():
        raise DomainError("membership_overlaps", field="starts_on")


@transaction.atomic
def end_membership(
    membership: Membership,
    ends_on: date,
    *,
    actor: User | None,
    job: str = "",
    hands_to: User | None = None,
) -> Membership:
    """Let a membership end with a day (the person's last); audited. Yesterday ends it at once.

    The person's sessions end. What they have open goes to `hands_to`, or to the office's queue: at once when the
    membership is over, else on the morning after its last day.

    Raises DomainError: bad_period (before its start), last_administrator (nobody could manage the portal
    after it), heir_unfit (has no membership where the work lies, or is the same person), not_found.
    """
    membership = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk).first()
    if membership is None:
        raise DomainError("not_found", status=404)
    check_end(membership, ends_on)
    check_heir(membership, hands_to)
    membership.ends_on, membership.hands_to = ends_on, hands_to
    membership.save(update_fields=["ends_on", "hands_to"])
    _record("membership.end", membership, actor, job)
    end_sessions(membership.user, SessionEnd.MEMBERSHIP)
    if ends_on < tehran_today():
        hand_over(membership, actor=actor, job=job)
    return membership


def check_end(membership: Membership, ends_on: date) -> None:
    """Raise the DomainError that `end_membership` would raise, for a form that asks before."""
    check_write(membership.office.province_id, membership.office.county_id)
    if ends_on < membership.starts_on:
        raise DomainError("bad_period", field="ends_on")
    if membership.role == Role.ADMINISTRATOR and not _other_administrators(membership, after=ends_on):
        raise DomainError("last_administrator", field="ends_on")


def _other_administrators(membership: Membership, after: date) -> bool:
    """Will somebody else be administrator on the day after?"""
    day = max(after + timedelta(days=1), tehran_today())
    others = Membership.objects.exclude(user=membership.user_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        role=Role.ADMINISTRATOR,
        starts_on__lte=day,
        user__is_active=True,
    )
    return others.exists()


@transaction.atomic
def start_second_factor(user: User, *, actor: User | None, job: str = "") -> SecondFactor:
    """A new, unconfirmed TOTP device whose secret the person's authenticator is to learn; audited.

    The confirmed one keeps working until the new one is confirmed. For somebody else's lost one, two people decide
    (`factor_resets`). Raises DomainError reset_needs_two.
    """
    if user != actor and SecondFactor.objects.filter(user=user, confirmed=True).exists():
        raise DomainError("reset_needs_two")
    SecondFactor.objects.filter(user=user, confirmed=False).delete()
    device = SecondFactor.objects.create(user=user, name=user.get_username(), confirmed=False)
    audit.record("second_factor.start", user, actor=actor, job=job)
    return device


@transaction.atomic
def confirm_second_factor(user: User, code: str, *, actor: User | None, job: str = "") -> SecondFactor:
    """Confirm the new device by a code it shows; the devices before it are gone. Audited.

    Raises DomainError: no_new_device, wrong_code.
    """
    device = (
        SecondFactor.objects.select_for_update().filter(user=user, confirmed=False).order_by("-pk").first()
    )
    if device is None:
        raise DomainError("no_new_device")
    if not device.verify_token(code):
        raise DomainError("wrong_code", field="code")
    device.confirmed = True
    device.throttle_reset(commit=False)
    device.save()
    SecondFactor.objects.filter(user=user).exclude(pk=device.pk).delete()
    audit.record("second_factor.confirm", user, actor=actor, job=job)
    return device


def gave_access(giver: User, taker: User, *, since: datetime) -> bool:
    """Has one person, since then, made the other's account, membership, password or second factor?

    Asked where two people must act: an account that somebody else has just made or opened is no second person.
    """
    about = Q(subject_type=User._meta.label_lower, subject_id=str(taker.pk)) | Q(
        action="membership.add", data__user=taker.pk
    )
    return AuditEntry.objects.filter(about, actor=giver, at__gte=since).exists()


def _record(action: str, membership: Membership, actor: User | None, job: str) -> None:
    audit.record(
        action,
        membership,
        actor=actor,
        job=job,
        province_code=membership.office.province_id,
        user=membership.user_id,
        office=membership.office_id,
        role=membership.role,
        starts_on=membership.starts_on.isoformat(),
        ends_on=membership.ends_on.isoformat() if membership.ends_on else "",
        is_acting=membership.is_acting,
    )


@transaction.atomic
def set_contact(user: User, *, mobile: str, reminders: ReminderPace) -> StaffContact:
    """Where and how often a person wants to be reminded; said by themselves. Audited without the number, which is
    +989… or empty."""
    contact, _ = StaffContact.objects.select_for_update().get_or_create(user=user)
    contact.mobile, contact.reminders = mobile, reminders
    contact.save(update_fields=["mobile", "reminders"])
    audit.record("contact.set", user, actor=user, reminders=str(reminders), has_mobile=bool(mobile))
    return contact

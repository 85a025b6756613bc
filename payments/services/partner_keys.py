"""Partners and their keys as administrators keep them: made, rotated, revoked, each step in the audit trail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Channel, Fund
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from ledger.accounts import ensure_account, receivable_code
from ledger.enums import AccountType
from payments import partner_phrases
from payments.enums import KeyMode
from payments.models import Partner, PartnerKey
from provinces.scoping import check_write

MOST_KEYS = 2  # of one mode at one time: the one in use and the one that follows it
OVERLAP = timedelta(days=7)
_PREFIX = {KeyMode.LIVE: "live", KeyMode.SANDBOX: "test"}


@dataclass(frozen=True)
class NewKey:
    """A key and its secret, which is shown to a person once and never again."""

    key: PartnerKey
    secret: str


def account_of(partner: Partner) -> str:
    """The account in which this partner's money waits for its payout."""
    return receivable_code(partner.source_key)


@transaction.atomic
def add_partner(
    *,
    key: str,
    name: str,
    source_key: str,
    channel: Channel,
    fund: Fund | None = None,
    actor: User | None = None,
    job: str = "",
    is_demo: bool = False,
) -> Partner:
    """A partner with its receivable account; audited. `key` and `source_key` never change afterwards: entries are
    named after them. DomainError: partner_exists, not_found (a channel outside the open scope)."""
    _check_place(channel)
    try:
        with transaction.atomic():
            partner = Partner.objects.create(
                key=key, name=name, source_key=source_key, channel=channel, fund=fund, is_demo=is_demo
            )
    except IntegrityError as error:
        raise DomainError("partner_exists", field="key") from error
    ensure_account(
        account_of(partner), partner_phrases.ACCOUNT_NAME.format(name=partner.name), AccountType.ASSET
    )
    _record("partner.add", partner, partner, actor, job, key=key)
    return partner


@transaction.atomic
def change_partner(
    partner: Partner, *, name: str, channel: Channel, fund: Fund | None, is_active: bool, actor: User
) -> Partner:
    """Change what may be changed of a partner; audited by name. DomainError("not_found")."""
    row = _lock(partner)
    _check_place(channel)
    wanted = {"name": name, "channel": channel, "fund": fund, "is_active": is_active}
    changed = [field for field, value in wanted.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, wanted[field])
    if changed:
        row.save(update_fields=changed)
        _record("partner.change", row, row, actor, "", changed=changed)
    return row


@transaction.atomic
def make_key(
    partner: Partner,
    *,
    mode: KeyMode,
    valid_from: date,
    valid_until: date | None = None,
    actor: User | None = None,
    job: str = "",
) -> NewKey:
    """A new key with a new secret; audited. The partner's row is locked, so that two people together make no third.

    DomainError: bad_period, too_many_keys (MOST_KEYS of this mode are in force or to come), not_found.
    """
    row = _lock(partner)
    if valid_until is not None and valid_until < max(valid_from, tehran_today()):
        raise DomainError("bad_period", field="valid_until")
    if _usable(row, mode).count() >= MOST_KEYS:
        raise DomainError("too_many_keys")
    secret = secrets.token_urlsafe(32)
    key = PartnerKey.objects.create(
        partner=row,
        key_id=f"{_PREFIX[mode]}-{secrets.token_hex(8)}",
        secret=secret,
        mode=mode,
        valid_from=valid_from,
        valid_until=valid_until,
        created_by=actor,
    )
    _record("partner_key.make", key, row, actor, job, key_id=key.key_id, mode=str(mode))
    return NewKey(key, secret)


@transaction.atomic
def rotate_key(key: PartnerKey, *, actor: User) -> NewKey:
    """The key that follows another, in force from today; the old one ends OVERLAP from now at the latest.

    DomainError: key_is_dead (revoked or ended: make a new one instead), too_many_keys, not_found.
    """
    row = _lock(key.partner)
    old = PartnerKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    today = tehran_today()
    if old.revoked_at is not None or (old.valid_until is not None and old.valid_until < today):
        raise DomainError("key_is_dead")
    new = make_key(row, mode=KeyMode(old.mode), valid_from=today, actor=actor)
    ends = max(today + OVERLAP, old.valid_from)
    if old.valid_until is None or old.valid_until > ends:
        old.valid_until = ends
        old.save(update_fields=["valid_until"])
    _record(
        "partner_key.rotate", old, row, actor, "", key_id=old.key_id, followed_by=new.key.key_id,
        valid_until=old.valid_until.isoformat(),
    )  # fmt: skip
    return new


@transaction.atomic
def revoke_key(key: PartnerKey, *, actor: User, reason: str) -> PartnerKey:
    """End a key at once and for ever; audited with the reason. Repeating changes nothing.

    DomainError: key_reason_required, not_found."""
    if not reason.strip():
        raise DomainError("key_reason_required", field="reason")
    partner = _lock(key.partner)
    row = PartnerKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by, row.revoke_reason = timezone.now(), actor, reason.strip()[:300]
        row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        audit.record(
            "partner_key.revoke",
            row,
            actor=actor,
            province_code=_province(partner),
            reason=row.revoke_reason,
            key_id=row.key_id,
        )
    return row


def _usable(partner: Partner, mode: KeyMode):
    today = tehran_today()
    return PartnerKey.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), partner=partner, mode=mode, revoked_at=None
    )


def _lock(partner: Partner) -> Partner:
    row = Partner.objects.select_for_update(of=("self",)).filter(pk=partner.pk).first()
    if row is None:
        raise DomainError("not_found", status=404)
    return row


def _check_place(channel: Channel) -> None:
    office = channel.office
    check_write(office.province_id if office else None, office.county_id if office else None)


def _province(partner: Partner) -> str | None:
    return partner.channel.office.province_id if partner.channel.office else None


def _record(action: str, subject, partner: Partner, actor: User | None, job: str, **data) -> None:
    audit.record(action, subject, actor=actor, job=job, province_code=_province(partner), **data)

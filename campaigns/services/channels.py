"""Looking after the ways to give: proposed by an office, vouched for by headquarters, checked again and again.

Every step leaves a row of `ChannelCheck` and an entry in the audit trail. Who may take which step is the gate's
business (provinces.permissions); which rows, the open scope's; that nobody confirms their own proposal, also the
database's.
"""

from __future__ import annotations

import secrets
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.channels import canonical_value, province_of
from campaigns.enums import ChannelEnding, ChannelKind, CheckResult
from campaigns.models import Channel, ChannelCheck
from core import audit
from core.errors import DomainError
from core.jalali import tehran_day
from core.models import User
from core.text import normalise
from provinces.models import Office
from provinces.scoping import check_write

PROPOSABLE = (ChannelKind.CARD, ChannelKind.BANK, ChannelKind.USSD, ChannelKind.POS, ChannelKind.APP)
MOST_NOTE = 500


@transaction.atomic
def propose_channel(
    *,
    kind: str,
    name: str,
    value: str = "",
    office: Office | None,
    actor: User,
    owner: User | None = None,
    source: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    note: str = "",
) -> Channel:
    """Write down a number that waits for headquarters; without an office it is the whole organisation's.

    DomainError: not_found (outside the open scope), channel_kind_fixed, name_required, channel_taken, days_in_disorder
    and those of `canonical_value`. Not repeatable: the second time the number is taken.
    """
    check_write(*_place(office))
    if kind not in PROPOSABLE:
        raise DomainError("channel_kind_fixed", field="kind")
    channel = Channel(
        code=f"{kind}_{secrets.token_hex(5)}",
        kind=kind,
        value=canonical_value(kind, value),
        office=office,
        owner=owner,
        proposed_by=actor,
        **_facts(name, source, valid_from, valid_until),
    )
    _save(channel)
    _note(channel, CheckResult.PROPOSED, actor, note)
    return channel


@transaction.atomic
def correct_channel(
    channel_id: int,
    *,
    actor: User,
    name: str,
    value: str,
    owner: User | None = None,
    source: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Channel:
    """Correct what waits for headquarters; who corrects it counts as its proposer from then on.

    DomainError: not_found, channel_not_waiting (confirmed or ended: withdraw it and propose anew), and those of
    `propose_channel`.
    """
    channel = _locked(channel_id)
    if channel.is_verified or channel.ending:
        raise DomainError("channel_not_waiting")
    channel.value = canonical_value(channel.kind, value)
    channel.owner, channel.proposed_by, channel.verified_by = owner, actor, None
    for name_of, fact in _facts(name, source, valid_from, valid_until).items():
        setattr(channel, name_of, fact)
    _save(channel)
    _note(channel, CheckResult.CORRECTED, actor)
    return channel


@transaction.atomic
def verify_channel(channel_id: int, *, actor: User, note: str = "") -> Channel:
    """Headquarters vouches for the number as it stands now; from here on donors see it.

    DomainError: not_found, own_proposal (who proposed it may not), number_required, channel_taken. Repeating it for a
    confirmed channel raises channel_not_waiting.
    """
    channel = _locked(channel_id)
    if channel.is_verified:
        raise DomainError("channel_not_waiting")
    if channel.proposed_by_id == actor.pk:
        raise DomainError("own_proposal")
    if not channel.value and channel.kind in (ChannelKind.CARD, ChannelKind.BANK, ChannelKind.USSD):
        raise DomainError("number_required", field="value")
    channel.is_verified, channel.verified_by, channel.ending = True, actor, ""
    channel.verified_value = channel.value
    _checked(channel, actor)
    _save(channel)
    _note(channel, CheckResult.VERIFIED, actor, note)
    return channel


@transaction.atomic
def end_channel(channel_id: int, *, actor: User, reason: str) -> Channel:
    """Withdraw the confirmation of a channel, or refuse one that waits. The number disappears from every page at once.

    DomainError: not_found, channel_reason_required, channel_ended.
    """
    reason = normalise(reason)[:MOST_NOTE]
    if not reason:
        raise DomainError("channel_reason_required", field="reason")
    channel = _locked(channel_id)
    if channel.ending:
        raise DomainError("channel_ended")
    withdrawn = channel.is_verified
    channel.ending = ChannelEnding.REVOKED if withdrawn else ChannelEnding.REFUSED
    channel.is_verified, channel.verified_by = False, None
    _checked(channel, actor)
    _save(channel)
    _note(channel, CheckResult.REVOKED if withdrawn else CheckResult.REFUSED, actor, reason)
    return channel


@transaction.atomic
def note_check(channel_id: int, *, actor: User, note: str = "") -> Channel:
    """Somebody tried a confirmed channel today and it is right. Repeatable.

    DomainError: not_found, channel_not_verified.
    """
    channel = _locked(channel_id)
    if not channel.is_verified:
        raise DomainError("channel_not_verified")
    _checked(channel, actor)
    _save(channel)
    _note(channel, CheckResult.STILL_RIGHT, actor, note)
    return channel


def _locked(channel_id: int) -> Channel:
    channel = Channel.objects.select_for_update(of=("self",)).filter(pk=channel_id).first()
    if channel is None:
        raise DomainError("not_found", status=404)
    check_write(*_place(channel.office))
    return channel


def _place(office: Office | None) -> tuple[str | None, str | None]:
    return (office.province_id, office.county_id) if office else (None, None)


def _facts(name: str, source: str, valid_from: date | None, valid_until: date | None) -> dict[str, object]:
    name = normalise(name)[:120]
    if not name:
        raise DomainError("name_required", field="name")
    if valid_from and valid_until and valid_until < valid_from:
        raise DomainError("days_in_disorder", field="valid_until")
    return {
        "name": name,
        "source": normalise(source)[:200],
        "valid_from": valid_from,
        "valid_until": valid_until,
    }


def _checked(channel: Channel, actor: User) -> None:
    channel.last_checked_on, channel.checked_by = tehran_day(timezone.now()), actor


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError as error:
        if "channel_number_once" in str(error):
            raise DomainError("channel_taken", field="value") from error
        raise


def _note(channel: Channel, result: CheckResult, actor: User, note: str = "") -> None:
    note = normalise(note)[:MOST_NOTE]
    ChannelCheck.objects.create(channel=channel, by=actor, result=result, note=note)
    audit.record(
        f"channel.{result}",
        channel,
        actor=actor,
        province_code=province_of(channel),
        reason=note,
        kind=channel.kind,
        value=channel.value,
    )

"""Which ways to give the public sees, which of them wait for somebody, and what is said about a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from campaigns.enums import IN_PERSON, ChannelEnding, ChannelKind
from campaigns.models import Channel
from core.errors import DomainError
from core.identifiers import parse_card, parse_iban, parse_ussd, show_iban
from core.identifiers.typed import bare
from core.jalali import tehran_today
from core.text import ascii_digits

NUMBERED = (ChannelKind.CARD, ChannelKind.BANK, ChannelKind.USSD)
_PARSERS = {ChannelKind.CARD: parse_card, ChannelKind.BANK: parse_iban, ChannelKind.USSD: parse_ussd}
_POS = re.compile(r"[0-9]{6,12}")
_TELLS_A_NUMBER = re.compile(r"[0-9]{2,}|[*#]")


class Answer(StrEnum):
    """What a donor hears about a number: yes, no longer, not confirmed yet, no."""

    OURS = "ours"
    ENDED = "ended"
    UNVERIFIED = "unverified"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Where a channel stands for those who look after it."""

    WAITING = "waiting"
    CURRENT = "current"
    STALE = "stale"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class ShownChannels:
    """What the public may see: those in force with their numbers, and those announced once, by name only."""

    verified: list[Channel] = field(default_factory=list)
    announced: list[Channel] = field(default_factory=list)

    def national(self) -> list[Channel]:
        return [channel for channel in self.verified if province_of(channel) is None]

    def of_province(self, code: str) -> list[Channel]:
        return [channel for channel in self.verified if province_of(channel) == code]


def public_channels(on: date | None = None) -> ShownChannels:
    """One query. Boxes are no way to pay by oneself; proposals and what has ended are nobody's business."""
    today = on or tehran_today()
    shown = ShownChannels()
    for channel in Channel.objects.select_related("office__province").exclude(kind__in=IN_PERSON):
        if is_in_force(channel, today):
            shown.verified.append(channel)
        elif not channel.is_verified and not channel.ending and channel.announced_year:
            shown.announced.append(channel)
    return shown


def is_in_force(channel: Channel, on: date) -> bool:
    """Vouched for, and within its days."""
    return (
        channel.is_verified
        and (channel.valid_from is None or channel.valid_from <= on)
        and (channel.valid_until is None or on <= channel.valid_until)
    )


def province_of(channel: Channel) -> str | None:
    """The code of the province whose office it belongs to; None for the organisation's own."""
    return channel.office.province_id if channel.office else None


def name_without_number(channel: Channel) -> str:
    """What a channel that is not confirmed is called: its kind, where its name would tell the number."""
    if channel.value and _TELLS_A_NUMBER.search(ascii_digits(channel.name)):
        return channel.get_kind_display()
    return channel.name


def canonical_value(kind: str, typed: str) -> str:
    """The one stored form of a channel's number; "" for kinds that have none.

    DomainError, with `field` value: bad_card, card_reversed, bad_iban, bad_ussd, bad_pos, number_not_asked.
    """
    try:
        if kind in _PARSERS:
            return _PARSERS[ChannelKind(kind)](typed)
        digits = bare(typed)
        if kind == ChannelKind.POS:
            if digits and not _POS.fullmatch(digits):
                raise DomainError("bad_pos")
            return digits
        if digits:
            raise DomainError("number_not_asked")
    except DomainError as error:
        raise DomainError(error.code, **{**error.data, "field": "value"}) from error
    return ""


def parse_number(typed: str) -> tuple[ChannelKind, str]:
    """The kind and stored form of a card, IBAN or USSD code somebody heard of; DomainError("bad_number")."""
    for kind, parse in _PARSERS.items():
        try:
            return kind, parse(typed)
        except DomainError:
            continue
    raise DomainError("bad_number")


def group_number(kind: str, value: str) -> str:
    """As it is read aloud and compared: cards and IBANs in groups of four."""
    if kind == ChannelKind.BANK:
        return show_iban(value)
    if kind == ChannelKind.CARD:
        return "-".join(value[at : at + 4] for at in range(0, len(value), 4))
    return value


def answer_about(kind: str, value: str, on: date | None = None) -> tuple[Answer, Channel | None]:
    """Is this number ours? With the channel that it is, when it is. Nothing about any other number is told."""
    today = on or tehran_today()
    found = list(
        Channel.objects.filter(kind=kind).filter(Q(value=value) | Q(verified_value=value)).order_by("pk")
    )
    for channel in found:
        if channel.value == value and is_in_force(channel, today):
            return Answer.OURS, channel
    if any(_was_ours(channel, value, today) for channel in found):
        return Answer.ENDED, None
    if any(not channel.ending for channel in found):
        return Answer.UNVERIFIED, None
    return Answer.UNKNOWN, None


def _was_ours(channel: Channel, value: str, today: date) -> bool:
    ended = channel.ending == ChannelEnding.REVOKED or (
        channel.is_verified and channel.valid_until is not None and channel.valid_until < today
    )
    return ended and channel.verified_value == value


# --- for those who look after them -----------------------------------------------------------------------
def stale_before(on: date | None = None) -> date:
    """A confirmed number that nobody has looked at since this day is stale."""
    return (on or tehran_today()) - timedelta(days=settings.CHANNEL_STALE_AFTER_DAYS)


def looked_after() -> QuerySet[Channel]:
    """Channels of the open scope that a person has to look after: those of an office, and those with a number."""
    return Channel.objects.exclude(kind__in=[ChannelKind.WEB, ChannelKind.QR, *IN_PERSON]).select_related(
        "office__province", "owner", "checked_by", "proposed_by"
    )


def standing_of(channel: Channel, on: date | None = None) -> Standing:
    """Where a channel stands today."""
    today = on or tehran_today()
    if channel.ending:
        return Standing.ENDED
    if not channel.is_verified:
        return Standing.WAITING
    if channel.valid_until is not None and channel.valid_until < today:
        return Standing.EXPIRED
    return Standing.STALE if channel.last_checked_on < stale_before(today) else Standing.CURRENT


def with_standing(channels: QuerySet[Channel], standing: str, on: date | None = None) -> QuerySet[Channel]:
    """The rows of which `standing_of` says this."""
    return channels.filter(_conditions(on or tehran_today())[Standing(standing)])


def count_standings() -> dict[Standing, int]:
    """How many channels of the open scope stand how. One query."""
    conditions = _conditions(tehran_today())
    counts = (
        looked_after()
        .order_by()
        .aggregate(
            **{standing.value: Count("pk", filter=condition) for standing, condition in conditions.items()}
        )
    )
    return {standing: counts[standing.value] for standing in conditions}


def _conditions(today: date) -> dict[Standing, Q]:
    """What `standing_of` says, for the database."""
    over = Q(is_verified=True, valid_until__isnull=False, valid_until__lt=today)
    in_days = Q(is_verified=True) & (Q(valid_until=None) | Q(valid_until__gte=today))
    seen_lately = Q(last_checked_on__gte=stale_before(today))
    return {
        Standing.ENDED: ~Q(ending=""),
        Standing.WAITING: Q(is_verified=False, ending=""),
        Standing.EXPIRED: over,
        Standing.STALE: in_days & ~seen_lately,
        Standing.CURRENT: in_days & seen_lately,
    }

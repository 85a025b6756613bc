"""Ways to give of the demo: invented numbers of banks and operators that do not exist, marked as such."""

from __future__ import annotations

from datetime import timedelta

from campaigns import channel_phrases as phrases
from campaigns.enums import ChannelKind
from campaigns.models import Channel
from campaigns.services.channels import propose_channel, verify_channel
from core.jalali import tehran_today
from core.models import User
from provinces.enums import OfficeLevel
from provinces.models import Office

_STALE_DAYS = 45
# kind, number, province (None: the organisation's), whether headquarters vouches for it, days since the last check
_ROWS = (
    (ChannelKind.USSD, "*0000*1#", None, True, 0),
    (ChannelKind.CARD, "9999990000000014", None, True, 0),
    (ChannelKind.CARD, "9999990000002309", "23", True, _STALE_DAYS),
    (ChannelKind.BANK, "IR100000000000000000000023", "23", False, 0),
)


def seed_demo_channels(proposer: User, verifier: User) -> None:
    """Two numbers of the organisation, one of Tehran that nobody has checked lately, and one that waits. Repeatable."""
    for kind, value, province, is_verified, days in _ROWS:
        if Channel.objects.filter(kind=kind, value=value).exists():
            continue
        channel = propose_channel(
            kind=kind,
            value=value,
            name=phrases.DEMO_NAMES[kind],
            office=Office.objects.get(level=OfficeLevel.PROVINCE, province=province) if province else None,
            actor=proposer,
            source=phrases.DEMO_SOURCE,
        )
        if is_verified:
            verify_channel(channel.pk, actor=verifier, note=phrases.DEMO_SOURCE)
        if days:
            Channel.objects.filter(pk=channel.pk).update(
                last_checked_on=tehran_today() - timedelta(days=days)
            )

"""Ways to give in every standing. The numbers belong to a bank and an operator that do not exist."""

from __future__ import annotations

from campaigns.models import Channel
from campaigns.services.channels import propose_channel, verify_channel
from provinces.enums import Role
from provinces.models import Office
from provinces.scoping import all_provinces
from tests.factories.people import person

CARD, OTHER_CARD, IBAN, USSD = (
    "9999990000000014",
    "9999990000002309",
    "IR100000000000000000000023",
    "*0000*1#",
)
SAMPLES = {"card": CARD, "bank": IBAN, "ussd": USSD, "pos": "12345678", "app": ""}


def proposed(kind: str = "card", value: str | None = None, *, province: str = "", **facts) -> Channel:
    """A number that waits for headquarters; without a province it is the organisation's."""
    with all_provinces("test"):
        office = Office.objects.get(level="province", province=province) if province else None
        return propose_channel(
            kind=kind,
            value=SAMPLES[kind] if value is None else value,
            office=office,
            **({"name": f"راه نمونهٔ {kind}", "actor": person(Role.HQ_ACCOUNTANT)} | facts),
        )


def confirmed(kind: str = "card", value: str | None = None, **facts) -> Channel:
    """One that headquarters vouches for since today."""
    channel = proposed(kind, value, **facts)
    return vouch_for(channel)


def vouch_for(channel: Channel) -> Channel:
    """The one action of headquarters, by somebody else."""
    with all_provinces("test"):
        return verify_channel(channel.pk, actor=person(Role.HQ_MANAGER), note="نامهٔ بانک")

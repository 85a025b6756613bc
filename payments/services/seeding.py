"""The gateways and headquarters' terminals."""

from datetime import date

from payments.enums import GatewayName
from payments.gateways import GATEWAYS
from payments.models import Denomination, GatewaySetting, Terminal
from payments.services.terminals import open_terminal
from provinces.selectors import headquarters

_VALID_FROM = date(2024, 3, 20)  # 1 Farvardin 1403
_LEAST_RIAL, _MOST_RIAL = 10_000, 2_000_000_000


def seed_gateways() -> dict[str, int]:
    """A switch for each gateway that is built and headquarters' terminal at it; repeatable, never deletes.

    These first terminals need no second person: they carry no credentials of their own. Whatever they become
    later is proposed and approved.
    """
    for position, name in enumerate(GatewayName.values):
        if name not in GATEWAYS:
            continue
        GatewaySetting.objects.get_or_create(
            name=name,
            defaults={"priority": 10 * (position + 1), "least_rial": _LEAST_RIAL, "most_rial": _MOST_RIAL},
        )
        open_terminal(
            headquarters(), name, label=f"پایانهٔ ستاد – {GatewayName(name).label}", valid_from=_VALID_FROM
        )
    return {"gateways": GatewaySetting.objects.count(), "terminals": Terminal.objects.count()}


_NOTES_AND_COINS = (
    (2_000_000, "ایران‌چک ۲۰۰ هزار تومانی"),
    (1_000_000, "ایران‌چک ۱۰۰ هزار تومانی"),
    (500_000, "ایران‌چک ۵۰ هزار تومانی"),
    (100_000, "اسکناس ۱۰ هزار تومانی"),
    (50_000, "اسکناس ۵ هزار تومانی"),
    (20_000, "اسکناس ۲ هزار تومانی"),
    (10_000, "اسکناس هزار تومانی"),
    (5_000, "اسکناس یا سکهٔ ۵۰۰ تومانی"),
    (2_000, "اسکناس یا سکهٔ ۲۰۰ تومانی"),
    (1_000, "اسکناس یا سکهٔ ۱۰۰ تومانی"),
)


def seed_denominations() -> dict[str, int]:
    """The notes and coins that a cash box may hold; repeatable, and what people changed stays."""
    for value_rial, name in _NOTES_AND_COINS:
        Denomination.objects.get_or_create(value_rial=value_rial, defaults={"name": name})
    return {"denominations": Denomination.objects.count()}

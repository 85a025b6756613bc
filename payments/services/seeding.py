"""The gateways and headquarters' terminals."""

from datetime import date

from payments.enums import GatewayName
from payments.gateways import GATEWAYS
from payments.models import GatewaySetting, Terminal
from payments.services.terminals import open_terminal
from provinces.selectors import headquarters

_VALID_FROM = date(2024, 3, 20)  # 1 Farvardin 1403
_LEAST_RIAL, _MOST_RIAL = 10_000, 2_000_000_000


def seed_gateways() -> dict[str, int]:
    """A switch for each gateway that is built and headquarters' terminal at it; repeatable, never deletes."""
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

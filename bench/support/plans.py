"""What each donor of a chaos run does, decided by seed and number alone."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.support.donor import GATEWAYS, Wish

FUNDS = ("general", "sadaqah", "livelihood", "orphan", "treatment")
PLACES = ("", "", "23", "00", "10", "29")
_BUTTONS = (("pay", 0.84), ("cancel", 0.07), ("fail", 0.05), ("leave", 0.04))
_WAYS = (("delivered", 0.52), ("dropped", 0.16), ("repeated", 0.10), ("late", 0.10), ("forged", 0.12))
_TWICE = 0.05
_LATE = (2.0, 40.0)  # seconds; in a short run not later than its length


@dataclass(frozen=True)
class Plan:
    """`button`: pay, cancel, fail, or leave the bank's page open. `way`: what becomes of the callback.
    `second`: a gateway through which the gift is paid once more before coming back from the first."""

    number: int
    wish: Wish
    door: str
    button: str
    way: str
    second: str
    pause: float
    late: float
    forged_as_paid: bool
    comes_after_forgery: bool


def plan_of(seed: int, number: int, gifts: int) -> Plan:
    """The same for the same arguments, whatever happens to the others."""
    dice = random.Random(f"{seed}:{number}")
    first, second = dice.sample(GATEWAYS, 2)
    mobile = f"+98912{dice.randrange(10**7):07d}" if dice.random() < 0.3 else ""
    wish = Wish(
        key=f"chaos-{seed}-{number}",
        amount_rial=10_000 * dice.randint(2, 500),
        fund=dice.choice(FUNDS),
        province=dice.choice(PLACES),
        gateway=first,
        mobile=mobile,
    )
    button = _one_of(dice, _BUTTONS)
    is_twice = dice.random() < _TWICE and button == "pay"
    return Plan(
        number=number,
        wish=wish,
        door=dice.choice(("api", "form")),
        button=button,
        way="delivered" if is_twice else _one_of(dice, _WAYS),
        second=second if is_twice else "",
        pause=dice.uniform(0.0, 0.5),
        late=dice.uniform(_LATE[0], min(_LATE[1], _LATE[0] + gifts / 5)),
        forged_as_paid=dice.random() < 0.5,
        comes_after_forgery=dice.random() < 0.6,
    )


def _one_of(dice: random.Random, shares: tuple[tuple[str, float], ...]) -> str:
    names, weights = zip(*shares, strict=True)
    return dice.choices(names, weights)[0]


def forged_fields(gateway: str, token: str, order_id: str, is_paid: bool) -> dict[str, str]:
    """What a stranger who knows token and order would send."""
    return {
        "zarinpal": {"Authority": token, "Status": "OK" if is_paid else "NOK"},
        "zibal": {
            "trackId": token, "orderId": order_id, "success": str(int(is_paid)), "status": "2" if is_paid else "3",
        },
        "sadad": {"Token": token, "OrderId": order_id, "ResCode": "0" if is_paid else "-1"},
        "sep": {
            "Token": token, "ResNum": order_id, "State": "OK" if is_paid else "CanceledByUser",
            "Status": "2" if is_paid else "1", "RefNum": "forged" if is_paid else "",
        },
        "mellat": {
            "RefId": token, "SaleOrderId": order_id, "ResCode": "0" if is_paid else "17",
            "SaleReferenceId": "123456789012" if is_paid else "",
        },
    }[gateway]  # fmt: skip

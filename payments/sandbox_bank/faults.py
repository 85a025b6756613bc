"""Misbehaviour on order: which call of which gateway goes wrong, how, and how often."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Faults of a bank's answer. `before`/`after`: whether the call had its effect.
ANSWER_FAULTS = frozenset(
    {
        "timeout_before", "timeout_after", "close_before", "close_after", "http_502", "http_502_after",
        "malformed", "slow", "wrong_amount", "wrong_order", "wrong_token", "duplicate_code", "refuse",
    }
)  # fmt: skip
# Faults of the payer's way back, with `call` = `callback`.
CALLBACK_FAULTS = frozenset({"dropped", "delayed", "repeated", "wrong_amount", "wrong_order", "wrong_token"})


@dataclass
class Fault:
    """One rule. `times` counts down to nothing; without it the rule holds, with `probability` at random."""

    number: int
    gateway: str  # empty: every gateway
    call: str  # empty: every call of the bank (not the callback)
    kind: str
    detail: str = ""  # slow:SECONDS, delayed:SECONDS, repeated:N, refuse:CODE, timeout_*:SECONDS
    order_id: str = ""
    times: int | None = None
    probability: float = 1.0
    dice: random.Random = field(default_factory=random.Random)
    hits: int = 0

    def seconds(self, otherwise: float) -> float:
        """The number in `detail`."""
        return float(self.detail) if self.detail else otherwise

    def strikes(self, gateway: str, call: str, order_id: str) -> bool:
        """Whether this call goes wrong; counts it when it does."""
        if self.times == 0 or (self.gateway and self.gateway != gateway):
            return False
        if self.call != call and (self.call or call == "callback"):
            return False
        if self.order_id and self.order_id != order_id:
            return False
        if self.probability < 1.0 and self.dice.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        return True

    def row(self) -> dict[str, Any]:
        """For the control room."""
        return {
            "id": self.number,
            "gateway": self.gateway,
            "call": self.call,
            "fault": f"{self.kind}:{self.detail}" if self.detail else self.kind,
            "order_id": self.order_id,
            "times": self.times,
            "probability": self.probability,
            "hits": self.hits,
        }


class Faults:
    """The rules in force; the first that strikes counts."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._count = 0

    def add(self, row: Mapping[str, Any]) -> Fault:
        """From `{gateway?, call?, fault, times?, probability?, seed?, order_id?}`; ValueError when unfit."""
        kind, _, detail = str(row.get("fault", "")).partition(":")
        call = str(row.get("call") or "")
        allowed = CALLBACK_FAULTS if call == "callback" else ANSWER_FAULTS
        if kind not in allowed:
            raise ValueError(f"fault is one of {', '.join(sorted(allowed))}")
        if kind in ("slow", "delayed", "repeated", "refuse") and not detail:
            raise ValueError(f"{kind} needs a value: {kind}:VALUE")
        if kind != "refuse" and detail:
            float(detail)
        self._count += 1
        probability = float(row.get("probability", 1.0))
        times = row.get("times")
        fault = Fault(
            number=self._count,
            gateway=str(row.get("gateway") or ""),
            call=call,
            kind=kind,
            detail=detail,
            order_id=str(row.get("order_id") or ""),
            times=None if times is None else int(times),
            probability=probability,
            dice=random.Random(row.get("seed")),
        )
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        self.rules.clear()

    def strike(self, gateway: str, call: str, order_id: str) -> Fault | None:
        """The rule by which this call goes wrong, if any."""
        for rule in self.rules:
            if rule.strikes(gateway, call, order_id):
                return rule
        return None

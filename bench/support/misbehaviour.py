"""What the bank does wrong in a chaos run, by seed."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from bench.support.stack import Stack

# (call, what goes wrong, how often). Never a lie about money: what a lying bank says is a person's case.
_FAULTS = (
    ("", "slow:1", 0.03),
    ("", "timeout_before:6", 0.015),
    ("", "timeout_after:6", 0.02),
    ("", "close_before", 0.02),
    ("", "close_after", 0.03),
    ("", "http_502", 0.02),
    ("", "http_502_after", 0.02),
    ("", "malformed", 0.03),
    ("verify", "duplicate_code", 0.05),
)


def misbehave(stack: Stack, seed: int, life: int) -> None:
    """Put the rules in force. A bank that was killed comes back without them: its next life has other dice."""
    for number, (call, fault, probability) in enumerate(_FAULTS):
        rule = {"call": call, "fault": fault, "probability": probability, "seed": f"{seed}:{life}:{number}"}
        control(stack, "POST", "faults", rule)


def behave(stack: Stack) -> None:
    """No faults any more."""
    control(stack, "DELETE", "faults")


def advance_clock(stack: Stack, seconds: float) -> None:
    """The bank's clock, with all that its windows do to unclaimed payments."""
    control(stack, "POST", "clock", {"advance_seconds": seconds})


def control(stack: Stack, method: str, path: str, row: dict[str, object] | None = None) -> object:
    """One call of the bank's control room."""
    body = json.dumps(row).encode() if row is not None else None
    request = urllib.request.Request(f"{stack.bank_url}/control/{path}", data=body, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def is_misbehaving(stack: Stack) -> bool:
    """Whether the rules are in force; False for a fresh bank and for one that does not answer."""
    try:
        return bool(control(stack, "GET", "faults"))
    except (OSError, urllib.error.URLError):
        return True  # nobody to tell anything now

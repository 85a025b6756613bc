"""The actions of the audit trail that people of the desk read have Persian names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from core.action_phrases import action_name

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "provinces", "cases", "dashboards")  # those of the others fall back to their own word
ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)?")


def recorded() -> set[str]:
    """What is handed to `audit.record` as a word, and to each room's own `_record`."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _is_record(node.func):
                    word = node.args[0]
                    if isinstance(word, ast.Constant) and ACTION.fullmatch(str(word.value)):
                        found.add(word.value)
    return {word for word in found if "." in word or word in {"sign_in", "sign_out"}}


def _is_record(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "record" and getattr(function.value, "id", "") == "audit"
    return isinstance(function, ast.Name) and function.id == "_record"


@pytest.mark.parametrize("action", sorted(recorded()))
def test_an_action_has_a_name(action):
    assert not action_name(action).isascii(), f"give {action} a name in core.action_phrases"


def test_an_unknown_action_is_shown_as_it_is():
    assert action_name("thing.did") == "thing.did"

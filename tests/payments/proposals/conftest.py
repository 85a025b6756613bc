"""A terminal, somebody who proposes and somebody who decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.models import User
from payments.models import Terminal, TerminalProposal
from payments.services.proposals import (
    propose_change,
)
from payments.services.terminal_changes import facts_of
from provinces.enums import Role
from tests.factories.people import person
from tests.payments.proposals.shared import IBAN


@pytest.fixture
def world(db, country):
    """A transaction of the test's own, the whole country open."""


@pytest.fixture
def maker(world) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def checker(world) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def terminal(world) -> Terminal:
    return Terminal.objects.get(gateway="sep", office__level="hq")


@pytest.fixture
def propose(terminal, maker):
    def make(**wanted) -> TerminalProposal:
        facts = replace(facts_of(terminal), **(wanted or {"settlement_iban": IBAN}))
        return propose_change(terminal, facts, actor=maker, reason="نامهٔ ۱۲۳")

    return make

"""Gifts at an office's counter, with fitting facts unless a test says otherwise."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta

from core.jalali import tehran_today
from core.models import User
from payments.enums import CounterWay
from payments.models import CounterGift, Denomination
from payments.services.counter import ChequeFacts, CounterWish, SlipFacts, take_gift
from provinces.enums import Role
from provinces.models import Office
from tests.factories.people import TEHRAN, office_for, person

_numbers = itertools.count(1)


def office(province: str = TEHRAN) -> Office:
    return office_for(Role.PROVINCIAL_ACCOUNTANT, province)


def wish(amount_rial: int = 500_000, *, way: str = "cash", **facts) -> CounterWish:
    number = next(_numbers)
    if way == "cheque":
        facts.setdefault("cheque", cheque_facts(number))
    if way == "pos":
        facts.setdefault("slip", slip_facts(number))
    facts.setdefault("province", TEHRAN)
    return CounterWish(CounterWay(way), amount_rial, facts.pop("fund", "general"), **facts)


def cheque_facts(number: int = 1, due_on: date | None = None) -> ChequeFacts:
    return ChequeFacts(f"{number:016d}", "بانک ملی", due_on or tehran_today())


def slip_facts(number: int = 1) -> SlipFacts:
    return SlipFacts("12345678", f"{number:012d}", f"{number:06d}", tehran_today())


def take(
    amount_rial: int = 500_000, *, where: Office | None = None, actor: User | None = None, at=None, **facts
) -> CounterGift:
    """A gift taken in now; a cheque is in hand."""
    where = where or office()
    clerk = actor or person(Role.PROVINCIAL_ACCOUNTANT)
    return take_gift(where, wish(amount_rial, **facts), key=uuid.uuid4(), actor=clerk, at=at)


def notes_for(amount_rial: int) -> dict[int, int]:
    """The fewest notes that make an amount: denomination id → pieces."""
    pieces = {}
    for note in Denomination.objects.filter(is_active=True).order_by("-value_rial"):
        pieces[note.pk], amount_rial = divmod(amount_rial, note.value_rial)
    assert not amount_rial
    return pieces


def yesterday() -> date:
    return tehran_today() - timedelta(days=1)

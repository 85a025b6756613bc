"""Lists of the desk ask as much with many rows as with one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.rollups import fold_all
from provinces.enums import Role
from tests.aid.test_goods_deliveries import planned
from tests.factories.aid import allocated, delivered, proposed
from tests.factories.gifts import receive
from tests.factories.goods import (
    given,
    handed,
    in_days,
    offer,
    ready_batch,
    set_aside,
    stocked,
    walk_in,
    warehouse,
)
from tests.factories.people import browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
LISTS = (
    "/desk/aid/", "/desk/aid/allocations/?state=all", "/desk/in-kind/", "/desk/stock/", "/desk/stock/kits/",
)  # fmt: skip


def add_rows(number: int) -> None:
    gift = receive(1_000_000 + number, fund="livelihood", province="23", county=f"23{number:02d}")
    proposed(gift, 100_000)
    delivered(allocated(gift, 300_000), 100_000)
    offer()
    walk_in()
    place = warehouse()
    stocked(place, quantity=200, fund="livelihood", expires_on=in_days(9))
    handed(ready_batch(place, 2))
    given(place)
    set_aside(planned(place)[1])
    fold_all()


def asked(browser, addresses) -> dict[str, int]:
    counts = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts[address] = len(queries)
    return counts


def test_lists_ask_the_same_with_one_row_and_with_more():
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    add_rows(1)
    asked(browser, LISTS)  # what is remembered is remembered
    once = asked(browser, LISTS)
    for number in (2, 3, 4):
        add_rows(number)
    assert asked(browser, LISTS) == once
    assert max(once.values()) <= 25

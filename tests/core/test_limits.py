"""Who asks from an address is counted by it; of IPv6 by the network, whose owner has all the rest."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core.errors import DomainError
from core.limits import count_or_refuse, source_of
from core.mobile_door import MOST_OF_ADDRESS, ask_code
from core.models import Door


@pytest.fixture(autouse=True)
def _forgotten_counters():
    cache.clear()


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("+989121234567", "+989121234567"),
        ("", ""),
    ],
)
def test_by_what_somebody_is_counted(address, source):
    assert source_of(address) == source


def test_a_household_with_many_addresses_is_one():
    def ask(address: str) -> None:
        count_or_refuse("thing", address, most=2, seconds=60, code="too_many")

    ask("2001:db8:1:2::1")
    ask("2001:db8:1:2::2")
    with pytest.raises(DomainError, match="too_many"):
        ask("2001:db8:1:2::3")
    ask("2001:db8:1:3::1")


def test_codes_are_not_asked_for_without_end_from_one_network(db):
    for number in range(MOST_OF_ADDRESS):
        ask_code(f"+98912{number:07d}", Door.ME, address=f"2001:db8::{number:x}")
    with pytest.raises(DomainError, match="too_many_sms_codes"):
        ask_code("+989350000000", Door.ME, address="2001:db8::ffff")

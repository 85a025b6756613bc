"""Gifts that no attempt brought: booked once, receipted, and watched by the checks."""

from dataclasses import replace

import pytest
from django.utils import timezone

from campaigns.models import Channel
from campaigns.selectors import designate
from core.errors import DomainError
from core.invariants import run_checks
from donations.models import Donation, Receipt
from donations.services.arrived import ArrivedGift
from ledger.accounts import ensure_account, receivable_code
from ledger.enums import AccountType
from payments.models import Arrival
from payments.services.arrivals import NewArrival, book_arrivals
from tests.flows.test_races import run_together

ACCOUNT = receivable_code("ussd_733")


def arrival(number: int = 1, amount_rial: int = 200_000, **gift) -> NewArrival:
    target = designate(fund="general", province="23", channel=Channel.objects.get(code="ussd_733"))
    paid = ArrivedGift(amount_rial, target, timezone.now(), reference=f"rrn-{number}", **gift)
    return NewArrival(f"line:ussd_733:{number}", ACCOUNT, paid)


@pytest.fixture
def account(country):
    return ensure_account(ACCOUNT, "کد دستوری", AccountType.ASSET)


@pytest.mark.django_db
def test_it_is_received_receipted_and_booked(account):
    booked = book_arrivals([arrival(1, mobile="+989121234567"), arrival(2, amount_rial=90_000)])
    gifts = Donation.objects.in_bulk(booked.values())
    assert {gifts[pk].status for pk in booked.values()} == {"received"}
    assert gifts[booked["line:ussd_733:2"]].amount_rial == 90_000
    assert gifts[booked["line:ussd_733:1"]].channel.code == "ussd_733"
    assert Receipt.objects.count() == 2
    assert [check for check in run_checks() if not check.holds] == []


@pytest.mark.django_db
def test_repeating_gives_the_same_gift_and_another_amount_is_refused(account):
    first = book_arrivals([arrival(1)])
    assert book_arrivals([arrival(1), arrival(2)])["line:ussd_733:1"] == first["line:ussd_733:1"]
    changed = arrival(1)
    with pytest.raises(DomainError) as error:
        book_arrivals([arrival(3), replace(changed, gift=replace(changed.gift, amount_rial=1))])
    assert error.value.code == "source_reused"
    assert Arrival.objects.count() == Donation.objects.count() == 2


def test_racing_batches_book_each_source_once(live_db, account):
    orders = ([1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2], [2, 5, 1])
    assert run_together(*[lambda o=order: book_arrivals([arrival(n) for n in o]) for order in orders]) == []
    assert Arrival.objects.count() == Donation.objects.count() == 5
    assert [check for check in run_checks() if not check.holds] == []

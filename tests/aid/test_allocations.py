"""Setting money aside: by two people, out of what is there, gift after gift, booked and given back."""

import pytest
from django.db import IntegrityError, connection, transaction

from aid.enums import AllocationState, Attribution
from aid.models import Allocation, AllocationShare, DeliveryShare
from aid.services import shares
from aid.services.allocations import cancel, decide
from core.errors import DomainError
from core.invariants import run_checks
from core.models import AuditEntry
from donations.models import Donation
from ledger.balances import balances
from provinces.scoping import Scope, open_scope
from tests.factories.aid import allocated, delivered, pool_of_gift, proposed
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, person

pytestmark = pytest.mark.usefixtures("db", "country")
AID = ("allocated:cash", "drawn:cash", "delivered:cash", "expense:borne")


def books() -> tuple[int, ...]:
    """(set aside, drawn, delivered, borne) in rials; debit is positive."""
    held = balances(AID)
    return tuple(held.get(code, 0) for code in AID)


def findings() -> list[str]:
    return [finding for result in run_checks() for finding in result.findings]


def parts(allocation: Allocation) -> list[tuple[int, int]]:
    """(gift, rials) of an allocation's shares."""
    rows = AllocationShare.objects.filter(allocation=allocation).order_by("pk")
    return list(rows.values_list("donation_id", "amount_rial"))


def three(**wish) -> list[Donation]:
    return [
        receive(amount, fund="livelihood", province="23", **wish) for amount in (100_000, 200_000, 300_000)
    ]


def test_nothing_is_booked_before_a_second_person_approves():
    found = proposed(receive(fund="livelihood", province="23"), 400_000)
    assert (found.state, parts(found), books()) == ("proposed", [], (0, 0, 0, 0))
    decide(found.pk, actor=person(), approve=True)
    assert books() == (400_000, -400_000, 0, 0)
    said = AuditEntry.objects.filter(subject_type="aid.allocation", subject_id=str(found.pk))
    assert set(said.values_list("action", flat=True)) == {
        "allocation.propose",
        "allocation.approve",
    }
    assert findings() == []


def test_a_programme_of_a_county_does_not_name_it():
    gift = receive(fund="livelihood", province="23", county="2301")
    name = gift.county.name
    with pytest.raises(DomainError, match="points_to_a_person"):
        proposed(gift, 100_000, programme=f"بسته‌های {name}")
    whole = receive(fund="livelihood", province="23")
    assert proposed(whole, 100_000, programme=f"بسته‌های {name}").county is None


def test_the_oldest_gifts_go_first_and_the_next_allocation_goes_on_where_it_ended():
    one, two, last = three()
    first = allocated(one, 250_000)
    assert parts(first) == [(one.pk, 100_000), (two.pk, 150_000)]
    assert parts(allocated(one, 350_000)) == [(two.pk, 50_000), (last.pk, 300_000)]
    assert not Donation.objects.filter(is_allocated=False).exists()
    assert findings() == []


def test_many_donors_of_one_need_carry_it_by_share_to_the_rial():
    wanted = need()
    gifts = three(need=wanted.code)
    found = allocated(gifts[0], 100_000, need=wanted)
    assert found.attribution == Attribution.SHARE
    assert parts(found) == [
        (gifts[0].pk, 16_666),
        (gifts[1].pk, 33_334),
        (gifts[2].pk, 50_000),
    ]
    delivered(found, 50_000)
    assert sorted(DeliveryShare.objects.values_list("amount_rial", flat=True)) == [8_333, 16_667, 25_000]
    assert findings() == []


def test_no_more_than_there_is_and_proposals_count():
    gift = receive(100_000, fund="livelihood")
    proposed(gift, 60_000)
    with pytest.raises(DomainError) as refusal:
        proposed(gift, 60_000)
    assert (refusal.value.code, refusal.value.data["waiting_rial"]) == ("pool_short", 40_000)


def test_a_pool_is_of_one_place_campaign_and_need():
    here = receive(100_000, fund="livelihood", province="23", county="2301")
    receive(900_000, fund="livelihood", province="23")
    receive(900_000, fund="livelihood", province=KHUZESTAN)
    receive(900_000, fund="sadaqah", province="23", county="2301")
    assert shares.waiting_rial(pool_of_gift(here)) == 100_000


def test_nobody_approves_their_own_not_even_past_the_service():
    maker = person()
    found = proposed(receive(fund="livelihood"), actor=maker)
    with pytest.raises(DomainError, match="four_eyes"):
        decide(found.pk, actor=maker, approve=True)
    with pytest.raises(IntegrityError, match="allocation_four_eyes"), transaction.atomic():
        Allocation.objects.filter(pk=found.pk).update(
            state="approved", decided_by=maker, decided_at=found.proposed_at
        )


def test_a_refusal_says_why_and_decides_once():
    found = proposed(receive(fund="livelihood"))
    with pytest.raises(DomainError, match="reason_required"):
        decide(found.pk, actor=person(), approve=False)
    decide(found.pk, actor=person(), approve=False, reason="پیش از آن نیاز دیگری هست")
    with pytest.raises(DomainError, match="allocation_decided"):
        decide(found.pk, actor=person(), approve=True)
    assert books() == (0, 0, 0, 0)


def test_what_was_not_delivered_returns_to_the_pool_with_a_contra_entry():
    one, *_ = three()
    found = allocated(one, 600_000)
    delivered(found, 250_000)
    found = cancel(found.pk, actor=person(), reason="برنامه کوتاه شد")
    assert (found.state, found.held_rial, found.delivered_rial) == (
        AllocationState.CANCELLED,
        250_000,
        250_000,
    )
    assert books() == (0, -250_000, 250_000, 0)
    assert shares.waiting_rial(pool_of_gift(one)) == 350_000
    assert findings() == []


def test_facts_of_an_allocation_and_its_shares_never_change():
    found = allocated(receive(fund="livelihood"))
    for change in (
        "UPDATE aid_allocation SET amount_rial = amount_rial - 1",
        "UPDATE aid_allocation SET purpose = 'food'",
        "UPDATE aid_allocation SET state = 'proposed'",
        "DELETE FROM aid_allocation",
        "UPDATE aid_allocationshare SET amount_rial = 1",
        "DELETE FROM aid_allocationshare",
        "UPDATE aid_pool SET fund_id = 'sadaqah'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert found.shares.count() == 1


@pytest.mark.parametrize("rial", [500_001, -500_001])
def test_a_gift_never_gives_more_than_it_is(rial):
    gift, other = (receive(500_000, fund="livelihood") for _ in range(2))
    found = allocated(gift, 500_000)
    with pytest.raises(IntegrityError, match="do not fit its amount"), transaction.atomic():
        AllocationShare.objects.create(allocation=found, donation=other, amount_rial=rial)


def test_whoever_works_in_a_province_touches_only_its_pools():
    gift = receive(fund="livelihood", province="23")
    found = proposed(gift)
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        for act in (
            lambda: pool_of_gift(gift),
            lambda: decide(found.pk, actor=person(), approve=True),
            lambda: cancel(found.pk, actor=person(), reason="x"),
        ):
            with pytest.raises(DomainError, match="not_found"):
                act()

"""A gift that goes back to its donor leaves what was promised and delivered as it is, and the books to the rial."""

import pytest
from django.db import IntegrityError, connection, transaction

from aid.models import AllocationShare, DeliveryShare
from core.errors import DomainError
from core.invariants import run_checks
from donations.models import Donation
from ledger.balances import balances
from payments.models import Attempt
from payments.services.refunds import decide_refund, finish, note_reversal_by_bank, request_refund
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import receive
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")
AID = ("allocated:cash", "drawn:cash", "delivered:cash", "expense:borne")


def books() -> tuple[int, ...]:
    held = balances(AID)
    return tuple(held.get(code, 0) for code in AID)


def gifts(*amounts: int) -> list[Donation]:
    return [receive(amount, fund="livelihood", province="23") for amount in amounts]


def refund(gift: Donation) -> None:
    asked = request_refund(Attempt.objects.get(donation=gift).pk, actor=person(), reason="به درخواست نیکوکار")
    decide_refund(asked.pk, actor=person(), approve=True)
    finish(asked.pk)


def taken_by_bank(gift: Donation) -> None:
    note_reversal_by_bank(Attempt.objects.get(donation=gift).pk, evidence={}, source="settlement file")


def held_by(gift: Donation) -> int:
    return sum(AllocationShare.objects.filter(donation=gift).values_list("amount_rial", flat=True))


def all_holds() -> bool:
    return [check.findings for check in run_checks() if not check.holds] == []


def test_another_gift_of_the_pool_takes_its_place():
    first, second = gifts(100_000, 300_000)
    found = allocated(first, 100_000)
    refund(first)
    found.refresh_from_db()
    assert (held_by(first), held_by(second), found.held_rial) == (0, 100_000, 100_000)
    assert books() == (100_000, -100_000, 0, 0)
    assert all_holds()


def test_without_another_gift_the_allocation_shrinks():
    first, second = gifts(100_000, 50_000)
    found = allocated(first, 120_000)
    refund(first)
    found.refresh_from_db()
    assert (held_by(second), found.held_rial) == (50_000, 50_000)
    assert books() == (50_000, -50_000, 0, 0)
    assert all_holds()


def test_a_person_asks_for_no_gift_back_that_has_reached_people():
    first, second = gifts(100_000, 300_000)
    asked = request_refund(Attempt.objects.get(donation=first).pk, actor=person(), reason="اشتباه")
    delivered(allocated(first, 100_000))
    with pytest.raises(DomainError, match="gift_delivered"):
        decide_refund(asked.pk, actor=person(), approve=True)
    delivered(allocated(second, 100_000))
    with pytest.raises(DomainError, match="gift_delivered"):
        request_refund(Attempt.objects.get(donation=second).pk, actor=person(), reason="اشتباه")


def test_what_a_bank_takes_back_is_stood_for_by_other_gifts_though_it_was_delivered():
    first, second = gifts(100_000, 300_000)
    made = delivered(allocated(first, 100_000), 60_000)
    taken_by_bank(first)
    assert (held_by(first), held_by(second)) == (0, 100_000)
    assert sum(DeliveryShare.objects.filter(donation=second).values_list("amount_rial", flat=True)) == 60_000
    made.refresh_from_db()
    assert (made.borne_rial, books()) == (0, (40_000, -100_000, 60_000, 0))
    assert all_holds()


def test_where_no_gift_can_the_organisation_bears_what_was_delivered():
    (only,) = gifts(100_000)
    made = delivered(allocated(only, 100_000), 60_000)
    taken_by_bank(only)
    made.refresh_from_db()
    made.allocation.refresh_from_db()
    assert made.borne_rial == 60_000
    assert (made.allocation.held_rial, made.allocation.delivered_rial) == (0, 0)
    assert books() == (0, -60_000, 0, 60_000)
    assert all_holds()


def test_gifts_of_the_same_allocation_stand_in_before_the_organisation_pays():
    first, second = gifts(100_000, 100_000)
    made = delivered(allocated(first, 200_000), 100_000)
    taken_by_bank(first)
    made.refresh_from_db()
    made.allocation.refresh_from_db()
    assert (made.borne_rial, made.allocation.state) == (0, "delivered")
    assert sum(DeliveryShare.objects.filter(donation=second).values_list("amount_rial", flat=True)) == 100_000
    assert books() == (0, -100_000, 100_000, 0)
    assert all_holds()


def test_past_the_service_the_database_refuses_to_refund_an_allocated_gift():
    (only,) = gifts(100_000)
    allocated(only, 100_000)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="is allocated"), transaction.atomic():
        Donation.objects.filter(pk=only.pk).update(status="refunded")

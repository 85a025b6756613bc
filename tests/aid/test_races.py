"""Several people at once: no gift is spent twice, and nobody waits for somebody who waits for them."""

import threading

from django.db import connections

from aid.models import Allocation
from aid.services.allocations import decide
from core.errors import DomainError
from core.invariants import run_checks
from ledger.balances import balances
from provinces.scoping import all_provinces
from tests.factories.aid import proposed
from tests.factories.gifts import receive
from tests.factories.people import person


def test_two_at_once_never_spend_a_gift_twice(live_db):
    with all_provinces("test"):
        gift = receive(100_000, fund="livelihood")
        receive(100_000, fund="livelihood")
        found = [proposed(gift, 100_000).pk for _ in range(2)]
        Allocation.objects.bulk_create(
            [Allocation(**{**_copy(found[0]), "proposed_by": person()}) for _ in range(2)]
        )
        proposals = list(Allocation.objects.values_list("pk", flat=True))
        people = [person() for _ in proposals]
    answers: list[str] = []

    def approve(pk, by):
        try:
            with all_provinces("test"):
                decide(pk, actor=by, approve=True)
            answers.append("approved")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=pair) for pair in zip(proposals, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["approved", "approved", "pool_short", "pool_short"]
    with all_provinces("test"):
        assert balances(["allocated:cash"]) == {"allocated:cash": 200_000}
        assert [check.findings for check in run_checks() if not check.holds] == []


def _copy(pk: int) -> dict:
    known = Allocation.objects.get(pk=pk)
    names = ("pool_id", "amount_rial", "purpose", "programme", "province_id", "county_id")
    return {name: getattr(known, name) for name in names}

"""Many hands in one warehouse, with real threads and real commits."""

import threading
from contextlib import suppress
from decimal import Decimal

from django.db import connection

from aid.models import Lot
from aid.services.goods_deliveries import deliver_goods
from aid.services.stock_books import GIVEN
from core.errors import DomainError
from ledger.balances import balances
from provinces.scoping import all_provinces
from tests.aid.test_intake import holds
from tests.factories.goods import goods_evidence, stocked, warehouse
from tests.factories.people import person


def test_many_hands_at_once_never_take_more_than_there_is(live_db):
    with all_provinces("test"):
        place = warehouse()
        lots = [stocked(place, quantity=7, value_rial=100), stocked(place, quantity=6, value_rial=100)]
    who, left, start = person(), [], threading.Barrier(8)

    def take_some(number: int) -> None:
        start.wait()
        try:
            with all_provinces("test"):
                for step in range(3):
                    with suppress(DomainError):
                        proof = goods_evidence(references=[f"KIT-{number}-{step}"])
                        made = deliver_goods(
                            place, lots[0].item, Decimal(1), proof, purpose="livelihood", actor=who
                        )
                        left.append(made.quantity)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(left) == 13
    with all_provinces("test"):
        assert [lot.quantity for lot in Lot.objects.all()] == [0, 0]
        assert balances([place.account, GIVEN]) == {place.account: 0, GIVEN: 200}
        holds()

"""Many hands in one warehouse, and at one promise, with real threads and real commits."""

import threading
from contextlib import suppress
from decimal import Decimal

from django.db import connection

from aid.enums import KitSource
from aid.models import Kit, KitFunding, Lot
from aid.services.goods_deliveries import deliver_goods
from aid.services.kits import Payer, begin_batch, fund_item
from aid.services.stock_books import GIVEN
from core.errors import DomainError
from ledger.balances import balances
from provinces.scoping import all_provinces
from tests.aid.test_intake import holds
from tests.factories.goods import goods_evidence, stocked, warehouse
from tests.factories.people import person
from tests.factories.promises import promised
from tests.flows.test_races import run_together


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


def test_kits_that_race_never_count_on_more_of_a_promise_than_it_is(live_db):
    with all_provinces("test"):
        place, kit, who = warehouse(), Kit.objects.get(code="livelihood"), person()
        made = promised(4, what="روغن", unit="لیتر", purpose="livelihood")
        lines = [begin_batch(kit, place, 1, actor=who).lines.get(item="oil") for _ in range(4)]
        payer = Payer(KitSource.PROMISE, commitment_id=made.pk)
        errors = run_together(
            *[lambda line=line: fund_item(line.pk, Decimal(3), payer, actor=who) for line in lines]
        )
        assert [error.code for error in errors] == ["promise_is_less"] * 3
        assert KitFunding.objects.get().quantity == 3


def test_one_form_sent_twice_at_once_gives_goods_once(live_db):
    with all_provinces("test"):
        place, who = warehouse(), person()
        item = stocked(place, quantity=7, value_rial=100).item
        proof = goods_evidence(references=["BZ-1405-1"], again_because="دو بار")
        work = [lambda: deliver_goods(place, item, Decimal(1), proof, purpose="livelihood", actor=who)] * 3
        assert [error.code for error in run_together(*work)] == ["delivered_before"] * 2
        assert Lot.objects.get().quantity == 6

"""Many hands at one promise, each committing in a fresh database."""

from partnerships.models import Commitment, ItemShare, PromiseDelivery
from partnerships.services.agreements import split_item
from partnerships.services.deliveries import decide_delivery
from provinces.scoping import all_provinces
from tests.factories.gifts import receive
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, person
from tests.factories.promises import came, firm, item, promised, signed
from tests.flows.test_races import run_together


def test_two_people_confirm_one_delivery_and_it_counts_once(live_db):
    with all_provinces("test"):
        row, others = came(promised(10)), [person() for _ in range(4)]
        errors = run_together(
            *[lambda who=who: decide_delivery(row.pk, approve=True, actor=who) for who in others]
        )
        assert [error.code for error in errors] == ["delivery_is_decided"] * 3
        assert Commitment.objects.get().delivered == 10


def test_one_gift_is_told_for_two_promises_and_keeps_one(live_db):
    with all_provinces("test"):
        gift, cash = receive(1_000_000), {"measure": "cash", "unit": ""}
        rows = [promised(1_000_000, **cash) for _ in range(3)]
        facts = {"form": "money", "donation": gift}
        errors = run_together(*[lambda row=row: came(row, **facts) for row in rows])
        assert [error.code for error in errors] == ["gift_keeps_another_promise"] * 2
        assert PromiseDelivery.objects.count() == 1


def test_racing_promises_and_shares_stay_within_the_item(live_db):
    with all_provinces("test"):
        line = signed(firm(""), item(target=100), province="").items.get()
        errors = run_together(*[lambda: promised(40, item=line, actor=person()) for _ in range(4)])
        assert [error.code for error in errors] == ["promised_more_than_item"] * 2
        who = person()
        places = (TEHRAN, KHUZESTAN, ILAM)
        work = [lambda place=place: split_item(line.pk, {place: 80}, actor=who) for place in places]
        errors = run_together(*work)
        assert [error.code for error in errors] == ["share_too_large"] * 2
        assert sum(ItemShare.objects.values_list("quantity", flat=True)) == 80

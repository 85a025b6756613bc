"""Kits that count on promises: on open ones, on no more than was promised, and here once they came."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aid.enums import KitSource
from aid.models import Kit, KitFunding, Warehouse
from aid.services.kits import (
    Payer,
    begin_batch,
    fund_item,
    mark_arrived,
    promise_arrived,
    withdraw_funding,
)
from aid.stock_selectors import promises_for_kits
from core.jalali import tehran_today
from core.outbox import drain
from partnerships.models import Commitment
from partnerships.services.promises import PromiseFacts, change_promise, follow_promise
from provinces.enums import Role
from tests.aid.test_intake import holds, refusal
from tests.factories.goods import warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from tests.factories.promises import kept, promised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def test_a_promise_that_was_kept_is_here_in_every_batch_it_pays_for():
    batch = begin_batch(Kit.objects.get(code="livelihood"), warehouse(), 1, actor=person())
    line = batch.lines.get(item="oil")
    made = promised(3, what="روغن", unit="لیتر", purpose="livelihood")
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    said = {"act": "fund", "line": line.pk, "quantity": "3", "source": "promise", "promise": made.pk}
    assert browser.post(reverse("kit-batch", args=[batch.pk]), said).status_code == 303
    funding = line.fundings.get()
    assert (funding.commitment_id, funding.note, funding.arrived_at) == (made.pk, made.whose, None)
    kept(made, 3)
    drain()
    funding.refresh_from_db()
    assert funding.arrived_at is not None
    assert promise_arrived(made.pk, actor=None, job="test") == 0


def oil_of(count: int, place: Warehouse | None = None):
    batch = begin_batch(Kit.objects.get(code="livelihood"), place or warehouse(), count, actor=person())
    return batch.lines.get(item="oil")


def by_promise(line, made, quantity: int):
    return fund_item(
        line.pk, Decimal(quantity), Payer(KitSource.PROMISE, commitment_id=made.pk), actor=person()
    )


OIL = {"what": "روغن", "unit": "لیتر", "purpose": "livelihood"}


def test_kits_count_on_no_more_than_was_promised():
    made, first, second = promised(5, **OIL), oil_of(2), oil_of(2)
    by_promise(first, made, 4)
    assert refusal(lambda: by_promise(second, made, 2)) == "promise_is_less"
    own = by_promise(second, made, 1)
    assert refusal(lambda: by_promise(second, made, 1)) == "unknown_promise", "nothing of it is free"
    less = PromiseFacts(due_on=tehran_today(), quantity=4, measure="goods", partner=made.partner,
                        province=made.province, **OIL)  # fmt: skip
    assert refusal(lambda: change_promise(made.pk, less, actor=person())) == "kits_count_on_promise"
    withdraw_funding(own.pk, actor=person(), reason="از بودجه")
    change_promise(made.pk, less, actor=person())
    holds()


def test_what_came_of_a_promise_without_the_kits_is_not_counted_on():
    made, line = promised(5, **OIL), oil_of(2)
    funding = by_promise(line, made, 2)
    kept(made, 3)
    assert refusal(lambda: by_promise(line, made, 1)) == "unknown_promise"
    mark_arrived(funding.pk, actor=person())  # two of the three were these
    assert [free.quantity for free in promises_for_kits(TEHRAN)] == [2]


def test_a_promise_that_was_given_up_is_said_where_kits_count_on_it():
    made, line = promised(5, **OIL), oil_of(2)
    funding = by_promise(line, made, 2)
    browser, address = browser_of(person(Role.PROVINCIAL_EXPERT)), reverse("kit-batch", args=[line.batch_id])
    assert "این وعده انجام نشد" not in browser.get(address).content.decode()
    follow_promise(made.pk, note="شرکت بسته شد", state="dropped", actor=person())
    page = browser.get(address).content.decode()
    assert "این وعده انجام نشد" in page
    assert reverse("promise", args=[made.pk]) in page
    assert refusal(lambda: by_promise(line, made, 1)) == "unknown_promise"
    withdraw_funding(funding.pk, actor=person(), reason="وعده انجام نشد")
    assert "این وعده انجام نشد؛" not in browser.get(address).content.decode()


def test_the_database_caps_a_promise_for_kits():
    made, line = promised(5, **OIL), oil_of(9)
    facts = {"line": line, "source": "promise", "item": line.item, "amount_rial": 1, "note": "a"}
    create = KitFunding.objects.create
    row = create(quantity=5, commitment_id=made.pk, **facts)
    elsewhere, money = (
        promised(5, province=KHUZESTAN, **OIL),
        promised(5_000, measure="cash", unit="", what="پول"),
    )
    for commitment, quantity in ((made.pk, 1), (elsewhere.pk, 1), (money.pk, 1), (10**9, 1)):
        with pytest.raises(IntegrityError, match="promise"), transaction.atomic():
            create(quantity=quantity, commitment_id=commitment, **facts)
    for change in (
        {"quantity": 6},
        {"commitment_id": elsewhere.pk},
        {"amount_rial": 2},
        {"source": "public"},
    ):
        with pytest.raises(IntegrityError, match="as it was planned"), transaction.atomic():
            KitFunding.objects.filter(pk=row.pk).update(**change)
    for change in ({"quantity": 4}, {"unit": "حلب"}, {"province": KHUZESTAN}):
        with pytest.raises(IntegrityError, match="kits count on"), transaction.atomic():
            Commitment.objects.filter(pk=made.pk).update(**change)

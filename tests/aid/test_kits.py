"""Kits paid for item by item from gifts, goods, promises and public budget; packed, and handed over."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import Sum

from aid.enums import KitSource
from aid.models import Allocation, Delivery, Kit, KitBatch, KitFunding, StockItem
from aid.services.kit_packing import assemble
from aid.services.kits import (
    Payer,
    begin_batch,
    fund_item,
    mark_arrived,
    withdraw_funding,
)
from aid.services.stock_books import GIVEN
from aid.stock_selectors import goods_progress, shares_of
from campaigns.models import Channel, Fund
from core.errors import DomainError
from core.invariants import run_checks
from dashboards import figures
from dashboards.models import Flow
from dashboards.rollups import fold_all
from ledger.balances import balances
from provinces.models import Province
from provinces.scoping import Scope, open_scope
from tests.aid.test_intake import holds, refusal
from tests.factories.goods import handed, office, ready_batch, set_aside, stocked, warehouse
from tests.factories.people import KHUZESTAN, TEHRAN, person
from tests.factories.promises import promised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
BUDGET, PARTNER = Payer(KitSource.PUBLIC, note="ردیف نمونه"), Payer(KitSource.PROMISE, note="شریک نمونه")

# Invented for this test: how many of the 3,459 sets each of eight provinces has, and how many of the refrigerators of
# each come as donated goods. Only the sum is a fact.
SETS = {"00": 311, "03": 402, "06": 587, "07": 498, "11": 289, "13": 377, "16": 462, "23": 533}
DONATED = {"00": 11, "03": 2, "06": 87, "07": 98, "11": 0, "13": 77, "16": 62, "23": 33}


def batch_of(code: str = "livelihood", count: int = 2, place=None) -> KitBatch:
    return begin_batch(Kit.objects.get(code=code), place or warehouse(), count, actor=person())


def cash(fund: str) -> Payer:
    return Payer(KitSource.CASH, Fund.objects.get(code=fund))


def pay(line, quantity, payer, **more) -> KitFunding:
    return fund_item(line.pk, Decimal(quantity), payer, actor=person(), **more)


def test_an_item_is_paid_for_once():
    line = batch_of().lines.get(item="rice")
    pay(line, 12, cash("livelihood"))
    assert refusal(lambda: pay(line, 9, BUDGET)) == "paid_for_already"
    pay(line, 8, BUDGET)
    with pytest.raises(IntegrityError), transaction.atomic():
        KitFunding.objects.create(line=line, source="stock", item=line.item, quantity=1, amount_rial=1)
    KitFunding.objects.filter(source="public").get()


def test_a_fund_pays_for_its_own_purpose_only():
    batch = batch_of("dowry")
    line = batch.lines.get(item="refrigerator")
    with pytest.raises(DomainError) as error:
        pay(line, 1, cash("livelihood"))
    fund = Fund.objects.get(code="livelihood")
    assert (error.value.code, error.value.data["rule"]) == ("fund_not_for_kit", fund.rule_text)
    with pytest.raises((IntegrityError, InternalError), match="may not pay"), transaction.atomic():
        KitFunding.objects.create(
            line=line, source="cash", item=line.item, quantity=1, amount_rial=1, fund=fund
        )
    pay(line, 1, cash("dowry"))
    pay(line, 1, cash("general"))


def test_only_what_may_stand_in_stands_in():
    line = batch_of().lines.get(item="rice")
    flour, tea = StockItem.objects.get(code="flour"), StockItem.objects.get(code="tea")
    assert refusal(lambda: pay(line, 1, BUDGET, item=tea)) == "not_a_substitute"
    assert pay(line, 1, BUDGET, item=flour).item == flour


def test_a_promise_and_public_budget_say_whose():
    line = batch_of().lines.get(item="rice")
    assert refusal(lambda: pay(line, 1, Payer(KitSource.PUBLIC))) == "whose_required"
    assert refusal(lambda: pay(line, 1, Payer(KitSource.CASH))) == "kit_fund_required"
    kept = promised(100, what="برنج", unit="کیلوگرم", purpose="livelihood")
    funding = pay(line, 1, Payer(KitSource.PROMISE, commitment_id=kept.pk))
    assert (funding.commitment_id, funding.note) == (kept.pk, kept.whose)
    elsewhere = promised(100, province=KHUZESTAN)
    for pk in (elsewhere.pk, 0):
        assert (
            refusal(lambda n=pk: pay(line, 1, Payer(KitSource.PROMISE, commitment_id=n))) == "unknown_promise"
        )


def test_a_batch_is_packed_when_all_is_paid_for_and_here():
    place = warehouse()
    batch = batch_of(place=place)
    assert refusal(lambda: assemble(batch.pk, actor=person())) == "not_paid_for"
    bought = [pay(line, line.quantity, BUDGET) for line in batch.lines.exclude(item="rice")]
    pay(batch.lines.get(item="rice"), 20, Payer(KitSource.STOCK))
    assert refusal(lambda: assemble(batch.pk, actor=person())) == "not_arrived"
    for funding in bought:
        mark_arrived(funding.pk, actor=person())
    stocked(place, quantity=19)
    assert refusal(lambda: assemble(batch.pk, actor=person())) == "not_enough_stock"
    stocked(place, quantity=5, value_rial=5_000)
    assemble(batch.pk, actor=person())
    assert refusal(lambda: pay(batch.lines.get(item="rice"), 1, BUDGET)) == "batch_closed"
    holds()


def test_a_withdrawn_payment_leaves_its_row_and_its_place():
    line = batch_of().lines.get(item="rice")
    funding = pay(line, 20, BUDGET)
    withdraw_funding(funding.pk, actor=person(), reason="ردیف بودجه برداشته شد")
    pay(line, 20, PARTNER)
    assert KitFunding.objects.filter(line=line).count() == 2


def test_kits_that_leave_take_their_goods_along():
    place = warehouse()
    rice = stocked(place, quantity=30, value_rial=1_000)
    batch = ready_batch(place, 3)
    assert balances([place.account, place.kit_account]) == {place.account: 0, place.kit_account: 1_000}
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        assert refusal(lambda: handed(batch)) == "not_found"
    first = handed(batch)
    assert first.value_rial == 333
    assert [(p.came, p.given) for p in goods_progress(rice.donation.in_kind)] == [(30, 10)]
    assert refusal(lambda: handed(batch, 3)) == "kits_not_ready"
    handed(batch, 2)
    batch.refresh_from_db()
    assert (batch.left, batch.value_rial) == (0, 0)
    assert balances([place.kit_account, GIVEN]) == {place.kit_account: 0, GIVEN: 1_000}
    fold_all()
    spent = {row.key: row.total_rial for row in figures.totals(by="kind", flow=Flow.OUT).rows}
    assert spent == {"in_kind": 1_000}
    holds()


def test_check_books_names_a_line_that_is_paid_for_twice():
    line = batch_of().lines.get(item="rice")
    pay(line, 20, BUDGET)
    with connection.cursor() as cursor:  # as a superuser who turns the guards off
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(line).objects.filter(pk=line.pk).update(quantity=10)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [r.name for r in run_checks() if not r.holds] == [
        "aid: no item of a kit is paid for twice, and every packed one is paid for"
    ]


def test_3459_dowry_sets_in_eight_provinces():
    """Refrigerators partly from donated goods and the rest, with the carpets, from gifts for dowries that allocations
    set aside; stoves promised by a partner; the other half of the list from public budget. Packed and delivered to
    3,459 couples: every share exact to the rial, and public budget never income."""
    assert sum(SETS.values()) == 3_459
    assert set(SETS) <= set(Province.objects.values_list("code", flat=True))
    Channel.objects.update(most_rial=None)  # a province's gifts for an item come as one here
    batches = [_dowry_batch(province, count) for province, count in SETS.items()]
    shares = shares_of(batches)
    kit = {line.item_id: line for line in Kit.objects.get(code="dowry").lines.all()}
    price = {code: int(line.price_rial * line.quantity) for code, line in kit.items()}
    worth = 150_000_000  # what each donated refrigerator was appraised at, in rial
    donated = sum(DONATED.values())
    expected = {
        "cash": (3_459 - donated) * price["refrigerator"] + 3_459 * price["carpet"],
        "stock": donated * worth,
        "promise": 3_459 * price["stove"],
        "public": 3_459 * sum(p for c, p in price.items() if c not in ("refrigerator", "carpet", "stove")),
    }
    assert shares.by_source == expected
    assert shares.missing == 0
    assert shares.donors_share == Fraction(expected["cash"] + expected["stock"], sum(expected.values()))
    fold_all()
    income = {row.key: row.total_rial for row in figures.totals(by="kind").rows if row.total_rial}
    assert income == {
        "in_kind": donated * worth,
        "cash": expected["cash"],
    }  # neither promise nor public budget
    left = [handed(batch, batch.count) for batch in batches]
    assert sum(row.value_rial for row in left) == donated * worth
    assert sum(row.quantity for row in left) == 3_459
    paid = Delivery.objects.filter(goods__in=left)
    assert paid.aggregate(Sum("amount_rial"))["amount_rial__sum"] == expected["cash"]
    assert set(Allocation.objects.values_list("state", flat=True)) == {"delivered"}
    holds()


def _dowry_batch(province: str, count: int) -> KitBatch:
    place = warehouse(office(province))
    if DONATED[province]:
        worth = 150_000_000 * DONATED[province]
        lot = stocked(place, "refrigerator", DONATED[province], worth, fund="dowry")
        assert lot.donation.province_id == province
    batch = begin_batch(Kit.objects.get(code="dowry"), place, count, actor=person())
    for line in batch.lines.select_related("item"):
        if line.item_id == "refrigerator":
            if DONATED[province]:
                pay(line, DONATED[province], Payer(KitSource.STOCK))
            fundings = [pay(line, count - DONATED[province], cash("dowry"))]
        elif line.item_id == "carpet":
            fundings = [pay(line, line.quantity, cash("dowry"))]
        else:
            fundings = [pay(line, line.quantity, PARTNER if line.item_id == "stove" else BUDGET)]
        for funding in fundings:
            if funding.source == KitSource.CASH:
                assert refusal(lambda f=funding: mark_arrived(f.pk, actor=person())) == "not_set_aside"
                set_aside(funding)
            mark_arrived(funding.pk, actor=person())
    assemble(batch.pk, actor=person())
    batch.refresh_from_db()
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert KitBatch.objects.filter(pk=batch.pk).exists() is (province == TEHRAN)
    return batch

"""Goods: offered, taken in, lying in a warehouse; with fitting facts unless a test says otherwise."""

from __future__ import annotations

import itertools
import random
import uuid
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aid.enums import KitSource
from aid.models import (
    Allocation,
    GoodsDelivery,
    Kit,
    KitBatch,
    KitFunding,
    Lot,
    StockItem,
    StockLoss,
    Warehouse,
)
from aid.services.allocations import Plan, PoolKey, allocate, decide, pool_of
from aid.services.counts import count_stock
from aid.services.evidence import Proof
from aid.services.goods_deliveries import deliver_goods, deliver_kits
from aid.services.intake import confirm_value, take_in
from aid.services.kit_packing import assemble
from aid.services.kits import Payer, begin_batch, fund_item, mark_arrived
from aid.services.losses import decide_loss, report_loss
from aid.services.stock import create_warehouse
from aid.services.transfers import send_goods
from campaigns.models import Fund, Need
from core.jalali import tehran_today
from core.models import User
from donations.models import GiftInKind
from donations.services.in_kind import (
    AppraisedGoods,
    Goods,
    Offer,
    agree_to_offer,
    offer_goods,
    open_walk_in,
)
from provinces.enums import Role
from provinces.models import Office
from tests.factories.gifts import receive
from tests.factories.people import TEHRAN, office_for, person

_numbers = itertools.count(1)


def office(province: str = TEHRAN, county: str = "") -> Office:
    return office_for(Role.COUNTY_OFFICER if county else Role.PROVINCIAL_EXPERT, province, county)


def warehouse(where: Office | None = None, name: str = "") -> Warehouse:
    return create_warehouse(where or office(), name or f"warehouse {next(_numbers)}", actor=person())


def offer(where: Office | None = None, *, fund: str = "general", **facts) -> GiftInKind:
    """Rice and blankets offered by somebody."""
    goods = facts.pop("goods", (Goods("برنج ایرانی", Decimal(20), "kilogram"), Goods("پتو", Decimal(4))))
    facts.setdefault("mobile", f"+98912{random.randint(0, 9_999_999):07d}")
    wish = Offer(where or office(), Fund.objects.get(code=fund), goods, name="نیکوکار", **facts)
    return offer_goods(wish, key=uuid.uuid4(), address=f"192.0.2.{next(_numbers) % 250}")


def walk_in(where: Office | None = None, *, fund: str = "general", **facts) -> GiftInKind:
    wish = Offer(where or office(), Fund.objects.get(code=fund), **facts)
    return open_walk_in(wish, key=uuid.uuid4(), actor=person())


def goods(
    item: str = "rice", quantity: int | str = 10, value_rial: int = 9_000_000, **facts
) -> AppraisedGoods:
    row = StockItem.objects.get(code=item)
    if row.has_expiry:
        facts.setdefault("expires_on", in_days(200))
    facts.setdefault("condition", "new")
    return AppraisedGoods(
        row.code, row.name, Decimal(quantity), row.unit, value_rial=value_rial, appraised_by="ارزیاب", **facts
    )


def stocked(
    place: Warehouse,
    item: str = "rice",
    quantity: int | str = 10,
    value_rial: int = 9_000_000,
    *,
    fund: str = "general",
    need: Need | None = None,
    actor: User | None = None,
    **facts,
) -> Lot:
    """A lot of goods that somebody brought and that went through the intake, by two people where that is the rule."""
    gift = walk_in(place.office, fund=fund, need=need)
    lines = [goods(item, quantity, value_rial, **facts)]
    intake = take_in(gift.pk, lines, warehouse=place, actor=actor or person())
    if intake.needs_second:
        confirm_value(intake.pk, actor=person(), approve=True)
    return Lot.objects.get(donation__in_kind=gift)


def lost(lot: Lot, quantity: int | str, cause: str = "damaged", note: str = "خیس شد") -> StockLoss:
    """Some of a lot is lost, by the word of two."""
    said = report_loss(lot.pk, Decimal(quantity), cause=cause, note=note, actor=person())
    return decide_loss(said.pk, actor=person(), approve=True)


def in_days(days: int) -> date:
    return tehran_today() + timedelta(days=days)


def picture() -> SimpleUploadedFile:
    """A small photograph with a place written into it, as telephones do."""
    file, image = BytesIO(), Image.new("RGB", (64, 48), (13, 95, 88))
    facts = image.getexif()
    facts[0x010F], facts[0x8825] = "camera", {1: "N", 2: (35.0, 42.0, 0.0)}
    image.save(file, "JPEG", exif=facts)
    return SimpleUploadedFile("photo.jpg", file.getvalue(), "image/jpeg")


def goods_rows(province: str, county: str = "") -> dict[str, Any]:
    """One row of everything about goods, in a place: an offer that was agreed to, goods in a warehouse, goods on their
    way, a loss and a count that wait, kits that are being paid for and kits that left."""
    where = office(province, county)
    gift = offer(where, goods=(Goods("پتو", Decimal(2), photo=picture()),))
    agree_to_offer(gift.pk, actor=person(), words="چشم به راهیم")
    here, there = warehouse(where), warehouse(where)
    lot = stocked(here, quantity=50, photo=picture())
    transfer = send_goods(here, there, {lot.pk: Decimal(5)}, actor=person())
    shot = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")
    given = handed(ready_batch(here, 1), photo=shot, photo_is_faceless=True)
    planned = begin_batch(Kit.objects.get(code="livelihood"), here, 1, actor=person())
    line = planned.lines.get(item="rice")
    fund_item(line.pk, Decimal(1), Payer(KitSource.PUBLIC, note="ردیف بودجهٔ نمونه"), actor=person())
    report_loss(stocked(here).pk, Decimal(1), cause="damaged", note="نمونه", actor=person())
    count = count_stock(here, {}, note="نمونه", actor=person())
    return {
        "donations.giftinkind": gift,
        "donations.offeredgoods": gift.offered.get(),
        "donations.givengoods": lot.donation.in_kind.given.get(),
        "aid.warehouse": here,
        "aid.lot": lot,
        "aid.transfer": transfer,
        "aid.stockcount": count,
        "aid.kitbatch": planned,
        "aid.readykits": ready_batch(here, 1),
        "aid.goodsdelivery": given,
    }


def ready_batch(place: Warehouse, count: int, **more) -> KitBatch:
    """Packed kits of food whose rice came from the warehouse and all else from public budget."""
    batch = begin_batch(Kit.objects.get(code="livelihood"), place, count, actor=person(), **more)
    for line in batch.lines.all():
        payer = Payer(KitSource.PUBLIC, note="ردیف بودجهٔ نمونه")
        if line.item_id == "rice":
            payer = Payer(KitSource.STOCK)
        funding = fund_item(line.pk, line.quantity, payer, actor=person())
        mark_arrived(funding.pk, actor=person())
    return assemble(batch.pk, actor=person())


def goods_evidence(households: int = 1, **more) -> Proof:
    facts = {
        "delivered_on": tehran_today(),
        "first": "social_worker",
        "second": "recipient",
        "references": [f"KIT-1405-{next(_numbers):06d}" for _ in range(households)],
    }
    return Proof(households=households, **facts | more)


def handed(batch: KitBatch, count: int = 1, **more) -> GoodsDelivery:
    """Ready kits that reached as many families."""
    actor = more.pop("actor", None) or person()
    return deliver_kits(batch.pk, count, goods_evidence(**{"households": count} | more), actor=actor)


def given(place: Warehouse, item: str = "rice", quantity: int | str = 5, **more) -> GoodsDelivery:
    """Goods of a warehouse that reached families as they were."""
    named = ("purpose", "need_item", "need", "actor")
    facts = {"purpose": "livelihood", "actor": person()} | {k: more.pop(k) for k in named if k in more}
    row = StockItem.objects.get(code=item)
    return deliver_goods(place, row, Decimal(quantity), goods_evidence(**{"households": 5} | more), **facts)


def set_aside(funding: KitFunding, amount_rial: int | None = None, **plan) -> Allocation:
    """Gifts of the province, given for this, set aside for an item of kits by two people."""
    rial = funding.amount_rial if amount_rial is None else amount_rial
    office = funding.line.batch.warehouse.office
    gift = plan.pop("gift", None) or receive(rial, fund=funding.fund_id, province=office.province_id)
    pool = pool_of(PoolKey(gift.fund_id, gift.province_id, gift.county_id))
    wish = Plan(rial, funding.line.batch.kit.purpose, funding=funding, **plan)
    return decide(allocate(pool, wish, actor=person()).pk, actor=person(), approve=True)

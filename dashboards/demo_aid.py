"""Where the demo's gifts went: what was allocated and delivered of them, goods that were offered, stock and kits.

Made by the services with given times, all marked as demo, so that every trail of a demo gift says what the books say.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from aid.enums import DeliveryForm, KitSource, LossCause, Purpose
from aid.models import Allocation, Kit, KitBatch, KitFunding, StockItem, Warehouse
from aid.services import goods_deliveries, kit_packing, kits
from aid.services.allocations import Plan, PoolKey, allocate, decide, pool_of
from aid.services.counts import count_stock
from aid.services.deliveries import Evidence, deliver
from aid.services.evidence import Proof
from aid.services.intake import confirm_value, take_in
from aid.services.kits import Payer
from aid.services.losses import decide_loss, report_loss
from aid.services.stock import create_warehouse
from aid.services.transfers import send_goods
from campaigns.models import Fund, Need
from core.errors import DomainError
from core.jalali import TEHRAN, tehran_day, tehran_today
from core.models import User
from core.money import toman_to_rial
from dashboards.demo import give_at
from dashboards.rollups import fold_all
from donations.models import Donation, GiftInKind
from donations.services.donations import Wish
from donations.services.in_kind import (
    AppraisedGoods,
    Goods,
    Offer,
    agree_to_offer,
    decline_offer,
    offer_goods,
    open_walk_in,
)
from provinces.enums import OfficeLevel
from provinces.models import County, Office, Province

POOLS, YOUNG = (
    150,
    timedelta(days=21),
)  # how many of the largest pools are spent of; gifts as young as this wait
_HURRIED = (
    "fitriyeh_general",
    "fitriyeh_sadat",
    "kaffarah_deliberate",
    "kaffarah_non_deliberate",
)  # all of these
_HOUSEHOLD_RIAL, _MOST_HOUSEHOLDS = 25_000_000, 48
_PUBLIC = Payer(KitSource.PUBLIC, note="ردیف بودجهٔ نمونه (نمایشی)")
_PARTNER = Payer(KitSource.PROMISE, note="شریک نمونه (نمایشی)")
_MOBILE = "+989990000{:03d}"  # belongs to nobody

# purpose: (programme, what reached people, its unit, as what)
_PROGRAMMES = {
    Purpose.LIVELIHOOD: ("بسته‌های معیشتی", "بستهٔ معیشتی", "بسته", DeliveryForm.GOODS),
    Purpose.DOWRY: ("کمک‌هزینهٔ جهیزیه", "کمک‌هزینهٔ جهیزیه", "فقره", DeliveryForm.CASH),
    Purpose.HOUSING: ("ودیعهٔ مسکن", "کمک ودیعهٔ مسکن", "فقره", DeliveryForm.CASH),
    Purpose.TREATMENT: ("هزینهٔ درمان", "نوبت درمان", "نوبت", DeliveryForm.SERVICE),
    Purpose.REHAB_AID: ("وسایل توانبخشی", "وسیلهٔ توانبخشی", "عدد", DeliveryForm.GOODS),
    Purpose.EDUCATION: ("نوشت‌افزار و شهریه", "بستهٔ مدرسه", "بسته", DeliveryForm.GOODS),
    Purpose.ORPHAN: ("سرپرستی کودکان", "کمک ماهانهٔ کودک", "فقره", DeliveryForm.CASH),
    Purpose.FOOD: ("خوراک کفاره", "وعدهٔ غذای گرم", "وعده", DeliveryForm.FOOD),
    Purpose.FITRIYEH: ("توزیع فطریهٔ عام", "بستهٔ خوراک", "بسته", DeliveryForm.FOOD),
    Purpose.FITRIYEH_SADAT: ("توزیع فطریهٔ سادات", "بستهٔ خوراک", "بسته", DeliveryForm.FOOD),
}
_OLD = """
    SELECT fund_id, province_id, county_id, edition_id, need_id, sum(amount_rial)::bigint AS rial, max(received_at)
      FROM donations_donation
     WHERE is_demo AND kind = 'cash' AND status = 'received' AND NOT is_allocated AND received_at < %s
     GROUP BY 1, 2, 3, 4, 5 ORDER BY rial DESC, 1, 2, 3, 4, 5
"""


def seed_aid(people: dict[str, User], report: Callable[[str], None]) -> None:
    """Does nothing when it is there. Ends with the figures folded."""
    if Allocation.objects.filter(is_demo=True).exists():
        return
    _Aid(people).make(report)
    fold_all()


@dataclass(frozen=True)
class _Pool:
    key: PoolKey
    rial: int
    newest: datetime


class _Aid:
    """Spends, gives and keeps by two of the demo's people."""

    def __init__(self, people: dict[str, User]) -> None:
        self._maker, self._second = people["tehran.expert"], people["hq.manager"]
        self._dice = random.Random(1405)  # noqa: S311 - not for secrets
        self._cases = 0

    def make(self, report: Callable[[str], None]) -> None:
        give_at(Wish(toman_to_rial(500_000), "kaffarah_deliberate", province="23"), self._days_ago(70))
        give_at(Wish(toman_to_rial(300_000), "kaffarah_non_deliberate", province="06"), self._days_ago(50))
        spent = sum(self._spend(pool) for pool in self._old_pools())
        report(f"demo gifts of {spent} pools allocated and delivered")
        self._spend_on_needs()
        self._goods()
        report("demo goods, stock and kits are there")

    # --- money --------------------------------------------------------------------------------------------
    def _old_pools(self) -> list[_Pool]:
        with connection.cursor() as cursor:
            cursor.execute(_OLD, [timezone.now() - YOUNG])
            found = [_Pool(PoolKey(*row[:5]), row[5], row[6]) for row in cursor.fetchall() if row[4] is None]
        hurried = [pool for pool in found if pool.key.fund in _HURRIED]
        return hurried + [pool for pool in found if pool.key.fund not in _HURRIED][:POOLS]

    def _spend(self, pool: _Pool) -> bool:
        """Allocate what is old in a pool and deliver all, half or nothing of it; False where no rule lets it go."""
        funded = Fund.objects.get(pk=pool.key.fund)
        purposes = [p for p in funded.spendable_on if p in _PROGRAMMES]
        self._dice.shuffle(purposes)
        at = pool.newest + timedelta(days=3)
        for purpose in purposes:
            plan = Plan(
                pool.rial,
                purpose,
                programme=_PROGRAMMES[Purpose(purpose)][0],
                province=Province.objects.filter(pk=pool.key.province).first(),
                county=County.objects.filter(pk=pool.key.county).first(),
                is_demo=True,
            )
            try:
                with transaction.atomic():
                    self._deliver_some(self._set_aside(pool.key, plan, at))
            except DomainError as refusal:  # the campaign's intention is another one
                if refusal.code != "fund_firewall":
                    raise
                continue
            return True
        return False

    def _spend_on_needs(self) -> None:
        """Half of what two open needs were given is set aside for them, and reached people in one."""
        gifts = Donation.objects.filter(is_demo=True, kind="cash", need__isnull=False, status="received")
        for place, need in enumerate(Need.objects.filter(pk__in=gifts.values("need")).order_by("pk")[:2]):
            given = gifts.filter(need=need)
            rial = sum(given.values_list("amount_rial", flat=True)) // 20 * 10
            first = given.first()
            key = PoolKey(first.fund_id, first.province_id, first.county_id, first.edition_id, need.pk)
            found = self._set_aside(key, Plan(rial, need.kind, need=need, is_demo=True), timezone.now())
            if place == 0:
                self._deliver(found, rial // 20 * 10, tehran_today())

    def _set_aside(self, key: PoolKey, plan: Plan, at: datetime) -> Allocation:
        made = allocate(pool_of(key), plan, actor=self._maker, at=at)
        later = min(at + timedelta(days=1), timezone.now())
        return decide(made.pk, actor=self._second, approve=True, at=later)

    def _deliver_some(self, found: Allocation) -> None:
        draw = self._dice.random()
        rial = found.held_rial if draw < 0.7 else found.held_rial // 20 * 10 if draw < 0.85 else 0
        day = min(tehran_day(found.decided_at) + timedelta(days=6), tehran_today())
        if rial:
            self._deliver(found, rial, day)

    def _deliver(self, found: Allocation, rial: int, day: date) -> None:
        _programme, what, unit, form = _PROGRAMMES[Purpose(found.purpose)]
        households = min(max(rial // _HOUSEHOLD_RIAL, 1), _MOST_HOUSEHOLDS)
        evidence = Evidence(
            amount_rial=rial,
            form=form,
            what=what,
            quantity=households,
            unit=unit,
            households=households,
            delivered_on=day,
            first="social_worker",
            second="recipient",
            references=self._references(households),
            is_demo=True,
        )
        deliver(found.pk, evidence, actor=self._maker, at=datetime.combine(day, time(11), tzinfo=TEHRAN))

    def _references(self, count: int) -> list[str]:
        self._cases += count
        return [f"DEMO-{number:06d}" for number in range(self._cases - count + 1, self._cases + 1)]

    # --- goods --------------------------------------------------------------------------------------------
    def _goods(self) -> None:
        tehran, ahvaz = self._warehouse("23"), self._warehouse("06")
        rice = self._brought(tehran, "livelihood", [("rice", 400, 520_000_000)], days=40)
        self._brought(
            tehran, "general", [("blanket", 60, 240_000_000), ("clothes", 90, 270_000_000)], days=33
        )
        self._brought(tehran, "livelihood", [("tea", 12, 60_000_000)], days=15, expires_in=20)
        couples = Need.objects.filter(is_demo=True, kind=Purpose.DOWRY, province="06").first()
        self._brought(ahvaz, "dowry", [("refrigerator", 2, 600_000_000)], days=25, need=couples)
        self._brought(ahvaz, "general", [("wheelchair", 3, 360_000_000)], days=5)
        self._offers()
        self._give(tehran, "blanket", 12, Purpose.LIVELIHOOD, households=12)
        wet = tehran.lots.get(item="clothes")
        said = {"cause": LossCause.DAMAGED, "note": "نم‌زدگی (نمونهٔ نمایشی)", "actor": self._maker}
        decide_loss(report_loss(wet.pk, Decimal(4), **said).pk, actor=self._second, approve=True)
        send_goods(tehran, ahvaz, {tehran.lots.get(item="blanket").pk: Decimal(8)}, actor=self._maker)
        wheels = {lot.pk: lot.quantity for lot in ahvaz.lots.all()}
        count_stock(ahvaz, wheels, actor=self._maker)
        self._livelihood_kits(tehran, rice)
        self._dowries(ahvaz, couples)

    def _warehouse(self, province: str) -> Warehouse:
        office = Office.objects.get(level=OfficeLevel.PROVINCE, province=province)
        return create_warehouse(office, "انبار نمونه (نمایشی)", actor=self._maker)

    def _brought(
        self,
        place: Warehouse,
        fund: str,
        lines: list[tuple[str, int, int]],
        *,
        days: int,
        expires_in: int = 240,
        need: Need | None = None,
    ) -> GiftInKind:
        """Goods that somebody brought `days` ago, perhaps for a need, appraised by two where that is the rule."""
        at = self._days_ago(days)
        offer = Offer(place.office, Fund.objects.get(code=fund), (), need=need, is_demo=True)
        gift = open_walk_in(offer, key=uuid.uuid4(), actor=self._maker, at=at)
        taken = take_in(
            gift.pk,
            [self._appraised(*line, expires_in=expires_in) for line in lines],
            warehouse=place,
            actor=self._maker,
            at=at,
        )
        if taken.needs_second:
            confirm_value(taken.pk, actor=self._second, approve=True)
        return gift

    def _appraised(self, code: str, quantity: int, value_rial: int, *, expires_in: int) -> AppraisedGoods:
        item = StockItem.objects.get(code=code)
        expiry = tehran_today() + timedelta(days=expires_in) if item.has_expiry else None
        return AppraisedGoods(
            code,
            item.name,
            Decimal(quantity),
            item.unit,
            "new",
            value_rial,
            "کارشناس نمونه",
            expires_on=expiry,
        )

    def _offers(self) -> None:
        """Three offers of goods in the states that wait for somebody, and one that was turned down."""
        office = Office.objects.get(level=OfficeLevel.PROVINCE, province="23")
        general = Fund.objects.get(code="general")
        wanted = (("فرش دوازده متری", 1), ("کیف مدرسه", 25), ("مبل راحتی", 1), ("ماشین لباسشویی", 2))
        made = []
        for number, (what, quantity) in enumerate(wanted, start=1):
            goods = (Goods(what, Decimal(quantity)),)
            offer = Offer(
                office, general, goods, name="نیکوکار نمونه", mobile=_MOBILE.format(number), is_demo=True
            )
            address = f"demo-{number}"
            made.append(offer_goods(offer, key=uuid.uuid4(), address=address, at=self._days_ago(number)))
        tomorrow = tehran_today() + timedelta(days=1)
        agree_to_offer(made[1].pk, actor=self._maker, words="چشم به راهیم", on=tomorrow, part="morning")
        decline_offer(made[2].pk, actor=self._maker, words="جای نگهداری آن را نداریم؛ سپاس از مهرتان")

    def _give(self, place: Warehouse, item: str, quantity: int, purpose: str, *, households: int) -> None:
        goods_deliveries.deliver_goods(
            place,
            StockItem.objects.get(code=item),
            Decimal(quantity),
            self._proof(households),
            purpose=purpose,
            actor=self._maker,
        )

    def _proof(self, households: int) -> Proof:
        return Proof(
            households=households,
            delivered_on=tehran_today(),
            first="social_worker",
            second="recipient",
            references=self._references(households),
            is_demo=True,
        )

    # --- kits ---------------------------------------------------------------------------------------------
    def _livelihood_kits(self, place: Warehouse, rice: GiftInKind) -> None:
        """Thirty parcels: rice of the warehouse, oil of gifts, all else of public budget; twenty-two have left."""
        batch = self._begin("livelihood", place, 30, "بسته‌های معیشتی زمستان (نمایشی)")
        for line in batch.lines.order_by("pk"):
            if line.item_id == "rice":
                kits.fund_item(line.pk, line.quantity, Payer(KitSource.STOCK), actor=self._maker)
                continue
            payer = _PUBLIC
            if line.item_id == "oil":
                payer = Payer(KitSource.CASH, Fund.objects.get(code="livelihood"))
            funding = kits.fund_item(line.pk, line.quantity, payer, actor=self._maker)
            if funding.source == KitSource.CASH:
                self._pay(funding)
            kits.mark_arrived(funding.pk, actor=self._maker)
        kit_packing.assemble(batch.pk, actor=self._maker)
        goods_deliveries.deliver_kits(batch.pk, 22, self._proof(22), actor=self._maker)

    def _pay(self, funding: KitFunding) -> None:
        """Two gifts of the province for livelihood, whose trail leads into the parcels."""
        half = funding.amount_rial // 2
        for rial in (half, funding.amount_rial - half):
            give_at(Wish(rial, "livelihood", province="23"), self._days_ago(9))
        plan = Plan(funding.amount_rial, funding.line.batch.kit.purpose, funding=funding, is_demo=True)
        self._set_aside(PoolKey("livelihood", "23"), plan, self._days_ago(8))

    def _dowries(self, place: Warehouse, need: Need | None) -> None:
        """Five sets for a need, of which not everything is paid for yet."""
        batch = self._begin("dowry", place, 5, "جهیزیهٔ پنج زوج (نمایشی)", need)
        lines = {line.item_id: line for line in batch.lines.all()}
        kits.fund_item(lines["refrigerator"].pk, Decimal(2), Payer(KitSource.STOCK), actor=self._maker)
        kits.fund_item(lines["stove"].pk, Decimal(5), _PARTNER, actor=self._maker)
        kits.fund_item(lines["washing_machine"].pk, Decimal(5), _PUBLIC, actor=self._maker)
        dowry = Payer(KitSource.CASH, Fund.objects.get(code="dowry"))
        kits.fund_item(lines["carpet"].pk, Decimal(4), dowry, actor=self._maker)

    def _begin(
        self, kit: str, place: Warehouse, count: int, title: str, need: Need | None = None
    ) -> KitBatch:
        row = Kit.objects.get(code=kit)
        return kits.begin_batch(row, place, count, title=title, need=need, actor=self._maker, is_demo=True)

    def _days_ago(self, days: int) -> datetime:
        return timezone.now() - timedelta(days=days)

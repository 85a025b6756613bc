"""Goods and ready kits that reached people, how that is known, and what it led to."""

from django.db import models
from django.db.models import F, Q

from aid.enums import Purpose
from aid.models.evidence import Evidenced, ReceivedCase, evidence_rules
from aid.models.kits import KitBatch
from aid.models.stock import StockItem, Warehouse
from campaigns.models import Need, NeedItem
from core.money import RialField
from donations.enums import GoodsUnit
from provinces.models import County
from provinces.scoping import ScopedManager


class GoodsDelivery(Evidenced):
    """Ready kits, or goods of a warehouse, that left for families, with the evidence. `value_rial` is what the donated
    goods among them are worth; money of gifts that paid for the kits is delivered beside it, by a `Delivery` for each
    allocation. With `need_item` each kit, or so much of the goods, is so much of an item of the need.

    One that was recorded wrongly is undone by somebody else, never edited.
    """

    province_path, county_path = "warehouse__office__province", "warehouse__office__county"

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="goods_deliveries", verbose_name="انبار"
    )
    batch = models.ForeignKey(
        KitBatch, models.PROTECT, null=True, related_name="goods_deliveries", verbose_name="نوبت"
    )
    item = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="+", verbose_name="کالا")
    quantity = models.DecimalField("مقدار", max_digits=14, decimal_places=3)
    unit = models.CharField("واحد", max_length=8, choices=GoodsUnit, default=GoodsUnit.PIECE)
    purpose = models.CharField("مصرف", max_length=16, choices=Purpose)
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, related_name="goods_deliveries", verbose_name="نیاز"
    )
    need_item = models.ForeignKey(
        NeedItem, models.PROTECT, null=True, related_name="+", verbose_name="قلم نیاز"
    )
    value_rial = RialField("ارزش کالای اهدایی (ریال)", default=0)
    county = models.ForeignKey(
        County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان گیرندگان"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تحویل کالا"
        verbose_name_plural = "تحویل‌های کالا"
        constraints = [
            models.CheckConstraint(
                name="goods_are_kits_or_an_item",
                condition=Q(batch__isnull=False, item=None) | Q(batch=None, item__isnull=False),
            ),
            models.CheckConstraint(
                name="goods_delivery_of_something",
                condition=Q(quantity__gt=0, households__gt=0, value_rial__gte=0),
            ),
            models.CheckConstraint(
                name="an_item_of_a_need_has_its_need", condition=Q(need_item=None) | Q(need__isnull=False)
            ),
            *evidence_rules(
                roles="two_roles_sign_for_goods",
                photo="goods_photo_only_without_faces",
                photo_eyes="goods_photo_four_eyes",
                undone="undone_goods_say_why",
            ),
            models.CheckConstraint(name="undone_goods_four_eyes", condition=~Q(undone_by=F("recorded_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def what(self) -> str:
        """The kit or the item, in words that everybody may read."""
        return self.batch.kit.name if self.batch_id else self.item.name

    @property
    def reference(self) -> str:
        """By what stock and kits know it."""
        return f"goods_delivery:{self.pk}"


class GoodsReference(ReceivedCase):
    """A case that received these goods."""

    province_path = "delivery__warehouse__office__province"
    county_path = "delivery__warehouse__office__county"

    delivery = models.ForeignKey(
        GoodsDelivery, models.PROTECT, related_name="references", verbose_name="تحویل کالا"
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "گیرندهٔ کالا"
        verbose_name_plural = "گیرندگان کالا"
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "reference_hash"],
                condition=Q(is_active=True),
                name="one_part_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}"

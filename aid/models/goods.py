"""Goods and ready kits that reached people, how that is known, and what it led to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import Outcome, Purpose, Signatory
from aid.models.kits import KitBatch
from aid.models.stock import StockItem, Warehouse
from campaigns.models import Need, NeedItem
from core.fields import EncryptedTextField
from core.money import RialField
from donations.enums import GoodsUnit
from provinces.models import County
from provinces.scoping import ScopedManager


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class GoodsDelivery(models.Model):
    """Ready kits, or goods of a warehouse, that left for families, with the evidence: the day, the county, how many,
    the roles of two who signed the minutes, and perhaps a photo without faces, which a second person has looked at.
    `value_rial` is what the donated goods among them are worth; money of gifts
    that paid for the kits is delivered beside it, by a `Delivery` for each allocation.

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
    households = models.PositiveIntegerField("شمار خانوار یا نفر")
    county = models.ForeignKey(
        County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان گیرندگان"
    )
    delivered_on = models.DateField("روز تحویل")
    first_signatory = models.CharField("امضای نخست", max_length=16, choices=Signatory)
    second_signatory = models.CharField("امضای دوم", max_length=16, choices=Signatory)
    minutes_number = models.CharField("شمارهٔ صورت‌جلسه", max_length=40, blank=True)
    photo_path = models.CharField("عکس", max_length=120, blank=True)
    photo_digest = models.CharField(max_length=64, blank=True)
    photo_is_faceless = models.BooleanField("بی چهره", default=False)
    photo_reviewed_by = _person("بازبین عکس", null=True)
    photo_reviewed_at = models.DateTimeField("بازبینی عکس", null=True)
    recorded_by = _person("ثبت‌کننده")
    recorded_at = models.DateTimeField("ثبت", db_default=Now())
    undone_by = _person("بازگرداننده", null=True)
    undone_at = models.DateTimeField("بازگرداندن", null=True)
    undo_reason = models.CharField("دلیل بازگرداندن", max_length=300, blank=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

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
            models.CheckConstraint(
                name="two_roles_sign_for_goods", condition=~Q(first_signatory=F("second_signatory"))
            ),
            models.CheckConstraint(
                name="goods_photo_only_without_faces",
                condition=Q(photo_path="") | Q(photo_is_faceless=True) & ~Q(photo_digest=""),
            ),
            models.CheckConstraint(
                name="goods_photo_four_eyes", condition=~Q(photo_reviewed_by=F("recorded_by"))
            ),
            models.CheckConstraint(
                name="undone_goods_say_why",
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
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


class GoodsReference(models.Model):
    """That a case of the office's own system received these goods: its opaque code, encrypted, and a keyed hash by
    which a second delivery to the same case is noticed. Never public."""

    province_path = "delivery__warehouse__office__province"
    county_path = "delivery__warehouse__office__county"

    delivery = models.ForeignKey(
        GoodsDelivery, models.PROTECT, related_name="references", verbose_name="تحویل کالا"
    )
    reference = EncryptedTextField("کد پرونده")
    reference_hash = models.CharField(max_length=64, db_index=True)
    is_active = models.BooleanField("پابرجا", default=True)
    again_because = models.CharField("دلیل تحویل دوباره", max_length=200, blank=True)
    outcome = models.CharField("پیامد", max_length=12, choices=Outcome, blank=True)
    outcome_on = models.DateField("روز پیامد", null=True)

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

"""What reached people, how that is known, and what it led to. Nobody is named: an office knows its cases by codes."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import DeliveryForm
from aid.models.allocations import Allocation
from aid.models.evidence import Evidenced, ReceivedCase, evidence_rules, person
from aid.models.goods import GoodsDelivery
from core.money import RialField
from donations.models import Donation
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Delivery(Evidenced):
    """A part of an allocation that reached people, with its evidence, where and how much.

    With `goods` it is the money in kits that left: who received them stands there. A delivery that was recorded
    wrongly is undone, never edited. `borne_rial` is what the organisation itself paid of
    it after a gift was taken back.
    """

    province_path, county_path = "province", "county"

    allocation = models.ForeignKey(
        Allocation, models.PROTECT, related_name="deliveries", verbose_name="تخصیص"
    )
    goods = models.ForeignKey(
        GoodsDelivery, models.PROTECT, null=True, related_name="paid_by", verbose_name="همراه تحویل کالا"
    )
    amount_rial = RialField("ارزش (ریال)")
    borne_rial = models.BigIntegerField("از منابع سازمان (ریال)", default=0)
    form = models.CharField("به صورت", max_length=8, choices=DeliveryForm)
    what = models.CharField("چه چیزی", max_length=80)
    quantity = models.PositiveIntegerField("مقدار")
    unit = models.CharField("واحد", max_length=20)
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان")
    recorded_by = person("ثبت‌کننده", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تحویل"
        verbose_name_plural = "تحویل‌ها"
        constraints = [
            models.CheckConstraint(
                name="delivery_of_something",
                condition=Q(amount_rial__gt=0, quantity__gt=0, households__gt=0)
                & Q(borne_rial__gte=0, borne_rial__lte=F("amount_rial")),
            ),
            *evidence_rules(
                roles="two_roles_sign",
                photo="photo_only_without_faces",
                photo_eyes="photo_four_eyes",
                undone="undone_delivery_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class DeliveryShare(models.Model):
    """How much of a gift reached people by a delivery (negative: taken back). Rows are only ever added."""

    province_path, county_path = "donation__province", "donation__county"

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="shares", verbose_name="تحویل")
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, related_name="+", db_index=False, verbose_name="تخصیص"
    )
    donation = models.ForeignKey(
        Donation, models.PROTECT, related_name="delivered_shares", verbose_name="کمک"
    )
    amount_rial = models.BigIntegerField("مبلغ (ریال)")
    at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "سهم تحویل"
        verbose_name_plural = "سهم تحویل‌ها"
        constraints = [models.CheckConstraint(name="delivered_share_not_zero", condition=~Q(amount_rial=0))]
        indexes = [models.Index(fields=["allocation", "donation"], name="delivered_of_allocation")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.donation_id}"


class DeliveryReference(ReceivedCase):
    """A case that received this delivery."""

    province_path, county_path = "delivery__province", "delivery__county"

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="references", verbose_name="تحویل")
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="+", verbose_name="تخصیص")

    objects = ScopedManager()

    class Meta:
        verbose_name = "گیرندهٔ تحویل"
        verbose_name_plural = "گیرندگان تحویل"
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "reference_hash"],
                condition=Q(is_active=True),
                name="one_delivery_a_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}"


class TrailWish(models.Model):
    """That whoever gave wishes to be told when their gift moves; at most one message a day. `has_news`: something
    moved and they have not been told."""

    province_path, county_path = "donation__province", "donation__county"

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="trail_wish", verbose_name="کمک")
    is_on = models.BooleanField("خبرم کن", default=True)
    has_news = models.BooleanField("خبر تازه", default=False)
    told_on = models.DateField("آخرین خبر", null=True)
    changed_at = models.DateTimeField("آخرین تغییر", auto_now=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "خواهش خبر"
        verbose_name_plural = "خواهش‌های خبر"
        indexes = [models.Index(fields=["has_news"], condition=Q(has_news=True), name="trail_news")]

    def __str__(self) -> str:
        return f"{self.donation_id}"

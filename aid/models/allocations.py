"""Money of a pool set aside for a purpose, and which gifts it is made of."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import AllocationState, Attribution, Purpose
from aid.models.kits import KitFunding
from campaigns.models import Edition, Fund, Need
from core.money import RialField
from donations.models import Donation
from ledger.dimensions import Facet
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Pool(models.Model):
    """What gifts have in common that are spent together: fund, place, campaign edition and need.

    `placed_rial` is what approved allocations hold of it now. The key never changes.
    """

    province_path, county_path = "province", "county"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+", verbose_name="نوع کمک")
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان")
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, related_name="+", verbose_name="دورهٔ پویش"
    )
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+", verbose_name="نیاز")
    placed_rial = models.BigIntegerField("تخصیص‌یافته (ریال)", default=0)

    objects = ScopedManager()

    class Meta:
        verbose_name = "صندوق"
        verbose_name_plural = "صندوق‌ها"
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "province", "county", "edition", "need"],
                nulls_distinct=False,
                name="one_pool_a_purpose",
            ),
            models.CheckConstraint(name="pool_gives_what_it_has", condition=Q(placed_rial__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def facet(self, need_id: int | None) -> Facet:
        """Where an allocation of this pool stands in the books: the pool's own place and campaign, and the need it is
        spent on."""
        return Facet(
            self.fund_id,
            self.province_id,
            self.county_id,
            self.edition_id,
            None,
            None,
            need_id or self.need_id,
        )


class Allocation(models.Model):
    """An amount of a pool for a purpose: a need, an item of some kits (by the payment that plans it), or a programme
    (whose title the public reads).

    Proposed by one person and approved by another; only then is it booked and made of gifts. `held_rial` is what it
    holds of gifts now, `delivered_rial` how much of that has reached people. Its facts never change.
    """

    province_path, county_path = "province", "county"

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="allocations", verbose_name="صندوق")
    amount_rial = RialField("مبلغ (ریال)")
    purpose = models.CharField("مصرف", max_length=16, choices=Purpose)
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="allocations", verbose_name="نیاز")
    programme = models.CharField("برنامه", max_length=120, blank=True)
    funding = models.ForeignKey(
        KitFunding, models.PROTECT, null=True, related_name="allocations", verbose_name="کالای بسته"
    )
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان")
    attribution = models.CharField("سهم‌بندی", max_length=6, choices=Attribution, default=Attribution.FIFO)
    chosen = models.JSONField("کمک‌های نام‌برده", default=list)
    intention = models.CharField("نیت", max_length=200, blank=True)
    moved_because = models.CharField("دلیل جابه‌جایی", max_length=300, blank=True)
    state = models.CharField("وضعیت", max_length=9, choices=AllocationState, default=AllocationState.PROPOSED)
    held_rial = models.BigIntegerField("از کمک‌ها (ریال)", default=0)
    delivered_rial = models.BigIntegerField("تحویل‌شده (ریال)", default=0)
    gift_count = models.PositiveIntegerField("شمار کمک‌ها هنگام تخصیص", default=0)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="پیشنهاددهنده"
    )
    proposed_at = models.DateTimeField("پیشنهاد", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="لغوکننده"
    )
    cancelled_at = models.DateTimeField("لغو", null=True)
    cancel_reason = models.CharField("دلیل لغو", max_length=300, blank=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تخصیص"
        verbose_name_plural = "تخصیص‌ها"
        constraints = [
            models.CheckConstraint(name="allocation_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="allocation_for_one_thing",
                condition=Q(need__isnull=False, programme="", funding=None)
                | Q(need=None, programme="", funding__isnull=False)
                | (Q(need=None, funding=None) & ~Q(programme="")),
            ),
            models.CheckConstraint(name="allocation_four_eyes", condition=~Q(decided_by=F("proposed_by"))),
            models.CheckConstraint(
                name="decided_allocation_says_by_whom",
                condition=Q(state="proposed", decided_at=None, decided_by=None)
                | (~Q(state="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="cancelled_allocation_says_why",
                condition=Q(cancelled_at=None, cancel_reason="") & ~Q(state="cancelled")
                | Q(state="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancel_reason=""),
            ),
            models.CheckConstraint(
                name="allocation_holds_what_it_delivers",
                condition=Q(
                    delivered_rial__gte=0, held_rial__gte=F("delivered_rial"), amount_rial__gte=F("held_rial")
                ),
            ),
            models.CheckConstraint(
                name="only_approved_money_is_held",
                condition=Q(state__in=["approved", "delivered", "cancelled"]) | Q(held_rial=0),
            ),
        ]
        indexes = [models.Index(fields=["state", "province"], name="allocation_by_state")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def left_rial(self) -> int:
        """What it holds and has not delivered yet."""
        return self.held_rial - self.delivered_rial

    @property
    def title(self) -> str:
        """What it is for, at the desk."""
        if self.funding_id:
            return self.funding.title
        return self.need.title if self.need_id else self.programme

    @property
    def wanted_id(self) -> int | None:
        """The need it is spent on in the books: its own, or that of its kits."""
        return self.funding.line.batch.need_id if self.funding_id else self.need_id


class AllocationShare(models.Model):
    """How much of a gift an allocation took (positive) or gave back (negative). Rows are only ever added; the
    database keeps the sum of a gift between nothing and its amount."""

    province_path, county_path = "donation__province", "donation__county"

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="shares", verbose_name="تخصیص")
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="shares", verbose_name="کمک")
    amount_rial = models.BigIntegerField("مبلغ (ریال)")
    at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "سهم کمک"
        verbose_name_plural = "سهم کمک‌ها"
        constraints = [models.CheckConstraint(name="share_not_zero", condition=~Q(amount_rial=0))]

    def __str__(self) -> str:
        return f"{self.allocation_id}: {self.donation_id}"

"""What lies in the warehouses: goods by lot, every movement of theirs, and who vouches for it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import (
    GoodsCategory,
    IntakeState,
    LossCause,
    LossState,
    MoveKind,
    StockCountState,
    TransferState,
)
from aid.models.evidence import person
from campaigns.models import Fund, NeedItem
from core.money import RialField
from core.text import search_key, sort_key
from donations.enums import Condition, GoodsUnit
from donations.models import Donation, GiftInKind
from provinces.models import Office
from provinces.scoping import ScopedManager


def _quantity(label: str, **options) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=3, **options)


class StockItem(models.Model):
    """A kind of goods: data, found by its name or any of its other names however they are written."""

    code = models.SlugField("کد", max_length=40, primary_key=True)
    name = models.CharField("نام", max_length=80)
    aliases = models.CharField("نام‌های دیگر", max_length=200, blank=True)
    category = models.CharField("گروه", max_length=12, choices=GoodsCategory)
    unit = models.CharField("واحد", max_length=8, choices=GoodsUnit, default=GoodsUnit.PIECE)
    has_expiry = models.BooleanField("تاریخ انقضا دارد", default=False)
    is_active = models.BooleanField("فعال", default=True)
    search_key = models.CharField(max_length=300, db_index=True, editable=False)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)

    class Meta:
        ordering = ["category", "sort_key"]
        verbose_name = "کالا"
        verbose_name_plural = "فهرست کالاها"

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_key = search_key(f"{self.name} {self.aliases}")[:300]
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class Warehouse(models.Model):
    """A place of an office where goods lie; the books have an account for each."""

    province_path, county_path = "office__province", "office__county"

    office = models.ForeignKey(Office, models.PROTECT, related_name="warehouses", verbose_name="اداره")
    name = models.CharField("نام", max_length=120)
    address = models.CharField("نشانی", max_length=300, blank=True)
    is_active = models.BooleanField("فعال", default=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "انبار"
        verbose_name_plural = "انبارها"
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="one_warehouse_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def account(self) -> str:
        """The account of what lies here, at value."""
        return f"stock:{self.pk}"

    @property
    def kit_account(self) -> str:
        """The account of goods of this warehouse that are packed in kits and not handed over yet, at value."""
        return f"kits:{self.pk}"


class Lot(models.Model):
    """Goods of one kind that came together. What is left is the sum of its moves: the database adds each move up and
    takes no other change; neither quantity nor value can fall below zero. Brought for a need (its gift says so), it
    counts as the item of it that it answers, while it lies here and when it leaves for that need; the database lets it
    leave for no other while that one is open."""

    province_path, county_path = "warehouse__office__province", "warehouse__office__county"

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="lots", verbose_name="انبار")
    item = models.ForeignKey(StockItem, models.PROTECT, related_name="lots", verbose_name="کالا")
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False, related_name="+", verbose_name="نیت")
    donation = models.ForeignKey(Donation, models.PROTECT, null=True, related_name="lots", verbose_name="کمک")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="از محموله"
    )
    need_item = models.ForeignKey(
        NeedItem, models.PROTECT, null=True, related_name="lots", verbose_name="برای قلم نیاز"
    )
    condition = models.CharField("وضع", max_length=6, choices=Condition, default=Condition.NEW)
    expires_on = models.DateField("انقضا", null=True)
    came_at = models.DateTimeField("ورود")
    quantity = _quantity("موجودی", default=0)
    value_rial = RialField("ارزش (ریال)", default=0)

    objects = ScopedManager()

    class Meta:
        ordering = [F("expires_on").asc(nulls_last=True), "came_at", "pk"]
        verbose_name = "محموله"
        verbose_name_plural = "محموله‌ها"
        constraints = [
            models.CheckConstraint(
                name="lot_never_negative", condition=Q(quantity__gte=0, value_rial__gte=0)
            ),
            models.CheckConstraint(
                name="empty_lot_is_worth_nothing", condition=Q(quantity__gt=0) | Q(value_rial=0)
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "item", "expires_on"], condition=Q(quantity__gt=0), name="lots_at_hand"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.pk}"


class StockMove(models.Model):
    """One change of a lot, positive for in and negative for out, with its value. Never edited; written with what
    caused it (`reference`, e.g. "transfer:12") and by whom."""

    province_path, county_path = "lot__warehouse__office__province", "lot__warehouse__office__county"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves", verbose_name="محموله")
    kind = models.CharField("چه شد", max_length=8, choices=MoveKind)
    cause = models.CharField("سبب", max_length=8, choices=LossCause, blank=True)
    quantity = _quantity("مقدار")
    value_rial = RialField("ارزش (ریال)")
    reference = models.CharField("مرجع", max_length=60)
    note = models.CharField("یادداشت", max_length=300, blank=True)
    actor = person("ثبت‌کننده", null=True)
    job = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField("زمان")

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "گردش کالا"
        verbose_name_plural = "گردش کالا"
        constraints = [
            models.CheckConstraint(
                name="move_moves_something",
                condition=Q(quantity__gt=0, value_rial__gte=0) | Q(quantity__lt=0, value_rial__lte=0),
            ),
            models.CheckConstraint(
                name="loss_says_why", condition=~Q(kind__in=["lost", "found"]) | ~Q(cause="") & ~Q(note="")
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="moves_of_cause")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class Intake(models.Model):
    """That goods of a gift were taken in at a warehouse. Above a threshold a second person confirms their value."""

    province_path, county_path = "warehouse__office__province", "warehouse__office__county"

    gift = models.OneToOneField(GiftInKind, models.PROTECT, related_name="intake", verbose_name="کمک غیرنقدی")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="intakes", verbose_name="انبار")
    state = models.CharField("وضعیت", max_length=8, choices=IntakeState)
    value_rial = RialField("ارزش (ریال)")
    needs_second = models.BooleanField("نفر دوم می‌خواهد")
    taken_by = person("تحویل‌گیرنده", null=True)
    job = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField("تحویل")
    confirmed_by = person("ارزیاب دوم", null=True)
    confirmed_at = models.DateTimeField("تأیید ارزش", null=True)
    reason = models.CharField("دلیل برگشت", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تحویل کالا"
        verbose_name_plural = "تحویل‌های کالا"
        constraints = [
            models.CheckConstraint(
                name="intake_four_eyes",
                condition=~Q(state="booked", needs_second=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("taken_by")),
            ),
            models.CheckConstraint(
                name="returned_intake_says_why", condition=~Q(state="returned") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift_id}"


class Transfer(models.Model):
    """Goods on their way between two warehouses: one person sends, another at the far end confirms what came."""

    province_path, county_path = "source__office__province", "source__office__county"

    source = models.ForeignKey(Warehouse, models.PROTECT, related_name="sent", verbose_name="از انبار")
    target = models.ForeignKey(Warehouse, models.PROTECT, related_name="arriving", verbose_name="به انبار")
    state = models.CharField("وضعیت", max_length=8, choices=TransferState, default=TransferState.SENT)
    note = models.CharField("یادداشت", max_length=300, blank=True)
    sent_by = person("فرستنده")
    sent_at = models.DateTimeField("فرستادن")
    decided_by = person("گیرنده", null=True)
    decided_at = models.DateTimeField("رسیدن", null=True)
    reason = models.CharField("توضیح گیرنده", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "جابه‌جایی"
        verbose_name_plural = "جابه‌جایی‌ها"
        constraints = [
            models.CheckConstraint(name="transfer_goes_elsewhere", condition=~Q(source=F("target"))),
            models.CheckConstraint(
                name="transfer_two_ends",
                condition=Q(state="sent", decided_by=None, decided_at=None)
                | Q(state__in=["arrived", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("sent_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class TransferLine(models.Model):
    """How much of one lot went on its way, and how much of it arrived."""

    province_path, county_path = "transfer__source__office__province", "transfer__source__office__county"

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="lines", verbose_name="جابه‌جایی")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name="محموله")
    quantity = _quantity("مقدار")
    value_rial = RialField("ارزش (ریال)")
    arrived = _quantity("رسیده", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "ردیف جابه‌جایی"
        verbose_name_plural = "ردیف‌های جابه‌جایی"
        constraints = [
            models.CheckConstraint(
                name="no_more_arrives_than_was_sent",
                condition=Q(quantity__gt=0)
                & (Q(arrived=None) | Q(arrived__gte=0, arrived__lte=F("quantity"))),
            ),
            models.UniqueConstraint(fields=["transfer", "lot"], name="one_line_a_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.quantity}"


class StockCount(models.Model):
    """A warehouse counted by one person and confirmed by another; differences are booked with the confirmation."""

    province_path, county_path = "warehouse__office__province", "warehouse__office__county"

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="counts", verbose_name="انبار")
    state = models.CharField("وضعیت", max_length=9, choices=StockCountState, default=StockCountState.WAITING)
    note = models.CharField("دلیل اختلاف", max_length=300, blank=True)
    counted_by = person("شمارنده")
    counted_at = models.DateTimeField("شمارش", db_default=Now())
    decided_by = person("تأییدکننده", null=True)
    decided_at = models.DateTimeField("تأیید", null=True)
    reason = models.CharField("دلیل رد", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "شمارش انبار"
        verbose_name_plural = "شمارش‌های انبار"
        constraints = [
            models.CheckConstraint(
                name="stock_count_four_eyes",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("counted_by")),
            ),
            models.UniqueConstraint(
                fields=["warehouse"], condition=Q(state="waiting"), name="one_stock_count_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id} {self.counted_at}"


class StockLoss(models.Model):
    """Goods of a lot that somebody says are damaged, expired or missing. They leave the books when somebody else has
    confirmed it: the database takes no move of lost goods without a confirmed loss, or count, behind it."""

    province_path, county_path = "lot__warehouse__office__province", "lot__warehouse__office__county"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="losses", verbose_name="محموله")
    quantity = _quantity("مقدار")
    cause = models.CharField("سبب", max_length=8, choices=LossCause)
    note = models.CharField("توضیح", max_length=300)
    state = models.CharField("وضعیت", max_length=8, choices=LossState, default=LossState.WAITING)
    reported_by = person("گزارش‌دهنده")
    reported_at = models.DateTimeField("گزارش", db_default=Now())
    decided_by = person("تصمیم‌گیرنده", null=True)
    decided_at = models.DateTimeField("تصمیم", null=True)
    reason = models.CharField("دلیل رد", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "کسر از انبار"
        verbose_name_plural = "کسرهای انبار"
        constraints = [
            models.CheckConstraint(
                name="stock_loss_four_eyes",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(state__in=["booked", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("reported_by")),
            ),
            models.CheckConstraint(name="stock_loss_says_why", condition=Q(quantity__gt=0) & ~Q(note="")),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(state="waiting"), name="one_loss_of_a_lot_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.quantity}"

    @property
    def reference(self) -> str:
        """By what its move is known."""
        return f"loss:{self.pk}"


class StockCountLine(models.Model):
    """What one lot should hold and what was counted."""

    province_path = "count__warehouse__office__province"
    county_path = "count__warehouse__office__county"

    count = models.ForeignKey(StockCount, models.PROTECT, related_name="lines", verbose_name="شمارش")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name="محموله")
    expected = _quantity("باید باشد")
    counted = _quantity("شمرده شد")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "ردیف شمارش"
        verbose_name_plural = "ردیف‌های شمارش"
        constraints = [
            models.UniqueConstraint(fields=["count", "lot"], name="one_count_line_a_lot"),
            models.CheckConstraint(name="counted_not_negative", condition=Q(counted__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.counted}"

    @property
    def difference(self):
        """What is too much (positive) or missing (negative)."""
        return self.counted - self.expected

"""Kits: what belongs into one, and batches of them that are paid for item by item."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import BatchState, KitSource
from aid.models.evidence import person
from aid.models.stock import StockItem, Warehouse
from campaigns.enums import NeedKind
from campaigns.models import Fund, Need, NeedItem
from core.money import RialField
from provinces.scoping import ScopedManager


class Kit(models.Model):
    """A set of goods that is given as a whole: data. `purpose` is one of `Fund.spendable_on`: what may pay for it."""

    code = models.SlugField("کد", max_length=40, primary_key=True)
    name = models.CharField("نام", max_length=80)
    purpose = models.CharField("برای", max_length=16, choices=NeedKind)
    description = models.CharField("شرح", max_length=300, blank=True)
    is_active = models.BooleanField("فعال", default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "بسته"
        verbose_name_plural = "بسته‌ها"

    def __str__(self) -> str:
        return self.name


class KitLine(models.Model):
    """How much of an item one kit holds, what may stand in for it one to one, and a price to plan with."""

    kit = models.ForeignKey(Kit, models.CASCADE, related_name="lines", verbose_name="بسته")
    item = models.ForeignKey(StockItem, models.PROTECT, related_name="+", verbose_name="کالا")
    quantity = models.DecimalField("مقدار در هر بسته", max_digits=10, decimal_places=3)
    price_rial = RialField("قیمت مرجع هر واحد (ریال)")
    substitutes = models.ManyToManyField(StockItem, blank=True, related_name="+", verbose_name="جایگزین‌ها")
    position = models.PositiveSmallIntegerField("ترتیب", default=100)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "کالای بسته"
        verbose_name_plural = "کالاهای بسته"
        constraints = [
            models.UniqueConstraint(fields=["kit", "item"], name="one_line_an_item_of_a_kit"),
            models.CheckConstraint(
                name="kit_line_is_something", condition=Q(quantity__gt=0, price_rial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kit_id}: {self.item_id}"


class KitBatch(models.Model):
    """Some kits of one kind that a warehouse makes ready. `value_rial` is what the donated goods packed in them are
    worth while they are here; `handed_over` counts the kits that have left for families. Each of these counts as one
    of `need_item`, where the need asks for kits."""

    province_path, county_path = "warehouse__office__province", "warehouse__office__county"

    kit = models.ForeignKey(Kit, models.PROTECT, related_name="batches", verbose_name="بسته")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="batches", verbose_name="انبار")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="batches", verbose_name="نیاز")
    need_item = models.ForeignKey(
        NeedItem, models.PROTECT, null=True, related_name="+", verbose_name="قلم نیاز"
    )
    title = models.CharField("عنوان", max_length=120)
    count = models.PositiveIntegerField("شمار بسته")
    handed_over = models.PositiveIntegerField("تحویل‌شده", default=0)
    value_rial = RialField("ارزش کالای اهداییِ درون بسته‌ها (ریال)", default=0)
    state = models.CharField("وضعیت", max_length=9, choices=BatchState, default=BatchState.PLANNED)
    created_by = person("سازنده", null=True)
    created_at = models.DateTimeField("ثبت", db_default=Now())
    assembled_by = person("بسته‌بند", null=True)
    assembled_at = models.DateTimeField("آماده‌شدن", null=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "نوبت بسته‌بندی"
        verbose_name_plural = "نوبت‌های بسته‌بندی"
        constraints = [
            models.CheckConstraint(
                name="kits_are_an_item_of_their_need", condition=Q(need_item=None) | Q(need__isnull=False)
            ),
            models.CheckConstraint(name="batch_has_kits", condition=Q(count__gt=0)),
            models.CheckConstraint(name="batch_value_not_negative", condition=Q(value_rial__gte=0)),
            models.CheckConstraint(
                name="only_ready_kits_are_handed_over",
                condition=Q(handed_over=0) | Q(state="assembled", handed_over__lte=F("count")),
            ),
            models.CheckConstraint(
                name="assembled_batch_says_when",
                condition=Q(state="assembled", assembled_at__isnull=False)
                | ~Q(state="assembled") & Q(assembled_at=None, value_rial=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int:
        """Ready kits that nobody has been handed yet."""
        return self.count - self.handed_over


class BatchLine(models.Model):
    """What a batch needs of one item: quantity of all kits, and the price of the plan, as they were when it began; and
    which item of the batch's need it answers, if one."""

    province_path = "batch__warehouse__office__province"
    county_path = "batch__warehouse__office__county"

    batch = models.ForeignKey(KitBatch, models.CASCADE, related_name="lines", verbose_name="نوبت")
    item = models.ForeignKey(StockItem, models.PROTECT, related_name="+", verbose_name="کالا")
    need_item = models.ForeignKey(
        NeedItem, models.PROTECT, null=True, related_name="+", verbose_name="قلم نیاز"
    )
    substitutes = models.ManyToManyField(StockItem, related_name="+", verbose_name="جایگزین‌ها")
    quantity = models.DecimalField("مقدار", max_digits=14, decimal_places=3)
    price_rial = RialField("قیمت مرجع هر واحد (ریال)")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "کالای نوبت"
        verbose_name_plural = "کالاهای نوبت"
        constraints = [
            models.UniqueConstraint(fields=["batch", "item"], name="one_line_an_item_of_a_batch"),
            models.CheckConstraint(
                name="batch_line_is_something", condition=Q(quantity__gt=0, price_rial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.item_id}"


class KitFunding(models.Model):
    """Who pays for some of an item of a batch. The database sees to it that no more is paid for than is needed, and
    that cash comes of a fund that may be spent on the kit.

    Cash names its fund, and allocations of that fund set it aside; a promise names its commitment (an id of the
    partnerships room) or says whose it is; public budget says which. Goods of the warehouse are planned at the price of
    the plan, and at what they were worth once they are packed. `arrived_at`: what was bought or promised is here.
    """

    province_path = "line__batch__warehouse__office__province"
    county_path = "line__batch__warehouse__office__county"

    line = models.ForeignKey(BatchLine, models.PROTECT, related_name="fundings", verbose_name="کالای نوبت")
    source = models.CharField("از محل", max_length=8, choices=KitSource)
    item = models.ForeignKey(StockItem, models.PROTECT, related_name="+", verbose_name="کالا")
    quantity = models.DecimalField("مقدار", max_digits=14, decimal_places=3)
    amount_rial = RialField("مبلغ یا ارزش (ریال)")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name="نیت")
    commitment_id = models.BigIntegerField("تعهد", null=True)
    reference = models.CharField("مرجع", max_length=60, blank=True)
    note = models.CharField("توضیح", max_length=200, blank=True)
    is_active = models.BooleanField("پابرجا", default=True)
    arrived_at = models.DateTimeField("رسیدن کالا", null=True)
    recorded_by = person("ثبت‌کننده", null=True)
    recorded_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "تأمین کالای بسته"
        verbose_name_plural = "تأمین کالای بسته‌ها"
        constraints = [
            models.CheckConstraint(
                name="kit_funding_is_something", condition=Q(quantity__gt=0, amount_rial__gte=0)
            ),
            models.CheckConstraint(
                name="only_cash_has_a_fund",
                condition=Q(source="cash", fund__isnull=False) | ~Q(source="cash") & Q(fund=None),
            ),
            models.CheckConstraint(
                name="only_a_promise_has_a_commitment",
                condition=Q(commitment_id=None) | Q(source="promise"),
            ),
            models.CheckConstraint(
                name="promise_and_budget_say_whose",
                condition=~Q(source__in=["promise", "public"]) | ~Q(note="") | Q(commitment_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["commitment_id"], condition=Q(commitment_id__isnull=False), name="kits_of_promise"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.quantity}"

    @property
    def title(self) -> str:
        """The item and the kit it goes into, in words that everybody may read."""
        return f"{self.item.name}، {self.line.batch.kit.name}"


class KitHandOver(models.Model):
    """That some ready kits left for families, by which delivery, and what of the donated goods went with them;
    `undone_at`: they came back."""

    province_path = "batch__warehouse__office__province"
    county_path = "batch__warehouse__office__county"

    batch = models.ForeignKey(KitBatch, models.PROTECT, related_name="hand_overs", verbose_name="نوبت")
    count = models.PositiveIntegerField("شمار بسته")
    value_rial = RialField("ارزش کالای اهدایی (ریال)")
    reference = models.CharField("مرجع", max_length=60)
    actor = person("ثبت‌کننده", null=True)
    at = models.DateTimeField("زمان")
    undone_at = models.DateTimeField("برگشت", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تحویل بسته"
        verbose_name_plural = "تحویل بسته‌ها"
        constraints = [
            models.UniqueConstraint(fields=["batch", "reference"], name="a_delivery_takes_kits_once"),
            models.CheckConstraint(
                name="hand_over_of_something", condition=Q(count__gt=0, value_rial__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.count}"

    @property
    def source(self) -> str:
        """The source of its entry in the books."""
        return f"kits:handed:{self.pk}"

"""Rollups: the books added up, by Jalali day, month and year. Rebuildable at any time."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from campaigns.models import Branch, Edition
from dashboards.enums import ClientGroup, Precision, Support, ToldKind, ToldUnit
from ledger.enums import GiftKind
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Grain(models.TextChoices):
    DAY = "d", "روز"
    MONTH = "m", "ماه"
    YEAR = "y", "سال"


class Flow(models.TextChoices):
    IN = "in", "دریافت"
    OUT = "out", "هزینه‌کرد"


class CalendarDay(models.Model):
    """A day and the Jalali month and year it begins in (as Gregorian dates), so that SQL can group by them."""

    day = models.DateField(primary_key=True)
    month_starts_on = models.DateField()
    year_starts_on = models.DateField()

    class Meta:
        verbose_name = "روز تقویم"
        verbose_name_plural = "روزهای تقویم"

    def __str__(self) -> str:
        return str(self.day)


class Rollup(models.Model):
    """What came in for one dimension, or was spent, in one period: rials and number (a reversal counts minus one)."""

    dimension_id = models.BigIntegerField()
    grain = models.CharField(max_length=1, choices=Grain)
    starts_on = models.DateField()
    flow = models.CharField(max_length=3, choices=Flow)
    kind = models.CharField(max_length=8, choices=GiftKind)
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع دوره"
        verbose_name_plural = "جمع‌های دوره"
        constraints = [
            models.UniqueConstraint(
                fields=["dimension_id", "grain", "starts_on", "flow", "kind"], name="one_rollup_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.starts_on} {self.dimension_id}"


class Cube(models.Model):
    """The rollups of one period added up by the facets of a cube (see `dashboards.cubes`); "" is "none of it"."""

    cube = models.SmallIntegerField()
    grain = models.CharField(max_length=1, choices=Grain)
    starts_on = models.DateField()
    first = models.CharField(max_length=40)
    second = models.CharField(max_length=40)
    flow = models.CharField(max_length=3, choices=Flow)
    kind = models.CharField(max_length=8, choices=GiftKind)
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع آماده"
        verbose_name_plural = "جمع‌های آماده"
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "grain", "starts_on", "first", "second", "flow", "kind"], name="one_cube_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cube} {self.grain} {self.starts_on} {self.first} {self.second}"


class PlacementTotal(models.Model):
    """What came in through one printed code, since it exists."""

    placement_id = models.BigIntegerField(primary_key=True)
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع کد"
        verbose_name_plural = "جمع کدها"

    def __str__(self) -> str:
        return str(self.placement_id)


class PlacementHour(models.Model):
    """What came in through one printed code in one hour of Tehran, as its scans are counted."""

    placement_id = models.BigIntegerField()
    hour = models.DateTimeField()
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع کد در ساعت"
        verbose_name_plural = "جمع کدها در ساعت"
        constraints = [
            models.UniqueConstraint(fields=["placement_id", "hour"], name="one_sum_a_code_and_hour")
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.hour}"


class PlacementNeed(models.Model):
    """What came in through one printed code for one need, since it exists; gifts for no need have no row."""

    placement_id = models.BigIntegerField()
    need_id = models.BigIntegerField()
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع کد برای نیاز"
        verbose_name_plural = "جمع کدها برای نیازها"
        constraints = [
            models.UniqueConstraint(fields=["placement_id", "need_id"], name="one_sum_a_code_and_need")
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.need_id}"


class FoldState(models.Model):
    """When the figures last took in what the books hold, and whether the next fold makes them anew. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    folded_at = models.DateTimeField(db_default=Now())
    rebuild_wanted = models.BooleanField(default=False)

    class Meta:
        verbose_name = "زمان جمع‌بندی"
        verbose_name_plural = "زمان جمع‌بندی"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_fold_state")]

    def __str__(self) -> str:
        return str(self.folded_at)


class ClosingFigures(models.Model):
    """What an edition, or its branch in a province, had received when it was closed. Written once, never changed.

    `parts` holds the rows of each breakdown as [key, label, rial, gifts]; each breakdown adds up to the total.
    """

    province_path = "branch__province"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="closing_figures")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="closing_figures")
    closed_on = models.DateField("روز بستن")
    taken_at = models.DateTimeField("زمان برداشت")
    total_rial = models.BigIntegerField("جمع")
    gifts = models.BigIntegerField("شمار")
    spent_rial = models.BigIntegerField("هزینه‌شده")
    parts = models.JSONField("تفکیک‌ها")

    objects = ScopedManager()

    class Meta:
        verbose_name = "ارقام پایانی"
        verbose_name_plural = "ارقام پایانی"
        constraints = [
            models.UniqueConstraint(fields=["edition", "branch"], name="one_closing", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.branch_id}"


class ToldFigure(models.Model):
    """A figure that was told in public, as it was told: a claim, never a total of the portal.

    Figures with the same `topic` speak of the same thing; where their `amount` differs they stand side by side. What
    was told does not change: a mistake of ours is withdrawn with a reason. Days are those it speaks of, when known.
    """

    topic = models.CharField("موضوع", max_length=120)
    kind = models.CharField("جنس", max_length=12, choices=ToldKind)
    unit = models.CharField("یکا", max_length=8, choices=ToldUnit)
    amount = models.DecimalField("رقم", max_digits=20, decimal_places=1)
    precision = models.CharField("دقت", max_length=8, choices=Precision, default=Precision.EXACT)
    starts_on = models.DateField("از روز", null=True)
    ends_on = models.DateField("تا روز", null=True)
    source = models.CharField("منبع", max_length=200)
    told_on = models.DateField("روز گفتن", null=True)
    note = models.CharField("یادداشت", max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="ثبت‌کننده"
    )
    entered_at = models.DateTimeField("ثبت", db_default=Now())
    withdrawn_at = models.DateTimeField("کنار گذاشته شد", null=True)
    why_withdrawn = models.CharField("دلیل کنار گذاشتن", max_length=300, blank=True)

    class Meta:
        ordering = ["topic", "pk"]
        verbose_name = "رقم گفته‌شده"
        verbose_name_plural = "ارقام گفته‌شده"
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "source", "amount"], condition=models.Q(withdrawn_at=None), name="told_once"
            ),
            models.CheckConstraint(
                name="told_days_are_whole",
                condition=models.Q(starts_on=None, ends_on=None)
                | models.Q(starts_on__isnull=False, ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="withdrawn_figure_says_why",
                condition=models.Q(withdrawn_at=None, why_withdrawn="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(why_withdrawn=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.amount}"


class ClientFile(models.Model):
    """How many clients there were on a day, taken in whole from a file of the organisation's own systems. The newest
    day counts; older ones stay."""

    as_of = models.DateField("به تاریخ")
    source = models.CharField("منبع", max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="ثبت‌کننده"
    )
    taken_at = models.DateTimeField("ثبت", db_default=Now())
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    class Meta:
        ordering = ["-as_of", "-pk"]
        verbose_name = "آمار جامعهٔ هدف"
        verbose_name_plural = "آمارهای جامعهٔ هدف"

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"


class ClientCount(models.Model):
    """How many clients of one group, with or without a stipend, live in one county. Counts only, of nobody."""

    province_path, county_path = "province", "county"

    file = models.ForeignKey(ClientFile, models.PROTECT, related_name="counts", verbose_name="آمار")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, related_name="+", verbose_name="شهرستان")
    group = models.CharField("گروه", max_length=12, choices=ClientGroup)
    support = models.CharField("حمایت", max_length=8, choices=Support)
    persons = models.PositiveIntegerField("شمار")

    objects = ScopedManager()

    class Meta:
        verbose_name = "شمار جامعهٔ هدف"
        verbose_name_plural = "شمارهای جامعهٔ هدف"
        constraints = [
            models.UniqueConstraint(fields=["file", "county", "group", "support"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.county_id} {self.group}"


class GivingHabit(models.Model):
    """Small gifts and people who gave again, of one Jalali month or year: of all gifts (`facet` "all"), of an edition
    or of a channel (`key` their id). Counts of people, never who; made anew each night from the received gifts."""

    grain = models.CharField(max_length=1, choices=Grain)
    starts_on = models.DateField()
    facet = models.CharField(max_length=8)
    key = models.CharField(max_length=20, blank=True)
    gifts = models.BigIntegerField()
    total_rial = models.BigIntegerField()
    small_gifts = models.BigIntegerField()
    small_rial = models.BigIntegerField()
    median_rial = models.BigIntegerField()
    givers = models.BigIntegerField()
    came_back = models.BigIntegerField()

    class Meta:
        verbose_name = "عادت کمک"
        verbose_name_plural = "عادت‌های کمک"
        constraints = [
            models.UniqueConstraint(fields=["grain", "starts_on", "facet", "key"], name="one_habit_row"),
            models.CheckConstraint(
                name="habit_parts_fit",
                condition=models.Q(small_gifts__lte=models.F("gifts"), came_back__lte=models.F("givers")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.starts_on} {self.facet} {self.key}"

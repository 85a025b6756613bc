"""Rollups: the books added up, by Jalali day, month and year. Rebuildable at any time."""

from django.db import models
from django.db.models.functions import Now

from campaigns.models import Branch, Edition
from ledger.enums import GiftKind
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

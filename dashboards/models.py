"""Rollups: the books added up, by Jalali day, month and year. Rebuildable at any time."""

from django.db import models
from django.db.models.functions import Now

from ledger.enums import GiftKind


class Grain(models.TextChoices):
    DAY = "d", "روز"
    MONTH = "m", "ماه"
    YEAR = "y", "سال"


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
    """Income of one dimension in one period: rials and number of gifts (a reversal counts minus one)."""

    grain = models.CharField(max_length=1, choices=Grain)
    starts_on = models.DateField()
    dimension_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=GiftKind)
    total_rial = models.BigIntegerField()
    gifts = models.BigIntegerField()

    class Meta:
        verbose_name = "جمع دوره"
        verbose_name_plural = "جمع‌های دوره"
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "starts_on", "kind", "dimension_id"], name="one_rollup_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.starts_on} {self.dimension_id}"


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


class FoldState(models.Model):
    """When the figures last took in what the books hold. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    folded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "زمان جمع‌بندی"
        verbose_name_plural = "زمان جمع‌بندی"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_fold_state")]

    def __str__(self) -> str:
        return str(self.folded_at)

"""A call in a crisis: one switch, what is wanted, and the report it ends with."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from provinces.models import Province
from provinces.scoping import ScopedManager


class Surge(models.Model):
    """A call, of a province or (without one) of the whole country. While it is open, people join in a minute and the
    wanted professions are vetted first. Closed, it has a public report and `figures` that no longer change."""

    province_path = "province"

    title = models.CharField("عنوان", max_length=120)
    story = models.TextField("شرح", max_length=2000, blank=True)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="استان"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="گشاینده"
    )
    opened_at = models.DateTimeField("آغاز", db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="بندنده"
    )
    closed_at = models.DateTimeField("پایان", null=True)
    report = models.TextField("گزارش", max_length=4000, blank=True)
    figures = models.JSONField("ارقام پایان", default=dict)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "فراخوان بحران"
        verbose_name_plural = "فراخوان‌های بحران"
        constraints = [
            models.UniqueConstraint(
                fields=["province"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_open_surge_a_place",
            ),
            models.CheckConstraint(
                name="closed_surge_has_report",
                condition=Q(closed_at=None) | (~Q(report="") & Q(closed_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SurgeWant(models.Model):
    """How many of a skill a call wants."""

    province_path = "surge__province"

    surge = models.ForeignKey(Surge, models.CASCADE, related_name="wants", verbose_name="فراخوان")
    skill = models.CharField("مهارت", max_length=24)
    wanted = models.PositiveIntegerField("شمار")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "نیاز فراخوان"
        verbose_name_plural = "نیازهای فراخوان"
        constraints = [models.UniqueConstraint(fields=["surge", "skill"], name="one_want_a_skill")]

    def __str__(self) -> str:
        return f"{self.skill}: {self.wanted}"

"""Many printed codes at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.enums import PlacementKind, StickerFormat
from campaigns.models.campaigns import Edition
from campaigns.models.funds import Fund
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class CodeBatch(models.Model):
    """A request for `count` codes of one kind and place and the sheets they are printed on; the long worker makes them.

    `made` grows as codes are committed. The codes are the placements that name this batch, its sheets the sticker jobs
    that do. `error` is a code of `campaigns.phrases`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "در صف"
        MAKING = "making", "در حال ساخت"
        READY = "ready", "کدها آماده‌اند"

    province_path, county_path = "province", "county"

    kind = models.CharField("نوع", max_length=12, choices=PlacementKind)
    title = models.CharField("عنوان", max_length=120)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, verbose_name="دورهٔ پویش")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, verbose_name="نوع کمک")
    count = models.PositiveIntegerField("شمار")
    made = models.PositiveIntegerField("ساخته‌شده", default=0)
    size = models.CharField("برگهٔ چاپ", max_length=8, choices=StickerFormat)
    state = models.CharField("وضعیت", max_length=8, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="درخواست‌کننده"
    )
    asked_at = models.DateTimeField("درخواست", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "دستهٔ کد"
        verbose_name_plural = "دسته‌های کد"
        constraints = [
            models.CheckConstraint(name="batch_makes_what_it_says", condition=Q(made__lte=F("count"))),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        """How many of the codes are there, in percent."""
        return self.made * 100 // self.count

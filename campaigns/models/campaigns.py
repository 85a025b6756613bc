"""Campaigns, their yearly editions and the provincial branches of an edition."""

from django.db import models
from django.db.models import Q

from campaigns.enums import CampaignScope, CampaignState, YearKind
from campaigns.models.funds import Fund
from provinces.models import Province
from provinces.scoping import ScopedManager


class Campaign(models.Model):
    """A name under which gifts are asked for, year after year."""

    slug = models.SlugField("نشانی", unique=True)
    name = models.CharField("نام", max_length=80)
    scope = models.CharField("گستره", max_length=12, choices=CampaignScope)
    summary = models.CharField("خلاصه", max_length=300)

    class Meta:
        ordering = ["id"]
        verbose_name = "پویش"
        verbose_name_plural = "پویش‌ها"

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """A campaign in one year. Religious seasons are keyed by the Hijri year, others by the Jalali one.

    An open edition takes gifts; its season only says when it is at its height.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="editions", verbose_name="پویش")
    year_kind = models.CharField("تقویم", max_length=8, choices=YearKind)
    year = models.PositiveSmallIntegerField("سال")
    title = models.CharField("عنوان", max_length=120)
    story = models.TextField("شرح", blank=True)
    goal_rial = models.BigIntegerField("هدف (ریال)", null=True, blank=True)
    season_starts_on = models.DateField("آغاز موسم", null=True, blank=True)
    season_ends_on = models.DateField("پایان موسم", null=True, blank=True)
    state = models.CharField("وضعیت", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نوع کمک پیش‌فرض")

    class Meta:
        ordering = ["-year"]
        verbose_name = "دورهٔ پویش"
        verbose_name_plural = "دوره‌های پویش"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year_kind", "year"], name="one_edition_a_year"),
            models.UniqueConstraint(fields=["campaign"], condition=Q(state="open"), name="one_open_edition"),
        ]

    def __str__(self) -> str:
        return self.title


class Branch(models.Model):
    """An edition in one province, with its own goal. The nation's total counts each gift once."""

    province_path = "province"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="branches", verbose_name="دوره")
    province = models.ForeignKey(Province, models.PROTECT, related_name="branches", verbose_name="استان")
    story = models.TextField("شرح", blank=True)
    goal_rial = models.BigIntegerField("هدف (ریال)", null=True, blank=True)
    state = models.CharField("وضعیت", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)

    objects = ScopedManager()

    class Meta:
        verbose_name = "شاخهٔ استانی"
        verbose_name_plural = "شاخه‌های استانی"
        constraints = [models.UniqueConstraint(fields=["edition", "province"], name="one_branch_a_province")]

    def __str__(self) -> str:
        return f"{self.edition} – {self.province}"

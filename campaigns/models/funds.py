"""A fund is a restricted purpose. Its rules and its rates are data."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.enums import RateKind


class Fund(models.Model):
    """What money given for it may be used for. Books keep each fund apart; none is netted against another."""

    code = models.SlugField("کد", max_length=40, primary_key=True)
    name = models.CharField("نام", max_length=80)
    help_text = models.CharField("توضیح برای نیکوکار", max_length=300, blank=True)
    group = models.CharField("گروه", max_length=40)
    spendable_on = ArrayField(
        models.CharField(max_length=40), verbose_name="مصارف مجاز", default=list, blank=True
    )
    rule_text = models.CharField("قاعدهٔ مصرف", max_length=400, blank=True)
    is_movable = models.BooleanField("قابل جابه‌جایی به مصرف دیگر", default=False)
    is_deductible = models.BooleanField("کاهندهٔ درآمد مشمول مالیات", default=False)
    bears_admin_cost = models.BooleanField("هزینهٔ اداری از آن برداشته می‌شود", default=False)
    distribute_within_hours = models.PositiveIntegerField("مهلت توزیع (ساعت)", null=True, blank=True)
    rate_kind = models.CharField("نرخ به ازای نفر یا روز", max_length=40, choices=RateKind, blank=True)
    position = models.PositiveSmallIntegerField("ترتیب", default=100)
    is_active = models.BooleanField("فعال", default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = "نوع کمک"
        verbose_name_plural = "انواع کمک"

    def __str__(self) -> str:
        return self.name


class GivingRate(models.Model):
    """An announced amount per person or day, for a Hijri year; whole rials.

    What was announced never changes (the database refuses it): a mistake is superseded by a new row, and gifts made
    by the old one still name it. Without `superseded_by` a superseded row was withdrawn.
    """

    hijri_year = models.PositiveSmallIntegerField("سال قمری")
    kind = models.CharField("برای", max_length=40, choices=RateKind)
    marja = models.CharField("مرجع", max_length=80)
    staple = models.CharField("قوت غالب", max_length=60, blank=True)
    region = models.CharField("منطقه", max_length=60, blank=True, help_text="خالی: همهٔ کشور")
    amount_rial = models.BigIntegerField("مبلغ (ریال)")
    is_minimum = models.BooleanField("حداقل", default=False)
    is_default = models.BooleanField("پیش‌فرض فرم", default=False)
    source = models.CharField("منبع", max_length=200)
    announced_on = models.DateField("روز اعلام")
    entered_at = models.DateTimeField("ثبت", default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="ثبت‌کننده"
    )
    superseded_at = models.DateTimeField("کنار گذاشته شد", null=True, editable=False)
    superseded_by = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="supersedes", editable=False, verbose_name="جانشین"
    )
    why_superseded = models.CharField("دلیل کنار گذاشتن", max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["-hijri_year", "kind", "amount_rial"]
        verbose_name = "نرخ فطریه و کفاره"
        verbose_name_plural = "نرخ‌های فطریه و کفاره"
        constraints = [
            models.UniqueConstraint(
                fields=["hijri_year", "kind", "marja", "staple", "region"],
                condition=Q(superseded_at=None),
                name="one_rate_each",
            ),
            models.UniqueConstraint(
                fields=["hijri_year", "kind", "region"],
                condition=Q(superseded_at=None, is_default=True),
                name="one_default_rate",
            ),
            models.CheckConstraint(condition=Q(amount_rial__gt=0), name="rate_positive"),
            models.CheckConstraint(
                name="superseded_rate_says_why", condition=Q(superseded_at=None) | ~Q(why_superseded="")
            ),
            models.CheckConstraint(
                name="rate_with_successor_is_superseded",
                condition=Q(superseded_by=None) | Q(superseded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.hijri_year} – {self.marja}"

"""The ways by which money arrives."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.enums import ChannelKind
from provinces.models import Office
from provinces.scoping import ScopedManager


class Channel(models.Model):
    """One way to give. Its number is shown to donors only while verified and valid."""

    province_path = "office__province"

    code = models.SlugField("کد", max_length=40, unique=True)
    kind = models.CharField("نوع", max_length=8, choices=ChannelKind)
    name = models.CharField("نام", max_length=120)
    value = models.CharField("شماره یا کد", max_length=64, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, verbose_name="اداره")
    least_rial = models.BigIntegerField("کمترین مبلغ (ریال)", null=True, blank=True)
    most_rial = models.BigIntegerField("بیشترین مبلغ (ریال)", null=True, blank=True)
    is_verified = models.BooleanField("تأییدشده", default=False)
    valid_from = models.DateField("معتبر از", null=True, blank=True)
    valid_until = models.DateField("معتبر تا", null=True, blank=True)
    source = models.CharField("منبع", max_length=200, blank=True)
    last_checked_on = models.DateField("آخرین بررسی", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="بررسی‌کننده",
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["id"]
        verbose_name = "راه پرداخت"
        verbose_name_plural = "راه‌های پرداخت"
        constraints = [
            models.CheckConstraint(
                name="verified_channel_was_checked",
                condition=Q(is_verified=False) | Q(last_checked_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

"""Through which gateways and terminals money may come."""

from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from payments.enums import GatewayName
from provinces.models import Office
from provinces.scoping import ScopedManager


class GatewaySetting(models.Model):
    """A gateway's switch, order and limits. Switched off it takes no new payment; open ones are asked."""

    name = models.CharField("درگاه", max_length=12, primary_key=True, choices=GatewayName)
    is_enabled = models.BooleanField("فعال", default=True)
    priority = models.PositiveSmallIntegerField("اولویت", default=100, help_text="کوچک‌تر، زودتر")
    least_rial = models.BigIntegerField("کمترین مبلغ (ریال)", default=10_000)
    most_rial = models.BigIntegerField("بیشترین مبلغ (ریال)", default=2_000_000_000)

    class Meta:
        ordering = ["priority"]
        verbose_name = "درگاه"
        verbose_name_plural = "درگاه‌ها"

    def __str__(self) -> str:
        return self.get_name_display()


class Terminal(models.Model):
    """An office's account at a gateway, for a time. Credentials are encrypted; empty ones are headquarters'
    demo credentials from the environment."""

    province_path = "office__province"

    office = models.ForeignKey(Office, models.PROTECT, related_name="terminals", verbose_name="اداره")
    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName)
    label = models.CharField("نام", max_length=80)
    credentials = EncryptedTextField("مشخصات محرمانه (JSON)", blank=True)
    is_active = models.BooleanField("فعال", default=True)
    valid_from = models.DateField("از روز")
    valid_until = models.DateField("تا روز", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "پایانه"
        verbose_name_plural = "پایانه‌ها"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "gateway"], condition=Q(is_active=True), name="one_active_terminal"
            )
        ]

    def __str__(self) -> str:
        return self.label

"""Through which gateways and terminals money may come."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from campaigns.models import Fund
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
    demo credentials from the environment.

    Only its switch is one person's to move. Account, credentials, days and deposit ids change by a proposal that
    another person approved (`payments.services.proposals`); the database refuses any other way, except writing
    the same credentials again under a new key of the ring.
    """

    province_path = "office__province"

    office = models.ForeignKey(Office, models.PROTECT, related_name="terminals", verbose_name="اداره")
    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName)
    label = models.CharField("نام", max_length=80)
    credentials = EncryptedTextField("مشخصات محرمانه (JSON)", blank=True)
    credentials_version = models.PositiveSmallIntegerField("نسخهٔ مشخصات", default=1, db_default=1)
    settlement_iban = models.CharField("شبای حساب تسویه", max_length=26, blank=True, db_default="")
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
            ),
            models.CheckConstraint(
                condition=Q(settlement_iban="") | Q(settlement_iban__regex=r"^IR[0-9]{24}$"),
                name="terminal_iban_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class DepositIdentifier(models.Model):
    """The deposit id (شناسهٔ واریز) that the bank or the treasury gave a terminal for one fund.

    Opaque: up to 30 digits whose check digits are the bank's affair. Sent with the payment where the gateway
    takes one (Sadad's PaymentByIdentity), and the strongest key when the money arrives on a statement.
    """

    province_path = "terminal__office__province"

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="deposit_ids", verbose_name="پایانه")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نوع کمک")
    value = models.CharField(
        "شناسهٔ واریز", max_length=30, validators=[RegexValidator(r"^[0-9]{1,30}\Z", "تنها رقم، تا ۳۰ رقم")]
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "شناسهٔ واریز"
        verbose_name_plural = "شناسه‌های واریز"
        constraints = [
            models.UniqueConstraint(fields=["terminal", "fund"], name="one_deposit_id_a_fund"),
            models.CheckConstraint(condition=Q(value__regex=r"^[0-9]{1,30}$"), name="deposit_id_is_digits"),
        ]

    def __str__(self) -> str:
        return self.value

"""The ways by which money arrives, and who looked after each of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.enums import ChannelEnding, ChannelKind, CheckResult
from provinces.models import Office
from provinces.scoping import ScopedManager


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Channel(models.Model):
    """One way to give: of an office, or of the whole organisation. Its number is shown to donors only while
    headquarters vouches for exactly that number and it is in force.

    `verified_value` is the number that was vouched for; it stays when the confirmation is withdrawn, so that a donor
    who asks about it hears that it is ours no longer. `announced_year` (Jalali) is set for what was once announced in
    public: such a channel is named while it waits, a proposal is not.
    """

    province_path, county_path = "office__province", "office__county"

    code = models.SlugField("کد", max_length=40, unique=True)
    kind = models.CharField("نوع", max_length=8, choices=ChannelKind)
    name = models.CharField("نام", max_length=120)
    value = models.CharField("شماره یا کد", max_length=64, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, verbose_name="اداره", help_text="خالی: سراسری"
    )
    owner = _person("مسئول")
    is_governmental = models.BooleanField(
        "ویژهٔ دستگاه‌های دولتی",
        default=False,
        db_default=False,
        help_text="گزارش‌ها کمک‌های آن را دولتی می‌شمارند",
    )
    least_rial = models.BigIntegerField("کمترین مبلغ (ریال)", null=True, blank=True)
    most_rial = models.BigIntegerField("بیشترین مبلغ (ریال)", null=True, blank=True)
    valid_from = models.DateField("معتبر از", null=True, blank=True)
    valid_until = models.DateField("معتبر تا", null=True, blank=True)
    source = models.CharField("منبع", max_length=200, blank=True)
    announced_year = models.PositiveSmallIntegerField("سال اعلام عمومی", null=True, blank=True)
    proposed_by = _person("پیشنهاددهنده")
    is_verified = models.BooleanField("تأییدشده", default=False)
    verified_by = _person("تأییدکننده")
    verified_value = models.CharField("شمارهٔ تأییدشده", max_length=64, blank=True, editable=False)
    ending = models.CharField("پایان", max_length=8, choices=ChannelEnding, blank=True)
    last_checked_on = models.DateField("آخرین بررسی", null=True, blank=True)
    checked_by = _person("بررسی‌کننده")

    objects = ScopedManager()

    class Meta:
        ordering = ["id"]
        verbose_name = "راه پرداخت"
        verbose_name_plural = "راه‌های پرداخت"
        constraints = [
            models.CheckConstraint(
                name="verified_channel_was_checked",
                condition=Q(is_verified=False) | Q(last_checked_on__isnull=False),
            ),
            models.CheckConstraint(
                name="verified_number_as_vouched_for",
                condition=Q(is_verified=False)
                | Q(value="")
                | Q(verified_by__isnull=False, verified_value=F("value")),
            ),
            models.CheckConstraint(
                name="channel_four_eyes",
                condition=Q(proposed_by=None) | Q(verified_by=None) | ~Q(verified_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="ended_channel_is_not_verified", condition=Q(is_verified=False) | Q(ending="")
            ),
            models.CheckConstraint(
                name="verified_number_is_there",
                condition=Q(is_verified=False) | ~Q(kind__in=["card", "bank", "ussd"]) | ~Q(value=""),
            ),
            models.CheckConstraint(
                name="channel_number_is_canonical",
                condition=Q(value="")
                | Q(kind="card", value__regex=r"^[0-9]{16}$")
                | Q(kind="bank", value__regex=r"^IR[0-9]{24}$")
                | Q(kind="ussd", value__regex=r"^\*[0-9]+(\*[0-9]+)*#$")
                | Q(kind="pos", value__regex=r"^[0-9]{6,12}$"),
            ),
            models.CheckConstraint(
                name="channel_days_in_order",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(kind__in=["card", "bank", "ussd"]) & ~Q(value="") & ~Q(ending="refused"),
                name="channel_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChannelCheck(models.Model):
    """Somebody looked after a channel: when, who, what they found. Written by the services, never changed."""

    province_path, county_path = "channel__office__province", "channel__office__county"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="checks", verbose_name="راه پرداخت")
    at = models.DateTimeField("زمان", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="شخص")
    result = models.CharField("نتیجه", max_length=12, choices=CheckResult)
    note = models.CharField("توضیح", max_length=500, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "بررسی راه پرداخت"
        verbose_name_plural = "بررسی‌های راه‌های پرداخت"

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.get_result_display()}"

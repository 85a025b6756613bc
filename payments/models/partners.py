"""Payment apps and USSD operators that report what they took for us: who they are, their keys, what they reported."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Channel, Fund
from core.fields import EncryptedTextField
from core.money import RialField
from donations.models import Donation
from payments.enums import KeyMode
from provinces.scoping import ScopedManager


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label, **options
    )


class Partner(models.Model):
    """Somebody who takes gifts for us and reports them.

    `source_key` is the key of the statement source whose files and payouts speak of the same money: what is reported
    waits in `receivable:<source_key>` until a payout names it. `fund` is meant where a report names none.
    """

    province_path, county_path = "channel__office__province", "channel__office__county"

    key = models.SlugField("کد", max_length=20, unique=True)
    name = models.CharField("نام", max_length=120)
    source_key = models.SlugField(
        "کد منبع صورت‌حساب", max_length=40, unique=True, help_text="همان کدی که فایل‌های روزانه‌اش با آن می‌آید"
    )
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name="راه پرداخت")
    fund = models.ForeignKey(
        Fund, models.PROTECT, null=True, blank=True, verbose_name="نیت پیش‌فرض",
        help_text="هرگاه گزارشی نیت نداشته باشد",
    )  # fmt: skip
    is_active = models.BooleanField("فعال", default=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False, editable=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["key"]
        verbose_name = "همکار پرداخت"
        verbose_name_plural = "همکاران پرداخت"
        constraints = [
            models.CheckConstraint(name="partner_key_is_plain", condition=Q(key__regex=r"^[a-z0-9_-]{1,20}$"))
        ]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """A partner's key: its id travels openly, its secret only signs. The secret was shown once.

    In force from `valid_from` until `valid_until` (Tehran days, both inclusive) unless revoked. A revoked key stays,
    so that it is known.
    """

    province_path = "partner__channel__office__province"
    county_path = "partner__channel__office__county"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="access_keys", verbose_name="همکار")
    key_id = models.CharField("شناسهٔ کلید", max_length=32, unique=True)
    secret = EncryptedTextField("راز")
    mode = models.CharField("نوع", max_length=8, choices=KeyMode)
    valid_from = models.DateField("از روز")
    valid_until = models.DateField("تا روز", null=True, blank=True)
    created_at = models.DateTimeField("ساخت", db_default=Now())
    created_by = _person("سازنده")
    revoked_at = models.DateTimeField("ابطال", null=True)
    revoked_by = _person("ابطال‌کننده")
    revoke_reason = models.CharField("دلیل ابطال", max_length=300, blank=True)
    last_used_at = models.DateTimeField("آخرین کاربرد", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "کلید همکار"
        verbose_name_plural = "کلیدهای همکاران"
        constraints = [
            models.CheckConstraint(
                name="partner_key_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="revoked_key_says_why",
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class PartnerCall(models.Model):
    """A signed report that was let in: its signature is good for no second one. `counts` says what became of its
    lines. Forgotten after some weeks; the transactions themselves never are."""

    province_path = "key__partner__channel__office__province"
    county_path = "key__partner__channel__office__county"

    key = models.ForeignKey(PartnerKey, models.PROTECT, related_name="calls", verbose_name="کلید")
    signature = models.BinaryField()
    at = models.DateTimeField("زمان", db_default=Now(), db_index=True)
    counts = models.JSONField("سرانجام ردیف‌ها", default=dict)

    objects = ScopedManager()

    class Meta:
        verbose_name = "گزارش همکار"
        verbose_name_plural = "گزارش‌های همکاران"
        constraints = [models.UniqueConstraint(fields=["key", "signature"], name="a_signature_once")]

    def __str__(self) -> str:
        return f"{self.key_id}/{self.pk}"


class PartnerTransaction(models.Model):
    """A gift that a partner reported, once, whatever the partner repeats. Never edited.

    For matching: a line of the partner's files (source key `partner.source_key`) is the same money when it carries the
    same `partner_txn_id`, or the same `rrn` with the same amount; `donation` is the gift. The gift's entry and arrival
    have the source `partner:<partner.key>:<partner_txn_id>`, and `Arrival.evidence` holds texts, empty where nothing
    was said: {"partner", "partner_txn_id", "key_id", "rrn", "trace_no", "terminal", "card_masked"}.
    """

    province_path, county_path = "donation__province", "donation__county"

    partner = models.ForeignKey(Partner, models.PROTECT, db_index=False, verbose_name="همکار")
    partner_txn_id = models.CharField("شمارهٔ تراکنش نزد همکار", max_length=50)
    content = models.BinaryField()
    donation = models.OneToOneField(
        Donation, models.PROTECT, related_name="partner_transaction", verbose_name="کمک"
    )
    amount_rial = RialField("مبلغ (ریال)")
    paid_at = models.DateTimeField("زمان پرداخت")
    rrn = models.CharField("شمارهٔ مرجع", max_length=32, blank=True, db_default="")
    trace_no = models.CharField("شمارهٔ پیگیری", max_length=32, blank=True, db_default="")
    terminal = models.CharField("پایانه", max_length=32, blank=True, db_default="")
    key = models.ForeignKey(PartnerKey, models.PROTECT, db_index=False, related_name="+", verbose_name="کلید")
    reported_at = models.DateTimeField("زمان گزارش", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "تراکنش همکار"
        verbose_name_plural = "تراکنش‌های همکاران"
        constraints = [
            models.UniqueConstraint(fields=["partner", "partner_txn_id"], name="partner_transaction_once"),
            models.CheckConstraint(name="partner_transaction_positive", condition=Q(amount_rial__gt=0)),
        ]
        indexes = [
            models.Index(fields=["partner", "rrn"], condition=~Q(rrn=""), name="partner_transaction_by_rrn")
        ]

    def __str__(self) -> str:
        return self.partner_txn_id


class PartnerRehearsal(models.Model):
    """What a partner reported with a sandbox key: kept for some weeks, so that a repetition is known again and a
    difference is a conflict. No gift, no entry, no figure comes of it."""

    province_path = "partner__channel__office__province"
    county_path = "partner__channel__office__county"

    partner = models.ForeignKey(Partner, models.PROTECT, db_index=False, verbose_name="همکار")
    partner_txn_id = models.CharField("شمارهٔ تراکنش نزد همکار", max_length=50)
    content = models.BinaryField()
    tracking_code = models.CharField("کد رهگیری ساختگی", max_length=16)
    amount_rial = RialField("مبلغ (ریال)")
    paid_at = models.DateTimeField("زمان پرداخت")
    at = models.DateTimeField("زمان گزارش", db_default=Now(), db_index=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "تراکنش آزمایشی همکار"
        verbose_name_plural = "تراکنش‌های آزمایشی همکاران"
        constraints = [
            models.UniqueConstraint(fields=["partner", "partner_txn_id"], name="partner_rehearsal_once")
        ]

    def __str__(self) -> str:
        return self.partner_txn_id

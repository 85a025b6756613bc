"""One try at paying a donation, the trail of its states, and the bank references that are booked."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now

from core.money import RialField
from donations.models import Donation
from payments.enums import RARE_STATES, AttemptState, GatewayName
from payments.models.terminals import Terminal
from provinces.scoping import ScopedManager


class NextOrderId(Func):
    """A numeric order id that no attempt has ever had (made by the database)."""

    function = "payments_next_order_id"
    output_field = models.BigIntegerField()


class Attempt(models.Model):
    """One order at one bank. Amount, order id, gateway and terminal never change; the state moves only by
    `payments.states.transition`, and the database refuses moves that are not in the table."""

    province_path, county_path = "donation__province", "donation__county"

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="attempts", verbose_name="کمک")
    terminal = models.ForeignKey(Terminal, models.PROTECT, db_index=False, verbose_name="پایانه")
    credentials_version = models.PositiveSmallIntegerField("نسخهٔ مشخصات پایانه", default=1, db_default=1)
    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName)
    order_id = models.BigIntegerField("شمارهٔ سفارش", unique=True, db_default=NextOrderId())
    amount_rial = RialField("مبلغ (ریال)")
    token = models.CharField("توکن", max_length=128, blank=True, db_default="")
    state = models.CharField("وضعیت", max_length=12, choices=AttemptState, db_default=AttemptState.CREATED)
    reason = models.CharField("دلیل", max_length=60, blank=True, db_default="")
    evidence = models.JSONField("گواه", null=True)
    seen = models.JSONField("دیدهٔ پیش از تأیید", null=True)
    reference = models.CharField("شمارهٔ مرجع", max_length=64, blank=True, db_default="")
    rrn = models.CharField("RRN", max_length=32, blank=True, db_default="")
    trace_no = models.CharField("شمارهٔ پیگیری", max_length=32, blank=True, db_default="")
    card_masked = models.CharField("کارت", max_length=20, blank=True, db_default="")
    created_at = models.DateTimeField("ساخت", db_default=Now())
    redirected_at = models.DateTimeField("رفتن به بانک", null=True)
    decided_at = models.DateTimeField("تعیین تکلیف", null=True)
    asks = models.PositiveSmallIntegerField("پرسش‌ها", db_default=0)
    next_ask_at = models.DateTimeField("پرسش بعدی", null=True)
    ask_until = models.DateTimeField("مهلت پرسش", null=True)
    leased_until = models.DateTimeField("در دست", null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "تلاش پرداخت"
        verbose_name_plural = "تلاش‌های پرداخت"
        constraints = [
            models.CheckConstraint(name="attempt_positive", condition=Q(amount_rial__gt=0)),
            models.UniqueConstraint(
                fields=["gateway", "token"], condition=~Q(token=""), name="one_attempt_a_token"
            ),
            models.CheckConstraint(
                name="success_has_evidence",
                condition=~Q(state__in=["succeeded", "refunded"])
                | (~Q(reference="") & Q(evidence__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="attempt_to_ask"
            ),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="attempt_by_reference"),
            models.Index(fields=["rrn"], condition=~Q(rrn=""), name="attempt_by_rrn"),
            models.Index(
                fields=["state", "-donation", "-id"],
                condition=Q(state__in=[str(state) for state in RARE_STATES]),
                name="attempt_of_rare_state",
            ),
            BrinIndex(fields=["created_at"], pages_per_range=32, name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.order_id}"


class AttemptEvent(models.Model):
    """One move of an attempt, written by the database with the move itself. Append-only."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="events", verbose_name="تلاش")
    at = models.DateTimeField("زمان", db_default=Now())
    from_state = models.CharField("از", max_length=12, choices=AttemptState)
    to_state = models.CharField("به", max_length=12, choices=AttemptState)
    reason = models.CharField("دلیل", max_length=60, blank=True)
    evidence = models.JSONField("گواه", null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "رویداد تلاش"
        verbose_name_plural = "رویدادهای تلاش"

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.from_state} → {self.to_state}"


class BankReference(models.Model):
    """That a bank's reference is booked, and for which attempt: the same reference never books twice."""

    gateway = models.CharField(max_length=12)
    terminal_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="bank_reference")

    class Meta:
        verbose_name = "مرجع بانکی"
        verbose_name_plural = "مرجع‌های بانکی"
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "terminal_key", "reference"], name="one_booking_a_reference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.reference}"

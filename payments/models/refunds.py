"""Sending money back: an object of its own, asked for by one person and decided by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.money import RialField
from payments.enums import RefundKind, RefundState
from payments.models.attempts import Attempt
from provinces.scoping import ScopedManager


class Refund(models.Model):
    """The whole of one attempt's money going back to the paying card. One attempt is refunded once.

    Asked for and decided by two people (the database sees to it); what a bank took back by itself has no people.
    """

    province_path, county_path = "attempt__donation__province", "attempt__donation__county"

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="refunds", verbose_name="پرداخت")
    kind = models.CharField("نوع", max_length=8, choices=RefundKind, default=RefundKind.ASKED)
    amount_rial = RialField("مبلغ (ریال)")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField("وضعیت", max_length=10, choices=RefundState, default=RefundState.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="درخواست‌کننده"
    )
    requested_at = models.DateTimeField("درخواست", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    bank_answer = models.JSONField("پاسخ بانک", null=True)
    bank_reference = models.CharField("شمارهٔ مرجع برگشت", max_length=64, blank=True)
    done_at = models.DateTimeField("انجام", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "برگشت وجه"
        verbose_name_plural = "برگشت‌های وجه"
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"], condition=~Q(state="refused"), name="one_refund_an_attempt"
            ),
            models.CheckConstraint(
                name="refund_four_eyes",
                condition=Q(kind="by_bank", requested_by=None, decided_by=None, state="done")
                | Q(kind="asked", requested_by__isnull=False, state="requested", decided_by=None)
                | (
                    Q(kind="asked", requested_by__isnull=False, decided_by__isnull=False)
                    & ~Q(state="requested")
                    & ~Q(decided_by=F("requested_by"))
                ),
            ),
            models.CheckConstraint(
                name="refund_done_has_time",
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="refund_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.amount_rial}"

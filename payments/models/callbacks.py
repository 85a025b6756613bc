"""The inbox of the banks' returns."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.enums import CallbackVerdict, GatewayName
from payments.models.attempts import Attempt


class Callback(models.Model):
    """A return as it came in (card numbers masked). A hint: forgeable, repeatable, sometimes missing."""

    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName)
    received_at = models.DateTimeField("زمان", db_default=Now(), db_index=True)
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, verbose_name="تلاش")
    payload = models.JSONField("داده‌ها")
    verdict = models.CharField(
        "نتیجه", max_length=16, choices=CallbackVerdict, db_default=CallbackVerdict.WAITING
    )
    leased_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "بازگشت از بانک"
        verbose_name_plural = "بازگشت‌ها از بانک"
        indexes = [models.Index(fields=["id"], condition=Q(verdict="waiting"), name="callback_waiting")]

    def __str__(self) -> str:
        return f"{self.gateway} #{self.pk}"

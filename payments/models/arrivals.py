"""Money that came by another way than an attempt at a gateway: a partner, a statement line, the counter."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.money import RialField
from donations.models import Donation
from provinces.scoping import ScopedManager


class Arrival(models.Model):
    """The evidence of a gift that no attempt brought. `source` is unique for ever and is the source of its entry
    in the books too, e.g. "partner:ap:8812"; `account` is the ledger account it was debited to. Never edited."""

    province_path, county_path = "donation__province", "donation__county"

    donation = models.OneToOneField(
        Donation, models.PROTECT, primary_key=True, related_name="arrival", verbose_name="کمک"
    )
    source = models.CharField("سبب", max_length=80, unique=True)
    account = models.CharField("حساب دریافت", max_length=80)
    amount_rial = RialField("مبلغ (ریال)")
    reference = models.CharField("شمارهٔ مرجع", max_length=64, blank=True)
    arrived_at = models.DateTimeField("زمان پرداخت")
    evidence = models.JSONField("گواه", default=dict)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="ثبت‌کننده"
    )
    created_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "دریافت"
        verbose_name_plural = "دریافت‌ها"
        constraints = [models.CheckConstraint(name="arrival_positive", condition=Q(amount_rial__gt=0))]

    def __str__(self) -> str:
        return self.source

"""Unusual money: paid twice, of another amount, late, unknown. And what two people decided about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Fund
from core.money import RialField
from donations.models import Donation
from payments.enums import DecisionState, HeldKind, HeldState, Way
from payments.models.attempts import Attempt
from payments.models.callbacks import Callback
from payments.models.terminals import Terminal
from provinces.models import Province
from provinces.scoping import ScopedManager


class HeldMoney(models.Model):
    """Money whose place a person decides, or (late) took its usual way and is shown.

    An attempt has at most one; money of an unknown reference has none until it is assigned. `amount_rial` is what
    the bank says was paid. The database lets a row be decided once, and afterwards only be returned.
    """

    province_path = "province"

    kind = models.CharField("نوع", max_length=20, choices=HeldKind)
    attempt = models.OneToOneField(
        Attempt, models.PROTECT, null=True, related_name="held", verbose_name="پرداخت"
    )
    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="+", verbose_name="پایانه")
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    amount_rial = RialField("مبلغ پرداخت‌شده (ریال)")
    reference = models.CharField("شمارهٔ مرجع بانک", max_length=64, blank=True)
    paid_at = models.DateTimeField("زمان پرداخت")
    state = models.CharField("وضعیت", max_length=10, choices=HeldState, default=HeldState.OPEN)
    opened_at = models.DateTimeField("گشایش", db_default=Now())
    settled_at = models.DateTimeField("تعیین تکلیف", null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="مسئول"
    )
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, related_name="from_held", verbose_name="کمکی که شد"
    )
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="ثبت‌کننده"
    )
    found_in = models.ForeignKey(
        Callback, models.PROTECT, null=True, related_name="+", verbose_name="بازگشت بی‌صاحب"
    )
    note = models.CharField("یادداشت", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "پول نامعمول"
        verbose_name_plural = "پول‌های نامعمول"
        constraints = [
            models.CheckConstraint(name="held_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="held_gift_is_named",
                condition=Q(state="open", settled_at=None, donation=None)
                | Q(state="gift", settled_at__isnull=False, donation__isnull=False)
                | Q(state__in=["returned", "dismissed"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="held_comes_from_somewhere",
                condition=Q(attempt__isnull=False, found_by=None)
                | (Q(kind="unknown_reference", found_by__isnull=False) & ~Q(reference="")),
            ),
            models.UniqueConstraint(
                fields=["terminal", "reference"],
                condition=Q(kind="unknown_reference") & ~Q(state="dismissed"),
                name="unknown_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(state="open"), name="held_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount_rial}"

    @property
    def source(self) -> str:
        """The source of the entry that releases it from suspense."""
        return f"held:{self.pk}"


class HeldDecision(models.Model):
    """One proposed way for held money: asked for by one person, decided by another (the database sees to it)."""

    province_path = "held__province"

    held = models.ForeignKey(HeldMoney, models.PROTECT, related_name="decisions", verbose_name="پول")
    way = models.CharField("راه", max_length=14, choices=Way)
    reason = models.CharField("دلیل", max_length=300)
    basis = models.ForeignKey(
        Donation, models.PROTECT, null=True, related_name="+", verbose_name="کمکی که به آن نسبت داده شد"
    )
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name="نیت")
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    bank_reference = models.CharField("شمارهٔ مرجع برگشت", max_length=64, blank=True)
    state = models.CharField("وضعیت", max_length=10, choices=DecisionState, default=DecisionState.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="پیشنهاددهنده"
    )
    requested_at = models.DateTimeField("پیشنهاد", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تصمیم دربارهٔ پول نامعمول"
        verbose_name_plural = "تصمیم‌ها دربارهٔ پول‌های نامعمول"
        constraints = [
            models.UniqueConstraint(
                fields=["held"], condition=~Q(state="refused"), name="one_decision_in_force"
            ),
            models.CheckConstraint(
                name="held_four_eyes",
                condition=Q(state="requested", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["done", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("requested_by"))
                ),
            ),
            models.CheckConstraint(name="held_decision_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="assignment_names_its_aim",
                condition=~Q(way="assign") | Q(basis__isnull=False) | Q(fund__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_id}: {self.way}"

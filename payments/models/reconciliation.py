"""What a day's money adds up to, what does not fit, and what two people decided about it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.models import Fund
from core.fields import EncryptedTextField
from core.money import RialField
from donations.models import Donation
from payments.enums import ClaimState, DayState, DecisionState, DiscrepancyKind, LineWay
from payments.models.attempts import Attempt
from payments.models.statements import StatementLine, StatementSource
from provinces.models import Office, Province
from provinces.scoping import ScopedManager

DUE_AFTER = timedelta(days=3)  # as the cases of what does not fit


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


class Payout(models.Model):
    """What a gateway, operator or app paid out at once: many lines of its files, one credit at the bank.

    A payout that the files do not name is the sum of a day (`is_named` false) and is booked when the bank's credit
    names it. Lines that become known after a payout was booked make another part of it.
    """

    province_path = "source__office__province"

    source = models.ForeignKey(StatementSource, models.PROTECT, related_name="payouts", verbose_name="منبع")
    ref = models.CharField("شمارهٔ واریز تسویه", max_length=64)
    part = models.PositiveSmallIntegerField("بخش", default=1)
    is_named = models.BooleanField("نام‌برده در فایل", default=True)
    first_day = models.DateField("از روز")
    day = models.DateField("تا روز")
    lines = models.PositiveIntegerField("ردیف‌ها")
    gross_rial = RialField("ناخالص (ریال)")
    fee_rial = RialField("کارمزد (ریال)")
    net_rial = RialField("خالص (ریال)")
    posted_at = models.DateTimeField("ثبت در دفترها", null=True)
    bank_line = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, related_name="payouts", verbose_name="واریز در بانک"
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "واریز تسویه"
        verbose_name_plural = "واریزهای تسویه"
        constraints = [models.UniqueConstraint(fields=["source", "ref", "part"], name="one_payout_a_part")]
        indexes = [
            models.Index(fields=["source", "day"], condition=Q(bank_line=None), name="payout_on_its_way")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.ref}"

    @property
    def entry_source(self) -> str:
        """The source of its entry in the books."""
        return f"payout:{self.pk}"


class MatchSuggestion(models.Model):
    """An attempt that a line may be. Never acted upon by the machine."""

    province_path = "line__source__office__province"

    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="suggestions", verbose_name="ردیف")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+", verbose_name="تلاش پرداخت")
    minutes_apart = models.PositiveIntegerField("فاصلهٔ زمانی (دقیقه)")

    objects = ScopedManager()

    class Meta:
        verbose_name = "پیشنهاد تطبیق"
        verbose_name_plural = "پیشنهادهای تطبیق"
        constraints = [models.UniqueConstraint(fields=["line", "attempt"], name="one_suggestion_a_pair")]

    def __str__(self) -> str:
        return f"{self.line_id} → {self.attempt_id}"


class Discrepancy(models.Model):
    """Something by which ours, the report and the bank do not agree. It has a case for a person; it settles by
    itself when what was missing comes, or by two people's decision."""

    province_path = "source__office__province"

    kind = models.CharField("نوع", max_length=20, choices=DiscrepancyKind)
    subject = models.CharField("دربارهٔ", max_length=80)
    source = models.ForeignKey(StatementSource, models.PROTECT, verbose_name="منبع")
    day = models.DateField("روز")
    line = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, related_name="discrepancies", verbose_name="ردیف"
    )
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, related_name="+", verbose_name="تلاش پرداخت"
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, related_name="+", verbose_name="واریز تسویه"
    )
    donation = models.ForeignKey(Donation, models.PROTECT, null=True, related_name="+", verbose_name="کمک")
    our_rial = RialField("نزد ما (ریال)", null=True)
    their_rial = RialField("نزد آن‌ها (ریال)", null=True)
    opened_at = models.DateTimeField("گشایش", db_default=Now())
    owner = _person("مسئول")
    settled_at = models.DateTimeField("حل شد", null=True)
    settled_by = _person("حل‌کننده")
    resolution = models.CharField("چگونه", max_length=300, blank=True, db_default="")

    objects = ScopedManager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = "ناهمخوانی"
        verbose_name_plural = "ناهمخوانی‌ها"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_discrepancy_a_subject"),
            models.CheckConstraint(
                name="settled_by_says_why", condition=Q(settled_by=None) | ~Q(resolution="")
            ),
        ]
        indexes = [
            models.Index(fields=["source", "day"], condition=Q(settled_at=None), name="discrepancy_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    @property
    def due_at(self):
        """When its case is due."""
        return self.opened_at + DUE_AFTER

    @property
    def is_late(self) -> bool:
        return self.settled_at is None and self.due_at < timezone.now()


class DonorClaim(models.Model):
    """A donor says: this deposit was mine. Nothing about anybody's deposit is told back; two people match it."""

    province_path = "province"

    code = models.CharField("کد پیگیری", max_length=16, unique=True)
    amount_rial = RialField("مبلغ (ریال)")
    day = models.DateField("روز واریز")
    last_digits = models.CharField("چهار رقم آخر کارت یا حساب", max_length=4)
    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField("نام", max_length=80, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نیت")
    province = models.ForeignKey(Province, models.PROTECT, null=True, verbose_name="استان")
    state = models.CharField("وضعیت", max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    created_at = models.DateTimeField("ثبت", db_default=Now())
    answered_at = models.DateTimeField("پاسخ", null=True)
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, related_name="claim", verbose_name="کمکی که شد"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "پیگیری واریز"
        verbose_name_plural = "پیگیری‌های واریز"
        constraints = [
            models.CheckConstraint(name="claim_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(name="claim_digits", condition=Q(last_digits__regex=r"^[0-9]{4}$")),
            models.CheckConstraint(
                name="claim_has_its_gift",
                condition=Q(state="done", donation__isnull=False, answered_at__isnull=False)
                | (~Q(state="done") & Q(donation=None)),
            ),
            models.UniqueConstraint(
                name="one_open_claim_of_the_same_words",
                fields=["mobile_hash", "amount_rial", "day", "last_digits"],
                condition=Q(state__in=["open", "proposed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ManualDecision(models.Model):
    """What a person proposes for a line, a payout's rest or a claim, and another person decides (the database sees
    to it that they are two)."""

    province_path = "office__province"

    office = models.ForeignKey(Office, models.PROTECT, verbose_name="اداره")
    way = models.CharField("راه", max_length=12, choices=LineWay)
    line = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, related_name="decisions", verbose_name="ردیف"
    )
    discrepancy = models.ForeignKey(
        Discrepancy, models.PROTECT, null=True, related_name="decisions", verbose_name="ناهمخوانی"
    )
    claim = models.ForeignKey(
        DonorClaim, models.PROTECT, null=True, related_name="decisions", verbose_name="پیگیری"
    )
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, related_name="+", verbose_name="تلاش پرداخت"
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, related_name="+", verbose_name="واریز تسویه"
    )
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name="نیت")
    amount_rial = RialField("مبلغ (ریال)")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField("وضعیت", max_length=10, choices=DecisionState, default=DecisionState.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="پیشنهاددهنده"
    )
    requested_at = models.DateTimeField("پیشنهاد", db_default=Now())
    decided_by = _person("تصمیم‌گیرنده")
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تصمیم تطبیق"
        verbose_name_plural = "تصمیم‌های تطبیق"
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(line__isnull=False) & ~Q(state="refused"),
                name="one_decision_a_line",
            ),
            models.UniqueConstraint(
                fields=["discrepancy"],
                condition=Q(discrepancy__isnull=False) & ~Q(state="refused"),
                name="one_decision_a_discrepancy",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(claim__isnull=False) & ~Q(state="refused"),
                name="one_decision_a_claim",
            ),
            models.CheckConstraint(
                name="match_four_eyes",
                condition=Q(state="requested", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["done", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("requested_by"))
                ),
            ),
            models.CheckConstraint(name="match_decision_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="decision_is_about_something",
                condition=Q(line__isnull=False) | Q(discrepancy__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_names_its_aim",
                condition=(~Q(way="match") | Q(attempt__isnull=False) | Q(payout__isnull=False))
                & (~Q(way="gift") | Q(fund__isnull=False))
                & (~Q(way="claim") | Q(claim__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.line_id or self.discrepancy_id}"

    @property
    def entry_source(self) -> str:
        """The source of the entry it books."""
        return f"claim:{self.claim_id}" if self.claim_id else f"decision:{self.pk}"


class DayBalance(models.Model):
    """An account on a day: ours, the report, the bank. A summary that can be made again at any time
    (`payments.services.reconciliation`); pages read this and never the lines of a day."""

    province_path = "office__province"

    office = models.ForeignKey(Office, models.PROTECT, verbose_name="اداره")
    account = models.CharField("حساب", max_length=80)
    day = models.DateField("روز")
    our_count = models.PositiveIntegerField("شمار نزد ما", default=0)
    our_rial = RialField("نزد ما (ریال)", default=0)
    report_count = models.PositiveIntegerField("شمار در گزارش", default=0)
    report_rial = RialField("در گزارش (ریال)", default=0)
    bank_count = models.PositiveIntegerField("شمار رسیده به بانک", default=0)
    bank_rial = RialField("رسیده به بانک (ریال)", default=0)
    open_count = models.PositiveIntegerField("ناهمخوانی باز", default=0)
    open_rial = RialField("مبلغ ناهمخوان (ریال)", default=0)
    state = models.CharField("وضعیت", max_length=10, choices=DayState)
    as_of = models.DateTimeField("به‌روز در", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "تراز روز"
        verbose_name_plural = "ترازهای روز"
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_balance_a_day")]
        indexes = [models.Index(fields=["office", "day"], name="balance_by_office")]

    def __str__(self) -> str:
        return f"{self.account} {self.day}"

    @property
    def difference_rial(self) -> int:
        """What is more with us (positive) or more in the report (negative)."""
        return self.our_rial - self.report_rial

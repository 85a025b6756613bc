"""Cash in an office's hands: what notes there are, what two people counted, what was carried to the bank, and what
was decided about what a count found missing or too much."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Fund
from core.money import RialField
from payments.enums import CountState, DecisionState, DepositKind, DepositState, DifferenceWay
from provinces.models import Office
from provinces.scoping import ScopedManager


class Denomination(models.Model):
    """A note or coin that may lie in a cash box."""

    value_rial = RialField("ارزش (ریال)", unique=True)
    name = models.CharField("نام", max_length=60)
    is_active = models.BooleanField("در گردش", default=True)

    class Meta:
        ordering = ["-value_rial"]
        verbose_name = "اسکناس یا سکه"
        verbose_name_plural = "اسکناس‌ها و سکه‌ها"
        constraints = [models.CheckConstraint(name="denomination_positive", condition=Q(value_rial__gt=0))]

    def __str__(self) -> str:
        return self.name


class CashDeposit(models.Model):
    """Cash or a cashed cheque on its way to our bank account. It moves nothing in the books until the bank's own line
    is matched to it; `amount_rial` is what the slip says."""

    province_path, county_path = "office__province", "office__county"

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    kind = models.CharField("جنس", max_length=6, choices=DepositKind, default=DepositKind.CASH)
    bank = models.CharField("بانک و شعبه", max_length=80)
    slip_number = models.CharField("شمارهٔ فیش", max_length=30)
    amount_rial = RialField("مبلغ (ریال)")
    deposited_on = models.DateField("روز واریز")
    photo = models.FileField("تصویر فیش", upload_to="deposits/", blank=True)
    state = models.CharField("وضعیت", max_length=9, choices=DepositState, default=DepositState.AWAITING)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ثبت‌کننده"
    )
    recorded_at = models.DateTimeField("ثبت", db_default=Now())
    bank_account = models.CharField("حساب بانکی در دفترها", max_length=80, blank=True)
    line_id = models.BigIntegerField("ردیف صورت‌حساب", null=True)
    matched_at = models.DateTimeField("تطبیق", null=True)
    reason = models.CharField("دلیل پس‌گرفتن", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "فیش واریز"
        verbose_name_plural = "فیش‌های واریز"
        constraints = [
            models.CheckConstraint(name="deposit_positive", condition=Q(amount_rial__gt=0)),
            models.UniqueConstraint(
                fields=["bank", "slip_number"], condition=~Q(state="withdrawn"), name="deposit_slip_once"
            ),
            models.CheckConstraint(
                name="matched_deposit_says_where",
                condition=(Q(state="matched", matched_at__isnull=False) & ~Q(bank_account=""))
                | (~Q(state="matched") & Q(matched_at=None, bank_account="", line_id=None)),
            ),
            models.CheckConstraint(
                name="withdrawn_deposit_says_why", condition=~Q(state="withdrawn") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.slip_number}"

    @property
    def source(self) -> str:
        """The source of its entry in the books."""
        return f"deposit:{self.pk}"


class CashCount(models.Model):
    """One count of what an office took since its last count: by one person, confirmed by another (the database sees
    to it). The gifts it covers point to it; `counted_rial` is what really lay there."""

    province_path, county_path = "office__province", "office__county"

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    day = models.DateField("روز (تهران)")
    state = models.CharField("وضعیت", max_length=9, choices=CountState, default=CountState.WAITING)
    expected_rial = RialField("باید باشد (ریال)")
    counted_rial = RialField("شمرده شد (ریال)")
    note = models.CharField("یادداشت", max_length=300, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="شمارنده"
    )
    counted_at = models.DateTimeField("شمارش", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تأییدکننده"
    )
    decided_at = models.DateTimeField("تأیید", null=True)
    reason = models.CharField("دلیل رد", max_length=300, blank=True)
    deposit = models.ForeignKey(
        CashDeposit, models.PROTECT, null=True, related_name="counts", verbose_name="فیش واریز"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "شمارش صندوق"
        verbose_name_plural = "شمارش‌های صندوق"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day"], condition=~Q(state="refused"), name="one_count_an_office_and_day"
            ),
            models.CheckConstraint(
                name="count_four_eyes",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("counted_by"))
                ),
            ),
            models.CheckConstraint(
                name="only_confirmed_cash_is_deposited", condition=Q(deposit=None) | Q(state="confirmed")
            ),
            models.CheckConstraint(
                name="count_not_negative", condition=Q(expected_rial__gte=0, counted_rial__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.day}"

    @property
    def difference_rial(self) -> int:
        """What was too much (positive) or missing (negative) when it was counted; what is left of it to decide says
        `payments.cash_selectors`."""
        return self.counted_rial - self.expected_rial


class CashCountLine(models.Model):
    """How many of one note lay there."""

    province_path, county_path = "count__office__province", "count__office__county"

    count = models.ForeignKey(CashCount, models.PROTECT, related_name="lines")
    denomination = models.ForeignKey(Denomination, models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField("شمار")

    objects = ScopedManager()

    class Meta:
        ordering = ["-denomination__value_rial"]
        verbose_name = "ردیف شمارش"
        verbose_name_plural = "ردیف‌های شمارش"
        constraints = [models.UniqueConstraint(fields=["count", "denomination"], name="one_line_a_note")]

    def __str__(self) -> str:
        return f"{self.count_id}: {self.pieces} × {self.denomination_id}"


class CashDifference(models.Model):
    """What two people decide about cash that a confirmed count found missing (`amount_rial` is negative) or too much
    (the database sees to it that they are two). `counted_in` is the count in which money that was made good lay."""

    province_path, county_path = "count__office__province", "count__office__county"

    count = models.ForeignKey(CashCount, models.PROTECT, related_name="differences", verbose_name="شمارش")
    way = models.CharField("راه", max_length=9, choices=DifferenceWay)
    amount_rial = RialField("مبلغ (ریال)")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name="نیت")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField("وضعیت", max_length=9, choices=DecisionState, default=DecisionState.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="پیشنهاددهنده"
    )
    requested_at = models.DateTimeField("پیشنهاد", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)
    counted_in = models.ForeignKey(
        CashCount, models.PROTECT, null=True, related_name="made_good", verbose_name="شمارش بعدی"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تصمیم کسری یا فزونی"
        verbose_name_plural = "تصمیم‌های کسری و فزونی"
        constraints = [
            models.UniqueConstraint(
                fields=["count"], condition=Q(state="requested"), name="one_open_decision_a_count"
            ),
            models.CheckConstraint(
                name="difference_four_eyes",
                condition=Q(state="requested", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["done", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("requested_by"))
                ),
            ),
            models.CheckConstraint(name="difference_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="difference_fits_its_way",
                condition=Q(way__in=["write_off", "made_good"], amount_rial__lt=0, fund=None)
                | Q(way="gift", amount_rial__gt=0, fund__isnull=False),
            ),
            models.CheckConstraint(
                name="only_made_good_is_counted_again",
                condition=Q(counted_in=None) | Q(way="made_good", state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count_id}: {self.amount_rial}"

    @property
    def source(self) -> str:
        """The source of its entry in the books."""
        return f"difference:{self.pk}"

"""Gifts handed over at an office's counter: cash, cheques and slips of card readers, and the numbers they get."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Edition, Fund
from core.fields import EncryptedTextField
from core.money import RialField
from donations.models import Donation
from payments.enums import CancelMoney, ChequeState, CorrectionState, CounterState, CounterWay
from payments.models.cash import CashCount, CashDeposit
from provinces.models import County, Office, Province
from provinces.scoping import ScopedManager


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class CounterGift(models.Model):
    """What a clerk took in. Cash and card slips are booked at once; a cheque is pending until the bank has cashed it.

    `key` comes with the clerk's form: the same form sent twice, or from two tabs, is one gift. Amount, office, way
    and purpose never change (the database sees to it): a mistake is cancelled and written anew.
    """

    province_path, county_path = "office__province", "office__county"

    key = models.UUIDField("کلید یکتایی", unique=True)
    body_hash = models.CharField(max_length=64)
    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="+", verbose_name="اداره")
    way = models.CharField("راه", max_length=6, choices=CounterWay)
    state = models.CharField("وضعیت", max_length=9, choices=CounterState, default=CounterState.PENDING)
    amount_rial = RialField("مبلغ (ریال)")
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False, related_name="+", verbose_name="نیت")
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="استان"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="شهرستان"
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="دورهٔ پویش"
    )
    donor_name = models.CharField("نام نیکوکار", max_length=80, blank=True)
    mobile = EncryptedTextField("شمارهٔ همراه", blank=True)
    taken_by = _person("دریافت‌کننده")
    taken_at = models.DateTimeField("دریافت")
    taken_on = models.DateField("روز (تهران)")
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, related_name="counter_gift", verbose_name="کمک"
    )
    booked_at = models.DateTimeField("ثبت در دفترها", null=True)
    count = models.ForeignKey(
        CashCount, models.PROTECT, null=True, related_name="gifts", verbose_name="شمارش صندوق"
    )
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "کمک پای پیشخوان"
        verbose_name_plural = "کمک‌های پای پیشخوان"
        constraints = [
            models.CheckConstraint(name="counter_gift_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="booked_counter_gift_has_its_donation",
                condition=Q(
                    state__in=["booked", "cancelled"], donation__isnull=False, booked_at__isnull=False
                )
                | Q(state__in=["pending", "bounced", "returned"], donation=None, booked_at=None),
            ),
            models.CheckConstraint(
                name="only_cash_is_counted",
                condition=Q(count=None) | Q(way="cash", state__in=["booked", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["office", "taken_on"], name="counter_day"),
            models.Index(
                fields=["office"],
                condition=Q(way="cash", state="booked", count=None),
                name="counter_uncounted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.amount_rial}"


class CounterBook(models.Model):
    """The last number an office gave in a Jalali year. Locked while a number is given, so that none is skipped."""

    province_path, county_path = "office__province", "office__county"

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    year = models.PositiveSmallIntegerField("سال")
    last_number = models.PositiveIntegerField("آخرین شماره")

    objects = ScopedManager()

    class Meta:
        verbose_name = "دفتر رسید"
        verbose_name_plural = "دفترهای رسید"
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="one_book_a_year")]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.year}"


class CounterNumber(models.Model):
    """The number of a booked gift: 1, 2, 3 … for each office and Jalali year. Given once, kept for ever, also by a
    gift that was cancelled."""

    province_path, county_path = "office__province", "office__county"

    gift = models.OneToOneField(
        CounterGift, models.PROTECT, primary_key=True, related_name="number", verbose_name="کمک"
    )
    office = models.ForeignKey(Office, models.PROTECT, db_index=False, related_name="+", verbose_name="اداره")
    year = models.PositiveSmallIntegerField("سال")
    number = models.PositiveIntegerField("شماره")

    objects = ScopedManager()

    class Meta:
        verbose_name = "شمارهٔ رسید پیشخوان"
        verbose_name_plural = "شماره‌های رسید پیشخوان"
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "number"], name="counter_number_once")
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        """The number as the receipt prints it: "1405-C12-000034"."""
        return f"{self.year}-C{self.office_id}-{self.number:06d}"

    @property
    def source(self) -> str:
        """What names the gift in the books."""
        return f"counter:{self.office_id}:{self.year}:{self.number}"


class Cheque(models.Model):
    """A cheque in an office's hands. `number` is its Sayad identifier or the number printed on it."""

    province_path, county_path = "gift__office__province", "gift__office__county"

    gift = models.OneToOneField(
        CounterGift, models.PROTECT, primary_key=True, related_name="cheque", verbose_name="کمک"
    )
    number = models.CharField("شناسه یا شمارهٔ چک", max_length=16)
    bank = models.CharField("بانک", max_length=60)
    due_on = models.DateField("سررسید")
    state = models.CharField("وضعیت", max_length=8, choices=ChequeState, default=ChequeState.IN_HAND)
    decided_by = _person("تعیین‌کننده", null=True)
    decided_at = models.DateTimeField("تعیین", null=True)
    reason = models.CharField("دلیل", max_length=300, blank=True)
    deposit = models.OneToOneField(
        CashDeposit, models.PROTECT, null=True, related_name="cheque", verbose_name="فیش واریز"
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "چک"
        verbose_name_plural = "چک‌ها"
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "number"], condition=Q(state__in=["in_hand", "cashed"]), name="cheque_once"
            ),
            models.CheckConstraint(
                name="cheque_state_has_its_evidence",
                condition=Q(state="in_hand", decided_by=None, deposit=None)
                | Q(state="cashed", decided_by__isnull=False, deposit__isnull=False)
                | (
                    Q(state__in=["bounced", "returned"], decided_by__isnull=False, deposit=None)
                    & ~Q(reason="")
                ),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="in_hand"), name="cheque_in_hand")]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"


class CardSlip(models.Model):
    """The slip of a card reader. A slip counts once; `is_void` frees it where its gift was cancelled."""

    province_path, county_path = "gift__office__province", "gift__office__county"

    gift = models.OneToOneField(
        CounterGift, models.PROTECT, primary_key=True, related_name="slip", verbose_name="کمک"
    )
    terminal_code = models.CharField("شمارهٔ پایانه", max_length=16)
    rrn = models.CharField("شمارهٔ مرجع (RRN)", max_length=16)
    trace_no = models.CharField("شمارهٔ پیگیری", max_length=12)
    paid_on = models.DateField("روز پرداخت")
    is_void = models.BooleanField("آزادشده", default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = "رسید کارت‌خوان"
        verbose_name_plural = "رسیدهای کارت‌خوان"
        constraints = [
            models.UniqueConstraint(
                fields=["terminal_code", "rrn"], condition=Q(is_void=False), name="slip_rrn_once"
            ),
            models.UniqueConstraint(
                fields=["terminal_code", "paid_on", "trace_no"],
                condition=Q(is_void=False),
                name="slip_trace_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terminal_code} {self.rrn}"


class CounterCorrection(models.Model):
    """Cancelling a gift: asked for by one person, decided by another (the database sees to it). The number stays
    used. Where the money had come, it went back from `bank_account` with `bank_reference`, or stays and is written down
    for the purpose meant (`fund`, `province`, `county`) as the gift `anew`; where it had not, the gift falls out of its
    count, which is kept as `count`."""

    province_path, county_path = "gift__office__province", "gift__office__county"

    gift = models.ForeignKey(CounterGift, models.PROTECT, related_name="corrections", verbose_name="کمک")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField(
        "وضعیت", max_length=9, choices=CorrectionState, default=CorrectionState.REQUESTED
    )
    requested_by = _person("درخواست‌کننده")
    requested_at = models.DateTimeField("درخواست", db_default=Now())
    decided_by = _person("تصمیم‌گیرنده", null=True)
    decided_at = models.DateTimeField("تصمیم", null=True)
    decision_reason = models.CharField("دلیل تصمیم", max_length=300, blank=True)
    money = models.CharField(
        "پول", max_length=4, choices=CancelMoney, default=CancelMoney.NONE, db_default=CancelMoney.NONE
    )
    bank_account = models.CharField("حساب بانکی در دفترها", max_length=80, blank=True, db_default="")
    bank_reference = models.CharField("شمارهٔ پیگیری برگشت", max_length=40, blank=True, db_default="")
    count = models.ForeignKey(
        CashCount, models.PROTECT, null=True, related_name="fallen_out", verbose_name="شمارش صندوق"
    )
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="+", verbose_name="نیت درست")
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, related_name="+", verbose_name="استان درست"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان درست"
    )
    anew = models.OneToOneField(
        CounterGift, models.PROTECT, null=True, related_name="made_of", verbose_name="کمک ازنوثبت‌شده"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "ابطال کمک پیشخوان"
        verbose_name_plural = "ابطال‌های کمک پیشخوان"
        constraints = [
            models.UniqueConstraint(
                fields=["gift"], condition=~Q(state="refused"), name="one_correction_a_gift"
            ),
            models.CheckConstraint(name="correction_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="money_back_names_its_transfer",
                condition=Q(money="none", bank_account="", bank_reference="", fund=None)
                | (Q(money="bank", count=None, fund=None) & ~Q(bank_account="") & ~Q(bank_reference=""))
                | Q(money="kept", bank_account="", bank_reference="", count=None, fund__isnull=False),
            ),
            models.CheckConstraint(
                name="kept_money_is_a_gift_anew",
                condition=Q(money="kept", state="done", anew__isnull=False)
                | (~Q(money="kept", state="done") & Q(anew=None)),
            ),
            models.UniqueConstraint(
                fields=["bank_account", "bank_reference"],
                condition=Q(money="bank") & ~Q(state="refused"),
                name="one_transfer_a_cancellation",
            ),
            models.CheckConstraint(
                name="correction_four_eyes",
                condition=Q(state="requested", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["done", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("requested_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift_id}: {self.state}"

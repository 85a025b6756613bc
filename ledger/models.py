"""The books. Only this room touches these tables; the database refuses UPDATE, DELETE and TRUNCATE on them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from campaigns.models import Branch, Channel, Edition, Fund, Need, Placement
from ledger.enums import AccountType, EntryKind, GiftKind
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Account(models.Model):
    """An account in one currency unit. `gift_kind` is set on income accounts and on those of what gifts were spent on;
    these are what the figures add up."""

    code = models.CharField("کد", max_length=80, unique=True)
    name = models.CharField("نام", max_length=160)
    type = models.CharField("نوع", max_length=10, choices=AccountType)
    gift_kind = models.CharField("جنس", max_length=8, choices=GiftKind, blank=True)
    unit = models.CharField("واحد پول", max_length=3, default="IRR")

    class Meta:
        verbose_name = "حساب"
        verbose_name_plural = "حساب‌ها"
        constraints = [
            models.CheckConstraint(
                name="income_has_gift_kind",
                condition=models.Q(type="income") & ~models.Q(gift_kind="")
                | models.Q(type="expense")
                | ~models.Q(type__in=["income", "expense"]) & models.Q(gift_kind=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Dimension(models.Model):
    """One combination of what figures are asked by. A leg points to it with a single foreign key."""

    province_path, county_path = "province", "county"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+", verbose_name="نوع کمک")
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان")
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, related_name="+", verbose_name="دورهٔ پویش"
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+", verbose_name="شاخه")
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="+", verbose_name="راه پرداخت"
    )
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+", verbose_name="نیاز")

    objects = ScopedManager()

    class Meta:
        verbose_name = "بُعد"
        verbose_name_plural = "بُعدها"
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "province", "county", "edition", "branch", "channel", "need"],
                nulls_distinct=False,
                name="one_dimension_a_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Entry(models.Model):
    """One event in the books. `source` names what caused it and books it once and no more."""

    kind = models.CharField("نوع", max_length=12, choices=EntryKind)
    source = models.CharField("سبب", max_length=80, unique=True)
    occurred_at = models.DateTimeField("زمان رویداد")
    day = models.DateField("روز (تهران)")
    posted_at = models.DateTimeField("زمان ثبت", db_default=Now())
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, db_index=False, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    memo = models.CharField("شرح", max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = "سند"
        verbose_name_plural = "سندها"

    def __str__(self) -> str:
        return f"{self.pk} {self.source}"


class Posting(models.Model):
    """One leg of an entry: positive is debit, negative is credit, whole rials."""

    province_path, county_path = "dimension__province", "dimension__county"

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings", verbose_name="سند")
    account = models.ForeignKey(
        Account, models.PROTECT, db_index=False, related_name="+", verbose_name="حساب"
    )
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, db_index=False, related_name="+", verbose_name="بُعد"
    )
    amount_rial = models.BigIntegerField("مبلغ (ریال)")

    objects = ScopedManager()

    class Meta:
        verbose_name = "ردیف سند"
        verbose_name_plural = "ردیف‌های سند"
        constraints = [models.CheckConstraint(condition=~models.Q(amount_rial=0), name="posting_not_zero")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.amount_rial}"


class ClosedDay(models.Model):
    """A day into which nothing is booked any more, for a province (or "" for what belongs to no province). The
    database refuses such entries; `ledger.closing` writes these rows."""

    province_code = models.CharField("استان", max_length=2, blank=True)
    day = models.DateField("روز")
    closed_at = models.DateTimeField("بسته شد", db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="به دست"
    )
    reason = models.CharField("دلیل", max_length=300, blank=True)

    class Meta:
        verbose_name = "روز بسته"
        verbose_name_plural = "روزهای بسته"
        constraints = [models.UniqueConstraint(fields=["province_code", "day"], name="a_day_is_closed_once")]

    def __str__(self) -> str:
        return f"{self.province_code or '--'} {self.day}"


class ClosedMonth(models.Model):
    """A Jalali month all of whose days are closed, and that was signed as a whole."""

    province_code = models.CharField("استان", max_length=2, blank=True)
    starts_on = models.DateField("نخستین روز")
    closed_at = models.DateTimeField("بسته شد", db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="به دست"
    )

    class Meta:
        verbose_name = "ماه بسته"
        verbose_name_plural = "ماه‌های بسته"
        constraints = [
            models.UniqueConstraint(fields=["province_code", "starts_on"], name="a_month_is_closed_once")
        ]

    def __str__(self) -> str:
        return f"{self.province_code or '--'} {self.starts_on}"


class FoldRow(models.Model):
    """An entry that figures and seals have not taken in yet; written by the database with the entry."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = "سند در راه"
        verbose_name_plural = "سندهای در راه"

    def __str__(self) -> str:
        return str(self.entry_id)


class SealChunk(models.Model):
    """A link of the hash chain: the entries it sealed (id and digest each) and the chain's value after it."""

    day = models.DateField("روز", db_index=True)
    sealed_at = models.DateTimeField("زمان", db_default=Now())
    entries = models.PositiveIntegerField("سندها")
    leaves = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        verbose_name = "مُهر"
        verbose_name_plural = "مُهرها"

    def __str__(self) -> str:
        return f"{self.pk} {bytes(self.digest).hex()[:12]}"


class SealRow(models.Model):
    """A row outside the books (a receipt, an allocation, a delivery …) that the second chain has not sealed yet;
    written by the database with the row."""

    kind = models.CharField(max_length=16)
    row_id = models.BigIntegerField()

    class Meta:
        verbose_name = "ردیف در راه مُهر"
        verbose_name_plural = "ردیف‌های در راه مُهر"

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class RowSealChunk(models.Model):
    """A link of the second chain: the rows it sealed (kind, id and digest each) and the chain's value after it."""

    day = models.DateField("روز", db_index=True)
    sealed_at = models.DateTimeField("زمان", db_default=Now())
    rows = models.PositiveIntegerField("ردیف‌ها")
    leaves = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        verbose_name = "مُهر ردیف‌ها"
        verbose_name_plural = "مُهرهای ردیف‌ها"

    def __str__(self) -> str:
        return f"{self.pk} {bytes(self.digest).hex()[:12]}"

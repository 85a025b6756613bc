"""Files of banks, gateways and payment apps: where they come from, how they are read, and each of their lines."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaigns.models import Channel, Fund
from core.fields import EncryptedTextField
from payments.enums import FileFormat, GatewayName, ImportState, LineKind, LineState, SourceKind
from payments.models.terminals import Terminal
from provinces.models import Office
from provinces.scoping import ScopedManager


class MappingProfile(models.Model):
    """How one layout of file is read, as data: header aliases, calendar, unit, sign, encoding, key columns.
    `rules` is checked by `payments.statements.profiles`."""

    key = models.SlugField("کد", max_length=40, unique=True)
    name = models.CharField("نام", max_length=120)
    kind = models.CharField("نوع", max_length=20, choices=SourceKind)
    file_format = models.CharField("قالب فایل", max_length=5, choices=FileFormat)
    rules = models.JSONField("قاعده‌های خواندن", default=dict)

    class Meta:
        ordering = ["key"]
        verbose_name = "الگوی خواندن"
        verbose_name_plural = "الگوهای خواندن"

    def __str__(self) -> str:
        return self.name


class StatementSource(models.Model):
    """Somebody who sends files about one account: a gateway, a bank account, an operator, an app, a card reader.

    `account` is the ledger account whose money the lines speak of. `channel`, `fund` tell what a gift is that
    becomes known only by a line of this source (USSD, app, POS, deposit)."""

    province_path = "office__province"

    key = models.SlugField("کد", max_length=40, unique=True)
    name = models.CharField("نام", max_length=120)
    kind = models.CharField("نوع", max_length=20, choices=SourceKind)
    profile = models.ForeignKey(MappingProfile, models.PROTECT, verbose_name="الگوی خواندن")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name="اداره")
    account = models.CharField("حساب در دفترها", max_length=80)
    gateway = models.CharField("درگاه", max_length=12, choices=GatewayName, blank=True)
    terminal = models.ForeignKey(Terminal, models.PROTECT, null=True, blank=True, verbose_name="پایانه")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, verbose_name="راه پرداخت")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, verbose_name="نوع کمک")
    account_numbers = models.CharField(
        "شبا و شمارهٔ حساب", max_length=200, blank=True, db_default="",
        help_text="با ویرگول از هم جدا شوند. فایلی که نام حساب دیگری را ببرد پذیرفته نمی‌شود.",
    )  # fmt: skip
    is_active = models.BooleanField("فعال", default=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["key"]
        verbose_name = "منبع صورت‌حساب"
        verbose_name_plural = "منبع‌های صورت‌حساب"

    def __str__(self) -> str:
        return self.name

    @property
    def own_accounts(self) -> list[str]:
        """The Sheba and numbers of its account, as typed."""
        return [
            number for typed in self.account_numbers.replace("،", ",").split(",") if (number := typed.strip())
        ]


class StatementImport(models.Model):
    """One file of a source. The same content is taken once; `counts` says what became of its lines."""

    province_path = "source__office__province"

    source = models.ForeignKey(StatementSource, models.PROTECT, related_name="imports", verbose_name="منبع")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField("نام فایل", max_length=200)
    file_path = models.CharField(max_length=300)
    size_bytes = models.BigIntegerField("حجم")
    state = models.CharField("وضعیت", max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    progress = models.PositiveSmallIntegerField("پیشرفت (٪)", default=0)
    counts = models.JSONField("شمارش", default=dict)
    reason = models.CharField("دلیل", max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="فرستنده"
    )
    created_at = models.DateTimeField("دریافت", db_default=Now())
    finished_at = models.DateTimeField("پایان", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "فایل صورت‌حساب"
        verbose_name_plural = "فایل‌های صورت‌حساب"
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="one_import_a_file")]

    def __str__(self) -> str:
        return self.file_name


class StatementLine(models.Model):
    """One line of a source, once, whichever files carried it.

    `fingerprint` is 16 bytes over the profile's key columns, or else over the content and the ordinal among equal
    lines of that day (two equal gifts are two gifts); `content` is 16 bytes over everything the line says, so that a
    corrected file shows. Day first in the key: new lines lie side by side in the index however old the table is.
    """

    province_path = "source__office__province"

    # Two constraints a line were a quarter of an import's work; sources and imports cannot be deleted.
    source = models.ForeignKey(
        StatementSource, models.PROTECT, db_index=False, db_constraint=False, verbose_name="منبع"
    )
    first_import = models.ForeignKey(
        StatementImport, models.PROTECT, db_index=False, db_constraint=False, related_name="lines"
    )
    line_no = models.PositiveIntegerField("ردیف در فایل")
    day = models.DateField("روز (تهران)")
    fingerprint = models.BinaryField()
    content = models.BinaryField()
    key_rank = models.PositiveSmallIntegerField(
        "توان کلید", db_default=0
    )  # 0 the strongest; 99: only its content
    kind = models.CharField("نوع", max_length=10, choices=LineKind)
    state = models.CharField("وضعیت", max_length=10, choices=LineState, default=LineState.NEW)
    rule = models.CharField("قاعدهٔ تطبیق", max_length=20, blank=True, db_default="")
    amount_rial = models.BigIntegerField("مبلغ (ریال)")
    fee_rial = models.BigIntegerField("کارمزد (ریال)", db_default=0)
    occurred_at = models.DateTimeField("زمان")
    terminal_code = models.CharField("شمارهٔ پایانه", max_length=32, blank=True, db_default="")
    rrn = models.CharField("شمارهٔ مرجع", max_length=32, blank=True, db_default="")
    reference = models.CharField("رسید دیجیتال", max_length=64, blank=True, db_default="")
    trace_no = models.CharField("شمارهٔ پیگیری", max_length=32, blank=True, db_default="")
    order_id = models.CharField("شمارهٔ سفارش", max_length=50, blank=True, db_default="")
    deposit_id = models.CharField("شناسهٔ واریز", max_length=30, blank=True, db_default="")
    payout_ref = models.CharField("شمارهٔ واریز تسویه", max_length=64, blank=True, db_default="")
    card_masked = models.CharField("کارت", max_length=20, blank=True, db_default="")
    description = models.CharField("شرح", max_length=300, blank=True, db_default="")
    attempt_id = models.BigIntegerField("تلاش پرداخت", null=True)
    donation_id = models.BigIntegerField("کمک", null=True)
    entry_source = models.CharField("سند", max_length=80, blank=True, db_default="")
    payout_id = models.BigIntegerField("واریز تسویه", null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "ردیف صورت‌حساب"
        verbose_name_plural = "ردیف‌های صورت‌حساب"
        constraints = [
            models.UniqueConstraint(fields=["source", "day", "fingerprint"], name="each_line_once"),
            models.CheckConstraint(name="matched_line_says_how", condition=~Q(state="matched") | ~Q(rule="")),
            models.UniqueConstraint(
                fields=["attempt_id", "source", "kind"],
                condition=Q(state="matched", attempt_id__isnull=False),
                name="one_line_an_attempt",
            ),
            models.UniqueConstraint(
                fields=["donation_id", "source", "kind"],
                condition=Q(state="matched", attempt_id=None, donation_id__isnull=False),
                name="one_line_a_gift",
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "day"],
                condition=Q(state__in=["new", "suggested", "suspense", "differs"]),
                name="line_to_do",
            ),
            models.Index(
                fields=["source", "day"], condition=Q(key_rank__gt=0, key_rank__lt=99), name="line_weak_key"
            ),
            models.Index(
                fields=["source"],
                condition=Q(kind="reversal", state="matched", payout_id=None),
                name="reversal_not_paid_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.day}:{self.line_no}"


class UnreadLine(models.Model):
    """A line that could not be read: kept with its text and the reason, until a better profile or a person
    settles it. Never zero, never skipped.

    `fields` holds what was read of a line that is sound and may be one that is here already (reason
    `twin_or_repeat`): a person says which."""

    province_path = "source__office__province"

    source = models.ForeignKey(StatementSource, models.PROTECT, verbose_name="منبع")
    first_import = models.ForeignKey(StatementImport, models.PROTECT, related_name="unread_lines")
    line_no = models.PositiveIntegerField("ردیف در فایل")
    raw = EncryptedTextField("متن ردیف", blank=True)
    raw_hash = models.BinaryField()
    ordinal = models.PositiveIntegerField()
    reason = models.CharField("دلیل", max_length=60)
    fields = models.JSONField("آنچه خوانده شد", default=dict)
    resolved_at = models.DateTimeField("حل شد", null=True)
    resolution = models.CharField("چگونه", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "ردیف خوانده‌نشده"
        verbose_name_plural = "ردیف‌های خوانده‌نشده"
        constraints = [
            models.UniqueConstraint(fields=["source", "raw_hash", "ordinal"], name="each_unread_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.line_no}"


class LineRevision(models.Model):
    """What a later file says otherwise about a line that is already here. Append-only; a line that was used is
    never silently changed: a person decides."""

    province_path = "line__source__office__province"

    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="revisions", verbose_name="ردیف")
    found_in = models.ForeignKey(StatementImport, models.PROTECT, related_name="+", verbose_name="فایل")
    before = models.JSONField("پیش‌تر")
    after = models.JSONField("اکنون")
    is_applied = models.BooleanField("به‌کار رفت")
    created_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        verbose_name = "تغییر ردیف"
        verbose_name_plural = "تغییرهای ردیف"

    def __str__(self) -> str:
        return f"{self.line_id}"

"""People who sign in, the audit trail, the outbox and the messages we send."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import EncryptedTextField


class User(AbstractUser):
    """A member of staff. Donors and volunteers have no account; they sign in by a code sent to their mobile."""

    display_name = models.CharField("نام نمایشی", max_length=120, blank=True)
    mobile = EncryptedTextField("شمارهٔ همراه", blank=True, default="")
    mobile_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "کاربر"
        verbose_name_plural = "کاربران"
        constraints = [
            models.UniqueConstraint(
                fields=["mobile_hash"], condition=~Q(mobile_hash=""), name="one_account_a_mobile"
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class AuditEntry(models.Model):
    """One change made by a person (or by a named job): who, what, to which row. The database refuses edits."""

    at = models.DateTimeField("زمان", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="کاربر")
    job = models.CharField("کار خودکار", max_length=80, blank=True)
    action = models.CharField("کار", max_length=80)
    subject_type = models.CharField("نوع", max_length=80)
    subject_id = models.CharField("شناسه", max_length=40)
    province_code = models.CharField("استان", max_length=2, blank=True)
    reason = models.CharField("دلیل", max_length=500, blank=True)
    data = models.JSONField("جزئیات", default=dict)

    class Meta:
        verbose_name = "رویداد ممیزی"
        verbose_name_plural = "ردّ ممیزی"
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class Queue(models.TextChoices):
    """Which worker keeps a promise. The values are the broker's queue names."""

    QUICK = "celery", "فوری"
    LONG = "long", "سنگین"


class OutboxMessage(models.Model):
    """A promise written in the transaction that made it: this task will be done.

    The broker only wakes a worker. The consumer deletes the row in the transaction that does the work.
    """

    task = models.CharField("کار", max_length=80)
    payload = models.JSONField("داده", default=dict)
    queue = models.CharField("صف", max_length=8, choices=Queue, default=Queue.QUICK, db_default=Queue.QUICK)
    created_at = models.DateTimeField("ثبت", auto_now_add=True)
    due_at = models.DateTimeField("موعد", db_index=True)
    tries = models.PositiveSmallIntegerField("تلاش‌ها", default=0)
    last_error = models.CharField("آخرین خطا", max_length=300, blank=True)

    class Meta:
        verbose_name = "پیام صندوق خروجی"
        verbose_name_plural = "صندوق خروجی"

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class SentForm(models.Model):
    """That a form of staff was sent, and where it led: sent again it acts no more (`core.once`)."""

    digest = models.BinaryField(primary_key=True)
    led_to = models.TextField("به کجا رسید", db_default="")
    at = models.DateTimeField("زمان", db_default=Now(), db_index=True)

    class Meta:
        verbose_name = "فرم فرستاده‌شده"
        verbose_name_plural = "فرم‌های فرستاده‌شده"

    def __str__(self) -> str:
        return bytes(self.digest).hex()[:12]


class OutgoingSms(models.Model):
    """A text message: written by `core.sms.queue`, sent by a worker. The number is encrypted at rest."""

    class State(models.TextChoices):
        QUEUED = "queued", "در صف"
        SENT = "sent", "فرستاده شد"
        FAILED = "failed", "نرسید"

    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, db_index=True)
    text = models.TextField("متن")
    purpose = models.CharField("برای", max_length=40)
    state = models.CharField("وضعیت", max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField("ثبت", auto_now_add=True)
    due_at = models.DateTimeField("موعد")
    sent_at = models.DateTimeField("ارسال", null=True)
    tries = models.PositiveSmallIntegerField("تلاش‌ها", default=0)

    class Meta:
        verbose_name = "پیامک"
        verbose_name_plural = "پیامک‌ها"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="sms_queued"),
            models.Index(fields=["-created_at"], name="sms_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class Door(models.TextChoices):
    """A room that people enter by a code sent to their mobile. Each has visits of its own."""

    ME = "me", "صفحهٔ من"
    JOIN = "join", "پیوستن به شبکهٔ داوطلبان"


class MobileCode(models.Model):
    """The last code asked for by a number: there is one row a number, so an earlier code is dead.

    Code and token are kept as hashes. `asked` counts the codes since `counted_from`.
    """

    mobile_hash = models.CharField(max_length=64, unique=True)
    mobile = EncryptedTextField("شمارهٔ همراه")
    door = models.CharField("در", max_length=8, choices=Door)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField("درخواست", db_index=True)
    tries = models.PositiveSmallIntegerField("تلاش‌ها", default=0)
    counted_from = models.DateTimeField("آغاز شمارش")
    asked = models.PositiveSmallIntegerField("شمار درخواست‌ها", default=0)

    class Meta:
        verbose_name = "کد ورود پیامکی"
        verbose_name_plural = "کدهای ورود پیامکی"

    def __str__(self) -> str:
        return f"{self.door} #{self.pk}"


class MobileVisit(models.Model):
    """Somebody who proved a mobile number and is in a room for a while; the cookie's token is kept as a hash."""

    token_hash = models.CharField(max_length=64, unique=True)
    mobile_hash = models.CharField(max_length=64, db_index=True)
    mobile = EncryptedTextField("شمارهٔ همراه")
    door = models.CharField("در", max_length=8, choices=Door)
    began_at = models.DateTimeField("آغاز")
    ends_at = models.DateTimeField("پایان", db_index=True)

    class Meta:
        verbose_name = "ورود پیامکی"
        verbose_name_plural = "ورودهای پیامکی"

    def __str__(self) -> str:
        return f"{self.door} #{self.pk}"


class BackupRun(models.Model):
    """One backup: tried, taken or failed. `path` is where it lay then; `rows` counts those of all tables."""

    class State(models.TextChoices):
        RUNNING = "running", "در حال انجام"
        DONE = "done", "انجام شد"
        FAILED = "failed", "ناموفق"

    state = models.CharField("وضعیت", max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField("آغاز", auto_now_add=True, db_index=True)
    ended_at = models.DateTimeField("پایان", null=True)
    path = models.CharField("مسیر", max_length=300, blank=True)
    size_bytes = models.BigIntegerField("حجم (بایت)", default=0)
    rows = models.BigIntegerField("شمار ردیف‌ها", default=0)
    error = models.CharField("خطا", max_length=500, blank=True)

    class Meta:
        verbose_name = "پشتیبان"
        verbose_name_plural = "پشتیبان‌ها"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="backup_ended_or_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} #{self.pk}"

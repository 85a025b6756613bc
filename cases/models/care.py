"""What a donor asks, complains of or is hindered by, and what was answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import CareKind, CareState, Escalation
from core.fields import EncryptedTextField
from donations.models import Donation
from provinces.models import Province
from provinces.scoping import ScopedManager


class CareCategory(models.Model):
    """What a donor may write about, how soon an answer is due, and how long a late one stays with the manager."""

    code = models.SlugField("کد", max_length=40, primary_key=True)
    name = models.CharField("نام", max_length=80)
    kind = models.CharField("گونه", max_length=12, choices=CareKind)
    due_hours = models.PositiveIntegerField("مهلت پاسخ (ساعت)")
    escalate_hours = models.PositiveIntegerField("از مدیر تا ستاد (ساعت)")
    position = models.PositiveSmallIntegerField("ترتیب", default=100)
    is_active = models.BooleanField("فعال", default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = "دستهٔ پیام نیکوکاران"
        verbose_name_plural = "دسته‌های پیام نیکوکاران"
        constraints = [
            models.CheckConstraint(
                name="care_is_due_some_time", condition=Q(due_hours__gt=0) & Q(escalate_hours__gt=0)
            )
        ]

    def __str__(self) -> str:
        return self.name


class CareCase(models.Model):
    """A donor's matter, with an owner and a due time. Its code opens the donor's page, which shows neither name nor
    number. National ones (without a province) are headquarters'."""

    province_path = "province"

    code = models.CharField("کد پیگیری", max_length=12, unique=True)
    category = models.ForeignKey(CareCategory, models.PROTECT, related_name="+", verbose_name="دسته")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="کمک"
    )
    name = EncryptedTextField("نام", blank=True)
    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, db_index=True)
    content_hash = models.CharField(max_length=64, db_index=True)
    state = models.CharField("وضعیت", max_length=8, choices=CareState, default=CareState.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="مسئول",
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="ثبت‌کنندهٔ اداره",
    )  # fmt: skip
    opened_at = models.DateTimeField("گشایش", db_default=Now())
    due_at = models.DateTimeField("موعد پاسخ")
    escalation = models.PositiveSmallIntegerField("رسیدگی", choices=Escalation, default=Escalation.NONE)
    escalates_at = models.DateTimeField("رفتن به ردهٔ بالاتر")
    closed_at = models.DateTimeField("بسته شدن", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="بسته شد به دست",
    )  # fmt: skip
    satisfaction = models.PositiveSmallIntegerField("رضایت", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "پیام نیکوکار"
        verbose_name_plural = "پیام‌های نیکوکاران"
        constraints = [
            models.CheckConstraint(
                name="closed_care_names_its_closer",
                condition=(~Q(state="closed") & Q(closed_at=None, closed_by=None))
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="satisfaction_of_one_to_five_after_closing",
                condition=Q(satisfaction=None) | Q(state="closed", satisfaction__gte=1, satisfaction__lte=5),
            ),
        ]
        indexes = [
            models.Index(fields=["escalates_at"], condition=Q(state="open"), name="care_to_escalate"),
            models.Index(fields=["state", "due_at"], name="care_by_due"),
        ]

    def __str__(self) -> str:
        return self.code


class CareMessage(models.Model):
    """One message of a case; never changed. Without `by` the donor wrote it; an internal one the donor never sees."""

    province_path = "case__province"

    case = models.ForeignKey(CareCase, models.PROTECT, related_name="messages", verbose_name="پرونده")
    at = models.DateTimeField("زمان", db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="نویسنده"
    )
    text = EncryptedTextField("متن")
    is_internal = models.BooleanField("یادداشت درونی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "نوشتهٔ پیام"
        verbose_name_plural = "نوشته‌های پیام"
        constraints = [
            models.CheckConstraint(
                name="internal_note_has_an_author", condition=Q(is_internal=False) | Q(by__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.pk}"

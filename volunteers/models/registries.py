"""Old registries on their way in, and people who stand in two rows until they agree to be one."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import EncryptedTextField
from provinces.models import County, Province
from provinces.scoping import ScopedManager
from volunteers.enums import DuplicateState, ImportState, LineState, MergeConsent
from volunteers.models.people import Volunteer


class RegistryImport(models.Model):
    """A file of an old registry, sealed on disk: read into lines, looked at, then taken in a part at a time. `done_to`
    is the last line that was taken in: a worker that dies is followed by one that goes on from there."""

    province_path = "province"

    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="استان"
    )
    file_name = models.CharField("نام فایل", max_length=200)
    path = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.PositiveIntegerField("حجم")
    state = models.CharField("وضعیت", max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    reason = models.CharField("دلیل", max_length=40, blank=True)
    counts = models.JSONField("شمارش", default=dict)
    columns = models.JSONField("ستون‌ها", default=dict)
    done_to = models.PositiveIntegerField("تا ردیف", default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="فرستنده"
    )
    uploaded_at = models.DateTimeField("دریافت", db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تأییدکننده"
    )
    finished_at = models.DateTimeField("پایان", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "دفتر داوطلبان"
        verbose_name_plural = "دفترهای داوطلبان"

    def __str__(self) -> str:
        return self.file_name


class RegistryLine(models.Model):
    """One line as it was read; the numbers lie here as they will lie in the volunteer's row, encrypted for it. A new
    line up to `done_to` of its registry was taken in. Written by one COPY, from a registry that is locked and counties
    just read: the database does not look each of them up again."""

    province_path = "registry__province"

    registry = models.ForeignKey(
        RegistryImport,
        models.CASCADE,
        related_name="lines",
        db_index=False,
        db_constraint=False,
        verbose_name="فایل",
    )
    line_no = models.PositiveIntegerField("ردیف")
    state = models.CharField("وضعیت", max_length=8, choices=LineState)
    reason = models.CharField("دلیل", max_length=40, blank=True, default="")
    name = models.CharField("نام", max_length=80, blank=True, default="")
    name_key = models.CharField(max_length=160, blank=True, default="")
    mobile = EncryptedTextField("همراه", blank=True, default="", context="volunteers.volunteer.mobile")
    mobile_hash = models.CharField(max_length=64, blank=True, default="")
    national_id = EncryptedTextField(
        "کد ملی", blank=True, default="", context="volunteers.volunteer.national_id"
    )
    national_id_hash = models.CharField(max_length=64, blank=True, default="")
    county = models.ForeignKey(
        County, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    place = models.CharField(max_length=2, blank=True, default="")  # code of the line's province
    section = models.CharField(max_length=16, blank=True, default="")
    role = models.CharField(max_length=12, blank=True, default="")
    profession = models.CharField(max_length=80, blank=True, default="")
    licence_no = models.CharField(max_length=40, blank=True, default="")
    skills = ArrayField(models.CharField(max_length=24), default=list)
    born_on = models.DateField(null=True)
    group_name = models.CharField(max_length=100, blank=True, default="")
    group_key = models.CharField(max_length=160, blank=True, default="")
    group_kind = models.CharField(max_length=12, blank=True, default="")

    objects = ScopedManager()

    class Meta:
        ordering = ["line_no"]
        verbose_name = "ردیف دفتر"
        verbose_name_plural = "ردیف‌های دفتر"
        constraints = [
            models.UniqueConstraint(fields=["registry", "line_no"], name="each_registry_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.registry_id}:{self.line_no}"

    def fate(self, done_to: int) -> LineState:
        """What became of the line in a registry that was taken in up to the line `done_to`."""
        is_taken = self.state == LineState.NEW and self.line_no <= done_to
        return LineState.TAKEN if is_taken else LineState(self.state)


class Duplicate(models.Model):
    """That `volunteer` and `other` (or somebody with `new_mobile`) seem to be one person. Merged only with a consent
    that is written down: by codes sent to both numbers, or noted by staff."""

    province_path, county_path = "volunteer__province", "volunteer__county"

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="duplicates", verbose_name="داوطلب")
    other = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="+", verbose_name="ردیف دیگر"
    )
    new_mobile = EncryptedTextField(
        "شمارهٔ دیگر", blank=True, default="", context="volunteers.volunteer.mobile"
    )
    new_mobile_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    state = models.CharField("وضعیت", max_length=8, choices=DuplicateState, default=DuplicateState.OPEN)
    found_in = models.ForeignKey(
        RegistryImport, models.SET_NULL, null=True, related_name="+", verbose_name="یافته در"
    )
    found_at = models.DateTimeField("زمان", db_default=Now())
    code_hash = models.CharField(max_length=64, blank=True, default="")
    other_code_hash = models.CharField(max_length=64, blank=True, default="")
    codes_sent_at = models.DateTimeField("فرستادن کدها", null=True)
    tries = models.PositiveSmallIntegerField("تلاش‌ها", default=0)
    consent = models.CharField("رضایت", max_length=8, choices=MergeConsent, blank=True, default="")
    note = models.CharField("شرح", max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("تصمیم", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تکرار احتمالی"
        verbose_name_plural = "تکرارهای احتمالی"
        constraints = [
            models.CheckConstraint(
                name="nothing_is_merged_silently",
                condition=~Q(state="merged")
                | Q(consent="codes")
                | (Q(consent__in=["written", "spoken"], decided_by__isnull=False) & ~Q(note="")),
            ),
            models.CheckConstraint(
                name="duplicate_is_not_itself", condition=Q(other=None) | ~Q(other=F("volunteer"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.state}"

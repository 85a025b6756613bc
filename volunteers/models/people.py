"""Who offers time, what they agreed to, and what they have filled in so far."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import EncryptedTextField
from core.text import search_key
from provinces.models import County, Neighbourhood, Province
from provinces.scoping import ScopedManager
from volunteers.enums import (
    Activity,
    Availability,
    ConsentKind,
    GuardianState,
    JoinSource,
    Language,
    LicenceState,
    Section,
    Vetting,
    VolunteerRole,
)

PENDING_KB = 256  # of new rows beside an inverted index; every search reads all of them


def _codes(choices: type[models.TextChoices], label: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=24, choices=choices), verbose_name=label, default=list)


class Volunteer(models.Model):
    """Somebody who asked to join. One person (by mobile, and by national ID where given) is one row; both numbers
    and what they need to take part are encrypted, and their needs go with the consent to keep them. `section` is the
    first of `sections`. `neighbourhood` is as it was typed, `neighbourhood_row` the one of the county's register that
    it names, if any. `is_priority`: of a profession that an open call wants, vetted first. Nobody meets clients before
    `vetting` is approved: the database refuses such an assignment. Of somebody under age `guardian_state` says what the
    guardian answered from the number `guardian_hash`; without a yes the database takes neither approval nor work."""

    province_path, county_path = "province", "county"

    name = models.CharField("نام و نام خانوادگی", max_length=80)
    name_key = models.CharField(max_length=160, editable=False, default="", db_default="")
    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64)
    national_id = EncryptedTextField("کد ملی", blank=True, default="", db_default="")
    national_id_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    born_on = models.DateField("تولد", null=True)
    guardian_name = models.CharField("نام سرپرست", max_length=80, blank=True, default="", db_default="")
    guardian_mobile = EncryptedTextField("شمارهٔ سرپرست", blank=True, default="", db_default="")
    guardian_hash = models.CharField(max_length=64, default="", db_default="", blank=True)
    guardian_state = models.CharField(
        "رضایت سرپرست",
        max_length=8,
        choices=GuardianState,
        default=GuardianState.NONE,
        db_default=GuardianState.NONE,
    )
    guardian_asked_at = models.DateTimeField("پرسش از سرپرست", null=True)
    province = models.ForeignKey(Province, models.PROTECT, db_index=False, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, db_index=False, verbose_name="شهرستان")
    neighbourhood = models.CharField("محله یا روستا", max_length=80, blank=True, default="", db_default="")
    neighbourhood_row = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="محله در دفتر",
    )
    section = models.CharField("بخش", max_length=16, choices=Section)
    sections = _codes(Section, "بخش‌ها")
    role = models.CharField(
        "نقش", max_length=12, choices=VolunteerRole, blank=True, default="", db_default=""
    )
    profession = models.CharField("پیشه", max_length=80, blank=True, default="", db_default="")
    licence_no = models.CharField("شمارهٔ پروانه", max_length=40, blank=True, default="", db_default="")
    skills = ArrayField(models.CharField(max_length=24), verbose_name="مهارت‌ها", default=list)
    languages = _codes(Language, "زبان‌ها")
    availability = _codes(Availability, "زمان‌ها")
    is_remote = models.BooleanField("از راه دور", default=False, db_default=False)
    access_needs = EncryptedTextField("نیازهای دسترس‌پذیری", blank=True, default="", db_default="")
    joined_at = models.DateTimeField("ثبت", db_default=Now())
    source = models.CharField(
        "راه ورود", max_length=8, choices=JoinSource, default=JoinSource.WEB, db_default=JoinSource.WEB
    )
    surge = models.ForeignKey(
        "volunteers.Surge",
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="فراخوان بحران",
    )
    vetting = models.CharField(
        "صلاحیت", max_length=10, choices=Vetting, default=Vetting.WAITING, db_default=Vetting.WAITING
    )
    is_priority = models.BooleanField("پیشهٔ مورد نیاز", default=False, db_default=False)
    licence_state = models.CharField(
        "پروانه", max_length=10, choices=LicenceState, default=LicenceState.NONE, db_default=LicenceState.NONE
    )
    licence_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="سنجندهٔ پروانه",
    )
    licence_checked_at = models.DateTimeField("سنجش پروانه", null=True)
    activity = models.CharField(
        "فعالیت", max_length=8, choices=Activity, default=Activity.ACTIVE, db_default=Activity.ACTIVE
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-joined_at"]
        verbose_name = "داوطلب"
        verbose_name_plural = "داوطلبان"
        constraints = [
            models.UniqueConstraint(fields=["mobile_hash"], name="one_mobile"),
            models.UniqueConstraint(
                fields=["national_id_hash"], condition=~Q(national_id_hash=""), name="one_national_id"
            ),
            models.CheckConstraint(
                name="checked_licence_says_by_whom",
                condition=~Q(licence_state__in=["valid", "invalid"]) | Q(licence_checked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="approved_with_their_guardian",
                condition=~Q(vetting="approved") | Q(guardian_state__in=["none", "agreed"]),
            ),
        ]
        indexes = [
            GinIndex(fields=["skills"], name="volunteer_skills", gin_pending_list_limit=PENDING_KB),
            GinIndex(
                fields=["name_key"],
                name="volunteer_names",
                opclasses=["gin_trgm_ops"],
                gin_pending_list_limit=PENDING_KB,
            ),
            models.Index(fields=["county"], name="volunteer_county"),
            models.Index(fields=["vetting", "-is_priority", "joined_at", "id"], name="volunteer_queue"),
            models.Index(
                fields=["province", "vetting", "-is_priority", "joined_at", "id"],
                name="volunteer_place_queue",
            ),
            models.Index(fields=["surge"], condition=Q(surge__isnull=False), name="volunteer_surge"),
            models.Index(fields=["guardian_hash"], condition=~Q(guardian_hash=""), name="volunteer_guardian"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_key = search_key(self.name)[:160]
        super().save(*args, **kwargs)


class Consent(models.Model):
    """That a volunteer agreed to one text, in this version, at this time. Another version is another row."""

    province_path, county_path = "volunteer__province", "volunteer__county"

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, db_index=False, related_name="consents", verbose_name="داوطلب"
    )
    kind = models.CharField("رضایت", max_length=12, choices=ConsentKind)
    text_version = models.CharField("نسخهٔ متن", max_length=12)
    given_at = models.DateTimeField("زمان")
    withdrawn_at = models.DateTimeField("پس‌گرفتن", null=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "رضایت"
        verbose_name_plural = "رضایت‌ها"
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "kind", "text_version"], name="one_consent")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text_version}"


class JoinDraft(models.Model):
    """What somebody who proved this number has filled in so far, encrypted; dropped when they have joined."""

    mobile_hash = models.CharField(max_length=64, unique=True)
    answers = EncryptedTextField("پاسخ‌ها", default="{}")
    updated_at = models.DateTimeField("آخرین تغییر", auto_now=True, db_index=True)

    class Meta:
        verbose_name = "پیش‌نویس پیوستن"
        verbose_name_plural = "پیش‌نویس‌های پیوستن"

    def __str__(self) -> str:
        return f"#{self.pk}"

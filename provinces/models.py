"""Where things happen and who works there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from core.fields import EncryptedTextField
from core.text import search_key, sort_key
from provinces.enums import EntryWay, InvitationState, OfficeLevel, ReminderPace, ResetState, Role, SessionEnd
from provinces.scoping import ScopedManager


class Place(models.Model):
    """A named place with keys made in Python for search and for Persian order."""

    name = models.CharField("نام", max_length=80)
    search_key = models.CharField(max_length=80, db_index=True, editable=False)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_key, self.sort_key = search_key(self.name), sort_key(self.name)
        super().save(*args, **kwargs)


class Province(Place):
    """One of the 31 provinces. The code is text: "00" is Markazi."""

    code = models.CharField("کد", max_length=2, primary_key=True)
    slug = models.SlugField("نشانی", unique=True)
    name_en = models.CharField("نام لاتین", max_length=60)
    capital = models.CharField("مرکز", max_length=60)
    population_1395 = models.PositiveIntegerField("جمعیت ۱۳۹۵")
    tel_prefix = models.CharField("پیش‌شماره", max_length=3)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "استان"
        verbose_name_plural = "استان‌ها"


class County(Place):
    """A county (شهرستان). Never deleted: one that ends is inactive and may name its successor."""

    code = models.CharField("کد", max_length=4, primary_key=True)
    province = models.ForeignKey(Province, models.PROTECT, related_name="counties", verbose_name="استان")
    is_active = models.BooleanField("فعال", default=True)
    valid_from = models.DateField("معتبر از", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="جانشین")

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "شهرستان"
        verbose_name_plural = "شهرستان‌ها"


class Neighbourhood(Place):
    """A quarter or village of a county: an optional level, kept where an office works by neighbourhoods."""

    province_path, county_path = "county__province", "county"

    county = models.ForeignKey(County, models.PROTECT, related_name="neighbourhoods", verbose_name="شهرستان")
    is_active = models.BooleanField("فعال", default=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = "محله"
        verbose_name_plural = "محله‌ها"
        constraints = [
            models.UniqueConstraint(fields=["county", "search_key"], name="one_neighbourhood_a_name")
        ]


class Office(models.Model):
    """An office of the organisation: headquarters, a province's general office or a county's."""

    province_path, county_path = "province", "county"

    level = models.CharField("سطح", max_length=10, choices=OfficeLevel)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    name = models.CharField("نام", max_length=120)
    address = models.CharField("نشانی", max_length=300, blank=True)
    phone = models.CharField("تلفن", max_length=40, blank=True)
    hours = models.CharField("ساعت کار", max_length=120, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = "اداره"
        verbose_name_plural = "ادارات"
        constraints = [
            models.CheckConstraint(
                name="office_place_fits_level",
                condition=Q(level="hq", province=None, county=None)
                | Q(level="province", province__isnull=False, county=None)
                | Q(level="county", province__isnull=False, county__isnull=False),
            ),
            models.UniqueConstraint(fields=["level"], condition=Q(level="hq"), name="one_headquarters"),
            models.UniqueConstraint(
                fields=["province"], condition=Q(level="province"), name="one_general_office_a_province"
            ),
            models.UniqueConstraint(
                fields=["county"], condition=Q(level="county"), name="one_office_a_county"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a person works in an office in a role, from a day until a day; `is_acting` is سرپرست."""

    province_path, county_path = "office__province", "office__county"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="کاربر"
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="memberships", verbose_name="اداره")
    role = models.CharField("نقش", max_length=24, choices=Role)
    starts_on = models.DateField("از روز")
    ends_on = models.DateField("تا روز", null=True, blank=True, help_text="خالی: بدون پایان")
    is_acting = models.BooleanField("سرپرست", default=False)
    hands_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="کارها به",
        help_text="خالی: کارهای باز به صف اداره می‌رود",
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "عضویت"
        verbose_name_plural = "عضویت‌ها"
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
            ),
            models.UniqueConstraint(fields=["user", "office", "role", "starts_on"], name="membership_once"),
        ]
        indexes = [models.Index(fields=["user", "starts_on"])]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"


class StaffContact(models.Model):
    """Where a person of the staff wants to be reminded of what is late, and how often. Theirs to say: nobody else
    sees the number. `reminded_on` is the day of the last message, of which there is one a day at most."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact", verbose_name="کاربر"
    )
    mobile = EncryptedTextField("همراه", blank=True)
    reminders = models.CharField(
        "یادآوری پیامکی", max_length=8, choices=ReminderPace, default=ReminderPace.DAILY
    )
    reminded_on = models.DateField("آخرین یادآوری", null=True, blank=True)

    class Meta:
        verbose_name = "نشانی یادآوری"
        verbose_name_plural = "نشانی‌های یادآوری"

    def __str__(self) -> str:
        return str(self.user)


class SecondFactor(TimestampMixin, ThrottlingMixin, Device):
    """A person's authenticator (TOTP), its secret encrypted at rest.

    The library's own device keeps the secret as plain text; this one has its behaviour and a table of its own.
    """

    key = EncryptedTextField("کلید", default=default_key)
    step = models.PositiveSmallIntegerField("گام (ثانیه)", default=30)
    t0 = models.BigIntegerField("آغاز شمارش", default=0)
    digits = models.PositiveSmallIntegerField("شمار رقم‌ها", default=6)
    tolerance = models.PositiveSmallIntegerField("رواداری (گام)", default=1)
    drift = models.SmallIntegerField("جابه‌جایی ساعت (گام)", default=0)
    last_t = models.BigIntegerField("آخرین گام پذیرفته", default=-1)

    class Meta(Device.Meta):
        verbose_name = "رمزساز"
        verbose_name_plural = "رمزسازها"

    bin_key = TOTPDevice.bin_key
    config_url = TOTPDevice.config_url
    verify_token = TOTPDevice.verify_token
    get_throttle_factor = TOTPDevice.get_throttle_factor
    _read_str_from_settings = TOTPDevice._read_str_from_settings


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Invitation(models.Model):
    """That somebody is asked to work in an office. The link they get by SMS is kept as a hash, works once and ends.

    `totp_key` is the secret of the authenticator that the person sets up when they accept.
    """

    province_path, county_path = "office__province", "office__county"

    office = models.ForeignKey(Office, models.PROTECT, related_name="invitations", verbose_name="اداره")
    role = models.CharField("نقش", max_length=24, choices=Role)
    starts_on = models.DateField("از روز")
    ends_on = models.DateField("تا روز", null=True, blank=True)
    is_acting = models.BooleanField("سرپرست", default=False)
    name = models.CharField("نام", max_length=120)
    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, db_index=True)
    token_hash = models.CharField(max_length=64, unique=True)
    totp_key = EncryptedTextField("کلید", default=default_key)
    state = models.CharField("وضعیت", max_length=10, choices=InvitationState, default=InvitationState.WAITING)
    invited_by = _person("دعوت‌کننده")
    invited_at = models.DateTimeField("دعوت", db_default=Now())
    expires_at = models.DateTimeField("پایان اعتبار")
    user = _person("شخص", null=True)
    answered_at = models.DateTimeField("پاسخ", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = "دعوت"
        verbose_name_plural = "دعوت‌ها"
        constraints = [
            models.CheckConstraint(
                name="nobody_invites_themselves", condition=Q(user=None) | ~Q(user=F("invited_by"))
            ),
            models.CheckConstraint(
                name="accepted_invitation_names_the_person",
                condition=Q(state="accepted", user__isnull=False) | (~Q(state="accepted") & Q(user=None)),
            ),
            models.UniqueConstraint(
                fields=["mobile_hash", "office", "role"],
                condition=Q(state="waiting"),
                name="one_waiting_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.get_role_display()}"


class RecoveryCode(models.Model):
    """Lets a person in once without their authenticator; kept as a hash, shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("ساخته شد", db_default=Now())
    used_at = models.DateTimeField("به کار رفت", null=True)

    class Meta:
        verbose_name = "کد بازیابی"
        verbose_name_plural = "کدهای بازیابی"
        indexes = [models.Index(fields=["user"], condition=Q(used_at=None), name="recovery_unused")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class FactorReset(models.Model):
    """A person who lost their authenticator: one colleague asks for a new one, an administrator agrees, and the
    person gets a link by SMS. Three people."""

    user = _person("شخص")
    reason = models.CharField("دلیل", max_length=300)
    state = models.CharField("وضعیت", max_length=10, choices=ResetState, default=ResetState.ASKED)
    requested_by = _person("درخواست‌کننده")
    requested_at = models.DateTimeField("درخواست", db_default=Now())
    decided_by = _person("تأییدکننده", null=True)
    decided_at = models.DateTimeField("تصمیم", null=True)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    totp_key = EncryptedTextField("کلید", default=default_key)
    expires_at = models.DateTimeField("پایان اعتبار", null=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = "تازه‌کردن رمزساز"
        verbose_name_plural = "تازه‌کردن رمزسازها"
        constraints = [
            models.CheckConstraint(
                name="reset_is_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="reset_is_not_ones_own",
                condition=~Q(user=F("requested_by")) & (Q(decided_by=None) | ~Q(user=F("decided_by"))),
            ),
            models.CheckConstraint(
                name="reset_link_needs_a_decision",
                condition=Q(state="asked", decided_by=None)
                | (~Q(state="asked") & Q(decided_by__isnull=False)),
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(state="asked"), name="one_reset_asked"),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="one_reset_a_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} #{self.pk}"


class StaffSession(models.Model):
    """One signing-in of a person: where and when it began, was last seen and how it ended.

    The address is shortened before it is stored; the device is known by a hash of a cookie of its own.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_sessions", verbose_name="کاربر"
    )
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField("دستگاه", max_length=80, blank=True)
    device_hash = models.CharField(max_length=64, blank=True)
    address = models.CharField("نشانی", max_length=48, blank=True)
    way = models.CharField("با", max_length=10, choices=EntryWay, default=EntryWay.OTHER)
    began_at = models.DateTimeField("آغاز", db_default=Now())
    seen_at = models.DateTimeField("آخرین بار", db_default=Now())
    ended_at = models.DateTimeField("پایان", null=True, db_index=True)
    ended_how = models.CharField("پایان با", max_length=12, choices=SessionEnd, blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = "نشست کارکنان"
        verbose_name_plural = "نشست‌های کارکنان"
        indexes = [models.Index(fields=["user", "-began_at"], name="session_of_person")]
        constraints = [
            models.CheckConstraint(
                name="ended_session_says_how",
                condition=Q(ended_at=None, ended_how="") | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} #{self.pk}"


class HandOver(models.Model):
    """What a person had open when a membership ended, and to whom it went; nobody: to the queue of the office."""

    province_path, county_path = "membership__office__province", "membership__office__county"

    membership = models.OneToOneField(Membership, models.PROTECT, verbose_name="عضویت")
    handed_to = _person("تحویل‌گیرنده", null=True)
    actor = _person("به دست", null=True)
    counts = models.JSONField("شمار کارها", default=dict)
    at = models.DateTimeField("زمان", db_default=Now())
    seen_at = models.DateTimeField("دیده شد", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "تحویل کار"
        verbose_name_plural = "تحویل کارها"
        indexes = [models.Index(fields=["-at"], condition=Q(seen_at=None), name="hand_over_unseen")]

    def __str__(self) -> str:
        return f"{self.membership_id}"

"""What is to be done, when, by how many; who comes, who came and for how long; and the certificate of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Branch, Event
from core.jalali import format_datetime
from provinces.models import County, Province
from provinces.scoping import ScopedManager
from volunteers.enums import AssignmentState, ConfirmedHow, OpportunityState, Purpose, Section
from volunteers.models.groups import VolunteerGroup
from volunteers.models.people import Volunteer
from volunteers.models.surges import Surge


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Opportunity(models.Model):
    """Work for volunteers, of an office, an event, a campaign's branch or a crisis. `meets_clients` never changes once
    somebody is asked: the database lets nobody into such work who is not vetted."""

    province_path, county_path = "province", "county"

    title = models.CharField("عنوان", max_length=120)
    story = models.TextField("شرح", max_length=2000, blank=True)
    purpose = models.CharField("برای", max_length=10, choices=Purpose, default=Purpose.OFFICE)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="رویداد"
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="پویش استان"
    )
    surge = models.ForeignKey(
        Surge,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name="فراخوان بحران",
    )
    group = models.ForeignKey(
        VolunteerGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name="گروه",
    )
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name="استان")
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="شهرستان"
    )
    place = models.CharField("محل", max_length=200)
    section = models.CharField("بخش", max_length=16, choices=Section)
    skills = ArrayField(models.CharField(max_length=24), verbose_name="مهارت‌ها", default=list)
    meets_clients = models.BooleanField("با مددجویان روبه‌رو می‌شود", default=True)
    is_remote = models.BooleanField("از راه دور", default=False)
    is_public = models.BooleanField("در فهرست همگانی", default=True)
    state = models.CharField("وضعیت", max_length=10, choices=OpportunityState, default=OpportunityState.OPEN)
    made_by = _person("سازنده")
    made_at = models.DateTimeField("ساخت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "فرصت داوطلبی"
        verbose_name_plural = "فرصت‌های داوطلبی"
        constraints = [
            models.CheckConstraint(
                name="opportunity_fits_purpose",
                condition=Q(purpose="office", event=None, branch=None, surge=None)
                | Q(purpose="event", event__isnull=False, branch=None, surge=None)
                | Q(purpose="campaign", event=None, branch__isnull=False, surge=None)
                | Q(purpose="crisis", event=None, branch=None, surge__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Shift(models.Model):
    """A time at which so many are wanted. `taken` is kept by the database with every assignment, never above
    `capacity`. `leader` (a volunteer) sees who comes and confirms the hours of the others."""

    province_path, county_path = "opportunity__province", "opportunity__county"

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="shifts", verbose_name="فرصت")
    starts_at = models.DateTimeField("آغاز", db_index=True)
    ends_at = models.DateTimeField("پایان")
    capacity = models.PositiveIntegerField("گنجایش")
    taken = models.PositiveIntegerField("پر شده", default=0, db_default=0)
    leader = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, blank=True, related_name="led_shifts", verbose_name="سرگروه"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = "نوبت"
        verbose_name_plural = "نوبت‌ها"
        constraints = [
            models.CheckConstraint(name="shift_never_overbooked", condition=Q(taken__lte=F("capacity"))),
            models.CheckConstraint(name="shift_has_room", condition=Q(capacity__gt=0)),
            models.CheckConstraint(name="shift_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return format_datetime(self.starts_at)


class Assignment(models.Model):
    """One volunteer at one shift, from invitation to confirmed hours. Nobody confirms their own. Without a volunteer:
    somebody who asked to be forgotten; the hours stay, the person does not."""

    province_path, county_path = "shift__opportunity__province", "shift__opportunity__county"

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="assignments", verbose_name="نوبت")
    volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="assignments", verbose_name="داوطلب"
    )
    state = models.CharField("وضعیت", max_length=10, choices=AssignmentState)
    code = models.CharField(max_length=16, unique=True)
    invited_at = models.DateTimeField("دعوت", null=True)
    invited_by = _person("دعوت‌کننده", null=True)
    answered_at = models.DateTimeField("پاسخ", null=True)
    reminded_at = models.DateTimeField("یادآوری", null=True)
    came_at = models.DateTimeField("آمدن", null=True)
    said_minutes = models.PositiveIntegerField("گفتهٔ داوطلب (دقیقه)", null=True)
    confirmed_minutes = models.PositiveIntegerField("تأییدشده (دقیقه)", null=True)
    confirmed_at = models.DateTimeField("زمان تأیید", null=True)
    confirmed_how = models.CharField("تأییدکننده", max_length=8, choices=ConfirmedHow, blank=True, default="")
    confirmed_by = _person("کارشناس", null=True)
    confirmed_by_leader = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="+", verbose_name="سرگروه"
    )
    rating = models.PositiveSmallIntegerField("امتیاز", null=True)
    feedback = models.CharField("بازخورد", max_length=500, blank=True, default="")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "نوبت داوطلب"
        verbose_name_plural = "نوبت‌های داوطلبان"
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], condition=Q(volunteer__isnull=False), name="one_place_a_shift"
            ),
            models.CheckConstraint(
                name="hours_are_confirmed_by_somebody",
                condition=Q(confirmed_minutes=None, confirmed_how="")
                | (Q(confirmed_minutes__isnull=False, state="present") & ~Q(confirmed_how="")),
            ),
            models.CheckConstraint(
                name="staff_who_confirm_are_named",
                condition=~Q(confirmed_how="staff") | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_hours",
                condition=Q(volunteer=None)
                | Q(confirmed_by_leader=None)
                | ~Q(confirmed_by_leader=F("volunteer")),
            ),
            models.CheckConstraint(
                name="rating_of_five", condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5)
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="assignment_of")]

    def __str__(self) -> str:
        return f"{self.shift_id}:{self.volunteer_id} {self.state}"


class Certificate(models.Model):
    """The confirmed hours of somebody at an opportunity, on paper. Its public address is `code` and shows no name:
    whoever holds the paper may ask whether the name on it fits (`name_hash`)."""

    province_path, county_path = "opportunity__province", "opportunity__county"

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="certificates", verbose_name="داوطلب"
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="certificates", verbose_name="فرصت"
    )
    code = models.CharField(max_length=16, unique=True)
    name_hash = models.CharField(max_length=64)
    minutes = models.PositiveIntegerField("دقیقه")
    shifts = models.PositiveIntegerField("نوبت‌ها")
    first_on = models.DateField("از")
    last_on = models.DateField("تا")
    issued_at = models.DateTimeField("صدور", db_default=Now())
    replaced_at = models.DateTimeField("جایگزین شد", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "گواهی داوطلبی"
        verbose_name_plural = "گواهی‌های داوطلبی"
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "opportunity"],
                condition=Q(replaced_at=None),
                name="one_valid_certificate",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

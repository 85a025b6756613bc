"""Events of an office: who is invited and came, what was spent; gifts come through a printed code, what was
promised stands in the register of promises (`partnerships`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaigns.enums import CostSource, EventKind, EventState
from campaigns.models.boxes import Placement
from campaigns.models.funds import Fund
from campaigns.models.needs import Need
from core.fields import EncryptedTextField
from core.money import RialField
from provinces.models import County, Province
from provinces.scoping import ScopedManager


def _person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Event(models.Model):
    """An iftar, a celebration, a ceremony. The public sees it once it is announced; the database moves its state
    along `campaigns_eventmove` only. Gifts through its code go to `fund`, or to the needs it was held for."""

    province_path, county_path = "province", "county"

    slug = models.SlugField("نشانی", max_length=40, unique=True)
    kind = models.CharField("نوع", max_length=16, choices=EventKind)
    title = models.CharField("عنوان", max_length=120)
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    address = models.CharField("محل", max_length=200)
    starts_at = models.DateTimeField("زمان")
    capacity = models.PositiveIntegerField("گنجایش")
    story = models.TextField("شرح", max_length=2000, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نوع کمک")
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="event", verbose_name="کد")
    needs = models.ManyToManyField(
        Need, through="EventNeed", related_name="events", verbose_name="نیازهای این رویداد"
    )
    state = models.CharField("وضعیت", max_length=10, choices=EventState, default=EventState.PLANNED)
    others_came = models.PositiveIntegerField("شمار مهمانان دیگر", default=0)
    report = models.TextField("گزارش", max_length=4000, blank=True)
    made_by = _person("سازنده")
    made_at = models.DateTimeField("ساخت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = "رویداد"
        verbose_name_plural = "رویدادها"
        constraints = [
            models.CheckConstraint(name="event_has_room", condition=Q(capacity__gt=0)),
            models.CheckConstraint(
                name="reported_event_has_report", condition=~Q(state="reported") | ~Q(report="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventNeed(models.Model):
    """A need that an event was held for."""

    province_path, county_path = "event__province", "event__county"

    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    need = models.ForeignKey(Need, models.PROTECT, related_name="+")

    objects = ScopedManager()

    class Meta:
        verbose_name = "نیاز رویداد"
        verbose_name_plural = "نیازهای رویداد"
        constraints = [models.UniqueConstraint(fields=["event", "need"], name="one_need_an_event")]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.need_id}"


class Guest(models.Model):
    """Somebody invited, with an invitation whose code is beyond guessing. The mobile is encrypted, and shown masked."""

    province_path, county_path = "event__province", "event__county"

    event = models.ForeignKey(Event, models.PROTECT, related_name="guests", verbose_name="رویداد")
    code = models.CharField("کد دعوت", max_length=16, unique=True)
    name = models.CharField("نام", max_length=80)
    role = models.CharField("سمت", max_length=120, blank=True)
    mobile = EncryptedTextField("همراه", blank=True)
    seats = models.PositiveSmallIntegerField("شمار نفر", default=1)
    invited_at = models.DateTimeField("فرستادن دعوت", null=True)
    came_at = models.DateTimeField("آمدن", null=True)
    checked_in_by = _person("پذیرش", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "مهمان"
        verbose_name_plural = "مهمانان"
        constraints = [
            models.CheckConstraint(name="guest_has_a_seat", condition=Q(seats__gt=0)),
            models.CheckConstraint(
                name="who_came_was_let_in_by_somebody",
                condition=Q(came_at=None, checked_in_by=None)
                | Q(came_at__isnull=False, checked_in_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EventCost(models.Model):
    """What an event cost and who bore it. Recorded, not booked; no fund can be named, so no purpose is spent on it."""

    province_path, county_path = "event__province", "event__county"

    event = models.ForeignKey(Event, models.PROTECT, related_name="costs", verbose_name="رویداد")
    title = models.CharField("بابت", max_length=120)
    amount_rial = RialField("مبلغ (ریال)")
    source = models.CharField("از محل", max_length=8, choices=CostSource)
    written_by = _person("ثبت‌کننده")
    written_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "هزینهٔ رویداد"
        verbose_name_plural = "هزینه‌های رویداد"
        constraints = [models.CheckConstraint(name="event_cost_positive", condition=Q(amount_rial__gt=0))]

    def __str__(self) -> str:
        return self.title

"""Who saw a number and why, and what was written to a volunteer through the portal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from provinces.models import County, Province
from provinces.scoping import ScopedManager
from volunteers.enums import Shown
from volunteers.models.people import Volunteer


class Revelation(models.Model):
    """That a member of staff was shown a number of a volunteer, and why. Append-only; it outlives the volunteer,
    whose row may be gone."""

    province_path, county_path = "province", "county"

    volunteer = models.ForeignKey(
        Volunteer, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name="داوطلب"
    )
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, related_name="+", verbose_name="شهرستان")
    what = models.CharField("چه", max_length=12, choices=Shown)
    reason = models.CharField("دلیل", max_length=300)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="بیننده"
    )
    seen_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "نمایش شماره"
        verbose_name_plural = "نمایش شماره‌ها"
        constraints = [models.CheckConstraint(name="revelation_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.what}"


class ContactMessage(models.Model):
    """A message sent to a volunteer without showing anybody their number, by staff or by the leader of a shift."""

    province_path, county_path = "volunteer__province", "volunteer__county"

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="messages", verbose_name="داوطلب")
    text = models.CharField("متن", max_length=400)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="فرستنده"
    )
    sent_by_leader = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="+", verbose_name="سرگروه"
    )
    sent_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "پیام به داوطلب"
        verbose_name_plural = "پیام‌ها به داوطلبان"

    def __str__(self) -> str:
        return f"#{self.pk}"

"""Groups of volunteers: who leads, who is in, and what they did last."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.text import search_key
from provinces.models import County, Neighbourhood, Province
from provinces.scoping import ScopedManager
from volunteers.enums import GroupKind, GroupState, Section
from volunteers.models.people import Volunteer


class VolunteerGroup(models.Model):
    """A team of a place. A name is used once in a county. `last_active_at` follows activities and confirmed hours;
    who is long silent is asked, and asleep when no answer comes. `neighbourhood_row` is the one of the county's
    register that is meant; `neighbourhood` its name, or another that is not in the register."""

    province_path, county_path = "province", "county"

    name = models.CharField("نام گروه", max_length=100)
    name_key = models.CharField(max_length=160, editable=False)
    kind = models.CharField("نوع", max_length=12, choices=GroupKind)
    section = models.CharField("بخش", max_length=16, choices=Section)
    province = models.ForeignKey(Province, models.PROTECT, related_name="+", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, related_name="+", verbose_name="شهرستان")
    neighbourhood = models.CharField("محله", max_length=80, blank=True, default="", db_default="")
    neighbourhood_row = models.ForeignKey(
        Neighbourhood, models.PROTECT, null=True, related_name="+", verbose_name="محله در دفتر"
    )
    leader = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="led_groups", verbose_name="سرگروه"
    )
    state = models.CharField(
        "وضعیت", max_length=8, choices=GroupState, default=GroupState.ACTIVE, db_default=GroupState.ACTIVE
    )
    made_at = models.DateTimeField("ساخت", db_default=Now())
    last_active_at = models.DateTimeField("آخرین فعالیت", db_default=Now())
    asked_at = models.DateTimeField("پرسش از سرگروه", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "گروه داوطلبان"
        verbose_name_plural = "گروه‌های داوطلبان"
        constraints = [models.UniqueConstraint(fields=["county", "name_key"], name="one_group_name_a_county")]
        indexes = [
            models.Index(fields=["state", "last_active_at"], name="group_sleep"),
            GinIndex(fields=["name_key"], name="group_names", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_key = search_key(self.name)[:160]
        super().save(*args, **kwargs)


class GroupMembership(models.Model):
    """That somebody belongs to a group, since a day until a day."""

    province_path, county_path = "group__province", "group__county"

    group = models.ForeignKey(VolunteerGroup, models.CASCADE, related_name="memberships", verbose_name="گروه")
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="memberships", verbose_name="داوطلب"
    )
    joined_at = models.DateTimeField("از", db_default=Now())
    left_at = models.DateTimeField("تا", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "عضویت در گروه"
        verbose_name_plural = "عضویت‌های گروه‌ها"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "volunteer"], condition=Q(left_at=None), name="one_group_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id}:{self.volunteer_id}"


class GroupActivity(models.Model):
    """What a group did, told by its leader or written by staff."""

    province_path, county_path = "group__province", "group__county"

    group = models.ForeignKey(VolunteerGroup, models.CASCADE, related_name="activities", verbose_name="گروه")
    on = models.DateField("روز")
    what = models.CharField("چه کردند", max_length=300)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="نویسنده"
    )  # nobody: the leader
    noted_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = "فعالیت گروه"
        verbose_name_plural = "فعالیت‌های گروه‌ها"

    def __str__(self) -> str:
        return f"{self.group_id} {self.on}"

"""How somebody was judged fit, and the papers that were looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from provinces.scoping import ScopedManager
from volunteers.enums import Decision, DocumentKind
from volunteers.models.people import Volunteer


class VettingDecision(models.Model):
    """One decision of a person about a volunteer, with its reason. Never changed; it goes with the volunteer."""

    province_path, county_path = "volunteer__province", "volunteer__county"

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, db_index=False, related_name="decisions", verbose_name="داوطلب"
    )
    decision = models.CharField("تصمیم", max_length=8, choices=Decision)
    reason = models.CharField("دلیل", max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="تصمیم‌گیرنده"
    )
    decided_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "تصمیم صلاحیت"
        verbose_name_plural = "تصمیم‌های صلاحیت"
        constraints = [models.CheckConstraint(name="decision_has_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["volunteer", "-id"], name="decision_latest")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.decision}"


class VolunteerDocument(models.Model):
    """A paper, sealed on disk under `path`; shown only to those who vet."""

    province_path, county_path = "volunteer__province", "volunteer__county"

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="documents", verbose_name="داوطلب")
    kind = models.CharField("نوع", max_length=10, choices=DocumentKind)
    path = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField("حجم")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="افزاینده"
    )
    added_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "مدرک داوطلب"
        verbose_name_plural = "مدارک داوطلبان"

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

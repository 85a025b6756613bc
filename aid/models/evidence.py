"""What deliveries of money and of goods share: how it is known that something reached people, and who they are by the
codes of the office's own cases."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from aid.enums import Outcome, Signatory
from core.fields import EncryptedTextField


def person(label: str, **options) -> models.ForeignKey:
    """Somebody of staff who did something to a row."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Evidenced(models.Model):
    """The day, how many, the roles of two who signed the minutes, and perhaps a photo without faces, which a second
    person has looked at and which never leaves the office. What was recorded wrongly is undone, never edited."""

    households = models.PositiveIntegerField("شمار خانوار یا نفر")
    delivered_on = models.DateField("روز تحویل")
    first_signatory = models.CharField("امضای نخست", max_length=16, choices=Signatory)
    second_signatory = models.CharField("امضای دوم", max_length=16, choices=Signatory)
    minutes_number = models.CharField("شمارهٔ صورت‌جلسه", max_length=40, blank=True)
    photo_path = models.CharField("عکس", max_length=120, blank=True)
    photo_digest = models.CharField(max_length=64, blank=True)
    photo_is_faceless = models.BooleanField("بی چهره", default=False)
    photo_reviewed_by = person("بازبین عکس", null=True)
    photo_reviewed_at = models.DateTimeField("بازبینی عکس", null=True)
    recorded_by = person("ثبت‌کننده")
    recorded_at = models.DateTimeField("ثبت", db_default=Now())
    undone_by = person("بازگرداننده", null=True)
    undone_at = models.DateTimeField("بازگرداندن", null=True)
    undo_reason = models.CharField("دلیل بازگرداندن", max_length=300, blank=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    class Meta:
        abstract = True


class ReceivedCase(models.Model):
    """That a case of the office's own system received something: its opaque code, encrypted, and a keyed hash by which
    a second delivery to the same case is noticed. Never public."""

    reference = EncryptedTextField("کد پرونده")
    reference_hash = models.CharField(max_length=64, db_index=True)
    is_active = models.BooleanField("پابرجا", default=True)
    again_because = models.CharField("دلیل تحویل دوباره", max_length=200, blank=True)
    outcome = models.CharField("پیامد", max_length=12, choices=Outcome, blank=True)
    outcome_on = models.DateField("روز پیامد", null=True)

    class Meta:
        abstract = True


def evidence_rules(*, roles: str, photo: str, photo_eyes: str, undone: str) -> list[models.CheckConstraint]:
    """The rules of `Evidenced` under the names that a table gives them."""
    return [
        models.CheckConstraint(name=roles, condition=~Q(first_signatory=F("second_signatory"))),
        models.CheckConstraint(
            name=photo, condition=Q(photo_path="") | Q(photo_is_faceless=True) & ~Q(photo_digest="")
        ),
        models.CheckConstraint(name=photo_eyes, condition=~Q(photo_reviewed_by=F("recorded_by"))),
        models.CheckConstraint(
            name=undone,
            condition=Q(undone_at=None, undone_by=None, undo_reason="")
            | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
        ),
    ]

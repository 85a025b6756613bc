"""Days on which giving turns: confirmed by people, never derived from a library alone; and what turns with them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.enums import Anchor, OccasionActKind
from campaigns.models.campaigns import Edition
from campaigns.models.funds import Fund
from provinces.enums import Role


class Occasion(models.Model):
    """A season or a day. Religious ones carry the Hijri year, which is their key; their days are estimated until
    somebody confirms them with a source."""

    code = models.SlugField("کد", max_length=40)
    name = models.CharField("نام", max_length=80)
    hijri_year = models.PositiveSmallIntegerField("سال قمری", default=0, help_text="۰: مناسبت خورشیدی")
    jalali_year = models.PositiveSmallIntegerField("سال خورشیدی")
    starts_on = models.DateField("آغاز")
    ends_on = models.DateField("پایان")
    is_confirmed = models.BooleanField("قطعی", default=False)
    confirmed_by = models.CharField("منبع تأیید", max_length=200, blank=True)
    confirmed_at = models.DateTimeField("زمان تأیید", null=True, blank=True, editable=False)
    is_public = models.BooleanField("در تقویم مردم", default=True)
    shown_days = models.PositiveSmallIntegerField(
        "از چند روز پیش در صفحهٔ نخست", default=21, help_text="۰: تنها در خود آن روزها"
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, null=True, blank=True, verbose_name="نوع کمکی که پیش می‌نهد", related_name="+"
    )

    class Meta:
        ordering = ["starts_on"]
        verbose_name = "مناسبت"
        verbose_name_plural = "مناسبت‌ها"
        constraints = [
            models.UniqueConstraint(fields=["code", "hijri_year", "jalali_year"], name="one_occasion_a_year"),
            models.UniqueConstraint(
                fields=["code", "hijri_year"], condition=Q(hijri_year__gt=0), name="one_occasion_a_hijri_year"
            ),
            models.CheckConstraint(
                name="occasion_in_order", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="confirmed_occasion_has_source", condition=Q(is_confirmed=False) | ~Q(confirmed_by="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hijri_year or self.jalali_year}"


class OccasionAct(models.Model):
    """What opens, closes or is called to mind on a day counted from an occasion, on the order of a person.

    Its day moves with the occasion. An edition's season simply follows; everything else is done once, and `done_at`
    says when. `trouble` is a code of `occasion_phrases` that says why it could not be done at the last try.
    """

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="acts", verbose_name="مناسبت")
    kind = models.CharField("چه", max_length=16, choices=OccasionActKind)
    anchor = models.CharField("از", max_length=5, choices=Anchor, default=Anchor.START)
    offset_days = models.SmallIntegerField("روز پس از آن", default=0, help_text="پیش از آن: منفی")
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="دورهٔ پویش"
    )
    role = models.CharField("برای نقش", max_length=24, choices=Role, blank=True)
    text = models.CharField("متن", max_length=300, blank=True)
    waits_for_confirmation = models.BooleanField("تنها پس از تأیید تاریخ", default=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="به دستور"
    )
    ordered_at = models.DateTimeField("دستور", default=timezone.now, editable=False)
    done_at = models.DateTimeField("انجام شد", null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    trouble = models.CharField("چرا نشد", max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["occasion", "pk"]
        verbose_name = "کار مناسبت"
        verbose_name_plural = "کارهای مناسبت‌ها"
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "kind", "edition", "anchor", "offset_days", "role", "text"],
                nulls_distinct=False,
                name="one_act_each",
            ),
            models.CheckConstraint(
                name="act_has_what_it_needs",
                condition=(Q(kind="remind", edition=None) & ~Q(text="") & ~Q(role=""))
                | (~Q(kind="remind") & Q(edition__isnull=False, role="")),
            ),
        ]
        indexes = [models.Index(fields=["occasion"], condition=Q(done_at=None), name="acts_to_do")]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.get_kind_display()}"

"""Days on which giving turns: confirmed by people, never derived from a library alone."""

from django.db import models


class Occasion(models.Model):
    """A season or a day. Religious ones carry the Hijri year; the date counts once it is confirmed."""

    code = models.SlugField("کد", max_length=40)
    name = models.CharField("نام", max_length=80)
    hijri_year = models.PositiveSmallIntegerField("سال قمری", default=0, help_text="۰: مناسبت خورشیدی")
    jalali_year = models.PositiveSmallIntegerField("سال خورشیدی")
    starts_on = models.DateField("آغاز")
    ends_on = models.DateField("پایان")
    is_confirmed = models.BooleanField("قطعی", default=False)
    confirmed_by = models.CharField("منبع تأیید", max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name = "مناسبت"
        verbose_name_plural = "مناسبت‌ها"
        constraints = [
            models.UniqueConstraint(fields=["code", "hijri_year", "jalali_year"], name="one_occasion_a_year"),
            models.CheckConstraint(
                name="occasion_in_order", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hijri_year or self.jalali_year}"

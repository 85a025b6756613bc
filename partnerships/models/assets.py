"""The six capitals of a neighbourhood: what there is, who holds it, which need it is useful for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import EncryptedTextField
from core.text import search_key
from partnerships.enums import Capital, Purpose
from partnerships.models.partners import Partner, person
from provinces.models import County, Neighbourhood
from provinces.scoping import ScopedManager


class CommunityAsset(models.Model):
    """Something that a county or one of its neighbourhoods has. How to reach its holder is encrypted and for staff."""

    province_path, county_path = "county__province", "county"

    county = models.ForeignKey(County, models.PROTECT, related_name="assets", verbose_name="شهرستان")
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name="محله"
    )
    capital = models.CharField("سرمایه", max_length=9, choices=Capital)
    title = models.CharField("چه چیزی", max_length=120)
    holder = models.CharField("نزد چه کسی", max_length=120)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name="شریک"
    )
    contact = EncryptedTextField("راه تماس", blank=True)
    useful_for = ArrayField(
        models.CharField(max_length=12, choices=Purpose), verbose_name="به کار کدام نیاز می‌آید", default=list
    )
    note = models.CharField("یادداشت", max_length=300, blank=True)
    is_active = models.BooleanField("برقرار", default=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)
    search_key = models.CharField(max_length=600, editable=False)
    made_by = person("ثبت‌کننده", null=True)
    made_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["county__sort_key", "capital", "title"]
        verbose_name = "سرمایهٔ محله"
        verbose_name_plural = "سرمایه‌های محله"
        constraints = [
            models.CheckConstraint(name="asset_is_useful", condition=Q(useful_for__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_key = search_key(f"{self.title} {self.holder} {self.note}")[:600]
        super().save(*args, **kwargs)

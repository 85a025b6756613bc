"""Organisations that promise, where they work and whom to call there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import EncryptedTextField
from core.text import search_key, sort_key
from partnerships.enums import PartnerKind
from provinces.models import County, Province
from provinces.scoping import ScopedManager


def person(label: str, **options) -> models.ForeignKey:
    """A member of staff."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


class Partner(models.Model):
    """An organisation. Without a province it is headquarters' own; which others a province sees says
    `partner_selectors.partners_in_sight`, never this manager alone. One legal ID is one partner in the country."""

    province_path, county_path = "province", "county"

    kind = models.CharField("نوع", max_length=12, choices=PartnerKind)
    name = models.CharField("نام", max_length=160)
    legal_id = models.CharField("شناسهٔ ملی", max_length=11, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    website = models.CharField("وبگاه", max_length=120, blank=True)
    note = models.CharField("یادداشت", max_length=300, blank=True)
    is_active = models.BooleanField("همکاری برقرار است", default=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)
    search_key = models.CharField(max_length=300, db_index=True, editable=False)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    made_by = person("سازنده", null=True)
    made_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = "شریک"
        verbose_name_plural = "شرکا"
        constraints = [
            models.UniqueConstraint(
                fields=["legal_id"], condition=~Q(legal_id=""), name="one_partner_a_legal_id"
            ),
            models.CheckConstraint(
                name="partners_county_is_in_a_province", condition=Q(county=None) | Q(province__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_key = search_key(f"{self.name} {self.legal_id}")[:300]
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)


class PartnerSite(models.Model):
    """A place where a partner works: a factory, a mine, a branch. Its province sees the partner."""

    province_path, county_path = "province", "county"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="sites", verbose_name="شریک")
    name = models.CharField("نام", max_length=120)
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, verbose_name="شهرستان")
    address = models.CharField("نشانی", max_length=200, blank=True)
    is_active = models.BooleanField("برقرار", default=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["county__sort_key", "name"]
        verbose_name = "محل کار شریک"
        verbose_name_plural = "محل‌های کار شرکا"
        constraints = [
            models.UniqueConstraint(fields=["partner", "county", "name"], name="one_site_a_name_and_county")
        ]

    def __str__(self) -> str:
        return self.name


class PartnerContact(models.Model):
    """Somebody to call at a partner: for those who look after partners, encrypted, on no public page. Reminders of
    promises go to whoever wants them."""

    province_path, county_path = "partner__province", "partner__county"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contacts", verbose_name="شریک")
    name = EncryptedTextField("نام")
    role = models.CharField("سمت", max_length=80, blank=True)
    mobile = EncryptedTextField("همراه", blank=True)
    email = EncryptedTextField("رایانامه", blank=True)
    wants_reminders = models.BooleanField("یادآوری وعده‌ها را می‌خواهد", default=False)
    added_by = person("ثبت‌کننده", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "رابط شریک"
        verbose_name_plural = "رابطان شرکا"

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.role or self.pk}"

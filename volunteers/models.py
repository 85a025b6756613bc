"""Who offers time. The network itself is built on this row later."""

from django.db import models
from django.db.models.functions import Now

from core.fields import EncryptedTextField
from provinces.models import Province
from provinces.scoping import ScopedManager
from volunteers.enums import Section


class Volunteer(models.Model):
    """Somebody who asked to join. One person (by mobile) is one row; the number is encrypted."""

    province_path = "province"

    name = models.CharField("نام و نام خانوادگی", max_length=80)
    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, unique=True)
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    section = models.CharField("بخش", max_length=16, choices=Section)
    joined_at = models.DateTimeField("ثبت", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-joined_at"]
        verbose_name = "داوطلب"
        verbose_name_plural = "داوطلبان"

    def __str__(self) -> str:
        return self.name

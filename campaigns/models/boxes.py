"""Printed codes, the boxes that carry them, and how often they were scanned."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.enums import BoxState, PlacementKind, StickerFormat
from campaigns.models.campaigns import Branch, Edition
from campaigns.models.funds import Fund
from core.phrases import sentence
from core.text import persian_digits
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Placement(models.Model):
    """Where one printed QR hangs and what a gift through it is for. The code is random, beyond guessing."""

    province_path, county_path = "province", "county"

    code = models.CharField("کد", max_length=16, unique=True)
    kind = models.CharField("نوع", max_length=12, choices=PlacementKind)
    title = models.CharField("عنوان", max_length=160)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, verbose_name="دورهٔ پویش")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name="شاخه")
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, verbose_name="نوع کمک")
    is_active = models.BooleanField("فعال", default=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="جایگزین")
    created_at = models.DateTimeField("ساخت", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "جانمای کد"
        verbose_name_plural = "جانماهای کد"

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class Box(models.Model):
    """A fitriyeh box. It stands only with a Zakat Council permit."""

    province_path, county_path = "province", "county"

    number = models.PositiveIntegerField("شمارهٔ صندوق")
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    address = models.CharField("محل", max_length=200, blank=True)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="box", verbose_name="کد")
    permit_no = models.CharField("شمارهٔ مجوز شورای زکات", max_length=40, blank=True)
    permit_valid_until = models.DateField("اعتبار مجوز تا", null=True, blank=True)
    state = models.CharField("وضعیت", max_length=12, choices=BoxState, default=BoxState.PLANNED)

    objects = ScopedManager()

    class Meta:
        ordering = ["province", "number"]
        verbose_name = "صندوق"
        verbose_name_plural = "صندوق‌ها"
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="one_box_number_a_province"),
            models.CheckConstraint(
                name="placed_box_has_permit",
                condition=~Q(state="placed") | (~Q(permit_no="") & Q(permit_valid_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"صندوق {persian_digits(self.number)}"


class Scan(models.Model):
    """One opening of a printed code: when, and nothing about who. Folded into ScanHour and dropped."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "اسکن"
        verbose_name_plural = "اسکن‌ها"

    def __str__(self) -> str:
        return f"{self.placement_id} {self.at}"


class ScanHour(models.Model):
    """How often a code was opened in one hour."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="scan_hours")
    hour = models.DateTimeField("ساعت")
    scans = models.PositiveIntegerField("دفعات")

    class Meta:
        verbose_name = "اسکن در ساعت"
        verbose_name_plural = "اسکن‌ها در ساعت"
        constraints = [models.UniqueConstraint(fields=["placement", "hour"], name="one_row_a_code_and_hour")]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.hour}: {self.scans}"


class StickerJob(models.Model):
    """A request to make the codes of some boxes and one print-ready sheet; a worker does it.

    Province and county are those that all its codes share. `error` is a code of `campaigns.phrases`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "در صف"
        READY = "ready", "آماده"
        FAILED = "failed", "ناموفق"

    province_path, county_path = "province", "county"

    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    placements = models.ManyToManyField(Placement, verbose_name="کدها")
    size = models.CharField("اندازه", max_length=8, choices=StickerFormat, default=StickerFormat.BOX)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="درخواست‌کننده"
    )
    asked_at = models.DateTimeField("درخواست", auto_now_add=True)
    state = models.CharField("وضعیت", max_length=8, choices=State, default=State.WAITING)
    ready_at = models.DateTimeField("آماده شد", null=True)
    pages = models.PositiveIntegerField("صفحه", default=0)
    file = models.FileField("برگهٔ چاپ", upload_to="stickers/", blank=True)
    error = models.CharField("خطا", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "برگهٔ برچسب"
        verbose_name_plural = "برگه‌های برچسب"

    def __str__(self) -> str:
        return f"برگهٔ {persian_digits(self.pk)}"

    @property
    def error_words(self) -> str:
        """Why it failed, as a sentence; "" when it has not."""
        return sentence(self.error) if self.error else ""

"""What people need, found by an office and shown without any trait that could point to a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.enums import NeedKind, NeedState, Urgency
from campaigns.models.funds import Fund
from core.text import search_key
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Need(models.Model):
    """Something that is wanted for a group of people: how much, how soon, what money may pay for it.

    Found by one person and verified by another. Its page says a province or county and a number of people, never
    who they are. `kind` is a purpose as in `Fund.spendable_on`: a gift to the need is of a fund that allows it. The
    database keeps what was verified as it was and moves the state along `campaigns_needmove` only. What may be shown
    of the place says `campaigns.need_selectors.shown_county`, never `county` itself.
    """

    province_path, county_path = "province", "county"

    code = models.CharField("کد", max_length=16, unique=True)
    kind = models.CharField("برای", max_length=16, choices=NeedKind)
    title = models.CharField("عنوان", max_length=120)
    story = models.TextField("شرح", blank=True, max_length=2000)
    province = models.ForeignKey(Province, models.PROTECT, related_name="needs", verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نوع کمک")
    persons = models.PositiveIntegerField("شمار افراد")
    urgency = models.PositiveSmallIntegerField("فوریت", choices=Urgency, default=Urgency.ORDINARY)
    goal_rial = models.BigIntegerField("مبلغ لازم (ریال)", null=True, blank=True)
    wanted_by = models.DateField("تا روز", null=True, blank=True)
    surplus_rule = models.CharField("اگر بیش از نیاز رسید", max_length=300)
    search_key = models.TextField(editable=False, default="")
    state = models.CharField("وضعیت", max_length=10, choices=NeedState, default=NeedState.FOUND)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="یابنده"
    )
    centre_code = models.CharField("کد مرکز مثبت زندگی", max_length=20, blank=True)
    found_at = models.DateTimeField("ثبت", db_default=Now())
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تأییدکننده"
    )
    verified_at = models.DateTimeField("تأیید", null=True)
    published_at = models.DateTimeField("انتشار", null=True)
    closed_at = models.DateTimeField("پایان", null=True)
    closing_report = models.TextField("گزارش پایان", blank=True)
    closing_evidence = models.CharField("مدرک پایان", max_length=200, blank=True)
    decision_reason = models.CharField("دلیل آخرین تصمیم", max_length=500, blank=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-urgency", "wanted_by", "-pk"]
        verbose_name = "نیاز"
        verbose_name_plural = "نیازها"
        constraints = [
            models.CheckConstraint(name="need_four_eyes", condition=~Q(verified_by=F("found_by"))),
            models.CheckConstraint(
                name="shown_need_is_verified",
                condition=Q(state__in=["found", "refused"])
                | Q(verified_by__isnull=False, verified_at__isnull=False, found_by__isnull=False)
                | Q(state="withdrawn", published_at=None),
            ),
            models.CheckConstraint(
                name="need_of_somebody",
                condition=Q(persons__gt=0) & (Q(goal_rial=None) | Q(goal_rial__gt=0)),
            ),
            models.CheckConstraint(
                name="closed_need_says_what_became",
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False) & ~Q(closing_report="") & ~Q(closing_evidence="")),
            ),
            models.CheckConstraint(
                name="shown_need_has_a_day",
                condition=~Q(state__in=["published", "funded", "closed"]) | Q(published_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "province"], name="needs_by_state")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_key = search_key(f"{self.title} {self.get_kind_display()} {self.story}")
        super().save(*args, **kwargs)


class NeedItem(models.Model):
    """One thing of a need and how much of it. What is met of it says `campaigns.need_progress`, never a column.

    With `unit_price_rial` (appraised) what comes in goods lowers what is still wanted in money.
    """

    province_path, county_path = "need__province", "need__county"

    need = models.ForeignKey(Need, models.PROTECT, related_name="wanted_items", verbose_name="نیاز")
    position = models.PositiveSmallIntegerField("ترتیب", default=1)
    item = models.CharField("قلم", max_length=80)
    quantity = models.PositiveIntegerField("تعداد")
    unit = models.CharField("واحد", max_length=20)
    unit_price_rial = models.BigIntegerField("بهای برآوردی هر واحد (ریال)", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "قلم نیاز"
        verbose_name_plural = "اقلام نیاز"
        constraints = [
            models.UniqueConstraint(fields=["need", "item"], name="need_asks_an_item_once"),
            models.CheckConstraint(
                name="need_item_positive",
                condition=Q(quantity__gt=0) & (Q(unit_price_rial=None) | Q(unit_price_rial__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.item

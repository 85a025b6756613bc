"""Memoranda: what was signed with a partner, item by item, and each province's share of it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.money import RialField
from partnerships.enums import AgreementState, Measure, Purpose
from partnerships.models.partners import Partner, person
from provinces.models import Province
from provinces.scoping import ScopedManager


class Agreement(models.Model):
    """A memorandum. Without a province headquarters signed it; a province sees such a one where it has a share or a
    promise of it (`agreement_selectors.agreements_in_sight`). That it was signed is written down by one person and
    confirmed by another. The database moves its state along `partnerships_agreementmove` only, sees to the two, and
    keeps what was signed, or waits for the second person, as it was."""

    province_path = "province"

    code = models.SlugField("کد", max_length=40, unique=True)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements", verbose_name="شریک")
    title = models.CharField("عنوان", max_length=160)
    number = models.CharField("شماره", max_length=40, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    state = models.CharField("وضعیت", max_length=8, choices=AgreementState, default=AgreementState.DRAFT)
    signed_on = models.DateField("امضا", null=True, blank=True)
    ends_on = models.DateField("تا روز", null=True, blank=True)
    value_rial = RialField(
        "ارزش نوشته‌شده (ریال)", null=True, blank=True, help_text="ارزش همهٔ بندها با هم؛ با آن‌ها جمع نمی‌شود."
    )
    note = models.CharField("یادداشت", max_length=500, blank=True)
    source = models.CharField("منبع", max_length=200, blank=True)
    ending = models.CharField("چگونه پایان یافت", max_length=500, blank=True)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)
    made_by = person("سازنده", null=True)
    made_at = models.DateTimeField("ثبت", db_default=Now())
    signing_by = person("ثبت‌کنندهٔ امضا", null=True)
    signing_at = models.DateTimeField("ثبت امضا", null=True)
    signed_by = person("تأییدکنندهٔ امضا", null=True)
    signed_at = models.DateTimeField("تأیید امضا", null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-signed_on", "-pk"]
        verbose_name = "تفاهم‌نامه"
        verbose_name_plural = "تفاهم‌نامه‌ها"
        constraints = [
            models.CheckConstraint(
                name="signed_agreement_has_a_day", condition=Q(state="draft") | Q(signed_on__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_agreement_says_why", condition=~Q(state="ended") | ~Q(ending="")
            ),
            models.CheckConstraint(name="signing_four_eyes", condition=~Q(signed_by=F("signing_by"))),
            models.CheckConstraint(
                name="a_draft_is_not_signed",
                condition=~Q(state="draft") | Q(signed_by=None, signed_at=None),
            ),
            models.CheckConstraint(
                name="signing_says_who_and_when",
                condition=Q(signing_by=None, signing_at=None, signed_by=None, signed_at=None)
                | Q(signing_by__isnull=False, signing_at__isnull=False, signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_worth_something", condition=Q(value_rial=None) | Q(value_rial__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementItem(models.Model):
    """One thing of a memorandum: how much of it, for what. What of it is promised in detail and what has come says
    `agreement_selectors`, never a column."""

    province_path = "agreement__province"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="items", verbose_name="تفاهم‌نامه")
    position = models.PositiveSmallIntegerField("ترتیب", default=1)
    title = models.CharField("بند", max_length=120)
    purpose = models.CharField("برای", max_length=12, choices=Purpose)
    measure = models.CharField(
        "جنس",
        max_length=5,
        choices=[choice for choice in Measure.choices if choice[0] != "words"],
        default=Measure.GOODS,
    )
    unit = models.CharField("واحد", max_length=20, blank=True)
    target = models.BigIntegerField("مقدار", help_text="پول به ریال؛ چیزهای دیگر به واحد خود.")
    due_on = models.DateField("موعد", null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "بند تفاهم‌نامه"
        verbose_name_plural = "بندهای تفاهم‌نامه"
        constraints = [
            models.CheckConstraint(name="agreement_item_is_something", condition=Q(target__gt=0)),
            models.CheckConstraint(
                name="agreement_item_has_its_unit",
                condition=Q(measure="cash", unit="") | Q(measure="goods") & ~Q(unit=""),
            ),
            models.UniqueConstraint(fields=["agreement", "title"], name="one_agreement_item_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemShare(models.Model):
    """How much of an item falls to a province. Shares never add up to more than the item: the database counts them."""

    province_path = "province"

    item = models.ForeignKey(AgreementItem, models.PROTECT, related_name="shares", verbose_name="بند")
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    quantity = models.BigIntegerField("سهم")

    objects = ScopedManager()

    class Meta:
        ordering = ["province__sort_key"]
        verbose_name = "سهم استان"
        verbose_name_plural = "سهم استان‌ها"
        constraints = [
            models.UniqueConstraint(fields=["item", "province"], name="one_share_a_province"),
            models.CheckConstraint(name="share_is_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.province_id}"


class AgreementFile(models.Model):
    """A signed copy or an annex, sealed at rest."""

    province_path = "agreement__province"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="files", verbose_name="تفاهم‌نامه")
    title = models.CharField("عنوان", max_length=120)
    path = models.CharField("جای نگهداری", max_length=80, editable=False)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    added_by = person("فرستنده")
    added_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "پروندهٔ تفاهم‌نامه"
        verbose_name_plural = "پرونده‌های تفاهم‌نامه"

    def __str__(self) -> str:
        return self.title

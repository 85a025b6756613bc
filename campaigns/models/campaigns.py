"""Campaigns, their yearly editions and the provincial branches of an edition."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from campaigns.enums import CampaignScope, CampaignState, ChannelKind, YearKind
from campaigns.models.funds import Fund
from provinces.models import Province
from provinces.scoping import ScopedManager


class Campaign(models.Model):
    """A name under which gifts are asked for, year after year.

    `only_in` is the code of the province that began it for itself: its editions have one branch, there, and go every
    step with it. Empty: headquarters' campaign. No foreign key, for the name is public wherever it is asked for.
    """

    slug = models.SlugField("نشانی", unique=True)
    name = models.CharField("نام", max_length=80)
    scope = models.CharField("گستره", max_length=12, choices=CampaignScope)
    summary = models.CharField("خلاصه", max_length=300)
    only_in = models.CharField(
        "تنها در استان", max_length=2, blank=True, help_text="کد استان؛ خالی: همهٔ کشور"
    )

    class Meta:
        ordering = ["id"]
        verbose_name = "پویش"
        verbose_name_plural = "پویش‌ها"
        constraints = [
            models.CheckConstraint(
                name="own_campaign_is_provincial", condition=Q(only_in="") | Q(scope="provincial")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """What an edition and a branch have alike: what is asked, and how far it has come from draft to report.

    `proposed_at` of a draft says that it waits for approval. `version` grows with every change, so that nobody
    overwrites or approves what they have not seen. Empty `fund_codes` and `channel_kinds` mean all of them.
    Rows that came with the reference data carry neither proposer nor approver.

    What was approved stands until somebody else approves a change: `edit` holds the wished values by field, and the
    pictures to come and to go (`services.plan_edits`). With `edit_returned` it went back to its maker.
    """

    story = models.TextField("شرح", blank=True)
    goal_rial = models.BigIntegerField("هدف (ریال)", null=True, blank=True)
    fund_codes = ArrayField(
        models.CharField(max_length=40), verbose_name="انواع کمک مجاز", default=list, blank=True
    )
    channel_kinds = ArrayField(
        models.CharField(max_length=8, choices=ChannelKind),
        verbose_name="راه‌های پرداخت",
        default=list,
        blank=True,
    )
    state = models.CharField("وضعیت", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    version = models.PositiveIntegerField("نسخه", default=1)
    changed_at = models.DateTimeField("آخرین تغییر", null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="پیشنهاددهنده"
    )
    proposed_at = models.DateTimeField("فرستاده برای تأیید", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تأییدکننده"
    )
    approved_at = models.DateTimeField("تأیید", null=True, blank=True)
    returned_reason = models.CharField("چرا برگشت", max_length=500, blank=True)
    opened_at = models.DateTimeField("گشایش", null=True, blank=True)
    closed_at = models.DateTimeField("بستن", null=True, blank=True)
    closing_text = models.TextField("سخن پایانی", blank=True)
    report_text = models.TextField("گزارش", blank=True)
    reported_at = models.DateTimeField("انتشار گزارش", null=True, blank=True)
    edit = models.JSONField("تغییر در انتظار", null=True, blank=True)
    edit_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="تغییردهنده"
    )
    edit_at = models.DateTimeField("فرستادن تغییر", null=True, blank=True)
    edit_returned = models.CharField("چرا تغییر برگشت", max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_four_eyes",
                condition=Q(approved_by=None)
                | (Q(proposed_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="%(class)s_goal_positive", condition=Q(goal_rial=None) | Q(goal_rial__gt=0)
            ),
            models.CheckConstraint(
                name="%(class)s_edit_is_somebodys",
                condition=Q(edit__isnull=True, edit_by=None, edit_at=None)
                | Q(edit__isnull=False, edit_by__isnull=False, edit_at__isnull=False),
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Is it sent for approval and not decided?"""
        return self.state == CampaignState.DRAFT and self.proposed_at is not None

    @property
    def has_edit_waiting(self) -> bool:
        """Does a change of what was approved wait for somebody's yes?"""
        return self.edit is not None and not self.edit_returned


class Edition(Plan):
    """A campaign in one year. Religious seasons are keyed by the Hijri year, others by the Jalali one.

    An open edition takes gifts; its season only says when it is at its height.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="editions", verbose_name="پویش")
    year_kind = models.CharField("تقویم", max_length=8, choices=YearKind)
    year = models.PositiveSmallIntegerField("سال")
    title = models.CharField("عنوان", max_length=120)
    season_starts_on = models.DateField("آغاز موسم", null=True, blank=True)
    season_ends_on = models.DateField("پایان موسم", null=True, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name="نوع کمک پیش‌فرض")

    class Meta(Plan.Meta):
        abstract = False
        ordering = ["-year"]
        verbose_name = "دورهٔ پویش"
        verbose_name_plural = "دوره‌های پویش"
        constraints = [
            *Plan.Meta.constraints,
            models.UniqueConstraint(fields=["campaign", "year_kind", "year"], name="one_edition_a_year"),
            models.UniqueConstraint(fields=["campaign"], condition=Q(state="open"), name="one_open_edition"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def starts_on(self):
        return self.season_starts_on

    @property
    def ends_on(self):
        return self.season_ends_on


class Branch(Plan):
    """An edition in one province, with its own goal. The nation's total counts each gift once."""

    province_path = "province"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="branches", verbose_name="دوره")
    province = models.ForeignKey(Province, models.PROTECT, related_name="branches", verbose_name="استان")
    starts_on = models.DateField("آغاز", null=True, blank=True)
    ends_on = models.DateField("پایان", null=True, blank=True)

    objects = ScopedManager()

    class Meta(Plan.Meta):
        abstract = False
        verbose_name = "شاخهٔ استانی"
        verbose_name_plural = "شاخه‌های استانی"
        constraints = [
            *Plan.Meta.constraints,
            models.UniqueConstraint(fields=["edition", "province"], name="one_branch_a_province"),
            models.CheckConstraint(
                name="branch_days_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} – {self.province}"

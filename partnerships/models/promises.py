"""The register of promises: of firms, of memoranda and of guests at events; when they are due and what came."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Event, Guest, Need, NeedItem
from core.money import RialField
from donations.models import Donation, GivenGoods
from partnerships.enums import CommitmentState, DeliveryForm, DeliveryState, Measure, Purpose, ReminderStage
from partnerships.models.agreements import AgreementItem
from partnerships.models.partners import Partner, PartnerSite, person
from provinces.models import County, Province
from provinces.scoping import ScopedManager


class Commitment(models.Model):
    """What a partner, or somebody at an event, promised. `delivered` is the sum of its confirmed deliveries: the
    database adds them up and takes no other change. Detailed out of a memorandum's item, all promises of the item
    together are never more than the item, nor than the share of their province where it was split.

    Money is counted in rial, goods in their unit; words only (`measure`) are one promise, counted in no sum.
    """

    province_path, county_path = "province", "county"

    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, related_name="commitments", verbose_name="شریک"
    )
    site = models.ForeignKey(PartnerSite, models.PROTECT, null=True, verbose_name="محل کار شریک")
    who = models.CharField("چه کسی", max_length=120, blank=True)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, related_name="commitments", verbose_name="رویداد"
    )
    guest = models.ForeignKey(
        Guest, models.PROTECT, null=True, related_name="commitments", verbose_name="مهمان"
    )
    item = models.ForeignKey(
        AgreementItem, models.PROTECT, null=True, related_name="commitments", verbose_name="بند تفاهم‌نامه"
    )
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="commitments", verbose_name="نیاز")
    need_item = models.ForeignKey(
        NeedItem, models.PROTECT, null=True, related_name="+", verbose_name="قلم نیاز"
    )
    what = models.CharField("چه وعده‌ای", max_length=300)
    purpose = models.CharField("برای", max_length=12, choices=Purpose, default=Purpose.OTHER)
    measure = models.CharField("جنس", max_length=5, choices=Measure)
    unit = models.CharField("واحد", max_length=20, blank=True)
    quantity = models.BigIntegerField("مقدار", help_text="پول به ریال؛ چیزهای دیگر به واحد خود.")
    delivered = models.BigIntegerField("رسیده", default=0)
    worth_rial = RialField("ارزش (ریال)", null=True)
    province = models.ForeignKey(Province, models.PROTECT, null=True, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, verbose_name="شهرستان")
    promised_on = models.DateField("روز وعده")
    state = models.CharField("وضعیت", max_length=8, choices=CommitmentState, default=CommitmentState.OPEN)
    note = models.CharField("آخرین پیگیری", max_length=300, blank=True)
    followed_at = models.DateTimeField("پیگیری", null=True)
    minded_by = person("پیگیر", null=True)
    made_by = person("ثبت‌کننده")
    made_at = models.DateTimeField("ثبت", db_default=Now())
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "وعده"
        verbose_name_plural = "وعده‌ها"
        constraints = [
            models.CheckConstraint(
                name="promise_is_somebodys", condition=Q(partner__isnull=False) | ~Q(who="")
            ),
            models.CheckConstraint(
                name="promise_is_something", condition=Q(quantity__gt=0, delivered__gte=0)
            ),
            models.CheckConstraint(
                name="promise_has_its_unit",
                condition=Q(measure="cash", unit="")
                | Q(measure="goods") & ~Q(unit="")
                | Q(measure="words", unit="", quantity=1),
            ),
            models.CheckConstraint(
                name="given_up_promise_says_why", condition=~Q(state="dropped") | ~Q(note="")
            ),
            models.CheckConstraint(
                name="promised_worth_positive", condition=Q(worth_rial=None) | Q(worth_rial__gt=0)
            ),
            models.CheckConstraint(
                name="promises_county_is_in_a_province", condition=Q(county=None) | Q(province__isnull=False)
            ),
            models.CheckConstraint(
                name="item_of_a_need_comes_with_its_need",
                condition=Q(need_item=None) | Q(need__isnull=False, measure="goods"),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "province", "county"], name="promises_by_place"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def whose(self) -> str:
        """Who promised, as it is shown."""
        return self.partner.name if self.partner_id else self.who

    @property
    def left(self) -> int:
        """What has not come of it, in its own unit; nothing once it was given up or kept."""
        return max(0, self.quantity - self.delivered) if self.state == CommitmentState.OPEN else 0


class Instalment(models.Model):
    """Until when how much of a promise is due: `reaches` is the sum of the instalments up to this one, so it is met
    when as much was delivered."""

    province_path, county_path = "commitment__province", "commitment__county"

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, related_name="instalments", verbose_name="وعده"
    )
    due_on = models.DateField("موعد")
    quantity = models.BigIntegerField("مقدار")
    reaches = models.BigIntegerField("تا این موعد روی هم")

    objects = ScopedManager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "قسط وعده"
        verbose_name_plural = "قسط‌های وعده"
        constraints = [
            models.CheckConstraint(
                name="instalment_is_something", condition=Q(quantity__gt=0, reaches__gte=F("quantity"))
            ),
            models.UniqueConstraint(fields=["commitment", "due_on"], name="one_instalment_a_day"),
        ]
        indexes = [models.Index(fields=["due_on"], name="instalments_due")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.due_on}"


class PromiseDelivery(models.Model):
    """Something promised that came: written down by one person, confirmed by another. Money is a gift in the books,
    goods are a line of a gift in kind; the database sees to it that each proves one delivery only and is as much as
    that. A decided row changes no more, but for what it became."""

    province_path, county_path = "commitment__province", "commitment__county"

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="deliveries", verbose_name="وعده")
    form = models.CharField("چگونه رسید", max_length=6, choices=DeliveryForm)
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, related_name="promise_deliveries", verbose_name="کمک"
    )
    goods = models.ForeignKey(
        GivenGoods,
        models.PROTECT,
        null=True,
        related_name="promise_deliveries",
        verbose_name="کالای دریافت‌شده",
    )
    quantity = models.BigIntegerField("مقدار")
    delivered_on = models.DateField("روز رسیدن")
    evidence = models.CharField("مدرک", max_length=300)
    file_path = models.CharField("پروندهٔ مدرک", max_length=80, blank=True, editable=False)
    state = models.CharField("وضعیت", max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    recorded_by = person("ثبت‌کننده")
    recorded_at = models.DateTimeField("ثبت", db_default=Now())
    decided_by = person("تأییدکننده", null=True)
    decided_at = models.DateTimeField("تأیید", null=True)
    reason = models.CharField("دلیل", max_length=300, blank=True)
    outcome = models.CharField("چه شد", max_length=500, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "رسیدن وعده"
        verbose_name_plural = "رسیدن وعده‌ها"
        constraints = [
            models.CheckConstraint(
                name="promise_delivery_four_eyes",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | Q(
                    state__in=["confirmed", "refused", "undone"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                & ~Q(decided_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="promise_delivery_names_its_proof",
                condition=Q(form="money", donation__isnull=False, goods=None)
                | Q(form="stock", goods__isnull=False, donation=None)
                | Q(form="direct", donation=None, goods=None),
            ),
            models.CheckConstraint(
                name="promise_delivery_is_something", condition=Q(quantity__gt=0) & ~Q(evidence="")
            ),
            models.CheckConstraint(
                name="refused_promise_delivery_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.UniqueConstraint(
                fields=["donation"],
                condition=Q(state__in=["waiting", "confirmed"], donation__isnull=False),
                name="a_gift_keeps_one_promise",
            ),
            models.UniqueConstraint(
                fields=["goods"],
                condition=Q(state__in=["waiting", "confirmed"], goods__isnull=False),
                name="goods_keep_one_promise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.quantity}"


class PromiseReminder(models.Model):
    """That somebody was reminded of a due day at this stage; once, however often the job runs."""

    province_path, county_path = "commitment__province", "commitment__county"

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reminders", verbose_name="وعده")
    due_on = models.DateField("موعد")
    stage = models.CharField("چه هنگام", max_length=4, choices=ReminderStage)
    sent_at = models.DateTimeField("زمان", db_default=Now())

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "یادآوری وعده"
        verbose_name_plural = "یادآوری وعده‌ها"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "due_on", "stage"], name="reminded_once_a_stage")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.stage}"

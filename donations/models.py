"""What was given, by whom (as far as they wish to say) and the receipt for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from campaigns.models import Branch, Channel, Edition, Fund, GivingRate, Need, Placement
from core.fields import EncryptedTextField
from core.money import RialField
from donations.enums import (
    AppraisalWay,
    Condition,
    DayPart,
    DonationStatus,
    GoodsUnit,
    HandOver,
    InKindState,
)
from ledger.dimensions import Facet
from ledger.enums import GiftKind
from provinces.models import County, Office, Province
from provinces.scoping import ScopedManager


class Donor(models.Model):
    """Somebody who left a mobile number. The number is encrypted; equality is found by a keyed hash."""

    mobile = EncryptedTextField("شمارهٔ همراه")
    mobile_hash = models.CharField(max_length=64, unique=True)
    wants_reminders = models.BooleanField("یادآوری می‌خواهد", default=False, db_default=False)
    created_at = models.DateTimeField("نخستین بار", db_default=Now())

    class Meta:
        verbose_name = "نیکوکار"
        verbose_name_plural = "نیکوکاران"

    def __str__(self) -> str:
        return f"نیکوکار {self.pk}"


class Donation(models.Model):
    """An intention to give, written down before any bank is called. Once received it is frozen by the database."""

    province_path, county_path = "province", "county"

    tracking_code = models.CharField("کد رهگیری", max_length=16, unique=True)
    kind = models.CharField("جنس", max_length=8, choices=GiftKind, default=GiftKind.CASH)
    amount_rial = RialField("مبلغ (ریال)")
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False, verbose_name="نوع کمک")
    province = models.ForeignKey(Province, models.PROTECT, null=True, db_index=False, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, db_index=False, verbose_name="شهرستان")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, db_index=False, verbose_name="دورهٔ پویش")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, db_index=False, verbose_name="شاخه")
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False, verbose_name="راه پرداخت")
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, db_index=False, verbose_name="جانما")
    need = models.ForeignKey(Need, models.PROTECT, null=True, verbose_name="نیاز")
    rate = models.ForeignKey(GivingRate, models.PROTECT, null=True, db_index=False, verbose_name="نرخ")
    persons = models.PositiveSmallIntegerField("شمار نفرات یا روزها", null=True)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, verbose_name="نیکوکار")
    donor_name = models.CharField("نام نیکوکار", max_length=80, blank=True)
    is_anonymous = models.BooleanField("بی‌نام", default=False)
    message = models.CharField("پیام", max_length=300, blank=True)
    preferred_gateway = models.CharField("درگاه خواسته‌شده", max_length=12, blank=True)
    status = models.CharField("وضعیت", max_length=12, choices=DonationStatus, default=DonationStatus.PENDING)
    created_at = models.DateTimeField("ثبت")
    received_at = models.DateTimeField("دریافت", null=True)
    is_allocated = models.BooleanField("همهٔ آن تخصیص یافته", default=False, db_default=False)
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = "کمک"
        verbose_name_plural = "کمک‌ها"
        constraints = [
            models.CheckConstraint(name="donation_positive", condition=Q(amount_rial__gt=0)),
            models.CheckConstraint(
                name="received_has_time",
                condition=Q(status__in=["received", "refunded"], received_at__isnull=False)
                | Q(status__in=["pending", "failed", "under_review"], received_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["province", "-received_at"], condition=Q(status="received"), name="received_by_place"
            ),
            models.Index(
                fields=["county", "-received_at"],
                condition=Q(status="received", county__isnull=False),
                name="received_by_county",
            ),
            models.Index(fields=["province", "-created_at", "-id"], name="donation_of_place_by_time"),
            models.Index(fields=["-created_at"], name="donation_newest"),
            models.Index(
                fields=["fund", "province", "county", "edition", "need", "received_at", "id"],
                condition=Q(status="received", kind="cash", is_allocated=False),
                name="waiting_in_pool",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_code

    @property
    def facet(self) -> Facet:
        """Where the gift stands in the books."""
        return Facet(
            self.fund_id,
            self.province_id,
            self.county_id,
            self.edition_id,
            self.branch_id,
            self.channel_id,
            self.need_id,
        )

    @property
    def public_name(self) -> str:
        """The donor's name as it may be printed on their own receipt."""
        return "" if self.is_anonymous else self.donor_name


class IdempotencyKey(models.Model):
    """That a client's key led to this donation; the same key with another body is refused."""

    key_hash = models.CharField(max_length=64, unique=True)
    body_hash = models.CharField(max_length=64)
    donation = models.ForeignKey(Donation, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        verbose_name = "کلید یکتایی"
        verbose_name_plural = "کلیدهای یکتایی"

    def __str__(self) -> str:
        return self.key_hash[:12]


class Receipt(models.Model):
    """The proof a donor holds. Never edited; it can be revoked. Its token opens it, its code confirms it."""

    province_path, county_path = "donation__province", "donation__county"

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="receipt", verbose_name="کمک")
    serial = models.CharField("شماره", max_length=24, unique=True)
    token = models.CharField(max_length=40, unique=True)
    code = models.CharField("کد تأیید", max_length=16, unique=True)
    bank_reference = models.CharField("شمارهٔ مرجع بانک", max_length=64)
    issued_at = models.DateTimeField("صدور")
    revoked_at = models.DateTimeField("ابطال", null=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="پیشخوان صادرکننده"
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = "رسید"
        verbose_name_plural = "رسیدها"

    def __str__(self) -> str:
        return self.serial


class GiftInKind(models.Model):
    """Goods that somebody offers or brings, from the offer until they are in the books.

    `key` comes with the form: the same form sent twice is one gift. Its tracking code is the donation's too, once the
    goods are received and appraised. The address of a pick-up is encrypted.
    """

    province_path, county_path = "office__province", "office__county"

    key = models.UUIDField("کلید یکتایی", unique=True)
    tracking_code = models.CharField("کد رهگیری", max_length=16, unique=True)
    state = models.CharField("وضعیت", max_length=10, choices=InKindState, default=InKindState.OFFERED)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False, related_name="+", verbose_name="نیت")
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, blank=True, related_name="goods_offered", verbose_name="برای نیاز"
    )
    way = models.CharField("راه رسیدن", max_length=6, choices=HandOver, default=HandOver.BRING)
    pickup_address = EncryptedTextField("نشانی برای بردن کالا", blank=True)
    wished_on = models.DateField("روز دلخواه", null=True)
    wished_part = models.CharField("ساعت دلخواه", max_length=8, choices=DayPart, blank=True)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, verbose_name="نیکوکار")
    donor_name = models.CharField("نام نیکوکار", max_length=80, blank=True)
    is_anonymous = models.BooleanField("بی‌نام", default=False)
    message = models.CharField("پیام", max_length=300, blank=True)
    offered_at = models.DateTimeField("ثبت")
    is_walk_in = models.BooleanField("حضوری", default=False)
    reply = models.CharField("پاسخ اداره", max_length=400, blank=True)
    appointment_on = models.DateField("روز قرار", null=True)
    appointment_part = models.CharField("ساعت قرار", max_length=8, choices=DayPart, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="پاسخ‌دهنده"
    )
    decided_at = models.DateTimeField("پاسخ", null=True)
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, related_name="in_kind", verbose_name="کمک"
    )
    is_demo = models.BooleanField("نمونهٔ نمایشی", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "کمک غیرنقدی"
        verbose_name_plural = "کمک‌های غیرنقدی"
        constraints = [
            models.CheckConstraint(
                name="received_goods_have_their_donation",
                condition=Q(state="received", donation__isnull=False)
                | (~Q(state="received") & Q(donation=None)),
            ),
            models.CheckConstraint(
                name="answered_offer_says_by_whom",
                condition=Q(state="offered") | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="declined_offer_says_why", condition=~Q(state__in=["declined", "lapsed"]) | ~Q(reply="")
            ),
        ]
        indexes = [models.Index(fields=["office", "state"], name="in_kind_of_office")]

    def __str__(self) -> str:
        return self.tracking_code


class OfferedGoods(models.Model):
    """One line of an offer, in the donor's own words."""

    province_path, county_path = "gift__office__province", "gift__office__county"

    gift = models.ForeignKey(GiftInKind, models.CASCADE, related_name="offered", verbose_name="کمک غیرنقدی")
    description = models.CharField("کالا", max_length=120)
    quantity = models.DecimalField("مقدار", max_digits=12, decimal_places=3)
    unit = models.CharField("واحد", max_length=8, choices=GoodsUnit, default=GoodsUnit.PIECE)
    condition = models.CharField("وضع", max_length=6, choices=Condition, default=Condition.NEW)
    photo = models.FileField("عکس", upload_to="offers/", blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "کالای پیشنهادشده"
        verbose_name_plural = "کالاهای پیشنهادشده"
        constraints = [models.CheckConstraint(name="offered_quantity_positive", condition=Q(quantity__gt=0))]

    def __str__(self) -> str:
        return self.description


class GivenGoods(models.Model):
    """One line of what really came, with what it is worth, by whom and how that was found. `item_code` names a row
    of the list of goods. Once the gift is received the database changes none of it."""

    province_path, county_path = "gift__office__province", "gift__office__county"

    gift = models.ForeignKey(GiftInKind, models.CASCADE, related_name="given", verbose_name="کمک غیرنقدی")
    item_code = models.SlugField("کد کالا", max_length=40)
    name = models.CharField("کالا", max_length=120)
    details = models.CharField("نشان و ویژگی", max_length=160, blank=True)
    quantity = models.DecimalField("مقدار", max_digits=12, decimal_places=3)
    unit = models.CharField("واحد", max_length=8, choices=GoodsUnit)
    condition = models.CharField("وضع", max_length=6, choices=Condition)
    expires_on = models.DateField("انقضا", null=True)
    value_rial = RialField("ارزش برآوردی (ریال)")
    appraised_by = models.CharField("ارزیاب", max_length=80)
    appraised_how = models.CharField("پایهٔ ارزیابی", max_length=8, choices=AppraisalWay)
    photo = models.FileField("عکس", upload_to="goods/", blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "کالای دریافت‌شده"
        verbose_name_plural = "کالاهای دریافت‌شده"
        constraints = [
            models.CheckConstraint(
                name="given_goods_are_something", condition=Q(quantity__gt=0, value_rial__gt=0)
            ),
            models.CheckConstraint(name="appraisal_names_somebody", condition=~Q(appraised_by="")),
        ]

    def __str__(self) -> str:
        return self.name

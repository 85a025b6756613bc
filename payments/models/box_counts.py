"""What lay in a fitriyeh box: counted by one, counted again by another, and then one gift of that box."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from campaigns.models import Box
from core.money import RialField
from donations.models import Donation
from payments.enums import CountState
from payments.models.cash import CashDeposit, Denomination
from provinces.models import Office
from provinces.scoping import ScopedManager


class BoxCount(models.Model):
    """The count of one box in one round. `first_rial` and `second_rial` are what two people found, neither knowing of
    the other's; the second one's is booked, into the cash of `office`, when the second one confirms (the database sees
    to four eyes, to the amounts staying as they are, and to one count a round)."""

    province_path, county_path = "box__province", "box__county"

    box = models.ForeignKey(Box, models.PROTECT, related_name="counts", verbose_name="صندوق")
    round = models.PositiveSmallIntegerField("نوبت")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="اداره")
    state = models.CharField("وضعیت", max_length=9, choices=CountState, default=CountState.WAITING)
    first_rial = RialField("شمارش نخست (ریال)")
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="شمارندهٔ نخست"
    )
    counted_at = models.DateTimeField("شمارش نخست", db_default=Now())
    second_rial = RialField("شمارش دوم (ریال)", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="شمارندهٔ دوم"
    )
    decided_at = models.DateTimeField("شمارش دوم", null=True)
    reason = models.CharField("توضیح", max_length=300, blank=True)
    donation = models.OneToOneField(
        Donation, models.PROTECT, null=True, related_name="box_count", verbose_name="کمک"
    )
    deposit = models.ForeignKey(
        CashDeposit, models.PROTECT, null=True, related_name="box_counts", verbose_name="فیش واریز"
    )

    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "شمارش صندوق فطریه"
        verbose_name_plural = "شمارش‌های صندوق‌های فطریه"
        constraints = [
            models.UniqueConstraint(
                fields=["box", "round"], condition=~Q(state="refused"), name="one_count_a_box_and_round"
            ),
            models.CheckConstraint(
                name="box_count_four_eyes",
                condition=Q(state="waiting", decided_by=None, decided_at=None, second_rial=None)
                | (
                    Q(state="confirmed", decided_by__isnull=False, decided_at__isnull=False)
                    & Q(second_rial__isnull=False)
                    & ~Q(decided_by=F("counted_by"))
                )
                | (
                    Q(state="refused", decided_by__isnull=False, decided_at__isnull=False, second_rial=None)
                    & ~Q(reason="")
                    & ~Q(decided_by=F("counted_by"))
                ),
            ),
            models.CheckConstraint(
                name="box_variance_is_explained",
                condition=~Q(state="confirmed") | Q(second_rial=F("first_rial")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="counted_box_money_is_a_gift",
                condition=(Q(state="confirmed", second_rial__gt=0, donation__isnull=False))
                | (Q(state="confirmed", second_rial=0, donation=None, deposit=None))
                | (~Q(state="confirmed") & Q(donation=None, deposit=None)),
            ),
            models.CheckConstraint(name="box_count_not_negative", condition=Q(first_rial__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}:{self.round}"

    @property
    def source(self) -> str:
        """What names its gift in the books."""
        return f"box:{self.box_id}:{self.round}"

    @property
    def variance_rial(self) -> int:
        """What the second found more (positive) or less (negative) than the first; 0 while nobody has."""
        return 0 if self.second_rial is None else self.second_rial - self.first_rial


class BoxCountLine(models.Model):
    """How many of one note one of the two counted."""

    province_path, county_path = "count__box__province", "count__box__county"

    count = models.ForeignKey(BoxCount, models.PROTECT, related_name="lines")
    is_second = models.BooleanField("شمارش دوم")
    denomination = models.ForeignKey(Denomination, models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField("شمار")

    objects = ScopedManager()

    class Meta:
        ordering = ["is_second", "-denomination__value_rial"]
        verbose_name = "ردیف شمارش صندوق فطریه"
        verbose_name_plural = "ردیف‌های شمارش صندوق فطریه"
        constraints = [
            models.UniqueConstraint(
                fields=["count", "is_second", "denomination"], name="one_line_a_note_and_count"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count_id}: {self.pieces}"

"""What the page of an edition or a branch carries beside its plan: pictures and news."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import Branch, Edition
from provinces.scoping import ScopedManager

_OF_ONE = Q(edition__isnull=False, branch=None) | Q(edition=None, branch__isnull=False)


class Picture(models.Model):
    """A picture of an edition or of a branch, made anew from what was sent; its file never changes.

    `key` is beyond guessing. The first by `id` that is not withdrawn stands at the head of the page. One that is wished
    for a page which was approved counts as withdrawn until somebody else says yes.
    """

    province_path = "branch__province"

    key = models.CharField(max_length=32, unique=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="pictures")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="pictures")
    file = models.FileField("پرونده", upload_to="campaigns/")
    alt = models.CharField("شرح تصویر", max_length=200)
    width = models.PositiveIntegerField("پهنا")
    height = models.PositiveIntegerField("بلندا")
    created_at = models.DateTimeField("زمان", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_withdrawn = models.BooleanField("برداشته‌شده", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["id"]
        verbose_name = "تصویر پویش"
        verbose_name_plural = "تصویرهای پویش"
        constraints = [
            models.CheckConstraint(name="picture_of_one_plan", condition=_OF_ONE),
            models.CheckConstraint(name="picture_is_described", condition=~Q(alt="")),
        ]

    def __str__(self) -> str:
        return self.alt


class News(models.Model):
    """Something that happened in an edition or a branch, on a day; withdrawn ones are kept."""

    province_path = "branch__province"

    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="news")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="news")
    on = models.DateField("روز")
    title = models.CharField("عنوان", max_length=120)
    text = models.TextField("متن")
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="news")
    created_at = models.DateTimeField("زمان", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_withdrawn = models.BooleanField("برداشته‌شده", default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = "خبر پویش"
        verbose_name_plural = "خبرهای پویش"
        constraints = [models.CheckConstraint(name="news_of_one_plan", condition=_OF_ONE)]

    def __str__(self) -> str:
        return self.title

"""What a person must decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now

from cases.enums import CaseKind, CaseState
from provinces.models import Province
from provinces.scoping import ScopedManager


class Case(models.Model):
    """Something the machine must not decide alone. One subject has one case of a kind, however often it recurs.
    Closed without a name is what settled by itself, when what was missing came."""

    province_path = "province"

    kind = models.CharField("موضوع", max_length=32, choices=CaseKind)
    subject = models.CharField("دربارهٔ", max_length=80)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, verbose_name="استان")
    facts = models.JSONField("داده‌ها", default=dict)
    state = models.CharField("وضعیت", max_length=8, choices=CaseState, default=CaseState.OPEN)
    opened_at = models.DateTimeField("گشایش", db_default=Now())
    due_at = models.DateTimeField("موعد")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="مسئول",
    )
    closed_at = models.DateTimeField("بسته شدن", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="بسته شد به دست",
    )
    resolution = models.CharField("تصمیم و دلیل", max_length=500, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["state", "due_at"]
        verbose_name = "پرونده"
        verbose_name_plural = "پرونده‌ها"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_case_a_subject"),
            models.CheckConstraint(
                name="closed_case_says_why",
                condition=Q(state="open", closed_at=None)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(resolution="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="case_by_due"),
            models.Index(fields=["-closed_at", "id"], condition=Q(state="closed"), name="case_by_closing"),
            models.Index(KeyTransform("tracking_code", "facts"), name="case_by_gift"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.subject}"

"""What is to be done in a season: headquarters' template, and the copies that provinces and counties make their own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.enums import Anchor, TaskKind, YearKind
from campaigns.models.campaigns import Campaign
from campaigns.models.occasions import Occasion
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import ScopedManager


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class RunbookTemplate(models.Model):
    """A season's plan as headquarters writes it, for any year."""

    title = models.CharField("عنوان", max_length=120, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, verbose_name="پویش")
    year_kind = models.CharField("تقویم", max_length=8, choices=YearKind, default=YearKind.HIJRI)
    intro = models.TextField("سرآغاز", blank=True)
    created_by = _person("نویسنده")
    created_at = models.DateTimeField("ساخت", auto_now_add=True)

    class Meta:
        ordering = ["title"]
        verbose_name = "الگوی برنامهٔ کار"
        verbose_name_plural = "الگوهای برنامهٔ کار"

    def __str__(self) -> str:
        return self.title


class TaskPlan(models.Model):
    """What a task of a template and of a copy have alike. `revision` grows with every change, so that whoever took it
    over can see that there is something new."""

    title = models.CharField("عنوان", max_length=160)
    text = models.TextField("متن", blank=True)
    kind = models.CharField("گونه", max_length=8, choices=TaskKind, default=TaskKind.TASK)
    role = models.CharField("نقش مسئول", max_length=24, choices=Role)
    anchor = models.CharField("از", max_length=5, choices=Anchor, default=Anchor.START)
    offset_days = models.SmallIntegerField("روز پس از آن", default=0)
    position = models.PositiveSmallIntegerField("ترتیب", default=100)
    revision = models.PositiveIntegerField("ویرایش", default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class TemplateTask(TaskPlan):
    """A task of a template. Its day is counted from an occasion of whichever year it is cloned for."""

    template = models.ForeignKey(RunbookTemplate, models.PROTECT, related_name="tasks", verbose_name="الگو")
    occasion_code = models.SlugField("کد مناسبت", max_length=40)
    retired_at = models.DateTimeField("برداشته شد", null=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "کار الگو"
        verbose_name_plural = "کارهای الگو"
        constraints = [
            models.UniqueConstraint(
                fields=["template", "title"], condition=Q(retired_at=None), name="one_template_task_a_title"
            )
        ]


class TaskAttachment(models.Model):
    """A poster or a text that goes with a task, as a file."""

    task = models.ForeignKey(TemplateTask, models.PROTECT, related_name="attachments", verbose_name="کار")
    title = models.CharField("عنوان", max_length=120)
    file = models.FileField("فایل", upload_to="runbook/")
    added_by = _person("فرستنده")
    added_at = models.DateTimeField("زمان", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "پیوست کار"
        verbose_name_plural = "پیوست‌های کار"

    def __str__(self) -> str:
        return self.title


class Runbook(models.Model):
    """The copy of a template for one year in one province, or in one of its counties (cloned from the province's)."""

    province_path, county_path = "province", "county"

    template = models.ForeignKey(
        RunbookTemplate, models.PROTECT, related_name="runbooks", verbose_name="الگو"
    )
    year = models.PositiveSmallIntegerField("سال")
    province = models.ForeignKey(Province, models.PROTECT, verbose_name="استان")
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, verbose_name="شهرستان")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies", verbose_name="از")
    cloned_by = _person("سازنده")
    cloned_at = models.DateTimeField("ساخت", auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-year", "pk"]
        verbose_name = "برنامهٔ کار"
        verbose_name_plural = "برنامه‌های کار"
        constraints = [
            models.UniqueConstraint(
                fields=["template", "year", "province", "county"],
                nulls_distinct=False,
                name="one_runbook_a_place",
            ),
            models.CheckConstraint(
                name="county_runbook_has_parent",
                condition=Q(county=None, parent=None) | Q(county__isnull=False, parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.year} – {self.county or self.province}"


class RunbookTask(TaskPlan):
    """A task of a copy. It falls due on a day counted from its occasion, unless somebody wrote a day by hand.

    `origin` is the template's task, `source` the province's (in a county); `taken_revision` says which revision of the
    nearer of the two it has taken or left. One that is dropped stays, with the reason.
    """

    province_path, county_path = "runbook__province", "runbook__county"

    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="tasks", verbose_name="برنامه")
    origin = models.ForeignKey(
        TemplateTask, models.PROTECT, null=True, related_name="+", verbose_name="کار الگو"
    )
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="کار استان")
    taken_revision = models.PositiveIntegerField(default=0)
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="+", verbose_name="مناسبت")
    own_due_on = models.DateField("روز دستی", null=True, blank=True)
    assignee = _person("سپرده به")
    done_at = models.DateTimeField("انجام شد", null=True)
    done_by = _person("انجام‌دهنده")
    note = models.CharField("یادداشت", max_length=300, blank=True)
    dropped_at = models.DateTimeField("کنار گذاشته شد", null=True)
    dropped_by = _person("کنارگذارنده")
    why_dropped = models.CharField("چرا", max_length=300, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "کار برنامه"
        verbose_name_plural = "کارهای برنامه"
        constraints = [
            models.UniqueConstraint(
                fields=["runbook", "origin"], condition=Q(origin__isnull=False), name="one_copy_of_a_task"
            ),
            models.UniqueConstraint(
                fields=["runbook", "source"], condition=Q(source__isnull=False), name="one_copy_of_a_source"
            ),
            models.CheckConstraint(
                name="done_task_names_a_person",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="dropped_task_says_why", condition=Q(dropped_at=None) | ~Q(why_dropped="")
            ),
            models.CheckConstraint(
                name="task_is_not_its_own_source", condition=Q(source=None) | ~Q(source=F("pk"))
            ),
        ]

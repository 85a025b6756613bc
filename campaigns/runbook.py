"""Reading runbooks: what is due when, how far each place is, and what its plan's source has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from campaigns.enums import YearKind
from campaigns.models import Occasion, Runbook, RunbookTask, RunbookTemplate, TemplateTask
from campaigns.models.runbook import TaskPlan
from campaigns.occasions import day_in_database
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from provinces.models import Membership
from provinces.scoping import all_provinces

PLANNED = ("title", "text", "kind", "role", "anchor", "offset_days", "position")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` tasks, `late` of the others past their day. Dropped ones are not counted."""

    total: int = 0
    done: int = 0
    late: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.total + other.total, self.done + other.done, self.late + other.late)

    @property
    def badness(self) -> tuple[int, float]:
        """Worst first when sorted: more late, then a smaller part done."""
        return -self.late, self.done / self.total if self.total else 1.0


def with_due(tasks: QuerySet[RunbookTask]) -> QuerySet[RunbookTask]:
    """Tasks with `due_on`: the day written by hand, else the one counted from the occasion."""
    return tasks.annotate(due_on=Coalesce(F("own_due_on"), day_in_database()))


def tasks_of(runbook: Runbook) -> list[RunbookTask]:
    """Every task in the order of its day, dropped ones last."""
    found = with_due(RunbookTask.objects.filter(runbook=runbook)).select_related(
        "occasion", "assignee", "done_by", "dropped_by", "origin"
    )
    return list(
        found.prefetch_related("origin__attachments").order_by(
            F("dropped_at").asc(nulls_first=True), "due_on", "position", "pk"
        )
    )


def is_late(task: RunbookTask, today: date) -> bool:
    """Of a task with `due_on`."""
    return task.done_at is None and task.dropped_at is None and task.due_on < today


def progress_of(
    runbooks: Iterable[Runbook] | QuerySet[Runbook], today: date | None = None
) -> dict[int, Progress]:
    """{runbook id: how far it is}, in one query."""
    today = today or tehran_today()
    rows = (
        with_due(RunbookTask.objects.filter(runbook__in=runbooks, dropped_at=None))
        .values("runbook")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(done_at__isnull=False)),
            late=Count("pk", filter=Q(done_at=None, due_on__lt=today)),
        )
        .order_by()
    )
    return {row["runbook"]: Progress(row["total"], row["done"], row["late"]) for row in rows}


@dataclass
class Standing:
    """A province in the country's overview: its own copy and the sum of its counties'."""

    runbook: Runbook
    own: Progress = field(default_factory=Progress)
    counties: Progress = field(default_factory=Progress)
    county_count: int = 0


def country_of(template: RunbookTemplate, year: int, today: date | None = None) -> list[Standing]:
    """Every province that has a copy, the worst first (two queries)."""
    runbooks = list(
        Runbook.objects.filter(template=template, year=year).select_related("province", "template")
    )
    progress = progress_of([runbook.pk for runbook in runbooks], today)
    found = {runbook.province_id: Standing(runbook) for runbook in runbooks if runbook.county_id is None}
    for runbook in runbooks:
        standing, how_far = found[runbook.province_id], progress.get(runbook.pk, Progress())
        if runbook.county_id is None:
            standing.own = how_far
        else:
            standing.counties += how_far
            standing.county_count += 1
    return sorted(found.values(), key=lambda s: ((s.own + s.counties).badness, s.runbook.province.sort_key))


def years_cloned(template: RunbookTemplate) -> list[int]:
    """The years for which anybody has a copy, newest first."""
    return sorted(set(Runbook.objects.filter(template=template).values_list("year", flat=True)), reverse=True)


def find_occasion(code: str, year_kind: str, year: int) -> Occasion:
    """The occasion of a year; DomainError runbook_occasion_missing (code, year) when the calendar has none."""
    of_year = {"hijri_year": year} if year_kind == YearKind.HIJRI else {"hijri_year": 0, "jalali_year": year}
    found = Occasion.objects.filter(code=code, **of_year).first()
    if found is None:
        raise DomainError("runbook_occasion_missing", code=code, year=year)
    return found


def count_following(occasion: Occasion) -> int:
    """How many open tasks of all copies move with the days of an occasion."""
    with all_provinces("how much hangs on a date"):
        return RunbookTask.objects.filter(
            occasion=occasion, own_due_on=None, done_at=None, dropped_at=None
        ).count()


def colleagues_of(runbook: Runbook) -> QuerySet[User]:
    """Who works in the offices of a copy's province today, as far as the open scope sees them."""
    today = tehran_today()
    here = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), office__province=runbook.province_id, starts_on__lte=today
    )
    return User.objects.filter(is_active=True, pk__in=here.values("user")).order_by(
        "display_name", "username"
    )


# --- what the plan's source has changed --------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """A change of the template (for a province) or of the province's plan (for a county) that a copy may take.

    `upstream` is the task there, `task` the copy's own (None: it is new). `differences` are names of fields.
    """

    kind: Literal["new", "changed", "gone"]
    upstream: TaskPlan
    task: RunbookTask | None = None
    differences: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.upstream.pk}"


def offers_to(runbook: Runbook) -> list[Offer]:
    """What the source has changed since the copy took or left it, in the source's order."""
    mine = {
        task.origin_id if runbook.parent_id is None else task.source_id: task
        for task in RunbookTask.objects.filter(runbook=runbook).select_related("occasion")
    }
    found = (_offer(runbook, upstream, mine.get(upstream.pk)) for upstream in upstream_of(runbook))
    return [offer for offer in found if offer is not None]


def upstream_of(runbook: Runbook) -> list[TaskPlan]:
    """The tasks from which a copy was made, as they are now."""
    if runbook.parent_id is None:
        return list(TemplateTask.objects.filter(template=runbook.template_id))
    with all_provinces("a county reads the plan that it was cloned from"):
        return list(RunbookTask.objects.filter(runbook=runbook.parent_id).select_related("occasion"))


def is_gone(upstream: TaskPlan) -> bool:
    """Is the task no longer part of the plan from which copies are made?"""
    if isinstance(upstream, TemplateTask):
        return upstream.retired_at is not None
    return upstream.dropped_at is not None


def occasion_for(upstream: TaskPlan, runbook: Runbook) -> Occasion:
    """From which occasion a copy of this task counts; DomainError of `find_occasion`."""
    if isinstance(upstream, RunbookTask):
        return upstream.occasion
    return find_occasion(upstream.occasion_code, runbook.template.year_kind, runbook.year)


def _offer(runbook: Runbook, upstream: TaskPlan, task: RunbookTask | None) -> Offer | None:
    if task is None:
        return None if is_gone(upstream) else Offer("new", upstream)
    if task.taken_revision >= upstream.revision:
        return None
    if is_gone(upstream):
        return None if task.dropped_at else Offer("gone", upstream, task)
    if task.dropped_at:
        return None
    different = [name for name in PLANNED if getattr(task, name) != getattr(upstream, name)]
    code = upstream.occasion_code if isinstance(upstream, TemplateTask) else upstream.occasion.code
    if code != task.occasion.code:
        different.append("occasion")
    return Offer("changed", upstream, task, tuple(different)) if different else None

"""Copies of a season's plan: from the template to provinces, from a province to its counties.

Cloning locks what it copies, so two who clone at once make one copy a place; the database refuses a second anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from campaigns.models import Occasion, Runbook, RunbookTask, RunbookTemplate, TemplateTask
from campaigns.models.runbook import TaskPlan
from campaigns.runbook import PLANNED, find_occasion
from core import audit
from core.errors import DomainError
from core.models import User
from provinces.models import County, Province
from provinces.scoping import check_write


@dataclass(frozen=True)
class Cloned:
    """How many places got a copy, and how many had one, which is left as it is."""

    made: int
    there: int


@transaction.atomic
def clone_to_provinces(template_id: int, *, year: int, provinces: Iterable[Province], actor: User) -> Cloned:
    """A copy of the whole plan for each of these provinces. Repeatable: a province that has one keeps it untouched.

    DomainError: not_found (also without the country's scope), runbook_empty, runbook_occasion_missing (code, year).
    """
    check_write(None)
    template = RunbookTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise DomainError("not_found", status=404)
    tasks = list(TemplateTask.objects.filter(template=template, retired_at=None))
    if not tasks:
        raise DomainError("runbook_empty")
    occasions = {
        code: find_occasion(code, template.year_kind, year) for code in {task.occasion_code for task in tasks}
    }
    wanted = {province.pk for province in provinces}
    there = set(
        Runbook.objects.filter(template=template, year=year, county=None, province__in=wanted).values_list(
            "province", flat=True
        )
    )
    runbooks = Runbook.objects.bulk_create(
        [
            Runbook(template=template, year=year, province_id=code, cloned_by=actor)
            for code in sorted(wanted - there)
        ]
    )
    RunbookTask.objects.bulk_create(
        [
            copy_of(task, runbook, occasions[task.occasion_code], origin=task)
            for runbook in runbooks
            for task in tasks
        ],
        batch_size=2_000,
    )
    _record(runbooks, actor)
    return Cloned(len(runbooks), len(there))


@transaction.atomic
def clone_to_counties(runbook_id: int, *, counties: Iterable[County], actor: User) -> Cloned:
    """The province's copy, as it has made it its own, for each of these of its counties. Dropped tasks and people stay
    behind, days written by hand come along. Repeatable as `clone_to_provinces`.

    DomainError: not_found, runbook_of_county (a county's copy is cloned no further), unknown_county.
    """
    parent = Runbook.objects.select_for_update(of=("self",)).filter(pk=runbook_id).first()
    if parent is None:
        raise DomainError("not_found", status=404)
    check_write(parent.province_id)
    if parent.county_id:
        raise DomainError("runbook_of_county")
    wanted = {county.pk: county for county in counties}
    if any(county.province_id != parent.province_id for county in wanted.values()):
        raise DomainError("unknown_county", field="counties")
    there = set(
        Runbook.objects.filter(template=parent.template_id, year=parent.year, county__in=wanted).values_list(
            "county", flat=True
        )
    )
    place = {"template_id": parent.template_id, "year": parent.year, "province_id": parent.province_id}
    runbooks = Runbook.objects.bulk_create(
        [
            Runbook(**place, county_id=code, parent=parent, cloned_by=actor)
            for code in sorted(set(wanted) - there)
        ]
    )
    tasks = list(RunbookTask.objects.filter(runbook=parent, dropped_at=None).select_related("occasion"))
    RunbookTask.objects.bulk_create(
        [
            copy_of(task, runbook, task.occasion, origin=task.origin, source=task, own_due_on=task.own_due_on)
            for runbook in runbooks
            for task in tasks
        ],
        batch_size=2_000,
    )
    _record(runbooks, actor)
    return Cloned(len(runbooks), len(there))


def copy_of(upstream: TaskPlan, runbook: Runbook, occasion: Occasion, **more: object) -> RunbookTask:
    """The row with which a copy takes a task over; not saved."""
    planned = {name: getattr(upstream, name) for name in PLANNED}
    return RunbookTask(
        runbook=runbook, occasion=occasion, taken_revision=upstream.revision, **planned, **more
    )


def _record(runbooks: Sequence[Runbook], actor: User) -> None:
    for runbook in runbooks:
        audit.record(
            "runbook.cloned",
            runbook,
            actor=actor,
            province_code=runbook.province_id,
            template=runbook.template_id,
            year=runbook.year,
            county=runbook.county_id,
        )

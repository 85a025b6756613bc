"""A season's plan: a template with one task and a file, and its copies in a province and in one of its counties."""

from __future__ import annotations

from campaigns.models import Runbook, RunbookTask, RunbookTemplate, TaskAttachment, TemplateTask
from campaigns.services.runbook_templates import TaskFacts, add_template_task, attach_file, write_template
from campaigns.services.runbooks import clone_to_counties, clone_to_provinces
from core.models import User
from provinces.enums import Role
from provinces.models import County, Province
from tests.factories.people import person

YEAR = 1448
PNG = b"\x89PNG\r\n\x1a\n"


def facts(title: str = "نصب صندوق", **more) -> TaskFacts:
    said = {"kind": "task", "role": Role.PROVINCIAL_EXPERT, "occasion_code": "eid_fitr", "anchor": "start"}
    return TaskFacts(**{"title": title, **said, "offset_days": -3} | more)


def a_template(title: str = "رمضان", tasks: int = 1, *, actor: User | None = None) -> RunbookTemplate:
    """A template whose tasks lie three days before the Eid."""
    actor = actor or person(Role.HQ_MANAGER)
    template = write_template(title=title, year_kind="hijri", actor=actor)
    for number in range(tasks):
        add_template_task(template, facts(f"کار {number}", position=number + 1), actor=actor)
    return template


def make_runbook(province: str, county: str = "") -> tuple[Runbook, RunbookTask, TaskAttachment]:
    """The copy of the place, its task and the file that goes with it. Needs the whole country's scope."""
    actor = person(Role.HQ_MANAGER)
    template = a_template(f"رمضان {province} {county}", actor=actor)
    attachment = attach_file(
        TemplateTask.objects.get(template=template).pk, title="پوستر", content=PNG, actor=actor
    )
    clone_to_provinces(template.pk, year=YEAR, provinces=[Province.objects.get(code=province)], actor=actor)
    runbook = Runbook.objects.get(template=template)
    if county:
        clone_to_counties(runbook.pk, counties=[County.objects.get(code=county)], actor=actor)
        runbook = Runbook.objects.get(template=template, county=county)
    return runbook, RunbookTask.objects.get(runbook=runbook), attachment

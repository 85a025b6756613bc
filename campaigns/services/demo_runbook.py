"""A season's plan of the demo, given to every province and on to the counties of one."""

from __future__ import annotations

import csv
from pathlib import Path

from campaigns import runbook_phrases as phrases
from campaigns.models import Campaign, Runbook, RunbookTask, RunbookTemplate
from campaigns.rates import giving_year
from campaigns.services.runbook_tasks import finish_task
from campaigns.services.runbook_templates import TaskFacts, add_template_task, write_template
from campaigns.services.runbooks import clone_to_counties, clone_to_provinces
from core.models import User
from provinces.models import County, Province

_FILE = Path(__file__).resolve().parents[1] / "data" / "runbook_demo.csv"
_PROVINCE = "23"


def seed_demo_runbook(actor: User) -> None:
    """The plan of the coming Ramadan, with a tick in one province. Repeatable; nothing without a coming Eid."""
    year = giving_year()
    if year is None or RunbookTemplate.objects.filter(title=phrases.DEMO_TITLE).exists():
        return
    template = write_template(
        title=str(phrases.DEMO_TITLE),
        year_kind="hijri",
        intro=str(phrases.DEMO_INTRO),
        campaign=Campaign.objects.filter(slug="ziafat-mehrabani").first(),
        actor=actor,
    )
    with _FILE.open(encoding="utf-8", newline="") as file:
        for position, row in enumerate(csv.DictReader(file), start=1):
            row["offset_days"] = int(row["offset_days"])
            add_template_task(template, TaskFacts(**row, position=position), actor=actor)
    clone_to_provinces(template.pk, year=year, provinces=Province.objects.all(), actor=actor)
    runbook = Runbook.objects.get(template=template, province=_PROVINCE)
    finish_task(RunbookTask.objects.filter(runbook=runbook).first().pk, actor=actor)
    clone_to_counties(
        runbook.pk, counties=County.objects.filter(province=_PROVINCE, is_active=True), actor=actor
    )

"""The pages of rates, occasions and plans on a phone and on a desk: nothing for axe to find, no sideways scrolling."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.enums import Anchor, OccasionActKind
from campaigns.models import GivingRate, Occasion, Runbook, RunbookTask
from campaigns.services.occasion_acts import order_act
from campaigns.services.runbook_templates import add_template_task, change_template_task
from campaigns.services.runbooks import clone_to_counties, clone_to_provinces
from core.jalali import tehran_today
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import all_provinces
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.serving import served
from tests.donations.conftest import announce
from tests.factories.people import TEHRAN, browser_of, person
from tests.factories.runbooks import YEAR, a_template, facts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SHOTS = os.environ.get("SHOTS_DIR", "")  # where to keep pictures of the pages, for looking at them


@pytest.fixture
def season(live_db, settings):
    """A season under way: rates, a plan with changes, orders of an occasion; and who signs in."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with all_provinces("test"):
        actor = person(Role.HQ_MANAGER)
        rate = announce("fitriyeh", 750_000, is_minimum=True, is_default=True)
        template = a_template("برنامهٔ ضیافت مهربانی", tasks=3, actor=actor)
        clone_to_provinces(template.pk, year=YEAR, provinces=Province.objects.all(), actor=actor)
        runbook = Runbook.objects.get(province=TEHRAN, county=None)
        clone_to_counties(runbook.pk, counties=County.objects.filter(province=TEHRAN), actor=actor)
        first = template.tasks.first()
        change_template_task(first.pk, facts("کار ۰ با متن تازه", position=1, text="متن"), actor=actor)
        add_template_task(template, facts("کار تازه", position=9), actor=actor)
        RunbookTask.objects.filter(runbook=runbook, position=2).update(own_due_on=tehran_today())
        eid = Occasion.objects.get(code="eid_fitr", hijri_year=YEAR)
        remind = {
            "kind": OccasionActKind.REMIND,
            "anchor": Anchor.START,
            "text": "نرخ فطریه",
            "role": Role.HQ_MANAGER,
        }
        order_act(eid, **remind, actor=actor)
        task = RunbookTask.objects.filter(runbook=runbook).first()
        yield {
            "hq": browser_of(actor).cookies["sessionid"].value,
            "expert": browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN)).cookies["sessionid"].value,
            "addresses": {
                "": ("/", "/campaigns/", "/give/?fund=fitriyeh_general"),
                "hq": (
                    "/hq/rates/", f"/hq/rates/{rate.pk}/", "/hq/occasions/", f"/hq/occasions/{eid.pk}/",
                    "/hq/occasions/new/", "/hq/occasions/import/", "/hq/runbook/",
                    f"/hq/runbook/templates/{template.pk}/", f"/hq/runbook/tasks/{first.pk}/",
                ),
                "expert": (
                    "/desk/runbook/", f"/desk/runbook/{runbook.pk}/", f"/desk/runbook/tasks/{task.pk}/",
                    f"/desk/runbook/{runbook.pk}/changes/", f"/desk/runbook/{runbook.pk}/tasks/new/",
                ),
            },
        }  # fmt: skip


def test_the_pages_hold_the_house_rules(season, chromium):
    assert GivingRate.objects.exists()
    faults = []
    with served() as address:
        for who, pages in season["addresses"].items():
            for name, viewport, scheme in (("phone", PHONE, "light"), ("desk", DESKTOP, "dark")):
                context = chromium.new_context(
                    viewport=viewport,
                    color_scheme=scheme,
                    base_url=address,
                    bypass_csp=True,
                    reduced_motion="reduce",
                )
                if who:
                    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": season[who], "url": address}
                    context.add_cookies([cookie])
                page = context.new_page()
                for one in pages:
                    faults += faults_of(page, one, name)
                context.close()
    assert faults == []


def faults_of(page, address: str, name: str) -> list[str]:
    answer = page.goto(address)
    found = [] if answer.status == 200 and page.url.endswith(address) else [f"{answer.status} at {page.url}"]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    page.evaluate(AXE)
    for violation in page.evaluate("() => axe.run()")["violations"]:
        found.append(f"axe {violation['id']}: {violation['nodes'][0]['html'][:140]}")
    if SHOTS:
        picture = f"{name}{address.replace('/', '_').partition('?')[0]}.png"
        page.screenshot(path=str(Path(SHOTS) / picture), full_page=True)
    return [f"{name} {address}: {fault}" for fault in found]

"""Two who clone a plan at the same moment make one copy a place."""

from __future__ import annotations

import threading

from django.db import connections

from campaigns.models import Runbook, RunbookTask
from campaigns.services.runbooks import clone_to_counties, clone_to_provinces
from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import all_provinces
from tests.factories.people import TEHRAN, person
from tests.factories.runbooks import YEAR, a_template


def at_once(do, times: int = 3) -> list:
    start, results = threading.Barrier(times), []

    def work():
        try:
            with all_provinces("test"):
                start.wait()
                results.append(do())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == times, "somebody failed"
    return results


def test_clones_at_once(live_db):
    with all_provinces("test"):
        actor = person(Role.HQ_MANAGER)
        template = a_template(tasks=3, actor=actor)
        provinces, counties = list(Province.objects.all()), list(County.objects.filter(province=TEHRAN))
    made = at_once(lambda: clone_to_provinces(template.pk, year=YEAR, provinces=provinces, actor=actor).made)
    assert sorted(made) == [0, 0, len(provinces)]
    with all_provinces("test"):
        parent = Runbook.objects.get(province=TEHRAN, county=None)
    made = at_once(lambda: clone_to_counties(parent.pk, counties=counties, actor=actor).made)
    assert sorted(made) == [0, 0, len(counties)]
    with all_provinces("test"):
        assert RunbookTask.objects.count() == 3 * (len(provinces) + len(counties))

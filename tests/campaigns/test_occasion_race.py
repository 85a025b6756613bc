"""Several workers at the hour at which something opens or closes."""

from __future__ import annotations

import threading

from django.db import connections

from campaigns.enums import Anchor, OccasionActKind
from campaigns.models import Edition, Occasion
from campaigns.services.occasion_acts import apply_due_acts, order_act
from campaigns.services.occasions import confirm_occasion
from core.jalali import day_bounds
from core.models import AuditEntry
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories.people import person


def test_two_workers_do_it_once(live_db):
    actor = person(Role.HQ_MANAGER)
    with all_provinces("test"):
        eid = Occasion.objects.get(code="eid_fitr", hijri_year=1448)
        edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", year=1448)
        order_act(
            eid,
            kind=OccasionActKind.CLOSE_EDITION,
            anchor=Anchor.END,
            edition=edition,
            text="سپاس",
            actor=actor,
        )
        day = eid.starts_on
        confirm_occasion(eid.pk, starts_on=day, ends_on=day, source="اعلام", actor=actor)
    start, done = threading.Barrier(3), []

    def work():
        with all_provinces("test"):
            start.wait()
            done.append(apply_due_acts(day_bounds(day)[0]))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1
    assert AuditEntry.objects.filter(action="occasion.act_done").count() == 1

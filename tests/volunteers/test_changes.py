"""Work that was given out and changes: who comes or was asked is told, nobody loses a place, and it is written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from core.errors import DomainError
from core.jalali import format_datetime, format_short, format_time
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from provinces.models import County
from provinces.scoping import Scope, all_provinces, open_scope
from tests.donations.conftest import fields_of
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from tests.threads import close_all
from volunteers.enums import AssignmentState, OpportunityState
from volunteers.models import Assignment, Consent, Opportunity, Shift, Surge
from volunteers.services.changes import change_opportunity, change_shift
from volunteers.services.opportunities import OpportunityFacts
from volunteers.services.places import remind, sign_up

ROOM = "/desk/volunteers/opportunities/"


@pytest.fixture(autouse=True)
def _scope(country):
    pass


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def facts_of(row: Opportunity, **changes) -> OpportunityFacts:
    names = OpportunityFacts.__dataclass_fields__
    return replace(OpportunityFacts(**{name: getattr(row, name) for name in names}), **changes)


def told() -> list[str]:
    return sorted(sms.mobile for sms in OutgoingSms.objects.filter(purpose="volunteer_shift"))


@pytest.fixture
def work(db):
    """An opportunity with a shift to come: one comes, two are asked (one agreed to be written to), one declined."""
    shift = a_shift(an_opportunity(), capacity=5)
    comes, asked, silent, declined = (a_volunteer(approved=True) for _ in range(4))
    Consent.objects.filter(volunteer=silent, kind="contact").update(withdrawn_at=timezone.now())
    an_assignment(shift, comes, reminded_at=timezone.now())
    an_assignment(shift, asked, AssignmentState.INVITED)
    an_assignment(shift, silent, AssignmentState.INVITED)
    an_assignment(shift, declined, AssignmentState.DECLINED)
    return shift, sorted([comes.mobile, asked.mobile])


def test_another_time_is_told_and_reminded_of_anew(work):
    shift, expected = work
    before, starts = shift.starts_at, shift.starts_at + timedelta(hours=-2)
    change_shift(shift.pk, starts_at=starts, ends_at=starts + timedelta(hours=4), capacity=5, actor=person())
    assert told() == expected
    text = OutgoingSms.objects.filter(purpose="volunteer_shift").first().text
    assert format_datetime(before) in text
    assert format_datetime(starts) in text
    entry = AuditEntry.objects.get(action="shift.change")
    assert (entry.data["told"], entry.data["is_other_time"]) == (2, True)
    assert remind() == 1


def test_what_is_the_same_tells_nobody(work):
    shift, _expected = work
    same = {"starts_at": shift.starts_at.replace(second=0, microsecond=0), "ends_at": shift.ends_at}
    change_shift(shift.pk, **same, capacity=5, actor=person())
    change_opportunity(shift.opportunity_id, facts_of(shift.opportunity), actor=person())
    assert told() == []
    assert not AuditEntry.objects.filter(action__in=("shift.change", "opportunity.change")).exists()
    change_shift(shift.pk, **same, capacity=9, actor=person())
    change_opportunity(shift.opportunity_id, facts_of(shift.opportunity, title="نام دیگر"), actor=person())
    assert told() == []
    assert Shift.objects.get().capacity == 9
    assert AuditEntry.objects.get(action="opportunity.change").data["changes"] == ["title"]


def test_another_place_is_told_for_the_shifts_to_come(work):
    shift, expected = work
    over = a_shift(shift.opportunity, hours=-30)
    an_assignment(over, a_volunteer(approved=True))
    change_opportunity(shift.opportunity_id, facts_of(shift.opportunity, place="سالن دیگر"), actor=person())
    assert told() == expected
    assert all("سالن دیگر" in sms.text for sms in OutgoingSms.objects.filter(purpose="volunteer_shift"))


def test_what_may_not_change(work):
    shift, _expected = work
    row, actor = shift.opportunity, person()
    times = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    an_assignment(shift, a_volunteer(approved=True))
    assert refusal(change_shift, shift.pk, **times, capacity=1, actor=actor) == "places_taken"
    assert refusal(change_shift, shift.pk, **times, capacity=0, actor=actor) == "bad_capacity"
    past = timezone.now() - timedelta(minutes=5)
    late = {"starts_at": past, "ends_at": past + timedelta(hours=3)}
    assert refusal(change_shift, shift.pk, **late, capacity=5, actor=actor) == "time_has_passed"
    begun = a_shift(an_opportunity(), hours=-1)
    assert refusal(change_shift, begun.pk, **times, capacity=5, actor=actor) == "shift_has_begun"
    clients = facts_of(row, meets_clients=False)
    assert refusal(change_opportunity, row.pk, clients, actor=actor) == "meets_clients_is_kept"
    elsewhere = facts_of(row, province=County.objects.filter(province=KHUZESTAN).first().province)
    assert refusal(change_opportunity, row.pk, elsewhere, actor=actor) == "province_is_kept"
    Opportunity.objects.filter(pk=row.pk).update(state=OpportunityState.CANCELLED)
    assert refusal(change_opportunity, row.pk, facts_of(row), actor=actor) == "opportunity_not_open"
    assert refusal(change_shift, shift.pk, **times, capacity=7, actor=actor) == "opportunity_not_open"
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        assert refusal(change_shift, shift.pk, **times, capacity=7, actor=actor) == "not_found"
        assert refusal(change_opportunity, row.pk, facts_of(row), actor=actor) == "not_found"
    assert Shift.objects.get(pk=shift.pk).capacity == 5
    assert told() == []


def test_places_taken_away_and_taken_at_once_never_overbook(live_db, django_db_blocker):
    shift = a_shift(an_opportunity(), capacity=3)
    for _ in range(2):
        an_assignment(shift, a_volunteer(approved=True))
    comes, actor, together = a_volunteer(approved=True), person(), Barrier(2)
    times = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}

    def at_once(act) -> str:
        try:
            with all_provinces("test"):
                together.wait()
                act()
                return "done"
        except DomainError as error:
            return error.code
        finally:
            close_all()

    acts = (
        lambda: change_shift(shift.pk, **times, capacity=2, actor=actor),
        lambda: sign_up(shift.pk, mobile_hash=comes.mobile_hash),
    )
    with django_db_blocker.unblock(), ThreadPoolExecutor(2) as pool:
        said = list(pool.map(at_once, acts))
        left = Shift.objects.get(pk=shift.pk)
        assert said in (["done", "shift_is_full"], ["places_taken", "done"])
        assert left.taken == Assignment.objects.filter(shift=shift).count() <= left.capacity


def test_staff_of_the_province_make_and_change_work_with_what_their_pages_hold(db):
    browser = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN))
    typed = {"title": "پخش غذا", "place": "انبار", "section": "health"}
    made = browser.post(f"{ROOM}new/", fields_of(browser.get(f"{ROOM}new/")) | typed)
    assert made.status_code == 303, made.content.decode()
    row = Opportunity.objects.get()
    page = f"{ROOM}{row.pk}/edit/"
    assert browser.get(page).status_code == 200
    answer = browser.post(page, fields_of(browser.get(page)) | {"place": "سالن"})
    assert answer.status_code == 303, answer.content.decode()
    row.refresh_from_db()
    assert (row.title, row.place, row.province_id, row.meets_clients) == ("پخش غذا", "سالن", TEHRAN, True)
    shift = a_shift(row)
    at = f"/desk/volunteers/shifts/{shift.pk}/"
    sent = {
        "act": "change",
        "change-day": format_short(shift.starts_at + timedelta(days=1)),
        "change-since": format_time(shift.starts_at),
        "change-until": format_time(shift.ends_at),
        "change-capacity": "۷",
    }
    assert browser.post(at, sent).status_code == 303
    changed = Shift.objects.get()
    assert changed.capacity == 7
    assert changed.starts_at - shift.starts_at > timedelta(hours=23)
    assert browser_of(person(Role.PROVINCIAL_EXPERT, KHUZESTAN)).get(page).status_code == 404


def test_what_work_is_for_stays_when_it_is_over(db):
    somebody = person()
    call = Surge.objects.create(title="زلزله", opened_by=somebody)
    row = an_opportunity(purpose="crisis", surge=call)
    Surge.objects.update(closed_at=timezone.now(), closed_by=somebody, report="پایان")
    browser, page = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN)), f"{ROOM}{row.pk}/edit/"
    answer = browser.post(page, fields_of(browser.get(page)) | {"place": "سالن"})
    assert answer.status_code == 303, answer.content.decode()
    row.refresh_from_db()
    assert (row.place, row.purpose, row.surge) == ("سالن", "crisis", call)

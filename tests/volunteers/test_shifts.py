"""Shifts: invited by match, never overbooked, reminded once, hours confirmed by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError
from core.jalali import tehran_today
from core.models import OutgoingSms
from provinces.models import County
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.network import a_group, a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import TEHRAN, person
from tests.threads import close_all
from volunteers.enums import Activity, AssignmentState, OpportunityState
from volunteers.matching import find_matches
from volunteers.models import Assignment, Consent, Opportunity, Shift, Volunteer, VolunteerGroup
from volunteers.services.attendance import Seen, check_in, confirm
from volunteers.services.groups import close_group, note_activity
from volunteers.services.opportunities import (
    OpportunityFacts,
    add_shift,
    create_opportunity,
    end_opportunity,
)
from volunteers.services.places import answer, give_feedback, invite, remind, sign_up


@pytest.fixture(autouse=True)
def _scope(country):
    pass


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def test_of_eight_who_come_at_once_three_get_the_three_places(live_db, django_db_blocker):
    shift = a_shift(an_opportunity(), capacity=3)
    mobiles = [a_volunteer(approved=True).mobile_hash for _ in range(8)]
    together = Barrier(8)

    def come(mobile_hash: str) -> str:
        try:
            with all_provinces("test"):
                together.wait()
                return str(sign_up(shift.pk, mobile_hash=mobile_hash).state)
        except DomainError as error:
            return error.code
        finally:
            close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(8) as pool:
        came = sorted(pool.map(come, mobiles))
        assert came == ["shift_is_full"] * 5 + ["signed_up"] * 3
        assert Shift.objects.get(pk=shift.pk).taken == 3


def test_the_database_refuses_a_place_too_many(db):
    shift = a_shift(an_opportunity(), capacity=1)
    first = an_assignment(shift, a_volunteer(approved=True))
    with pytest.raises(IntegrityError, match="never_overbooked"), transaction.atomic():
        an_assignment(shift, a_volunteer(approved=True))
    with pytest.raises(IntegrityError, match="counted by its assignments"), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(taken=0)
    with pytest.raises(IntegrityError, match="shift_has_room"), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(capacity=0)
    Assignment.objects.filter(pk=first.pk).update(state=AssignmentState.CANCELLED)
    an_assignment(shift, a_volunteer(approved=True))
    assert Shift.objects.get(pk=shift.pk).taken == 1


def test_signing_up_says_why_not(db):
    who = a_volunteer(approved=True)
    shift = a_shift(an_opportunity(), capacity=1)
    assert refusal(sign_up, shift.pk, mobile_hash="nobody") == "not_a_volunteer"
    assert refusal(sign_up, shift.pk, mobile_hash=a_volunteer().mobile_hash) == "not_vetted"
    place = sign_up(shift.pk, mobile_hash=who.mobile_hash)
    assert sign_up(shift.pk, mobile_hash=who.mobile_hash).pk == place.pk
    same_time = a_shift(an_opportunity(), hours=25)
    assert refusal(sign_up, same_time.pk, mobile_hash=who.mobile_hash) == "other_shift_then"
    assert (
        refusal(sign_up, a_shift(an_opportunity(), hours=-1).pk, mobile_hash=who.mobile_hash)
        == "shift_has_begun"
    )
    closed = a_shift(an_opportunity(state=OpportunityState.CLOSED))
    assert refusal(sign_up, closed.pk, mobile_hash=who.mobile_hash) == "opportunity_not_open"
    Volunteer.objects.filter(pk=who.pk).update(activity=Activity.PAUSED)
    later = a_shift(an_opportunity(), hours=80)
    assert refusal(sign_up, later.pk, mobile_hash=who.mobile_hash) == "is_paused"
    assert answer(shift.pk, mobile_hash=who.mobile_hash, state=AssignmentState.CANCELLED).state == "cancelled"
    assert Shift.objects.get(pk=shift.pk).taken == 0


def test_matches_are_of_skill_near_and_rested(db):
    near, far = County.objects.filter(province=TEHRAN).order_by("code")[:2]
    wanted = an_opportunity(TEHRAN, near.code, skills=["nursing", "first_aid"])
    shift = a_shift(wanted)
    both = a_volunteer(TEHRAN, far.code, approved=True, skills=["first_aid", "nursing"])
    close = a_volunteer(TEHRAN, near.code, approved=True)
    tired = a_volunteer(TEHRAN, near.code, approved=True)
    an_assignment(a_shift(an_opportunity(), hours=-50), tired)
    distant = a_volunteer(TEHRAN, far.code, approved=True)
    busy = a_volunteer(TEHRAN, near.code, approved=True)
    an_assignment(a_shift(an_opportunity(), hours=25), busy)
    asked = a_volunteer(TEHRAN, near.code, approved=True)
    an_assignment(shift, asked, AssignmentState.DECLINED)
    silent = a_volunteer(TEHRAN, near.code, approved=True)
    Consent.objects.filter(volunteer=silent, kind="contact").update(withdrawn_at=timezone.now())
    a_volunteer(TEHRAN, near.code)  # not vetted
    a_volunteer(TEHRAN, near.code, approved=True, activity=Activity.PAUSED)
    a_volunteer("06", approved=True)
    a_volunteer(TEHRAN, near.code, approved=True, skills=["law"])
    assert [m.volunteer_id for m in find_matches(shift)] == [both.pk, close.pk, tired.pk, distant.pk]
    assert [(m.fits, m.far, m.load) for m in find_matches(shift)] == [
        (2, 1, 0),
        (1, 0, 0),
        (1, 0, 1),
        (1, 1, 0),
    ]


def test_an_invitation_goes_to_those_who_agreed_to_it_once(db):
    shift = a_shift(an_opportunity())
    fit, quiet, waiting = a_volunteer(approved=True), a_volunteer(approved=True), a_volunteer()
    Consent.objects.filter(volunteer=quiet, kind="contact").delete()
    ids = [fit.pk, quiet.pk, waiting.pk, 0]
    assert invite(shift.pk, ids, actor=person()) == 2
    assert invite(shift.pk, ids, actor=person()) == 0
    assert [sms.mobile for sms in OutgoingSms.objects.all()] == [fit.mobile]
    assert f"/me/shifts/{shift.pk}/" in OutgoingSms.objects.get().text
    assert set(Assignment.objects.values_list("volunteer", "state")) == {
        (fit.pk, "invited"),
        (quiet.pk, "invited"),
    }
    assert Shift.objects.get(pk=shift.pk).taken == 0


def test_who_comes_tomorrow_is_reminded_once(db):
    an_assignment(a_shift(an_opportunity(), hours=20), a_volunteer(approved=True))
    an_assignment(a_shift(an_opportunity(), hours=40), a_volunteer(approved=True))
    an_assignment(a_shift(an_opportunity(), hours=20), a_volunteer(approved=True), AssignmentState.INVITED)
    assert (remind(), remind()) == (1, 0)
    assert OutgoingSms.objects.filter(purpose="volunteer_reminder").count() == 1


def test_hours_are_confirmed_by_the_leader_and_never_by_oneself(db):
    leader, other = a_volunteer(approved=True), a_volunteer(approved=True)
    group = a_group(leader=leader, last_active_at=timezone.now() - timedelta(days=200), state="asleep")
    shift = a_shift(an_opportunity(group=group), hours=-2, capacity=3)
    own, place = an_assignment(shift, leader), an_assignment(shift, other)
    assert refusal(confirm, shift.pk, [Seen(place.pk, True, 60)], leader=other) == "not_the_leader"
    assert refusal(confirm, shift.pk, [Seen(own.pk, True, 60)], leader=leader) == "own_hours"
    assert refusal(confirm, shift.pk, [Seen(place.pk, True, 1000)], leader=leader) == "bad_minutes"
    give_feedback(shift.pk, mobile_hash=other.mobile_hash, rating=5, words="خوب بود", minutes=170)
    place.refresh_from_db()
    assert (place.said_minutes, place.confirmed_minutes) == (170, None)
    assert confirm(shift.pk, [Seen(place.pk, True, 150)], leader=leader) == 1
    place.refresh_from_db()
    assert (place.state, place.confirmed_minutes, place.confirmed_how) == ("present", 150, "leader")
    assert confirm(shift.pk, [Seen(own.pk, True, 180)], actor=person()) == 1
    group = VolunteerGroup.objects.get()
    assert (group.state, group.last_active_at) == ("active", shift.ends_at)
    with pytest.raises(IntegrityError, match="nobody_confirms_their_own"), transaction.atomic():
        Assignment.objects.filter(pk=own.pk).update(confirmed_by_leader=leader)
    with pytest.raises(IntegrityError, match="hours_are_confirmed_by_somebody"), transaction.atomic():
        Assignment.objects.filter(pk=own.pk).update(confirmed_how="")


def test_matches_are_of_those_whom_one_may_see(db):
    near, far = County.objects.filter(province=TEHRAN).order_by("code")[:2]
    shift = a_shift(an_opportunity(TEHRAN, near.code, is_remote=True))
    here = a_volunteer(TEHRAN, near.code, approved=True)
    beside = a_volunteer(TEHRAN, far.code, approved=True)
    away = a_volunteer("06", approved=True, is_remote=True)
    everybody = {here.pk, beside.pk, away.pk}
    assert {m.volunteer_id for m in find_matches(shift)} == everybody
    for scope, seen in (
        (Scope(provinces=frozenset({TEHRAN})), {here.pk, beside.pk}),
        (Scope(counties=frozenset({near.code})), {here.pk}),
    ):
        with open_scope(scope):
            assert {m.volunteer_id for m in find_matches(shift)} == seen
            assert invite(shift.pk, everybody - seen, actor=person()) == 0


@pytest.mark.parametrize("fate", [{"vetting": "refused"}, {"activity": "left"}])
def test_a_leader_who_is_refused_or_gone_leads_no_more(db, fate):
    leader, other = a_volunteer(approved=True), a_volunteer(approved=True)
    group = a_group(leader=leader)
    shift = a_shift(an_opportunity(group=group), hours=-2)
    place = an_assignment(shift, other)
    Volunteer.objects.filter(pk=leader.pk).update(**fate)
    leader.refresh_from_db()
    said = [Seen(place.pk, True, 60)]
    assert refusal(confirm, shift.pk, said, leader=leader) == "not_the_leader"
    assert refusal(check_in, place.code, leader=leader) == "not_the_leader"
    assert refusal(note_activity, group.pk, on=tehran_today(), what="کار", leader=leader) == "not_found"
    assert refusal(close_group, group.pk, leader=leader) == "not_found"


def test_an_absent_volunteer_has_no_hours(db):
    shift = a_shift(an_opportunity(), hours=-2)
    place = an_assignment(shift, a_volunteer(approved=True))
    confirm(shift.pk, [Seen(place.pk, True, 60)], actor=person())
    confirm(shift.pk, [Seen(place.pk, False)], actor=person())
    place.refresh_from_db()
    assert (place.state, place.confirmed_minutes, place.confirmed_how) == ("absent", None, "")


def test_the_code_of_a_place_opens_the_door_once(db):
    shift = a_shift(an_opportunity(), hours=-0.5)
    place = an_assignment(shift, a_volunteer(approved=True))
    assert (check_in(place.code, actor=person()), check_in(place.code, actor=person())) == (True, False)
    early = an_assignment(a_shift(an_opportunity(), hours=5), a_volunteer(approved=True))
    assert refusal(check_in, early.code, actor=person()) == "shift_to_come"
    assert refusal(check_in, place.code, leader=a_volunteer()) == "not_the_leader"
    assert refusal(check_in, "nothing", actor=person()) == "not_found"


def test_what_is_cancelled_frees_and_tells_those_who_came(db):
    place = an_assignment(a_shift(an_opportunity()), a_volunteer(approved=True))
    end_opportunity(
        place.shift.opportunity_id, state=OpportunityState.CANCELLED, reason="برف آمد", actor=person()
    )
    place.refresh_from_db()
    assert place.state == AssignmentState.CANCELLED
    assert "برف آمد" in OutgoingSms.objects.get().text


def test_an_opportunity_and_its_capacity(db):
    facts = OpportunityFacts(
        title="پخش بسته", province=County.objects.get(code="2301").province, place="انبار", section="cultural"
    )
    made = create_opportunity(facts, actor=person())
    starts = timezone.now() + timedelta(days=1)
    shift = add_shift(
        made.pk, starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=2, actor=person()
    )
    assert (
        refusal(add_shift, made.pk, starts_at=starts, ends_at=starts, capacity=2, actor=person())
        == "bad_times"
    )
    for _ in range(2):
        an_assignment(shift, a_volunteer(approved=True))
    assert made.state == OpportunityState.OPEN
    with pytest.raises(IntegrityError, match="asked to opportunity"), transaction.atomic():
        Opportunity.objects.filter(pk=made.pk).update(meets_clients=False)

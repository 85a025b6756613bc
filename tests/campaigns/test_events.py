"""Events: planned, announced, held, reported; guests within the room there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.enums import EventState
from campaigns.event_states import MOVES
from campaigns.models import Event, EventCost, Guest
from campaigns.services.events import (
    announce_event,
    cancel_event,
    change_event,
    hold_event,
    report_event,
)
from campaigns.services.guests import (
    add_guest,
    check_in,
    send_invitations,
)
from core.errors import DomainError
from core.jalali import format_short, tehran_today
from core.models import AuditEntry, OutgoingSms
from dashboards.rollups import fold_all
from partnerships.models import Commitment
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.events import facts, make_event, passed, planned_event
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    return person(Role.PROVINCIAL_EXPERT)


def refusal(work) -> str:
    with pytest.raises(DomainError) as refused:
        work()
    return refused.value.code


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM campaigns_eventmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    assert set(MOVES) == set(EventState)


class TestTheWay:
    def test_from_plan_to_report(self, country, expert):
        event = planned_event(actor=expert)
        announce_event(event.pk, actor=expert)
        assert refusal(lambda: hold_event(event.pk, actor=expert)) == "event_to_come"
        passed(event)
        hold_event(event.pk, others_came=12, actor=expert)
        assert refusal(lambda: report_event(event.pk, report=" ", actor=expert)) == "event_report_required"
        done = report_event(event.pk, report="صد خانواده افطار کردند.", actor=expert)
        assert (done.state, done.others_came) == (EventState.REPORTED, 12)
        assert refusal(lambda: cancel_event(event.pk, reason="x", actor=expert)) == "event_cannot_move"
        actions = AuditEntry.objects.filter(action__startswith="event.").values_list("action", flat=True)
        assert list(actions) == ["event.plan", "event.announce", "event.hold", "event.report"]

    def test_the_database_refuses_a_step_beside_the_table(self, country, expert):
        planned_event(actor=expert)
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.update(state="reported", report="x")

    def test_what_has_passed_is_not_announced(self, country, expert):
        event = passed(planned_event(actor=expert))
        assert refusal(lambda: announce_event(event.pk, actor=expert)) == "event_has_passed"

    def test_another_provinces_need_is_refused(self, country, expert):
        theirs = need(province=KHUZESTAN)
        assert refusal(lambda: planned_event(needs=(theirs,), actor=expert)) == "need_elsewhere"

    def test_another_provinces_event_is_not_found(self, country, expert):
        event = planned_event(actor=expert)
        with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
            assert refusal(lambda: announce_event(event.pk, actor=expert)) == "not_found"
            assert refusal(lambda: add_guest(event.pk, name="x", actor=expert)) == "not_found"
            assert refusal(lambda: planned_event(actor=expert)) == "not_found"


class TestGuests:
    def test_no_more_seats_than_there_are(self, country, expert):
        event = planned_event(capacity=4, actor=expert)
        add_guest(event.pk, name="یکم", seats=3, actor=expert)
        assert refusal(lambda: add_guest(event.pk, name="دوم", seats=2, actor=expert)) == "event_is_full"
        add_guest(event.pk, name="سوم", actor=expert)
        smaller = facts(capacity=3)
        assert refusal(lambda: change_event(event.pk, smaller, actor=expert)) == "capacity_taken"

    def test_the_mobile_is_encrypted_and_the_name_is_not_in_the_audit(self, country, expert):
        guest = make_event(actor=expert)
        with connection.cursor() as cursor:
            cursor.execute("SELECT mobile FROM campaigns_guest")
            assert "9121234569" not in cursor.fetchone()[0]
        entries = AuditEntry.objects.filter(subject_type="campaigns.guest")
        assert guest.name not in str([entry.data for entry in entries])

    def test_an_invitation_is_sent_once(self, country, expert):
        guest = make_event(actor=expert)
        assert [send_invitations(guest.event_id, actor=expert) for _ in range(2)] == [1, 0]
        text = OutgoingSms.objects.get(purpose="event_invitation").text
        assert f"/events/invitation/{guest.code}/" in text

    def test_a_guest_is_let_in_once(self, country, expert):
        guest = make_event(actor=expert)
        assert [check_in(guest.pk, actor=expert) for _ in range(2)] == [True, False]
        assert Guest.objects.get().checked_in_by == expert


def test_costs_stay_as_they_were_written_and_name_no_fund(country, expert):
    make_event(actor=expert)
    assert not [f.name for f in EventCost._meta.get_fields() if f.name == "fund"]
    with pytest.raises(IntegrityError), transaction.atomic():
        EventCost.objects.update(amount_rial=1)


# --- pages -----------------------------------------------------------------------------------------------
def test_an_event_from_the_desk_to_the_public(country, expert):
    browser = browser_of(expert)
    form = {
        "kind": "iftar", "title": "افطار در شهرری", "province": TEHRAN, "county": "", "address": "سالن",
        "day": format_short(tehran_today() + timedelta(days=2)), "clock": "۱۹:۳۰", "capacity": "۱۰۰",
        "fund": "livelihood", "story": "",
    }  # fmt: skip
    assert browser.post("/desk/events/new/", form | {"clock": "25:00"}).status_code == 200
    address = browser.post("/desk/events/new/", form).headers["Location"]
    event = Event.objects.get()
    public = browser_of(None)
    assert public.get(f"/events/{event.slug}/").status_code == 404, "it is not announced"
    assert browser.post(address, {"act": "announce"}).status_code == 303
    page = public.get(f"/events/{event.slug}/").content.decode()
    assert "۱۹:۳۰" in page
    assert f"/give/?placement={event.placement.code}" in page
    assert event.title in public.get("/provinces/tehran/").content.decode()
    guest = {"act": "guest", "guest-name": "مهمان", "guest-mobile": "۰۹۱۲۱۲۳۴۵۶۷", "guest-seats": "2"}
    assert browser.post(address, guest).status_code == 303
    shown = browser.get(address).content.decode()
    assert "0912***4567" in shown
    assert "9121234567" not in shown
    promise = {
        "act": "promise", "promise-guest": Guest.objects.get().pk, "promise-what": "ده بسته",
        "promise-amount_rial": "۵۰۰٬۰۰۰", "promise-due_on": format_short(tehran_today()),
    }  # fmt: skip
    assert browser.post(address, promise).status_code == 303
    assert Commitment.objects.get().worth_rial == 5_000_000
    assert "ده بسته" in browser.get("/desk/events/").content.decode()
    receive(700_000, placement=event.placement.code)
    fold_all()
    assert "۷۰٬۰۰۰ تومان" in browser.get(address).content.decode()
    assert "۷۰٬۰۰۰ تومان" in public.get(f"/events/{event.slug}/").content.decode()
    passed(event)
    browser.post(address, {"act": "hold", "hold-others_came": "5"})
    browser.post(address, {"act": "report", "report-report": "به صد خانواده رسید."})
    assert "به صد خانواده رسید." in public.get(f"/events/{event.slug}/").content.decode()


def test_an_invitation_shows_nobodys_name_and_leads_staff_to_the_door(country, expert):
    guest = make_event(TEHRAN, TEHRAN_COUNTY, actor=expert)
    address = f"/events/invitation/{guest.code}/"
    answer = browser_of(None).get(address)
    assert "کارت دعوت" in answer.content.decode()
    assert guest.name not in answer.content.decode().replace("مهمانان", "").replace("کارت دعوت", "")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    elsewhere = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, "2302"))
    assert elsewhere.get(address).status_code == 200
    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY))
    door = officer.get(address).headers["Location"]
    assert 'type="submit">وارد شد' in officer.get(door).content.decode()
    assert officer.post(door).status_code == 303
    assert Guest.objects.get().came_at <= timezone.now()
    assert "پیش‌تر پذیرش شده" in officer.get(door).content.decode()


def test_the_invitations_are_printed_with_their_codes(country, expert):
    guest = make_event(actor=expert)
    page = browser_of(expert).get(f"/desk/events/{guest.event_id}/invitations/").content.decode()
    assert page.count("invitation-code") == 1
    assert guest.name in page

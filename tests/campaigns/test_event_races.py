"""Many hands at one event's list and door, each committing in a fresh database."""

from campaigns.models import Guest
from campaigns.services.guests import add_guest, check_in
from provinces.scoping import all_provinces
from tests.factories.events import make_event, planned_event
from tests.factories.people import person
from tests.flows.test_races import run_together


def test_racing_invitations_fill_the_room_and_no_more(live_db):
    with all_provinces("test"):
        who = person()
        event = planned_event(capacity=3, actor=who)
        errors = run_together(
            *[lambda n=n: add_guest(event.pk, name=f"مهمان {n}", actor=who) for n in range(6)]
        )
        assert [error.code for error in errors] == ["event_is_full"] * 3
        assert Guest.objects.count() == 3


def test_racing_doors_let_a_guest_in_once(live_db):
    with all_provinces("test"):
        who = person()
        guest, said = make_event(actor=who), []
        assert run_together(*[lambda: said.append(check_in(guest.pk, actor=who)) for _ in range(4)]) == []
        assert sorted(said) == [False, False, False, True]

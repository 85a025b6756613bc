"""A targeted iftar: what is given by its code reaches the needs it is held for, the most urgent and emptiest first."""

from __future__ import annotations

import pytest

from campaigns.enums import NeedState, Urgency
from campaigns.event_needs import need_of_event
from campaigns.models import Event, Need
from campaigns.selectors import designate
from campaigns.services.demo_events import seed_demo_events
from campaigns.services.demo_needs import seed_demo_needs
from campaigns.services.events import change_event
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation
from provinces.enums import Role
from tests.factories.events import announced_event, facts
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import TEHRAN, person

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def urgent() -> Need:
    return need(urgency=Urgency.URGENT, goal_rial=2_000_000)


@pytest.fixture
def iftar(urgent) -> Event:
    """For an urgent need, and for one that can wait."""
    return announced_event(needs=(urgent, need(urgency=Urgency.ORDINARY, goal_rial=3_000_000)))


def test_gifts_by_the_code_reach_the_needs_one_after_another(iftar, urgent):
    code = iftar.placement.code
    other = iftar.needs.exclude(pk=urgent.pk).get()
    assert designate(fund="livelihood", placement=code).need == urgent
    gift = receive(urgent.goal_rial, fund="livelihood", placement=code)
    fold_all()
    assert (gift.need, gift.placement, gift.province_id) == (urgent, iftar.placement, TEHRAN)
    assert figures.placement_totals([iftar.placement_id])[iftar.placement_id].total_rial == urgent.goal_rial
    assert designate(fund="livelihood", placement=code).need == other
    receive(other.goal_rial, fund="livelihood", placement=code)
    fold_all()
    found = designate(fund="livelihood", placement=code)
    assert (found.need, found.fund.code, found.placement) == (None, "livelihood", iftar.placement)


def test_what_the_fund_may_not_pay_for_stays_with_the_fund(iftar):
    found = designate(fund="dowry", placement=iftar.placement.code)
    assert (found.need, found.fund.code) == (None, "dowry")


def test_a_need_that_the_donor_names_and_a_need_that_is_closed(iftar, urgent):
    other = iftar.needs.exclude(pk=urgent.pk).get()
    assert designate(fund="", need=other.code, placement=iftar.placement.code).need == other
    Need.objects.filter(pk__in=(urgent.pk, other.pk)).update(state=NeedState.FUNDED)
    assert need_of_event(iftar.placement) is None


def test_another_code_asks_nothing(iftar, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert need_of_event(None) is None
    plain = announced_event()
    assert need_of_event(plain.placement) is None


def test_the_form_says_which_need_it_is(client, iftar, urgent):
    answer = client.get(f"/q/{iftar.placement.code}/", follow=True)
    assert urgent.title in answer.content.decode()
    assert answer.context["form"]["need"].value() == urgent.code
    said = {
        name: answer.context["form"][name].value() or "" for name in ("need", "placement", "fund", "province")
    }
    assert client.post("/give/", said | {"amount": "50000"}).status_code == 303
    gift = Donation.objects.get()
    assert (gift.need, gift.placement) == (urgent, iftar.placement)


def test_the_public_page_shows_each_need_with_its_way(client, iftar, urgent):
    page = client.get(f"/events/{iftar.slug}/").content.decode()
    assert f"need={urgent.code}" in page
    assert urgent.title in page


def test_the_needs_may_be_chosen_anew(iftar, urgent):
    change_event(iftar.pk, facts(), needs=(urgent,), actor=person(Role.PROVINCIAL_EXPERT))
    assert list(iftar.needs.all()) == [urgent]


def test_the_demo_has_one_event_of_each_kind():
    somebody = person(Role.HQ_MANAGER)
    seed_demo_needs(person(), somebody)
    for _ in range(2):
        seed_demo_events(somebody)
    found = {event.kind: event for event in Event.objects.all()}
    assert {kind: event.state for kind, event in found.items()} == {
        "iftar": "announced", "officials_iftar": "reported", "marriage": "reported", "delivery": "planned",
        "programme": "announced",
    }  # fmt: skip
    assert all("نمونهٔ نمایشی" in event.title for event in found.values())
    assert found["iftar"].needs.count() > 0

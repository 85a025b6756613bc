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
from core.invariants import run_checks
from dashboards import figures
from dashboards.models import PlacementNeed
from dashboards.rollups import fold_all, rebuild
from donations.models import Donation
from provinces.enums import Role
from tests.factories.events import announced_event, facts
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import TEHRAN, browser_of, person

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


def test_the_desk_counts_what_came_for_each_need_and_for_the_fund_alone(iftar, urgent):
    other = iftar.needs.exclude(pk=urgent.pk).get()
    code = iftar.placement.code
    receive(urgent.goal_rial, fund="livelihood", placement=code)
    fold_all()
    receive(1_200_000, fund="livelihood", placement=code)
    receive(70_000, fund="dowry", placement=code)
    fold_all()
    expert = browser_of(person(Role.PROVINCIAL_EXPERT))
    answer = expert.get(f"/desk/events/{iftar.pk}/")
    told = answer.context["need_gifts"]
    assert [(item["need"], item["got"].count, item["got"].total_rial) for item in told["rows"]] == [
        (urgent, 1, 2_000_000),
        (other, 1, 1_200_000),
    ]
    assert (told["rest_gifts"], told["rest_rial"], told["total"].total_rial) == (1, 70_000, 3_270_000)
    page = answer.content.decode()
    assert "کمک‌ها به تفکیک نیازهای این رویداد" in page
    assert f"/desk/needs/{urgent.pk}/" in page


def test_a_need_that_is_taken_off_the_event_keeps_what_came_for_it(iftar, urgent):
    receive(100_000, fund="livelihood", placement=iftar.placement.code)
    fold_all()
    iftar.needs.remove(urgent)
    told = browser_of(person(Role.PROVINCIAL_EXPERT)).get(f"/desk/events/{iftar.pk}/").context["need_gifts"]
    assert {item["need"]: item["got"].total_rial for item in told["rows"]}[urgent] == 100_000
    assert told["rest_rial"] == 0


def test_figures_of_codes_and_needs_are_rebuilt_and_checked(iftar, urgent):
    receive(100_000, fund="livelihood", placement=iftar.placement.code)
    fold_all()
    kept = figures.placement_needs(iftar.placement_id)
    assert {pk: row.total_rial for pk, row in kept.items()} == {urgent.pk: 100_000}
    rebuild()
    assert figures.placement_needs(iftar.placement_id) == kept
    PlacementNeed.objects.update(total_rial=1)
    names = [check.name for check in run_checks() if not check.holds]
    assert names == ["figures: what printed codes brought for needs equals the books as of their fold"]


def test_an_event_without_needs_has_no_such_table():
    event = announced_event()
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get(f"/desk/events/{event.pk}/")
    assert page.context["need_gifts"] is None

"""Every page that the benchmark of dashboards measures answers, to the person it is measured for."""

from urllib.parse import quote

import pytest

from bench.support.dashboards import Quoted, pages
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories.gifts import receive
from tests.factories.network import a_volunteer
from tests.factories.people import TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db
SEARCHES = {"search_by_code", "search_by_order", "search_by_bank_number", "search_by_name"}


def test_every_measured_page_answers_and_every_search_finds():
    with all_provinces("test"):
        gift = receive(province=TEHRAN)
        attempt = gift.attempts.get()
        name = a_volunteer(TEHRAN).name
    typed = Quoted(*map(quote, (gift.tracking_code, str(attempt.order_id), attempt.reference, name)))
    people = {
        "": browser_of(None),
        "hq": browser_of(person(Role.HQ_ACCOUNTANT)),
        "province": browser_of(person(Role.PROVINCIAL_MANAGER, TEHRAN)),
    }
    seen = set()
    for page in pages(typed):
        answer = people[page.who].get(page.address(0), follow=True)  # a number leaves its address
        assert answer.status_code == 200, page.name
        seen.add(page.name)
        if page.name in SEARCHES:
            assert answer.context["found"], page.name
    assert seen >= SEARCHES | {"home", "hq", "desk", "campaign", "totals_api", "list_payments", "list_cases"}

"""Headquarters' view: the network by section, skill, province, activity, hours; and needs that nobody answers."""

from __future__ import annotations

import pytest

from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.network import a_group, a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from volunteers.enums import AssignmentState
from volunteers.network_selectors import network_figures, unanswered_shifts
from volunteers.services.attendance import Seen, confirm


@pytest.fixture(autouse=True)
def _start(db, country):
    pass


def test_the_figures_are_those_of_the_rows():
    fit = a_volunteer(
        approved=True, sections=["health", "cultural"], skills=["nursing", "art"], profession="پرستار"
    )
    a_volunteer(KHUZESTAN, profession="پرستار")
    a_volunteer(activity="left")
    place = an_assignment(a_shift(an_opportunity(), hours=-5), fit)
    confirm(place.shift_id, [Seen(place.pk, True, 150)], actor=person())
    a_group(), a_group(state="asleep")
    now = network_figures()
    assert [now[name] for name in ("everybody", "approved", "waiting", "active", "minutes", "groups", "silent")] == [
        2, 1, 1, 1, 150, 2, 1,
    ]  # fmt: skip
    tehran = next(row for row in now["provinces"] if row["code"] == TEHRAN)
    assert (tehran["everybody"], tehran["groups"], tehran["active"], tehran["minutes"]) == (1, 2, 1, 150)
    assert sum(row["everybody"] for row in now["provinces"]) == now["everybody"]
    counts = ("everybody", "approved", "active", "minutes")
    for what, name, expected in (
        ("sections", "section", {"health": (2, 1, 1, 150), "cultural": (1, 1, 1, 150)}),
        ("skills", "skill", {"nursing": (2, 1, 1, 150), "art": (1, 1, 1, 150)}),
        ("professions", "label", {"پرستار": (2, 1, 1, 150)}),
    ):
        assert {row[name]: tuple(row[count] for count in counts) for row in now[what]} == expected
    with open_scope(Scope(provinces=frozenset({TEHRAN}))), pytest.raises(PermissionError):
        network_figures()


def test_needs_that_nobody_answers_come_emptiest_first():
    half = a_shift(an_opportunity(), capacity=2)
    an_assignment(half, a_volunteer(approved=True))
    empty = a_shift(an_opportunity(), hours=50, capacity=4)
    an_assignment(empty, a_volunteer(approved=True), AssignmentState.DECLINED)
    full = a_shift(an_opportunity(), capacity=1)
    an_assignment(full, a_volunteer(approved=True))
    a_shift(an_opportunity(state="closed"))
    a_shift(an_opportunity(), hours=24 * 30)
    found = list(unanswered_shifts())
    assert [(s.pk, s.declined) for s in found] == [(empty.pk, 1), (half.pk, 0)]


def test_the_page_asks_as_much_for_much_as_for_little(django_assert_num_queries):
    browser = browser_of(person(Role.HQ_ANALYST))
    an_assignment(a_shift(an_opportunity()), a_volunteer(approved=True))
    assert browser.get("/hq/volunteers/").status_code == 200
    with django_assert_num_queries(13):
        browser.get("/hq/volunteers/")
    for _ in range(10):
        a_shift(an_opportunity())
        a_volunteer()
    with django_assert_num_queries(13):
        browser.get("/hq/volunteers/")
    assert "تهران" in browser.get("/hq/volunteers/figures.csv").content.decode("utf-8-sig")
    assert browser.get("/hq/volunteers/figures.xlsx").content[:2] == b"PK"

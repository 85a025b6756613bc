"""Groups: found by name, joined and led; who is long silent is asked, and sleeps when no answer comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from core.errors import DomainError
from core.jalali import format_short, tehran_today
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from provinces.models import County, Neighbourhood
from tests.factories.doors import come_in
from tests.factories.network import a_group, a_volunteer
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from volunteers.models import GroupActivity, GroupMembership, VolunteerGroup
from volunteers.services.groups import (
    SILENT_AFTER,
    SLEEPS_AFTER,
    GroupFacts,
    add_member,
    ask_silent_groups,
    create_group,
    end_membership,
    set_leader,
)

ROOM = "/desk/volunteers/groups/"


@pytest.fixture(autouse=True)
def _start(db, country):
    cache.clear()


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def facts(**changes) -> GroupFacts:
    county = County.objects.filter(province=TEHRAN).order_by("code").first()
    return GroupFacts(
        **{"name": "همیاران سلامت", "kind": "hamyar", "section": "health", "county": county} | changes
    )


def test_a_name_is_used_once_in_a_county():
    create_group(facts(), actor=person())
    assert refusal(create_group, facts(name="همياران  سلامت"), actor=person()) == "group_exists"
    other = County.objects.filter(province=KHUZESTAN).first()
    create_group(facts(county=other), actor=person())
    assert VolunteerGroup.objects.count() == 2


def test_a_neighbourhood_is_one_of_the_register_or_what_is_typed():
    county = facts().county
    known = Neighbourhood.objects.create(county=county, name="نازی‌آباد")
    away = Neighbourhood.objects.create(
        county=County.objects.filter(province=KHUZESTAN).first(), name="کوی نفت"
    )
    chosen = create_group(facts(neighbourhood_row=known, neighbourhood="نام دیگر"), actor=person())
    typed = create_group(facts(name="دو", neighbourhood="نازي آباد"), actor=person())
    other = create_group(facts(name="سه", neighbourhood="کوی نو"), actor=person())
    assert [(g.neighbourhood, g.neighbourhood_row) for g in (chosen, typed, other)] == [
        ("نازی‌آباد", known),
        ("نازی‌آباد", known),
        ("کوی نو", None),
    ]
    assert (
        refusal(create_group, facts(name="چهار", neighbourhood_row=away), actor=person())
        == "neighbourhood_elsewhere"
    )


def test_a_group_is_changed_at_the_desk_in_its_own_county():
    group = a_group()
    known = Neighbourhood.objects.create(county_id=group.county_id, name="نازی‌آباد")
    away = Neighbourhood.objects.create(
        county=County.objects.filter(province=KHUZESTAN).first(), name="کوی نفت"
    )
    browser, page = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN)), f"{ROOM}{group.pk}/"
    html = browser.get(page).content.decode()
    assert f'<option value="{known.pk}">' in html
    assert f'<option value="{away.pk}">' not in html
    sent = {"change-name": "نام تازه", "change-kind": "jihadi", "change-section": "cultural"}
    for place, status in ((away.pk, 200), (known.pk, 303)):
        answer = browser.post(page, {"act": "change", **sent, "change-neighbourhood_row": place})
        assert answer.status_code == status
    group.refresh_from_db()
    assert (group.name, group.kind, group.neighbourhood_row, group.neighbourhood) == (
        "نام تازه",
        "jihadi",
        known,
        "نازی‌آباد",
    )
    assert AuditEntry.objects.filter(action="group.change").count() == 1
    VolunteerGroup.objects.filter(pk=group.pk).update(state="closed")
    assert browser.post(page, {"act": "change", **sent}).status_code == 403


def test_members_are_of_the_province_and_leaders_are_vetted():
    group, waiting, fit = create_group(facts(), actor=person()), a_volunteer(), a_volunteer(approved=True)
    assert refusal(add_member, group.pk, volunteer_id=a_volunteer(KHUZESTAN).pk, actor=person()) == (
        "volunteer_elsewhere"
    )
    assert refusal(set_leader, group.pk, volunteer_id=waiting.pk, actor=person()) == "not_vetted"
    for _ in range(2):
        add_member(group.pk, volunteer_id=waiting.pk, actor=person())
    set_leader(group.pk, volunteer_id=fit.pk, actor=person())
    assert GroupMembership.objects.filter(left_at=None).count() == 2
    end_membership(group.pk, volunteer_id=fit.pk, actor=person())
    group.refresh_from_db()
    assert (group.leader, group.memberships.filter(left_at=None).count()) == (None, 1)


def test_silent_groups_are_asked_and_then_sleep():
    now = timezone.now()
    leader = a_volunteer(approved=True)
    silent = a_group(leader=leader, last_active_at=now - SILENT_AFTER - timedelta(days=1))
    headless = a_group(last_active_at=now - SILENT_AFTER - timedelta(days=1))
    awake = a_group(leader=leader)
    assert ask_silent_groups() == {"asked": 1, "asleep": 1}
    assert ask_silent_groups() == {"asked": 0, "asleep": 0}
    assert [sms.mobile for sms in OutgoingSms.objects.all()] == [leader.mobile]
    assert ask_silent_groups(now + SLEEPS_AFTER + timedelta(days=1)) == {"asked": 0, "asleep": 1}
    states = {g.pk: g.state for g in VolunteerGroup.objects.all()}
    assert states == {silent.pk: "asleep", headless.pk: "asleep", awake.pk: "active"}


def test_a_leader_answers_on_the_own_page(client):
    leader, stranger = a_volunteer(approved=True), a_volunteer()
    group = a_group(leader=leader, state="asked", asked_at=timezone.now())
    come_in(client, leader.mobile)
    assert client.get(f"/me/groups/{group.pk}/").status_code == 200
    sent = {"on": "۱۴۰۵/۰۸/۰۱", "what": "دیدار با سالمندان"}
    assert client.post(f"/me/groups/{group.pk}/", sent).status_code == 303
    group.refresh_from_db()
    assert group.state == "active"
    assert GroupActivity.objects.get().noted_by is None
    assert client.post(f"/me/groups/{group.pk}/", {"act": "close"}).status_code == 303
    group.refresh_from_db()
    assert group.state == "closed"
    come_in(client, stranger.mobile)
    assert client.get(f"/me/groups/{group.pk}/").status_code == 404


def test_groups_at_the_desk(django_assert_num_queries):
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    county = County.objects.filter(province=TEHRAN).order_by("code").first()
    sent = {"name": "جهادی علی‌آباد", "kind": "jihadi", "section": "construction", "county": county.code}
    made = browser.post(f"{ROOM}new/", sent)
    assert made.status_code == 303
    page = made["Location"]
    who = a_volunteer(approved=True)
    assert browser.post(page, {"act": "member", "member-volunteer_id": who.pk}).status_code == 303
    assert browser.post(page, {"act": "leader", "leader-volunteer_id": who.pk}).status_code == 303
    activity = {"act": "activity", "activity-on": "۱۴۰۵/۰۸/۰۱", "activity-what": "دیوار ساختند"}
    assert browser.post(page, activity).status_code == 303
    html = browser.get(page).content.decode()
    assert "دیوار ساختند" in html
    assert who.name in html
    assert "جهادی علی‌آباد" in browser.get(ROOM, {"q": "علي آباد"}).content.decode()
    assert "جهادی علی‌آباد" not in browser.get(ROOM, {"q": "دیگر"}).content.decode()
    with django_assert_num_queries(8):
        browser.get(ROOM)
    for _ in range(29):
        a_group()
    with django_assert_num_queries(8):
        browser.get(ROOM)


def test_an_activity_is_not_of_tomorrow(client):
    leader = a_volunteer(approved=True)
    group = a_group(leader=leader)
    come_in(client, leader.mobile)
    tomorrow = tehran_today() + timedelta(days=1)
    answer = client.post(f"/me/groups/{group.pk}/", {"on": format_short(tomorrow), "what": "فردا"})
    assert answer.status_code == 422
    assert not GroupActivity.objects.exists()

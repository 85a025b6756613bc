"""Joining the network: written down once, told to nobody."""

from __future__ import annotations

import pytest

from provinces.scoping import all_provinces
from volunteers.enums import Section
from volunteers.models import Volunteer

ADDRESS = "/volunteers/join/"
GIVEN = {"name": "مریم  كريمی", "mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹", "province": "07", "section": "health"}


@pytest.fixture(autouse=True)
def _whole_country(country):
    """Tests look at what was written."""


def test_the_form_asks_for_four_things_and_sets_no_cookie(db, client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert not answer.cookies
    assert list(answer.context["form"].fields) == ["section", "name", "mobile", "province"]
    html = answer.content.decode()
    assert "csrfmiddlewaretoken" not in html
    assert [choice["value"] for choice in answer.context["sections"]] == list(Section.values)
    assert 'dir="ltr"' in html


def test_joining_leads_to_thanks(db, client):
    answer = client.post(ADDRESS, GIVEN)
    assert (answer.status_code, answer["Location"]) == (303, "/volunteers/join/?joined=1")
    assert not answer.cookies
    made = Volunteer.objects.get()
    assert (made.name, made.mobile, made.province_id, made.section) == (
        "مریم کریمی",
        "+989123456789",
        "07",
        "health",
    )
    thanks = client.get(answer["Location"]).content.decode()
    assert "درخواست شما ثبت شد" in thanks
    assert "<form" not in thanks


def test_repeating_changes_nothing_and_tells_nothing(db, client):
    first = client.post(ADDRESS, GIVEN)
    again = client.post(ADDRESS, {**GIVEN, "name": "دیگری", "province": "23", "section": "cultural"})
    assert (again.status_code, again["Location"], again.content) == (
        first.status_code,
        first["Location"],
        first.content,
    )
    kept = Volunteer.objects.get()
    assert (kept.name, kept.province_id, kept.section) == ("مریم کریمی", "07", "health")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"mobile": "0912"}, "mobile", "شمارهٔ همراه درست نیست"),
        ({"mobile": ""}, "mobile", "شمارهٔ همراه خود را بنویسید."),
        ({"mobile": "02112345678"}, "mobile", "شمارهٔ همراه درست نیست"),
        ({"name": " "}, "name", "نام و نام خانوادگی خود را بنویسید."),
        ({"name": "\u200c\u200f"}, "name", "نام و نام خانوادگی خود را بنویسید."),
        ({"province": "99"}, "province", "استان خود را برگزینید."),
        ({"province": ""}, "province", "استان خود را برگزینید."),
        ({"section": "cooking"}, "section", "یکی از پنج بخش را برگزینید."),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_is_lost(db, client, change, field, sentence):
    answer = client.post(ADDRESS, {**GIVEN, **change})
    assert answer.status_code == 200
    assert sentence in str(answer.context["form"].errors[field])
    html = answer.content.decode()
    assert sentence in html
    for name in ("name", "mobile"):
        if name not in change:
            assert GIVEN[name] in html
    assert not Volunteer.objects.exists()


def test_a_number_is_encrypted_at_rest(db, client):
    from django.db import connection

    client.post(ADDRESS, GIVEN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile, mobile_hash FROM volunteers_volunteer")
        mobile, mobile_hash = cursor.fetchone()
    assert "9123456789" not in mobile
    assert "9123456789" not in mobile_hash


def test_an_address_may_choose_the_section(db, client):
    html = client.get(f"{ADDRESS}?section=cultural&province=07").content.decode()
    assert 'value="cultural" checked' in html
    assert '<option value="07" selected>' in html
    assert client.get(f"{ADDRESS}?section=%00&province=zz").status_code == 200


def test_the_network_says_what_there_is(db, client):
    html = client.get("/volunteers/").content.decode()
    for label in Section.labels:
        assert label in html
    assert "هنوز در سامانه ساخته نشده است" in html


def test_no_other_way_of_asking(db, client):
    assert client.put(ADDRESS).status_code == 405
    assert client.post("/volunteers/").status_code == 405


def test_two_at_once_are_one(live_db, django_db_blocker):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections
    from django.test import Client

    together = Barrier(4)

    def send(_):
        together.wait()
        answer = Client().post(ADDRESS, GIVEN)
        connections.close_all()
        return answer.status_code

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [303] * 4
        with all_provinces("test"):
            assert Volunteer.objects.count() == 1

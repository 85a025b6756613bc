"""A call in a crisis: one switch, a minute a person, the wanted first, counters, and a report that stays."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import DomainError
from core.outbox import drain
from provinces.enums import Role
from provinces.models import Province
from tests.factories.doors import newest_code
from tests.factories.network import a_volunteer
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.volunteers import national_id
from volunteers import surge_views
from volunteers.enums import Vetting
from volunteers.models import Consent, Surge, Volunteer
from volunteers.services import surges
from volunteers.services.surges import change_wants, close_surge, come_again, open_surge, prioritise
from volunteers.surge_selectors import figures_of

ROOM = "/volunteers/join/quick/"


@pytest.fixture(autouse=True)
def _start(db, country):
    cache.clear()


def a_surge(province: str = "", **wants: int) -> Surge:
    where = Province.objects.get(code=province) if province else None
    return open_surge(title="زلزلهٔ نمونه", province=where, wants=wants or {"nursing": 5}, actor=person())


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def enter(client: Client, mobile: str) -> None:
    asked = client.post(f"{ROOM}sign-in/", {"mobile": mobile})
    assert asked.status_code == 303
    assert client.post(asked["Location"], {"code": newest_code()})["Location"] == ROOM


def form(**changes: str) -> dict[str, str]:
    return {
        "name": "پرستار نمونه",
        "national_id": national_id("345678912"),
        "born_on": "۱۳۷۰/۰۱/۳۱",
        "county": TEHRAN_COUNTY,
        "skill": "nursing",
        "data": "on",
        "conduct": "on",
    } | changes


def test_one_form_and_one_is_in(client):
    surge = a_surge()
    enter(client, "09123334455")
    assert "پرستاری" in client.get(ROOM).content.decode()
    assert client.post(ROOM, form(conduct="")).status_code == 422
    assert client.post(ROOM, form(born_on="۱۴۰۰/۰۱/۰۱")).status_code == 422
    assert client.post(ROOM, form(county="9999")).status_code == 422
    assert not Volunteer.objects.exists()
    assert client.post(ROOM, form()).status_code == 303
    made = Volunteer.objects.get()
    assert (made.surge, made.source, made.is_priority, made.section) == (surge, "surge", True, "health")
    assert (made.availability, made.vetting) == (["crisis"], Vetting.WAITING)
    assert set(Consent.objects.values_list("kind", flat=True)) == {"data", "conduct"}


def test_without_a_call_there_is_no_short_way(client):
    surge = a_surge(KHUZESTAN)
    enter(client, "09123334455")
    assert client.post(ROOM, form()).status_code == 422
    surge = close_surge(surge.pk, report="پایان یافت.", actor=person())
    assert client.get(ROOM)["Location"] == "/volunteers/calls/"


def test_somebody_of_the_network_needs_one_button(client):
    surge = a_surge()
    known = a_volunteer()
    enter(client, known.mobile)
    assert "از پیش عضو" in client.get(ROOM).content.decode()
    assert client.post(ROOM).status_code == 303
    known.refresh_from_db()
    assert (known.surge, known.is_priority, known.availability) == (surge, True, ["crisis"])
    assert refusal(come_again, "nobody") == "not_a_volunteer"


def test_who_waits_already_and_is_wanted_comes_first():
    wanted, other, there = a_volunteer(), a_volunteer(skills=["law"]), a_volunteer(KHUZESTAN)
    surge = a_surge(TEHRAN)
    assert drain() >= 1
    first = lambda: set(Volunteer.objects.filter(is_priority=True).values_list("pk", flat=True))  # noqa: E731
    assert first() == {wanted.pk}
    assert prioritise(surge.pk) == 0
    change_wants(surge.pk, wants={"law": 2}, actor=person())
    drain()
    assert first() == {other.pk}
    close_surge(surge.pk, report="پایان", actor=person())
    drain()
    assert first() == set()
    assert there.pk not in first()


def test_there_is_one_open_call_a_place():
    a_surge()
    a_surge(TEHRAN)
    assert refusal(a_surge) == "surge_is_open"
    with pytest.raises(IntegrityError), transaction.atomic():
        Surge.objects.create(title="دیگر", opened_by=person())
    with pytest.raises(IntegrityError, match="closed_surge_has_report"), transaction.atomic():
        Surge.objects.filter(province=None).update(closed_at="2026-01-01T00:00Z", closed_by=person())
    assert refusal(open_surge, title="بی‌نیاز", wants={}, actor=person()) == "wants_required"
    assert refusal(open_surge, title="ناشناخته", wants={"magic": 1}, actor=person()) == "unknown_skill"


def test_counters_live_and_the_report_stays():
    surge = a_surge(nursing=5, psychology=2)
    for skills, approved in ((["nursing"], True), (["nursing", "psychology"], False), (["law"], False)):
        a_volunteer(surge=surge, source="surge", skills=skills, approved=approved)
    now = figures_of(surge)
    assert (now["joined"], now["approved"], now["waiting"], now["last_hour"]) == (3, 1, 2, 3)
    assert [(s["skill"], s["wanted"], s["joined"], s["approved"]) for s in now["skills"]] == [
        ("nursing", 5, 2, 1), ("psychology", 2, 1, 0),
    ]  # fmt: skip
    closed = close_surge(surge.pk, report="سه نفر پیوستند.", actor=person())
    a_volunteer(surge=surge)
    assert figures_of(Surge.objects.get(pk=closed.pk))["joined"] == 3
    html = Client().get(f"/volunteers/calls/{surge.pk}/").content.decode()
    assert "سه نفر پیوستند." in html
    assert "داوطلب نمونه" not in html
    assert "زلزلهٔ نمونه" in Client().get("/volunteers/calls/").content.decode()


def test_headquarters_has_the_switch():
    manager, analyst = browser_of(person(Role.HQ_MANAGER)), browser_of(person(Role.HQ_ANALYST))
    sent = {"title": "سیل نمونه", "wants": "پرستاری ۲۰\nروان‌شناسی و مشاوره: ۵", "province": TEHRAN}
    assert analyst.post("/hq/volunteers/calls/", sent).status_code == 403
    assert manager.post("/hq/volunteers/calls/", sent | {"wants": "جادوگری ۲"}).status_code == 200
    assert not Surge.objects.exists()
    opened = manager.post("/hq/volunteers/calls/", sent)
    surge = Surge.objects.get()
    assert opened["Location"] == f"/hq/volunteers/calls/{surge.pk}/"
    assert dict(surge.wants.values_list("skill", "wanted")) == {"nursing": 20, "psychology": 5}
    assert "فراخوان باز است" in Client().get("/volunteers/").content.decode()
    before = analyst.get(f"{opened['Location']}figures.json").json()["status"]
    a_volunteer(surge=surge)
    assert analyst.get(f"{opened['Location']}figures.json").json()["status"] != before
    assert analyst.post(opened["Location"], {"act": "close", "close-report": "x"}).status_code == 403
    assert manager.post(opened["Location"], {"act": "close", "close-report": "پایان"}).status_code == 303
    assert Surge.objects.get().figures["joined"] == 1
    assert manager.get(opened["Location"]).status_code == 200


def test_nobody_joins_a_call_that_was_closed_while_it_was_remembered(client, monkeypatch):
    call = a_surge()
    monkeypatch.setattr(surges, "open_surge_of", lambda province: call)
    monkeypatch.setattr(surge_views, "open_surges", lambda: [call])
    enter(client, "09121234567")
    close_surge(call.pk, report="پایان", actor=person())
    answer = client.post(ROOM, form())
    assert answer.status_code == 409
    assert not Volunteer.objects.exists()
    assert client.get(ROOM).status_code == 200, "the visit goes on"
    Surge.objects.update(closed_at=None)
    assert client.post(ROOM, form()).status_code == 303
    assert client.get(ROOM).status_code == 302, "it ended with the joining"
    assert figures_of(call)["joined"] == 1

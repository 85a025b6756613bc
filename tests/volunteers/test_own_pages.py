"""A volunteer's own pages: invited, coming, there, thanked with a certificate; pausing, leaving, taking data along."""

from __future__ import annotations

import io
import json
from datetime import date

import pypdf
import pytest
import zxingcpp
from django.core.cache import cache
from django.test import Client
from PIL import Image

from core.qr import qr_image
from provinces.enums import Role
from tests.factories.doors import come_in
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import browser_of, person
from volunteers.enums import Activity, AssignmentState
from volunteers.models import Assignment, Certificate, Consent, Shift, Volunteer
from volunteers.services.attendance import Seen, confirm

ROOM = "/me/volunteering/"


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def me(client):
    volunteer = a_volunteer(approved=True, name="مریم کریمی")
    come_in(client, volunteer.mobile)
    return volunteer


def test_an_invitation_is_taken_and_given_back(client, me):
    shift = a_shift(an_opportunity(is_public=False))
    an_assignment(shift, me, AssignmentState.INVITED)
    assert shift.opportunity.title in client.get(ROOM).content.decode()
    page = f"/me/shifts/{shift.pk}/"
    assert "<svg" not in client.get(page).content.decode().split("invitation-code")[-1][:20]
    assert client.post(page, {"act": "sign_up"}).status_code == 303
    html = client.get(page).content.decode()
    assert "رمزینهٔ ورود به نوبت" in html
    assert client.post(page, {"act": "cancel"}).status_code == 303
    assert Shift.objects.get().taken == 0
    hidden = a_shift(an_opportunity(is_public=False))
    assert client.get(f"/me/shifts/{hidden.pk}/").status_code == 404


def test_a_full_shift_is_said(client, me):
    shift = a_shift(an_opportunity(), capacity=1)
    an_assignment(shift, a_volunteer(approved=True))
    answer = client.post(f"/me/shifts/{shift.pk}/", {"act": "sign_up"})
    assert answer.status_code == 409
    assert "جای این نوبت پر شد" in answer.content.decode()


def test_the_code_leads_staff_leader_and_owner_each_elsewhere(client, me):
    leader = a_volunteer(approved=True)
    shift = a_shift(an_opportunity(), hours=-0.5, leader=leader)
    place = an_assignment(shift, me)
    address = f"/me/attend/{place.code}/"
    assert client.get(address)["Location"] == f"/me/shifts/{shift.pk}/"
    assert Client().get(address)["Location"] == "/me/sign-in/"
    staff, shown = browser_of(person(Role.PROVINCIAL_EXPERT)), f"/volunteers/attend/{place.code}/"
    assert staff.get(shown)["Location"] == f"/desk/volunteers/attend/{place.code}/"
    assert browser_of(person(Role.PROVINCIAL_EXPERT, "06")).get(shown)["Location"] == address
    assert Client().get(shown)["Location"] == address
    stranger = Client()
    come_in(stranger, a_volunteer().mobile)
    assert stranger.get(address).status_code == 404
    door = Client()
    come_in(door, leader.mobile)
    assert me.name in door.get(address).content.decode()
    assert door.post(address).status_code == 303
    assert Assignment.objects.get().state == AssignmentState.PRESENT
    later = an_assignment(shift, a_volunteer(approved=True))
    assert staff.post(f"/desk/volunteers/attend/{later.code}/").status_code == 303
    assert Assignment.objects.filter(state="present").count() == 2


def test_a_leader_confirms_the_others(client, me):
    shift = a_shift(an_opportunity(), hours=-2, leader=me, capacity=3)
    own, place = an_assignment(shift, me), an_assignment(shift, a_volunteer(approved=True))
    html = client.get(f"/me/shifts/{shift.pk}/lead/").content.decode()
    assert f"came_{place.pk}" in html
    assert f"came_{own.pk}" not in html
    assert place.volunteer.mobile.removeprefix("+98") not in html
    empty = client.post(f"/me/shifts/{shift.pk}/lead/", {f"minutes_{place.pk}": "60"})
    assert empty.status_code == 422
    sent = {f"came_{place.pk}": "yes", f"minutes_{place.pk}": "۱۲۰"}
    assert client.post(f"/me/shifts/{shift.pk}/lead/", sent).status_code == 303
    place.refresh_from_db()
    assert (place.confirmed_minutes, place.confirmed_by_leader_id) == (120, me.pk)
    come_in(client, place.volunteer.mobile)
    assert client.get(f"/me/shifts/{shift.pk}/lead/").status_code == 404


def test_a_certificate_is_ours_and_shows_no_name_to_strangers(client, me, settings):
    shift = a_shift(an_opportunity(title="افطار نمونه"), hours=-4)
    place = an_assignment(shift, me)
    new = f"/me/certificates/{shift.opportunity_id}/new/"
    assert client.post(new).status_code == 409
    confirm(shift.pk, [Seen(place.pk, True, 150)], actor=person())
    made = client.post(new)
    assert client.post(new)["Location"] == made["Location"]
    pdf = client.get(made["Location"])
    text = pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert "مریم کریمی" in text
    assert "افطار نمونه" in text
    code = Certificate.objects.get().code
    address = f"/volunteers/certificates/{code}/"
    picture = qr_image(settings.PORTAL_BASE_URL + address, 4)
    assert zxingcpp.read_barcode(Image.merge("L", [picture])).text.endswith(address)
    stranger = Client()
    html = stranger.get(address).content.decode()
    assert "افطار نمونه" in html
    assert "مریم" not in html
    assert "کریمی" not in html
    assert "یکی است." in stranger.post(address, {"name": "مريم كريمي"}).content.decode()
    assert "یکی نیست" in stranger.post(address, {"name": "مریم رضایی"}).content.decode()
    assert stranger.get("/volunteers/certificates/AAAA/").status_code == 404
    other = Client()
    come_in(other, a_volunteer().mobile)
    assert other.get(made["Location"]).status_code == 404
    confirm(shift.pk, [Seen(place.pk, True, 120)], actor=person())
    client.post(new)
    assert "جایگزین" in stranger.get(address).content.decode()
    assert Certificate.objects.filter(replaced_at=None).get().minutes == 120


def test_names_are_not_guessed_through_a_certificate(client, me, monkeypatch):
    from volunteers import public_views

    monkeypatch.setattr(public_views, "MOST_CHECKS", 2)
    place = an_assignment(a_shift(an_opportunity(), hours=-4), me)
    confirm(place.shift_id, [Seen(place.pk, True, 60)], actor=person())
    client.post(f"/me/certificates/{place.shift.opportunity_id}/new/")
    address = f"/volunteers/certificates/{Certificate.objects.get().code}/"
    assert [client.post(address, {"name": "الف"}).status_code for _ in range(3)] == [200, 200, 429]


def test_pausing_leaving_and_coming_back(client, me):
    place = an_assignment(a_shift(an_opportunity()), me)
    for wanted in ("paused", "active", "left"):
        assert client.post(f"{ROOM}activity/", {"activity": wanted}).status_code == 303
        assert Volunteer.objects.get(pk=me.pk).activity == wanted
    place.refresh_from_db()
    assert (place.state, place.shift.taken) == (AssignmentState.CANCELLED, 0)
    client.post(f"{ROOM}activity/", {"activity": "nonsense"})
    assert Volunteer.objects.get(pk=me.pk).activity == Activity.LEFT
    assert client.get(ROOM).status_code == 200


def test_the_profile_and_the_consent_to_be_called(client, me):
    page = f"{ROOM}profile/"
    assert client.get(page).status_code == 200
    sent = {
        "role": "specialist", "profession": "پرستار", "licence_no": "ن-۱۲", "sections": ["health"],
        "skills": ["nursing", "first_aid"], "languages": ["fa"], "availability": ["weekends"],
    }  # fmt: skip
    assert client.post(page, sent).status_code == 303
    after = Volunteer.objects.get(pk=me.pk)
    assert (after.skills, after.licence_state, after.vetting) == (
        ["nursing", "first_aid"],
        "unchecked",
        "waiting",
    )
    assert client.post(page, sent | {"sections": []}).status_code == 422
    contact = {"kind": "contact", "given": "no"}
    assert client.post(f"{ROOM}consent/", contact).status_code == 303
    assert Consent.objects.get(volunteer=me, kind="contact").withdrawn_at is not None
    assert client.post(f"{ROOM}consent/", {"kind": "data", "given": "no"}).status_code == 422
    client.post(f"{ROOM}consent/", contact | {"given": "yes"})
    assert Consent.objects.filter(volunteer=me, kind="contact", withdrawn_at=None).exists()


def test_data_go_along_and_are_forgotten(client, me):
    place = an_assignment(a_shift(an_opportunity(), hours=-4), me)
    confirm(place.shift_id, [Seen(place.pk, True, 60)], actor=person())
    coming = an_assignment(a_shift(an_opportunity()), me)
    data = json.loads(client.get("/me/data.json").content)["volunteer"]
    assert data["shifts"][0]["confirmed_minutes"] == 60
    assert data["national_id"] == me.national_id
    assert client.post("/me/erase/", {"sure": "yes"}).status_code == 303
    assert not Volunteer.objects.filter(pk=me.pk).exists()
    place.refresh_from_db()
    coming.refresh_from_db()
    assert (place.volunteer, place.confirmed_minutes) == (None, 60)
    assert (coming.volunteer, coming.state, coming.shift.taken) == (None, AssignmentState.CANCELLED, 0)


def test_somebody_from_an_old_registry_writes_their_birthday(client):
    imported = a_volunteer(source="import", born_on=None)
    come_in(client, imported.mobile)
    sent = {
        "role": "facilitator", "born_on": "۱۳۷۰/۰۱/۳۱", "sections": ["health"], "languages": ["fa"],
        "availability": ["weekends"],
    }  # fmt: skip
    assert client.post(f"{ROOM}profile/", sent).status_code == 303
    assert Volunteer.objects.get(pk=imported.pk).born_on == date(1991, 4, 20)


def test_a_stranger_to_the_network_is_led_to_joining(client):
    come_in(client, "+989350000001")
    assert client.get(ROOM)["Location"] == "/volunteers/join/"
    assert client.get("/me/shifts/1/").status_code == 404

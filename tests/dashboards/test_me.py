"""The own pages: one's own gifts and nobody else's, one's data to take along, and being forgotten."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from core.models import AuditEntry, MobileVisit, OutgoingSms
from core.phrases import sentence
from donations.models import Donation, Donor
from donations.services.refunding import tell_refund
from tests.factories.doors import come_in, newest_code
from tests.factories.gifts import give, receive
from tests.factories.volunteers import application
from volunteers.models import Volunteer
from volunteers.services.joining import join

MINE, THEIRS = "+989121112233", "+989121112244"


@pytest.fixture(autouse=True)
def _start(db, country):
    cache.clear()


@pytest.fixture
def mine():
    gift = receive(2_000_000, name="مریم کریمی", mobile=MINE, message="به یاد مادرم")
    receive(7_000_000, name="دیگری", mobile=THEIRS)
    return gift


def test_a_stranger_sees_the_door_and_gets_no_cookie(client):
    answer = client.get("/me/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert 'action="/me/sign-in/"' in answer.content.decode()


def test_known_and_unknown_numbers_get_the_same_answer(mine):
    answers = []
    for mobile in ("09121112233", "09350000000"):
        answer = Client().post("/me/sign-in/", {"mobile": mobile})
        answers.append((answer.status_code, answer["Location"], answer.content, sorted(answer.cookies)))
    assert answers[0] == answers[1]
    assert OutgoingSms.objects.filter(purpose="code").count() == 2


def test_cookies_are_for_this_room_and_no_script(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    client.post("/me/sign-in/", {"mobile": MINE})
    entered = client.post("/me/code/", {"code": newest_code()})
    cookie = entered.cookies["me_visit"]
    assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["samesite"]) == (
        "/me/", True, True, "Lax",
    )  # fmt: skip
    assert cookie["max-age"] == 1800
    assert "sessionid" not in entered.cookies


def test_a_wrong_code_is_said_at_its_field(client):
    client.post("/me/sign-in/", {"mobile": MINE})
    wrong = f"{(int(newest_code()) + 1) % 10**6:06d}"
    answer = client.post("/me/code/", {"code": wrong})
    assert answer.status_code == 422
    assert sentence("sms_code_wrong") in answer.content.decode()
    assert client.get("/me/data.json").status_code == 302


def test_one_sees_ones_own_gifts_only(client, mine):
    pending = give(500_000, mobile=MINE)
    come_in(client, MINE)
    answer = client.get("/me/")
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert [row[0]["url"] for row in answer.context["gift_table"]["rows"]] == [
        f"/give/{pending.tracking_code}/",
        f"/give/{mine.tracking_code}/",
    ]
    assert f"/receipts/{mine.receipt.token}/" in html
    assert f"/trail/{mine.tracking_code}/" in html
    assert "۷۰۰٬۰۰۰" not in html
    assert MINE[3:] not in html
    assert "0912***2233" in html


def test_the_sum_of_the_year_leaves_out_what_has_not_come(client, mine):
    give(500_000, mobile=MINE)
    receive(1_000_000, fund="general", mobile=MINE, name="مریم", is_anonymous=True)
    come_in(client, MINE)
    first, *_ = client.get("/me/").context["year"]
    assert "۲ کمک" in first
    assert "۳۰۰٬۰۰۰ تومان" in first


def test_whoever_never_gave_sees_an_empty_page(client):
    come_in(client, THEIRS)
    answer = client.get("/me/")
    assert answer.context["gift_table"]["rows"] == []
    assert "reminders" not in answer.content.decode()


def test_a_volunteer_sees_the_own_card(client):
    join(MINE, application(), text_version="1")
    come_in(client, MINE)
    assert {"label": "بخش", "value": "سلامت"} in client.get("/me/").context["volunteer"]


def test_reminders_are_a_wish(client, mine):
    come_in(client, MINE)
    for said, kept in (("yes", True), ("yes", True), ("no", False)):
        assert client.post("/me/reminders/", {"wanted": said}).status_code == 303
        assert Donor.objects.get(pk=mine.donor_id).wants_reminders is kept
    assert AuditEntry.objects.filter(action="donor.reminders").count() == 2


def test_a_form_of_another_site_changes_nothing(mine):
    client = Client(enforce_csrf_checks=True)
    come_in(client, MINE)
    for address in ("/me/reminders/", "/me/erase/", "/me/sign-out/"):
        assert client.post(address, {"wanted": "yes", "sure": "yes"}).status_code == 403
    assert Donor.objects.get(pk=mine.donor_id).wants_reminders is False


def test_signing_out_ends_the_visit_and_not_only_the_cookie(client):
    come_in(client, MINE)
    cookie = client.cookies["me_visit"].value
    assert client.post("/me/sign-out/").status_code == 303
    client.cookies["me_visit"] = cookie
    assert client.get("/me/data.json").status_code == 302
    assert not MobileVisit.objects.exists()


def test_one_takes_ones_own_data_along(client, mine):
    come_in(client, MINE)
    answer = client.get("/me/data.json")
    said = json.loads(answer.content)
    assert said["mobile"] == "09121112233"
    assert [(g["tracking_code"], g["amount_rial"], g["name"], g["message"]) for g in said["gifts"]] == [
        (mine.tracking_code, 2_000_000, "مریم کریمی", "به یاد مادرم")
    ]
    table = client.get("/me/data.csv").content.decode("utf-8-sig")
    assert mine.tracking_code in table
    assert "دیگری" not in table


def test_being_forgotten_keeps_gifts_and_receipts_alone(client, mine):
    failed = give(500_000, name="مریم کریمی", mobile=MINE)
    Donation.objects.filter(pk=failed.pk).update(status="failed")
    join(MINE, application(), text_version="1")
    come_in(client, MINE)
    assert client.post("/me/erase/").status_code == 422
    done = client.post("/me/erase/", {"sure": "yes"})
    assert (done.status_code, done["Location"]) == (303, "/me/?erased=1")
    assert client.get(done["Location"]).status_code == 200

    mine.refresh_from_db()
    failed.refresh_from_db()
    assert (mine.donor_id, mine.donor_name, mine.message, mine.amount_rial) == (
        None,
        "مریم کریمی",
        "",
        2_000_000,
    )
    assert (failed.donor_id, failed.donor_name) == (None, "")
    assert client.get(f"/receipts/{mine.receipt.token}/").status_code == 200
    assert [d.mobile for d in Donor.objects.all()] == [THEIRS]
    assert not Volunteer.objects.exists()
    assert not [s for s in OutgoingSms.objects.exclude(state="queued") if s.mobile == MINE]
    assert client.get("/me/data.json").status_code == 302
    assert "9121112233" not in str(list(AuditEntry.objects.values()))
    before = OutgoingSms.objects.count()
    tell_refund(mine.pk)
    assert OutgoingSms.objects.count() == before


def test_while_a_bank_decides_nobody_is_forgotten(client, mine):
    give(500_000, mobile=MINE)
    come_in(client, MINE)
    answer = client.post("/me/erase/", {"sure": "yes"})
    assert answer.status_code == 409
    assert sentence("gift_undecided") in answer.content.decode()
    mine.refresh_from_db()
    assert mine.donor_id is not None


def test_the_demo_shows_messages_masked_and_nothing_else_does(client, settings):
    client.post("/me/sign-in/", {"mobile": MINE})
    html = client.get("/me/messages/").content.decode()
    assert newest_code() in html
    assert MINE[3:] not in html
    settings.DEMO = False
    assert client.get("/me/messages/").status_code == 404
    assert "/me/messages/" not in client.get("/me/").content.decode()

"""Two stories of the network: a crisis from the switch to the report, and an iftar from invitation to certificate."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from campaigns.enums import EventKind
from core.crypto import keyed_hash
from core.invariants import run_checks
from core.jalali import TEHRAN, format_short
from core.models import OutgoingSms
from core.outbox import drain
from provinces.enums import Role
from tests.factories.doors import come_in, newest_code
from tests.factories.events import make_event
from tests.factories.network import a_volunteer
from tests.factories.people import TEHRAN as TEHRAN_CODE
from tests.factories.people import TEHRAN_COUNTY, browser_of, person
from tests.factories.volunteers import national_id
from volunteers.models import Assignment, Certificate, Opportunity, Shift, Surge, Volunteer
from volunteers.services.places import remind

DESK = "/desk/volunteers/"


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def quickly(number: int, skill: str) -> Volunteer:
    """Somebody joins by the short way: number, code, one form."""
    browser, mobile = Client(), f"0936000{number:04d}"
    asked = browser.post("/volunteers/join/quick/sign-in/", {"mobile": mobile})
    browser.post(asked["Location"], {"code": newest_code()})
    form = {
        "name": f"داوطلب {number}", "national_id": national_id(f"{300_000_000 + number}"),
        "born_on": "۱۳۷۰/۰۱/۳۱", "county": TEHRAN_COUNTY, "skill": skill, "licence_no": "",
        "data": "on", "conduct": "on", "contact": "on",
    }  # fmt: skip
    assert browser.post("/volunteers/join/quick/", form).status_code == 303
    return Volunteer.objects.get(mobile_hash=keyed_hash(f"+98{mobile[1:]}", "mobile"))


def act(browser: Client, page: str, name: str, **sent: object) -> None:
    fields = {f"{name}-{field}": value for field, value in sent.items()}
    answer = browser.post(page, {"act": name, **fields})
    assert answer.status_code == 303, answer.content.decode()[:3000]


def add_shift(browser: Client, page: str, capacity: int) -> Shift:
    """A shift of tomorrow evening."""
    day = (timezone.now() + timedelta(days=1)).astimezone(TEHRAN).date()
    act(browser, page, "shift", day=format_short(day), since="۱۸:۰۰", until="۲۱:۰۰", capacity=capacity)
    return Shift.objects.latest("pk")


def has_come(shift: Shift) -> None:
    """The clock moves on: the shift is over."""
    starts = timezone.now() - timedelta(hours=4)
    Shift.objects.filter(pk=shift.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=3))


def test_a_crisis_from_the_switch_to_the_report():
    headquarters, province = browser_of(person(Role.HQ_MANAGER)), browser_of(person(Role.PROVINCIAL_EXPERT))
    waiting = a_volunteer(TEHRAN_CODE, TEHRAN_COUNTY, skills=["psychology"])
    sent = {"title": "زلزلهٔ نمونه", "wants": "پرستاری ۳\nروان‌شناسی و مشاوره ۲", "story": "پرستار می‌خواهیم."}
    call = headquarters.post("/hq/volunteers/calls/", sent)["Location"]
    surge = Surge.objects.get()
    drain()
    assert "پرستار می‌خواهیم." in Client().get(f"/volunteers/calls/{surge.pk}/").content.decode()

    joined = [quickly(number, "nursing" if number < 4 else "law") for number in range(6)]
    queue = province.get(DESK, {"vetting": "waiting", "priority": "on"}).content.decode()
    assert [v.name in queue for v in joined] == [True] * 4 + [False] * 2
    assert waiting.name in queue
    for volunteer in joined[:4]:
        act(province, f"{DESK}{volunteer.pk}/", "decide", decision="approve", reason="تلفنی گفت‌وگو شد")

    made = province.post(
        f"{DESK}opportunities/new/",
        {
            "title": "پرستاری در اردوگاه", "province": TEHRAN_CODE, "county": TEHRAN_COUNTY, "place": "اردوگاه",
            "section": "health", "surge": surge.pk, "skills": ["nursing"], "meets_clients": "on", "is_public": "on",
        },
    )["Location"]  # fmt: skip
    shift = add_shift(province, made, capacity=3)
    page = f"{DESK}shifts/{shift.pk}/"
    act(province, page, "invite", volunteers=[v.pk for v in joined[:4]])
    came = []
    for volunteer in joined[:4]:
        browser = Client()
        come_in(browser, volunteer.mobile)
        came.append(browser.post(f"/me/shifts/{shift.pk}/", {"act": "sign_up"}).status_code)
    assert came == [303, 303, 303, 409]  # three places
    has_come(shift)
    places = Assignment.objects.filter(state="signed_up")
    said = {f"came_{p.pk}": "yes" for p in places} | {f"minutes_{p.pk}": "180" for p in places}
    act(province, page, "confirm", **said)

    counters = headquarters.get(f"{call}figures.json").json()
    assert {name: counters[name] for name in ("joined", "approved", "waiting", "worked", "minutes")} == {
        "joined": 6, "approved": 4, "waiting": 2, "worked": 3, "minutes": 540,
    }  # fmt: skip
    act(headquarters, call, "close", report="سه پرستار آمدند و ۹ ساعت ماندند.")
    drain()
    html = Client().get(f"/volunteers/calls/{surge.pk}/").content.decode()
    assert "سه پرستار آمدند" in html
    assert "۹ ساعت" in html
    assert joined[0].name not in html
    assert not Volunteer.objects.filter(is_priority=True, vetting="waiting").exists()
    assert [r.name for r in run_checks() if r.name.startswith("volunteers:") and not r.holds] == []


def test_an_iftar_staffed_from_invitation_to_certificate():
    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN_CODE, TEHRAN_COUNTY))
    leader, helper, late = (
        a_volunteer(TEHRAN_CODE, TEHRAN_COUNTY, approved=True, name=name, skills=["events"])
        for name in ("سرگروه نمونه", "مریم نمونه", "دیرآمده نمونه")
    )
    iftar = make_event(TEHRAN_CODE, TEHRAN_COUNTY, actor=person(Role.PROVINCIAL_MANAGER)).event
    assert iftar.kind in EventKind.values
    made = officer.post(
        f"{DESK}opportunities/new/",
        {
            "title": "پذیرایی افطار", "province": TEHRAN_CODE, "county": TEHRAN_COUNTY, "place": "مرکز نمونه",
            "section": "extracurricular", "event": iftar.pk, "skills": ["events"], "meets_clients": "on",
        },
    )["Location"]  # fmt: skip
    assert Opportunity.objects.get().event == iftar
    shift = add_shift(officer, made, capacity=2)
    page = f"{DESK}shifts/{shift.pk}/"
    proposed = officer.get(page).context["matches"]
    assert {row["match"].volunteer_id for row in proposed} == {leader.pk, helper.pk, late.pk}
    act(officer, page, "invite", volunteers=[leader.pk, helper.pk, late.pk])
    invited = OutgoingSms.objects.filter(purpose="volunteer_invitation")
    assert {sms.mobile for sms in invited} == {leader.mobile, helper.mobile, late.mobile}

    leaders, helpers, third = Client(), Client(), Client()
    for browser, volunteer in ((leaders, leader), (helpers, helper), (third, late)):
        come_in(browser, volunteer.mobile)
    own = f"/me/shifts/{shift.pk}/"
    assert helpers.post(own, {"act": "sign_up"}).status_code == 303
    assert leaders.post(own, {"act": "sign_up"}).status_code == 303
    assert third.post(own, {"act": "sign_up"}).status_code == 409
    assert third.post(own, {"act": "decline"}).status_code == 303
    act(officer, page, "lead", volunteer_id=leader.pk)
    assert remind(shift.starts_at - timedelta(hours=2)) == 2
    reminded = OutgoingSms.objects.filter(purpose="volunteer_reminder")
    assert {sms.mobile for sms in reminded} == {leader.mobile, helper.mobile}

    Shift.objects.filter(pk=shift.pk).update(
        starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(hours=3)
    )
    place = Assignment.objects.get(volunteer=helper)
    assert leaders.post(f"/me/attend/{place.code}/").status_code == 303  # the code on the helper's telephone
    has_come(shift)
    rating = {
        "act": "feedback",
        "feedback-rating": "5",
        "feedback-minutes": "180",
        "feedback-words": "خوب بود",
    }
    assert helpers.post(own, rating).status_code == 303
    assert helpers.post(f"/me/certificates/{shift.opportunity_id}/new/").status_code == 409
    confirmed = {f"came_{place.pk}": "yes", f"minutes_{place.pk}": "170"}
    assert leaders.post(f"{own}lead/", confirmed).status_code == 303

    pdf = helpers.get(helpers.post(f"/me/certificates/{shift.opportunity_id}/new/")["Location"])
    assert "مریم نمونه" in pypdf.PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    public = Client().get(f"/volunteers/certificates/{Certificate.objects.get().code}/").content.decode()
    assert "پذیرایی افطار" in public
    assert "مریم" not in public
    html = officer.get(page).content.decode()
    assert "خوب بود" in html
    assert helper.mobile.removeprefix("+98") not in html
    assert [r.name for r in run_checks() if r.name.startswith("volunteers:") and not r.holds] == []

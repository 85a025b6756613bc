"""Who is told by text message that something is late, how often, and who is left in peace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.late import late_boxes
from campaigns.models import Box, BoxEvent, Edition, RunbookTask
from campaigns.services.reminders import remind_custodians, remind_staff
from core.jalali import tehran_today
from core.models import OutgoingSms
from provinces.enums import ReminderPace, Role
from provinces.models import StaffContact
from provinces.services.people import set_contact
from tests.factories.boxes import collected, sealed
from tests.factories.campaigns import put_back
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.runbooks import make_runbook

pytestmark = pytest.mark.usefixtures("db", "country")
TODAY = tehran_today()
SATURDAY = TODAY + timedelta(days=(6 - TODAY.isoweekday()) % 7)
SUNDAY, FRIDAY = SATURDAY + timedelta(days=1), SATURDAY + timedelta(days=6)


def told(
    role: Role, province: str = TEHRAN, county: str = "", pace: str = ReminderPace.DAILY, number: int = 1
):
    somebody = person(role, province, county)
    set_contact(somebody, mobile=f"+98912123450{number}", reminders=pace)
    return somebody


def texts(purpose: str = "reminder") -> dict[str, str]:
    return {sms.mobile[-1]: sms.text for sms in OutgoingSms.objects.filter(purpose=purpose)}


def moved_ago(box: Box, days: int) -> Box:
    put_back(BoxEvent.objects.filter(box=box), at=timezone.now() - timedelta(days=days))
    return box


@pytest.fixture
def forgotten() -> Box:
    """Fetched from the street days ago and not counted."""
    return moved_ago(collected(TEHRAN, TEHRAN_COUNTY), 5)


def test_what_is_late_of_boxes(forgotten):
    fresh, standing = collected(), sealed()
    assert list(late_boxes(Box.objects.all())) == [forgotten]
    put_back(Box.objects.filter(pk=standing.pk), permit_valid_until=TODAY - timedelta(days=1))
    outside = left_outside()
    assert set(late_boxes(Box.objects.all(), SUNDAY)) >= {forgotten, standing, outside}
    assert fresh not in late_boxes(Box.objects.all()), "it waits for counting since today"


def test_the_officer_of_the_county_and_the_expert_of_the_province_are_told(forgotten):
    told(Role.COUNTY_OFFICER, county=TEHRAN_COUNTY, number=1)
    told(Role.PROVINCIAL_EXPERT, number=2)
    told(Role.PROVINCIAL_EXPERT, KHUZESTAN, number=3)
    told(Role.PROVINCIAL_ACCOUNTANT, number=4)
    assert remind_staff(SUNDAY) == 2
    assert set(texts()) == {"1", "2"}
    assert "۱ صندوق" in texts()["1"]
    assert remind_staff(SUNDAY) == 0, "one message a day"
    assert remind_staff(SUNDAY + timedelta(days=1)) == 2


def test_everybody_chooses_how_often_and_fridays_are_quiet(forgotten):
    told(Role.PROVINCIAL_EXPERT, number=1, pace=ReminderPace.WEEKLY)
    told(Role.PROVINCIAL_EXPERT, number=2, pace=ReminderPace.NEVER)
    nameless = told(Role.PROVINCIAL_EXPERT, number=3)
    set_contact(nameless, mobile="", reminders=ReminderPace.DAILY)
    assert remind_staff(FRIDAY) == 0
    assert remind_staff(SUNDAY) == 0
    assert remind_staff(SATURDAY) == 1
    assert set(texts()) == {"1"}


def test_late_tasks_reach_their_role_or_their_person():
    _, task, _ = make_runbook(TEHRAN)
    RunbookTask.objects.filter(pk=task.pk).update(own_due_on=TODAY - timedelta(days=1))
    told(Role.PROVINCIAL_EXPERT, number=1)
    told(Role.PROVINCIAL_EXPERT, ILAM, number=2)
    somebody = told(Role.PROVINCIAL_MANAGER, number=3)
    assert remind_staff(SATURDAY) == 1
    assert task.title in texts()["1"]
    RunbookTask.objects.filter(pk=task.pk).update(assignee=somebody)
    assert remind_staff(SUNDAY) == 1
    assert task.title in texts()["3"]
    RunbookTask.objects.filter(pk=task.pk).update(done_at=timezone.now(), done_by=somebody)
    assert remind_staff(SUNDAY + timedelta(days=1)) == 0


def test_nothing_late_no_message():
    told(Role.PROVINCIAL_EXPERT)
    assert remind_staff(SUNDAY) == 0


# --- custodians ------------------------------------------------------------------------------------------
def left_outside(**facts) -> Box:
    """Sealed, with a custodian who can be called, four days after its season."""
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", state="open")
    put_back(Edition.objects.filter(pk=edition.pk), season_ends_on=SATURDAY - timedelta(days=4))
    box = sealed(TEHRAN, TEHRAN_COUNTY, edition=edition)
    box.custodian_mobile = "+989121234507"
    box.save(update_fields=["custodian_mobile"])
    Box.objects.filter(pk=box.pk).update(**facts or {"remind_custodian": True})
    return box


def test_a_custodian_is_told_once_a_week():
    left_outside()
    days = (0, 1, 5, 7, 8)  # and never on a Friday
    assert [remind_custodians(SUNDAY + timedelta(days=day)) for day in days] == [1, 0, 0, 1, 0]
    assert "صندوق" in texts("box_reminder")["7"]


def test_a_custodian_who_is_not_to_be_told_is_not():
    left_outside(remind_custodian=False)
    assert remind_custodians(SUNDAY) == 0
    assert remind_custodians(FRIDAY) == 0


# --- one's own page --------------------------------------------------------------------------------------
def test_one_says_so_oneself_and_the_number_is_encrypted():
    somebody = person(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
    browser = browser_of(somebody)
    assert (
        "mobile"
        in browser.post("/staff/reminders/", {"mobile": "12", "reminders": "daily"}).context["form"].errors
    )
    browser.post("/staff/reminders/", {"mobile": "۰۹۱۲۱۲۳۴۵۶۷", "reminders": "weekly"})
    contact = StaffContact.objects.get(user=somebody)
    assert (contact.mobile, contact.reminders) == ("+989121234567", ReminderPace.WEEKLY)
    assert "09121234567" in browser.get("/staff/reminders/").content.decode()


def test_the_list_shows_what_is_late(forgotten):
    fresh = collected(TEHRAN, TEHRAN_COUNTY)
    page = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/boxes/?late=on")
    assert [row["box"] for row in page.context["rows"]] == [forgotten]
    assert fresh.state == forgotten.state

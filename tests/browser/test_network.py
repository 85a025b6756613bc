"""The volunteers' rooms in a real browser: joining in a crisis by keyboard alone, and nothing for axe to find."""

import pytest
from django.utils import timezone

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.doors import newest_code
from tests.factories.network import (
    a_group,
    a_shift,
    a_volunteer,
    an_assignment,
    an_opportunity,
    network_rows,
)
from tests.factories.people import TEHRAN, TEHRAN_COUNTY
from tests.factories.volunteers import national_id
from volunteers.models import Duplicate, Volunteer
from volunteers.services.profile import set_access_needs

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
QUICK = "/volunteers/join/quick/"
DESK = (
    "/desk/volunteers/", "/desk/volunteers/{volunteer}/", "/desk/volunteers/groups/",
    "/desk/volunteers/groups/{group}/", "/desk/volunteers/groups/new/", "/desk/volunteers/opportunities/",
    "/desk/volunteers/opportunities/new/", "/desk/volunteers/opportunities/{opportunity}/",
    "/desk/volunteers/opportunities/{opportunity}/edit/", "/desk/volunteers/shifts/{shift}/",
    "/desk/volunteers/shifts/{over}/", "/desk/volunteers/attend/{code}/",
    "/desk/volunteers/registries/", "/desk/volunteers/registries/{registry}/", "/desk/volunteers/duplicates/",
    "/desk/volunteers/duplicates/{duplicate}/", "/desk/volunteers/shown-numbers/",
)  # fmt: skip
HQ = ("/hq/volunteers/", "/hq/volunteers/calls/", "/hq/volunteers/calls/{surge}/")
PUBLIC = (
    "/volunteers/", "/volunteers/calls/", "/volunteers/calls/{surge}/", "/volunteers/opportunities/{opportunity}/",
    "/volunteers/certificates/{certificate}/",
)  # fmt: skip
OWN = (
    "/me/volunteering/", "/me/volunteering/profile/", "/me/shifts/{shift}/", "/me/shifts/{over}/",
    "/me/shifts/{over}/lead/", "/me/groups/{group}/", "/me/attend/{code}/",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows(portal):
    """One of everything in a county of Tehran, with an open call of the country and a shift that is over."""
    made = network_rows(TEHRAN, TEHRAN_COUNTY)
    volunteer, helper = made["volunteers.volunteer"], a_volunteer(TEHRAN, TEHRAN_COUNTY, approved=True)
    set_access_needs(volunteer.mobile_hash, needs="رابط زبان اشاره", text_version="1")
    over = a_shift(an_opportunity(TEHRAN, TEHRAN_COUNTY), hours=-4, leader=volunteer, capacity=3)
    an_assignment(over, volunteer)
    place = an_assignment(over, helper)
    a_group(TEHRAN, TEHRAN_COUNTY, leader=volunteer, state="asked", asked_at=timezone.now())
    return {
        "who": volunteer,
        "over": over.pk,
        "code": place.code,
        "certificate": made["volunteers.certificate"].code,
        "registry": made["volunteers.registryimport"].pk,
        "duplicate": Duplicate.objects.first().pk,
        "surge": made["volunteers.surge"].pk,
        "group": made["volunteers.volunteergroup"].pk,
        **{name: made[f"volunteers.{name}"].pk for name in ("volunteer", "opportunity", "shift")},
    }


def test_joining_in_a_crisis_by_keyboard_alone(chromium, portal, rows):
    context = chromium.new_context(viewport=PHONE, base_url=portal.url, java_script_enabled=False)
    page = context.new_page()

    def write(label: str, text: str) -> None:
        """By Tab to the field, as somebody does who uses no pointer."""
        field = page.get_by_label(label)
        for _ in range(40):
            page.keyboard.press("Tab")
            if field.evaluate("e => e === document.activeElement"):
                page.keyboard.type(text)
                return
        raise AssertionError(f"{label} is not reached by Tab")

    page.goto(f"{QUICK}sign-in/")
    write("شمارهٔ همراه", "09123334466")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quick/code/")
    write("کد پیامک‌شده", newest_code())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUICK}")
    write("نام و نام خانوادگی", "نمونهٔ صفحه‌کلید")
    write("کد ملی", national_id("456789123"))
    write("روز تولد", "1370/01/31")
    county = page.get_by_label("شهرستان")
    county.focus()
    county.select_option(TEHRAN_COUNTY)
    skill = page.get_by_label("چه می‌توانید")
    skill.focus()
    skill.select_option("nursing")
    for label in ("می‌پذیرم که بهزیستی", "راز مددجویان"):
        page.get_by_label(label).focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="خوش آمدید.").wait_for()
    made = Volunteer.objects.get(name="نمونهٔ صفحه‌کلید")
    assert (made.source, made.is_priority) == ("surge", True)
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_for_axe_at_the_desk_and_headquarters(chromium, portal, rows, viewport):
    faults = []
    for user, addresses in (("tehran.manager", DESK), ("hq.manager", HQ)):
        context = chromium.new_context(
            viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        sign_in(page, user, addresses[0])
        faults += [fault for address in addresses for fault in faults_of(page, address.format(**rows))]
        context.close()
    assert faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_for_axe_on_the_public_and_own_pages(chromium, portal, rows, viewport):
    context = chromium.new_context(
        viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/me/")
    page.get_by_label("شمارهٔ همراه").fill(rows["who"].mobile)
    page.get_by_role("button", name="کد ورود را بفرستید").click()
    page.get_by_label("کد پیامک‌شده").fill(newest_code())
    page.get_by_role("button", name="ورود", exact=True).click()
    faults = [fault for address in (*PUBLIC, *OWN) for fault in faults_of(page, address.format(**rows))]
    context.close()
    assert faults == []

"""The volunteers' rooms in a real browser: joining in a crisis by keyboard alone, and nothing for axe to find."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.identifiers import show_mobile
from core.jalali import tehran_today
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.keyboard import choose, tick, write
from tests.browser.steps import press
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
    "/desk/volunteers/", "/desk/volunteers/{volunteer}/", "/desk/volunteers/{ward}/", "/desk/volunteers/groups/",
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
    "/me/shifts/{over}/lead/", "/me/groups/{group}/", "/me/attend/{code}/", "/me/wards/",
)  # fmt: skip


OF_A_MINOR = ("/me/volunteering/", "/me/volunteering/guardian/")


def come_in(page, mobile: str) -> None:
    """The door of /me/."""
    page.goto("/me/")
    page.get_by_label("شمارهٔ همراه").fill(mobile)
    page.get_by_role("button", name="کد ورود را بفرستید").click()
    page.get_by_label("کد پیامک‌شده").fill(newest_code())
    page.get_by_role("button", name="ورود", exact=True).click()


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
    ward = a_volunteer(
        TEHRAN, TEHRAN_COUNTY, name="نوجوان نمونه", born_on=tehran_today() - timedelta(days=5_000),
        guardian_name=volunteer.name, guardian_mobile=volunteer.mobile, guardian_hash=volunteer.mobile_hash,
        guardian_state="waiting",
    )  # fmt: skip
    return {
        "who": volunteer,
        "ward": ward.pk,
        "minor": ward,
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
    page.goto(f"{QUICK}sign-in/")
    write(page, "شمارهٔ همراه", "09123334466")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quick/code/")
    write(page, "کد پیامک‌شده", newest_code())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUICK}")
    write(page, "نام و نام خانوادگی", "نمونهٔ صفحه‌کلید")
    write(page, "کد ملی", national_id("456789123"))
    write(page, "روز تولد", "1370/01/31")
    choose(page, "شهرستان", TEHRAN_COUNTY)
    choose(page, "چه می‌توانید", "nursing")
    for label in ("می‌پذیرم که بهزیستی", "راز مددجویان"):
        tick(page, label)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="خوش آمدید.").wait_for()
    made = Volunteer.objects.get(name="نمونهٔ صفحه‌کلید")
    assert (made.source, made.is_priority) == ("surge", True)
    context.close()


def test_no_number_that_staff_look_for_is_in_an_address_of_the_browser(chromium, portal, rows):
    """Without JavaScript, in the list and in the field over everything: what is asked of the server, line by line, and
    the address that stays in the history."""
    context = chromium.new_context(viewport=PHONE, base_url=portal.url, java_script_enabled=False)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, "tehran.manager", "/desk/volunteers/")
    typed = show_mobile(rows["who"].mobile)
    page.get_by_label("نام، همراه یا کد ملی").fill(typed)
    press(page, "نمایش")
    assert page.get_by_role("link", name=rows["who"].name).first.is_visible()
    assert page.get_by_label("نام، همراه یا کد ملی").input_value() == typed
    page.get_by_label("جست‌وجو در همهٔ حوزهٔ خود").fill(rows["who"].national_id)
    press(page, "جست‌وجو")
    assert page.get_by_role("link", name=rows["who"].name).first.is_visible()
    assert len(asked) > 4
    numbers = (typed.removeprefix("0"), rows["who"].national_id)
    assert [url for url in [*asked, page.url] if any(number in url for number in numbers)] == []
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
    come_in(page, rows["who"].mobile)
    faults = [fault for address in (*PUBLIC, *OWN) for fault in faults_of(page, address.format(**rows))]
    context.close()
    minor = chromium.new_context(
        viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = minor.new_page()
    come_in(page, rows["minor"].mobile)
    faults += [fault for address in OF_A_MINOR for fault in faults_of(page, address)]
    minor.close()
    assert faults == []

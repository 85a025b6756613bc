"""A box in the street and an event at its door, with a telephone: by real browsers, with a script and without."""

import re

import pytest

from campaigns.models import Box
from core.text import persian_digits
from donations.models import Donation
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.test_every_page import faults_of
from tests.factories.boxes import planned
from tests.factories.counter import notes_for
from tests.factories.events import make_event
from tests.factories.people import person

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]


@pytest.fixture
def street_box(portal) -> Box:
    return planned("23", actor=person())


def phone(chromium, portal, *, scripts: bool = True, **options):
    return chromium.new_context(
        viewport=PHONE, locale="fa-IR", base_url=portal.url, java_script_enabled=scripts, **options
    )


def count(page, code: str, amount_rial: int, button: str) -> None:
    page.goto(f"/desk/boxes/{code}/count/")
    for pk, pieces in notes_for(amount_rial).items():
        if pieces:
            page.fill(f"[name=pieces_{pk}]", persian_digits(pieces))
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize(
    ("scripts", "first", "second"),
    [(True, "tehran.expert", "tehran.accountant"), (False, "tehran.manager", "hq.accountant")],
    ids=["with scripts", "without"],
)
def test_place_seal_collect_and_count_by_two_people(chromium, portal, street_box, scripts, first, second):
    """Nobody signs in twice: a code of the authenticator is good once."""
    code = street_box.placement.code
    here = {"latitude": 35.6997, "longitude": 51.3381}
    context = phone(chromium, portal, scripts=scripts, geolocation=here, permissions=["geolocation"])
    page = context.new_page()
    sign_in(page, first, "/desk/")
    page.goto(f"/q/{code}/")
    assert page.url.endswith(f"/desk/boxes/{code}/"), "the code on the box leads staff to its card"
    if scripts:
        page.get_by_role("button", name="نقطهٔ کنونی من").click()
        page.get_by_text("نقطه نوشته شد").wait_for()
        assert page.input_value("[name=place-latitude]") == "35.699700"
    else:
        assert page.locator("[data-locate]:visible").count() == 0
        page.fill("[name=place-latitude]", "۳۵٫۶۹۹۷")
        page.fill("[name=place-longitude]", "۵۱٫۳۳۸۱")
    page.get_by_role("button", name="مستقر شد").click()
    page.fill("[name=seal-seal_no]", "۱۲۳۴")
    page.get_by_role("button", name="مهروموم شد").click()
    page.fill("[name=collect-seal_no]", "1234")
    page.get_by_role("button", name="جمع‌آوری شد").click()
    page.get_by_role("link", name="شمردن").click()
    count(page, code, 1_250_000, "ثبت شمارش نخست")
    page.get_by_text("نفر دیگری باید").wait_for()
    context.close()

    before = Donation.objects.count()
    other = phone(chromium, portal, scripts=scripts)
    page = other.new_page()
    sign_in(page, second, f"/desk/boxes/{code}/count/")
    count(page, code, 1_250_000, "تأیید با شمارش خودم")
    page.get_by_text("کمک این صندوق ثبت شد").wait_for()
    gift = Donation.objects.order_by("pk").last()
    assert (Donation.objects.count(), gift.amount_rial, gift.channel.kind) == (before + 1, 1_250_000, "box")
    box = Box.objects.get(pk=street_box.pk)
    assert (box.state, str(box.latitude), box.seal_no) == ("counted", "35.699700", "1234")
    other.close()


def test_a_donor_scans_the_same_code(chromium, portal, street_box):
    context = phone(chromium, portal)
    page = context.new_page()
    page.goto(f"/q/{street_box.placement.code}/")
    assert re.search(r"/give/\?placement=", page.url)
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages(chromium, portal, street_box, viewport):
    Box.objects.filter(pk=street_box.pk).update(latitude="35.7", longitude="51.4")
    guest = make_event("23", actor=person())
    code, event = street_box.placement.code, guest.event_id
    public = (f"/events/{guest.event.slug}/", f"/events/invitation/{guest.code}/")
    staff = (
        f"/desk/boxes/{code}/", f"/desk/boxes/{code}/edit/", "/desk/boxes/", "/desk/boxes/map/",
        "/desk/boxes/route/", "/desk/boxes/permits/", "/desk/boxes/deposits/", "/desk/events/",
        "/desk/events/new/", f"/desk/events/{event}/", f"/desk/events/{event}/edit/",
        f"/desk/events/{event}/invitations/", f"/desk/events/check-in/{guest.code}/",
    )  # fmt: skip
    context = chromium.new_context(
        viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    faults = [fault for address in public for fault in faults_of(page, address)]
    sign_in(page, "tehran.expert", "/desk/")
    faults += [fault for address in staff for fault in faults_of(page, address)]
    context.close()
    assert faults == []

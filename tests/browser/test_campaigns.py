"""A provincial expert makes a first branch at the desk on a phone without JavaScript, a manager approves it, people see
it; and every page of it on a phone and on a desk: nothing for axe, no sideways scrolling."""

from dataclasses import dataclass

import pytest

from campaigns.enums import CampaignState
from campaigns.models import Branch, Edition
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.browser.steps import follow, press
from tests.browser.test_every_page import faults_of
from tests.factories.campaigns import OPEN_WITHOUT_BRANCHES, STORY, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
LIST, HQ = "/desk/campaigns/", "/hq/campaigns/"
STEPS = ("goal", "story", "picture", "news")
OLD_REPORT = "/campaigns/ziafat-mehrabani/report/?edition=1447"


def staff(chromium, portal, user: str, to: str, **options):
    context = chromium.new_context(viewport=PHONE, locale="fa-IR", base_url=portal.url, **options)
    page = context.new_page()
    sign_in(page, user, to)
    return page


@dataclass
class Made:
    """A branch, and what the browser of its maker remembers: a code of the second factor signs in once."""

    branch: Branch
    signed_in: dict


@pytest.fixture(scope="module")
def made(chromium, portal) -> Made:
    """Made, approved and published by two people, over the pages alone."""
    expert = staff(chromium, portal, "tehran.expert", LIST, java_script_enabled=False)
    follow(expert.get_by_role("link", name="شاخهٔ تازه"))
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    expert.check(f"[name=edition][value='{edition.pk}']", force=True)
    press(expert, "ذخیره و گام بعد")
    expert.fill("[name=goal_rial]", "۵۰۰ میلیون")
    press(expert, "ذخیره و گام بعد")
    expert.fill("[name=story]", STORY)
    press(expert, "ذخیره و گام بعد")
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    expert.set_input_files("[name=file]", file)
    expert.fill("[name=alt]", "سفره‌ای با نان")
    press(expert, "ذخیره و گام بعد")
    assert STORY in expert.inner_text("main")
    press(expert, "فرستادن برای تأیید")
    branch = Branch.objects.get(edition=edition, province="23")
    here = f"{LIST}{branch.pk}/"
    manager = staff(chromium, portal, "tehran.manager", here, java_script_enabled=False)
    press(manager, "تأیید")
    expert.goto(here)
    press(expert, "انتشار")
    signed_in = expert.context.storage_state()
    for page in (expert, manager):
        page.context.close()
    branch.refresh_from_db()
    return Made(branch, signed_in)


@pytest.fixture(scope="module")
def branch(made) -> Branch:
    return made.branch


def test_people_see_the_branch_and_its_picture(page, branch):
    assert branch.state == CampaignState.OPEN
    page.goto("/campaigns/mosbat-mah/tehran/")
    assert STORY in page.inner_text("main")
    picture = page.locator("main img").first
    assert picture.get_attribute("alt") == "سفره‌ای با نان"
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    shared = page.request.get(page.locator("meta[property='og:image']").get_attribute("content"))
    assert (shared.status, shared.headers["content-type"]) == (200, "image/png")
    follow(page.get_by_role("link", name="کمک به این پویش"))
    assert page.locator("[name=province]").input_value() == "23"
    assert page.complaints == []


def test_its_pages(chromium, portal, made):
    branch = made.branch
    here, edition = f"{LIST}{branch.pk}/", f"{HQ}{branch.edition_id}/"
    pages = {
        "tehran.expert": (LIST, f"{LIST}new/", here, *(f"{here}{step}/" for step in STEPS)),
        "hq.analyst": (HQ, f"{HQ}?standing=open", f"{HQ}new/", edition, f"{edition}edit/", f"{edition}clone/"),
        "": ("/campaigns/mosbat-mah/tehran/", "/campaigns/mosbat-mah/", OLD_REPORT),
    }  # fmt: skip
    faults = []
    for user, addresses in pages.items():
        context = chromium.new_context(
            viewport=PHONE,
            base_url=portal.url,
            bypass_csp=True,
            reduced_motion="reduce",
            storage_state=made.signed_in if user == "tehran.expert" else None,
        )
        page = context.new_page()
        if user == "hq.analyst":
            sign_in(page, user, addresses[0])
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            for address in addresses:
                faults += faults_of(page, address)
                assert page.url == f"{portal.url}{address}"
        context.close()
    assert faults == []

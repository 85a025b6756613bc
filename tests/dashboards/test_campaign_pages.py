"""The public page of a campaign: its story, what the money became, its report and its picture for shared links."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from django.core.cache import caches
from PIL import Image

from campaigns.models import Branch, Edition
from campaigns.plan_selectors import placement_of
from campaigns.services.branches import Asked, ask_for, close_branch, report_branch
from campaigns.services.editions import close_edition
from campaigns.services.pictures import add_news, add_picture
from core import outbox
from core.errors import DomainError
from core.jalali import tehran_today
from core.money import format_toman
from dashboards.rollups import fold_all
from donations.forms import GivingForm
from donations.services.donations import Wish, create_donation
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.campaigns import accepted, draft_branch, picture_bytes, published_branch
from tests.factories.channels import CARD, confirmed, proposed
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")
PAGE = "/campaigns/mosbat-mah/tehran/"


@pytest.fixture(autouse=True)
def _own_place(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(caches["default"], "key_prefix", tmp_path.name)


@pytest.fixture
def branch() -> Branch:
    return published_branch(TEHRAN)


def html_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_page_tells_its_story(client, branch):
    picture = add_picture(branch, BytesIO(picture_bytes()), 1, alt="سفره‌ای با نان", actor=person())
    accepted(branch)
    add_news(branch, title="نخستین بسته‌ها", text="رسید.", on=tehran_today(), actor=person())
    html = html_of(client, PAGE)
    for words in ("سفره‌ای با نان", "نخستین بسته‌ها", branch.story, f"/pictures/{picture.key}.webp"):
        assert words in html
    assert 'property="og:image" content="http://testserver' not in html
    assert "/campaigns/mosbat-mah/tehran/share.png?edition=1405" in html


def test_what_the_money_became_is_said_as_it_is(client, branch, noon):
    assert "هنوز کمکی نرسیده است" in html_of(client, PAGE)
    book(1_000_000, noon(1405, 2, 5), edition=branch.edition, province=TEHRAN)
    fold_all()
    html = html_of(client, PAGE)
    assert "هنوز تخصیص نیافته" in html
    assert format_toman(1_000_000) in html


def test_the_two_parts_of_the_nations_total(client, branch, noon):
    book(1_000, noon(1405, 2, 5), edition=branch.edition, province=TEHRAN)
    book(20_000, noon(1405, 2, 5), edition=branch.edition, province=FARS)
    book(300_000, noon(1405, 2, 5), edition=branch.edition)
    fold_all()
    page = client.get("/campaigns/mosbat-mah/").context
    assert page["campaign"]["reached_rial"] == 321_000
    assert page["parts"] == {"branches_rial": 1_000, "national_rial": 320_000}


def test_only_confirmed_ways_that_the_plan_names(client, branch):
    confirmed("card")
    proposed("bank", province=TEHRAN)
    shown = "9999-9900-0000-0014"
    assert shown not in html_of(client, PAGE)
    ask_for(branch.pk, Asked(branch.goal_rial, channel_kinds=("card", "bank")), actor=person())
    accepted(branch)
    html = html_of(client, PAGE)
    assert shown in html
    assert CARD not in html
    assert "IR10" not in html


# --- funds -----------------------------------------------------------------------------------------------
def test_funds_of_a_branch_hold_from_the_form_to_the_gift(client, branch):
    ask_for(branch.pk, Asked(branch.goal_rial, fund_codes=("dowry", "housing")), actor=person())
    accepted(branch)
    form = GivingForm(initial={"campaign": "mosbat-mah", "province": TEHRAN, "fund": "general"})
    assert (set(form.funds), form.chosen_fund.code) == ({"dowry", "housing"}, form.initial["fund"])
    elsewhere = GivingForm(initial={"campaign": "mosbat-mah", "province": FARS})
    assert len(elsewhere.funds) > 2
    place = {"campaign": "mosbat-mah", "province": TEHRAN}
    with pytest.raises(DomainError, match="fund_not_of_campaign"):
        create_donation(Wish(amount_rial=1_000_000, fund="general", **place))
    assert create_donation(Wish(amount_rial=1_000_000, fund="dowry", **place)).branch_id == branch.pk
    answer = client.get("/give/?campaign=mosbat-mah&province=23")
    assert answer.context["form"].chosen_fund.code in {"dowry", "housing"}


# --- the report ------------------------------------------------------------------------------------------
def test_a_report_stands_still_and_links_to_what_is_live(client, branch, noon):
    report = f"{PAGE}report/"
    assert client.get(report).status_code == 404
    book(1_000_000, noon(1405, 2, 5), edition=branch.edition, province=TEHRAN)
    close_branch(branch.pk, actor=person(), text="سپاس از همه.")
    outbox.drain()
    book(70_000, noon(1405, 2, 6), edition=branch.edition, province=TEHRAN)
    fold_all()
    page = client.get(report)
    html = page.content.decode()
    assert page.context["shown"].total_rial == 1_000_000
    assert page.context["later_rial"] == 70_000
    assert "سپاس از همه." in html
    assert "گزارش کار هنوز نوشته نشده است" in html
    assert f"{PAGE}?edition=1405" in html
    live = client.get(f"{PAGE}?edition=1405")
    assert live.context["campaign"]["reached_rial"] == 1_070_000
    assert f"{report}?edition=1405" in live.content.decode()
    report_branch(branch.pk, actor=person(), text="به ۱۲۰ خانواده رسید.")
    assert "به ۱۲۰ خانواده رسید." in html_of(client, report)


def test_the_nations_report(client, branch, noon):
    book(1_000, noon(1405, 2, 5), edition=branch.edition, province=TEHRAN)
    book(20_000, noon(1405, 2, 5), edition=branch.edition)
    close_edition(branch.edition_id, actor=person(), text="تا سال دیگر.")
    outbox.drain()
    page = client.get("/campaigns/mosbat-mah/report/?edition=1405")
    assert page.context["shown"].total_rial == 21_000
    assert page.context["parts"] == {"branches_rial": 1_000, "national_rial": 20_000}


def test_one_closed_before_figures_were_kept_says_so(client):
    html = html_of(client, "/campaigns/ziafat-mehrabani/report/?edition=1446")
    assert "نگه داشته نشده است" in html
    for address in (
        "/campaigns/nothing/report/",
        "/campaigns/ziafat-mehrabani/report/?edition=1448",
        "/campaigns/ziafat-mehrabani/atlantis/report/",
        "/campaigns/ziafat-mehrabani/tehran/report/?edition=1448",
    ):
        assert client.get(address).status_code == 404, address


# --- the picture -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("with_picture", [False, True])
def test_the_picture_of_a_branch_carries_its_code(client, branch, settings, with_picture):
    if with_picture:
        add_picture(branch, BytesIO(picture_bytes()), 1, alt="تصویر", actor=person())
        accepted(branch)
    answer = client.get(f"{PAGE}share.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert not answer.cookies
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (1200, 630)
    assert len(answer.content) < 400_000
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [
        f"{settings.PORTAL_BASE_URL}/q/{placement_of(branch).code}/"
    ]


def test_the_picture_is_drawn_once(client, branch, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "dashboards.views.campaign_pages.draw_share", lambda facts: drawn.append(facts) or b"picture"
    )
    for _ in range(3):
        assert client.get("/campaigns/mosbat-mah/share.png").content == b"picture"
    assert [(facts.title, facts.place) for facts in drawn] == [("مثبت ماه", "")]


def test_drafts_have_no_public_picture(client):
    branch = draft_branch(FARS)
    assert client.get(f"/campaigns/mosbat-mah/{branch.province.slug}/share.png").status_code == 404
    assert Edition.objects.filter(pk=branch.edition_id).exists()

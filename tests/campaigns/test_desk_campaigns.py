"""From an expert's first step to the closing word, over the desk's own pages; headquarters in bulk."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Campaign, Edition, News, Picture
from campaigns.plan_selectors import placement_of
from campaigns.services.editions import create_campaign
from core.errors import DomainError
from provinces.enums import Role
from tests.factories.campaigns import (
    OPEN_WITHOUT_BRANCHES,
    STORY,
    draft_branch,
    picture_bytes,
    published_branch,
    waiting_branch,
)
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def expert():
    return browser_of(person(Role.PROVINCIAL_EXPERT))


@pytest.fixture
def manager():
    return browser_of(person(Role.PROVINCIAL_MANAGER))


@pytest.fixture
def hq():
    return browser_of(person(Role.HQ_MANAGER))


def a_file(content: bytes | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture_bytes())


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def follow(browser, address: str, data: dict):
    """Send a form and look at where it leads; fails with what the form says when it was refused."""
    answer = browser.post(address, data, follow=True)
    assert answer.status_code == 200
    form = (answer.context or {}).get("form")
    assert answer.redirect_chain, form.errors if form else answer.content.decode()[:500]
    return answer


def test_an_expert_makes_and_publishes_a_branch_without_the_admin(expert, manager, client):
    page = expert.get("/desk/campaigns/new/")
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    assert [option["value"] for option in page.context["editions"]] == [edition.pk]
    start = {"edition": edition.pk, "province": page.context["form"].fields["province"].initial}
    answer = follow(expert, "/desk/campaigns/new/", start)
    branch = Branch.objects.get(edition=edition, province=TEHRAN)
    here = f"/desk/campaigns/{branch.pk}/"
    assert answer.redirect_chain[-1][0] == f"{here}goal/"
    answer = follow(
        expert, f"{here}goal/", {"version": "1", "goal_rial": "۵۰۰ میلیون", "fund_codes": ["dowry"]}
    )
    assert answer.redirect_chain[-1][0] == f"{here}story/"
    answer = follow(expert, f"{here}story/", {"version": "2", "story": STORY})
    assert answer.redirect_chain[-1][0] == f"{here}picture/"
    answer = follow(expert, f"{here}picture/", {"file": a_file(), "alt": "سفره‌ای با نان"})
    assert answer.redirect_chain[-1][0] == here
    assert 'name="propose"' in answer.content.decode()
    follow(expert, here, {"propose": "1"})
    branch.refresh_from_db()
    assert (branch.is_waiting, branch.goal_rial, branch.fund_codes) == (True, 5_000_000_000, ["dowry"])
    assert 'name="approve"' not in expert.get(here).content.decode()
    assert expert.post(here, {"approve": "1"}).status_code == 403
    assert client.get("/campaigns/mosbat-mah/tehran/").status_code == 404
    follow(manager, here, {"approve": "1", "version": branch.version})
    follow(expert, here, {"open": "1"})
    public = client.get("/campaigns/mosbat-mah/tehran/")
    assert public.status_code == 200
    assert STORY in public.content.decode()
    follow(expert, here, {"close": "1", "close-text": "سپاس از همه"})
    follow(expert, here, {"report": "1", "report-text": "به ۱۲۰ خانواده رسید"})
    branch.refresh_from_db()
    assert (branch.state, branch.closing_text) == (S.REPORTED, "سپاس از همه")


def test_every_step_keeps_what_was_typed_and_says_what_is_wrong(expert):
    branch = draft_branch()
    here = f"/desk/campaigns/{branch.pk}/"
    answer = expert.post(
        f"{here}goal/", {"goal_rial": "۱۰.۵", "starts_on": "1405/02/01", "ends_on": "1405/01/01"}
    )
    assert (answer.status_code, "goal_rial" in answer.context["form"].errors) == (200, True)
    assert "1405/02/01" in answer.content.decode()
    days = {"goal_rial": "۱۰۰۰", "starts_on": "1405/02/01", "ends_on": "1405/01/01"}
    assert "پایان پیش از آغاز است" in expert.post(f"{here}goal/", days).content.decode()
    answer = expert.post(f"{here}picture/", {"alt": "شرحی که می‌ماند"})
    assert "شرحی که می‌ماند" in answer.content.decode()
    branch.refresh_from_db()
    assert (branch.starts_on, Picture.objects.count()) == (None, 0)


def test_somebody_elses_change_is_shown_and_not_overwritten(expert):
    branch = draft_branch()
    address = f"/desk/campaigns/{branch.pk}/story/"
    seen = branch.version
    expert.post(address, {"version": seen, "story": "نسخهٔ همکار"})
    answer = expert.post(address, {"version": seen, "story": "نسخهٔ من"})
    html = answer.content.decode()
    assert "نسخهٔ همکار" in html
    assert "نسخهٔ من" in html
    assert f'name="version" value="{seen + 1}"' in html
    branch.refresh_from_db()
    assert branch.story == "نسخهٔ همکار"
    assert expert.post(address, {"version": seen + 1, "story": "نسخهٔ من"}).status_code == 302


def test_news_of_a_published_branch(expert):
    branch = published_branch()
    address = f"/desk/campaigns/{branch.pk}/news/"
    said = {"title": "نخستین بسته‌ها", "text": "رسید", "on": "1405/02/01", "file": a_file(), "alt": "بسته‌ها"}
    follow(expert, address, said)
    news = News.objects.get(branch=branch)
    assert (news.title, news.picture.alt) == ("نخستین بسته‌ها", "بسته‌ها")
    without_alt = expert.post(address, said | {"file": a_file(), "alt": ""})
    assert "alt" in without_alt.context["form"].errors
    ahead = expert.post(address, {"title": "فردا", "text": "متن", "on": "1420/01/01"})
    assert "on" in ahead.context["form"].errors
    follow(expert, address, {"withdraw": news.pk})
    news.refresh_from_db()
    assert (news.is_withdrawn, News.objects.count()) == (True, 1)


def test_the_printed_code_leads_to_the_giving_form_of_the_branch(expert, client, settings):
    branch = published_branch()
    placement = placement_of(branch)
    files = {
        name: expert.get(f"/desk/campaigns/{branch.pk}/files/{name}")
        for name in ("qr.png", "qr.svg", "poster.pdf")
    }
    read = zxingcpp.read_barcodes(Image.open(BytesIO(files["qr.png"].content)))
    assert read[0].text == f"{settings.PORTAL_BASE_URL}/q/{placement.code}/"
    assert b"<svg" in files["qr.svg"].content
    assert files["poster.pdf"].content.startswith(b"%PDF")
    answer = client.get(f"/q/{placement.code}/", follow=True)
    assert answer.context["form"]["province"].value() == TEHRAN
    assert expert.get(f"/desk/campaigns/{branch.pk}/files/qr.exe").status_code == 404
    assert expert.get(f"/desk/campaigns/{draft_branch(ILAM).pk}/files/qr.png").status_code == 404


def test_a_seeded_branch_gets_its_code_once(expert):
    branch = Branch.objects.get(edition__year=1448, province=TEHRAN)
    here = f"/desk/campaigns/{branch.pk}/"
    assert 'name="code"' in expert.get(here).content.decode()
    follow(expert, here, {"code": "1"})
    code = placement_of(branch)
    follow(expert, here, {"code": "1"})
    assert placement_of(branch) == code


# --- pictures --------------------------------------------------------------------------------------------
def test_a_draft_picture_is_seen_at_the_desk_only(expert, client):
    branch = draft_branch()
    expert.post(f"/desk/campaigns/{branch.pk}/picture/", {"file": a_file(), "alt": "تصویر"})
    picture = Picture.objects.get()
    desk, public = f"/desk/campaigns/pictures/{picture.key}/", f"/pictures/{picture.key}.webp"
    answer = expert.get(desk)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(public).status_code == 404
    assert browser_of(person(Role.PROVINCIAL_EXPERT, KHUZESTAN)).get(desk).status_code == 404
    Branch.objects.filter(pk=published_branch(KHUZESTAN).pk).first()
    other = Branch.objects.get(edition=branch.edition, province=KHUZESTAN)
    Picture.objects.filter(pk=picture.pk).update(branch=other)
    assert client.get(public).status_code == 200


# --- headquarters ----------------------------------------------------------------------------------------
def test_headquarters_approves_many_and_hears_who_could_not(hq):
    first, second, draft = waiting_branch(TEHRAN), waiting_branch(KHUZESTAN), draft_branch(ILAM)
    here = f"/hq/campaigns/{first.edition_id}/"
    answer = follow(hq, here, {"many": "approve", "province": [TEHRAN, KHUZESTAN, ILAM]})
    assert len(messages_of(answer)) == 2
    states = {b.pk: b.state for b in Branch.objects.filter(edition=first.edition)}
    assert states == {first.pk: S.APPROVED, second.pk: S.APPROVED, draft.pk: S.DRAFT}
    refused = hq.post(here, {"many": "return", "province": [TEHRAN], "many-reason": ""})
    assert refused.status_code == 200
    follow(hq, here, {"many": "return", "province": [TEHRAN], "many-reason": "هدف را ببینید"})
    first.refresh_from_db()
    assert (first.state, first.returned_reason) == (S.DRAFT, "هدف را ببینید")


def test_a_plan_is_spread_to_ticked_provinces(hq):
    source = draft_branch(TEHRAN)
    here = f"/hq/campaigns/{source.edition_id}/"
    follow(hq, here, {"many": "spread", "province": [TEHRAN, ILAM, KHUZESTAN], "source": str(source.pk)})
    made = Branch.objects.filter(edition=source.edition).exclude(pk=source.pk)
    assert {(b.province_id, b.story, b.goal_rial) for b in made} == {
        (code, STORY, source.goal_rial) for code in (ILAM, KHUZESTAN)
    }
    assert hq.post(here, {"many": "spread", "source": "edition"}).status_code == 200


def test_all_at_once_means_those_that_can(hq):
    first, second, draft = waiting_branch(TEHRAN), waiting_branch(KHUZESTAN), draft_branch(ILAM)
    here = f"/hq/campaigns/{first.edition_id}/"
    assert len(messages_of(follow(hq, here, {"many": "approve", "province": "all"}))) == 1
    approved = Branch.objects.filter(edition=first.edition, state=S.APPROVED)
    assert set(approved) == {first, second}
    follow(hq, here, {"many": "spread", "province": "all", "source": str(draft.pk), "by_population": "on"})
    assert Branch.objects.filter(edition=first.edition).count() == 31


def test_next_years_edition_with_all_its_branches(hq):
    source = Edition.objects.get(year=1447)
    address = f"/hq/campaigns/{source.pk}/clone/"
    form = hq.get(address).context["form"]
    assert form.initial["title"] == "ضیافت مهربانی – رمضان ۱۴۴۸"
    typed = {"title": "ضیافت مهربانی – رمضان ۱۴۴۹", "fund": source.fund_id, "with_branches": "on"}
    taken = hq.post(address, typed | {"year": "1448"})
    assert "year" in taken.context["form"].errors
    follow(hq, address, typed | {"year": "1449"})
    edition = Edition.objects.get(year=1449)
    assert (edition.state, edition.branches.count(), edition.branches.filter(state=S.DRAFT).count()) == (
        S.DRAFT,
        31,
        31,
    )


def test_a_new_campaign_from_headquarters_to_the_public(hq, client):
    analyst = browser_of(person(Role.HQ_ANALYST))
    said = {
        "campaign": "", "name": "پویش زمستان", "slug": "zemestan", "summary": "گرما برای خانه‌ها", "scope": "national",
        "year_kind": "jalali", "year": "1405", "title": "پویش زمستان ۱۴۰۵", "fund": "livelihood", "story": "گرما",
        "goal_rial": "۱ میلیارد",
    }  # fmt: skip
    follow(analyst, "/hq/campaigns/new/", said)
    edition = Edition.objects.get(campaign__slug="zemestan")
    here = f"/hq/campaigns/{edition.pk}/"
    follow(analyst, here, {"propose": "1"})
    assert analyst.post(here, {"approve": "1"}).status_code == 403
    assert client.get("/campaigns/zemestan/").status_code == 404
    follow(hq, here, {"approve": "1"})
    follow(analyst, here, {"open": "1"})
    assert "گرما" in client.get("/campaigns/zemestan/").content.decode()
    again = analyst.post("/hq/campaigns/new/", said)
    assert "slug" in again.context["form"].errors
    assert Campaign.objects.filter(slug="zemestan").count() == 1


def test_headquarters_does_not_approve_its_own(hq):
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    somebody = person(Role.HQ_MANAGER)
    own = browser_of(somebody)
    own.post(
        f"/hq/campaigns/{edition.pk}/clone/",
        {"title": "سال نو", "fund": "general", "year": "1406", "story": "x", "goal_rial": "۱۰۰۰"},
    )
    here = f"/hq/campaigns/{Edition.objects.get(year=1406).pk}/"
    follow(own, here, {"propose": "1"})
    page = own.get(here).content.decode()
    assert 'name="approve"' not in page
    assert "همکار دیگری آن را تأیید می‌کند" in page
    answer = own.post(here, {"approve": "1"})
    assert "خودش آن را تأیید نمی‌کند" in answer.content.decode()
    assert Edition.objects.get(year=1406).state == S.DRAFT


@pytest.mark.parametrize("slug", ["", "new", "فارسی", "!!"])
def test_a_slug_that_cannot_stand_in_an_address(slug):
    with pytest.raises(DomainError, match="bad_slug"):
        create_campaign(slug=slug, name="نام", summary="", scope="national", actor=person())


def test_filters_of_headquarters(hq):
    waiting, opened = waiting_branch(TEHRAN), published_branch(ILAM)
    listed = lambda **query: {row["branch"].pk for row in hq.get("/hq/campaigns/", query).context["rows"]}  # noqa: E731
    assert listed(standing="waiting") == {waiting.pk}
    assert listed(standing="open", campaign=str(opened.edition.campaign_id)) == {opened.pk}
    assert listed(standing="late") == {waiting.pk}, "its season began long ago"
    assert waiting.pk in listed(province=TEHRAN)
    assert opened.pk not in listed(province=TEHRAN)


def test_lists_cost_the_same_with_few_and_with_many(hq, expert, django_assert_max_num_queries):
    published_branch(TEHRAN)
    with django_assert_max_num_queries(12):
        hq.get("/hq/campaigns/")
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    with django_assert_max_num_queries(22):
        hq.get(f"/hq/campaigns/{edition.pk}/")
    with django_assert_max_num_queries(16):
        hq.get("/hq/campaigns/", {"standing": "open"})

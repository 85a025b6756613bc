"""The public's pages: there, true, light on the database, silent about numbers nobody confirmed."""

from __future__ import annotations

import re
import secrets
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import CampaignState
from campaigns.models import Branch, Channel, Edition
from campaigns.services.channels import end_channel
from campaigns.services.number_questions import MOST_QUESTIONS
from core.jalali import from_jalali, tehran_today
from core.money import format_toman
from core.text import persian_digits
from dashboards.rollups import fold_all
from dashboards.views.channels import MOST_WITHOUT_CHOICE
from provinces.enums import Role
from provinces.models import County
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.campaigns import put_back
from tests.factories.channels import confirmed, vouch_for
from tests.factories.people import person

# address -> queries, whatever the number of gifts
PAGES = {
    "/": 10,
    "/campaigns/": 4,
    "/campaigns/ziafat-mehrabani/": 9,
    "/campaigns/ziafat-mehrabani/?edition=1446": 9,
    "/campaigns/mosbat-mah/": 9,
    "/campaigns/ziafat-mehrabani/fars/": 9,
    "/provinces/": 2,
    "/provinces/fars/": 11,
    "/provinces/fars/channels/": 2,
    "/channels/": 1,
    "/needs/": 2,
    "/me/": 0,
    "/transparency/": 8,
    "/transparency/?period=last-year": 8,
    "/volunteers/": 2,
    "/volunteers/join/": 0,
}
API = [
    "/api/v1/totals/?by=channel",
    "/api/v1/campaigns/",
    "/api/v1/campaigns/ziafat-mehrabani/",
    "/api/v1/provinces/",
    "/api/v1/provinces/07/counties/",
    "/api/v1/needs/",
    "/api/v1/channels/",
]
UNVERIFIED = [
    "733*7*9",
    "741*5*5",
    "6367957070707075",
    "6367-9570-7070-7075",
    "۶۳۶۷۹۵۷۰۷۰۷۰۷۰۷۵",
    "*733*",
    "*741*",
]


class Words(HTMLParser):
    """Text outside <bdi>, and tags that do not close."""

    void = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "use"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in self.void and (not self.open or self.open.pop() != tag):
            self.faults.append(tag)

    def handle_data(self, data):
        if "bdi" not in self.open:
            self.text.append(data)


def asked(client, address: str) -> tuple[str, int, list[str]]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert not answer.cookies, address
    return answer.content.decode(), len(queries), [query["sql"] for query in queries]


def test_every_page_reads_rollups_only_and_is_well_formed_persian(random_books, client):
    for address, number in PAGES.items():
        html, count, statements = asked(client, address)
        assert count == number, address
        for statement in statements:
            for table in ("donations_donation", "ledger_entry", "ledger_posting", "payments_"):
                assert table not in statement, address
        _check_words(address, html)
        _check_numbers(address, html)
    for address in API:
        _check_numbers(address, client.get(address).content.decode())


def _check_words(address: str, html: str) -> None:
    words = Words()
    words.feed(html)
    assert words.faults == [], address
    text = re.sub(r"CSV|JSON|QR|IR|PDF", "", " ".join(words.text))
    assert re.findall(r"[0-9A-Za-z]{2,}", text) == [], address
    assert not set("يكﻻ") & set(text), address
    assert html.count("<h1") == 1, address


def _check_numbers(address: str, html: str) -> None:
    for number in UNVERIFIED:
        assert number not in html, (address, number)


def test_an_empty_portal_has_the_same_pages(db, client):
    for address in PAGES:
        html, _, _ = asked(client, address)
        _check_words(address, html)


def test_home_shows_what_came_in_ever_this_year_and_today(db, client, country, noon):
    today = tehran_today()
    book(1_000, noon(1404, 5, 5), province=FARS)
    book(20_000, noon(1405, 1, 2), province=TEHRAN)
    fold_all()
    totals = client.get("/").context["totals"]
    assert (totals["ever_rial"], totals["ever_count"]) == (21_000, 2)
    if today.year == 2026:
        assert (totals["total_rial"], totals["count"]) == (20_000, 1)
    assert totals["today_rial"] == 0


def test_a_campaign_counts_each_gift_once(db, client, country, noon):
    edition = Edition.objects.get(year=1448)
    book(1_000, noon(1405, 1, 5), edition=edition, province=FARS, county="0701")
    book(20_000, noon(1405, 2, 5), edition=edition, province=TEHRAN)
    book(300_000, noon(1405, 2, 6), edition=edition)
    book(4_000_000, noon(1404, 1, 5), edition=Edition.objects.get(year=1446), province=FARS)
    book(50_000_000, noon(1405, 1, 5), province=FARS)
    fold_all()
    page = client.get("/campaigns/ziafat-mehrabani/").context
    assert page["campaign"]["reached_rial"] == 321_000
    assert [(bar["label"], bar["value"]) for bar in page["branches"][:3]] == [
        ("سراسری (بدون استان)", format_toman(300_000)),
        ("تهران", format_toman(20_000)),
        ("فارس", format_toman(1_000)),
    ]
    assert len(page["branches"]) == 32
    assert page["every"].total_rial == 4_321_000
    branch = client.get("/campaigns/ziafat-mehrabani/fars/").context
    assert branch["campaign"]["reached_rial"] == 1_000
    assert [bar["label"] for bar in branch["counties"]] == [County.objects.get(code="0701").name]
    older = client.get("/campaigns/ziafat-mehrabani/fars/?edition=1446").context
    assert older["campaign"]["reached_rial"] == 4_000_000
    assert older["give_url"] == ""


def test_in_season_and_out_of_season_are_marked(db, client, country):
    html = client.get("/campaigns/ziafat-mehrabani/").content.decode()
    edition = Edition.objects.get(year=1448)
    in_season = edition.season_starts_on <= tehran_today() <= edition.season_ends_on
    assert ("در موسم" in html) == in_season
    assert ("خارج از موسم" in html) != in_season
    assert "/give/?campaign=ziafat-mehrabani" in html
    edition.season_starts_on, edition.season_ends_on = from_jalali(1400, 1, 1), from_jalali(1450, 1, 1)
    edition.save()
    html = client.get("/campaigns/ziafat-mehrabani/").content.decode()
    assert "در موسم" in html


def test_a_closed_campaign_takes_no_gift_and_a_draft_is_not_there(db, client, country):
    Edition.objects.filter(campaign__slug="mosbat-mah", year=1405).update(state=CampaignState.CLOSED)
    html = client.get("/campaigns/mosbat-mah/").content.decode()
    assert "?campaign=mosbat-mah" not in html
    assert "این دوره بسته است" in html
    put_back(Edition.objects.filter(campaign__slug="mosbat-mah"), state=CampaignState.DRAFT)
    assert client.get("/campaigns/mosbat-mah/").status_code == 404
    assert "مثبت ماه" not in client.get("/campaigns/").content.decode()
    put_back(Branch.objects.filter(edition__year=1448, province=FARS), state=CampaignState.DRAFT)
    assert client.get("/campaigns/ziafat-mehrabani/fars/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/campaigns/nothing/",
        "/campaigns/mosbat-mah/fars/",
        "/campaigns/ziafat-mehrabani/atlantis/",
        "/campaigns/ziafat-mehrabani/?edition=1300",
        "/provinces/atlantis/",
        "/provinces/99/",
    ],
)
def test_what_is_not_there_is_a_persian_404(db, client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert '<html lang="fa" dir="rtl">' in answer.content.decode()


def test_a_province_by_its_code_leads_to_its_page(db, client):
    answer = client.get("/provinces/00/")
    assert (answer.status_code, answer["Location"]) == (301, "/provinces/markazi/")
    answer = client.get("/campaigns/ziafat-mehrabani/00/")
    assert (answer.status_code, answer["Location"]) == (301, "/campaigns/ziafat-mehrabani/markazi/")
    assert client.get("/campaigns/ziafat-mehrabani/99/").status_code == 404


def test_a_province_shows_its_own_and_links_to_giving_there(db, client, country, noon):
    book(1_000, noon(1405, 1, 5), province=FARS)
    book(20_000, noon(1405, 1, 5), province=TEHRAN)
    fold_all()
    page = client.get("/provinces/fars/")
    assert page.context["totals"]["ever_rial"] == 1_000
    assert "/give/?province=07" in page.content.decode()
    assert "/campaigns/ziafat-mehrabani/fars/" in page.content.decode()


def test_channels_show_the_confirmed_and_name_the_others(db, client, country):
    html = client.get("/channels/").content.decode()
    assert "درگاه اینترنتی همین سامانه" in html
    assert "اعلام‌شده در ۱۴۰۱، در انتظار تأیید" in html
    assert "برنامهٔ آپ" in html
    assert "کارت سازمان نزد بانک مرکزی" in html
    card = vouch_for(Channel.objects.get(code="card_hq"))
    html = client.get("/channels/").content.decode()
    assert '<bdi class="code" dir="ltr">6367-9570-7070-7075</bdi>' in html
    assert 'data-copy="6367957070707075" hidden' in html
    Channel.objects.filter(pk=card.pk).update(valid_until=from_jalali(1404, 1, 1))
    html = client.get("/channels/").content.decode()
    assert "6367" not in html
    assert "کارت سازمان نزد بانک مرکزی" not in html, "what has expired waits for nobody"


def test_a_code_is_dialled_by_a_tap(db, client, country):
    confirmed("ussd")
    for address in ("/channels/", "/", "/provinces/fars/"):
        html = client.get(address).content.decode()
        assert 'href="tel:*0000*1%23"' in html, address
        assert 'data-copy="*0000*1#" hidden' in html, address
        assert ">*0000*1#</bdi>" in html, address


def test_channels_of_provinces_are_chosen_when_there_are_many(db, client, country):
    mine = confirmed(province="23", name="کارت تهران")
    assert "9999-9900-0000-0014" in client.get("/channels/").content.decode()
    for at in range(MOST_WITHOUT_CHOICE):
        confirmed("pos", f"8800{at:04d}", province="07", name=f"کارت‌خوان {persian_digits(at)}")
    page = client.get("/channels/")
    assert "9999-9900-0000-0014" not in page.content.decode()
    assert [(p["name"], p["count"]) for p in page.context["provinces"]] == [("تهران", 1), ("فارس", 12)]
    page = client.get("/channels/?province=tehran").content.decode()
    assert mine.name in page
    assert "88000001" not in page
    assert "9999-9900-0000-0014" in client.get("/channels/?kind=card").content.decode()
    assert client.get("/channels/?province=atlantis&kind=pigeon").status_code == 200


def test_the_poster_of_a_province(db, client, country):
    confirmed(province="07", name="کارت فارس")
    confirmed("bank", province="23", name="حساب تهران")
    confirmed("ussd", name="کد سراسری")
    html = client.get("/provinces/fars/channels/").content.decode()
    assert "9999-9900-0000-0014" in html
    assert "*0000*1#" in html
    assert "حساب تهران" not in html
    assert "<svg" in html
    answer = client.get("/provinces/07/channels/")
    assert (answer.status_code, answer["Location"]) == (301, "/provinces/fars/channels/")
    assert client.get("/provinces/atlantis/channels/").status_code == 404


@pytest.mark.parametrize(
    ("number", "is_checked", "verdict"),
    [
        ("۶۳۶۷ ۹۵۷۰ ۷۰۷۰ ۷۰۷۵", False, "unverified"),
        ("6367957070707075", True, "ours"),
        ("٦٣٦٧-٩٥٧٠-٧٠٧٠-٧٠٧٥", True, "ours"),
        ("*733*7*9#", False, "unverified"),
        ("6037991234567893", False, "unknown"),
        ("IR380100004156034541585348", False, "unknown"),
        ("1234", False, "invalid"),
        ("", False, "invalid"),
    ],
)
def test_is_this_number_yours(db, client, country, caplog, number, is_checked, verdict):
    if is_checked:
        vouch_for(Channel.objects.get(code="card_hq"))
    answer = client.post("/channels/", {"number": number})
    assert answer.context["check"]["verdict"] == verdict
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    if verdict in ("unknown", "unverified"):
        assert number not in answer.content.decode()
    assert not number or number not in caplog.text


def test_a_number_that_was_ours_is_ours_no_longer(db, client, country):
    channel = confirmed()
    end_channel(channel.pk, actor=person(Role.HQ_MANAGER), reason="حساب بسته شد")
    answer = client.post("/channels/", {"number": "9999 9900 0000 0014"})
    assert answer.context["check"]["verdict"] == "ended"
    assert "دیگر از ما نیست" in answer.content.decode()
    assert "حساب بسته شد" not in answer.content.decode()


def test_whoever_tries_numbers_is_asked_to_wait(db, client, country):
    def ask(address):
        return client.post("/channels/", {"number": "6037991234567893"}, REMOTE_ADDR=address)

    curious, other = (f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{last}" for last in (1, 2))
    for _ in range(MOST_QUESTIONS):
        assert ask(curious).status_code == 200
    answer = ask(curious)
    assert (answer.status_code, answer.context["check"]["verdict"]) == (429, "wait")
    assert "در فهرست ما نیست" not in answer.content.decode()
    assert ask(other).status_code == 200

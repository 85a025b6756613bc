"""Lists of the desk and of headquarters: each as a file that holds what the page shows and nothing of another's, and
between two days where its rows have one."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from campaigns.rates import giving_year
from campaigns.services.rates import RateFacts, announce_rate
from core.jalali import iso_jalali, tehran_today
from core.models import AuditEntry
from core.sheets import Cell
from provinces.enums import Role
from tests.architecture.conftest import World, make_world
from tests.factories.campaigns import waiting_branch
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, browser_of, office_for, person

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
OFFERS = re.compile(
    r"""components/files\.html|partners/_files\.html|_exports\.html|in exports|in files|boxes-file|unread-csv"""
)
ACCOUNTANT, MANAGER = Role.PROVINCIAL_ACCOUNTANT, Role.PROVINCIAL_MANAGER
# the list's address -> who looks, and whether it takes two days
LISTS: dict[str, tuple[Role, bool]] = {
    "payments-desk": (ACCOUNTANT, True),
    "refunds": (ACCOUNTANT, True),
    "unusual-money": (ACCOUNTANT, True),
    "claims": (ACCOUNTANT, True),
    "statements": (ACCOUNTANT, True),
    "care-desk": (MANAGER, True),
    "needs-desk": (MANAGER, True),
    "volunteers-desk": (MANAGER, True),
    "events-desk": (MANAGER, True),
    "in-kind": (MANAGER, True),
    "campaigns-desk": (MANAGER, False),
    "code-batches": (MANAGER, False),
    "people": (MANAGER, False),
    "groups-desk": (MANAGER, False),
    "opportunities-desk": (MANAGER, True),
    "agreements": (MANAGER, True),
    "channels-desk": (MANAGER, False),
    "duplicates-desk": (MANAGER, True),
    "registries-desk": (MANAGER, True),
    "shown-numbers": (MANAGER, True),
    "neighbourhoods": (MANAGER, False),
    "stock": (MANAGER, False),
    "kits": (MANAGER, False),
    "counter-deposits": (ACCOUNTANT, True),
    "reconciliation": (ACCOUNTANT, False),
}
OF_THE_COUNTRY = (
    "hq-campaigns", "hq-channels", "hq-occasions", "hq-rates", "hq-reconciliation", "plans-waiting",
)  # fmt: skip
MONTH = {"reconciliation": lambda world: {"month": iso_jalali(world.rows["payments.daybalance"].day)[:7]}}


def lines_of(browser: Client, address: str, **asked: str) -> tuple[list[str], set[tuple[Cell, ...]]]:
    """Headings and rows of a list's CSV."""
    answer = browser.get(address, {**asked, "file": "csv"})
    assert answer.status_code == 200, address
    assert "no-store" in answer["Cache-Control"], address
    assert "attachment" in answer["Content-Disposition"]
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return heads, {tuple(row) for row in rows}


def test_a_list_leaves_as_a_file_of_ones_own_rows(world: World):
    for name, (role, _days) in LISTS.items():
        address = reverse(name)
        own, other = (browser_of(person(role, province)) for province in (TEHRAN, ILAM))
        assert '?file=xlsx"' in own.get(address).content.decode(), name
        asked = MONTH[name](world) if name in MONTH else {}
        heads, rows = lines_of(own, address, **asked)
        assert rows, name
        assert all(len(row) == len(heads) for row in rows), name
        assert not rows & lines_of(other, address, **asked)[1], name
        assert rows_of_book(own, address, **asked) == len(own_rows(own, address, **asked)), name


def own_rows(browser: Client, address: str, **asked: str) -> list[str]:
    """The lines of a list's CSV, equal ones too."""
    answer = browser.get(address, {**asked, "file": "csv"})
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def rows_of_book(browser: Client, address: str, **asked: str) -> int:
    """How many rows the XLSX has below its headings."""
    book: HttpResponse = browser.get(address, {**asked, "file": "xlsx"})
    sheet = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml").decode()
    return sheet.count("<row ") - 1


def test_lists_of_the_country_leave_as_files_too(world: World):
    waiting_branch(ILAM)
    said = {"marja": "دفتر", "staple": "گندم", "region": "", "is_minimum": False, "is_default": True}
    said |= {"hijri_year": giving_year(), "kind": "fitriyeh", "amount_rial": 900_000, "source": "اعلام دفتر"}
    announce_rate(RateFacts(**said, announced_on=tehran_today()), actor=person(Role.HQ_MANAGER))
    browser = browser_of(person(Role.HQ_MANAGER))
    for name in OF_THE_COUNTRY:
        address = reverse(name)
        assert '?file=xlsx"' in browser.get(address).content.decode(), name
        heads, rows = lines_of(browser, address)
        assert rows, name
        assert all(len(row) == len(heads) for row in rows), name
        assert rows_of_book(browser, address) == len(own_rows(browser, address)), name


def test_a_warehouse_leaves_as_a_file_of_what_was_searched(world: World):
    place = world.rows["aid.warehouse"]
    address, browser = reverse("stock-warehouse", args=[place.pk]), browser_of(person(MANAGER, TEHRAN))
    assert lines_of(browser, address)[1]
    assert lines_of(browser, address, q="برنج")[1] == lines_of(browser, address)[1]
    assert not lines_of(browser, address, q="لاستیک")[1]


def test_who_takes_people_along_is_written_down(world: World):
    browser = browser_of(person(MANAGER, TEHRAN))
    for name in ("volunteers-desk", "duplicates-desk"):
        before = AuditEntry.objects.filter(action="volunteer.export").count()
        browser.get(reverse(name))
        assert AuditEntry.objects.filter(action="volunteer.export").count() == before, name
        lines_of(browser, reverse(name))
        assert AuditEntry.objects.filter(action="volunteer.export").count() == before + 1, name


def test_nothing_of_another_province_can_be_asked_for():
    """By whatever a list may be asked for: a place of another province is a 404, or the list stays as it is."""
    foreign = make_world(KHUZESTAN)
    office = office_for(Role.PROVINCIAL_EXPERT, KHUZESTAN)
    questions = (
        {"province": KHUZESTAN}, {"province": "khuzestan"}, {"county": f"{KHUZESTAN}01"}, {"place": KHUZESTAN},
        {"office": str(office.pk)}, {"q": foreign.donation.tracking_code},
    )  # fmt: skip
    for name, (role, _days) in LISTS.items():
        browser, address = browser_of(person(role, TEHRAN)), reverse(name)
        theirs = lines_of(browser_of(person(role, KHUZESTAN)), address)[1]
        for asked in questions:
            answer = browser.get(address, {**asked, "file": "csv"})
            assert answer.status_code in (200, 404), (name, asked)
            if answer.status_code == 200:
                assert not theirs & lines_of(browser, address, **asked)[1], (name, asked)


def test_a_list_stops_at_the_days_that_were_asked(world: World):
    for name, (role, has_days) in LISTS.items():
        if not has_days:
            continue
        browser, address = browser_of(person(role, TEHRAN)), reverse(name)
        everything = lines_of(browser, address)[1]
        assert lines_of(browser, address, since="۱۳۹۵/۰۱/۰۱", until="1449/12/01")[1] == everything, name
        assert not lines_of(browser, address, until="1395/01/01")[1], name
        assert not lines_of(browser, address, since="1449/12/01")[1], name
        page = browser.get(address, {"since": "1405/02/01", "until": "1405/01/01"})
        assert page.context["filter_form"].errors["until"], name


def test_every_list_by_pages_offers_itself_as_a_file():
    """In its template: whoever makes a list cannot forget its files."""
    lists = [path for path in (ROOT / "templates").rglob("*.html") if "components" not in path.parts]
    paged = {
        path: text for path in lists if "components/pagination.html" in (text := path.read_text("utf-8"))
    }
    of_staff = {str(path): text for path, text in paged.items() if "desk_base.html" in text}
    assert len(of_staff) > 15
    assert [name for name, text in of_staff.items() if not OFFERS.search(text)] == []


def test_an_unknown_file_is_the_page(world: World):
    page = browser_of(person(MANAGER)).get(reverse("needs-desk"), {"file": "exe"})
    assert page["Content-Type"].startswith("text/html")

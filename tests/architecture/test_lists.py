"""The desk's lists: each between two days, each as a file that holds what the page shows and nothing of another's."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.sheets import Cell
from provinces.enums import Role
from tests.architecture.conftest import World
from tests.factories.people import ILAM, TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db

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
    "opportunities-desk": (MANAGER, False),
    "agreements": (MANAGER, False),
}


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
        heads, rows = lines_of(own, address)
        assert rows, name
        assert all(len(row) == len(heads) for row in rows), name
        assert not rows & lines_of(other, address)[1], name
        book: HttpResponse = own.get(address, {"file": "xlsx"})
        sheet = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") == len(own_rows(own, address)) + 1, name


def own_rows(browser: Client, address: str) -> list[str]:
    """The lines of a list's CSV, equal ones too."""
    answer = browser.get(address, {"file": "csv"})
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


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


def test_an_unknown_file_is_the_page(world: World):
    page = browser_of(person(MANAGER)).get(reverse("needs-desk"), {"file": "exe"})
    assert page["Content-Type"].startswith("text/html")

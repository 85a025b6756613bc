"""Open data: fixed tables of finished months in which nothing small stands alone or can be computed."""

from __future__ import annotations

import csv
import io

import pytest

from core.jalali import from_jalali, tehran_today
from dashboards.figures import Row
from dashboards.models import CalendarDay
from dashboards.open_data import COLUMNS, DATASETS, LEAST_GIFTS, OTHER, protected, table
from dashboards.rollups import fold_all
from tests.dashboards.conftest import FARS, MARKAZI, TEHRAN, book
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import receive

ADDRESS = "/transparency/data/v1/"
RECEIPTS = [name for name in DATASETS if name.startswith("receipts")]


def row(key: str, count: int, rial: int | None = None) -> Row:
    return Row(key, key, count * 100 if rial is None else rial, count)


def told(rows) -> dict[str | None, tuple[int, int]]:
    return {one.key: (one.total_rial, one.count) for one in rows}


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([row("a", 9), row("b", 8)], {"a": (900, 9), "b": (800, 8)}),
        ([row("a", 9), row("b", 8), row("c", 1)], {"a": (900, 9), OTHER: (900, 9)}),
        ([row("a", 9), row("b", 3), row("c", 1)], {OTHER: (1300, 13)}),
        ([row("a", 9), row("b", 3), row("c", 2)], {"a": (900, 9), OTHER: (500, 5)}),
        ([row("a", 9), row("b", 1)], {OTHER: (1000, 10)}),
        ([row("a", 4)], {}),
        ([row("a", 3), row("b", 3)], {OTHER: (600, 6)}),
        ([row("a", 5)], {"a": (500, 5)}),
        (
            [row("a", 9), row("b", -1, -50), row("c", 7), row("d", 6)],
            {"a": (900, 9), "c": (700, 7), OTHER: (550, 5)},
        ),
    ],
)
def test_what_is_small_never_stands_alone(rows, shown):
    assert told(protected(rows, 5)) == shown


def test_no_cell_can_be_computed_from_random_books(random_books):
    """Every row speaks of as many gifts as it must, and the rows add up to what was given."""
    for name in RECEIPTS:
        found = table(name)
        assert all(one["count"] >= LEAST_GIFTS for one in found.rows), name
        facet = name.removeprefix("receipts-by-")
        month_of = dict(CalendarDay.objects.values_list("day", "month_starts_on"))
        running = month_of[tehran_today()]
        cells: dict[tuple, list[int]] = {}
        for one in random_books:
            cell = cells.setdefault((month_of[one.day], one.key(facet)), [0, 0])
            cell[0] += one.rial
            cell[1] += one.gifts
        total = sum(
            rial
            for (month, _), (rial, _) in cells.items()
            if month < running
            and sum(count for (m, _), (_, count) in cells.items() if m == month) >= LEAST_GIFTS
        )
        assert sum(one["total_rial"] for one in found.rows) == total, name


def test_a_month_that_still_runs_is_in_no_table(db, country, noon):
    for number in range(6):
        book(100 + number, noon(1405, 2, 3), province=FARS)
    fold_all()
    assert table("receipts-by-province", from_jalali(1405, 2, 31)).rows == ()
    found = table("receipts-by-province", from_jalali(1405, 3, 1)).rows
    assert found == ({"month": "1405-02", "key": FARS, "label": "فارس", "total_rial": 615, "count": 6},)


def test_as_csv_json_and_described(db, country, client, noon):
    for number in range(5):
        book(1_000, noon(1404, 1, 3 + number), province=TEHRAN)
        book(10, noon(1404, 1, 3 + number), province=FARS)
    book(7, noon(1404, 1, 9), province=MARKAZI)
    fold_all()
    answer = client.get(f"{ADDRESS}receipts-by-province.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert lines[0] == list(COLUMNS)
    assert lines[1:] == [
        ["1404-01", TEHRAN, "تهران", "5000", "5"],
        ["1404-01", OTHER, "دیگر (خانه‌های کوچک با هم)", "57", "6"],
    ]
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = client.get(f"{ADDRESS}receipts-by-province.json").json()
    assert [[str(value) for value in one.values()] for one in body["rows"]] == lines[1:]
    assert (body["version"], body["counted"]) == (1, "gifts")
    package = client.get(f"{ADDRESS}datapackage.json").json()
    assert [one["name"] for one in package["resources"]] == list(DATASETS)
    for one in package["resources"]:
        assert [field["name"] for field in one["schema"]["fields"]] == list(COLUMNS)
        assert client.get("/" + one["path"].split("/", 3)[3]).status_code == 200
    assert client.get(f"{ADDRESS}donors.csv").status_code == 404
    assert client.get("/transparency/data/v2/receipts-by-fund.csv").status_code == 404


def test_deliveries_of_few_households_are_not_told(db, country):
    for households in (4, 12):
        made = allocated(receive(fund="livelihood", province=FARS, amount_rial=500_000), 300_000)
        delivered(made, 300_000, households=households)
    next_month = from_jalali(1406, 1, 1)
    (found,) = table("deliveries-by-purpose", next_month).rows
    assert (found["key"], found["total_rial"], found["count"]) == ("livelihood", 600_000, 16)


def test_the_page_leads_there(db, client):
    page = client.get("/transparency/").content.decode()
    for name in DATASETS:
        assert f"{ADDRESS}{name}.csv" in page
    assert f"{ADDRESS}datapackage.json" in page

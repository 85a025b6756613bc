"""/api/v1/totals/ as partners call it."""

from __future__ import annotations

import pytest

from campaigns.models import Edition
from core.jalali import from_jalali
from dashboards import figures
from dashboards.figures import Period
from dashboards.rollups import fold_all
from tests.dashboards.conftest import FARS, MARKAZI, book

ADDRESS = "/api/v1/totals/"


@pytest.fixture
def few(db, country, noon):
    edition = Edition.objects.get(year=1447)
    book(1_000, noon(1405, 1, 1), province=FARS, county="0701")
    book(20_000, noon(1405, 1, 31), province=MARKAZI, fund="dowry", edition=edition)
    book(300_000, noon(1405, 12, 29), fund="dowry", channel="qr", kind="in_kind")
    book(4_000_000, noon(1404, 12, 29))
    fold_all()


def test_all_of_it_by_province(few, client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"as_of", "total_rial", "count", "rows"}
    assert (body["total_rial"], body["count"]) == (4_321_000, 4)
    assert body["rows"] == [
        {"key": None, "label": "سراسری (بدون استان)", "total_rial": 4_300_000, "count": 2},
        {"key": "00", "label": "مرکزی", "total_rial": 20_000, "count": 1},
        {"key": "07", "label": "فارس", "total_rial": 1_000, "count": 1},
    ]
    assert answer["Cache-Control"] == "public, max-age=2"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("by=fund", ["general", "dowry"]),
        ("by=kind", ["cash", "in_kind"]),
        ("by=channel", ["web", "qr"]),
        ("by=campaign", [None, "ziafat-mehrabani"]),
        ("by=day", ["1404-12-29", "1405-01-01", "1405-01-31", "1405-12-29"]),
        ("by=month", ["1404-12", "1405-01", "1405-12"]),
        ("by=day&from=1405-01-01&to=1405-01-31", ["1405-01-01", "1405-01-31"]),
        ("by=day&from=۱۴۰۵/۱/۲", ["1405-01-31", "1405-12-29"]),
        ("by=day&to=1404-12-29", ["1404-12-29"]),
        ("by=day&province=07", ["1405-01-01"]),
        ("by=day&province=fars", ["1405-01-01"]),
        ("by=day&province=۰۷", ["1405-01-01"]),
        ("by=day&province=00&campaign=ziafat-mehrabani&fund=dowry", ["1405-01-31"]),
        ("by=day&channel=qr&kind=in_kind", ["1405-12-29"]),
        ("by=day&county=0701", ["1405-01-01"]),
        ("by=day&kind=service", []),
        ("by=&province=&from=&to=", [None, "00", "07"]),
    ],
)
def test_breakdowns_and_filters(few, client, query, keys):
    body = client.get(f"{ADDRESS}?{query}").json()
    assert [row["key"] for row in body["rows"]] == keys
    assert body["total_rial"] == sum(row["total_rial"] for row in body["rows"])
    assert body["count"] == sum(row["count"] for row in body["rows"])


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("by=donor", "unknown_breakdown", "by"),
        ("from=1405-13-01", "bad_date", "from"),
        ("to=2026-01-01", "bad_date", "to"),
        ("from=1405-02-01&to=1405-01-01", "bad_period", "to"),
        ("province=99", "unknown_province", "province"),
        ("province=%00", "unknown_province", "province"),
        ("county=9999", "unknown_county", "county"),
        ("fund=donuts", "unknown_fund", "fund"),
        ("campaign=x%00y", "unknown_campaign", "campaign"),
        ("channel=telegram", "unknown_channel", "channel"),
        ("kind=gold", "unknown_kind", "kind"),
    ],
)
def test_what_cannot_be_answered_is_a_400_with_a_code(db, client, query, code, field):
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert answer.json()["detail"]


def test_only_reading(db, client):
    assert client.post(ADDRESS).status_code == 405
    assert client.delete(ADDRESS).status_code == 405


def test_random_books_to_the_rial(random_books, client):
    for by in figures.BY:
        body = client.get(ADDRESS, {"by": by, "from": "1403-02-03", "to": "1405-01-20"}).json()
        period = Period(from_jalali(1403, 2, 3), from_jalali(1405, 1, 20))
        inside = [row for row in random_books if period.start <= row.day <= period.end]
        assert body["total_rial"] == sum(row.rial for row in inside)
        assert body["total_rial"] == sum(row["total_rial"] for row in body["rows"])


def test_stands_in_the_schema(db, client):
    schema = client.get("/api/schema/?format=json").json()
    names = {p["name"] for p in schema["paths"]["/api/v1/totals/"]["get"]["parameters"]}
    assert names == {"from", "to", "by", "province", "county", "campaign", "fund", "channel", "kind"}

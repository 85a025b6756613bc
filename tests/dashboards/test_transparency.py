"""Public figures and the files of the same."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from campaigns.models import Campaign, Edition, Fund
from core.jalali import iso_jalali, tehran_today
from dashboards.rollups import fold_all
from ledger.models import SealChunk
from ledger.seals import value_of_day
from tests.dashboards.conftest import FARS, book

HEAD = ["key", "label", "total_rial", "count"]


@pytest.mark.parametrize("name", ["province", "campaign", "fund", "channel", "month"])
def test_files_add_up_and_agree(random_books, client, name):
    total = sum(row.rial for row in random_books)
    answer = client.get(f"/transparency/data/{name}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert lines[0] == HEAD
    assert sum(int(line[2]) for line in lines[1:]) == total
    body = client.get(f"/transparency/data/{name}.json").json()
    assert body["total_rial"] == total
    assert [
        [row["key"] or "", row["label"], str(row["total_rial"]), str(row["count"])] for row in body["rows"]
    ] == (lines[1:])


def test_days_and_filters_as_in_the_api(db, client, country, noon):
    book(1_000, noon(1405, 1, 1), province=FARS)
    book(50, noon(1404, 1, 1), province=FARS)
    book(9, noon(1405, 1, 1))
    fold_all()
    answer = client.get("/transparency/data/month.csv?from=1405-01-01&province=07")
    assert answer.content.decode() == "key,label,total_rial,count\r\n1405-01,1405-01,1000,1\r\n"


def test_no_cell_is_a_formula(db, client, country, noon):
    Fund.objects.filter(code="dowry").update(name="=HYPERLINK(1)")
    Campaign.objects.filter(slug="mosbat-mah").update(name="@SUM(A1)")
    book(
        10,
        noon(1405, 1, 1),
        fund="dowry",
        edition=Edition.objects.get(campaign__slug="mosbat-mah", year=1405),
    )
    fold_all()
    assert b"dowry,'=HYPERLINK(1),10,1" in client.get("/transparency/data/fund.csv").content
    assert b"mosbat-mah,'@SUM(A1),10,1" in client.get("/transparency/data/campaign.csv").content


def test_what_is_not_offered_is_not_there(db, client):
    assert client.get("/transparency/data/donor.csv").status_code == 404
    assert client.get("/transparency/data/province.xlsx").status_code == 404
    bad = client.get("/transparency/data/province.csv?from=x")
    assert bad.status_code == 400
    assert bad.json()["code"] == "bad_date"


def test_the_page_says_the_total_and_the_seal_of_the_day(random_books, client):
    page = client.get("/transparency/?from=1402-01-01").content.decode()
    seal = value_of_day(tehran_today())
    assert len(seal) == 64
    assert f'data-copy="{seal}"' in page
    for name in ("province", "campaign", "fund", "channel", "month"):
        assert f"/transparency/data/{name}.csv?from=1402-01-01" in page


def test_the_seal_of_a_past_day_can_be_asked_for_and_stays(random_books, client):
    yesterday = tehran_today() - timedelta(days=1)
    sealed = SealChunk.objects.order_by("-pk").first()
    SealChunk.objects.create(day=yesterday, entries=0, leaves=b"", digest=b"\x07" * 32)
    page = client.get(f"/transparency/?from=1402-01-01&to={iso_jalali(yesterday)}")
    assert page.context["seal"] == (b"\x07" * 32).hex() != bytes(sealed.digest).hex()
    assert page.context["is_seal_final"] is True
    assert client.get("/transparency/").context["is_seal_final"] is False


def test_an_empty_portal_is_shown_too(db, client):
    answer = client.get("/transparency/")
    assert answer.status_code == 200
    assert "هنوز سندی ثبت نشده است." in answer.content.decode()

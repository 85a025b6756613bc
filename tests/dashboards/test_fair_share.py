"""Receipts, deliveries and outcomes beside the number of clients; small counts are nobody's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.models import DeliveryReference
from core.errors import DomainError
from core.jalali import from_jalali, tehran_today
from core.models import AuditEntry
from dashboards.fair_share import newest_file, shares
from dashboards.figures import Period
from dashboards.models import ClientCount, ClientFile
from dashboards.rollups import fold_all
from dashboards.services.clients import take_client_file
from provinces.enums import Role
from provinces.models import Province
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.aid import allocated, delivered
from tests.factories.clients import client_file
from tests.factories.gifts import receive

ADDRESS = "/hq/fair-share/"
SPRING = Period(from_jalali(1405, 1, 1), from_jalali(1405, 3, 31))


def of(found, key: str):
    return next(share for share in found if share.key == key)


def test_the_least_per_thousand_first(db, country, noon):
    book(900_000, noon(1405, 1, 5), province=TEHRAN)
    book(300_000, noon(1405, 2, 5), province=FARS, county="0701")
    book(5, noon(1405, 4, 5), province=FARS)
    fold_all()
    file = client_file(
        ("2301", "disabled", "stipend", 3_000),
        ("0701", "women", "waiting", 200),
        ("0702", "children", "none", 300),
    )
    found = shares(SPRING, file)
    assert [share.key for share in found[:2]] == [TEHRAN, FARS]
    fars, tehran = of(found, FARS), of(found, TEHRAN)
    assert (fars.clients, fars.received_rial, fars.per_thousand(fars.received_rial)) == (
        500,
        300_000,
        600_000,
    )
    assert tehran.per_thousand(tehran.received_rial) == 300_000
    assert (fars.support, fars.groups) == ({"waiting": 200, "none": 300}, {"women": 200, "children": 300})
    assert found[-1].clients == 0
    counties = shares(SPRING, file, Province.objects.get(code=FARS))
    assert of(counties, "0701").per_thousand(300_000) == 1_500_000
    assert of(counties, "0702").received_rial == 0


def test_outcomes_and_what_each_cost(db, country):
    gift = receive(fund="livelihood", province=FARS, amount_rial=900_000)
    made = delivered(allocated(gift, 600_000), 600_000, households=3)
    fold_all()
    cases = list(DeliveryReference.objects.filter(delivery=made))
    for case, outcome in zip(cases, ("independent", "empowerment", "relief"), strict=True):
        DeliveryReference.objects.filter(pk=case.pk).update(outcome=outcome, outcome_on=tehran_today())
    today = Period(tehran_today(), tehran_today())
    fars = of(shares(today, None), FARS)
    assert (fars.delivered_rial, fars.good_outcomes, fars.rial_per_outcome) == (600_000, 2, 300_000)
    yesterday = tehran_today() - timedelta(days=1)
    assert of(shares(Period(yesterday, yesterday), None), FARS).rial_per_outcome is None


def test_a_count_that_would_speak_of_persons_is_hidden(db, country, staff):
    client_file(("0701", "women", "waiting", 9), ("2301", "women", "waiting", 10))
    client = staff((Role.HQ_ANALYST, None))
    rows = client.get(ADDRESS).context["table"]["rows"]
    shown = {row[0]["text"]: [cell["text"] for cell in row] for row in rows}
    assert shown["فارس"][1] == "کمتر از ۱۰"
    assert shown["فارس"][6] == "–"
    assert shown["تهران"][1] == "۱۰"
    line = next(
        x for x in client.get(f"{ADDRESS}file.csv").content.decode("utf-8-sig").splitlines() if "فارس" in x
    )
    assert line.startswith("فارس,,0,0,,")


def test_the_newest_day_counts(db, country):
    first = client_file(("0701", "women", "none", 100))
    older = client_file(("0701", "women", "none", 900), as_of=tehran_today() - timedelta(days=30))
    assert newest_file() == first != older


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a,b\n", "bad_client_columns", 1),
        ("county,group,support,persons\n", "clients_file_empty", None),
        ("county,group,support,persons\n9999,women,none,1\n", "unknown_county", 2),
        ("county,group,support,persons\n0701,women,none,1\n0701,x,none,1\n", "bad_client_line", 3),
        ("county,group,support,persons\n0701,women,none,-1\n", "bad_client_line", 2),
        ("county,group,support,persons\n0701,women,none,1,2\n", "bad_client_line", 2),
        ("county,group,support,persons\n701,women,none,1\n0701,women,none,2\n", "counted_twice", 3),
    ],
)
def test_all_of_a_file_or_nothing(db, country, text, code, line):
    with pytest.raises(DomainError) as refused:
        take_client_file(text.encode(), as_of=tehran_today(), source="x", actor=None, job="test")
    assert (refused.value.code, refused.value.data.get("line")) == (code, line)
    assert (ClientFile.objects.count(), ClientCount.objects.count()) == (0, 0)


def test_headquarters_takes_a_file_in_once(db, staff):
    client = staff((Role.HQ_MANAGER, None))

    def send():
        file = SimpleUploadedFile("a.csv", "county,group,support,persons\n۰۷۰۱,women,none,۱۲۰\n".encode())
        return client.post(
            f"{ADDRESS}import/", {"as_of": "۱۴۰۵/۸/۱", "source": "سامانهٔ ارمغان", "file": file}
        )

    assert send().status_code == 302
    assert ClientFile.objects.get().as_of == from_jalali(1405, 8, 1)
    assert "این فایل پیش‌تر گرفته شده است." in send().content.decode()
    assert AuditEntry.objects.get(action="clients.take").data == {"rows": 1, "persons": 120}
    assert "سامانهٔ ارمغان" in client.get(ADDRESS).content.decode()
    assert staff((Role.HQ_ACCOUNTANT, None)).get(f"{ADDRESS}import/").status_code == 403


def test_a_fixed_number_of_queries(random_books, staff):
    client = staff((Role.HQ_ANALYST, None))
    client_file(("0701", "women", "none", 100))
    client.get(ADDRESS)
    found = []
    for query in ("?period=last-year", "?from=1402-01-05&to=1405-07-08"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS + query).status_code == 200
        found.append(len(queries))
        client_file(*((code, "women", "none", 50 + len(found)) for code in ("0701", "0702", "2301", "2302")))
    assert len(set(found)) == 1
    assert client.get(f"{ADDRESS}?province=atlantis").status_code == 404

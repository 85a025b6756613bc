"""Small gifts and people who gave again, counted by night; campaigns ranked."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Edition, Placement
from core.jalali import month_start, tehran_today, year_start
from dashboards.figures import Period
from dashboards.habits import SMALL_RIAL, back_percent, ranked, rows_of
from dashboards.models import GivingHabit
from dashboards.rollups import fold_all
from dashboards.services.habits import count_habits
from provinces.enums import Role
from tests.dashboards.conftest import TEHRAN
from tests.factories.events import make_event
from tests.factories.gifts import receive
from tests.factories.people import person

MINE, YOURS = "+989121234567", "+989121234568"


@pytest.fixture
def gifts(db, country):
    """Two small gifts of one person, a large one of another, a small one of nobody; all of today."""
    receive(amount_rial=200_000, mobile=MINE)
    receive(amount_rial=SMALL_RIAL, mobile=MINE, campaign="mosbat-mah")
    receive(amount_rial=SMALL_RIAL + 1, mobile=YOURS)
    receive(amount_rial=300_000)
    fold_all()


def this(grain: str) -> dict:
    return rows_of(grain, month_start(tehran_today()) if grain == "m" else year_start(tehran_today()))


@pytest.mark.parametrize("grain", ["m", "y"])
def test_counted_by_hand(gifts, grain):
    count_habits()
    row = this(grain)["all"][""]
    assert (row.gifts, row.small_gifts) == (4, 3)
    assert (row.total_rial, row.small_rial) == (500_000 + 2 * SMALL_RIAL + 1, 500_000 + SMALL_RIAL)
    assert row.median_rial == 300_000
    assert (row.givers, row.came_back) == (2, 1)
    edition = Edition.objects.get(campaign__slug="mosbat-mah", state="open")
    of_campaign = this(grain)["edition"][str(edition.pk)]
    assert (of_campaign.gifts, of_campaign.givers, of_campaign.came_back) == (1, 1, 1)
    assert sum(one.gifts for one in this(grain)["edition"].values()) == 4
    assert sum(one.small_gifts for one in this(grain)["channel"].values()) == 3


def test_counting_again_changes_nothing_and_takes_in_what_is_new(gifts):
    assert count_habits() == count_habits() == 2
    receive(amount_rial=400_000, mobile=YOURS)
    count_habits()
    row = this("m")["all"][""]
    assert (row.gifts, row.givers, row.came_back) == (5, 2, 2)
    assert GivingHabit.objects.filter(facet="all").count() == 2


def test_of_few_givers_nothing_is_said():
    row = GivingHabit(givers=9, came_back=9)
    assert back_percent(row) is None
    row.givers, row.came_back = 10, 4
    assert back_percent(row) == 40.0
    assert back_percent(None) is None


def test_campaigns_by_yield_and_cost(gifts):
    edition = Edition.objects.get(campaign__slug="mosbat-mah", state="open")
    event = make_event(TEHRAN, actor=person()).event
    other = Edition.objects.exclude(pk=edition.pk).first()
    Placement.objects.filter(pk=event.placement_id).update(edition=other)
    year = Period(year_start(tehran_today()), tehran_today())
    expected = [(edition, SMALL_RIAL, 1, 0), (other, 0, 0, 10_000_000)]
    for order, rows in (("yield", expected), ("cost", expected[::-1])):
        found = ranked(year, {}, order)
        assert [(one.edition, one.yield_rial, one.gifts, one.cost_rial) for one in found] == rows
    habits = {str(other.pk): GivingHabit(givers=20, came_back=5)}
    assert [one.back_percent for one in ranked(year, habits, "back")] == [25.0, None]


def test_the_page_reads_rows_not_gifts(gifts, staff):
    client = staff((Role.HQ_ANALYST, None))
    empty = client.get("/hq/small-gifts/")
    assert "هنوز شمارشی انجام نشده است" in empty.content.decode()
    count_habits()
    numbers = set()
    for query in ("", "?order=cost", "?order=back&period=nonsense"):
        client.get("/hq/small-gifts/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/hq/small-gifts/{query}")
        assert page.status_code == 200
        assert not any("donations_donation" in one["sql"] for one in queries)
        numbers.add(len(queries))
    assert len(numbers) == 1
    total = page.context["tables"][1]["foot"]
    assert [cell["text"] for cell in total[1:4]] == ["۴", "۳", "۷۵٪"]
    assert total[-1]["text"] == "–"


def test_the_ranking_leaves_as_a_file_in_whole_rials(gifts, staff):
    count_habits()
    answer = staff((Role.HQ_ANALYST, None)).get("/hq/small-gifts/?file=csv")
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heads[:3] == ["پویش", "رسیده (ریال)", "شمار کمک"]
    assert all(row[1].isdecimal() and row[5] == "" for row in rows)  # too few givers to say who came back
    assert staff((Role.PROVINCIAL_MANAGER, TEHRAN)).get("/hq/small-gifts/?file=csv").status_code == 403

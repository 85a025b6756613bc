"""The figures of a campaign on its last day: equal to the books, written once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection, transaction

from campaigns.models import Branch, Edition
from campaigns.services.branches import close_branch
from campaigns.services.editions import close_edition
from core import outbox
from dashboards.closings import closing_of, freeze, rows_of
from dashboards.figures import sheet
from dashboards.models import ClosingFigures
from dashboards.rollups import fold_all
from tests.dashboards.conftest import FARS, TEHRAN, book
from tests.factories.campaigns import OPEN_WITHOUT_BRANCHES, published_branch
from tests.factories.people import person

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def gifts(noon):
    """To a branch, to the edition from a province without a branch, and to the edition without a province."""
    branch = published_branch(TEHRAN)
    edition = branch.edition
    book(1_000, noon(1405, 2, 5), edition=edition, province=TEHRAN)
    book(20_000, noon(1405, 2, 5), edition=edition, province=TEHRAN, fund="dowry")
    book(300_000, noon(1405, 2, 6), edition=edition, province=FARS)
    book(4_000_000, noon(1405, 2, 6), edition=edition)
    book(50_000_000, noon(1405, 2, 6), edition=Edition.objects.get(year=1448), province=TEHRAN)
    return branch


def booked(**dimension) -> int:
    """Straight from the ledger."""
    conditions = " AND ".join(f"d.{name} = %s" for name in dimension)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT -coalesce(sum(p.amount_rial), 0) FROM ledger_posting p "
            "JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income' "
            f"JOIN ledger_dimension d ON d.id = p.dimension_id WHERE {conditions}",
            list(dimension.values()),
        )
        return int(cursor.fetchone()[0])


def test_each_gift_counts_once_in_the_nations_total(gifts):
    """Branches and the national edition itself; what one province gives is nobody else's."""
    fold_all()
    edition = gifts.edition_id
    nation = sheet(None, "province", edition=edition)
    assert nation.total_rial == 4_321_000 == booked(edition_id=edition)
    assert nation.count == 4
    branch = sheet(None, "fund", edition=edition, province=TEHRAN)
    assert branch.total_rial == 21_000 == booked(edition_id=edition, province_id=TEHRAN)
    assert {row.key: row.total_rial for row in nation["province"]} == {
        TEHRAN: 21_000,
        FARS: 300_000,
        None: 4_000_000,
    }


def test_a_branch_is_closed_with_what_nobody_has_folded_yet(gifts):
    close_branch(gifts.pk, actor=person(), text="سپاس")
    assert outbox.drain() >= 1
    closing = closing_of(gifts)
    assert (closing.total_rial, closing.gifts, closing.spent_rial) == (21_000, 2, 0)
    assert {row.key: row.total_rial for row in rows_of(closing, "fund")} == {
        "general": 1_000,
        "dowry": 20_000,
    }
    assert closing.total_rial == booked(edition_id=gifts.edition_id, province_id=TEHRAN)


def test_what_comes_later_shows_live_and_not_in_the_closing(gifts, noon):
    close_branch(gifts.pk, actor=person(), text="سپاس")
    outbox.drain()
    book(7_000, noon(1405, 2, 7), edition=gifts.edition, province=TEHRAN)
    fold_all()
    assert freeze(gifts.edition_id, gifts.pk).total_rial == 21_000
    assert sheet(None, "kind", edition=gifts.edition_id, province=TEHRAN).total_rial == 28_000


def test_an_edition_is_closed_with_its_branches(gifts):
    close_edition(gifts.edition_id, actor=person(), text="سپاس")
    outbox.drain()
    edition = Edition.objects.get(**OPEN_WITHOUT_BRANCHES)
    closing = closing_of(edition)
    assert (closing.total_rial, closing.gifts) == (4_321_000, 4)
    for facet in closing.parts:
        assert sum(row.total_rial for row in rows_of(closing, facet)) == 4_321_000
    assert closing_of(Branch.objects.get(pk=gifts.pk)).total_rial == 21_000


def test_the_database_keeps_it(gifts):
    close_branch(gifts.pk, actor=person(), text="سپاس")
    outbox.drain()
    for change in ({"total_rial": 1}, None):
        rows = ClosingFigures.objects.filter(branch=gifts)
        with pytest.raises((IntegrityError, InternalError, OperationalError)), transaction.atomic():
            rows.update(**change) if change else rows.delete()
    assert closing_of(gifts).total_rial == 21_000

"""The moves of a need in `campaigns.need_states` and those the database allows are one table."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.need_states import MOVES
from tests.factories.needs import need

pytestmark = pytest.mark.usefixtures("db", "country")


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM campaigns_needmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    assert set(MOVES) == set(NeedState)


@pytest.mark.parametrize(
    ("before", "after"), [("found", "published"), ("closed", "published"), ("withdrawn", "found")]
)
def test_the_database_refuses_every_other_move(before, after):
    wanted = need(state=NeedState.FOUND) if before == "found" else need()
    if before == "withdrawn":
        Need.objects.filter(pk=wanted.pk).update(state=before)
    if before == "closed":
        Need.objects.filter(pk=wanted.pk).update(
            state=before, closing_report="رسید", closing_evidence="صورت‌جلسهٔ ۱", closed_at=wanted.published_at
        )
    with pytest.raises(IntegrityError, match="may not go from"), transaction.atomic():
        Need.objects.filter(pk=wanted.pk).update(state=after)


def test_a_need_begins_as_found():
    wanted = need()
    wanted.pk, wanted.code = None, "222222222"
    with pytest.raises(IntegrityError, match="begins as found"), transaction.atomic():
        wanted.save(force_insert=True)


@pytest.mark.parametrize(
    "change", [{"title": "چیز دیگر"}, {"persons": 2}, {"goal_rial": 1}, {"county": "2301"}]
)
def test_what_was_verified_stays_as_it_was(change):
    wanted = need()
    with pytest.raises(IntegrityError, match="as it was verified"), transaction.atomic():
        Need.objects.filter(pk=wanted.pk).update(**change)

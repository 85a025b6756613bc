"""What a clerk looks up or lists goes by an index that was made for it, however large the table has grown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from cases.enums import CaseKind
from cases.models import Case
from cases.selectors import cases_in_scope
from payments.desk_selectors import payments_in_scope
from payments.enums import AttemptState
from payments.models import Attempt
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.people import TEHRAN

pytestmark = pytest.mark.django_db

OFTEN = {AttemptState.SUCCEEDED, AttemptState.FAILED}  # the newest of these are found on the way
PAGE, DAY = slice(51), date(2026, 5, 1)
ASKED: dict[str, tuple[Callable[[], QuerySet], str]] = {
    "the bank's reference": (
        lambda: Attempt.objects.filter(reference="x").order_by(),
        "attempt_by_reference",
    ),
    "the switch's number": (lambda: Attempt.objects.filter(rrn="x").order_by(), "attempt_by_rrn"),
    "cases about a gift": (lambda: Case.objects.filter(facts__tracking_code="x").order_by(), "case_by_gift"),
    "cases about an order": (
        lambda: Case.objects.filter(kind__in=CaseKind.values, subject__in=["attempt:1"]).order_by(),
        "one_case_a_subject",
    ),
    "payments of some days": (lambda: payments_in_scope(since=DAY, until=DAY)[PAGE], "donation_newest"),
    "open cases": (lambda: cases_in_scope()[PAGE], "case_by_due"),
    "closed cases": (lambda: cases_in_scope(state="closed")[PAGE], "case_by_closing"),
    **{
        f"payments that are {state}": (
            lambda state=state: payments_in_scope(state=state)[PAGE],
            "attempt_of_rare_state",
        )
        for state in AttemptState
        if state not in OFTEN
    },
}


@pytest.mark.parametrize("what", ASKED)
def test_an_index_answers(what):
    rows, index = ASKED[what]
    with all_provinces("test"):
        assert f"using {index}" in plan_of(rows), what


def test_an_index_answers_for_the_payments_of_a_province():
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        for days in ({}, {"since": DAY, "until": DAY}):
            assert "using donation_of_place_by_time" in plan_of(lambda: payments_in_scope(**days)[PAGE])  # noqa: B023


def plan_of(rows: Callable[[], QuerySet]) -> str:
    with connection.cursor() as cursor:
        for way in (
            "seqscan",
            "sort",
            "hashjoin",
            "mergejoin",
            "bitmapscan",
        ):  # on an empty table each costs nothing
            cursor.execute(f"SET LOCAL enable_{way} = off")
        return rows().explain()

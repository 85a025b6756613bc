"""What a clerk looks up or lists goes by an index that was made for it, however large the table has grown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet

from cases.enums import CaseKind
from cases.models import Case
from cases.selectors import cases_in_scope
from payments.desk_selectors import payments_in_scope
from payments.enums import AttemptState
from payments.models import Attempt
from provinces.scoping import all_provinces

pytestmark = pytest.mark.django_db

OFTEN = {AttemptState.SUCCEEDED, AttemptState.FAILED}  # the newest of these are found on the way
PAGE = slice(51)
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
    with connection.cursor() as cursor, all_provinces("test"):
        for way in (
            "seqscan",
            "sort",
            "hashjoin",
            "mergejoin",
            "bitmapscan",
        ):  # on an empty table each costs nothing
            cursor.execute(f"SET LOCAL enable_{way} = off")
        assert f"using {index}" in rows().explain(), what

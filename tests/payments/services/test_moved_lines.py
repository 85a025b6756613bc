"""A corrected file that tells a payment's number of another day: one line, never two."""

import pytest

from payments.models import LineRevision, StatementLine, StatementSource
from tests.payments.services.test_imports import _media, make_source, take  # noqa: F401 - its files' place
from tests.payments.statements.files import PANEL, panel_file, panel_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> StatementSource:
    return make_source(PANEL)


def days() -> list[str]:
    return [str(day) for day in StatementLine.objects.order_by("pk").values_list("day", flat=True)]


def test_what_nothing_hangs_on_moves_to_the_day_of_the_corrected_file(panel):
    take(panel, panel_file(panel_row(1), panel_row(2)))
    statement = take(panel, panel_file(panel_row(1, date="1403/09/08"), panel_row(2)))
    assert (statement.counts["new"], statement.counts["moved"], statement.counts["revised"]) == (0, 1, 1)
    assert sorted(days()) == ["2024-11-27", "2024-11-28"]
    assert "occurred_at" in LineRevision.objects.get().after
    take(panel, panel_file(panel_row(1, date="1403/09/08"), panel_row(2)) + b"\n")
    assert StatementLine.objects.count() == 2


def test_of_a_line_that_is_used_a_person_is_asked(panel):
    take(panel, panel_file(panel_row(1)))
    StatementLine.objects.update(attempt_id=5, state="matched", rule="rrn")
    statement = take(panel, panel_file(panel_row(1, date="1403/09/08")))
    assert (statement.counts["new"], statement.counts["contradicted"]) == (0, 1)
    assert days() == ["2024-11-27"]
    assert not LineRevision.objects.get().is_applied


def test_over_the_end_of_a_leap_year(panel):
    take(panel, panel_file(panel_row(1, date="1403/12/30")))
    take(panel, panel_file(panel_row(1, date="1404/01/01")))
    assert days() == ["2025-03-21"]


def test_a_number_that_comes_again_after_weeks_is_another_payment(panel):
    take(panel, panel_file(panel_row(1)))
    take(panel, panel_file(panel_row(1, date="1403/10/07")))
    assert len(days()) == 2


def test_a_number_of_the_day_names_another_payment_on_another_day(panel):
    take(panel, panel_file(panel_row(1, rrn="")))
    take(panel, panel_file(panel_row(1, rrn="", date="1403/09/08")))
    assert len(days()) == 2

"""A large file's lines are written once, with their matches; of a small one they are matched afterwards. The same."""

import pytest

from core.invariants import run_checks
from core.jalali import TEHRAN, iso_jalali, tehran_day
from core.models import OutboxMessage
from ledger.accounts import clearing_code
from payments.models import Attempt, Discrepancy, MatchSuggestion, StatementImport, StatementLine
from payments.services import line_stage
from payments.services.matching import match_import
from payments.services.settlement import settle
from tests.factories import lines as st
from tests.factories.gifts import attempt_for, finding, give, paid
from tests.payments.services.test_imports import _media, make_source, take  # noqa: F401 - its files' place
from tests.payments.services.test_matching import paid_attempt
from tests.payments.statements.files import PANEL, panel_file, panel_row

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 1_000_000], ids=["when read", "afterwards"])
def is_large(request, monkeypatch):
    monkeypatch.setattr(line_stage, "WRITE_ONCE_FROM", request.param)
    return request.param == 1


@pytest.fixture
def source():
    panel, terminal = make_source(PANEL), st.terminal()
    panel.gateway, panel.terminal = terminal.gateway, terminal
    panel.account = clearing_code(terminal.gateway, terminal.pk)
    panel.save()
    return panel


def row_of(attempt: Attempt, **said: str) -> str:
    at = attempt.decided_at
    day = iso_jalali(tehran_day(at)).replace("-", "/")
    known = {
        "date": day,
        "time": f"{at.astimezone(TEHRAN):%H:%M:%S}",
        "amount": str(attempt.amount_rial),
        "rrn": attempt.rrn.zfill(12),
    }
    return panel_row(int(attempt.pk), **known | said)


def states() -> list[tuple[str, str, int]]:
    return list(StatementLine.objects.order_by("line_no", "pk").values_list("state", "rule", "amount_rial"))


def test_lines_are_tied_alike_in_the_order_of_the_file(source, is_large):
    fits, short, back, suggested, twin = (
        paid_attempt(amount, at=st.days_ago(2)) for amount in (100_000, 200_000, 300_000, 400_000, 500_000)
    )
    unknown = row_of(suggested, rrn="999999999999", trace="999999")
    file = panel_file(
        row_of(fits), row_of(fits), row_of(short, amount="20000"), row_of(back), row_of(back, status="برگشت"), unknown,
        row_of(twin), row_of(twin, terminal="87654321"), row_of(fits, date="1405/13/01"),
    )  # fmt: skip
    statement = take(source, file)
    counts = statement.counts
    assert (counts["new"], counts["known"], counts["unread"]) == (7, 1, 1)
    assert counts.get("matched_when_read", False) is is_large
    match_import(statement.pk)
    assert states() == [
        ("matched", "rrn", 100_000), ("differs", "rrn", 20_000), ("matched", "rrn", 300_000),
        ("matched", "rrn", 300_000), ("suggested", "", 400_000), ("matched", "rrn", 500_000),
        ("differs", "rrn", 500_000),
    ]  # fmt: skip
    assert Attempt.objects.get(pk=back.pk).state == "refunded"
    kinds = Discrepancy.objects.filter(settled_at=None).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["amount_differs", "twin_or_repeat"]
    assert MatchSuggestion.objects.get().attempt_id == suggested.pk
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


def test_a_later_file_and_the_same_file_add_nothing(source, is_large):
    attempts = [paid_attempt(100_000 * n, at=st.days_ago(2)) for n in (1, 2, 3)]
    first = take(source, panel_file(*map(row_of, attempts[:2])))
    match_import(first.pk)
    again = take(source, panel_file(*map(row_of, attempts), row_of(attempts[0], amount="7000")))
    match_import(again.pk)
    assert (again.counts["new"], again.counts["contradicted"]) == (1, 1)
    assert [state for state, _, _ in states()] == ["matched"] * 3
    assert StatementImport.objects.filter(state="posted").count() == 2


def test_a_file_without_a_new_line_looks_at_the_open_ones_again(source, is_large):
    at = st.days_ago(2)
    attempt = attempt_for(give(100_000, at=at), at=at)
    day = iso_jalali(tehran_day(at)).replace("-", "/")
    file = panel_file(panel_row(1, amount="100000", rrn="000000000123", date=day))
    match_import(take(source, file).pk)
    assert [state for state, _, _ in states()] == ["differs"]
    settle({attempt.pk: finding(attempt, paid(attempt, rrn="123"))}, now=at)
    again = take(source, file + b"\n")
    match_import(again.pk)
    assert (again.counts["new"], [state for state, _, _ in states()]) == (0, ["matched"])


def test_lines_that_come_after_reading_are_matched_too(source, is_large):
    """A person adds a twin to a file that was matched when it was read."""
    attempt = paid_attempt(100_000, at=st.days_ago(2))
    statement = take(source, panel_file(row_of(attempt)))
    match_import(statement.pk)
    late = paid_attempt(250_000, at=st.days_ago(2))
    st.write(source, st.line_of(late))
    match_import(statement.pk)
    assert StatementLine.objects.get(amount_rial=250_000).state == "matched"
    assert OutboxMessage.objects.filter(task="payments.match_import").exists()

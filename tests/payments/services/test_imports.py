"""Files into the table of lines: each line once, however often and in whatever pieces it comes."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.invariants import run_checks
from core.models import AuditEntry, OutboxMessage
from payments.enums import ImportState
from payments.models import (
    LineRevision,
    MappingProfile,
    StatementImport,
    StatementLine,
    StatementSource,
    UnreadLine,
)
from payments.services import imports, statement_files
from payments.services.imports import progress_of, read_again, read_import, take_file
from payments.services.unread_lines import resolve_unread
from provinces.models import Office
from provinces.scoping import Scope, open_scope
from tests.factories.people import person
from tests.payments.statements.files import BANK, HEADING, PANEL, bank_file, panel_file, panel_row
from tests.payments.statements.workbook import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path, country):
    settings.MEDIA_ROOT = tmp_path


def make_source(rules: dict, key: str = "panel", file_format: str = "csv") -> StatementSource:
    profile = MappingProfile.objects.create(
        key=f"test-{key}", name="آزمون", kind="gateway_transactions", file_format=file_format, rules=rules
    )
    office = Office.objects.filter(level="hq").get()
    return StatementSource.objects.create(
        key=key,
        name="آزمون",
        kind="gateway_transactions",
        profile=profile,
        office=office,
        account="clearing:x:1",
    )


@pytest.fixture
def panel() -> StatementSource:
    return make_source(PANEL)


@pytest.fixture
def bank() -> StatementSource:
    return make_source(BANK, "bank")


def take(source: StatementSource, content: bytes) -> StatementImport:
    """Take a file in and read it, as the long worker does."""
    statement, _ = take_file(source, [content], name="file", job="test")
    read_import(statement.pk)
    statement.refresh_from_db()
    return statement


def table(source: StatementSource) -> list[tuple]:
    """What the table says, without which file said it first."""
    rows = StatementLine.objects.filter(source=source).values_list(
        "day",
        "fingerprint",
        "kind",
        "amount_rial",
        "occurred_at",
        "rrn",
        "trace_no",
        "card_masked",
        "description",
        "key_rank",
    )
    return sorted((str(row[0]), bytes(row[1]).hex(), *map(str, row[2:])) for row in rows)


def test_lines_are_taken_in_with_all_they_say(panel):
    statement = take(panel, panel_file(panel_row(1, text="شرح \\ و\ttab"), panel_row(2, rrn="۹ ۹ ۹")))
    assert (statement.state, statement.counts["new"], progress_of(statement)) == (ImportState.READ, 2, 100)
    line = StatementLine.objects.get(source=panel, rrn="000000000001")
    assert (line.amount_rial, line.terminal_code, line.kind, line.state) == (
        250_000,
        "12345678",
        "payment",
        "new",
    )
    assert line.description == "شرح \\ و tab"
    assert str(line.day) == "2024-11-27"
    assert OutboxMessage.objects.filter(
        task="payments.match_import", payload={"import_id": statement.pk}
    ).exists()


def test_the_same_file_twice_is_taken_once(panel):
    first, created = take_file(panel, [panel_file(panel_row(1))], name="a.csv", job="test")
    again, created_again = take_file(panel, [panel_file(panel_row(1))], name="b.csv", job="test")
    assert (created, created_again, again.pk) == (True, False, first.pk)
    assert len(list(statement_files.Path(statement_files.settings.MEDIA_ROOT).rglob("*.sealed"))) == 1
    assert OutboxMessage.objects.filter(task="payments.read_import").count() == 1


def test_reading_may_be_repeated(panel):
    statement = take(panel, panel_file(panel_row(1), panel_row(2, rrn="1.2E+11", trace="x" * 99)))
    before = table(panel)
    for _ in range(2):
        StatementImport.objects.update(state=ImportState.RECEIVED)
        read_import(statement.pk)
    assert table(panel) == before
    assert UnreadLine.objects.count() == 1


def test_a_reading_that_dies_in_the_middle_leaves_nothing(panel, monkeypatch):
    statement, _ = take_file(panel, [panel_file(panel_row(1))], name="a.csv", job="test")
    monkeypatch.setattr(imports, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        read_import(statement.pk)
    assert not StatementLine.objects.exists()
    monkeypatch.undo()
    read_import(statement.pk)
    assert StatementLine.objects.count() == 1


def test_the_checks_miss_a_line_that_is_gone(panel):
    statement = take(panel, panel_file(*map(panel_row, range(1, 4))))
    assert not [check for check in run_checks() if not check.holds]
    StatementLine.objects.filter(line_no=2).update(first_import_id=statement.pk + 1)
    broken = [check.name for check in run_checks() if not check.holds]
    assert len([name for name in broken if "statement" in name]) == 2


def test_overlapping_files_say_a_line_once(panel):
    take(panel, panel_file(*map(panel_row, range(1, 6))))
    statement = take(panel, panel_file(*map(panel_row, range(3, 9))))
    assert (statement.counts["new"], statement.counts["known"]) == (3, 3)
    assert StatementLine.objects.count() == 8


def test_a_corrected_file_revises_what_nothing_hangs_on(panel):
    take(panel, panel_file(panel_row(1), panel_row(2)))
    used = StatementLine.objects.get(rrn="000000000002")
    StatementLine.objects.filter(pk=used.pk).update(attempt_id=5, state="matched", rule="rrn")
    corrected = panel_file(
        panel_row(1, amount="300000"),
        panel_row(2, amount="300000"),
        panel_row(3),
        panel_row(1, status="برگشت"),
    )
    statement = take(panel, corrected)
    assert (statement.counts["revised"], statement.counts["contradicted"], statement.counts["new"]) == (
        1,
        1,
        2,
    )
    assert StatementLine.objects.get(rrn="000000000001", kind="payment").amount_rial == 300_000
    assert StatementLine.objects.get(pk=used.pk).amount_rial == 250_000
    revisions = LineRevision.objects.order_by("line_id").values_list("before", "after", "is_applied")
    assert list(revisions) == [
        ({"amount_rial": 250_000}, {"amount_rial": 300_000}, True),
        ({"amount_rial": 250_000}, {"amount_rial": 300_000}, False),
    ]
    cases = OutboxMessage.objects.filter(task="cases.open_case").values_list(
        "payload__kind", "payload__count"
    )
    assert list(cases) == [("line_changed", 1)]
    take(panel, corrected + b"\n")
    assert LineRevision.objects.count() == 2, "the same contradiction is told once"


def test_a_blank_takes_no_value_away(panel):
    take(panel, panel_file(panel_row(1, text="شرح")))
    statement = take(panel, panel_file(panel_row(1, text="", card="")))
    assert statement.counts["revised"] == 0
    assert StatementLine.objects.get().description == "شرح"


def test_one_file_that_says_two_things_of_a_line_is_asked_about(panel):
    statement = take(panel, panel_file(panel_row(1), panel_row(1, amount="7000"), panel_row(1)))
    assert (statement.counts["new"], statement.counts["contradicted"]) == (1, 1)
    assert StatementLine.objects.get().amount_rial == 250_000


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_line_whose_number_a_spreadsheet_destroyed_is_the_same_line(panel, whole_first):
    whole, destroyed = panel_file(panel_row(7, rrn="999999999999")), panel_file(panel_row(7, rrn="1E+12"))
    for content in (whole, destroyed) if whole_first else (destroyed, whole):
        take(panel, content)
    line = StatementLine.objects.get()
    assert (line.rrn, line.key_rank) == ("999999999999", 0)
    take(panel, whole + b"\n")
    assert StatementLine.objects.count() == 1


GIFT = "1403/09/07,10:00:00,,500000,,کارت به کارت"


def test_five_hundred_equal_gifts_of_a_day_stay_five_hundred(bank):
    take(bank, bank_file(*[GIFT] * 500))
    assert StatementLine.objects.filter(amount_rial=500_000).count() == 500


def test_equal_lines_of_files_that_overlap_are_one(bank):
    other = "1403/09/07,11:00:00,,600000,,دیگر"
    take(bank, bank_file(GIFT, GIFT, other))
    statement = take(bank, bank_file(GIFT, GIFT, GIFT, other))
    assert (statement.counts["new"], statement.counts["twin_or_repeat"]) == (1, 0)
    assert StatementLine.objects.count() == 4


def test_an_equal_line_in_a_file_that_does_not_overlap_is_asked_about(bank):
    take(bank, bank_file("1403/09/07,09:00:00,,100000,,صبح", GIFT))
    statement = take(bank, bank_file(GIFT, "1403/09/07,18:00:00,,100000,,عصر"))
    assert (statement.counts["new"], statement.counts["twin_or_repeat"]) == (1, 1)
    question = UnreadLine.objects.get()
    assert (question.reason, question.fields["amount_rial"]) == ("twin_or_repeat", 500_000)
    assert OutboxMessage.objects.get(task="cases.open_case").payload["kind"] == "twin_or_repeat"


def test_what_cannot_be_read_is_kept_sealed_and_once(panel):
    content = panel_file(panel_row(1, date="1404/12/30"), "آشغال", "آشغال", panel_row(2))
    statement = take(panel, content)
    assert (statement.counts["unread"], statement.counts["unread_new"]) == (3, 3)
    assert sorted(UnreadLine.objects.values_list("reason", flat=True)) == [
        "bad_date",
        "column_count",
        "column_count",
    ]
    assert "آشغال" in {line.raw for line in UnreadLine.objects.all()}
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM payments_unreadline")
        assert not any("آشغال" in raw for (raw,) in cursor.fetchall())
    take(panel, content + b"\n")
    assert UnreadLine.objects.count() == 3


def test_a_better_profile_reads_what_was_unread(panel):
    statement = take(panel, panel_file(panel_row(1), panel_row(2, status="مغایرت")))
    assert UnreadLine.objects.get().reason == "unknown_status"
    rules = json.loads(json.dumps(PANEL))
    rules["values"]["status"]["مغایرت"] = ""
    MappingProfile.objects.filter(pk=panel.profile_id).update(rules=rules)
    read_again(statement, actor=person())
    read_import(statement.pk)
    assert StatementLine.objects.count() == 2
    assert UnreadLine.objects.get().resolved_at is not None
    closing = OutboxMessage.objects.get(task="cases.close_settled").payload
    assert closing == {"kind": "unread_lines", "subject": f"import:{statement.pk}"}


def test_the_last_unread_line_that_is_settled_closes_the_case_of_the_file(panel):
    statement = take(panel, panel_file("آشغال", "زباله", panel_row(1)))
    clerk, closings = person(), OutboxMessage.objects.filter(task="cases.close_settled")
    first, last = UnreadLine.objects.order_by("line_no")
    resolve_unread(first.pk, actor=clerk, resolution="سطر تبلیغ")
    assert not closings.exists()
    resolve_unread(last.pk, actor=clerk, resolution="سطر تبلیغ")
    assert closings.get().payload == {
        "kind": "unread_lines", "subject": f"import:{statement.pk}", "actor_id": clerk.pk, "resolution": "سطر تبلیغ",
    }  # fmt: skip


def test_a_file_of_something_else_is_refused_and_may_come_again(panel):
    statement = take(panel, b"name,age\nx,1\n")
    assert (statement.state, statement.reason) == (ImportState.REFUSED, "no_header")
    assert not StatementLine.objects.exists()
    again, created = take_file(panel, [b"name,age\nx,1\n"], name="a", job="test")
    assert (again.pk, created) == (statement.pk, False)
    assert OutboxMessage.objects.filter(task="payments.read_import").count() == 2


def test_wrong_rules_refuse_the_file(panel):
    MappingProfile.objects.filter(pk=panel.profile_id).update(rules={"colour": 1})
    statement = take(panel, panel_file(panel_row(1)))
    assert (statement.state, statement.reason) == (ImportState.REFUSED, "bad_profile")


def test_a_large_file_is_read_by_a_process_of_its_own(panel):
    statement = take(panel, panel_file(*map(panel_row, range(1, 5001)), "آشغال"))
    assert (statement.counts["new"], statement.counts["unread"]) == (5000, 1)


def test_a_workbook_reads_like_its_text(panel):
    rows = [HEADING.split(","), *[panel_row(n).split(",") for n in (1, 2)]]
    rows[1][3], rows[2][5] = 250000.0, 999999999999.0
    xlsx = make_source(PANEL, "xlsx", "xlsx")
    statement = take(xlsx, workbook(rows))
    assert statement.counts["new"] == 2
    assert set(StatementLine.objects.values_list("rrn", flat=True)) == {"000000000001", "999999999999"}
    refused = take(xlsx, b"no workbook at all")
    assert (refused.state, refused.reason) == (ImportState.REFUSED, "not_a_workbook")


def test_too_large_empty_and_full_disks_are_refused_and_leave_nothing(panel, settings, tmp_path, monkeypatch):
    settings.STATEMENT_MOST_BYTES = 1000
    endless = iter(lambda: b"x" * 500, None)
    for blocks, code in ((endless, "file_too_large"), ([], "empty_file")):
        with pytest.raises(DomainError) as error:
            take_file(panel, blocks, name="a", job="test")
        assert error.value.code == code

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(statement_files.SealedWriter, "write", full)
    with pytest.raises(DomainError) as error:
        take_file(panel, [b"x"], name="a", job="test")
    assert error.value.code == "disk_full"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_on_disk_holds_nothing_in_the_open(panel, tmp_path):
    take(panel, panel_file(panel_row(1, card="6037991234567893")))
    (file,) = tmp_path.rglob("*.sealed")
    assert b"603799" not in file.read_bytes()
    assert StatementLine.objects.get().card_masked == "603799******7893"


def test_another_province_takes_nothing_in(panel):
    with open_scope(Scope(provinces=frozenset({"06"}))), pytest.raises(DomainError) as error:
        take_file(panel, [b"x"], name="a", job="test")
    assert error.value.code == "not_found"


def test_taking_a_file_is_audited(panel):
    take(panel, panel_file(panel_row(1)))
    assert AuditEntry.objects.get(action="statement.take").data["source"] == "panel"


# --- any pieces in any order -----------------------------------------------------------------------------
ROWS = [
    panel_row(
        n, amount=str(1000 * (n % 3 + 1)), date=f"1403/12/{28 + n % 3}", time=f"{23 * (n % 2):02}:59:59"
    )
    for n in range(1, 13)
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.lists(st.sampled_from(ROWS), max_size=12), max_size=4), data=st.data())
def test_any_shuffling_splitting_and_repeating_of_keyed_lines_gives_the_same_table(panel, pieces, data):
    """What is left over comes in a last file, so that every line has come at least once."""
    whole = _expected()
    number = StatementSource.objects.count()
    source = StatementSource.objects.create(
        key=f"p{number}",
        name="x",
        kind=panel.kind,
        profile=panel.profile,
        office=panel.office,
        account="clearing:x:1",
    )
    rest = data.draw(st.permutations(ROWS))
    for piece in [*pieces, rest]:
        take(source, panel_file(*piece))
    assert {row[2:] for row in table(source)} == whole
    assert StatementLine.objects.filter(source=source).count() == len(ROWS)
    assert not UnreadLine.objects.filter(source=source).exists()
    assert not LineRevision.objects.filter(line__source=source).exists()


def _expected() -> set[tuple]:
    from payments.statements.profiles import parse_profile
    from payments.statements.reading import Reading

    found = list(Reading(parse_profile(PANEL, "csv"), io.BytesIO(panel_file(*ROWS))).outcomes())[1:]
    return {
        (
            "payment",
            str(line.amount_rial),
            str(_moment(line.occurred_at)),
            line.ids[1],
            line.ids[3],
            line.card_masked,
            "",
            "0",
        )
        for line in found
    }


def _moment(text: str):
    from datetime import UTC, datetime

    return datetime.fromisoformat(text).astimezone(UTC)

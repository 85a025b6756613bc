"""Whole files as they really come."""

import io
import random

import pytest

from core.errors import DomainError
from core.text import excel_safe
from payments.statements.base import IDS, KEYLESS, FileRefused, Passed, ReadLine, UnreadLine
from payments.statements.profiles import parse_profile
from payments.statements.reading import Reading, physical_lines
from tests.payments.statements.files import (
    BANK,
    DAMAGE,
    HEADING,
    PANEL,
    bank_file,
    damaged,
    lines,
    panel_file,
    panel_row,
    passed,
    read,
    rrn_of,
    unread,
)


def test_spaces_in_references_and_persian_digits_are_one_number():
    plain, spaced, persian = (
        lines(read(panel_file(panel_row(rrn=text))))[0]
        for text in ("123456789012", " 1234 5678 9012", "۱۲۳۴۵۶۷۸۹۰۱۲\u200c")
    )
    assert plain.fingerprint == spaced.fingerprint == persian.fingerprint
    assert rrn_of(spaced) == "123456789012"


def test_lost_zeros_come_back():
    whole, lost = (lines(read(panel_file(panel_row(rrn=text))))[0] for text in ("000123456789", "123456789"))
    assert whole.fingerprint == lost.fingerprint


def test_scientific_notation_leaves_the_weaker_key_or_nothing():
    weaker, gone = (
        read(panel_file(panel_row(rrn="1.23457E+11", trace=trace))) for trace in ("000007", "1.2E+05")
    )
    assert lines(weaker)[0].key_rank == 1
    assert lines(weaker)[0].damaged == ("rrn",)
    assert [(line.reason, "1.23457E+11" in line.raw) for line in unread(gone)] == [("damaged_key", True)]


def test_a_damaged_id_never_makes_a_line_keyless():
    rules = {**PANEL, "key": [["terminal_code", "rrn"]], "without_key": "content"}
    assert [line.reason for line in unread(read(panel_file(panel_row(rrn="1.2E+11")), rules))] == [
        "damaged_key"
    ]
    assert lines(read(panel_file(panel_row(rrn="")), rules))[0].key_rank == KEYLESS


def test_equal_twins_without_a_key_are_as_many_as_there_are():
    row = "1403/09/07,10:00,,500000,,کارت به کارت"
    found = lines(read(bank_file(*[row] * 500), BANK))
    assert len({line.fingerprint for line in found}) == 500
    assert len({line.content for line in found}) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding, end):
    rows = [panel_row(n, text="ي ك علي") for n in (1, 2, 3)]
    text = end.join([HEADING, *rows]) + end
    if encoding == "utf-16" and end == "\r":
        end, text = "\n", text.replace("\r", "\n")
    if encoding == "cp1256":
        text = text.replace("ی", "ي").replace("ک", "ك")
    found = read(text.encode(encoding))
    assert [line.description for line in lines(found)] == ["ی ک علی"] * 3
    assert not unread(found)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_heading(delimiter):
    content = panel_file(panel_row(1), panel_row(2)).replace(b",", delimiter.encode())
    assert len(lines(read(content))) == 2


def test_headings_may_stand_below_a_letterhead_and_come_again():
    content = "بانک نمونه\nاز ۱۴۰۳/۰۹/۰۱\n".encode() + panel_file(panel_row(1), "", HEADING, panel_row(2))
    found = read(content)
    assert len(lines(found)) == 2
    assert passed(found) == ["preamble", "preamble", "header", "blank", "header"]


def test_columns_in_another_order_under_other_names():
    rules = {**PANEL, "columns": {**PANEL["columns"], "amount": ["مبلغ تراکنش", "مبلغ"]}}
    content = "مبلغ  تراكنش:,شماره مرجع,تاریخ,شماره پایانه,وضعیت\n250000,1,1403/09/07,1,موفق\n".encode()
    assert lines(read(content, rules))[0].amount_rial == 250_000


def test_a_file_of_something_else_is_refused_with_what_was_seen():
    with pytest.raises(FileRefused) as error:
        read(b"name,age\nx,1\n")
    assert (error.value.reason, error.value.facts["seen"]) == ("no_header", ["name", "age"])
    for content, reason in ((b"", "empty_file"), (b"PK\x03\x04...", "not_text")):
        with pytest.raises(FileRefused) as error:
            read(content)
        assert error.value.reason == reason
    with pytest.raises(FileRefused) as error:
        read(b"no workbook", file_format="xlsx")
    assert error.value.reason == "not_a_workbook"


def test_a_totals_row_is_passed_over_only_when_it_is_one():
    rows = [panel_row(n, amount=str(n * 1000)) for n in (1, 2, 3)]
    true, false = (",,جمع کل," + amount + ",,,,," for amount in ("6000", "7000"))
    good = read(panel_file(*rows, true))
    assert passed(good) == ["header", "total"]
    assert [line.reason for line in unread(read(panel_file(*rows, false)))] == ["total_differs"]
    pages = read(panel_file(rows[0], ",,جمع صفحه,1000,,,,,", *rows[1:], ",,جمع صفحه,5000,,,,,", true))
    assert passed(pages) == ["header", "total", "total", "total"]


def test_a_gift_whose_text_begins_like_a_total_is_a_gift():
    assert len(lines(read(panel_file(panel_row(text="جمع‌آوری صدقات"))))) == 1


def test_formulas_are_text_and_leave_with_a_guard():
    text = "=HYPERLINK(1)"
    line = lines(read(panel_file(panel_row(text=text))))[0]
    assert line.description == text
    assert excel_safe(line.description) == f"'{text}"


def test_a_comma_inside_an_amount_moves_no_column():
    assert [u.reason for u in unread(read(panel_file(panel_row(amount="250,000"))))] == ["column_count"]
    assert lines(read(panel_file(panel_row(amount='"250,000"'))))[0].amount_rial == 250_000


def test_a_broken_quote_costs_one_line():
    rows = [
        panel_row(1),
        panel_row(2, text='"بی‌پایان'),
        panel_row(3),
        panel_row(4, text='"دیگر'),
        panel_row(5),
    ]
    found = read(panel_file(*rows))
    assert [rrn_of(line)[-1] for line in lines(found)] == ["1", "3", "5"]
    assert [line.reason for line in unread(found)] == ["broken_quotes"] * 2


def test_a_quoted_cell_may_hold_a_line_end():
    found = read(panel_file(panel_row(1, text='"یک\r\nدو"'), panel_row(2)))
    assert [line.description for line in lines(found)] == ["یک دو", ""]
    assert passed(found) == ["header", "joined"]


def test_a_wrong_byte_and_an_endless_line_cost_one_line_each():
    good = panel_file(panel_row(1, text="شرح فارسی ایران"), panel_row(2, text="متن دیگر"))
    bad_byte = panel_row(3).encode() + b"\xff\r\n"
    endless = b"x" * 3_000_000 + b"\r\n"
    found = read(good + bad_byte + endless + (panel_row(4) + "\r\n").encode() + b"a\x00b\n")
    assert [rrn_of(line)[-1] for line in lines(found)] == ["1", "2", "4"]
    assert [line.reason for line in unread(found)] == ["bad_encoding", "line_too_long", "control_characters"]


def test_states_tell_what_a_line_is():
    rows = [
        panel_row(1),
        panel_row(2, status="ناموفق"),
        panel_row(3, status="برگشت"),
        panel_row(4, status="؟"),
    ]
    found = read(panel_file(*rows))
    assert [line.kind for line in lines(found)] == ["payment", "reversal"]
    assert passed(found) == ["header", "ignored"]
    assert [line.reason for line in unread(found)] == ["unknown_status"]


def test_a_payment_and_its_reversal_under_one_number_are_two_lines():
    found = lines(read(panel_file(panel_row(1), panel_row(1, status="برگشت"))))
    assert len({line.fingerprint for line in found}) == 2


def test_debit_and_credit_columns():
    rows = [
        "1403/09/07,10:00,,500000,1,واریز", "1403/09/07,10:00,300000,,2,برداشت", "1403/09/07,10:00,0,400000,3,",
        "1403/09/07,10:00,1,1,4,", "1403/09/07,10:00,,,5,",
    ]  # fmt: skip
    found = read(bank_file(*rows), BANK)
    assert [(line.kind, line.amount_rial) for line in lines(found)] == [
        ("credit", 500_000), ("debit", 300_000), ("credit", 400_000),
    ]  # fmt: skip
    assert [line.reason for line in unread(found)] == ["debit_and_credit", "no_amount"]


def test_zero_negative_and_future_lines_wait_for_a_person():
    rows = [panel_row(1, amount="0"), panel_row(2, amount="-5000"), panel_row(3, date="1404/01/01")]
    found = read(panel_file(*rows), latest_day="2024-12-31")
    assert [line.reason for line in unread(found)] == ["zero_amount", "negative_amount", "future_day"]
    signed = {**PANEL, "sign": "signed", "negative": "reversal"}
    assert lines(read(panel_file(rows[1]), signed))[0].kind == "reversal"


def test_fixed_text_is_cut_at_its_places():
    rules = {
        "columns": {"terminal_code": [0, 4], "date": [4, 12], "amount": [12, 20], "rrn": [20, 26]},
        "key": [["terminal_code", "rrn"]], "date_formats": ["YYYYMMDD"], "line_length": 26,
    }  # fmt: skip
    content = b"12341403090700250000000001\r\n1234140309070025000000000\r\n\r\n"
    found = read(content, rules, "fixed")
    assert [(line.day, line.amount_rial, rrn_of(line)) for line in lines(found)] == [
        ("2024-11-27", 250_000, "000001")
    ]
    assert [line.reason for line in unread(found)] == ["wrong_length"]
    assert passed(found) == ["blank"]


def test_every_profile_that_is_shipped_is_sound():
    import json
    from pathlib import Path

    kinds = set()
    for path in Path("payments/data/profiles").glob("*.json"):
        row = json.loads(path.read_text(encoding="utf-8"))
        parse_profile(row["rules"], row["file_format"])
        kinds.add(row["kind"])
    assert kinds == {"gateway_transactions", "gateway_settlement", "bank", "ussd", "app", "pos"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"columns": {}}, ["columns.date", "missing"]),
        ({"calendar": "lunar"}, ["calendar", "unknown_choice"]),
        ({"key": [["nothing"]]}, ["key.nothing", "unknown_column"]),
        ({"key": []}, ["key", "missing"]),
        ({"colour": 1}, ["colour", "unknown_rule"]),
        ({"widths": {"rrn": "12"}}, ["widths.rrn", "not_a_number"]),
        ({"values": {"status": {"x": "gift"}}}, ["values.status", "unknown_choice"]),
        ({"columns": {**PANEL["columns"], "fee": ["مبلغ"]}}, ["columns.fee", "heading_twice"]),
        ({"sign": "signed"}, ["negative", "missing"]),
        ({"columns": 1}, ["columns", "not_an_object"]),
    ],
)
def test_wrong_rules_are_named(change, problem):
    with pytest.raises(DomainError) as error:
        parse_profile({**PANEL, **change}, "csv")
    assert problem in error.value.data["problems"]


@pytest.mark.parametrize(
    "rules",
    [
        None,
        1,
        [],
        {"columns": {"date": None}},
        {"key": 5},
        {"totals": 3},
        {"values": []},
        {"date_formats": "x"},
    ],
)
def test_rules_of_any_shape_are_refused_and_never_raise_otherwise(rules):
    with pytest.raises(DomainError):
        parse_profile(rules, "csv")


# --- damage ----------------------------------------------------------------------------------------------
def test_100_000_damaged_lines_are_all_accounted_for():
    rng = random.Random(14030907)
    rows = [damaged(rng, panel_row(n, text="کمک").encode()) for n in range(100_000)]
    content = (HEADING + "\n").encode() + b"\n".join(rows) + b"\n"
    reading = Reading(parse_profile(PANEL, "csv"), io.BytesIO(content))
    numbers = [outcome.line_no for outcome in reading.outcomes()]
    assert numbers == list(range(1, content.count(b"\n") + 1))
    assert physical_lines(reading.counts) == len(numbers)
    assert reading.counts["unread"] > 10_000
    assert reading.counts["read"] > 10_000


@pytest.mark.parametrize("seed", range(40))
def test_files_damaged_anywhere_never_raise(seed):
    rng = random.Random(seed)
    rows = [panel_row(n) for n in range(60)]
    content = bytearray(panel_file(*rows, encoding=rng.choice(["utf-8", "utf-16", "cp1256"])))
    if rng.random() < 0.3:
        content = bytearray(bank_file(*["1403/09/07,10:00,,5000,1,x"] * 60))
    for _ in range(rng.randrange(1, 60)):
        at = rng.randrange(len(content))
        content[at : at + rng.randrange(4)] = rng.choice(DAMAGE)
    rules = rng.choice([PANEL, BANK])
    reading = Reading(parse_profile(rules, "csv"), io.BytesIO(bytes(content)))
    try:
        outcomes = list(reading.outcomes())
    except FileRefused:
        return
    numbers = [outcome.line_no for outcome in outcomes]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(isinstance(outcome, ReadLine | UnreadLine | Passed) for outcome in outcomes)
    assert all(line.amount_rial > 0 and len(line.ids) == len(IDS) for line in lines(outcomes))

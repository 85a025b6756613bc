"""Tables as files: read back as they were, and never a formula."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from core.sheets import to_csv, to_xlsx

AT = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells_of(file: bytes) -> list[list[str | None]]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = sheet.findall("m:sheetData/m:row", NAMES)
    return [["".join(cell.itertext()) or None for cell in row.findall("m:c", NAMES)] for row in rows]


def test_what_is_written_is_read_back():
    rows = [["۱۴۰۵-C1-000001", 125_000, "نذر & نیاز <۱>", None], ["b", 0, "", "x"]]
    assert cells_of(to_xlsx("دفتر/روز", ["الف", "ب", "ج", "د"], rows, made_at=AT)) == [
        ["الف", "ب", "ج", "د"],
        ["۱۴۰۵-C1-000001", "125000", "نذر & نیاز <۱>", None],
        ["b", "0", None, "x"],
    ]
    text = to_csv(["الف", "ب"], [["a,b", 5], [None, "۲"]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["الف", "ب"], ["a,b", "5"], ["", "۲"]]


@pytest.mark.parametrize("evil", ["=1+1", "+98", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(evil):
    assert cells_of(to_xlsx("t", ["h"], [[evil]], made_at=AT))[1][0].startswith("'")
    assert to_csv(["h"], [[evil]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    assert b"<f>" not in to_xlsx("t", [evil], [], made_at=AT)


def test_a_number_beyond_what_a_sheet_keeps_stays_exact_as_text():
    long = 1234567890123456
    file = to_xlsx("t", ["h"], [[long]], made_at=AT)
    assert cells_of(file)[1] == [str(long)]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert b"<v>" not in archive.read("xl/worksheets/sheet1.xml")


def test_signs_that_no_xml_may_hold_are_left_out():
    assert cells_of(to_xlsx("t", ["h"], [["a\x00\x0bb"]], made_at=AT))[1] == ["ab"]


def test_the_same_table_gives_the_same_file():
    assert to_xlsx("t", ["h"], [["a"]], made_at=AT) == to_xlsx("t", ["h"], [["a"]], made_at=AT)

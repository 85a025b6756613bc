"""Rows of an old registry's file: CSV of any usual encoding and separator, or the first sheet of a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook

from core.errors import DomainError
from core.text import search_key
from volunteers import registry_phrases as words

MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
LOOKED_THROUGH = 15  # rows in which the headings are looked for
_ENCODINGS = ("utf-8-sig", "cp1256")
_SEPARATORS = ",;\t|"
_LONGEST_CELL = 2_000

Row = tuple[int, list[str]]


def rows_of(content: bytes) -> Iterator[Row]:
    """(line number, cells) of every line that has any; DomainError: unreadable_file, registry_too_large, empty_file."""
    if not content:
        raise DomainError("registry_empty", field="file")
    if content[:4] == b"PK\x03\x04":
        return _of_workbook(content)
    return _of_text(content)


def find_columns(rows: list[Row]) -> tuple[int, dict[str, int]]:
    """(line number of the headings, column name → its place) among the first rows; DomainError("no_headings")."""
    aliases = {search_key(alias): name for name, line in words.COLUMNS.items() for alias in line.split("|")}
    best: tuple[int, dict[str, int]] = (0, {})
    for line_no, cells in rows:
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = aliases.get(search_key(cell))
            if name:
                found.setdefault(name, at)
        if len(found) > len(best[1]):
            best = (line_no, found)
    if not all(needed & set(best[1]) for needed in words.NEEDED):
        raise DomainError("no_headings", field="file")
    return best


def _of_text(content: bytes) -> Iterator[Row]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
    else:
        text = _decoded(content)
    head = text[:4_096]
    separator = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(_LONGEST_CELL * 50)
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=separator)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, [cell[:_LONGEST_CELL] for cell in cells]
    except csv.Error as error:
        raise DomainError("unreadable_file", field="file") from error


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("unreadable_file", field="file")


def _of_workbook(content: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise DomainError("registry_too_large", field="file")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.end is None:
                continue
            for line_no, values in enumerate(sheet.iter_rows(), 1 + (sheet.start or (0, 0))[0]):
                if any(value != "" for value in values):
                    yield line_no, [_text(value)[:_LONGEST_CELL] for value in values]
            return
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, KeyError) as error:
        raise DomainError("unreadable_file", field="file") from error
    raise DomainError("registry_empty", field="file")


def _text(value: object) -> str:
    """Numbers as they were meant: whole ones without a point."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)

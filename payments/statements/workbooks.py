"""Rows of an Excel workbook. Cells become the texts that a person sees, or as good as: numbers lose nothing here,
and what Excel itself has already lost (digits beyond the fifteenth) shows as a scientific number, which no id is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from payments.statements.base import FileRefused
from payments.statements.rows import Row

MOST_UNPACKED_BYTES = 1_500_000_000
_EXACT = 10**15


def workbook_rows(stream: BinaryIO) -> Iterator[Row]:
    """Rows of the first sheet that has any, blank ones between them too; FileRefused for what is no workbook."""
    content = stream.read()
    _check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        del content
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.end is not None:
                yield from _rows(sheet)
                return
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise FileRefused("not_a_workbook") from error
    raise FileRefused("empty_file")


def _check_size(content: bytes) -> None:
    """A small file may unpack to more than the machine has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise FileRefused("not_a_workbook") from error
    if size > MOST_UNPACKED_BYTES:
        raise FileRefused("file_too_large")


def _rows(sheet) -> Iterator[Row]:
    first = (sheet.start or (0, 0))[0]
    for line_no, values in enumerate(sheet.iter_rows(), 1 + _offset(sheet, first)):
        yield Row(line_no, [v if type(v) is str else _text(v) for v in values], None)


def _offset(sheet, first: int) -> int:
    """How many rows before the first used one the library leaves out."""
    return first if sheet.height <= sheet.end[0] + 1 - first else 0


def _text(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= _EXACT:
        return f"{value:.14e}"
    return str(int(value)) if value == int(value) else repr(value)

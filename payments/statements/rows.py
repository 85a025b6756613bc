"""Physical lines of a file as rows of cells: (line number, cells, raw text, reason).

`cells` is None for a line that is broken as such, with the reason. One line too long, one broken quote or one
wrong byte costs that line and no other.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from payments.statements.base import FileRefused

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 64_000
MOST_JOINED = 20  # physical lines of one quoted cell
JOINED = "joined"  # a physical line that belongs to the row before it
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Row(NamedTuple):
    line_no: int
    cells: list[str] | None
    raw: str | None  # None: the cells are the text
    reason: str = ""

    @property
    def text(self) -> str:
        return "\t".join(self.cells or []) if self.raw is None else self.raw


# --- bytes to lines --------------------------------------------------------------------------------------
def lines_of(stream: BinaryIO, encoding: str) -> Iterator[tuple[str, str]]:
    """(text, reason) of every physical line; the reason is "" for a sound one. Memory does not grow with the file."""
    head = stream.read(BLOCK_BYTES)
    encoding, skipped = _encoding_of(head, encoding)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused("not_text")
    yield from _split(_blocks(stream, head[skipped:]), encoding)


def _encoding_of(head: bytes, said: str) -> tuple[str, int]:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if said == "utf-16":
        return "utf-16-le", 0
    if said != "auto":
        return {"windows-1256": "cp1256"}.get(said, said), 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return ("utf-8" if _is_mostly_utf8(head) else "cp1256"), 0
    return ("auto" if head.isascii() else "utf-8"), 0


def _is_mostly_utf8(head: bytes) -> bool:
    """Wrong bytes in a text that is UTF-8 elsewhere are damage, not another encoding: a line of Windows-1256
    hardly ever happens to be UTF-8."""
    sound = 0
    strange = [line for line in head.split(b"\n") if not line.isascii()]
    for line in strange:
        with suppress(UnicodeDecodeError):
            line.decode("utf-8")
            sound += 1
    return sound * 10 > len(strange)


def _blocks(stream: BinaryIO, first: bytes) -> Iterator[bytes]:
    yield first
    while block := stream.read(BLOCK_BYTES):
        yield block


def _split(blocks: Iterator[bytes], encoding: str) -> Iterator[tuple[str, str]]:
    wide = encoding.startswith("utf-16")
    end = "\n".encode(encoding) if wide else b"\n"
    rest = b""
    cut = False  # inside a line that was already given up as too long
    old_mac: bool | None = None
    for block in blocks:
        data = rest + block
        if old_mac is None:
            old_mac = not wide and b"\n" not in data and b"\r" in data
        if old_mac:
            data = data.replace(b"\r", b"\n")
        at = _last_end(data, end)
        whole, rest = data[:at], data[at:]
        if whole:
            if cut:
                whole, cut = whole[whole.index(end) + len(end) :], False
            yield from _decoded(whole, encoding)
        if len(rest) > LONGEST_LINE:
            if not cut:
                yield _lenient(rest[:LONGEST_LINE], encoding), "line_too_long"
            rest, cut = rest[-1:] if not wide else b"", True
    if rest and not cut:
        yield from _decoded(rest, encoding)


def _last_end(data: bytes, end: bytes) -> int:
    at = data.rfind(end)
    while len(end) == 2 and at % 2 == 1:  # half of one sign and half of the next
        at = data.rfind(end, 0, at + 1)
    return at + len(end) if at >= 0 else 0


def _decoded(whole: bytes, encoding: str) -> Iterator[tuple[str, str]]:
    try:
        text = whole.decode("utf-8" if encoding == "auto" else encoding)
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        sound = "\x00" not in text and len(max(lines, key=len, default="")) <= LONGEST_LINE
    except UnicodeDecodeError:
        yield from _one_by_one(whole, encoding)
        return
    if sound:
        for line in lines:
            yield line, ""
    else:
        for line in lines:
            yield _judged(line)


def _one_by_one(whole: bytes, encoding: str) -> Iterator[tuple[str, str]]:
    if encoding.startswith("utf-16"):
        for line in whole.decode(encoding, "replace").removesuffix("\n").split("\n"):
            yield line, "bad_encoding" if "\ufffd" in line else _judged(line)[1]
        return
    for part in whole.removesuffix(b"\n").split(b"\n"):
        try:
            yield _judged(part.decode("utf-8" if encoding == "auto" else encoding))
        except UnicodeDecodeError:
            if encoding == "auto":  # ASCII so far, so the file had not told its encoding yet
                yield _judged(part.decode("cp1256", "replace"))
            else:
                yield _lenient(part, encoding), "bad_encoding"


def _judged(line: str) -> tuple[str, str]:
    if "\x00" in line:
        return line, "control_characters"
    return (line[:LONGEST_LINE], "line_too_long") if len(line) > LONGEST_LINE else (line, "")


def _lenient(part: bytes, encoding: str) -> str:
    return part.decode("utf-8" if encoding == "auto" else encoding, "backslashreplace")


# --- lines to rows ---------------------------------------------------------------------------------------
def fixed_rows(stream: BinaryIO, encoding: str) -> Iterator[Row]:
    """Fixed text: one cell, the line itself; the profile cuts it."""
    for line_no, (line, reason) in enumerate(lines_of(stream, encoding), 1):
        text = line.removesuffix("\r")
        yield Row(line_no, None if reason else [text], text, reason)


def delimited_rows(lines: Iterator[tuple[str, str]], delimiter: str, width: int) -> Iterator[Row]:
    """Lines cut at a delimiter. A quoted cell may run over several lines; a quote that never ends costs one line.

    `width` is how many columns a row has: a line that is as wide by itself is never taken into another's cell.
    """
    numbered = _Lookahead(lines)
    for line_no, line, reason in numbered:
        text = line.removesuffix("\r")
        if reason:
            yield Row(line_no, None, text, reason)
        elif '"' not in text:
            yield Row(line_no, text.split(delimiter), text)
        elif (cells := _cells(text, delimiter)) is not None:
            yield Row(line_no, cells, text)
        else:
            yield from _over_several(line_no, text, delimiter, width, numbered)


def _over_several(
    line_no: int, text: str, delimiter: str, width: int, following: _Lookahead
) -> Iterator[Row]:
    joined = text
    for count in range(1, MOST_JOINED + 1):
        ahead = following.peek(count - 1)
        if ahead is None or ahead[2] or ahead[1].count(delimiter) >= width - 1:
            break
        joined = f"{joined}\n{ahead[1]}".removesuffix("\r")
        if len(joined) > LONGEST_LINE:
            break
        if (cells := _cells(joined, delimiter)) is not None:
            yield Row(line_no, cells, joined)
            for number, _, _ in following.take(count):
                yield Row(number, None, "", JOINED)
            return
    yield Row(line_no, None, text, "broken_quotes")


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row, None when its quotes do not close."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


class _Lookahead:
    """Numbered lines of which some may be looked at before they are taken."""

    def __init__(self, lines: Iterator[tuple[str, str]]) -> None:
        self._lines = lines
        self._ahead: list[tuple[int, str, str]] = []
        self._line_no = 0

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        while True:
            if self._ahead:
                yield self._ahead.pop(0)
                continue
            line = next(self._lines, None)
            if line is None:
                return
            self._line_no += 1
            yield self._line_no, *line

    def peek(self, place: int) -> tuple[int, str, str] | None:
        while len(self._ahead) <= place:
            line = next(self._lines, None)
            if line is None:
                return None
            self._line_no += 1
            self._ahead.append((self._line_no, *line))
        return self._ahead[place]

    def take(self, count: int) -> list[tuple[int, str, str]]:
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return taken

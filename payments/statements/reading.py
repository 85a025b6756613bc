"""One file through one profile: finds the heading and turns each physical line into what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from payments.statements import keys, owner
from payments.statements.base import OWNER, FileRefused, Outcome, Passed, ReadLine, Unreadable, UnreadLine
from payments.statements.lines import LineReader
from payments.statements.normalise import is_blank, read_raw
from payments.statements.profiles import Profile, fold
from payments.statements.rows import JOINED, Row, delimited_rows, fixed_rows, lines_of
from payments.statements.totals import Totals
from payments.statements.workbooks import workbook_rows

LOOKED_AT = 60  # rows in which a heading is looked for
MOST_NOTES = 50


class Reading:
    """Reads a stream once. `outcomes()` gives every physical line; the rest says what was seen meanwhile."""

    def __init__(
        self, profile: Profile, stream: BinaryIO, *, latest_day: str = "", own_accounts: Sequence[str] = ()
    ) -> None:
        self._profile, self._stream = profile, stream
        self._own = own_accounts  # a file that names another account is refused
        self._latest_day = latest_day  # a payment of tomorrow is in doubt
        self.counts: Counter[str] = Counter()
        self.notes: list[dict[str, object]] = []
        self.unmapped: list[str] = []  # headings that no column of the profile has
        self._equal_lines: dict[tuple[str, bytes], int] = {}
        self._equal_raws: dict[bytes, int] = {}
        self._totals = Totals(profile)

    def outcomes(self) -> Iterator[Outcome]:
        """Every physical line in order, and nothing else. Raises FileRefused before the first one or never."""
        yield from map(self._judge, self._rows())

    # --- heading -----------------------------------------------------------------------------------------
    def _rows(self) -> Iterator[Row]:
        profile = self._profile
        if profile.file_format == "xlsx":
            rows: Iterator[Row] = workbook_rows(self._stream)
        elif profile.file_format == "fixed":
            rows = fixed_rows(self._stream, profile.encoding)
        else:
            rows = self._delimited()
        head = list(islice(rows, profile.skip_rows + LOOKED_AT))
        if not head:
            raise FileRefused("empty_file")
        self._header_at, self._header = self._find_header(head)
        places = self._places()
        self._check_owner(head, places.get(OWNER))
        self._reader = LineReader(profile, places, self._width)
        return chain(head, rows)

    def _check_owner(self, head: list[Row], at: int | None) -> None:
        """FileRefused for a file whose beginning speaks of somebody else's account."""
        if not self._own:
            return
        above = [row.text for row in head if row.line_no < self._header_at]
        below = [row.cells[at] for row in head if at is not None and row.cells and self._has_line(row, at)]
        named = owner.accounts_in(above) + [n for text in below if (n := owner.read_account(text))]
        verdicts = {number: owner.is_ours(number, self._own) for number in named}
        if False in verdicts.values() and True not in verdicts.values():
            others = [owner.shown(number) for number, is_ours in verdicts.items() if is_ours is False]
            raise FileRefused("other_account", accounts=others[:5])

    def _has_line(self, row: Row, at: int) -> bool:
        return row.line_no > self._header_at and len(row.cells) > at

    def _delimited(self) -> Iterator[Row]:
        lines = lines_of(self._stream, self._profile.encoding)
        head = list(islice(lines, self._profile.skip_rows + LOOKED_AT))
        delimiter, width = self._delimiter([text for text, reason in head if not reason])
        return delimited_rows(chain(head, lines), delimiter, width)

    def _delimiter(self, head: list[str]) -> tuple[str, int]:
        """The delimiter with which the heading is found, and how many columns it makes."""
        said = self._profile.delimiter
        candidates = [said] if said != "auto" else [",", ";", "\t", "|"]
        if not self._profile.header:
            best = max(candidates, key=lambda d: sum(line.count(d) for line in head))
            widths = Counter(line.count(best) + 1 for line in head)
            return best, widths.most_common(1)[0][0] if widths else 1
        widths = {}
        for candidate in candidates:
            rows = list(delimited_rows(iter([(line, "") for line in head]), candidate, 10_000))
            found = next((row for row in rows if row.cells and self._is_header(row.cells)), None)
            if found is not None:
                return candidate, len(found.cells)
            widths[candidate] = max((len(row.cells or []) for row in rows), default=0)
        best = max(candidates, key=widths.__getitem__)
        return best, widths[best]

    def _find_header(self, head: list[Row]) -> tuple[int, list[str]]:
        """(line number of the heading, its folded cells); without one, the lines to skip."""
        if self._profile.file_format == "fixed" or not self._profile.header:
            widths = Counter(len(row.cells) for row in head if row.cells)
            self._width = widths.most_common(1)[0][0] if widths else 0
            if self._width <= max(self._profile.places.values(), default=-1):
                raise FileRefused("too_few_columns")
            return self._profile.skip_rows, []
        for row in head[self._profile.skip_rows :]:
            if row.cells and self._is_header(row.cells):
                self._width = len(row.cells)
                return row.line_no, [fold(cell) for cell in row.cells]
        seen = max((row.cells or [] for row in head), key=len)
        raise FileRefused("no_header", seen=[cell.strip()[:60] for cell in seen[:30]])

    def _is_header(self, cells: list[str]) -> bool:
        """Every column that a line cannot do without has its heading here."""
        folded = {fold(cell) for cell in cells}
        there = {column for column, names in self._profile.names.items() if not folded.isdisjoint(names)}
        money = {"amount"} & there or {"debit", "credit"} <= there
        return bool("date" in there and money)

    def _places(self) -> dict[str, int]:
        if not self._header:
            return dict(self._profile.places)
        places: dict[str, int] = {}
        for column, names in self._profile.names.items():
            for name in names:
                if name in self._header:
                    places[column] = self._header.index(name)
                    break
        known = set(places.values())
        self.unmapped = [name for at, name in enumerate(self._header) if name and at not in known]
        return places

    # --- lines -------------------------------------------------------------------------------------------
    def _judge(self, row: Row) -> Outcome:
        outcome = self._outcome(row)
        if isinstance(outcome, ReadLine):
            self.counts["read"] += 1
            if outcome.damaged:
                self.counts["with_damage"] += 1
        elif isinstance(outcome, UnreadLine):
            self.counts["unread"] += 1
        else:
            self.counts[outcome.what] += 1
            if outcome.what in ("total", "preamble") and outcome.raw.strip() and len(self.notes) < MOST_NOTES:
                self.notes.append(
                    {"line_no": outcome.line_no, "what": outcome.what, "raw": outcome.raw[:300]}
                )
        return outcome

    def _outcome(self, row: Row) -> Outcome:
        if row.reason == JOINED:
            return Passed(row.line_no, JOINED, "")
        if row.line_no <= self._header_at:
            is_header = bool(self._header) and row.line_no == self._header_at
            return Passed(row.line_no, "header" if is_header else "preamble", read_raw(row.text))
        if row.cells is None:
            return self._unread(row, row.reason)
        try:
            line = self._reader.read(row.line_no, row.cells)
        except Unreadable as error:
            return self._not_a_line(row, error.reason)
        if line is None:
            self._totals.add_ignored(self._reader.last_money)
            return Passed(row.line_no, "ignored", "")
        if self._latest_day and line.day > self._latest_day:
            return self._unread(row, "future_day")
        self._totals.add(line)
        if not line.fingerprint:
            equals = (line.day, line.content)
            ordinal = self._equal_lines[equals] = self._equal_lines.get(equals, 0) + 1
            line.fingerprint = keys.keyless_fingerprint(line.content, ordinal)
        return line

    def _not_a_line(self, row: Row, reason: str) -> Outcome:
        """What no line could be made of: nothing, the heading again, a total that fits, or an unread line."""
        cells = row.cells or []
        if all(map(is_blank, cells)):
            return Passed(row.line_no, "blank", "")
        if self._is_header_again(cells):
            return Passed(row.line_no, "header", "")
        verdict = self._totals.judge(row, self._reader)
        if verdict is None:
            return self._unread(row, reason)
        return (
            Passed(row.line_no, "total", read_raw(row.text))
            if verdict
            else self._unread(row, "total_differs")
        )

    def _is_header_again(self, cells: list[str]) -> bool:
        header = self._header
        if not header or len(cells) != len(header) or fold(cells[0]) != header[0]:
            return False
        return [fold(cell) for cell in cells] == header

    def _unread(self, row: Row, reason: str) -> UnreadLine:
        text = row.text
        digest = keys.raw_hash(text)
        ordinal = self._equal_raws[digest] = self._equal_raws.get(digest, 0) + 1
        return UnreadLine(row.line_no, read_raw(text), reason, digest, ordinal)


def physical_lines(counts: Counter[str]) -> int:
    """How many lines a file had, by what became of them."""
    return sum(n for what, n in counts.items() if what != "with_damage")

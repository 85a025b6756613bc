"""Rows of totals: passed over only when they truly say what the lines above them add up to."""

from __future__ import annotations

import re

from payments.statements.base import ReadLine, Unreadable
from payments.statements.lines import LineReader
from payments.statements.normalise import read_amount
from payments.statements.profiles import Profile, fold
from payments.statements.rows import Row

LONGEST_TITLE = 60
_WORD = re.compile(r"[\W_]*[^\W\d_]{2}")
_OUTGOING = ("debit", "reversal", "fee")


class Totals:
    """Sums of the file and since the last total, and the judgement of a row that calls itself one."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._sums = {"incoming": 0, "outgoing": 0, "fees": 0, "ignored": 0}
        self._at_last_total = dict(self._sums)

    def add(self, line: ReadLine) -> None:
        sums = self._sums
        sums["outgoing" if line.kind in _OUTGOING else "incoming"] += line.amount_rial
        if line.fee_rial:
            sums["fees"] += line.fee_rial

    def add_ignored(self, money: int) -> None:
        self._sums["ignored"] += money

    def judge(self, row: Row, reader: LineReader) -> bool | None:
        """None for a row that is no total; else whether its money is the sum of the lines above, of the whole
        file or since the last total."""
        cells = row.cells or []
        if not any(self._says_total(cell) for cell in cells):
            return None
        try:
            said = self._money_of(cells, reader)
        except Unreadable:
            return False
        since = {name: value - self._at_last_total[name] for name, value in self._sums.items()}
        fits = bool(said) and (set(said) <= _sayings(self._sums) or set(said) <= _sayings(since))
        if fits:
            self._at_last_total = dict(self._sums)
        return fits

    def _money_of(self, cells: list[str], reader: LineReader) -> list[int]:
        said = []
        for column in ("amount", "debit", "credit", "fee"):
            cell = reader.cell(cells, column)
            if cell is not None and not self._says_total(cell):
                amount = read_amount(cell, self._profile.unit)
                said += [] if amount is None else [amount]
        return said

    def _says_total(self, cell: str) -> bool:
        """Words only: folding every number of a damaged file would take longer than reading a sound one."""
        if len(cell) > LONGEST_TITLE or not _WORD.match(cell):
            return False
        folded = fold(cell)
        return any(folded.startswith(word) for word in self._profile.totals)


def _sayings(sums: dict[str, int]) -> set[int]:
    """What a total of these lines may say."""
    incoming, outgoing, fees, ignored = sums.values()
    gross = incoming + outgoing
    return {
        incoming, outgoing, -outgoing, incoming - outgoing, gross, gross + ignored, incoming + ignored, fees,
        incoming - fees,
    }  # fmt: skip

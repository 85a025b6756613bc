"""One row of cells into one line. The hot path of every import: plain code, one pass."""

from __future__ import annotations

from payments.statements import keys
from payments.statements.base import IDS, IGNORE, KEYLESS, ONLY_COMPARED, ReadLine, Unreadable
from payments.statements.moments import MomentReader
from payments.statements.normalise import plain, read_amount, read_card, read_description, read_id
from payments.statements.profiles import Profile, fold

_MOST_REMEMBERED = 50_000
_KEPT = len(IDS)
_OTHERS_IN_KEYS = ("amount", "date", "time", "card_masked", "description")


class LineReader:
    """Reads rows whose columns stand at known places."""

    def __init__(self, profile: Profile, places: dict[str, int], width: int) -> None:
        if profile.spans:
            places = {column: place for place, column in enumerate(profile.spans)}
        self._profile, self._places, self._width = profile, places, width
        self._moments = MomentReader(
            profile.calendar, profile.date_formats, profile.time_formats, profile.zone
        )
        self._amounts: dict[str, int | None] = {}
        self._descriptions: dict[str, str] = {"": ""}
        self._kinds: dict[tuple[str, str], str] = {}
        names = {**IDS, **ONLY_COMPARED}
        self._texts = [profile.constants.get(name, "") for name in names]
        self._ids = [
            (number, name, places[name], longest, profile.widths.get(name))
            for number, (name, longest) in enumerate(names.items())
            if name in places
        ]
        order = {name: number for number, name in enumerate((*names, *_OTHERS_IN_KEYS))}
        self._key = [
            (rank, ",".join(columns), [order[column] for column in columns])
            for rank, columns in enumerate(profile.key)
        ]
        self._status, self._type = (
            places.get(c) if c in profile.values else None for c in ("status", "type")
        )
        self.last_money = 0  # of the row that was read last

    def cell(self, cells: list[str], column: str) -> str | None:
        """The text of a column in a row, None where the row does not reach so far."""
        if self._profile.spans:
            span = self._profile.spans.get(column)
            return cells[0][span[0] : span[1]] if span and cells else None
        place = self._places.get(column)
        return cells[place] if place is not None and place < len(cells) else None

    def read(self, line_no: int, cells: list[str]) -> ReadLine | None:
        """The line, without its fingerprint when only its content names it; None for a row that is no money.

        Unreadable for what cannot be trusted: a wrong number of cells, a day that does not exist, money in doubt,
        an unknown state, no sound key.
        """
        profile, places = self._profile, self._places
        if profile.spans:
            cells = self._cut(cells[0])
        elif (
            len(cells) != self._width
        ):  # a separator inside a cell moved all that follow, or a line cut short
            raise Unreadable("column_count")
        get = places.get
        day, occurred_at = self._moments.read(
            cells[places["date"]], cells[at] if (at := get("time")) is not None else None
        )
        kind, amount = self._money(cells, places)
        self.last_money = amount
        if kind == IGNORE:
            return None
        if amount == 0:
            raise Unreadable("zero_amount")
        fee = self._fee(cells, places)
        texts, damaged = self._texts, ()
        if self._ids:
            texts, damaged = self._read_ids(cells)
        card = read_card(cells[at]) if (at := get("card_masked")) is not None else ""
        description = self._description(cells[at]) if (at := get("description")) is not None else ""
        money = str(amount)
        content = keys.content_of([kind, money, str(fee), occurred_at, *texts, card, description])
        rank, fingerprint = self._name(kind, [*texts, money, day, occurred_at, card, description], damaged)
        return ReadLine(
            line_no, day, occurred_at, kind, amount, fee, tuple(texts[:_KEPT]), card, description, rank, fingerprint,
            content, damaged,
        )  # fmt: skip

    def _cut(self, text: str) -> list[str]:
        length = self._profile.line_length
        if length and len(text) != length:
            raise Unreadable("wrong_length")
        if any(
            len(text) < span[0] for column, span in self._profile.spans.items() if column != "description"
        ):
            raise Unreadable("wrong_length")
        return [text[a:b] for a, b in self._profile.spans.values()]

    def _money(self, cells: list[str], places: dict[str, int]) -> tuple[str, int]:
        """(kind, positive rials) of a row."""
        profile = self._profile
        kind = self._kind(cells) if profile.values else profile.kind
        at = places.get("amount")
        if at is None:
            return self._debit_or_credit(kind, cells, places)
        amount = self._amount(cells[at])
        if amount is None:
            raise Unreadable("no_amount")
        if amount < 0:
            if kind == IGNORE:
                return kind, -amount
            if profile.sign != "signed":
                raise Unreadable("negative_amount")
            return profile.negative, -amount
        return kind, amount

    def _debit_or_credit(self, kind: str, cells: list[str], places: dict[str, int]) -> tuple[str, int]:
        debit, credit = self._amount(cells[places["debit"]]) or 0, self._amount(cells[places["credit"]]) or 0
        if debit and credit:
            raise Unreadable("debit_and_credit")
        if not debit and not credit:
            raise Unreadable("no_amount")
        amount, said = (credit, "credit") if credit else (abs(debit), "debit")
        if amount < 0:
            raise Unreadable("negative_amount")
        return (kind if kind != self._profile.kind else said), amount

    def _amount(self, text: str) -> int | None:
        if text in self._amounts:
            return self._amounts[text]
        if len(self._amounts) >= _MOST_REMEMBERED:
            self._amounts.clear()
        amount = self._amounts[text] = read_amount(text, self._profile.unit)
        return amount

    def _fee(self, cells: list[str], places: dict[str, int]) -> int:
        at = places.get("fee")
        fee = self._amount(cells[at]) if at is not None else 0
        return abs(fee or 0)

    def _kind(self, cells: list[str]) -> str:
        status = cells[self._status] if self._status is not None else ""
        said = (status, cells[self._type] if self._type is not None else "")
        kind = self._kinds.get(said)
        if kind is None:
            if len(self._kinds) >= _MOST_REMEMBERED:
                self._kinds.clear()
            kind = self._kinds[said] = self._meant(said)
        return kind

    def _meant(self, said: tuple[str, ...]) -> str:
        kind = self._profile.kind
        for column, text in zip(("status", "type"), said, strict=True):
            known = self._profile.values.get(column)
            if known is None:
                continue
            meaning = known.get(fold(plain(text)))
            if meaning is None:
                raise Unreadable(f"unknown_{column}")
            if meaning == IGNORE:
                return IGNORE
            kind = meaning or kind
        return kind

    def _read_ids(self, cells: list[str]) -> tuple[list[str], tuple[str, ...]]:
        """The ids of a row with the profile's constants where it is silent, and the names of the damaged ones."""
        texts, damaged = self._texts.copy(), ()
        for number, name, at, longest, width in self._ids:
            text = cells[at]
            if text:
                value = read_id(text, longest, width)
                if value:
                    texts[number] = value
                elif value is None:
                    damaged += (name,)
        return texts, damaged

    def _description(self, text: str) -> str:
        known = self._descriptions.get(text)
        if known is None:
            if len(self._descriptions) >= _MOST_REMEMBERED:
                self._descriptions.clear()
            known = self._descriptions[text] = read_description(text)
        return known

    def _name(self, kind: str, texts: list[str], damaged: tuple[str, ...]) -> tuple[int, bytes]:
        """(rank, fingerprint) by the strongest key that is whole. A damaged id never makes a line keyless: the
        same line may stand elsewhere with its id."""
        for rank, columns, numbers in self._key:
            parts = [texts[number] for number in numbers]
            if all(parts):
                return rank, keys.keyed_fingerprint(kind, columns, parts)
        if damaged:
            raise Unreadable("damaged_key")
        if self._profile.without_key == "content":
            return KEYLESS, b""
        raise Unreadable("no_key")

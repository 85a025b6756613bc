"""How far a need has come: money, goods of stock and promises, told by the rooms that know them.

This room stands below those that take gifts, keep stock and write promises down, so they come to it: a room adds its
source once, when it starts (`add_source` in its AppConfig.ready), and every page, the API and the job that marks a
need as funded count it from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from campaigns.models import Need, NeedItem
from provinces.scoping import all_provinces


@dataclass(frozen=True)
class Part:
    """What one source has for a need: whole rials (with the number of gifts), or a quantity of one of its items.
    `is_promised`: it has not come yet and funds nothing. `paid_rial`: so much of these pieces was paid in money that
    is counted as money."""

    need_id: int
    rial: int = 0
    gifts: int = 0
    item_id: int | None = None
    quantity: int = 0
    is_promised: bool = False
    paid_rial: int = 0


Source = Callable[[Sequence[int]], Iterable[Part]]
_sources: dict[str, Source] = {}


@dataclass(frozen=True)
class ItemProgress:
    """One item: what is met (never more than is wanted), what is promised, what is still open."""

    item: NeedItem
    met: int
    promised: int

    @property
    def open(self) -> int:
        return self.item.quantity - self.met


@dataclass(frozen=True)
class Progress:
    """Whole rials: `received_rial` came in money, `goods_rial` is the worth of the priced items that are met, less what
    of them was paid in that money."""

    goal_rial: int | None
    received_rial: int
    gifts: int
    goods_rial: int
    promised_rial: int
    items: tuple[ItemProgress, ...]

    @property
    def covered_rial(self) -> int:
        return self.received_rial + self.goods_rial

    @property
    def percent(self) -> int | None:
        """Whole percent, cut: of the money, or of the pieces where no money is asked for; None without either."""
        if self.goal_rial:
            return max(self.covered_rial, 0) * 100 // self.goal_rial
        wanted = sum(line.item.quantity for line in self.items)
        return sum(line.met for line in self.items) * 100 // wanted if wanted else None

    @property
    def is_reached(self) -> bool:
        """Nothing is wanted any more: the money is there, or every item is."""
        has_money = self.goal_rial is not None and self.covered_rial >= self.goal_rial
        return has_money or (bool(self.items) and all(line.open == 0 for line in self.items))


def add_source(name: str, read: Source) -> None:
    """Let a room tell what it has for needs of these ids, in one query; the same name again takes its place."""
    _sources[name] = read


@all_provinces("needs that were already found in the scope")
def progress_of(needs: Sequence[Need]) -> dict[int, Progress]:
    """The progress of needs the caller has found in its own scope, by id. One question a source and one for the items
    (none where they are prefetched)."""
    ids = [need.pk for need in needs]
    parts: dict[int, list[Part]] = {pk: [] for pk in ids}
    if ids:
        for read in _sources.values():
            for part in read(ids):
                parts[part.need_id].append(part)
    return {need.pk: _added_up(need, parts[need.pk]) for need in needs}


def _added_up(need: Need, parts: list[Part]) -> Progress:
    lines = tuple(
        ItemProgress(
            item,
            met=max(0, min(item.quantity, _pieces(parts, item, is_promised=False))),
            promised=max(0, _pieces(parts, item, is_promised=True)),
        )
        for item in need.wanted_items.all()
    )
    return Progress(
        goal_rial=need.goal_rial,
        received_rial=sum(part.rial for part in parts if not part.is_promised),
        gifts=sum(part.gifts for part in parts if not part.is_promised),
        goods_rial=sum(
            max(0, line.met * (line.item.unit_price_rial or 0) - _paid(parts, line.item)) for line in lines
        ),
        promised_rial=sum(part.rial for part in parts if part.is_promised),
        items=lines,
    )


def _paid(parts: list[Part], item: NeedItem) -> int:
    return sum(part.paid_rial for part in parts if part.item_id == item.pk)


def _pieces(parts: list[Part], item: NeedItem, *, is_promised: bool) -> int:
    return sum(p.quantity for p in parts if p.item_id == item.pk and p.is_promised == is_promised)

"""The register of figures told in public: the same thing side by side, the books' own beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Sum

from aid.enums import Purpose
from aid.models import Delivery
from core.jalali import day_bounds
from dashboards import figures
from dashboards.enums import ToldKind, ToldUnit
from dashboards.fair_share import newest_file
from dashboards.figures import Period
from dashboards.models import ClientCount, ToldFigure
from ledger.enums import GiftKind
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Told:
    """A figure, and what the portal's own records say of the same period; None where they cannot know."""

    figure: ToldFigure
    own: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.own is None else self.own - self.figure.amount


@dataclass(frozen=True)
class Topic:
    """What was told of one thing. They conflict when figures differ, or one is said of different things."""

    name: str
    told: tuple[Told, ...]

    @property
    def conflicts(self) -> bool:
        said = {
            (one.figure.amount, one.figure.precision, one.figure.kind, one.figure.note) for one in self.told
        }
        return len(said) > 1 and len(self.told) > 1


def register() -> list[Topic]:
    """Every figure that stands. Each period is asked for once, so that the number of queries grows with the number of
    periods that were told of, not with that of figures."""
    known: dict[tuple, Decimal | None] = {}

    def own(figure: ToldFigure) -> Decimal | None:
        key = (figure.kind, figure.unit, figure.starts_on, figure.ends_on)
        if key not in known:
            known[key] = _own(figure)
        return known[key]

    with figures.one_moment():
        found = [Told(figure, own(figure)) for figure in ToldFigure.objects.filter(withdrawn_at=None)]
    return [Topic(name, tuple(rows)) for name, rows in groupby(found, key=lambda one: one.figure.topic)]


def _own(figure: ToldFigure) -> Decimal | None:
    period = Period(figure.starts_on, figure.ends_on) if figure.starts_on else None
    unit, read = _READERS.get(ToldKind(figure.kind), ("", lambda period: None))
    if figure.unit != unit:
        return None
    value = read(period)
    return None if value is None else Decimal(value)


def _gifts(period: Period | None) -> int | None:
    """Cash and goods, as the press counts them; services are counted apart."""
    if period is None:
        return None
    found = figures.sheet(period, "kind")
    return sum(found.row("kind", kind).total_rial for kind in (GiftKind.CASH, GiftKind.IN_KIND))


def _campaigns(period: Period | None) -> int | None:
    if period is None:
        return None
    return sum(row.total_rial for row in figures.sheet(period, "campaign")["campaign"] if row.key is not None)


def _growth(period: Period | None) -> float | None:
    if period is None:
        return None
    growth = figures.growth_percent(
        figures.total(period).total_rial, figures.total(period.year_before()).total_rial
    )
    return None if growth is None else Decimal(str(growth))


def _aid(period: Period | None) -> int:
    """Dowry sets and marriage grants that were delivered and not taken back."""
    found = Delivery.objects.filter(allocation__purpose=Purpose.DOWRY, undone_at=None).order_by()
    if period is not None:
        found = found.filter(delivered_on__range=(period.start, period.end))
    return found.aggregate(Sum("quantity"))["quantity__sum"] or 0


def _volunteers(period: Period | None) -> int:
    found = Volunteer.objects.order_by()
    if period is not None:
        found = found.filter(joined_at__lt=day_bounds(period.end)[1])
    return found.count()


def _joined(period: Period | None) -> int | None:
    if period is None:
        return None
    start, end = day_bounds(period.start)[0], day_bounds(period.end)[1]
    return Volunteer.objects.order_by().filter(joined_at__gte=start, joined_at__lt=end).count()


def _clients(_period: Period | None) -> int | None:
    file = newest_file()
    if file is None:
        return None
    return ClientCount.objects.filter(file=file).order_by().aggregate(Sum("persons"))["persons__sum"]


_READERS: dict[ToldKind, tuple[str, Callable[[Period | None], int | Decimal | None]]] = {
    ToldKind.GIFTS: (ToldUnit.RIAL, _gifts),
    ToldKind.CAMPAIGNS: (ToldUnit.RIAL, _campaigns),
    ToldKind.GROWTH: (ToldUnit.PERCENT, _growth),
    ToldKind.AID: (ToldUnit.COUNT, _aid),
    ToldKind.VOLUNTEERS: (ToldUnit.PERSONS, _volunteers),
    ToldKind.JOINED: (ToldUnit.PERSONS, _joined),
    ToldKind.CLIENTS: (ToldUnit.PERSONS, _clients),
}

"""The gap of a place: what is needed there, minus what came, what lies in stock and what is promised in time.

Kinds are kept apart: money in rial, each thing by its name and unit. Nothing is counted twice: money that kept a
promise is a gift, goods that kept one are stock, and neither is promised any more. A promise whose day has passed fills
no gap until it comes. What a whole province has (its own warehouse, its share of a memorandum) fills what its counties
still lack together; what one county has too much fills no other's gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from aid.models import Lot, StockItem
from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.need_progress import progress_of
from campaigns.need_units import unit_key
from core.jalali import tehran_today
from core.text import search_key
from partnerships.agreement_selectors import held
from partnerships.enums import CommitmentState, Measure
from partnerships.models import Commitment, Instalment, ItemShare, PartnerSite
from partnerships.states import IN_FORCE

OPEN_NEEDS = (NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED)
Place = tuple[str, str]  # province, county; "" for what belongs to all of the province


@dataclass(frozen=True)
class Kind:
    """What is counted: money (no name, no unit), or things of one name and unit, both folded."""

    name: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}:{self.unit}" if self.name else "cash"


CASH = Kind()


@dataclass
class Line:
    """One kind in one place, in whole rials or whole things. `purposes`: what it is wanted or promised for."""

    need: int = 0
    came: int = 0
    stock: int = 0
    promised: int = 0
    overdue: int = 0
    purposes: set[str] = field(default_factory=set)

    @property
    def missing(self) -> int:
        """What is not here yet, promised or not."""
        return max(0, self.need - self.came - self.stock)

    @property
    def gap(self) -> int:
        """What nobody has, nor has promised in time."""
        return max(0, self.missing - self.promised)

    @property
    def is_empty(self) -> bool:
        return not (self.need or self.promised or self.overdue)


@dataclass(frozen=True)
class Sums:
    """Lines added up, each gap as it is where it is."""

    need: int = 0
    came: int = 0
    stock: int = 0
    promised: int = 0
    overdue: int = 0
    missing: int = 0
    gap: int = 0


_FIELDS = tuple(Sums.__dataclass_fields__)


class Gaps:
    """Lines by kind and place within the open scope, the shown name and unit of each kind, and sites by county."""

    def __init__(self) -> None:
        self.lines: dict[Kind, dict[Place, Line]] = defaultdict(lambda: defaultdict(Line))
        self.words: dict[Kind, tuple[str, str]] = {CASH: ("", "")}
        self.sites: dict[Place, int] = {}

    def kinds(self) -> list[Kind]:
        """Money first, then things by their names; only what is wanted or promised somewhere."""
        found = [k for k, places in self.lines.items() if any(not row.is_empty for row in places.values())]
        return [CASH, *sorted((k for k in found if k != CASH), key=lambda k: self.words[k])]

    def find(self, key: str) -> Kind:
        """The kind of a key; money for one that is not known."""
        return next((kind for kind in self.lines if kind.key == key), CASH)

    def line(self, kind: Kind, place: Place) -> Line:
        return self.lines[kind].get(place) or Line() if kind in self.lines else Line()

    def places(self) -> list[Place]:
        return sorted({p for rows in self.lines.values() for p, row in rows.items() if not row.is_empty})

    def of_province(self, kind: Kind, province: str) -> Sums:
        """A province with its counties: what it has beyond its own needs fills what they lack."""
        rows = {place: row for place, row in self.lines.get(kind, {}).items() if place[0] == province}
        added = {name: sum(getattr(row, name) for row in rows.values()) for name in _FIELDS}
        own = rows.get((province, ""), Line())
        in_stock = max(0, own.stock + own.came - own.need)
        in_all = max(0, own.stock + own.came + own.promised - own.need)
        lacking = added["missing"] - own.missing, added["gap"] - own.gap
        return Sums(
            **added
            | {
                "missing": own.missing + max(0, lacking[0] - in_stock),
                "gap": own.gap + max(0, lacking[1] - in_all),
            }
        )

    def of_country(self, kind: Kind) -> Sums:
        """All provinces; what one has too much fills no other's gap."""
        rows = [self.of_province(kind, province) for province in {p for p, _county in self.places()}]
        return Sums(**{name: sum(getattr(row, name) for row in rows) for name in _FIELDS})


def read_gaps() -> Gaps:
    """Everything of the open scope; the number of questions does not depend on how much there is."""
    gaps, names = Gaps(), _known_names()
    for place, kind, words, changes, purpose in (
        *_needs(names),
        *_promises(names),
        *_shares(names),
        *_stock(names),
    ):
        row = gaps.lines[kind][place]
        gaps.words.setdefault(kind, words)
        for name, quantity in changes.items():
            setattr(row, name, getattr(row, name) + quantity)
        if purpose:
            row.purposes.add(purpose)
    gaps.sites = _sites()
    return gaps


Found = tuple[Place, Kind, tuple[str, str], dict[str, int], str]


def _needs(names: dict[str, str]) -> Iterator[Found]:
    """Open needs: what is wanted, and what came (never more than is wanted)."""
    needs = list(Need.objects.filter(state__in=OPEN_NEEDS).prefetch_related("wanted_items"))
    progress = progress_of(needs)
    for need in needs:
        place, so_far = (need.province_id, need.county_id or ""), progress[need.pk]
        if need.goal_rial:
            came = max(0, min(need.goal_rial, so_far.covered_rial))
            yield place, CASH, ("", ""), {"need": need.goal_rial, "came": came}, need.kind
        for line in so_far.items:
            kind = _kind(line.item.item, line.item.unit, names)
            words = (line.item.item, line.item.unit)
            yield place, kind, words, {"need": line.item.quantity, "came": line.met}, need.kind


def _promises(names: dict[str, str]) -> Iterator[Found]:
    """What open promises still owe, apart by whether its day has passed."""
    late = (
        Instalment.objects.filter(
            commitment=OuterRef("pk"), due_on__lt=tehran_today(), reaches__gt=OuterRef("delivered")
        )
        .values("commitment")
        .annotate(most=Max("reaches"))
        .values("most")
    )
    rows = (
        Commitment.objects.filter(
            ~Q(measure=Measure.WORDS),
            province__isnull=False,
            state=CommitmentState.OPEN,
            quantity__gt=F("delivered"),
        )
        .annotate(owed_by_today=Coalesce(Subquery(late), F("delivered")))
        .select_related("need_item", "item")
    )
    for row in rows:
        overdue = max(0, row.owed_by_today - row.delivered)
        changes = {"promised": row.quantity - row.delivered - overdue, "overdue": overdue}
        place = (row.province_id, row.county_id or "")
        if row.measure == Measure.CASH:
            yield place, CASH, ("", ""), changes, row.purpose
        else:
            words = _words_of(row)
            yield place, _kind(*words, names), words, changes, row.purpose


def _words_of(row: Commitment) -> tuple[str, str]:
    """What a promise of goods is called: as the need or the memorandum calls it, else in its own words."""
    if row.need_item:
        return row.need_item.item, row.need_item.unit
    return (row.item.title if row.item else row.what), row.unit


def _shares(names: dict[str, str]) -> Iterator[Found]:
    """What falls to a province of memoranda in force and no promise details yet."""
    detailed = (
        Commitment.objects.filter(item=OuterRef("item"), province=OuterRef("province"))
        .values("item")
        .annotate(sum=Sum(held()))
        .values("sum")
    )
    rows = (
        ItemShare.objects.filter(item__agreement__state__in=IN_FORCE)
        .annotate(detailed=Coalesce(Subquery(detailed), 0))
        .select_related("item")
    )
    for row in rows:
        left = row.quantity - row.detailed
        if left <= 0:
            continue
        is_late = row.item.due_on is not None and row.item.due_on < tehran_today()
        cash = row.item.measure == Measure.CASH
        words = ("", "") if cash else (row.item.title, row.item.unit)
        kind = CASH if cash else _kind(*words, names)
        changes = {"overdue" if is_late else "promised": left}
        yield (row.province_id, ""), kind, words, changes, row.item.purpose


def _stock(names: dict[str, str]) -> Iterator[Found]:
    """What lies in warehouses: a county's, or the province's own; what was brought for an open need came to that."""
    rows = (
        Lot.objects.filter(quantity__gt=0, warehouse__office__province__isnull=False)
        .exclude(need_item__need__state__in=OPEN_NEEDS)
        .values("warehouse__office__province", "warehouse__office__county", "item__name", "item__unit")
        .annotate(sum=Sum("quantity"))
        .order_by()
    )
    units = dict(StockItem._meta.get_field("unit").flatchoices)
    for row in rows:
        place = (row["warehouse__office__province"], row["warehouse__office__county"] or "")
        words = (row["item__name"], str(units[row["item__unit"]]))
        yield place, _kind(*words, names), words, {"stock": int(row["sum"])}, ""


def _sites() -> dict[Place, int]:
    """How many sites of partners there are by county."""
    rows = PartnerSite.objects.filter(is_active=True).values_list("province", "county")
    counts: dict[Place, int] = defaultdict(int)
    for province, county in rows:
        counts[province, county] += 1
    return dict(counts)


def _known_names() -> dict[str, str]:
    """Every folded name of the list of goods → the folded name it stands for."""
    known: dict[str, str] = {}
    for name, aliases in StockItem.objects.values_list("name", "aliases"):
        for said in (name, *aliases.split("،")):
            if key := search_key(said):
                known.setdefault(key, search_key(name))
    return known


def _kind(name: str, unit: str, names: dict[str, str]) -> Kind:
    key = search_key(name)
    return Kind(names.get(key, key), unit_key(unit))

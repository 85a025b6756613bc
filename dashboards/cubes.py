"""Which sums are kept ready: by nothing, by one facet, and by the pairs that pages ask for.

A question reads the smallest cube that holds its facets, a few rows for each period; what no cube holds is read from
the rollups by dimension, which hold everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# facet -> its column of ledger_dimension (d), as text
COLUMNS = {
    "province": "d.province_id",
    "county": "d.county_id",
    "edition": "d.edition_id::text",
    "fund": "d.fund_id",
    "channel": "d.channel_id::text",
    "need": "d.need_id::text",
}


@dataclass(frozen=True)
class Cube:
    """Sums by `facets` (none, one or two), stored under `number` in the columns `first` and `second`."""

    number: int
    facets: tuple[str, ...]

    def column(self, facet: str) -> str:
        """Where the facet's key stands; an empty text stands for gifts without it."""
        return ("r.first", "r.second")[self.facets.index(facet)]

    def keys(self) -> tuple[str, str]:
        """SQL of the two keys of a dimension `d` in this cube."""
        first, second = [*(f"coalesce({COLUMNS[facet]}, '')" for facet in self.facets), "''", "''"][:2]
        return first, second


CUBES = tuple(
    Cube(number, facets)
    for number, facets in enumerate(
        [
            (),
            ("province",),
            ("fund",),
            ("channel",),
            ("edition",),
            ("province", "county"),
            ("province", "fund"),
            ("province", "channel"),
            ("province", "edition"),
            ("edition", "fund"),
            ("edition", "channel"),
            ("fund", "channel"),
            ("need",),
        ]
    )
)


def smallest_cube(facets: Iterable[str]) -> Cube | None:
    """The first cube that holds all these facets; None when only the dimensions do."""
    wanted = set(facets)
    return next((cube for cube in CUBES if wanted <= set(cube.facets)), None)


def grouping_sets() -> str:
    """The cubes of one set of income rows that stand beside their dimension `d`, as rows (number, first, second)."""
    return ", ".join(f"({cube.number}, {', '.join(cube.keys())})" for cube in CUBES)

"""Every published number, defined once. All of them come from the books by way of the rollups."""

from dashboards.figures.codes import codes_by_hour, codes_by_place
from dashboards.figures.database import of_own_transaction, one_moment
from dashboards.figures.kept import (
    branch_totals,
    folded_at,
    need_totals,
    placement_hours,
    placement_needs,
    placement_totals,
    scan_counts,
)
from dashboards.figures.sums import BY, KIND_LABELS, by_month, sheet, total, totals
from dashboards.figures.values import (
    CodesOfPlace,
    Hour,
    Period,
    Row,
    Sheet,
    Totals,
    growth_percent,
    mean_rial,
    share_percent,
)

__all__ = [
    "BY",
    "KIND_LABELS",
    "CodesOfPlace",
    "Hour",
    "Period",
    "Row",
    "Sheet",
    "Totals",
    "branch_totals",
    "by_month",
    "codes_by_hour",
    "codes_by_place",
    "folded_at",
    "growth_percent",
    "mean_rial",
    "need_totals",
    "of_own_transaction",
    "one_moment",
    "placement_hours",
    "placement_needs",
    "placement_totals",
    "scan_counts",
    "share_percent",
    "sheet",
    "total",
    "totals",
]

"""The figures of an edition or a branch as they stood when it was closed."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import Branch, Edition
from core.jalali import from_jalali, tehran_day
from dashboards import figures
from dashboards.figures import Period, Row
from dashboards.models import ClosingFigures, Flow
from dashboards.rollups import fold_all
from ledger import folding
from provinces.models import Province

FACETS = ("province", "county", "fund", "channel", "kind")
_BEGINNING = from_jalali(1380, 1, 1)
_BOOKED = """
    SELECT -coalesce(sum(p.amount_rial), 0)::bigint FROM ledger_entry e
      JOIN ledger_posting p ON p.entry_id = e.id
      JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income' AND a.gift_kind <> ''
      JOIN ledger_dimension d ON d.id = p.dimension_id
     WHERE d.edition_id = %s AND (%s::text IS NULL OR d.province_id = %s) AND e.day <= %s
       AND NOT EXISTS (SELECT 1 FROM ledger_foldrow f WHERE f.entry_id = e.id)
"""


class NotEqualToBooks(RuntimeError):
    """The figures do not say what the books say; nothing was written down."""


@transaction.atomic
def freeze(edition_id: int, branch_id: int | None) -> ClosingFigures:
    """Write down what had come in by the end of the closing day, as the books know it now, after taking in all that
    is booked; repeatable: what was written stands. Called by the outbox with the scope of the whole country open.

    Raises NotEqualToBooks when the figures and the books differ.
    """
    found = ClosingFigures.objects.filter(edition=edition_id, branch=branch_id).first()
    if found is not None:
        return found
    plan = Branch.objects.get(pk=branch_id) if branch_id else Edition.objects.get(pk=edition_id)
    province = plan.province_id if branch_id else None
    closed_on = tehran_day(plan.closed_at)
    folding.hold()
    fold_all()
    period, place = Period(_BEGINNING, closed_on), {"edition": edition_id, "province": province}
    with figures.of_own_transaction():
        sheet = figures.sheet(period, *FACETS, **place)
        spent = figures.total(period, flow=Flow.OUT, **place)
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED, [edition_id, province, province, closed_on])
        booked = cursor.fetchone()[0]
    if booked != sheet.total_rial:
        raise NotEqualToBooks(
            f"edition {edition_id}, branch {branch_id}: {sheet.total_rial}, booked {booked}"
        )
    return ClosingFigures.objects.create(
        edition_id=edition_id,
        branch_id=branch_id,
        closed_on=closed_on,
        taken_at=timezone.now(),
        total_rial=sheet.total_rial,
        gifts=sheet.count,
        spent_rial=spent.total_rial,
        parts={facet: [[r.key, r.label, r.total_rial, r.count] for r in sheet[facet]] for facet in FACETS},
    )


def closing_of(plan: Branch | Edition) -> ClosingFigures | None:
    """What was written down for it; None before it was closed (or for those closed before figures were kept)."""
    owner = {"branch": plan} if isinstance(plan, Branch) else {"edition": plan, "branch": None}
    return ClosingFigures.objects.filter(**owner).first()


def rows_of(closing: ClosingFigures, facet: str) -> tuple[Row, ...]:
    """A breakdown as it stood."""
    return tuple(Row(*part) for part in closing.parts[facet])


def provinces_with_gifts(closing: ClosingFigures) -> int:
    """How many of the country's provinces had given."""
    codes = set(Province.objects.values_list("pk", flat=True))
    return sum(1 for row in rows_of(closing, "province") if row.key in codes and row.total_rial > 0)

"""What allocations bring to a need beside the gifts that were given to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import F, Q, Sum

from aid.models import Allocation
from campaigns.need_progress import Part


def from_other_pools(need_ids: Sequence[int]) -> Iterator[Part]:
    """Money of other pools that allocations hold for these needs, one part a need."""
    rows = (
        Allocation.objects.filter(
            ~Q(pool__need=F("need")) | Q(pool__need=None), need__in=need_ids, held_rial__gt=0
        )
        .values_list("need_id")
        .annotate(rial=Sum("held_rial"))
        .order_by()
    )
    for need_id, rial in rows:
        yield Part(need_id, rial=rial)

"""What allocations and stock bring to a need beside the gifts that were given to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import BigIntegerField, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from aid.models import Allocation, GoodsDelivery
from campaigns.need_progress import Part


def from_here(need_ids: Sequence[int]) -> Iterator[Part]:
    """Money of other pools that allocations hold for these needs or for their kits, and goods of the warehouses that
    met one of their items. One question."""
    goods = (
        GoodsDelivery.objects.filter(need__in=need_ids, need_item__isnull=False, undone_at=None)
        .values("need", "need_item")
        .annotate(amount=Sum("quantity"))
        .order_by()
        .values_list("need", "need_item", "amount")
    )
    direct, in_kits = _held(need_ids, "need"), _held(need_ids, "funding__line__batch__need")
    for need_id, item_id, amount in direct.union(in_kits, goods, all=True):
        if item_id is None:
            yield Part(need_id, rial=int(amount))
        else:
            yield Part(need_id, item_id=item_id, quantity=int(amount))


def _held(need_ids: Sequence[int], path: str) -> QuerySet:
    """What allocations hold for needs at the end of this path, out of pools that are not their own."""
    return (
        Allocation.objects.filter(
            ~Q(pool__need=F(path)) | Q(pool__need=None), held_rial__gt=0, **{f"{path}__in": need_ids}
        )
        .values(path)
        .annotate(
            item=Cast(Value(None), BigIntegerField()), amount=Sum("held_rial", output_field=DecimalField())
        )
        .order_by()
        .values_list(path, "item", "amount")
    )

"""What allocations and stock bring to a need beside the gifts that were given to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import BigIntegerField, DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce

from aid.models import Allocation, GoodsDelivery
from campaigns.need_progress import Part


def from_here(need_ids: Sequence[int]) -> Iterator[Part]:
    """Money of other pools that allocations hold for these needs or for their kits, and goods of the warehouses that
    met one of their items. One question."""
    money = (
        Allocation.objects.annotate(wanted=Coalesce("need", "funding__line__batch__need"))
        .filter(~Q(pool__need=F("wanted")) | Q(pool__need=None), wanted__in=need_ids, held_rial__gt=0)
        .values("wanted")
        .annotate(item=Value(None, BigIntegerField()), amount=Sum("held_rial", output_field=DecimalField()))
        .order_by()
        .values_list("wanted", "item", "amount")
    )
    goods = (
        GoodsDelivery.objects.filter(need__in=need_ids, need_item__isnull=False, undone_at=None)
        .values("need", "need_item")
        .annotate(amount=Sum("quantity"))
        .order_by()
        .values_list("need", "need_item", "amount")
    )
    for need_id, item_id, amount in money.union(goods, all=True):
        if item_id is None:
            yield Part(need_id, rial=int(amount))
        else:
            yield Part(need_id, item_id=item_id, quantity=int(amount))

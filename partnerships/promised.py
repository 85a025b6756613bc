"""What promises bring to a need beside gifts and stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import F, Sum, Value

from campaigns.need_progress import Part
from partnerships.enums import CommitmentState, DeliveryForm, DeliveryState, Measure
from partnerships.models import Commitment, PromiseDelivery

_CAME = "came"


def for_needs(need_ids: Sequence[int]) -> Iterator[Part]:
    """What open promises still owe these needs, as promised; and what was given to them on the spot, as met.

    Money that came is a gift and goods in a warehouse are stock: they are counted there, so not here.
    """
    owed = (
        Commitment.objects.filter(need__in=need_ids, state=CommitmentState.OPEN, quantity__gt=F("delivered"))
        .values_list("need", "measure", "need_item")
        .annotate(sum=Sum(F("quantity") - F("delivered")))
        .order_by()
    )
    came = (
        PromiseDelivery.objects.filter(
            commitment__need__in=need_ids,
            commitment__need_item__isnull=False,
            form=DeliveryForm.DIRECT,
            state=DeliveryState.CONFIRMED,
        )
        .annotate(what=Value(_CAME))
        .values_list("commitment__need", "what", "commitment__need_item")
        .annotate(sum=Sum("quantity"))
        .order_by()
    )
    for need_id, what, item_id, quantity in owed.union(came, all=True):
        if what == Measure.CASH:
            yield Part(need_id, rial=quantity, is_promised=True)
        elif item_id:
            yield Part(need_id, item_id=item_id, quantity=quantity, is_promised=what != _CAME)

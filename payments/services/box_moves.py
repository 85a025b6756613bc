"""What a slip's fate means for the boxes whose money it carries. For `cash_days`, in its transactions."""

from campaigns.enums import BoxState
from campaigns.models import Box
from campaigns.services.box_life import move_boxes
from core.models import User
from payments.models import CashDeposit
from provinces.scoping import all_provinces


def move_with_deposit(deposit: CashDeposit, to: BoxState, *, actor: User | None, job: str = "") -> None:
    """Move the boxes of a locked slip. A box that has begun another round meanwhile is left as it is."""
    with all_provinces("a bank's line or a slip's withdrawal moves whatever box its cash came from"):
        counts = list(deposit.box_counts.select_related("box"))
        boxes = [count.box for count in counts if count.box.round == count.round]
        move_boxes(
            Box.objects.filter(pk__in=[box.pk for box in boxes]),
            to,
            actor=actor,
            job=job,
            note=deposit.slip_number,
        )

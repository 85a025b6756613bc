"""What of this room belongs to a person, and what waits for one."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.enums import CommitmentState, DeliveryState
from partnerships.models import Commitment, PromiseDelivery
from provinces.permissions import Permission
from provinces.work import Owned, Waiting, register

register(
    Owned(
        "promise", _("وعده‌ها"), Commitment, "minded_by", Q(state=CommitmentState.OPEN),
        Permission.VIEW_DESK, "/desk/promises/", by_province=True,
    ),
    Waiting(
        "promise_delivery", _("رسیدن وعده، در انتظار نفر دوم"),
        lambda: PromiseDelivery.objects.filter(state=DeliveryState.WAITING),
        Permission.CONFIRM_PROMISES, "/desk/promises/", maker="recorded_by",
    ),
)  # fmt: skip

"""What of this room belongs to a person, and what waits for one."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships import promise_phrases
from partnerships.enums import AgreementState, CommitmentState, DeliveryState
from partnerships.models import Agreement, Commitment, PromiseDelivery
from partnerships.promise_selectors import with_standing
from provinces.permissions import Permission
from provinces.work import Owned, Waiting, register

register(
    Owned(
        "promise", _("وعده‌ها"), Commitment, "minded_by", Q(state=CommitmentState.OPEN),
        Permission.VIEW_DESK, "/desk/promises/", by_province=True,
    ),
    Waiting(
        "promise_late", promise_phrases.WORK_LATE, lambda: with_standing("late"), Permission.RECORD_PROMISES,
        "/desk/promises/?standing=late",
    ),
    Waiting(
        "promise_soon", promise_phrases.WORK_SOON, lambda: with_standing("soon"), Permission.RECORD_PROMISES,
        "/desk/promises/?standing=soon",
    ),
    Waiting(
        "promise_delivery", _("رسیدن وعده، در انتظار نفر دوم"),
        lambda: PromiseDelivery.objects.filter(state=DeliveryState.WAITING),
        Permission.CONFIRM_PROMISES, "/desk/promises/?standing=waiting", maker="recorded_by",
    ),
    Waiting(
        "agreement_signing", _("ثبت امضای تفاهم‌نامه، در انتظار نفر دوم"),
        lambda: Agreement.objects.filter(state=AgreementState.DRAFT, signing_by__isnull=False),
        Permission.MANAGE_AGREEMENTS, "/desk/agreements/?state=draft", maker="signing_by",
    ),
)  # fmt: skip

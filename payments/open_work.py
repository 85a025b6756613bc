"""What of this room belongs to a person, and what waits for one."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import BoxState
from campaigns.models import Box
from payments.enums import ClaimState, CorrectionState, CountState, DecisionState, HeldState, RefundState
from payments.models import (
    BoxCount,
    CashCount,
    CashDifference,
    CounterCorrection,
    Discrepancy,
    DonorClaim,
    HeldDecision,
    HeldMoney,
    ManualDecision,
    Refund,
    TerminalProposal,
)
from provinces.permissions import Permission
from provinces.work import Owned, Waiting, register

register(
    Owned(
        "held_money", _("پول‌های نامعمول"), HeldMoney, "owner", Q(state=HeldState.OPEN),
        Permission.VIEW_PAYMENTS, "/desk/payments/unusual/",
    ),
    Owned(
        "discrepancy", _("ناهمخوانی‌ها"), Discrepancy, "owner", Q(settled_at=None), Permission.VIEW_PAYMENTS,
        "/desk/reconciliation/",
    ),
    Waiting(
        "refund", _("برگشت وجه در انتظار تأیید"),
        lambda: Refund.objects.filter(state=RefundState.REQUESTED),
        Permission.DECIDE_REFUND, "/desk/refunds/", maker="requested_by",
    ),
    Waiting(
        "held_decision", _("پیشنهاد پول نامعمول در انتظار تأیید"),
        lambda: HeldDecision.objects.filter(state=DecisionState.REQUESTED),
        Permission.DECIDE_REFUND, "/desk/payments/unusual/", maker="requested_by",
    ),
    Waiting(
        "match", _("تطبیق دستی در انتظار تأیید"),
        lambda: ManualDecision.objects.filter(state=DecisionState.REQUESTED),
        Permission.DECIDE_MATCH, "/desk/reconciliation/", maker="requested_by",
    ),
    Waiting(
        "cash_count", _("شمارش پیشخوان در انتظار تأیید"),
        lambda: CashCount.objects.filter(state=CountState.WAITING),
        Permission.CONFIRM_CASH, "/desk/counter/", maker="counted_by",
    ),
    Waiting(
        "cash_difference", _("اختلاف صندوق پیشخوان در انتظار تأیید"),
        lambda: CashDifference.objects.filter(state=DecisionState.REQUESTED),
        Permission.DECIDE_MATCH, "/desk/counter/", maker="requested_by",
    ),
    Waiting(
        "counter_correction", _("ابطال کمک پیشخوان در انتظار تأیید"),
        lambda: CounterCorrection.objects.filter(state=CorrectionState.REQUESTED),
        Permission.CONFIRM_CASH, "/desk/counter/", maker="requested_by",
    ),
    Waiting(
        "box_count", _("شمارش صندوق در انتظار نفر دوم"),
        lambda: BoxCount.objects.filter(state=CountState.WAITING),
        Permission.COUNT_BOXES, "/desk/boxes/", maker="counted_by",
    ),
    Waiting(
        "box_collected", _("صندوق‌های جمع‌آوری‌شده، هنوز شمرده‌نشده"),
        lambda: Box.objects.filter(state=BoxState.COLLECTED),
        Permission.COUNT_BOXES, f"/desk/boxes/?state={BoxState.COLLECTED}",
    ),
    Waiting(
        "box_counted", _("صندوق‌های شمرده‌شده، هنوز واریزنشده"),
        lambda: Box.objects.filter(state=BoxState.COUNTED),
        Permission.TAKE_CASH, "/desk/boxes/deposits/",
    ),
    Waiting(
        "claim", _("پیگیری واریز نیکوکاران"), lambda: DonorClaim.objects.filter(state=ClaimState.OPEN),
        Permission.RECONCILE, "/desk/claims/",
    ),
    Waiting(
        "terminal", _("تغییر پایانه در انتظار تأیید"),
        lambda: TerminalProposal.objects.filter(state=TerminalProposal.State.WAITING),
        Permission.DECIDE_TERMINALS, "/admin/payments/terminalproposal/", maker="proposed_by",
    ),
)  # fmt: skip

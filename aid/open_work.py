"""What of this room waits for a person."""

from django.utils.translation import gettext_lazy as _

from aid.enums import AllocationState, IntakeState, LossState, StockCountState, TransferState
from aid.models import Allocation, Intake, StockCount, StockLoss, Transfer
from donations.enums import InKindState
from donations.models import GiftInKind
from provinces.permissions import Permission
from provinces.work import Waiting, register

register(
    Waiting(
        "allocation", _("تخصیص در انتظار تأیید"),
        lambda: Allocation.objects.filter(state=AllocationState.PROPOSED),
        Permission.APPROVE_ALLOCATION, f"/desk/aid/allocations/?state={AllocationState.PROPOSED}",
        maker="proposed_by",
    ),
    Waiting(
        "delivery", _("تخصیص‌های تأییدشده که باید تحویل شود"),
        lambda: Allocation.objects.filter(state=AllocationState.APPROVED),
        Permission.DELIVER, f"/desk/aid/allocations/?state={AllocationState.APPROVED}",
    ),
    Waiting(
        "offer", _("پیشنهاد کمک غیرنقدی"), lambda: GiftInKind.objects.filter(state=InKindState.OFFERED),
        Permission.RECEIVE_GOODS, "/desk/in-kind/",
    ),
    Waiting(
        "appraisal", _("ارزیابی دوم کالا"), lambda: Intake.objects.filter(state=IntakeState.WAITING),
        Permission.APPRAISE, "/desk/in-kind/", maker="taken_by",
    ),
    Waiting(
        "transfer", _("کالای در راه میان انبارها"),
        lambda: Transfer.objects.filter(state=TransferState.SENT),
        Permission.MANAGE_STOCK, "/desk/stock/", maker="sent_by",
    ),
    Waiting(
        "stock_count", _("شمارش انبار در انتظار تأیید"),
        lambda: StockCount.objects.filter(state=StockCountState.WAITING),
        Permission.MANAGE_STOCK, "/desk/stock/", maker="counted_by",
    ),
    Waiting(
        "stock_loss", _("کسر از انبار در انتظار تأیید"),
        lambda: StockLoss.objects.filter(state=LossState.WAITING), Permission.APPRAISE, "/desk/stock/",
        maker="reported_by",
    ),
)  # fmt: skip

"""What of this room belongs to a person, and what waits for one."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.enums import CampaignState, NeedState
from campaigns.models import Channel, Edition, Need, RunbookTask
from campaigns.plan_selectors import EDIT_WAITING
from campaigns.runbook import with_due
from core.jalali import tehran_today
from provinces.permissions import Permission
from provinces.work import Owned, Waiting, register

_UNDONE = Q(done_at=None, dropped_at=None)
_PROPOSED = Q(state=CampaignState.DRAFT, proposed_at__isnull=False)


def _late_tasks() -> QuerySet[RunbookTask]:
    return with_due(RunbookTask.objects.filter(_UNDONE)).filter(due_on__lt=tehran_today())


register(
    Owned(
        "runbook_task", _("کارهای برنامهٔ موسم"), RunbookTask, "assignee", _UNDONE, Permission.VIEW_DESK,
        "/desk/runbook/", by_province=True,
    ),
    Owned(
        "channel", _("راه‌های پرداخت"), Channel, "owner", Q(), Permission.VIEW_DESK, "/desk/channels/",
        by_province=True,
    ),
    Waiting(
        "late_task", _("کارهای عقب‌افتادهٔ برنامه"), _late_tasks, Permission.USE_RUNBOOK, "/desk/runbook/"
    ),
    Waiting(
        "need_to_verify", _("نیازهای در انتظار تأیید"), lambda: Need.objects.filter(state=NeedState.FOUND),
        Permission.VERIFY_NEEDS, "/desk/needs/", maker="found_by",
    ),
    Waiting(
        "edition_to_approve", _("دوره‌های پویش در انتظار تأیید"),
        lambda: Edition.objects.filter(_PROPOSED, campaign__only_in=""), Permission.APPROVE_EDITION,
        "/hq/campaigns/waiting/", maker="proposed_by",
    ),
    Waiting(
        "edition_edit_to_approve", _("تغییر دوره‌ها در انتظار تأیید"),
        lambda: Edition.objects.filter(EDIT_WAITING, campaign__only_in=""), Permission.APPROVE_EDITION,
        "/hq/campaigns/waiting/", maker="edit_by",
    ),
)  # fmt: skip

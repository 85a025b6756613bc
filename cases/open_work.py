"""What of this room belongs to a person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import CareState, CaseState
from cases.models import CareCase, Case
from provinces.permissions import Permission
from provinces.work import Owned, register

register(
    Owned(
        "case", _("پرونده‌ها"), Case, "owner", Q(state=CaseState.OPEN), Permission.VIEW_CASES, "/desk/cases/"
    ),
    Owned(
        "care", _("پیام‌های نیکوکاران"), CareCase, "owner", ~Q(state=CareState.CLOSED), Permission.VIEW_CARE,
        "/desk/care/",
    ),
)  # fmt: skip

"""What of this room waits for a person."""

from django.utils.translation import gettext_lazy as _

from provinces.people_selectors import unseen_hand_overs, waiting_resets
from provinces.permissions import Permission
from provinces.work import Waiting, register

register(
    Waiting(
        "hand_over", _("تحویل کار همکاران رفته"), unseen_hand_overs, Permission.MANAGE_PEOPLE,
        "/desk/people/",
    ),
    Waiting(
        "factor_reset", _("رمزسازهای گم‌شده"), waiting_resets, Permission.DECIDE_RESETS, "/hq/people/",
        maker="requested_by",
    ),
)  # fmt: skip

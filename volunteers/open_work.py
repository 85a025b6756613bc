"""What of this room waits for a person."""

from django.utils.translation import gettext_lazy as _

from provinces.permissions import Permission
from provinces.work import Waiting, register
from volunteers.enums import Vetting
from volunteers.models import Volunteer

register(
    Waiting(
        "vetting", _("داوطلبان در انتظار بررسی"),
        lambda: Volunteer.objects.filter(vetting=Vetting.WAITING),
        Permission.VET_VOLUNTEERS, f"/desk/volunteers/?vetting={Vetting.WAITING}",
    ),
)  # fmt: skip

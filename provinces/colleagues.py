"""Who may be handed something to look after: people in office today, by what they may do and where."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.jalali import tehran_today
from core.models import User
from provinces.enums import OfficeLevel
from provinces.models import Membership
from provinces.permissions import ROLES, Permission
from provinces.scoping import all_provinces


@all_provinces("headquarters looks after what provinces hand on")
def colleagues_who_may(
    permission: Permission, province_code: str | None, county_code: str | None = None
) -> QuerySet[User]:
    """People who may do this in a province (None: for the whole country), headquarters included; with a county, its own
    office's too."""
    today = tehran_today()
    place = Q(office__level=OfficeLevel.HQ)
    if province_code:
        place |= Q(office__level=OfficeLevel.PROVINCE, office__province=province_code)
    if county_code:
        place |= Q(office__level=OfficeLevel.COUNTY, office__county=county_code)
    members = Membership.objects.filter(place, role__in=ROLES[permission], starts_on__lte=today).exclude(
        ends_on__lt=today
    )
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("display_name", "pk")

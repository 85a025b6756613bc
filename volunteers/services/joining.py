"""Joining the network."""

from core.crypto import keyed_hash
from core.text import normalise
from provinces.models import Province
from volunteers.enums import Section
from volunteers.models import Volunteer


def join(*, name: str, mobile: str, province: Province, section: Section) -> Volunteer:
    """Write down that somebody (mobile as +989…) wishes to help; a second time changes nothing."""
    volunteer, _ = Volunteer.objects.get_or_create(
        mobile_hash=keyed_hash(mobile, "mobile"),
        defaults={"name": normalise(name)[:80], "mobile": mobile, "province": province, "section": section},
    )
    return volunteer

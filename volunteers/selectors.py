"""Reading who offered time."""

from __future__ import annotations

from volunteers.models import Volunteer


def volunteer_of(mobile_hash: str) -> Volunteer | None:
    """Who joined with this number, with their province (one query)."""
    if not mobile_hash:
        return None
    return Volunteer.objects.select_related("province").filter(mobile_hash=mobile_hash).first()

"""Fetching a row that is to be changed: locked, and within the scope of whoever changes it."""

from __future__ import annotations

from core.errors import DomainError
from provinces.scoping import check_write
from volunteers.models import Volunteer


def locked_volunteer(volunteer_id: int) -> Volunteer:
    """The volunteer, locked until the transaction ends. DomainError("not_found")."""
    row = Volunteer.objects.select_for_update(of=("self",)).filter(pk=volunteer_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.province_id, row.county_id)
    return row

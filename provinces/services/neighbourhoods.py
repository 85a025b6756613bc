"""Neighbourhoods of a county, written by whoever works there."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from provinces.models import County, Neighbourhood
from provinces.scoping import check_write


@transaction.atomic
def add_neighbourhood(county: County, name: str, *, actor: User | None, job: str = "") -> Neighbourhood:
    """Write a neighbourhood down; audited. DomainError: not_found (out of scope), neighbourhood_name_required,
    neighbourhood_exists (however it was typed)."""
    check_write(county.province_id, county.pk)
    clean = normalise(name)[:80]
    if not clean:
        raise DomainError("neighbourhood_name_required", field="name")
    try:
        with transaction.atomic():
            row = Neighbourhood.objects.create(county=county, name=clean)
    except IntegrityError as error:
        raise DomainError("neighbourhood_exists", field="name") from error
    audit.record("neighbourhood.add", row, actor=actor, job=job, province_code=county.province_id)
    return row

"""The capitals of a neighbourhood, written by whoever knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise
from partnerships.enums import Capital, Purpose
from partnerships.models import CommunityAsset
from provinces.models import County, Neighbourhood
from provinces.scoping import check_write


@dataclass(frozen=True)
class AssetFacts:
    """What there is, who holds it, how to reach them (for staff), and which needs it is useful for."""

    county: County
    capital: Capital
    title: str
    holder: str
    useful_for: Sequence[Purpose]
    neighbourhood: Neighbourhood | None = None
    contact: str = ""
    note: str = ""


@transaction.atomic
def write_asset(
    facts: AssetFacts, *, actor: User | None, job: str = "", is_demo: bool = False
) -> CommunityAsset:
    """Write something down that a county has; audited without holder and contact. DomainError: not_found,
    asset_title_required, asset_holder_required, asset_use_required, neighbourhood_elsewhere."""
    row = CommunityAsset.objects.create(made_by=actor, is_demo=is_demo, **_fields(_checked(facts)))
    _record("asset.write", row, actor, job)
    return row


@transaction.atomic
def change_asset(asset_id: int, facts: AssetFacts, *, actor: User) -> CommunityAsset:
    """Put it right; audited with the names of what changed. DomainError: those of `write_asset`."""
    row = _locked(asset_id)
    fields = _fields(_checked(facts))
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    row.save()
    _record("asset.change", row, actor, changed=changed)
    return row


@transaction.atomic
def retire_asset(asset_id: int, *, actor: User) -> None:
    """It is there no more; how to reach its holder is forgotten. Audited, safe to repeat. DomainError("not_found")."""
    row = _locked(asset_id)
    if row.is_active:
        row.is_active, row.contact = False, ""
        row.save(update_fields=["is_active", "contact"])
        _record("asset.retire", row, actor)


def _locked(asset_id: int) -> CommunityAsset:
    row = CommunityAsset.objects.select_for_update(of=("self",)).filter(pk=asset_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.county.province_id, row.county_id)
    return row


def _checked(facts: AssetFacts) -> AssetFacts:
    clean = replace(
        facts,
        title=normalise(facts.title)[:120],
        holder=normalise(facts.holder)[:120],
        contact=normalise(facts.contact)[:120],
        note=normalise(facts.note)[:300],
        useful_for=[str(use) for use in facts.useful_for],
    )
    check_write(clean.county.province_id, clean.county.pk)
    if not clean.title:
        raise DomainError("asset_title_required", field="title")
    if not clean.holder:
        raise DomainError("asset_holder_required", field="holder")
    if not clean.useful_for:
        raise DomainError("asset_use_required", field="useful_for")
    if clean.neighbourhood is not None and clean.neighbourhood.county_id != clean.county.pk:
        raise DomainError("neighbourhood_elsewhere", field="neighbourhood")
    return clean


def _fields(facts: AssetFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in AssetFacts.__dataclass_fields__}


def _record(action: str, row: CommunityAsset, actor: User | None, job: str = "", **data: object) -> None:
    audit.record(action, row, actor=actor, job=job, province_code=row.county.province_id, **data)

"""Partners with their sites and contacts, written by their province or by headquarters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from core import audit
from core.errors import DomainError
from core.identifiers import parse_legal_id, parse_mobile
from core.models import User
from core.text import normalise
from partnerships.enums import PartnerKind
from partnerships.models import Partner, PartnerContact, PartnerSite
from provinces.models import County, Province
from provinces.scoping import check_write

REFERENCE = "seed_reference"


@dataclass(frozen=True)
class PartnerFacts:
    """What is written of a partner. Without a province it is headquarters' own."""

    kind: PartnerKind
    name: str
    legal_id: str = ""
    province: Province | None = None
    county: County | None = None
    website: str = ""
    note: str = ""
    is_active: bool = True


@transaction.atomic
def create_partner(
    facts: PartnerFacts, *, actor: User | None, job: str = "", is_demo: bool = False
) -> Partner:
    """Write a partner down; audited. DomainError: not_found (out of scope), partner_name_required, bad_legal_id,
    unknown_county, organisation_exists (its legal ID is known already, perhaps in another province)."""
    checked = _checked(facts)
    partner = Partner(made_by=actor, is_demo=is_demo, **_fields(checked))
    _save(partner)
    _record("partner.create", partner, actor, job, kind=str(checked.kind))
    return partner


@transaction.atomic
def change_partner(partner_id: int, facts: PartnerFacts, *, actor: User) -> Partner:
    """Put right what is written of a partner; audited with the names of what changed. Locks the partner.
    DomainError: those of `create_partner`."""
    partner = locked_partner(partner_id)
    fields = _fields(_checked(facts))
    changed = [name for name, value in fields.items() if getattr(partner, name) != value]
    for name in changed:
        setattr(partner, name, fields[name])
    _save(partner)
    _record("partner.change", partner, actor, changed=changed)
    return partner


@transaction.atomic
def add_site(
    partner_id: int, *, name: str, county: County, address: str = "", actor: User | None, job: str = ""
) -> PartnerSite:
    """Where a partner works. Its own office may write any place; another one, that sees the partner, a place of its
    own. Audited. DomainError: not_found, partner_name_required, site_exists."""
    partner = Partner._base_manager.filter(pk=partner_id).first()
    if partner is None:
        raise DomainError("not_found", status=404)
    if not _is_ours(partner):
        check_write(county.province_id, county.pk)
    if not normalise(name):
        raise DomainError("partner_name_required", field="name")
    try:
        with transaction.atomic():
            site = PartnerSite.objects.create(
                partner=partner,
                name=normalise(name)[:120],
                county=county,
                province_id=county.province_id,
                address=normalise(address)[:200],
            )
    except IntegrityError as error:
        raise DomainError("site_exists", field="name") from error
    _record("partner.add_site", partner, actor, job, site=site.pk, county=county.pk)
    return site


@transaction.atomic
def close_site(site_id: int, *, actor: User) -> None:
    """The partner works there no more; the row stays. Audited, safe to repeat. DomainError("not_found")."""
    site = PartnerSite.objects.select_related("partner").filter(pk=site_id).first()
    if site is None:
        raise DomainError("not_found", status=404)
    check_write(site.province_id, site.county_id)
    if PartnerSite.objects.filter(pk=site_id, is_active=True).update(is_active=False):
        _record("partner.close_site", site.partner, actor, site=site.pk)


@transaction.atomic
def add_contact(
    partner_id: int,
    *,
    name: str,
    role: str = "",
    mobile: str = "",
    email: str = "",
    wants_reminders: bool = False,
    actor: User,
) -> PartnerContact:
    """Somebody to call; audited without name and number. DomainError: not_found, partner_name_required, bad_mobile,
    contact_unreachable (wants reminders and leaves no way to send one)."""
    partner = locked_partner(partner_id)
    if not normalise(name):
        raise DomainError("partner_name_required", field="name")
    if wants_reminders and not (mobile or email):
        raise DomainError("contact_unreachable", field="wants_reminders")
    contact = PartnerContact.objects.create(
        partner=partner,
        name=normalise(name)[:80],
        role=normalise(role)[:80],
        mobile=parse_mobile(mobile) if mobile else "",
        email=email.strip()[:120],
        wants_reminders=wants_reminders,
        added_by=actor,
    )
    _record("partner.add_contact", partner, actor, contact=contact.pk)
    return contact


@transaction.atomic
def forget_contact(contact_id: int, *, actor: User) -> None:
    """Take a contact off, for good: it is personal. Audited. DomainError("not_found")."""
    contact = PartnerContact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise DomainError("not_found", status=404)
    partner = locked_partner(contact.partner_id)
    contact.delete()
    _record("partner.forget_contact", partner, actor, contact=contact_id)


def locked_partner(partner_id: int) -> Partner:
    """A partner that the open scope may change, locked; DomainError("not_found") otherwise."""
    partner = Partner.objects.select_for_update(of=("self",)).filter(pk=partner_id).first()
    if partner is None:
        raise DomainError("not_found", status=404)
    check_write(partner.province_id, partner.county_id)
    return partner


def _is_ours(partner: Partner) -> bool:
    try:
        check_write(partner.province_id, partner.county_id)
    except DomainError:
        return False
    return True


def _checked(facts: PartnerFacts) -> PartnerFacts:
    clean = replace(
        facts,
        name=normalise(facts.name)[:160],
        legal_id=parse_legal_id(facts.legal_id) if facts.legal_id.strip() else "",
        website=facts.website.strip()[:120],
        note=normalise(facts.note)[:300],
    )
    if not clean.name:
        raise DomainError("partner_name_required", field="name")
    if clean.county is not None and (clean.province is None or clean.county.province_id != clean.province.pk):
        raise DomainError("unknown_county", field="county")
    check_write(clean.province and clean.province.pk, clean.county and clean.county.pk)
    return clean


def _fields(facts: PartnerFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in PartnerFacts.__dataclass_fields__}


def _save(partner: Partner) -> None:
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        if "one_partner_a_legal_id" not in str(error):
            raise
        raise DomainError("organisation_exists", field="legal_id") from error


def _record(action: str, partner: Partner, actor: User | None, job: str = "", **data: object) -> None:
    if job == REFERENCE:  # public facts that come with the portal are nobody's change
        return
    audit.record(action, partner, actor=actor, job=job, province_code=partner.province_id, **data)

"""What volunteers change about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.text import normalise
from volunteers.enums import ConsentKind, LicenceState, Section, Vetting
from volunteers.models import Consent, Volunteer
from volunteers.services import guardians
from volunteers.services.vetting import take_off_clients

JOB = "own_page"


@dataclass(frozen=True, kw_only=True)
class ProfileFacts:
    sections: list[Section]
    role: str
    profession: str
    licence_no: str
    skills: list[str]
    languages: list[str]
    availability: list[str]
    is_remote: bool
    born_on: date | None = None


@transaction.atomic
def change_profile(mobile_hash: str, facts: ProfileFacts) -> Volunteer:
    """Write down what a volunteer says of their work; audited. Another licence is looked up anew, and who was approved
    with the old one goes back into the queue. A birthday is written once; whoever is under age by it waits for a
    guardian. DomainError("not_a_volunteer")."""
    volunteer = _locked(mobile_hash)
    for name in ("role", "profession", "skills", "languages", "availability", "is_remote"):
        setattr(volunteer, name, getattr(facts, name))
    volunteer.sections, volunteer.section = list(facts.sections), facts.sections[0]
    volunteer.born_on = volunteer.born_on or facts.born_on
    if facts.licence_no != volunteer.licence_no:
        volunteer.licence_no = facts.licence_no
        volunteer.licence_state = LicenceState.UNCHECKED if facts.licence_no else LicenceState.NONE
        volunteer.licence_checked_by = volunteer.licence_checked_at = None
        if volunteer.vetting == Vetting.APPROVED:
            take_off_clients(volunteer)
            volunteer.vetting = Vetting.WAITING
    if facts.born_on is not None:
        guardians.settle(volunteer)
    volunteer.save()
    audit.record("volunteer.change_profile", volunteer, job=JOB, province_code=volunteer.province_id)
    return volunteer


@transaction.atomic
def set_consent(mobile_hash: str, kind: ConsentKind, *, is_given: bool, text_version: str) -> None:
    """Give a consent or take it back; audited. Safe to repeat. With that to access needs the needs are erased.

    DomainError: not_a_volunteer, consent_is_needed (data and conduct are taken back by leaving).
    """
    volunteer = _locked(mobile_hash)
    given = Consent.objects.filter(volunteer=volunteer, kind=kind, withdrawn_at=None)
    if is_given == given.exists():
        return
    now = timezone.now()
    if is_given:
        Consent.objects.update_or_create(
            volunteer=volunteer,
            kind=kind,
            text_version=text_version,
            defaults={"given_at": now, "withdrawn_at": None},
        )
    elif kind in (ConsentKind.DATA, ConsentKind.CONDUCT):
        raise DomainError("consent_is_needed")
    else:
        given.update(withdrawn_at=now)
    audit.record(
        "volunteer.set_consent",
        volunteer,
        job=JOB,
        province_code=volunteer.province_id,
        kind=kind,
        is_given=is_given,
    )


@transaction.atomic
def set_access_needs(mobile_hash: str, *, needs: str, text_version: str) -> None:
    """Write down what a volunteer needs to take part, with the consent to keep it; nothing written takes that consent
    back, and the needs go with it. Audited. Safe to repeat. DomainError("not_a_volunteer")."""
    said = normalise(needs)[:300]
    set_consent(mobile_hash, ConsentKind.ACCESS, is_given=bool(said), text_version=text_version)
    volunteer = _locked(mobile_hash)
    if volunteer.access_needs != said:
        volunteer.access_needs = said
        volunteer.save(update_fields=["access_needs"])
        audit.record("volunteer.change_needs", volunteer, job=JOB, province_code=volunteer.province_id)


def _locked(mobile_hash: str) -> Volunteer:
    volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
    if volunteer is None:
        raise DomainError("not_a_volunteer", status=409)
    return volunteer

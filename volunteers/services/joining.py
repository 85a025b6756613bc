"""Joining the network, by somebody who has proved their number."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.crypto import keyed_hash
from core.errors import DomainError
from core.text import search_key
from provinces.models import County, Province
from provinces.selectors import find_neighbourhood
from volunteers.enums import Activity, ConsentKind, JoinSource, LicenceState, Section, Vetting
from volunteers.models import Consent, JoinDraft, Surge, Volunteer
from volunteers.services import guardians
from volunteers.services.vetting import take_off_clients
from volunteers.surge_selectors import wanted_skills

JOB = "joining"
MOST_TRIES, TRIES_SECONDS = 10, 3_600  # of one number: nobody asks through us which national IDs are known


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody says of themselves, checked; `consents` are the texts they ticked."""

    name: str
    national_id: str
    born_on: date
    province: Province
    county: County
    neighbourhood: str = ""
    sections: list[Section]
    role: str
    profession: str = ""
    licence_no: str = ""
    skills: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    availability: list[str] = field(default_factory=list)
    is_remote: bool = False
    access_needs: str = ""
    guardian_name: str = ""
    guardian_mobile: str = ""
    consents: list[ConsentKind] = field(default_factory=list)


def join(
    mobile: str,
    application: Application,
    *,
    text_version: str,
    may_merge: bool = False,
    surge: Surge | None = None,
) -> Volunteer:
    """Write down a volunteer with their consents, and drop the draft. `mobile` (+989…) must have been proved. By a
    `surge`, whoever has a skill that it wants is vetted first.

    DomainError: already_joined (the number is known and `may_merge` is not said: with it, the same row takes the
    new answers, and their consents are added), national_id_taken (another number has it; never merged here),
    guardian_is_self, too_many_tries (429). Whoever is under age waits for their guardian, who is asked by SMS.
    Repeatable with `may_merge`. Locks the row of the number; races are decided by the database's unique keys.
    """
    if application.guardian_mobile == mobile:
        raise DomainError("guardian_is_self", field="guardian_mobile", status=422)
    mobile_hash = keyed_hash(mobile, "mobile")
    count_try(mobile_hash)
    try:
        with transaction.atomic():
            found = _known(mobile_hash) if may_merge else None
            row = found or Volunteer(mobile=mobile, mobile_hash=mobile_hash)
            if surge is not None:
                row.surge, row.source = surge, JoinSource.SURGE
                row.is_priority = bool(wanted_skills(surge) & set(application.skills))
            volunteer = _written(row, application)
            _note_consents(volunteer, application.consents, text_version, is_new=found is None)
            audit.record(
                "volunteer.merge" if found else "volunteer.join",
                volunteer,
                job=JOB,
                province_code=volunteer.province_id,
            )
            JoinDraft.objects.filter(mobile_hash=mobile_hash).delete()
            return volunteer
    except IntegrityError as error:
        taken = "one_national_id" in str(error)
        raise DomainError("national_id_taken" if taken else "already_joined", status=409) from None


def _known(mobile_hash: str) -> Volunteer | None:
    """The row of a number, locked. Without `may_merge` nobody looks: the unique key says whether there is one."""
    return Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()


def keep_draft(mobile_hash: str, step: str, sent: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    """Keep what a step was sent, encrypted, beside the others; gives all of them. Locks the draft."""
    with transaction.atomic():
        JoinDraft.objects.get_or_create(mobile_hash=mobile_hash)
        draft = JoinDraft.objects.select_for_update().get(mobile_hash=mobile_hash)
        answers = json.loads(draft.answers) | {step: sent}
        draft.answers = json.dumps(answers, ensure_ascii=False)
        draft.save()
        return answers


def _written(volunteer: Volunteer, application: Application) -> Volunteer:
    """Somebody who was vetted under another name, number or licence is vetted anew."""
    before = (volunteer.national_id_hash, search_key(volunteer.name), volunteer.licence_no)
    for name in (
        "name", "national_id", "born_on", "province", "county", "neighbourhood", "sections", "role", "profession",
        "licence_no", "skills", "languages", "availability", "is_remote", "guardian_name", "guardian_mobile",
    ):  # fmt: skip
        setattr(volunteer, name, getattr(application, name))
    volunteer.neighbourhood_row = find_neighbourhood(application.county.code, application.neighbourhood)
    may_keep_needs = ConsentKind.ACCESS in application.consents
    volunteer.access_needs = application.access_needs if may_keep_needs else ""
    volunteer.national_id_hash = keyed_hash(application.national_id, "national_id")
    volunteer.section, volunteer.activity = application.sections[0], Activity.ACTIVE
    after = (volunteer.national_id_hash, search_key(volunteer.name), volunteer.licence_no)
    if volunteer.pk is None or before[2] != after[2]:
        volunteer.licence_state = LicenceState.UNCHECKED if volunteer.licence_no else LicenceState.NONE
        volunteer.licence_checked_by = volunteer.licence_checked_at = None
    if volunteer.pk is not None and before != after:
        take_off_clients(volunteer)
        volunteer.vetting = Vetting.WAITING
    is_guardian_asked = guardians.settle(volunteer)
    volunteer.save()
    if is_guardian_asked:
        _ask_guardian(volunteer)
    return volunteer


def _ask_guardian(volunteer: Volunteer) -> None:
    """One who was asked too often today is asked another day, from the own page."""
    try:
        guardians.ask(volunteer)
    except DomainError as error:
        if error.code != "guardian_asked_often":
            raise


def _note_consents(
    volunteer: Volunteer, kinds: list[ConsentKind], text_version: str, *, is_new: bool
) -> None:
    """One that was taken back and is given again counts from now."""
    now = timezone.now()
    if not is_new:
        again = Consent.objects.filter(volunteer=volunteer, kind__in=kinds, text_version=text_version)
        again.exclude(withdrawn_at=None).update(given_at=now, withdrawn_at=None)
    Consent.objects.bulk_create(
        [Consent(volunteer=volunteer, kind=kind, text_version=text_version, given_at=now) for kind in kinds],
        ignore_conflicts=True,
    )


def count_try(mobile_hash: str) -> None:
    """Count a try of a number at what could tell which national IDs are known; DomainError too_many_tries (429)."""
    key = f"join-tries:{mobile_hash[:24]}"
    if int(cache.get(key) or 0) >= MOST_TRIES:
        raise DomainError("too_many_tries", status=429)
    cache.count({key: 1}, TRIES_SECONDS)

"""The network of a place: at least one row of everything, and volunteers as a test wants them."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from core.codes import new_verification_code
from core.crypto import keyed_hash
from core.jalali import tehran_today
from provinces.models import County
from tests.factories.people import TEHRAN, person
from tests.factories.volunteers import national_id
from volunteers.enums import (
    AssignmentState,
    ConsentKind,
    Decision,
    DocumentKind,
    GroupKind,
    LineState,
    Purpose,
    Section,
    Shown,
    Vetting,
)
from volunteers.models import (
    Assignment,
    Certificate,
    Consent,
    ContactMessage,
    Duplicate,
    GroupActivity,
    GroupMembership,
    JoinDraft,
    Opportunity,
    RegistryImport,
    RegistryLine,
    Revelation,
    Shift,
    Surge,
    SurgeWant,
    VettingDecision,
    Volunteer,
    VolunteerDocument,
    VolunteerGroup,
)
from volunteers.services.documents import seal

_numbers = itertools.count(1)


def a_volunteer(
    province: str = TEHRAN, county: str = "", *, approved: bool = False, **facts: Any
) -> Volunteer:
    """Somebody who joined, with the consents that are needed; `approved` by somebody."""
    number = next(_numbers)
    mobile = f"+98913{number:07d}"
    where = county or County.objects.filter(province=province).order_by("code").first().code
    volunteer = Volunteer.objects.create(
        **{
            "name": "داوطلب نمونه",
            "mobile": mobile,
            "mobile_hash": keyed_hash(mobile, "mobile"),
            "national_id": national_id(f"{number + 20_000_000:09d}"),
            "national_id_hash": keyed_hash(national_id(f"{number + 20_000_000:09d}"), "national_id"),
            "born_on": date(1990, 5, 1),
            "province_id": province,
            "county_id": where,
            "section": Section.HEALTH,
            "sections": [Section.HEALTH],
            "skills": ["nursing"],
        }
        | facts
    )
    for kind in (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT):
        Consent.objects.create(volunteer=volunteer, kind=kind, text_version="1", given_at=timezone.now())
    if approved:
        approve(volunteer)
    return volunteer


def approve(volunteer: Volunteer) -> None:
    VettingDecision.objects.create(
        volunteer=volunteer, decision=Decision.APPROVE, reason="مدارک دیده شد", decided_by=person()
    )
    volunteer.vetting = Vetting.APPROVED
    volunteer.save(update_fields=["vetting"])


def a_group(province: str = TEHRAN, county: str = "", **facts: Any) -> VolunteerGroup:
    where = county or County.objects.filter(province=province).order_by("code").first().code
    return VolunteerGroup.objects.create(
        **{
            "name": f"گروه نمونه {next(_numbers)}",
            "kind": GroupKind.HAMYAR,
            "section": Section.HEALTH,
            "province_id": province,
            "county_id": where,
        }
        | facts
    )


def an_opportunity(province: str = TEHRAN, county: str = "", **facts: Any) -> Opportunity:
    return Opportunity.objects.create(
        **{
            "title": "پخش افطار نمونه",
            "purpose": Purpose.OFFICE,
            "province_id": province,
            "county_id": county or None,
            "place": "مرکز نمونه",
            "section": Section.HEALTH,
            "skills": ["nursing"],
            "made_by": person(),
        }
        | facts
    )


def a_shift(
    opportunity: Opportunity, *, hours: float = 24, lasts: float = 3, capacity: int = 2, **facts
) -> Shift:
    """A shift that begins in so many hours (ago, when below zero)."""
    starts = timezone.now() + timedelta(hours=hours)
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=lasts)}
    return Shift.objects.create(opportunity=opportunity, capacity=capacity, **times, **facts)


def an_assignment(shift: Shift, volunteer: Volunteer, state=AssignmentState.SIGNED_UP, **facts) -> Assignment:
    return Assignment.objects.create(
        shift=shift, volunteer=volunteer, state=state, code=new_verification_code(), **facts
    )


def network_rows(province: str, county: str = "") -> dict[str, Any]:
    """One of everything in a place."""
    volunteer, somebody = a_volunteer(province, county, approved=True), person()
    other = a_volunteer(province, county)
    document = VolunteerDocument.objects.create(
        volunteer=volunteer,
        kind=DocumentKind.LICENCE,
        path=seal(b"%PDF-"),
        content_type="application/pdf",
        size_bytes=5,
    )
    shown = Revelation.objects.create(
        volunteer=volunteer,
        province_id=province,
        county_id=county or None,
        what=Shown.MOBILE,
        reason="هماهنگی نوبت",
        seen_by=somebody,
    )
    message = ContactMessage.objects.create(volunteer=volunteer, text="سلام", sent_by=somebody)
    group = a_group(province, county, leader=volunteer)
    membership = GroupMembership.objects.create(group=group, volunteer=volunteer)
    activity = GroupActivity.objects.create(group=group, on=tehran_today(), what="بسته‌بندی")
    surge = Surge.objects.create(title="سیل نمونه", province_id=province, opened_by=somebody)
    want = SurgeWant.objects.create(surge=surge, skill="nursing", wanted=10)
    opportunity = an_opportunity(province, county)
    shift = a_shift(opportunity, leader=volunteer)
    assignment = an_assignment(shift, volunteer)
    certificate = Certificate.objects.create(
        volunteer=volunteer,
        opportunity=opportunity,
        code=new_verification_code(),
        name_hash=keyed_hash("نمونه", "certificate_name"),
        minutes=180,
        shifts=1,
        first_on=tehran_today(),
        last_on=tehran_today(),
    )
    registry = RegistryImport.objects.create(
        province_id=province,
        file_name="دفتر.csv",
        path=seal(b"name\n", "registries"),
        sha256=f"{next(_numbers):064d}",
        size_bytes=5,
        uploaded_by=somebody,
    )
    line = RegistryLine.objects.create(
        registry=registry, line_no=2, state=LineState.REFUSED, reason="bad_mobile"
    )
    duplicate = Duplicate.objects.create(volunteer=volunteer, other=other)
    draft = JoinDraft.objects.create(mobile_hash=f"{next(_numbers):064d}")
    return {
        "volunteers.volunteer": volunteer,
        "volunteers.consent": volunteer.consents.first(),
        "volunteers.vettingdecision": volunteer.decisions.first(),
        "volunteers.volunteerdocument": document,
        "volunteers.revelation": shown,
        "volunteers.contactmessage": message,
        "volunteers.volunteergroup": group,
        "volunteers.groupmembership": membership,
        "volunteers.groupactivity": activity,
        "volunteers.surge": surge,
        "volunteers.surgewant": want,
        "volunteers.opportunity": opportunity,
        "volunteers.shift": shift,
        "volunteers.assignment": assignment,
        "volunteers.certificate": certificate,
        "volunteers.registryimport": registry,
        "volunteers.registryline": line,
        "volunteers.duplicate": duplicate,
        "volunteers.joindraft": draft,
    }

"""The guardian of somebody under age agrees from their own number: a message leads them to /me/, where a code proves
it. Until then, and when they say no, nobody under age is approved or given work."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, sms
from core.crypto import keyed_hash
from core.errors import DomainError
from core.limits import count_or_refuse
from core.models import User
from core.text import normalise
from volunteers import phrases
from volunteers.enums import ConsentKind, GuardianState, Vetting
from volunteers.models import Consent, Volunteer
from volunteers.selectors import is_minor, volunteer_of, wards_of, youngest_birthday
from volunteers.services.access import locked_volunteer
from volunteers.services.vetting import take_off_all

JOB = "guardian"
MOST_ASKED, MOST_ASKING, DAY_SECONDS = 3, 5, 86_400  # messages a day to one number, and of one volunteer
_ANSWERED = (GuardianState.AGREED, GuardianState.REFUSED)


def settle(volunteer: Volunteer) -> bool:
    """Bring what is kept of a guardian in line with a locked row's birthday and with the number that is named; whether
    the guardian is to be asked (`ask`). The caller saves the row, in the same transaction."""
    if not is_minor(volunteer.born_on):
        _forget(volunteer)
        return False
    named = keyed_hash(volunteer.guardian_mobile, "mobile")
    if volunteer.guardian_state in _ANSWERED and volunteer.guardian_hash == named:
        return False
    volunteer.guardian_hash = named
    _take_back(volunteer, GuardianState.WAITING)
    return bool(named)


def ask(volunteer: Volunteer) -> None:
    """Send the guardian of a saved row a message that asks for their word. In the caller's transaction.

    DomainError("guardian_asked_often") (429) for a number that was asked, or a volunteer who asked, too often today.
    """
    for what, whose, most in (
        ("guardian", volunteer.guardian_hash, MOST_ASKED),
        ("guardian-of", volunteer.mobile_hash, MOST_ASKING),
    ):
        count_or_refuse(what, whose, most=most, seconds=DAY_SECONDS, code="guardian_asked_often")
    volunteer.guardian_asked_at = timezone.now()
    volunteer.save(update_fields=["guardian_asked_at"])
    address = settings.PORTAL_BASE_URL + reverse("me-wards")
    sms.queue(volunteer.guardian_mobile, phrases.GUARDIAN_SMS.format(url=address), purpose="guardian")


@transaction.atomic
def name_guardian(mobile_hash: str, *, name: str, mobile: str) -> Volunteer:
    """Somebody under age names their guardian, or asks the same one again; the guardian gets a message. Audited.

    DomainError: not_a_volunteer, guardian_not_needed, guardian_is_self, guardian_has_answered, guardian_asked_often.
    """
    volunteer = Volunteer.objects.select_for_update().filter(mobile_hash=mobile_hash).first()
    if volunteer is None:
        raise DomainError("not_a_volunteer", status=409)
    if not is_minor(volunteer.born_on):
        raise DomainError("guardian_not_needed", status=409)
    if mobile == volunteer.mobile:
        raise DomainError("guardian_is_self", field="guardian_mobile")
    volunteer.guardian_name, volunteer.guardian_mobile = normalise(name)[:80], mobile
    if not settle(volunteer):
        raise DomainError("guardian_has_answered", status=409)
    volunteer.save()
    ask(volunteer)
    audit.record("guardian.name", volunteer, job="own_page", province_code=volunteer.province_id)
    return volunteer


@transaction.atomic
def ask_again(volunteer_id: int, *, actor: User) -> Volunteer:
    """Staff let the guardian who was named be asked once more; audited.

    DomainError: not_found, guardian_not_named (or one who has answered), guardian_asked_often.
    """
    volunteer = locked_volunteer(volunteer_id)
    if volunteer.guardian_state != GuardianState.WAITING or not volunteer.guardian_hash:
        raise DomainError("guardian_not_named", status=409)
    ask(volunteer)
    audit.record("guardian.ask", volunteer, actor=actor, province_code=volunteer.province_id)
    return volunteer


@transaction.atomic
def answer_for(ward_id: int, *, guardian_hash: str, agrees: bool, text_version: str) -> Volunteer:
    """What the guardian says who proved the number `guardian_hash`; it may be taken back at any time, and work that is
    still to come goes with it. The volunteer is told by SMS. Audited; safe to repeat. Locks the volunteer.

    DomainError: not_found, guardian_not_needed (of age by now), guardian_is_minor.
    """
    wards = Volunteer.objects.select_for_update(of=("self",)).exclude(guardian_hash="")
    volunteer = wards.filter(pk=ward_id, guardian_hash=guardian_hash).first()
    if volunteer is None:
        raise DomainError("not_found", status=404)
    if not is_minor(volunteer.born_on):
        raise DomainError("guardian_not_needed", status=409)
    themselves = volunteer_of(guardian_hash)
    if themselves is not None and is_minor(themselves.born_on):
        raise DomainError("guardian_is_minor", status=409)
    wanted = GuardianState.AGREED if agrees else GuardianState.REFUSED
    if volunteer.guardian_state == wanted:
        return volunteer
    if agrees:
        volunteer.guardian_state = wanted
        Consent.objects.update_or_create(
            volunteer=volunteer,
            kind=ConsentKind.GUARDIAN,
            text_version=text_version,
            defaults={"given_at": timezone.now(), "withdrawn_at": None},
        )
    else:
        _take_back(volunteer, wanted)
    volunteer.save(update_fields=["guardian_state", "vetting"])
    audit.record(f"guardian.{wanted}", volunteer, job=JOB, province_code=volunteer.province_id)
    sms.queue(volunteer.mobile, phrases.GUARDIAN_SAID_SMS[wanted], purpose="volunteer_vetting")
    return volunteer


@transaction.atomic
def forget_guardian(guardian_hash: str) -> int:
    """A guardian asks to be forgotten: their number and name go from those who named them, and their word with it;
    gives of how many. Repeatable."""
    rows = list(wards_of(guardian_hash).select_for_update(of=("self",)))
    for volunteer in rows:
        _take_back(volunteer, GuardianState.WAITING)
        volunteer.guardian_name = volunteer.guardian_mobile = volunteer.guardian_hash = ""
        volunteer.save()
        audit.record("guardian.forget", volunteer, job=JOB, province_code=volunteer.province_id)
    return len(rows)


@transaction.atomic
def come_of_age() -> int:
    """Whoever is of age by now needs no guardian: the number and the name go; gives how many. Repeatable."""
    waiting = Volunteer.objects.exclude(guardian_state=GuardianState.NONE)
    return waiting.filter(born_on__lte=youngest_birthday()).update(
        guardian_state=GuardianState.NONE, guardian_name="", guardian_mobile="", guardian_hash=""
    )


def _forget(volunteer: Volunteer) -> None:
    volunteer.guardian_name = volunteer.guardian_mobile = volunteer.guardian_hash = ""
    volunteer.guardian_state = GuardianState.NONE


def _take_back(volunteer: Volunteer, state: GuardianState) -> None:
    """The guardian's word does not stand (any more): neither does what was built on it."""
    if volunteer.pk is not None:
        given = Consent.objects.filter(volunteer=volunteer, kind=ConsentKind.GUARDIAN, withdrawn_at=None)
        given.update(withdrawn_at=timezone.now())
        take_off_all(volunteer)
    if volunteer.vetting == Vetting.APPROVED:
        volunteer.vetting = Vetting.WAITING
    volunteer.guardian_state = state

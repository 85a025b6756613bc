"""Two rows, or two numbers, of one person become one: only with a consent that is written down."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from core import audit, sms
from core.crypto import keyed_hash
from core.errors import DomainError
from core.mobile_door import forget_number
from core.models import User
from core.text import ascii_digits, isolate_ltr, normalise
from provinces.scoping import check_write
from volunteers import phrases
from volunteers.enums import AssignmentState, ConsentKind, DuplicateState, MergeConsent, Vetting
from volunteers.models import Assignment, Consent, Duplicate, GroupMembership, Volunteer
from volunteers.services import guardians
from volunteers.services.vetting import take_off_clients

CODE_LIVES = timedelta(minutes=10)
CODE_PAUSE = timedelta(minutes=1)
MOST_TRIES = 5
JOB = "merging"
_FILLED_FROM_OTHER = (
    "born_on",
    "county",
    "profession",
    "licence_no",
    "role",
    "guardian_name",
    "guardian_mobile",
)


@transaction.atomic
def suspect(volunteer_id: int, *, other_id: int, actor: User) -> Duplicate:
    """Write down that two rows seem to be one person; nothing is merged yet. Safe to repeat; audited.

    DomainError: not_found, same_volunteer.
    """
    if volunteer_id == other_id:
        raise DomainError("same_volunteer", field="other_id")
    keep, other = _locked_pair(volunteer_id, other_id)
    found, made = Duplicate.objects.get_or_create(volunteer=keep, other=other, state=DuplicateState.OPEN)
    if made:
        _record("duplicate.suspect", found, actor)
    return found


@transaction.atomic
def send_codes(duplicate_id: int, *, actor: User | None = None) -> None:
    """Send a code to each of the two numbers; an earlier pair is dead. Nobody is shown a number. Audited.

    DomainError: not_found, duplicate_is_settled, codes_just_sent (429).
    """
    row = _locked(duplicate_id)
    now = timezone.now()
    if row.codes_sent_at and now - row.codes_sent_at < CODE_PAUSE:
        raise DomainError("codes_just_sent", status=429)
    first, second = _new_code(), _new_code()
    row.code_hash, row.other_code_hash = _hash(row, first), _hash(row, second)
    row.codes_sent_at, row.tries = now, 0
    row.save(update_fields=["code_hash", "other_code_hash", "codes_sent_at", "tries"])
    for mobile, code in ((row.volunteer.mobile, first), (_other_mobile(row), second)):
        sms.queue(mobile, phrases.MERGE_SMS.format(code=isolate_ltr(code)), purpose="code")
    _record("duplicate.send_codes", row, actor)


def merge_by_codes(
    duplicate_id: int, *, code: str, other_code: str, takes_other: bool, actor: User
) -> Volunteer:
    """Merge what both numbers agreed to by their codes; `takes_other`: the other number stays. A wrong try is counted
    whatever happens next. DomainError: not_found, duplicate_is_settled, merge_codes_wrong, merge_codes_over."""
    with transaction.atomic():
        row = _locked(duplicate_id)
        is_live = bool(
            row.code_hash
            and row.tries < MOST_TRIES
            and row.codes_sent_at
            and timezone.now() - row.codes_sent_at < CODE_LIVES
        )
        is_right = (
            is_live
            and constant_time_compare(row.code_hash, _hash(row, _digits(code)))
            and constant_time_compare(row.other_code_hash, _hash(row, _digits(other_code)))
        )
        if is_right:
            return _merge(row, MergeConsent.CODES, "", takes_other=takes_other, actor=actor)
        if is_live:
            row.tries += 1
            row.save(update_fields=["tries"])
    raise DomainError("merge_codes_wrong" if is_live else "merge_codes_over", field="code")


@transaction.atomic
def merge_by_word(
    duplicate_id: int, *, consent: MergeConsent, note: str, takes_other: bool, actor: User
) -> Volunteer:
    """Merge with a consent that staff write down: on paper, or spoken. DomainError: not_found, duplicate_is_settled,
    note_required, not_allowed (codes are not a word)."""
    row = _locked(duplicate_id)
    said = normalise(note)[:300]
    if consent == MergeConsent.CODES:
        raise DomainError("not_allowed")
    if not said:
        raise DomainError("note_required", field="note")
    return _merge(row, consent, said, takes_other=takes_other, actor=actor)


@transaction.atomic
def keep_apart(duplicate_id: int, *, note: str, actor: User) -> Duplicate:
    """Two people after all, or no consent; audited. DomainError: not_found, duplicate_is_settled, note_required."""
    row = _locked(duplicate_id)
    said = normalise(note)[:300]
    if not said:
        raise DomainError("note_required", field="note")
    row.state, row.note, row.decided_by, row.decided_at = DuplicateState.APART, said, actor, timezone.now()
    row.save(update_fields=["state", "note", "decided_by", "decided_at"])
    _record("duplicate.keep_apart", row, actor)
    return row


# --- by the person, when joining with another number ------------------------------------------------------
@transaction.atomic
def ask_to_take_over(national_id: str, *, new_mobile: str) -> None:
    """Somebody who proved `new_mobile` says that they are in the network by another number: send a code to that one.
    Whether there is such a row is not told by what this does; asking again within a minute does nothing."""
    found = Volunteer.objects.filter(national_id_hash=keyed_hash(national_id, "national_id")).first()
    new_hash = keyed_hash(new_mobile, "mobile")
    if found is None or found.mobile_hash == new_hash:
        return
    row, _ = Duplicate.objects.get_or_create(
        volunteer=found,
        other=None,
        new_mobile_hash=new_hash,
        state=DuplicateState.OPEN,
        defaults={"new_mobile": new_mobile},
    )
    row = Duplicate.objects.select_for_update().get(pk=row.pk)
    now = timezone.now()
    if row.codes_sent_at and now - row.codes_sent_at < CODE_PAUSE:
        return
    code = _new_code()
    row.code_hash, row.other_code_hash, row.codes_sent_at, row.tries = _hash(row, code), "", now, 0
    row.save(update_fields=["code_hash", "other_code_hash", "codes_sent_at", "tries"])
    sms.queue(found.mobile, phrases.MERGE_SMS.format(code=isolate_ltr(code)), purpose="code")


def take_over(new_mobile_hash: str, *, code: str) -> Volunteer:
    """The code of the other number, from somebody who proved the new one: the row takes the new number.

    DomainError: merge_codes_wrong (counted), merge_codes_over.
    """
    with transaction.atomic():
        row = (
            Duplicate.objects.select_for_update(of=("self",))
            .select_related("volunteer")
            .filter(
                new_mobile_hash=new_mobile_hash,
                other=None,
                state=DuplicateState.OPEN,
                codes_sent_at__gt=timezone.now() - CODE_LIVES,
                tries__lt=MOST_TRIES,
            )
            .exclude(code_hash="")
            .order_by("-codes_sent_at")
            .first()
        )
        if row is not None and constant_time_compare(row.code_hash, _hash(row, _digits(code))):
            return _merge(row, MergeConsent.CODES, "", takes_other=True, actor=None)
        if row is not None:
            row.tries += 1
            row.save(update_fields=["tries"])
    raise DomainError("merge_codes_wrong" if row else "merge_codes_over", field="code")


def _merge(
    row: Duplicate, consent: MergeConsent, note: str, *, takes_other: bool, actor: User | None
) -> Volunteer:
    """In the caller's transaction, on a locked row."""
    other_mobile = _other_mobile(row)
    other = row.other or Volunteer.objects.filter(mobile_hash=keyed_hash(other_mobile, "mobile")).first()
    if other is not None:
        keep, other = _locked_pair(row.volunteer_id, other.pk)
        _move(keep, other)
    else:
        keep = Volunteer.objects.select_for_update(of=("self",)).get(pk=row.volunteer_id)
    old_hash = keep.mobile_hash
    if takes_other:
        keep.mobile, keep.mobile_hash = other_mobile, keyed_hash(other_mobile, "mobile")
    try:
        with transaction.atomic():
            keep.save()
    except IntegrityError:
        raise DomainError("merge_impossible", status=409) from None
    if takes_other:
        forget_number(old_hash)
    row.refresh_from_db()
    row.state, row.consent, row.note = DuplicateState.MERGED, consent, note
    row.decided_by, row.decided_at = actor, timezone.now()
    row.code_hash = row.other_code_hash = row.new_mobile = ""
    row.save()
    _record("duplicate.merge", row, actor, consent=consent, takes_other=takes_other)
    return keep


def _move(keep: Volunteer, other: Volunteer) -> None:
    """Everything of `other` goes to `keep`, and `other` goes. What both have stays as `keep` has it."""
    if keep.vetting != Vetting.APPROVED:
        take_off_clients(other)
    _move_places(keep, other)
    joined = GroupMembership.objects.filter(volunteer=keep, left_at=None).values("group")
    GroupMembership.objects.filter(volunteer=other).exclude(Q(left_at=None) & Q(group__in=joined)).update(
        volunteer=keep
    )
    agreed = set(Consent.objects.filter(volunteer=keep).values_list("kind", "text_version"))
    for consent in Consent.objects.filter(volunteer=other):
        if (consent.kind, consent.text_version) not in agreed:
            Consent.objects.filter(pk=consent.pk).update(volunteer=keep)
    living = Consent.objects.filter(volunteer=keep, kind=ConsentKind.ACCESS, withdrawn_at=None)
    if not keep.access_needs and living.exists():
        keep.access_needs = other.access_needs
    other.documents.update(volunteer=keep)
    other.messages.update(volunteer=keep)
    other.certificates.filter(replaced_at=None).update(replaced_at=timezone.now())
    other.certificates.update(volunteer=keep)
    other.led_groups.update(leader=keep)
    other.led_shifts.update(leader=keep)
    if not keep.guardian_mobile:
        keep.guardian_hash, keep.guardian_state = other.guardian_hash, other.guardian_state
    for name in _FILLED_FROM_OTHER:
        if not getattr(keep, name):
            setattr(keep, name, getattr(other, name))
    guardians.settle(keep)
    for name in ("sections", "skills", "languages", "availability"):
        setattr(keep, name, list(dict.fromkeys([*getattr(keep, name), *getattr(other, name)])))
    if not keep.national_id_hash:
        keep.national_id, keep.national_id_hash = other.national_id, other.national_id_hash
    other.delete()


def _move_places(keep: Volunteer, other: Volunteer) -> None:
    shifts = set(Assignment.objects.filter(volunteer=keep).values_list("shift", flat=True))
    for place in Assignment.objects.filter(volunteer=other).order_by("shift_id"):
        if place.shift_id not in shifts:
            Assignment.objects.filter(pk=place.pk).update(volunteer=keep)
        elif place.state == AssignmentState.SIGNED_UP:
            Assignment.objects.filter(pk=place.pk).update(state=AssignmentState.CANCELLED)


def _locked_pair(keep_id: int, other_id: int) -> tuple[Volunteer, Volunteer]:
    ids = sorted({keep_id, other_id})
    rows = {
        row.pk: row
        for row in Volunteer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    if len(rows) != len(ids):
        raise DomainError("not_found", status=404, field="other_id")
    for row in rows.values():
        check_write(row.province_id, row.county_id)
    return rows[keep_id], rows[other_id]


def _locked(duplicate_id: int) -> Duplicate:
    rows = Duplicate.objects.select_for_update(of=("self",)).select_related("volunteer", "other")
    row = rows.filter(pk=duplicate_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    check_write(row.volunteer.province_id, row.volunteer.county_id)
    if row.state != DuplicateState.OPEN:
        raise DomainError("duplicate_is_settled", status=409)
    return row


def _other_mobile(row: Duplicate) -> str:
    return row.other.mobile if row.other else row.new_mobile


def _new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def _hash(row: Duplicate, code: str) -> str:
    return keyed_hash(f"{row.pk}:{code}", "merge_code")


def _digits(typed: str) -> str:
    return "".join(sign for sign in ascii_digits(normalise(typed[:40])) if sign in "0123456789")


def _record(action: str, row: Duplicate, actor: User | None, **data: object) -> None:
    audit.record(
        action, row, actor=actor, job="" if actor else JOB, province_code=row.volunteer.province_id, **data
    )

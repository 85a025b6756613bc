"""Donors' matters: written down, answered within their time, escalated when late, closed and rated.

Names, numbers and words are encrypted at rest. The donor's way in is the case's code; what staff see of the donor's
number is masked until they ask for it, which the audit trail keeps. Every answer goes out as an SMS with the link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cases import care_phrases as phrases
from cases.enums import CareState, Escalation
from cases.models import CareCase, CareCategory, CareMessage
from core import audit, sms
from core.codes import new_tracking_code, parse_tracking_code, show_code
from core.crypto import keyed_hash
from core.errors import DomainError
from core.identifiers import show_mobile
from core.limits import count_or_refuse
from core.models import User
from core.text import isolate_ltr, normalise, normalise_lines, persian_digits
from donations.models import Donation
from provinces.access import access_of
from provinces.models import Province
from provinces.permissions import Permission
from provinces.scoping import all_provinces, check_write

MOST_AN_ADDRESS, MOST_A_MOBILE, MOST_MISSES = 30, 10, 60
MOST_CHARACTERS = 2000
_DAY, _HOUR = 24 * 3_600, 3_600
_JOB = "cases.escalate_care"


@dataclass(frozen=True)
class Asked:
    """What a donor writes. `mobile` is +989…; a gift of theirs may be named."""

    category: CareCategory
    mobile: str
    text: str
    name: str = ""
    province: Province | None = None
    donation: Donation | None = None


@transaction.atomic
def ask(asked: Asked, *, address: str) -> CareCase:
    """Write a donor's matter down and tell them its code by SMS. The same words of the same number within a day
    give the same case. DomainError: text_required, too_many_messages (429)."""
    same = _same_of_today(asked)
    if same is not None:
        return same
    count_or_refuse("care-address", address, most=MOST_AN_ADDRESS, seconds=_DAY, code="too_many_messages")
    count_or_refuse("care-mobile", asked.mobile, most=MOST_A_MOBILE, seconds=_DAY, code="too_many_messages")
    return _open(asked, written_by=None)


@transaction.atomic
def write_down(asked: Asked, *, actor: User) -> CareCase:
    """The same by a member of staff for a donor who called or came; audited. DomainError: not_found (another
    province), text_required."""
    check_write(_province_of(asked))
    case = _open(asked, written_by=actor)
    audit.record("care.write_down", case, actor=actor, province_code=case.province_id)
    return case


@transaction.atomic
def answer(case_id: int, *, actor: User, text: str) -> CareCase:
    """Answer the donor; goes out as an SMS with the link. Who answers owns the case if nobody did. Audited without the
    words. DomainError: not_found, care_closed, text_required."""
    case = _locked_open(case_id)
    _say(case, text, by=actor)
    case.state, case.owner = CareState.ANSWERED, case.owner or actor
    case.escalation = Escalation.NONE
    case.save(update_fields=["state", "owner", "escalation"])
    _tell(case, phrases.ANSWERED_SMS)
    audit.record("care.answer", case, actor=actor, province_code=case.province_id)
    return case


@transaction.atomic
def note(case_id: int, *, actor: User, text: str) -> CareCase:
    """A note for colleagues; the donor never sees it. DomainError: not_found, care_closed, text_required."""
    case = _locked_open(case_id)
    _say(case, text, by=actor, is_internal=True)
    audit.record("care.note", case, actor=actor, province_code=case.province_id)
    return case


@transaction.atomic
def give_to(case_id: int, owner: User, *, actor: User) -> CareCase:
    """Hand the case to somebody (or take it); audited. DomainError: not_found, care_closed."""
    case = _locked_open(case_id)
    case.owner = owner
    case.save(update_fields=["owner"])
    audit.record("care.give", case, actor=actor, province_code=case.province_id, owner=owner.pk)
    return case


@transaction.atomic
def hand_many(case_ids: Sequence[int], owner: User, *, actor: User) -> int:
    """`give_to` for many matters of the open scope, in the order of their keys; gives how many changed hands. Closed
    ones and those that are the person's stay as they are.

    DomainError: owner_unfit (the person may not answer donors of one of these places).
    """
    access = access_of(owner)
    rows = CareCase.objects.filter(pk__in=case_ids).exclude(state=CareState.CLOSED).exclude(owner=owner)
    found = list(rows.order_by("pk").values_list("pk", "province"))
    if found and not access.may(Permission.ANSWER_DONORS):
        raise DomainError("owner_unfit")
    for case_id, province in found:
        if not access.scope.holds(province):
            raise DomainError("owner_unfit")
        give_to(case_id, owner, actor=actor)
    return len(found)


@transaction.atomic
def close(case_id: int, *, actor: User, text: str) -> CareCase:
    """Close it with a last word to the donor, who is asked by SMS how content they are. Audited.
    DomainError: not_found, care_closed, text_required."""
    case = _locked_open(case_id)
    _say(case, text, by=actor)
    case.state, case.closed_at, case.closed_by = CareState.CLOSED, timezone.now(), actor
    case.owner = case.owner or actor
    case.save(update_fields=["state", "closed_at", "closed_by", "owner"])
    _tell(case, phrases.CLOSED_SMS)
    audit.record("care.close", case, actor=actor, province_code=case.province_id)
    return case


@transaction.atomic
def reveal(case_id: int, *, actor: User) -> tuple[str, str]:
    """(name, number) of the donor, for who must call them; each look is in the audit trail. DomainError: not_found."""
    case = _locked(case_id)
    audit.record("care.reveal", case, actor=actor, province_code=case.province_id)
    return case.name, show_mobile(case.mobile)


@transaction.atomic
@all_provinces("a donor's own case by its code")
def write_again(code: str, *, text: str, address: str) -> CareCase:
    """The donor writes further words; an answered case waits for staff again, with a new due time.
    DomainError: not_found, care_closed, text_required, too_many_messages (429)."""
    case = _locked_open_by_code(code)
    count_or_refuse(
        "care-again", f"{case.code} {address}", most=MOST_AN_ADDRESS, seconds=_DAY, code="too_many_messages"
    )
    _say(case, text, by=None)
    if case.state == CareState.ANSWERED:
        case.state = CareState.OPEN
        case.due_at = case.escalates_at = timezone.now() + timedelta(hours=case.category.due_hours)
        case.save(update_fields=["state", "due_at", "escalates_at"])
    return case


@transaction.atomic
@all_provinces("a donor's own case by its code")
def rate(code: str, score: int) -> None:
    """How content the donor is, 1 to 5, once and after closing. Saying it again changes nothing.
    DomainError: not_found, care_not_closed, bad_score."""
    case = _locked_by_code(code)
    if case.state != CareState.CLOSED:
        raise DomainError("care_not_closed")
    if not 1 <= score <= 5:
        raise DomainError("bad_score", field="score")
    if case.satisfaction is None:
        case.satisfaction = score
        case.save(update_fields=["satisfaction"])


@all_provinces("a donor's own case by its code")
def find_care(code: str, *, address: str) -> CareCase:
    """The case of a code a donor holds. DomainError: not_found; too_many_messages (429) for who tries codes."""
    try:
        return _by_code(CareCase.objects.all(), code)
    except DomainError:
        count_or_refuse("care-miss", address, most=MOST_MISSES, seconds=_HOUR, code="too_many_messages")
        raise


@all_provinces("escalating what is late")
def escalate_late(limit: int = 500) -> int:
    """Hand what is late to the province's manager, and what stays late to headquarters; national matters are
    headquarters' at once. A job; safe to repeat and to run in many workers. Returns how many moved."""
    moved = 0
    for _ in range(limit):
        if not _escalate_one():
            break
        moved += 1
    return moved


@transaction.atomic
def _escalate_one() -> bool:
    case = (
        CareCase.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("category")
        .filter(
            state=CareState.OPEN, escalates_at__lte=timezone.now(), escalation__lt=Escalation.HEADQUARTERS
        )
        .order_by("escalates_at")
        .first()
    )
    if case is None:
        return False
    is_national = case.province_id is None
    case.escalation = Escalation.HEADQUARTERS if is_national else case.escalation + 1
    case.escalates_at = F("escalates_at") + timedelta(hours=case.category.escalate_hours)
    case.save(update_fields=["escalation", "escalates_at"])
    audit.record("care.escalate", case, job=_JOB, province_code=case.province_id, to=int(case.escalation))
    return True


def _open(asked: Asked, *, written_by: User | None) -> CareCase:
    due_at = timezone.now() + timedelta(hours=asked.category.due_hours)
    case = CareCase.objects.create(
        code=new_tracking_code(),
        category=asked.category,
        province_id=_province_of(asked),
        donation=asked.donation,
        name=normalise(asked.name)[:80],
        mobile=asked.mobile,
        mobile_hash=keyed_hash(asked.mobile, "mobile"),
        content_hash=_content_hash(asked),
        owner=written_by,
        written_by=written_by,
        due_at=due_at,
        escalates_at=due_at,
    )
    _say(case, asked.text, by=None)
    _tell(case, phrases.RECEIVED_SMS)
    return case


def _province_of(asked: Asked) -> str | None:
    """Where it is looked after: where the donor says, else where the gift went."""
    if asked.province is not None:
        return asked.province.pk
    return asked.donation.province_id if asked.donation else None


def _content_hash(asked: Asked) -> str:
    return keyed_hash(f"{asked.mobile}\0{asked.category.pk}\0{normalise_lines(asked.text)}", "care")


def _same_of_today(asked: Asked) -> CareCase | None:
    since = timezone.now() - timedelta(days=1)
    with all_provinces("the same words sent twice"):
        return CareCase.objects.filter(content_hash=_content_hash(asked), opened_at__gte=since).first()


def _say(case: CareCase, text: str, *, by: User | None, is_internal: bool = False) -> None:
    words = normalise_lines(text)[:MOST_CHARACTERS]
    if not words:
        raise DomainError("text_required", field="text")
    CareMessage.objects.create(case=case, by=by, text=words, is_internal=is_internal)


def _tell(case: CareCase, words: str) -> None:
    """An SMS with the code and the link; never the words themselves."""
    text = words.format(
        code=isolate_ltr(persian_digits(show_code(case.code))),
        url=isolate_ltr(settings.PORTAL_BASE_URL + reverse("care-status", args=[case.code])),
    )
    sms.queue(case.mobile, text, purpose="care")


def _locked(case_id: int) -> CareCase:
    case = (
        CareCase.objects.select_for_update(of=("self",)).select_related("category").filter(pk=case_id).first()
    )
    if case is None:
        raise DomainError("not_found", status=404)
    return case


def _locked_open(case_id: int) -> CareCase:
    return _still_open(_locked(case_id))


def _locked_by_code(code: str) -> CareCase:
    return _by_code(CareCase.objects.select_for_update(of=("self",)), code)


def _locked_open_by_code(code: str) -> CareCase:
    return _still_open(_locked_by_code(code))


def _still_open(case: CareCase) -> CareCase:
    if case.state == CareState.CLOSED:
        raise DomainError("care_closed")
    return case


def _by_code(cases, code: str) -> CareCase:
    try:
        parsed = parse_tracking_code(code)
    except DomainError as error:
        raise DomainError("not_found", status=404) from error
    case = cases.select_related("category").filter(code=parsed).first()
    if case is None:
        raise DomainError("not_found", status=404)
    return case

"""Writing the calendar of occasions. A date is estimated until a person confirms it with a source; everything that
hangs on it (seasons, openings, tasks of runbooks) follows in the same transaction or is counted from it when read.

Every change is in the audit trail. Who may is the gate's business (provinces.permissions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from campaigns.enums import CampaignState, OccasionActKind
from campaigns.models import Edition, Fund, Occasion
from campaigns.occasions import SEASON_KINDS, day_of
from campaigns.rates import EID_FITR, RAMADAN
from core import audit
from core.errors import DomainError
from core.jalali import to_jalali
from core.models import User
from core.text import normalise

_LONGEST = timedelta(days=70)


@dataclass(frozen=True, kw_only=True)
class OccasionFacts:
    """What a calendar says of an occasion; `hijri_year` 0 is a solar one."""

    code: str
    name: str
    hijri_year: int = 0
    starts_on: date
    ends_on: date
    fund: str = ""
    is_public: bool = True
    shown_days: int = 21


@dataclass(frozen=True)
class Taken:
    """What a file changed."""

    added: int = 0
    moved: int = 0
    confirmed: int = 0
    unchanged: int = 0


@transaction.atomic
def add_occasion(facts: OccasionFacts, *, actor: User) -> Occasion:
    """Write down an estimated occasion.

    DomainError: occasion_code_bad, occasion_name_required, occasion_days_in_disorder, occasion_exists, unknown_fund.
    """
    code, name = slugify(facts.code).replace("-", "_"), normalise(facts.name)[:80]
    if not code or len(code) > 40:
        raise DomainError("occasion_code_bad", field="code")
    if not name:
        raise DomainError("occasion_name_required", field="name")
    _check_days(facts.starts_on, facts.ends_on)
    if facts.fund and not Fund.objects.filter(pk=facts.fund).exists():
        raise DomainError("unknown_fund", field="fund")
    occasion = Occasion(
        code=code,
        name=name,
        hijri_year=facts.hijri_year,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        fund_id=facts.fund or None,
        is_public=facts.is_public,
        shown_days=facts.shown_days,
    )
    _save(occasion)
    audit.record("occasion.added", occasion, actor=actor, **_said(occasion))
    return occasion


@transaction.atomic
def confirm_occasion(
    occasion_id: int, *, starts_on: date, ends_on: date, source: str, actor: User
) -> Occasion:
    """Say that these are the days, and who announced them. Seasons follow at once; the Eid of Fitr also ends its
    Ramadan on the day before. Confirming again with other days corrects.

    DomainError: not_found, occasion_source_required, occasion_days_in_disorder, occasion_exists, occasion_turns_season.
    """
    source = normalise(source)[:200]
    if not source:
        raise DomainError("occasion_source_required", field="source")
    occasion = _locked(occasion_id)
    before = _said(occasion)
    occasion.is_confirmed, occasion.confirmed_by, occasion.confirmed_at = True, source, timezone.now()
    _set_days(occasion, starts_on, ends_on)
    audit.record(
        "occasion.confirmed", occasion, actor=actor, reason=source, before=before, after=_said(occasion)
    )
    if occasion.code == EID_FITR and occasion.hijri_year:
        _end_ramadan(occasion, actor)
    return occasion


@transaction.atomic
def estimate_occasion(
    occasion_id: int, *, starts_on: date, ends_on: date, reason: str, actor: User
) -> Occasion:
    """Set other days that nobody has confirmed; a confirmed occasion is an estimated one again, with a reason.

    DomainError: not_found, occasion_reason_required, occasion_days_in_disorder, occasion_exists.
    """
    reason = normalise(reason)[:200]
    occasion = _locked(occasion_id)
    if occasion.is_confirmed and not reason:
        raise DomainError("occasion_reason_required", field="reason")
    before = _said(occasion)
    occasion.is_confirmed, occasion.confirmed_by, occasion.confirmed_at = False, "", None
    _set_days(occasion, starts_on, ends_on)
    audit.record(
        "occasion.estimated", occasion, actor=actor, reason=reason, before=before, after=_said(occasion)
    )
    return occasion


@transaction.atomic
def describe_occasion(
    occasion_id: int, *, name: str, fund: str, is_public: bool, shown_days: int, actor: User
) -> Occasion:
    """What the public strip says of it. DomainError: not_found, occasion_name_required, unknown_fund."""
    occasion = _locked(occasion_id)
    name = normalise(name)[:80]
    if not name:
        raise DomainError("occasion_name_required", field="name")
    if fund and not Fund.objects.filter(pk=fund).exists():
        raise DomainError("unknown_fund", field="fund")
    occasion.name, occasion.fund_id = name, fund or None
    occasion.is_public, occasion.shown_days = is_public, shown_days
    _save(occasion)
    audit.record(
        "occasion.described", occasion, actor=actor, **_said(occasion), fund=fund, is_public=is_public
    )
    return occasion


@transaction.atomic
def take_calendar(lines: Sequence[tuple[OccasionFacts, str]], *, actor: User) -> Taken:
    """Take a whole calendar in: (facts, source of the confirmation or ""). All or nothing; the same file twice changes
    nothing. An estimate never moves a confirmed occasion.

    DomainError of `add_occasion` and `confirm_occasion`, with `line` (from 1).
    """
    counts = dict.fromkeys(("added", "moved", "confirmed", "unchanged"), 0)
    for number, (facts, source) in enumerate(lines, start=1):
        try:
            counts[_take_line(facts, normalise(source)[:200], actor)] += 1
        except DomainError as error:
            raise DomainError(error.code, {**error.data, "line": number}) from error
    return Taken(**counts)


def sync_seasons(occasion: Occasion, *, actor: User | None = None, job: str = "") -> int:
    """Set the seasons of editions that follow this occasion; returns how many editions changed. Ended ones stay.

    DomainError: occasion_turns_season (a season would end before it begins).
    """
    seasons: dict[Edition, dict[str, date]] = {}
    acts = occasion.acts.filter(kind__in=SEASON_KINDS).exclude(
        edition__state__in=(CampaignState.CLOSED, CampaignState.REPORTED)
    )
    for act in acts.select_related("edition"):
        name = "season_starts_on" if act.kind == OccasionActKind.SEASON_STARTS else "season_ends_on"
        seasons.setdefault(act.edition, {})[name] = day_of(occasion, act.anchor, act.offset_days)
    return sum(_set_season(edition, days, occasion, actor, job) for edition, days in seasons.items())


def _set_season(
    edition: Edition, days: dict[str, date], occasion: Occasion, actor: User | None, job: str
) -> bool:
    changed = {name: day for name, day in days.items() if getattr(edition, name) != day}
    for name, day in changed.items():
        setattr(edition, name, day)
    first, last = edition.season_starts_on, edition.season_ends_on
    if first and last and last < first:
        raise DomainError("occasion_turns_season", field="starts_on")
    if changed:
        edition.save(update_fields=list(changed))
        said = {name: day.isoformat() for name, day in changed.items()}
        audit.record("edition.season", edition, actor=actor, job=job, occasion=occasion.pk, **said)
    return bool(changed)


def _take_line(facts: OccasionFacts, source: str, actor: User) -> str:
    year = (
        {"hijri_year": facts.hijri_year}
        if facts.hijri_year
        else {"hijri_year": 0, "jalali_year": _year(facts)}
    )
    found = Occasion.objects.select_for_update(of=("self",)).filter(code=facts.code, **year).first()
    is_new = found is None
    if found is None:
        found = add_occasion(facts, actor=actor)
    days = {"starts_on": facts.starts_on, "ends_on": facts.ends_on}
    same_days = (found.starts_on, found.ends_on) == (facts.starts_on, facts.ends_on)
    if source and not (found.is_confirmed and same_days):
        confirm_occasion(found.pk, **days, source=source, actor=actor)
        return "confirmed"
    if is_new:
        return "added"
    if source or same_days or found.is_confirmed:
        return "unchanged"
    estimate_occasion(found.pk, **days, reason="", actor=actor)
    return "moved"


def _year(facts: OccasionFacts) -> int:
    return to_jalali(facts.starts_on).year


def _locked(occasion_id: int) -> Occasion:
    occasion = Occasion.objects.select_for_update(of=("self",)).filter(pk=occasion_id).first()
    if occasion is None:
        raise DomainError("not_found", status=404)
    return occasion


def _set_days(occasion: Occasion, starts_on: date, ends_on: date) -> None:
    _check_days(starts_on, ends_on)
    occasion.starts_on, occasion.ends_on = starts_on, ends_on
    _save(occasion)
    sync_seasons(occasion, job="occasions")


def _check_days(starts_on: date, ends_on: date) -> None:
    if not timedelta(0) <= ends_on - starts_on <= _LONGEST:
        raise DomainError("occasion_days_in_disorder", field="ends_on")


def _end_ramadan(eid: Occasion, actor: User) -> None:
    last = eid.starts_on - timedelta(days=1)
    ramadan = Occasion.objects.select_for_update(of=("self",)).filter(code=RAMADAN, hijri_year=eid.hijri_year)
    for occasion in ramadan.exclude(ends_on=last).filter(starts_on__lte=last):
        before = _said(occasion)
        _set_days(occasion, occasion.starts_on, last)
        audit.record("occasion.ended_by_eid", occasion, actor=actor, before=before, after=_said(occasion))


def _save(occasion: Occasion) -> None:
    occasion.jalali_year = to_jalali(occasion.starts_on).year
    try:
        with transaction.atomic():
            occasion.save()
    except IntegrityError as error:
        if "one_occasion_a" in str(error):
            raise DomainError("occasion_exists", field="code") from error
        raise


def _said(occasion: Occasion) -> dict[str, object]:
    return {
        "code": occasion.code,
        "name": occasion.name,
        "hijri_year": occasion.hijri_year,
        "starts_on": occasion.starts_on.isoformat(),
        "ends_on": occasion.ends_on.isoformat(),
        "is_confirmed": occasion.is_confirmed,
        "source": occasion.confirmed_by,
    }

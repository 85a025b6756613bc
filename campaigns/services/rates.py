"""Announcing rates: written once, never edited; a mistake is superseded and the old row stays.

Every step is in the audit trail. The giving page shows it at once in this process and within
`core.reference.FRESH_SECONDS` in all others. Who may is the gate's business (provinces.permissions).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import GivingRate
from campaigns.rates import current_rates
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise

_REFUSALS = {"one_rate_each": ("rate_exists", "marja"), "one_default_rate": ("default_moved", "is_default")}


@dataclass(frozen=True, kw_only=True)
class RateFacts:
    """What is announced. Amount in rials per person or day; an empty region is the whole country."""

    hijri_year: int
    kind: str
    marja: str
    staple: str
    region: str
    amount_rial: int
    is_minimum: bool
    is_default: bool
    source: str
    announced_on: date


@transaction.atomic
def announce_rate(facts: RateFacts, *, actor: User) -> GivingRate:
    """Write down an announced rate; it is offered from now on. As the default it takes the place of the former one of
    its year, kind and region; the first of them is the default anyway.

    DomainError: rate_exists (correct that one instead), rate_not_positive, rate_source_required, rate_marja_required,
    rate_from_the_future, default_moved (somebody else changed the default just now). Not repeatable.
    """
    is_default = facts.is_default or not _defaults(facts.hijri_year, facts.kind, facts.region).exists()
    if is_default:
        _clear_default(facts.hijri_year, facts.kind, facts.region)
    rate = _written(facts, is_default, actor)
    audit.record("rate.announced", rate, actor=actor, **_said(rate))
    return rate


@transaction.atomic
def correct_rate(rate_id: int, facts: RateFacts, *, actor: User, reason: str) -> GivingRate:
    """Put a right row in the place of a wrong one, which stays as superseded; gifts made by it keep naming it.

    DomainError: not_found, rate_superseded (already), rate_reason_required, and those of `announce_rate`.
    """
    old = _locked(rate_id)
    _supersede(old, reason)
    if facts.is_default:
        _clear_default(facts.hijri_year, facts.kind, facts.region)
    rate = _written(facts, facts.is_default, actor)
    old.superseded_by = rate
    old.save(update_fields=["superseded_by"])
    audit.record(
        "rate.corrected", old, actor=actor, reason=old.why_superseded, before=_said(old), after=_said(rate)
    )
    return rate


@transaction.atomic
def withdraw_rate(rate_id: int, *, actor: User, reason: str) -> GivingRate:
    """Take back a rate that should not be there at all; the row stays. DomainError as `correct_rate`."""
    rate = _locked(rate_id)
    _supersede(rate, reason)
    audit.record("rate.withdrawn", rate, actor=actor, reason=rate.why_superseded, **_said(rate))
    return rate


@transaction.atomic
def make_default(rate_id: int, *, actor: User) -> GivingRate:
    """Let the form begin with this rate in its year, kind and region. Repeatable.

    DomainError: not_found, rate_superseded, default_moved.
    """
    rate = _locked(rate_id)
    if not rate.is_default:
        _clear_default(rate.hijri_year, rate.kind, rate.region)
        rate.is_default = True
        _save(rate)
        audit.record("rate.made_default", rate, actor=actor, **_said(rate))
    return rate


def _locked(rate_id: int) -> GivingRate:
    rate = GivingRate.objects.select_for_update(of=("self",)).filter(pk=rate_id).first()
    if rate is None:
        raise DomainError("not_found", status=404)
    if rate.superseded_at:
        raise DomainError("rate_superseded")
    return rate


def _supersede(rate: GivingRate, reason: str) -> None:
    reason = normalise(reason)[:300]
    if not reason:
        raise DomainError("rate_reason_required", field="reason")
    rate.superseded_at, rate.why_superseded = timezone.now(), reason
    rate.save(update_fields=["superseded_at", "why_superseded"])


def _defaults(hijri_year: int, kind: str, region: str):
    return current_rates().filter(hijri_year=hijri_year, kind=kind, region=normalise(region), is_default=True)


def _clear_default(hijri_year: int, kind: str, region: str) -> None:
    for former in _defaults(hijri_year, kind, region).select_for_update():
        former.is_default = False
        former.save(update_fields=["is_default"])


def _written(facts: RateFacts, is_default: bool, actor: User) -> GivingRate:
    rate = GivingRate(
        hijri_year=facts.hijri_year,
        kind=facts.kind,
        marja=normalise(facts.marja)[:80],
        staple=normalise(facts.staple)[:60],
        region=normalise(facts.region)[:60],
        amount_rial=facts.amount_rial,
        is_minimum=facts.is_minimum,
        is_default=is_default,
        source=normalise(facts.source)[:200],
        announced_on=facts.announced_on,
        entered_by=actor,
    )
    if rate.amount_rial <= 0:
        raise DomainError("rate_not_positive", field="amount")
    if not rate.marja:
        raise DomainError("rate_marja_required", field="marja")
    if not rate.source:
        raise DomainError("rate_source_required", field="source")
    if rate.announced_on > tehran_today():
        raise DomainError("rate_from_the_future", field="announced_on")
    _save(rate)
    return rate


def _save(rate: GivingRate) -> None:
    try:
        with transaction.atomic():
            rate.save()
    except IntegrityError as error:
        for constraint, (code, field) in _REFUSALS.items():
            if constraint in str(error):
                raise DomainError(code, field=field) from error
        raise


def _said(rate: GivingRate) -> dict[str, object]:
    return {
        "hijri_year": rate.hijri_year,
        "kind": str(rate.kind),
        "marja": rate.marja,
        "staple": rate.staple,
        "region": rate.region,
        "amount_rial": rate.amount_rial,
        "is_minimum": rate.is_minimum,
        "is_default": rate.is_default,
        "source": rate.source,
        "announced_on": rate.announced_on.isoformat(),
    }

"""A need's life: found by one, verified by another, published without a trait of anybody, funded, closed.

Each step is one transaction that locks the need, checks the table of moves and leaves an audit entry. Who may take
which step is the gate's business (provinces.permissions), which rows the open scope's; that nobody verifies what they
found themselves, that moves keep to the table and that what was verified stays as it was is also the database's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from campaigns.enums import NeedState, Trait, Urgency
from campaigns.models import Fund, Need, NeedItem
from campaigns.need_progress import progress_of
from campaigns.need_screening import REFUSED, traits_in
from campaigns.need_selectors import shown_county
from campaigns.need_states import EDITABLE, check_move
from core import audit
from core.codes import new_placement_code
from core.errors import DomainError
from core.models import User
from core.text import normalise, normalise_lines
from provinces.models import County, Province
from provinces.scoping import all_provinces, check_write

MOST_ITEMS = 12
_CHUNK = 200
_JOB = "campaigns.fund_needs"


@dataclass(frozen=True)
class Item:
    """A thing that is wanted: how many of which unit, and what one costs (whole rials, appraised) if that is known."""

    item: str
    quantity: int
    unit: str
    unit_price_rial: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is written down about a need. `goal_rial` in whole rials; an amount, items, or both."""

    kind: str
    title: str
    province: Province
    fund: Fund
    persons: int
    surplus_rule: str
    county: County | None = None
    story: str = ""
    urgency: int = Urgency.ORDINARY
    goal_rial: int | None = None
    wanted_by: date | None = None
    centre_code: str = ""
    items: Sequence[Item] = ()


@transaction.atomic
def find_need(facts: Facts, *, actor: User, is_demo: bool = False) -> Need:
    """Write down a need that waits for a second person. Not repeatable: each call is a further need.

    DomainError: not_found (outside the open scope), fund_not_for_need, nothing_asked, item_twice, need_title_required,
    surplus_rule_required, unknown_county.
    """
    check_write(facts.province.pk, facts.county.pk if facts.county else None)
    need = Need(code=_new_code(), found_by=actor, is_demo=is_demo)
    _write(need, facts)
    audit.record("need.find", need, actor=actor, province_code=need.province_id, code=need.code)
    return need


@transaction.atomic
def edit_need(need_id: int, facts: Facts, *, actor: User) -> Need:
    """Correct a need that waits or was refused; it waits again, and who corrected it counts as its finder from then on
    (so that the corrector may not verify it). DomainError: not_found, need_not_editable and those of `find_need`."""
    need = _locked(need_id)
    if need.state not in EDITABLE:
        raise DomainError("need_not_editable")
    check_write(facts.province.pk, facts.county.pk if facts.county else None)
    need.state, need.found_by, need.decision_reason = NeedState.FOUND, actor, ""
    _write(need, facts)
    audit.record("need.edit", need, actor=actor, province_code=need.province_id)
    return need


@transaction.atomic
def verify_need(need_id: int, *, actor: User) -> Need:
    """A second person vouches for it. DomainError: not_found, need_cannot_move, own_need."""
    need = _locked(need_id)
    _not_ones_own(need, actor)
    check_move(need.state, NeedState.VERIFIED)
    need.verified_by, need.verified_at, need.decision_reason = actor, timezone.now(), ""
    return _move(need, NeedState.VERIFIED, actor=actor)


@transaction.atomic
def refuse_need(need_id: int, *, actor: User, reason: str) -> Need:
    """A second person says no, and why; its finder may correct it. DomainError: not_found, need_cannot_move, own_need,
    reason_needed."""
    need = _locked(need_id)
    _not_ones_own(need, actor)
    return _move(need, NeedState.REFUSED, actor=actor, reason=_reason(reason))


@transaction.atomic
def send_back_need(need_id: int, *, actor: User, reason: str) -> Need:
    """Verified, but its words must be corrected before they are shown: it waits again and needs verifying anew.
    DomainError: not_found, need_cannot_move, reason_needed."""
    need = _locked(need_id)
    if need.state != NeedState.VERIFIED:
        raise DomainError("need_cannot_move")
    need.verified_by = need.verified_at = None
    return _move(need, NeedState.FOUND, actor=actor, reason=_reason(reason))


def traits_of(need: Need) -> set[Trait]:
    """What in the need's words could point to a person, or to a place that is too small to be told."""
    hidden = need.county.name if need.county and shown_county(need) is None else ""
    items = [item.item for item in need.wanted_items.all()]
    return traits_in("\n".join([need.title, need.story, need.surplus_rule, *items]), hidden_place=hidden)


@transaction.atomic
def publish_need(need_id: int, *, actor: User, traits_seen: bool = False) -> Need:
    """Show a verified need to everybody; from here on it takes gifts.

    `traits_seen`: the publisher read the warnings and lets the text stand; audited with what was found. DomainError:
    not_found, need_cannot_move, too_few_persons (with `least`), points_to_person (with `traits`; a number or a place
    that no reading excuses), traits_unseen (with `traits`).
    """
    need = _locked(need_id)
    check_move(need.state, NeedState.PUBLISHED)
    if need.state != NeedState.VERIFIED:
        raise DomainError("need_cannot_move")
    if need.persons < settings.NEED_LEAST_PERSONS:
        raise DomainError("too_few_persons", least=settings.NEED_LEAST_PERSONS)
    traits = traits_of(need)
    if traits & REFUSED:
        raise DomainError("points_to_person", traits=sorted(traits & REFUSED))
    if traits and not traits_seen:
        raise DomainError("traits_unseen", field="traits_seen", traits=sorted(traits))
    need.published_at = timezone.now()
    return _move(need, NeedState.PUBLISHED, actor=actor, traits=sorted(traits))


@transaction.atomic
def close_need(need_id: int, *, actor: User, report: str, evidence: str) -> Need:
    """End a need that was met, or as far as it was: what became of it (shown to everybody, so screened) and the
    document that proves it. DomainError: not_found, need_cannot_move, report_required, evidence_required,
    points_to_person."""
    need = _locked(need_id)
    check_move(need.state, NeedState.CLOSED)
    need.closing_report = normalise_lines(report)[:2000]
    need.closing_evidence = normalise(evidence)[:200]
    if not need.closing_report:
        raise DomainError("report_required", field="report")
    if not need.closing_evidence:
        raise DomainError("evidence_required", field="evidence")
    hidden = need.county.name if need.county and shown_county(need) is None else ""
    # Names count here too: nobody reads a report again before it is shown.
    if traits := traits_in(need.closing_report, hidden_place=hidden) & (REFUSED | {Trait.NAME}):
        raise DomainError("points_to_person", field="report", traits=sorted(traits))
    need.closed_at = timezone.now()
    return _move(need, NeedState.CLOSED, actor=actor)


@transaction.atomic
def withdraw_need(need_id: int, *, actor: User, reason: str) -> Need:
    """It is wanted no more. What it has received goes the way its surplus rule says. DomainError: not_found,
    need_cannot_move, reason_needed."""
    need = _locked(need_id)
    return _move(need, NeedState.WITHDRAWN, actor=actor, reason=_reason(reason))


@all_provinces("marking needs as funded")
def mark_funded() -> int:
    """Move published needs that have all they ask for to funded, and back those whose money went again (a refund).
    A job; safe to repeat and to run in many workers. Returns how many moved."""
    waiting = Need.objects.filter(state__in=[NeedState.PUBLISHED, NeedState.FUNDED]).order_by("pk")
    moved, last = 0, 0
    while chunk := list(waiting.filter(pk__gt=last).prefetch_related("wanted_items")[:_CHUNK]):
        last = chunk[-1].pk
        progress = progress_of(chunk)
        for need in chunk:
            wanted = NeedState.FUNDED if progress[need.pk].is_reached else NeedState.PUBLISHED
            if need.state != wanted:
                moved += _mark(need.pk, before=need.state, after=wanted)
    return moved


@transaction.atomic
def _mark(need_id: int, *, before: str, after: str) -> int:
    """Move it unless somebody was quicker."""
    need = (
        Need.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=need_id, state=before)
        .first()
    )
    if need is None:
        return 0
    need.state = after
    need.save(update_fields=["state"])
    audit.record(f"need.{after}", need, job=_JOB, province_code=need.province_id)
    return 1


def _write(need: Need, facts: Facts) -> None:
    _check(facts)
    for name in ("kind", "province", "county", "fund", "persons", "urgency", "goal_rial", "wanted_by"):
        setattr(need, name, getattr(facts, name))
    need.title, need.surplus_rule = normalise(facts.title)[:120], normalise(facts.surplus_rule)[:300]
    need.story, need.centre_code = normalise_lines(facts.story)[:2000], normalise(facts.centre_code)[:20]
    need.save()
    names = [normalise(item.item)[:80] for item in facts.items]
    try:
        NeedItem.objects.filter(need=need).exclude(item__in=names).delete()
    except ProtectedError as error:
        raise DomainError("need_item_used", field="wanted_items") from error
    for position, (name, item) in enumerate(zip(names, facts.items, strict=True), start=1):
        said = {
            "position": position,
            "quantity": item.quantity,
            "unit": normalise(item.unit)[:20],
            "unit_price_rial": item.unit_price_rial,
        }
        NeedItem.objects.update_or_create(need=need, item=name, defaults=said)


def _check(facts: Facts) -> None:
    if not normalise(facts.title):
        raise DomainError("need_title_required", field="title")
    if not normalise(facts.surplus_rule):
        raise DomainError("surplus_rule_required", field="surplus_rule")
    if facts.county is not None and facts.county.province_id != facts.province.pk:
        raise DomainError("unknown_county", field="county")
    if facts.kind not in facts.fund.spendable_on:
        raise DomainError("fund_not_for_need", field="fund")
    if facts.persons < 1:
        raise DomainError("nobody_needs_it", field="persons")
    if facts.goal_rial is None and not facts.items:
        raise DomainError("nothing_asked", field="goal_rial")
    names = [normalise(item.item) for item in facts.items]
    if len(set(names)) != len(names) or len(names) > MOST_ITEMS:
        raise DomainError("item_twice")


def _move(need: Need, after: NeedState, *, actor: User, reason: str = "", **data: object) -> Need:
    check_move(need.state, after)
    need.state, need.decision_reason = after, reason
    need.save()
    audit.record(f"need.{after}", need, actor=actor, province_code=need.province_id, reason=reason, **data)
    return need


def _locked(need_id: int) -> Need:
    need = (
        Need.objects.select_for_update(of=("self",))
        .select_related("province", "county")
        .filter(pk=need_id)
        .first()
    )
    if need is None:
        raise DomainError("not_found", status=404)
    return need


def _not_ones_own(need: Need, actor: User) -> None:
    if need.found_by_id == actor.pk:
        raise DomainError("own_need")


def _reason(reason: str) -> str:
    if not (said := normalise(reason)[:500]):
        raise DomainError("reason_needed", field="reason")
    return said


def _new_code() -> str:
    with all_provinces("codes are one space for the whole country"):
        while Need.objects.filter(code=(code := new_placement_code())).exists():
            pass
    return code

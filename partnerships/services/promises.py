"""Promises: written down, planned in instalments, put off, given up; whoever writes one minds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from campaigns.models import Event, Guest, Need, NeedItem
from campaigns.need_units import unit_key
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.outbox import promise_many
from core.text import normalise
from partnerships.enums import CommitmentState as S
from partnerships.enums import Measure, Purpose
from partnerships.models import AgreementItem, Commitment, Instalment, Partner, PartnerSite
from partnerships.partner_selectors import partners_in_sight
from partnerships.promise_selectors import minders_of
from partnerships.states import IN_FORCE
from provinces.models import County, Province
from provinces.scoping import check_write

MOST_INSTALMENTS = 60
CASE = "promise_late"
_REFUSED = {"promised more than": "promised_more_than_item", "kits count on": "kits_count_on_promise"}


@dataclass(frozen=True)
class PromiseFacts:
    """What is written of a promise. Of a memorandum's item it takes partner, purpose, measure and unit from there.
    Money is in rial; words only are one promise without a unit."""

    what: str
    due_on: date
    measure: Measure = Measure.WORDS
    quantity: int = 1
    unit: str = ""
    purpose: Purpose = Purpose.OTHER
    partner: Partner | None = None
    site: PartnerSite | None = None
    who: str = ""
    item: AgreementItem | None = None
    need: Need | None = None
    need_item: NeedItem | None = None
    province: Province | None = None
    county: County | None = None
    promised_on: date | None = None
    worth_rial: int | None = None


@dataclass(frozen=True)
class Part:
    """One instalment: until when, and how much of it."""

    due_on: date
    quantity: int


@transaction.atomic
def make_promise(
    facts: PromiseFacts, plan: Sequence[Part] = (), *, actor: User, job: str = "", is_demo: bool = False
) -> Commitment:
    """Write a promise down; without a plan all of it is due on `due_on`. Audited.

    DomainError: not_found (out of scope, or a partner that is not in sight), promise_required, whose_promise_required,
    bad_target, unit_required, unknown_county, need_elsewhere, need_item_is_goods, need_item_other_unit (pieces of a
    need are counted), agreement_is_over, promised_more_than_item, and those of `plan_instalments`.
    """
    clean = _checked(facts)
    promise = Commitment(made_by=actor, minded_by=actor, is_demo=is_demo, **_fields(clean))
    _save(promise)
    _plan(promise, plan or [Part(clean.due_on, promise.quantity)])
    _record("promise.write", promise, actor, job, due_on=clean.due_on.isoformat())
    return promise


@transaction.atomic
def promise_at_event(
    event: Event,
    *,
    who: str,
    what: str,
    due_on: date,
    amount_rial: int | None = None,
    guest: Guest | None = None,
    actor: User,
) -> Commitment:
    """Write down what somebody promised at an event, in the words of it; it can be counted later. Audited.
    DomainError: not_found, guest_elsewhere, whose_promise_required, promise_required."""
    check_write(event.province_id, event.county_id)
    if guest is not None and guest.event_id != event.pk:
        raise DomainError("guest_elsewhere", field="guest")
    facts = PromiseFacts(
        what=what,
        due_on=due_on,
        who=normalise(who) or (guest.name if guest else ""),
        province=event.province,
        county=event.county,
        worth_rial=amount_rial,
    )
    promise = Commitment(made_by=actor, minded_by=actor, event=event, guest=guest, **_fields(_checked(facts)))
    _save(promise)
    _plan(promise, [Part(due_on, 1)])
    _record("promise.write", promise, actor, due_on=due_on.isoformat(), event=event.pk)
    return promise


@transaction.atomic
def change_promise(promise_id: int, facts: PromiseFacts, *, actor: User) -> Commitment:
    """Put right an open promise of which nothing has come, or count one that was words until now; it stays with its
    event. Its instalments become one, due on `due_on`, when the quantity changes. Locks it; audited.
    DomainError: those of `make_promise`, promise_is_settled, promise_has_deliveries, kits_count_on_promise (on more of
    it, or on it as it is)."""
    promise = locked_promise(promise_id)
    _must_be_open(promise)
    if promise.deliveries.filter(state__in=["waiting", "confirmed"]).exists():
        raise DomainError("promise_has_deliveries", status=409)
    fields = _fields(_checked(facts))
    if promise.event_id is not None:  # it was made there and nowhere else
        fields |= {"province": promise.province, "county": promise.county}
    before = promise.quantity
    changed = [name for name, value in fields.items() if getattr(promise, name) != value]
    for name in changed:
        setattr(promise, name, fields[name])
    _save(promise)
    if before != promise.quantity or promise.instalments.count() == 1:
        _plan(promise, [Part(facts.due_on, promise.quantity)])
    _record("promise.change", promise, actor, changed=changed)
    return promise


@transaction.atomic
def plan_instalments(promise_id: int, plan: Sequence[Part], *, actor: User) -> Commitment:
    """Lay the due days of an open promise down anew; together they are the promise. What was delivered meets the
    first ones. Locks it; audited. DomainError: not_found, promise_is_settled, bad_plan (no part, one of nothing, two on
    a day, too many), plan_differs (with both sums)."""
    promise = locked_promise(promise_id)
    _must_be_open(promise)
    late = late_days(promise)
    _plan(promise, plan)
    _record("promise.plan", promise, actor, days=[part.due_on.isoformat() for part in plan])
    close_cases(promise, set(late) - set(late_days(promise)), str(len(plan)), actor)
    return promise


@transaction.atomic
def follow_promise(
    promise_id: int, *, note: str, state: S = S.OPEN, due_on: date | None = None, actor: User
) -> Commitment:
    """What came of asking: still open (perhaps with a new day for what is due next), given up, or, for words only,
    kept. Whoever asked minds it from now on. Locks it; audited; its cases close with it.

    DomainError: not_found, promise_is_settled, reason_required, day_has_passed, day_is_taken, keep_by_delivery (what is
    counted is kept by deliveries that two people vouch for).
    """
    promise = locked_promise(promise_id)
    _must_be_open(promise)
    if not normalise(note):
        raise DomainError("reason_required", field="note")
    if state == S.KEPT and promise.measure != Measure.WORDS:
        raise DomainError("keep_by_delivery", field="state")
    late = late_days(promise)
    if due_on is not None and state == S.OPEN:
        if due_on < tehran_today():
            raise DomainError("day_has_passed", field="due_on")
        _put_off(promise, due_on)
    promise.state, promise.note, promise.followed_at = state, normalise(note)[:300], timezone.now()
    promise.minded_by = actor
    promise.save(update_fields=["state", "note", "followed_at", "minded_by"])
    _record("promise.follow", promise, actor, state=str(state))
    still = set(late_days(promise)) if state == S.OPEN else set()
    close_cases(promise, set(late) - still, promise.note, actor)
    return promise


@transaction.atomic
def hand_promise_over(promise_id: int, *, to: User, actor: User) -> Commitment:
    """Somebody else who may minds it from now on. Locks it; audited. DomainError: not_found, promise_is_settled,
    minder_unfit (does not work on promises where this one lies)."""
    promise = locked_promise(promise_id)
    _must_be_open(promise)
    if not minders_of(promise).filter(pk=to.pk).exists():
        raise DomainError("minder_unfit", field="to")
    promise.minded_by = to
    promise.save(update_fields=["minded_by"])
    _record("promise.hand_over", promise, actor, to=to.pk)
    return promise


def close_cases(promise: Commitment, days: Iterable[date], resolution: str, actor: User) -> None:
    """Ask for the cases about these days to be closed, by whoever settled them."""
    promise_many(
        "cases.close_settled",
        [
            {"kind": CASE, "subject": subject, "resolution": resolution, "actor_id": actor.pk}
            for day in sorted(days)
            for subject in (case_of(promise.pk, day), case_of(promise.pk, day, at_headquarters=True))
        ],
    )


def case_of(promise_id: int, due_on: date, *, at_headquarters: bool = False) -> str:
    """A day that was put off and passes too is a case of its own; so is what goes on to headquarters."""
    return f"promise:{promise_id}:{due_on.isoformat()}" + (":hq" if at_headquarters else "")


def late_days(promise: Commitment) -> list[date]:
    """The days that have passed without what was due."""
    found = promise.instalments.filter(due_on__lt=tehran_today(), reaches__gt=promise.delivered)
    return list(found.values_list("due_on", flat=True))


def locked_promise(promise_id: int) -> Commitment:
    """A promise of the open scope, locked; DomainError("not_found") otherwise."""
    promise = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("partner", "province", "county", "item")
        .filter(pk=promise_id)
        .first()
    )
    if promise is None:
        raise DomainError("not_found", status=404)
    check_write(promise.province_id, promise.county_id)
    return promise


def _must_be_open(promise: Commitment) -> None:
    if promise.state != S.OPEN:
        raise DomainError("promise_is_settled", status=409)


def _put_off(promise: Commitment, due_on: date) -> None:
    rows = list(promise.instalments.order_by("due_on"))
    next_one = next((row for row in rows if row.reaches > promise.delivered), None)
    if next_one is None:
        return
    if any(row.due_on == due_on for row in rows if row is not next_one):
        raise DomainError("day_is_taken", field="due_on")
    _plan(promise, [Part(due_on if row is next_one else row.due_on, row.quantity) for row in rows])


def _plan(promise: Commitment, plan: Sequence[Part]) -> None:
    parts = sorted(plan, key=lambda part: part.due_on)
    days = {part.due_on for part in parts}
    if (
        not 1 <= len(parts) <= MOST_INSTALMENTS
        or len(days) < len(parts)
        or any(p.quantity <= 0 for p in parts)
    ):
        raise DomainError("bad_plan", field="plan")
    planned = sum(part.quantity for part in parts)
    if planned != promise.quantity:
        raise DomainError("plan_differs", field="plan", planned=planned, promised=promise.quantity)
    promise.instalments.all().delete()
    reaches, rows = 0, []
    for part in parts:
        reaches += part.quantity
        rows.append(
            Instalment(commitment=promise, due_on=part.due_on, quantity=part.quantity, reaches=reaches)
        )
    Instalment.objects.bulk_create(rows)


def _checked(facts: PromiseFacts) -> PromiseFacts:
    clean = replace(facts, what=normalise(facts.what)[:300], who=normalise(facts.who)[:120])
    if facts.item is not None:
        agreement = facts.item.agreement
        if agreement.state not in IN_FORCE:
            raise DomainError("agreement_is_over", field="item")
        clean = replace(
            clean,
            partner=agreement.partner,
            purpose=facts.item.purpose,
            measure=facts.item.measure,
            unit=facts.item.unit,
        )
    clean = replace(clean, unit=normalise(clean.unit)[:20] if clean.measure == Measure.GOODS else "")
    if clean.measure == Measure.WORDS:
        clean = replace(clean, quantity=1)
    if not clean.what:
        raise DomainError("promise_required", field="what")
    if clean.partner is None and not clean.who:
        raise DomainError("whose_promise_required", field="who")
    if clean.quantity <= 0:
        raise DomainError("bad_target", field="quantity")
    if clean.measure == Measure.GOODS and not clean.unit:
        raise DomainError("unit_required", field="unit")
    clean = _with_need(clean)
    _check_place(clean)
    return clean


def _with_need(facts: PromiseFacts) -> PromiseFacts:
    """A promise to a need is for its kind and stands in its place; one of an item is counted in its unit."""
    if facts.need_item is not None:
        facts = replace(facts, need=facts.need_item.need)
    if facts.need is None:
        return facts
    if facts.province is not None and facts.province.pk != facts.need.province_id:
        raise DomainError("need_elsewhere", field="need")
    if facts.need_item is not None and facts.measure != Measure.GOODS:
        raise DomainError("need_item_is_goods", field="need_item")
    if facts.need_item is not None and unit_key(facts.unit) != unit_key(facts.need_item.unit):
        raise DomainError("need_item_other_unit", field="unit")
    return replace(
        facts, purpose=Purpose(facts.need.kind), province=facts.need.province, county=facts.need.county
    )


def _check_place(facts: PromiseFacts) -> None:
    province, county = facts.province, facts.county
    if county is not None and (province is None or county.province_id != province.pk):
        raise DomainError("unknown_county", field="county")
    check_write(province and province.pk, county and county.pk)
    partner = facts.partner
    if partner is not None and not partners_in_sight().filter(pk=partner.pk).exists():
        raise DomainError("not_found", status=404)
    if facts.site is not None and (partner is None or facts.site.partner_id != partner.pk):
        raise DomainError("site_elsewhere", field="site")


def _fields(facts: PromiseFacts) -> dict[str, object]:
    fields = {name: getattr(facts, name) for name in PromiseFacts.__dataclass_fields__ if name != "due_on"}
    return fields | {"promised_on": facts.promised_on or tehran_today()}


def _save(promise: Commitment) -> None:
    try:
        with transaction.atomic():
            promise.save()
    except IntegrityError as error:
        code = next((code for said, code in _REFUSED.items() if said in str(error)), None)
        if code is None:
            raise
        raise DomainError(code, field="quantity", status=409) from error


def unmet(rows):
    """Of instalments, those that open promises still owe."""
    return rows.filter(commitment__state=S.OPEN, reaches__gt=F("commitment__delivered"))


def _record(
    action: str, promise: Commitment, actor: User | None, job: str = "", reason: str = "", **data: object
) -> None:
    audit.record(
        action, promise, actor=actor, job=job, province_code=promise.province_id, reason=reason, **data
    )

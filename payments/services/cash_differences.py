"""Cash that a count found missing or too much: what becomes of it is proposed by one and decided by another.

Until then it stands on cash:<office> and is on the accountant's day. Missing cash becomes an expense, or is put back
and counted with what is taken next; cash too much becomes a gift of unknown donors for a purpose.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from campaigns.models import Channel
from campaigns.selectors import designate, find_fund
from core import audit
from core.errors import DomainError
from core.models import User
from core.outbox import after_commit, promise_many
from core.text import normalise
from donations.services.arrived import ArrivedGift
from ledger.accounts import CASH_SHORT, cash_code
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from payments.cash_selectors import left_over
from payments.enums import DecisionState, DifferenceWay
from payments.models import CashCount, CashDifference, CounterCorrection
from payments.services.arrivals import NewArrival, book_arrivals
from payments.services.cash_days import REMAINDER_FUND
from provinces.scoping import all_provinces

_CASE = "cash_short"


def ways_of(left_rial: int) -> tuple[DifferenceWay, ...]:
    """What may be proposed for so much missing (negative) or too much."""
    if not left_rial:
        return ()
    return (DifferenceWay.WRITE_OFF, DifferenceWay.MADE_GOOD) if left_rial < 0 else (DifferenceWay.GIFT,)


@transaction.atomic
def propose(count_id: int, *, actor: User, way: DifferenceWay, reason: str, fund: str = "") -> CashDifference:
    """Say what shall become of all that is left of a confirmed count's difference; a gift names its fund. Books
    nothing. Locks the count; audited.

    DomainError: not_found, no_difference, way_not_fitting, difference_proposed, reason_required, unknown_fund.
    """
    count = _locked(count_id)
    left = left_over(count)
    if not left:
        raise DomainError("no_difference")
    if way not in ways_of(left):
        raise DomainError("way_not_fitting", field="way")
    if not reason.strip():
        raise DomainError("reason_required", field="reason")
    if count.differences.filter(state=DecisionState.REQUESTED).exists():
        raise DomainError("difference_proposed")
    row = CashDifference.objects.create(
        count=count, way=way, amount_rial=left, reason=normalise(reason)[:300], requested_by=actor,
        fund=find_fund(fund) if way == DifferenceWay.GIFT else None,
    )  # fmt: skip
    _record("cash.difference_propose", row, actor, row.reason)
    return row


@transaction.atomic
def decide(difference_id: int, *, actor: User, approve: bool, reason: str = "") -> CashDifference:
    """Carry the proposal out, or refuse it, as somebody who neither made it nor counted. Books into the open day what
    it moves, and closes the count's case when nothing is left. Locks the count; audited. Of two who decide at once the
    second gets difference_decided.

    DomainError: not_found, difference_decided, four_eyes, reason_required (a refusal says why), difference_changed
    (something was cancelled meanwhile).
    """
    found = CashDifference.objects.filter(pk=difference_id).values_list("count_id", flat=True).first()
    if found is None:
        raise DomainError("not_found", status=404)
    count = _locked(found)
    row = CashDifference.objects.select_related("fund").get(pk=difference_id)
    row.count = count
    if row.state != DecisionState.REQUESTED:
        raise DomainError("difference_decided")
    if actor.pk in (row.requested_by_id, count.counted_by_id):
        raise DomainError("four_eyes")
    if not approve and not reason.strip():
        raise DomainError("reason_required", field="reason")
    if approve and left_over(count) != row.amount_rial:
        raise DomainError("difference_changed")
    if approve:
        _book(row, actor)
    row.state = DecisionState.DONE if approve else DecisionState.REFUSED
    row.decided_by, row.decided_at = actor, timezone.now()
    row.decision_reason = normalise(reason)[:300]
    row.save()
    if approve:
        close_cases(count, actor=actor, resolution=f"{row.get_way_display()}: {row.reason}"[:300])
    action = "cash.difference" if approve else "cash.difference_refuse"
    _record(action, row, actor, row.decision_reason or row.reason)
    return row


def fall_out(correction: CounterCorrection, count: CashCount, actor: User) -> None:
    """A gift of a confirmed count turned out never to have been paid, and has just left it: what was missing is
    explained, or a new difference has a case. Joins the caller's transaction."""
    left = left_over(count)
    if not left:
        close_cases(count, actor=actor, resolution=correction.reason)
        return
    after_commit(
        "cases.open_case", kind=_CASE, subject=f"cash_count:{count.pk}:{correction.pk}",
        province=count.office.province_id or "", office=count.office.name, difference_rial=left,
    )  # fmt: skip


def close_cases(count: CashCount, *, actor: User, resolution: str) -> None:
    """Nothing is left of a count's difference: its cases are closed after the commit."""
    subject = f"cash_count:{count.pk}"
    later = [f"{subject}:{pk}" for pk in count.fallen_out.values_list("pk", flat=True)]
    promise_many(
        "cases.close_settled",
        [
            {"kind": _CASE, "subject": name, "actor_id": actor.pk, "resolution": resolution}
            for name in [subject, *later]
        ],
    )


def _book(row: CashDifference, actor: User) -> None:
    """Move what the decision moves; money that was put back stays where the books have it and waits to be counted."""
    office, now = row.count.office, timezone.now()
    if row.way == DifferenceWay.WRITE_OFF:
        facet, missing = Facet(REMAINDER_FUND, office.province_id, office.county_id), -row.amount_rial
        legs = (Leg(CASH_SHORT, missing, facet), Leg(cash_code(office.pk), -missing, facet))
        post([NewEntry(EntryKind.ADJUSTMENT, row.source, now, legs, memo=row.reason[:200])])
    elif row.way == DifferenceWay.GIFT:
        with all_provinces("the way to give is public"):
            target = designate(
                fund=row.fund_id,
                province=office.province_id or "",
                county=office.county_id or "",
                channel=Channel.objects.get(code="counter_cash"),
            )
        gift = ArrivedGift(
            amount_rial=row.amount_rial, target=target, at=now, reference=row.source, is_anonymous=True
        )
        evidence = {"count": row.count_id, "office": office.pk, "decision": row.pk}
        book_arrivals(
            [NewArrival(row.source, cash_code(office.pk), gift, evidence)], recorded_by=row.requested_by
        )


def _locked(count_id: int) -> CashCount:
    count = (
        CashCount.objects.select_for_update(of=("self",)).select_related("office").filter(pk=count_id).first()
    )
    if count is None:
        raise DomainError("not_found", status=404)
    return count


def _record(action: str, row: CashDifference, actor: User, reason: str) -> None:
    audit.record(
        action, row, actor=actor, province_code=row.count.office.province_id, reason=reason, way=row.way,
        amount_rial=row.amount_rial,
    )  # fmt: skip

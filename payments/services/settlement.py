"""Booking what the banks said: one transaction for one or many attempts.

Lock in order, compare, claim the bank's reference, move the states, mark the donations, post to the books,
issue the receipts, write the promises. One bad attempt never fails its neighbours: it gets a case of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import Json

from core.outbox import promise_many
from donations.enums import DonationStatus
from donations.models import Donation
from donations.services.donations import mark_received, mark_unpaid
from donations.services.receipts import issue_receipts
from ledger.accounts import INCOME, SUSPENSE, clearing_code
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post
from payments.enums import AttemptState
from payments.gateways import GATEWAYS
from payments.gateways.base import Answer, Question
from payments.models import Attempt, HeldMoney
from payments.services import clock
from payments.services.card_testing import note_outcomes
from payments.services.holding import PAID_TWICE, REFERENCE_REUSED, hold, unusual
from payments.services.judgement import Verdict, judge
from payments.states import UNDECIDED, Move, transition

UNSETTLED = UNDECIDED | {AttemptState.UNDER_REVIEW}


@dataclass(frozen=True)
class Finding:
    """What was asked of the bank about an attempt, through which terminal, and what it said."""

    question: Question
    answer: Answer
    terminal: str


@dataclass
class _Books:
    """What a settlement is going to write."""

    moves: list[Move] = field(default_factory=list)
    entries: list[NewEntry] = field(default_factory=list)
    received: list[tuple] = field(default_factory=list)
    statuses: dict[DonationStatus, list[int]] = field(default_factory=dict)
    cases: list[dict] = field(default_factory=list)
    held: list[HeldMoney] = field(default_factory=list)
    failed_codes: list[str] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def settle(findings: Mapping[int, Finding], now: datetime | None = None) -> None:
    """Settle attempts (by id) with what their banks said. Safe to repeat and to race: the rows are locked, a
    decided attempt is left alone, a reference or an entry is written once."""
    now = now or timezone.now()
    attempts = _locked(list(findings))
    verdicts = {a.pk: judge(a, findings[a.pk].question, findings[a.pk].answer, findings[a.pk].terminal, now)
                for a in attempts}  # fmt: skip
    verdicts |= _refuse_used_references(attempts, verdicts, findings)
    books = _Books()
    given: set[int] = set()
    for attempt in attempts:
        _decide(attempt, verdicts[attempt.pk], findings[attempt.pk], now, given, books)
    transition(books.moves)
    mark_received((attempt.donation_id, at) for attempt, _, at in books.received)
    for status, donation_ids in books.statuses.items():
        mark_unpaid(_without_open_attempt(donation_ids, status), status)
    post(books.entries)
    issue_receipts([(attempt.donation, reference, at) for attempt, reference, at in books.received])
    hold(books.held)
    promise_many("cases.open_case", books.cases)
    paid = [attempt.donation.tracking_code for attempt, _, _ in books.received]
    transaction.on_commit(lambda: note_outcomes(paid, books.failed_codes))


def _locked(attempt_ids: list[int]) -> list[Attempt]:
    """The attempts with their gifts, all locked: the gifts first, each kind in its order."""
    gifts = {
        gift.pk: gift for gift in Donation.objects.raw("SELECT * FROM payments_lock_gifts(%s)", [attempt_ids])
    }
    attempts = list(Attempt.objects.raw("SELECT * FROM payments_lock_attempts(%s)", [attempt_ids]))
    for attempt in attempts:
        attempt.donation = gifts[attempt.donation_id]
    return attempts


def _without_open_attempt(donation_ids: list[int], status: DonationStatus) -> set[int]:
    """A gift has failed only when no other attempt of it is still on its way."""
    if status != DonationStatus.FAILED:
        return set(donation_ids)
    open_ones = Attempt.objects.filter(donation__in=donation_ids, state__in=UNSETTLED)
    return set(donation_ids) - set(open_ones.values_list("donation_id", flat=True))


def _refuse_used_references(attempts, verdicts, findings) -> dict[int, Verdict]:
    """Claim the reference of each success; whoever comes second to a reference goes to a person."""
    claims = [
        {
            "gateway": a.gateway,
            "terminal_key": findings[a.pk].terminal,
            "reference": findings[a.pk].answer.reference[:64],
            "attempt_id": a.pk,
        }
        for a in attempts
        if verdicts[a.pk].to == AttemptState.SUCCEEDED or verdicts[a.pk].is_held
    ]
    if not claims:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_claim_references(%s)", [Json(claims)])
        granted = {row[0] for row in cursor.fetchall()}
    refused = {claim["attempt_id"] for claim in claims} - granted
    review = Verdict(AttemptState.UNDER_REVIEW, "reference_used_before", REFERENCE_REUSED, ask_again=False)
    return dict.fromkeys(refused, review)


def _decide(
    attempt, verdict: Verdict, finding: Finding, now: datetime, given: set[int], books: _Books
) -> None:
    if verdict.reason == "decided_before":
        return
    if verdict.to == AttemptState.SUCCEEDED:
        verdict = _book_success(attempt, verdict, finding, now, given, books)
    elif verdict.to == AttemptState.UNDER_REVIEW:
        books.statuses.setdefault(DonationStatus.UNDER_REVIEW, []).append(attempt.donation_id)
        if verdict.is_held:
            amount_rial = finding.answer.amount_rial
            books.entries.append(_entry(attempt, EntryKind.UNEXPECTED, SUSPENSE, amount_rial, now))
    elif verdict.to == AttemptState.FAILED and attempt.donation_id not in given:
        books.statuses.setdefault(DonationStatus.FAILED, []).append(attempt.donation_id)
        books.failed_codes.append(attempt.donation.tracking_code)
    books.moves.append(_move(attempt, verdict, finding.answer, now))
    if held := unusual(attempt, verdict, finding.answer, now):
        books.held.append(held)
    if verdict.case:
        books.cases.append(
            {
                "kind": verdict.case,
                "subject": f"attempt:{attempt.order_id}",
                "province": attempt.donation.province_id or "",
                "gateway": attempt.gateway,
                "reason": verdict.reason,
                "amount_rial": attempt.amount_rial,
                "bank_amount_rial": finding.answer.amount_rial,
                "tracking_code": attempt.donation.tracking_code,
            }
        )


def _book_success(attempt, verdict, finding, now, given, books) -> Verdict:
    """The first success of a donation is the gift; a second one is money whose place a person decides."""
    donation = attempt.donation
    is_first = donation.received_at is None and donation.pk not in given
    given.add(donation.pk)
    kind, credit = (EntryKind.GIFT, INCOME[donation.kind]) if is_first else (EntryKind.UNEXPECTED, SUSPENSE)
    books.entries.append(_entry(attempt, kind, credit, attempt.amount_rial, now))
    if is_first:
        books.received.append((attempt, finding.answer.reference, now))
        return verdict
    return replace(verdict, reason=PAID_TWICE, case=PAID_TWICE)


def _entry(attempt: Attempt, kind: EntryKind, credit: str, amount_rial: int, now: datetime) -> NewEntry:
    donation = attempt.donation
    return NewEntry(
        kind=kind,
        source=f"attempt:{attempt.order_id}",
        occurred_at=now,
        legs=(
            Leg(clearing_code(attempt.gateway, attempt.terminal_id), amount_rial, donation.facet),
            Leg(credit, -amount_rial, donation.facet),
        ),
        placement_id=donation.placement_id,
    )


def _move(attempt: Attempt, verdict: Verdict, answer: Answer, now: datetime) -> Move:
    decided = verdict.to in (AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.UNDER_REVIEW)
    is_claimed = verdict.to == AttemptState.SUCCEEDED or verdict.is_held
    next_ask_at = None
    if verdict.ask_again:
        next_ask_at = clock.next_ask(
            now,
            attempt.redirected_at or attempt.created_at,
            attempt.ask_until or clock.deadline(GATEWAYS[attempt.gateway], attempt.created_at),
            asks=attempt.asks,
            is_awaited=verdict.to == AttemptState.UNKNOWN or attempt.state == AttemptState.UNKNOWN,
        )
    return Move(
        attempt_id=attempt.pk,
        to=verdict.to or AttemptState(attempt.state),
        reason=verdict.reason,
        evidence=_evidence(answer),
        reference=answer.reference if is_claimed else "",
        rrn=answer.rrn if is_claimed else "",
        trace_no=answer.trace_no if is_claimed else "",
        card_masked=answer.card_masked,
        decided_at=now if decided else None,
        next_ask_at=next_ask_at,
    )


def _evidence(answer: Answer) -> dict:
    """The bank's answer as plain JSON; the adapters have already removed secrets and card numbers."""
    return answer.seen() | {"message": answer.message, "exchanges": [asdict(e) for e in answer.exchanges]}

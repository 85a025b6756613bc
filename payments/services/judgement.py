"""What the bank's word means for one attempt. Decides; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from payments.enums import AttemptState
from payments.gateways import GATEWAYS
from payments.gateways.base import CALLBACK_DIFFERS, Answer, Outcome, Question, contradictions, missing_proof
from payments.models import Attempt

# Kinds of cases this room asks for; cases.enums.CaseKind has the same codes.
CALLBACK_MISFIT, ANSWER_MISFIT, UNDECIDED = "callback_misfit", "answer_misfit", "undecided"


@dataclass(frozen=True)
class Verdict:
    """The next state (None: stays as it is), why, and the case a person must look at, if any.

    `is_held`: the money is ours and verified, and only its amount is another one than was asked for.
    """

    to: AttemptState | None
    reason: str
    case: str = ""
    ask_again: bool = True
    is_held: bool = False


def judge(attempt: Attempt, question: Question, answer: Answer, terminal: str, now: datetime) -> Verdict:
    """Compare the bank's answer with the attempt.

    Only SUCCESS or ALREADY whose amount, and whose token or order where given, are ours is a success. A
    callback that does not fit is a case about that callback and leaves the attempt as it is. NOT_PAID closes
    an attempt when the payer came back cancelled or the deadline has passed; a later success still wins.
    Silence is never failure. What is under review is a person's.
    """
    if attempt.state in (AttemptState.SUCCEEDED, AttemptState.REFUNDED, AttemptState.UNDER_REVIEW):
        return Verdict(None, "decided_before", ask_again=False)
    if answer.outcome in (Outcome.SUCCESS, Outcome.ALREADY):
        return _paid(attempt, question, answer, terminal)
    if answer.outcome is Outcome.REVERSED:
        # After a question that stayed unanswered the bank may have verified first: a person looks at statements.
        case = UNDECIDED if attempt.state == AttemptState.UNKNOWN else ""
        return Verdict(_failed(attempt), "reversed_by_bank", case, ask_again=False)
    if answer.outcome is Outcome.PAID and contradictions(answer, question, terminal):
        return Verdict(AttemptState.UNDER_REVIEW, "answer_differs", ANSWER_MISFIT, ask_again=False)
    return _not_paid_yet(attempt, question, answer, now)


def _paid(attempt: Attempt, question: Question, answer: Answer, terminal: str) -> Verdict:
    differs = contradictions(answer, question, terminal)
    if differs and not answer.token and not answer.order_id:
        return Verdict(None, "foreign_reference", CALLBACK_MISFIT)
    lacking = missing_proof(answer, GATEWAYS[attempt.gateway].proof)
    if differs:
        is_held = differs == ("amount_rial",) and not lacking and answer.amount_rial > 0
        reason = "differs:" + ",".join(differs)
        return Verdict(AttemptState.UNDER_REVIEW, reason, ANSWER_MISFIT, ask_again=False, is_held=is_held)
    if lacking:
        return Verdict(AttemptState.UNDER_REVIEW, "paid_without_evidence", ANSWER_MISFIT, ask_again=False)
    return Verdict(AttemptState.SUCCEEDED, str(answer.outcome), ask_again=False)


def _not_paid_yet(attempt: Attempt, question: Question, answer: Answer, now: datetime) -> Verdict:
    hint = question.hint
    is_late = attempt.ask_until is not None and now >= attempt.ask_until
    says_no = answer.outcome in (Outcome.NOT_PAID, Outcome.PENDING)
    misfit = ""
    if answer.code == CALLBACK_DIFFERS or (hint is not None and hint.claims_paid and says_no):
        misfit = CALLBACK_MISFIT
    if answer.outcome is Outcome.NOT_PAID and hint is not None and hint.claims_paid is False and not misfit:
        return Verdict(_failed(attempt), "cancelled_by_payer")
    if says_no and is_late:
        return Verdict(_failed(attempt), "not_paid_by_deadline", misfit, ask_again=False)
    if says_no or answer.code == CALLBACK_DIFFERS:
        return Verdict(None, f"not_yet:{answer.code}", misfit)
    stays = attempt.state == AttemptState.FAILED
    reason = f"{answer.outcome}:{answer.code}"
    if is_late:
        return Verdict(None if stays else AttemptState.UNKNOWN, reason, misfit or UNDECIDED, ask_again=False)
    return Verdict(None if stays else AttemptState.UNKNOWN, reason, misfit)


def _failed(attempt: Attempt) -> AttemptState | None:
    return None if attempt.state == AttemptState.FAILED else AttemptState.FAILED

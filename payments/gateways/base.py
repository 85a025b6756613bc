"""The one interface behind which every bank gateway stands.

Plain data in, plain data out: nothing here knows the database, so an adapter can be tested with recorded
replies alone. An adapter never decides whether a gift was received; it says what the bank said.

**Who compares.** An adapter gives back the bank's own amount, order, terminal and token, true and
unchanged, even when they contradict the question: SUCCESS with a strange amount means that the bank took
and verified that strange amount, and hiding it behind another outcome would lose that fact. The caller
compares, with `proves_payment`, before anything is booked. An adapter refuses by itself only where going
on would *do* something wrong: it never verifies a reference which the bank or the callback ties to another
order (PAID or UNKNOWN is answered, nothing was claimed), and it never takes a reply about another
reference for an answer to its question (UNKNOWN).

**What a caller may conclude.** Only `verify` with SUCCESS, or with ALREADY and fields that fit, is money.
NOT_PAID may be followed by a proven success (a payer may be slower than the question), so it closes
nothing by itself before the deadline. UNKNOWN and REJECTED decide nothing: both are asked again, and the
second is for an operator to see. PAID from `verify` is money that waits and is not ours to claim: a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """What the bank's word means for the money."""

    SUCCESS = "success"  # paid, and verified by this very call
    ALREADY = "already"  # paid, and verified before; success only with evidence that fits
    PAID = (
        "paid"  # paid, not verified. From `look`: go on to verify. From `verify`: not claimable, see `code`
    )
    PENDING = "pending"  # the bank knows the order and the payer has not finished
    NOT_PAID = "not_paid"  # the bank says that no money was taken (cancelled, failed, nothing found)
    REVERSED = "reversed"  # money was taken and has gone back to the card
    REJECTED = "rejected"  # the bank refused the question itself (credentials, address, signature)
    UNKNOWN = "unknown"  # no answer, or one that cannot be read: silence is never failure


NOT_OFFERED = "not_offered"  # code: this gateway has no such call; no bank was asked
RECEIPT_ABSENT = "receipt_absent"  # code of a look: this bank shows nothing before verifying; go on to verify
NO_REFERENCE = "no_reference"  # code: nothing to verify by (the callback that carries it has not come)
CALLBACK_DIFFERS = "callback_differs"  # code: the callback speaks of another order; nothing was claimed
CALLBACK_SAYS_UNPAID = "callback_says_unpaid"  # code of NOT_PAID where only a success can be asked about
REPLY_DIFFERS = "reply_differs"  # code: the bank's reply is about another reference


class GatewayError(Exception):
    """The gateway gave no token. `code` is the bank's own code, or one of ours in lower case.

    `exchanges` is the evidence of the calls that were made.
    """

    def __init__(self, code: str, message: str = "", exchanges: tuple[Exchange, ...] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.exchanges = exchanges


class GatewayUnavailable(GatewayError):
    """Network, time-out, 5xx or garbage: another gateway may be tried; this one counts a fault."""


class GatewayRefused(GatewayError):
    """The bank understood and said no (merchant, amount, limit): another gateway may be tried."""


@dataclass(frozen=True)
class TerminalAccess:
    """How to reach one terminal: base address `scheme://host[:port][/prefix]` and its credentials.

    `options` any adapter reads: `connect_timeout`, `read_timeout` (seconds). Others are named in the
    adapter that reads them.
    """

    gateway: str
    base_url: str
    credentials: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What is asked of the bank: one attempt. `order_id` is numeric text, unique per attempt for ever."""

    order_id: str
    amount_rial: int
    callback_url: str
    description: str = ""
    mobile: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """One request and its reply, with secrets and card numbers already removed: evidence."""

    call: str
    request: Mapping[str, Any]
    status: int | None
    reply: Mapping[str, Any] | str
    milliseconds: int


@dataclass(frozen=True)
class Handover:
    """Where the payer goes: a GET redirect to `url`, or a form that POSTs `fields` to it."""

    token: str
    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True)
class CallbackHint:
    """What a callback claims. Forgeable, repeatable: it only says which attempt to ask about.

    `code` is the state or result it carried, as text; `claims_paid` is None when it claims nothing.
    """

    token: str = ""
    order_id: str = ""
    reference: str = ""
    claims_paid: bool | None = None
    amount_rial: int | None = None
    card_masked: str = ""
    code: str = ""


@dataclass(frozen=True)
class Question:
    """What we know of an attempt when we ask the bank.

    `reference` is the bank's reference stored earlier by `look` or taken from a callback hint;
    `seen` is the answer of an earlier `look` (`Answer.seen()`), stored before verifying (needed where
    the bank's own record becomes unreadable after verification).
    """

    order_id: str
    amount_rial: int
    token: str
    reference: str = ""
    hint: CallbackHint | None = None
    seen: Mapping[str, Any] | None = None

    def hint_fits(self) -> bool:
        """Whether the callback speaks of this attempt, as far as it says anything; no hint fits."""
        hint = self.hint or CallbackHint()
        return (
            hint.token in ("", self.token)
            and hint.order_id in ("", self.order_id)
            and hint.amount_rial in (None, self.amount_rial)
        )

    def known_references(self) -> tuple[str, ...]:
        """The references to verify by, in this order, where only a callback brings them; may be empty.

        A callback can be forged, and so can the one from which `reference` was stored: where the bank
        knows nothing of the first, the second may still be the true one. A callback that does not fit
        takes its own reference with it, and no other.
        """
        hint = self.hint or CallbackHint()
        if self.hint_fits():
            return tuple(dict.fromkeys(found for found in (self.reference, hint.reference) if found))
        return (self.reference,) if self.reference not in ("", hint.reference) else ()


@dataclass(frozen=True)
class Answer:
    """The bank's own word on an attempt. Empty or None: the bank did not say.

    `reference` is the bank's reference that may be booked only once; `rrn` the retrieval reference
    number; `trace_no` the terminal's trace. `amount_rial`, `order_id`, `terminal` and `token` are as
    the bank gave them, to be compared with ours by the caller. What the bank demands in the question
    and says yes to counts as said (ZarinPal's amount, Mellat's order id and terminal, a token asked by).
    Mellat never says an amount: its order id, unique for ever, was given its amount when the token was.
    """

    outcome: Outcome
    code: str = ""
    message: str = ""
    reference: str = ""
    rrn: str = ""
    trace_no: str = ""
    amount_rial: int | None = None
    order_id: str = ""
    terminal: str = ""
    token: str = ""
    card_masked: str = ""
    card_hash: str = ""
    exchanges: tuple[Exchange, ...] = ()

    def seen(self) -> dict[str, Any]:
        """What to store of a `look` as `Question.seen`: plain JSON, without the exchanges."""
        return {
            "outcome": str(self.outcome),
            "code": self.code,
            "reference": self.reference,
            "rrn": self.rrn,
            "trace_no": self.trace_no,
            "amount_rial": self.amount_rial,
            "order_id": self.order_id,
            "terminal": self.terminal,
            "token": self.token,
            "card_masked": self.card_masked,
            "card_hash": self.card_hash,
        }


@dataclass(frozen=True)
class UnverifiedPayment:
    """A line of a gateway's list of payments that nobody has verified yet."""

    token: str
    amount_rial: int | None
    paid_at_text: str = ""


def contradictions(answer: Answer, question: Question, terminal: str = "") -> tuple[str, ...]:
    """The names of the fields in which the bank's own word differs from what was asked.

    Only what the bank said counts: an empty field contradicts nothing (and proves nothing: the caller
    decides which of them it needs). `terminal` is ours, the credential named by `Gateway.terminal_key`.
    """
    pairs = (
        ("amount_rial", answer.amount_rial, question.amount_rial),
        ("order_id", answer.order_id or None, question.order_id),
        ("token", answer.token or None, question.token),
        ("terminal", answer.terminal or None, terminal or answer.terminal),
    )
    return tuple(name for name, said, ours in pairs if said is not None and said != ours)


def missing_proof(answer: Answer, proof: frozenset[str]) -> tuple[str, ...]:
    """The fields of `Gateway.proof` which the bank left empty; money is booked only when there are none."""
    return tuple(sorted(name for name in proof if getattr(answer, name) in (None, "")))


def proves_payment(gateway: Gateway, answer: Answer, question: Question, terminal: str = "") -> bool:
    """Whether this answer of `verify` is money for this attempt: a yes, whole, and about nothing else."""
    return (
        answer.outcome in (Outcome.SUCCESS, Outcome.ALREADY)
        and not missing_proof(answer, gateway.proof)
        and not contradictions(answer, question, terminal)
    )


def without_reference(question: Question) -> Answer:
    """The answer where verifying needs a reference and `known_references` gave none; no bank is asked."""
    if not question.hint_fits():
        return Answer(Outcome.UNKNOWN, CALLBACK_DIFFERS)
    if question.hint is not None and question.hint.claims_paid is False:
        return Answer(Outcome.NOT_PAID, CALLBACK_SAYS_UNPAID, question.hint.code)
    return Answer(Outcome.UNKNOWN, NO_REFERENCE)


class Gateway(Protocol):
    """One bank gateway. All methods are safe to call again; none raises for what a bank answers,
    except `request`, which raises GatewayError when there is no token."""

    name: str
    verify_window_minutes: int  # after this the bank itself sends unverified money back
    ask_until_minutes: int  # after the request: a token's life, the window, and a margin; then a case
    looks_first: bool  # True: `look` must be asked and its answer stored before `verify`
    terminal_key: str  # the credential that names the terminal in the bank's answers
    proof: frozenset[str]  # fields of Answer without which its SUCCESS or ALREADY proves nothing

    def request(self, access: TerminalAccess, order: Order) -> Handover:
        """Ask for a payment token."""

    def handover(self, access: TerminalAccess, token: str) -> Handover:
        """The same hand-over again for a token given earlier; calls no bank."""

    def parse_callback(self, data: Mapping[str, Any]) -> CallbackHint:
        """Read a callback's fields, in any letter case, without believing them."""

    def look(self, access: TerminalAccess, question: Question) -> Answer:
        """What the bank knows, without any effect on the payment."""

    def verify(self, access: TerminalAccess, question: Question) -> Answer:
        """Claim the payment; where the gateway wants a settle call too, make it."""

    def reverse(self, access: TerminalAccess, question: Question) -> Answer:
        """Send a verified payment back at once, within the bank's window."""

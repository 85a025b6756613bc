"""Unusual money of each kind, and what becomes of it."""

from django.db import connection
from django.utils import timezone

from core.models import User
from payments.enums import Way
from payments.gateways.base import Answer, Outcome
from payments.models import Attempt, HeldDecision, HeldMoney, Refund, Terminal
from payments.services import refunds
from payments.services.found import Found, note_found
from payments.services.held import Proposal, decide, propose
from payments.services.settlement import Finding, settle
from payments.services.terminals import access_to
from tests.factories.gifts import attempt_for, finding, give, paid, question

MOBILE = "+989121234567"
WHY = "با نیکوکار گفت‌وگو شد"


def paid_twice(amount_rial: int = 300_000) -> HeldMoney:
    donation = give(amount_rial, fund="livelihood", province="23", mobile=MOBILE, name="نیکوکار")
    first, second = attempt_for(donation), attempt_for(donation, gateway="sadad")
    settle({a.pk: finding(a, paid(a)) for a in (first, second)})
    return HeldMoney.objects.get(attempt=second)


def other_amount(asked: int = 200_000, came: int = 150_000) -> HeldMoney:
    attempt = attempt_for(give(asked, fund="livelihood", province="23", mobile=MOBILE))
    settle({attempt.pk: finding(attempt, paid(attempt, amount_rial=came))})
    return HeldMoney.objects.get(attempt=attempt)


def unknown(actor: User, amount_rial: int = 700_000, reference: str = "987654321") -> HeldMoney:
    terminal = Terminal.objects.select_related("office").get(gateway="zarinpal")
    what = Found(terminal, reference, amount_rial, timezone.now(), "در پنل درگاه دیده شد")
    return note_found(what, actor=actor)


def through_our_terminal(attempt: Attempt, reference: str) -> Finding:
    """The bank's yes, under the name the bank has for the terminal of `unknown`."""
    key = access_to(attempt.terminal).credentials.get("merchant_id", "")
    return Finding(question(attempt), paid(attempt, reference=reference, terminal=key), key)


def go(held: HeldMoney, way: Way, maker: User, checker: User, **more) -> HeldDecision:
    decision = propose(held.pk, Proposal(way, WHY, **more), actor=maker)
    return decide(decision.pk, actor=checker, approve=True)


def balance(account: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(-sum(p.amount_rial), 0) FROM ledger_posting p "
            "JOIN ledger_account a ON a.id = p.account_id WHERE a.code = %s",
            [account],
        )
        return int(cursor.fetchone()[0])


def in_books() -> tuple[int, int]:
    """What stands in suspense and what in income."""
    return balance("suspense:unexpected"), balance("income:cash")


def bank_reverses(monkeypatch) -> None:
    monkeypatch.setattr(refunds, "_ask", lambda attempt: Answer(Outcome.REVERSED, "0"))


def send_back(attempt: Attempt, maker: User, checker: User) -> Refund:
    refund = refunds.request_refund(attempt.pk, actor=maker, reason=WHY)
    refunds.decide_refund(refund.pk, actor=checker, approve=True)
    assert refunds.send_due() == 1
    return refund

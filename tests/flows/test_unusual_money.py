"""Money that came otherwise than it was asked for: each kind has its fixed way, two people, one place in the books."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.enums import CaseState
from cases.models import Case
from core import outbox
from core.errors import DomainError
from core.invariants import run_checks
from core.models import AuditEntry, OutgoingSms, User
from dashboards import figures
from dashboards.rollups import fold_all
from donations.models import Donation, Receipt
from payments.enums import Way
from payments.gateways.base import Answer, CallbackHint, Outcome
from payments.models import Attempt, BankReference, HeldDecision, HeldMoney, Refund, Terminal
from payments.services import refunds
from payments.services.found import Found, note_found
from payments.services.held import Proposal, decide, propose, take
from payments.services.settlement import Finding, settle
from payments.services.terminals import access_to
from tests.factories.gifts import attempt_for, finding, give, paid, question, receive
from tests.factories.terminals import agree
from tests.flows.test_races import run_together

MOBILE = "+989121234567"
WHY = "با نیکوکار گفت‌وگو شد"


@pytest.fixture(autouse=True)
def _world(request, country):
    """A seeded database; at the end the books hold, whatever happened."""
    request.getfixturevalue("live_db" if "live_db" in request.fixturenames else "db")
    yield
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


@pytest.fixture
def maker(_world):
    return User.objects.create(username="maker")


@pytest.fixture
def checker(_world):
    return User.objects.create(username="checker")


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


# --- paid twice ------------------------------------------------------------------------------------------
def test_the_second_payment_becomes_a_further_gift_with_its_own_receipt_and_the_donor_is_told(maker, checker):
    held = paid_twice()
    assert in_books() == (300_000, 300_000)
    go(held, Way.FURTHER_GIFT, maker, checker)

    first, further = Donation.objects.order_by("pk")
    assert further.tracking_code != first.tracking_code
    same = (
        "amount_rial",
        "fund_id",
        "province_id",
        "county_id",
        "edition_id",
        "donor_id",
        "donor_name",
        "status",
    )
    assert [getattr(further, name) for name in same] == [getattr(first, name) for name in same]
    assert in_books() == (0, 600_000)
    assert Receipt.objects.filter(revoked_at=None).count() == 2
    assert Receipt.objects.get(donation=further).bank_reference == held.reference
    fold_all()
    total = figures.total(province="23")
    assert (total.total_rial, total.count) == (600_000, 2)
    outbox.drain()
    texts = [sms.text for sms in OutgoingSms.objects.order_by("pk")]
    assert len(texts) == 2
    assert "دو بار پرداخت" in texts[1]
    case = Case.objects.get(kind="paid_twice")
    assert (case.state, case.closed_by, WHY in case.resolution) == (CaseState.CLOSED, checker, True)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor__username", "reason"))[:2] == [
        ("held.propose", "maker", WHY),
        ("held.approve", "checker", ""),
    ]


def test_the_second_payment_goes_back_and_the_gift_stays(maker, checker, monkeypatch):
    held = paid_twice()
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    held.refresh_from_db()
    assert (held.state, in_books()) == ("returned", (0, 300_000))
    assert Donation.objects.get().status == "received"
    outbox.drain()
    assert "رسید شما پابرجاست" in OutgoingSms.objects.get(purpose="refund").text
    assert Case.objects.get(kind="paid_twice").state == CaseState.CLOSED


def test_a_further_gift_the_donor_did_not_want_goes_back_alone(maker, checker, monkeypatch):
    held = paid_twice()
    go(held, Way.FURTHER_GIFT, maker, checker)
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    assert list(Donation.objects.order_by("pk").values_list("status", flat=True)) == ["received", "refunded"]
    first, further = Receipt.objects.order_by("pk")
    assert (first.revoked_at, further.revoked_at is not None) == (None, True)
    assert in_books() == (0, 300_000)


def test_two_who_approve_at_once_make_one_gift(live_db, maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    others = [User.objects.create(username=f"checker{n}") for n in range(4)]
    errors = run_together(
        *[lambda who=who: decide(decision.pk, actor=who, approve=True) for who in [checker, *others]]
    )
    assert [e.code for e in errors] == ["decision_made"] * 4
    assert (Donation.objects.count(), Receipt.objects.count(), in_books()) == (2, 2, (0, 600_000))


def test_a_gift_and_a_refund_proposed_at_once_exclude_each_other(live_db, maker, checker):
    held = paid_twice()
    errors = run_together(
        lambda: propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker),
        lambda: refunds.request_refund(held.attempt_id, actor=checker, reason=WHY),
    )
    assert len(errors) == 1
    assert errors[0].code in ("refund_exists", "decision_waits")
    assert HeldDecision.objects.count() + Refund.objects.count() == 1


def test_the_bank_takes_it_back_while_a_proposal_waits(maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    refunds.note_reversal_by_bank(held.attempt_id, evidence={}, source="settlement file")
    with pytest.raises(DomainError, match="held_settled"):
        decide(decision.pk, actor=checker, approve=True)
    assert (Donation.objects.count(), in_books()) == (1, (0, 300_000))
    decide(decision.pk, actor=checker, approve=False, reason="پول برگشت")


def test_nobody_approves_their_own_proposal_and_the_database_sees_to_it(maker):
    decision = propose(paid_twice().pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="four_eyes"):
        decide(decision.pk, actor=maker, approve=True)
    with pytest.raises(IntegrityError, match="held_four_eyes"), transaction.atomic():
        HeldDecision.objects.filter(pk=decision.pk).update(
            state="done", decided_by=maker, decided_at=timezone.now()
        )
    assert in_books() == (300_000, 300_000)


def test_a_refusal_says_why_changes_nothing_and_lets_another_way_be_proposed(maker, checker):
    held = paid_twice()
    decision = propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="decision_waits"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)
    with pytest.raises(DomainError, match="reason_required"):
        decide(decision.pk, actor=checker, approve=False)
    decide(decision.pk, actor=checker, approve=False, reason="نیکوکار برگشت می‌خواهد")
    assert (Donation.objects.count(), in_books()) == (1, (300_000, 300_000))
    refunds.request_refund(held.attempt_id, actor=maker, reason=WHY)


def test_settled_money_is_never_settled_otherwise(maker, checker):
    held = paid_twice()
    go(held, Way.FURTHER_GIFT, maker, checker)
    for wrong in ({"state": "dismissed"}, {"state": "open"}, {"amount_rial": 1}, {"donation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HeldMoney.objects.filter(pk=held.pk).update(**wrong)
    with pytest.raises(DomainError, match="held_settled"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, WHY), actor=maker)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_no_way_without_a_reason(maker, reason):
    held = paid_twice()
    with pytest.raises(DomainError, match="reason_required"):
        propose(held.pk, Proposal(Way.FURTHER_GIFT, reason), actor=maker)
    assert not HeldDecision.objects.exists()


# --- another amount --------------------------------------------------------------------------------------
@pytest.mark.parametrize("came", [150_000, 2_000_000])
def test_a_gift_is_accepted_at_the_amount_that_was_paid(maker, checker, came):
    held = other_amount(200_000, came)
    assert (Donation.objects.get().status, in_books()) == ("under_review", (came, 0))
    go(held, Way.ACCEPT_PAID, maker, checker)
    gift = Donation.objects.get()
    assert (gift.status, gift.amount_rial, gift.attempts.get().state) == ("received", came, "succeeded")
    assert in_books() == (0, came)
    fold_all()
    assert figures.total(province="23").total_rial == came
    assert gift.receipt.revoked_at is None
    outbox.drain()
    assert "یکی نبود" in OutgoingSms.objects.get().text
    assert Case.objects.get().state == CaseState.CLOSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Donation.objects.update(amount_rial=1)


def test_another_amount_goes_back_whole(maker, checker, monkeypatch):
    held = other_amount(200_000, 150_000)
    bank_reverses(monkeypatch)
    refund = send_back(held.attempt, maker, checker)
    assert (refund.amount_rial, Donation.objects.get().status, in_books()) == (150_000, "failed", (0, 0))
    assert HeldMoney.objects.get().state == "returned"


def test_an_accepted_amount_can_be_refunded_later(maker, checker, monkeypatch):
    held = other_amount(200_000, 150_000)
    go(held, Way.ACCEPT_PAID, maker, checker)
    bank_reverses(monkeypatch)
    send_back(held.attempt, maker, checker)
    assert (Donation.objects.get().status, in_books()) == ("refunded", (0, 0))
    assert Receipt.objects.get().revoked_at is not None


def test_a_gift_paid_again_in_full_meanwhile_leaves_the_other_amount_a_further_gift(maker, checker):
    held = other_amount(200_000, 150_000)
    again = attempt_for(held.attempt.donation, gateway="sadad")
    settle({again.pk: finding(again, paid(again))})
    with pytest.raises(DomainError, match="way_not_open"):
        propose(held.pk, Proposal(Way.ACCEPT_PAID, WHY), actor=maker)
    go(held, Way.FURTHER_GIFT, maker, checker)
    assert sorted(Donation.objects.values_list("amount_rial", "status")) == [
        (150_000, "received"),
        (200_000, "received"),
    ]


def test_another_attempt_that_fails_leaves_the_gift_under_review():
    held = other_amount()
    again = attempt_for(held.attempt.donation, gateway="sadad")
    settle({again.pk: finding(again, Answer(Outcome.NOT_PAID, "-1"), CallbackHint(claims_paid=False))})
    assert Donation.objects.get().status == "under_review"


def test_money_of_a_reused_reference_is_dismissed_and_never_sent_back(maker, checker):
    """The reference belongs to another gift: reversing it at the bank would take that gift's money."""
    gift = receive(100_000, province="23")
    thief = attempt_for(give(100_000, province="23"))
    settle({thief.pk: finding(thief, paid(thief, reference=gift.receipt.bank_reference))})
    held = HeldMoney.objects.get(kind="reference_reused")
    with pytest.raises(DomainError, match="not_refundable"):
        refunds.request_refund(thief.pk, actor=maker, reason=WHY)
    go(held, Way.DISMISS, maker, checker)
    thief.refresh_from_db()
    assert (thief.state, Donation.objects.get(pk=thief.donation_id).status) == ("failed", "failed")
    assert Donation.objects.get(pk=gift.pk).status == "received"


# --- after the gift was given up -------------------------------------------------------------------------
def test_money_for_a_gift_that_was_given_up_wins_by_itself_is_listed_and_can_go_back(
    maker, checker, monkeypatch
):
    attempt = attempt_for(give(100_000, province="23"))
    settle({attempt.pk: finding(attempt, Answer(Outcome.NOT_PAID, "-51"), CallbackHint(claims_paid=False))})
    assert Donation.objects.get().status == "failed"
    settle({attempt.pk: finding(attempt, paid(attempt))})
    held = HeldMoney.objects.get()
    assert (held.kind, held.state, held.donation.status) == ("late", "gift", "received")
    assert in_books() == (0, 100_000)
    bank_reverses(monkeypatch)
    send_back(attempt, maker, checker)
    held.refresh_from_db()
    assert (held.state, Donation.objects.get().status, in_books()) == ("returned", "refunded", (0, 0))


# --- unknown reference -----------------------------------------------------------------------------------
def test_an_unknown_reference_becomes_a_gift_of_the_fund_that_two_people_name(maker, checker):
    held = unknown(maker)
    assert in_books() == (0, 0)
    go(held, Way.ASSIGN, maker, checker, fund="dowry", province="23")
    gift = Donation.objects.get()
    assert (gift.status, gift.fund_id, gift.province_id, gift.amount_rial) == (
        "received",
        "dowry",
        "23",
        700_000,
    )
    assert BankReference.objects.get().reference == held.reference == gift.receipt.bank_reference
    assert in_books() == (0, 700_000)
    outbox.drain()
    assert Case.objects.get(subject=f"held:{held.pk}").state == CaseState.CLOSED


def test_what_is_assigned_by_hand_is_claimed_under_the_terminals_name_of_today(maker, checker):
    before = Terminal.objects.get(gateway="zarinpal").credentials_version
    agree(Terminal.objects.get(gateway="zarinpal"), credentials={"merchant_id": "new-name"})
    go(unknown(maker), Way.ASSIGN, maker, checker, fund="dowry")
    assert Attempt.objects.get().credentials_version == before + 1
    assert BankReference.objects.get().terminal_key == "new-name"


def test_an_unknown_reference_pays_the_gift_that_waits_for_it(maker, checker):
    waiting = give(700_000, fund="livelihood", province="23", mobile=MOBILE)
    go(unknown(maker), Way.ASSIGN, maker, checker, basis=waiting)
    waiting.refresh_from_db()
    assert (waiting.status, Donation.objects.count()) == ("received", 1)
    assert waiting.receipt.bank_reference == "987654321"


@pytest.mark.parametrize("amount", [700_000, 650_000])
def test_a_gift_already_paid_or_of_another_amount_gets_a_further_one(maker, checker, amount):
    known = receive(amount, fund="livelihood", province="23", mobile=MOBILE)
    go(unknown(maker), Way.ASSIGN, maker, checker, basis=known)
    further = Donation.objects.exclude(pk=known.pk).get()
    assert (further.amount_rial, further.fund_id, further.donor_id) == (700_000, "livelihood", known.donor_id)
    assert in_books() == (0, 700_000 + amount)


def test_a_reference_that_is_booked_is_not_unknown_and_none_is_written_down_twice(maker):
    attempt = attempt_for(give(100_000))
    settle({attempt.pk: through_our_terminal(attempt, "111")})
    unknown(maker, reference="222")
    for known in ("111", "222"):
        with pytest.raises(DomainError, match="reference_known"):
            unknown(maker, reference=known)
    assert HeldMoney.objects.count() == 1


def test_two_ways_to_one_reference_book_it_once(live_db, maker, checker):
    """While two people assign it, the bank's own word for a lost attempt comes too."""
    held = unknown(maker)
    decision = propose(held.pk, Proposal(Way.ASSIGN, WHY, fund="dowry"), actor=maker)
    late = attempt_for(give(700_000))
    word = through_our_terminal(late, held.reference)
    errors = run_together(
        lambda: decide(decision.pk, actor=checker, approve=True), lambda: settle({late.pk: word})
    )
    assert {getattr(e, "code", repr(e)) for e in errors} <= {"reference_known"}
    assert BankReference.objects.filter(reference=held.reference).count() == 1
    assert in_books() == (0, 700_000)


def test_an_unknown_reference_that_went_back_at_the_bank_books_nothing(maker, checker):
    held = unknown(maker)
    with pytest.raises(DomainError, match="reference_required"):
        propose(held.pk, Proposal(Way.RETURN, WHY), actor=maker)
    go(held, Way.RETURN, maker, checker, bank_reference="پایا ۱۲")
    held.refresh_from_db()
    assert (held.state, Donation.objects.count(), in_books()) == ("returned", 0, (0, 0))


@pytest.mark.parametrize("aim", [{}, {"fund": "dowry", "basis": True}])
def test_an_assignment_names_one_aim(maker, aim):
    if "basis" in aim:
        aim = aim | {"basis": give(10_000)}
    with pytest.raises(DomainError, match="aim_required"):
        propose(unknown(maker).pk, Proposal(Way.ASSIGN, WHY, **aim), actor=maker)


def test_an_unknown_reference_assigned_by_hand_can_be_refunded(maker, checker, monkeypatch):
    held = unknown(maker)
    go(held, Way.ASSIGN, maker, checker, fund="dowry")
    bank_reverses(monkeypatch)
    send_back(Attempt.objects.get(), maker, checker)
    held.refresh_from_db()
    assert (held.state, Donation.objects.get().status, in_books()) == ("returned", "refunded", (0, 0))


# --- whoever looks after it ------------------------------------------------------------------------------
def test_whoever_takes_it_owns_the_money_and_its_case(maker):
    held = paid_twice()
    outbox.drain()
    take(held.pk, actor=maker)
    outbox.drain()
    held.refresh_from_db()
    assert (held.owner, Case.objects.get().owner) == (maker, maker)


def test_money_in_suspense_that_is_on_nobodys_list_is_found_by_the_checks():
    held = paid_twice()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE payments_heldmoney SET amount_rial = 1 WHERE id = %s", [held.pk])
        broken = {r.name for r in run_checks() if not r.holds}
        transaction.set_rollback(True)
    assert "payments: suspense holds exactly the unusual money that is open" in broken

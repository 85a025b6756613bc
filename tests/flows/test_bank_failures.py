"""What banks and strangers do wrong, on real PostgreSQL and a real bank process, for every gateway."""

import contextlib

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from cases.models import Case
from cases.tasks import open_case  # noqa: F401 - registers the consumer
from core import outbox
from core.invariants import run_checks
from core.jalali import tehran_today
from core.models import User
from donations.models import Donation, Receipt
from payments.gateways import GATEWAYS
from payments.models import Attempt, Callback, Terminal
from payments.services import callbacks
from payments.services.attempts import send_to_bank
from payments.services.health import room_to_wait
from payments.services.refunds import decide_refund, request_refund, send_due
from payments.services.terminals import open_terminal
from payments.services.unclaimed import ask_about_unclaimed
from payments.services.verification import sweep
from provinces.models import Office
from tests.factories.gifts import give
from tests.factories.terminals import agree
from tests.flows.test_races import run_together

EVERY = pytest.mark.parametrize("gateway", sorted(GATEWAYS))


@pytest.fixture(autouse=True)
def _world(request, country):
    """A seeded database; at the end the books hold, whatever happened."""
    request.getfixturevalue("live_db" if "live_db" in request.fixturenames else "db")
    yield
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


class Story:
    """One gift at one bank."""

    def __init__(self, bank, gateway: str, amount_rial: int = 500_000) -> None:
        self.bank, self.gateway = bank, gateway
        self.donation = give(amount_rial, fund="livelihood", province="23")
        send_to_bank(self.donation.tracking_code, gateway)
        self.attempt = self.donation.attempts.get(gateway=gateway)

    def at_bank(self, action: str = "pay") -> dict:
        """The payer decides; the fields of the callback."""
        row = {"gateway": self.gateway, "token": self.attempt.token, "action": action}
        return self.bank.control("POST", "pay", **row)["callback"]["fields"]

    def come_back(self, fields: dict) -> None:
        callbacks.take_in(self.gateway, fields)
        callbacks.drain()

    def forged(self, paid: bool) -> dict:
        """What a stranger who knows token and order would send."""
        t, order = self.attempt.token, str(self.attempt.order_id)
        return {
            "zarinpal": {"Authority": t, "Status": "OK" if paid else "NOK"},
            "zibal": {
                "trackId": t, "orderId": order, "success": str(int(paid)), "status": "2" if paid else "3",
            },
            "sadad": {"Token": t, "OrderId": order, "ResCode": "0" if paid else "-1"},
            "sep": {
                "Token": t, "ResNum": order, "State": "OK" if paid else "CanceledByUser",
                "Status": "2" if paid else "1", "RefNum": "forged" if paid else "",
            },
            "mellat": {
                "RefId": t, "SaleOrderId": order, "ResCode": "0" if paid else "17",
                "SaleReferenceId": "123456789012" if paid else "",
            },
        }[self.gateway]  # fmt: skip

    def state(self) -> tuple[str, str]:
        return (
            Donation.objects.get(pk=self.donation.pk).status,
            Attempt.objects.get(pk=self.attempt.pk).state,
        )

    def ask_now(self) -> None:
        """The sweeper's hour has come, and no gateway rests."""
        cache.clear()
        Callback.objects.filter(verdict="waiting").update(leased_until=None)
        Attempt.objects.filter(pk=self.attempt.pk).update(next_ask_at=timezone.now(), leased_until=None)
        callbacks.drain()
        sweep()

    def at_bank_state(self) -> str:
        return self.bank.payment(self.gateway, self.attempt.token)["state"]


def booked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        return cursor.fetchone()[0]


def cases() -> list[str]:
    outbox.drain()
    return sorted(Case.objects.values_list("kind", flat=True))


@EVERY
def test_paid_gift_is_received_and_finished_at_the_bank(bank, gateway):
    story = Story(bank, gateway)
    story.come_back(story.at_bank())
    assert story.state() == ("received", "succeeded")
    assert (booked(), Receipt.objects.count(), cases()) == (1, 1, [])
    assert story.at_bank_state() == ("SETTLED" if gateway == "mellat" else "VERIFIED")


@EVERY
def test_cancelled_at_the_bank_shows_failed(bank, gateway):
    story = Story(bank, gateway)
    story.come_back(story.at_bank("cancel"))
    assert story.state() == ("failed", "failed")
    assert (booked(), cases()) == (0, [])


@EVERY
def test_lost_callback_is_found_by_the_sweeper(bank, gateway):
    story = Story(bank, gateway)
    story.at_bank()
    story.ask_now()
    if (
        gateway == "mellat"
    ):  # without the callback's SaleReferenceId verifying is impossible; the bank reverses
        assert story.state() == ("pending", "unknown")
    else:
        assert story.state() == ("received", "succeeded")
        assert booked() == 1


@EVERY
def test_verify_takes_effect_but_its_answer_is_lost(bank, gateway):
    story = Story(bank, gateway)
    fields = story.at_bank()
    if gateway == "mellat":  # it asks what became of a silent verify by itself: that is silent too
        bank.fault(gateway, "", "timeout_after:3", times=2)
    else:
        bank.fault(gateway, "verify", "timeout_after:3")
    story.come_back(fields)
    assert story.state() == ("pending", "unknown")
    story.ask_now()
    assert story.state() == ("received", "succeeded")
    assert (booked(), Receipt.objects.count()) == (1, 1)


@EVERY
@pytest.mark.parametrize("fault", ["timeout_before:3", "http_502", "malformed", "close_before"])
def test_silence_and_garbage_are_never_failure(bank, gateway, fault):
    story = Story(bank, gateway)
    fields = story.at_bank()
    bank.fault(gateway, "", fault, times=9)
    story.come_back(fields)
    assert story.state() == ("pending", "unknown")
    bank.control("DELETE", "faults")
    story.ask_now()
    assert story.state() == ("received", "succeeded")


@EVERY
def test_forged_success_before_anything_was_paid_is_never_received(bank, gateway):
    story = Story(bank, gateway)
    story.come_back(story.forged(paid=True))
    assert story.state()[0] == "pending"
    assert (booked(), cases()) == (0, ["callback_misfit"])
    story.come_back(story.at_bank())
    assert story.state() == ("received", "succeeded")


@EVERY
def test_forged_failure_before_the_true_success_is_received(bank, gateway):
    story = Story(bank, gateway)
    story.come_back(story.forged(paid=False))
    assert booked() == 0
    story.come_back(story.at_bank())
    assert story.state() == ("received", "succeeded")
    assert booked() == 1


@EVERY
def test_two_callbacks_and_the_sweeper_at_once_book_once(live_db, bank, gateway):
    story = Story(bank, gateway)
    fields = story.at_bank()
    Attempt.objects.filter(pk=story.attempt.pk).update(next_ask_at=timezone.now())
    errors = run_together(
        lambda: story.come_back(fields), lambda: story.come_back(fields), sweep, callbacks.drain
    )
    assert errors == []
    story.ask_now()
    assert story.state() == ("received", "succeeded")
    assert (booked(), Receipt.objects.count()) == (1, 1)


@EVERY
def test_callback_of_a_cheap_payment_cannot_pay_a_dear_one(bank, gateway):
    cheap, dear = Story(bank, gateway, 20_000), Story(bank, gateway, 90_000_000)
    cheap_fields = cheap.at_bank()
    mixed = cheap_fields | {
        name: value
        for name, value in dear.forged(paid=True).items()
        if name.lower() in ("token", "authority", "trackid", "refid")
    }
    dear.come_back(mixed)
    assert dear.state()[0] == "pending"
    assert cases() == ["callback_misfit"]
    cheap.come_back(cheap_fields)
    dear.come_back(dear.at_bank())
    assert (cheap.state(), dear.state()) == (("received", "succeeded"), ("received", "succeeded"))
    assert booked() == 2


@pytest.mark.parametrize("gateway", sorted(set(GATEWAYS) - {"zarinpal", "mellat"}))
def test_an_amount_that_differs_goes_to_a_person(bank, gateway):
    story = Story(bank, gateway)
    call = "look" if gateway == "sep" else "verify"
    bank.fault(gateway, call, "wrong_amount", times=9)
    story.come_back(story.at_bank())
    assert story.state() == ("under_review", "under_review")
    verified = 0 if gateway == "sep" else 1  # sep's receipt is read before anything is claimed
    assert (booked(), cases()) == (verified, ["answer_misfit"])


@EVERY
def test_unknown_callbacks_open_one_case_a_day(bank, gateway):
    story = Story(bank, gateway)
    strange = dict.fromkeys(story.forged(paid=True), "9" * 12)
    for _ in range(3):
        story.come_back(strange)
    assert cases() == ["callback_unknown"]
    assert Callback.objects.filter(verdict="unknown_attempt").count() == 3


@EVERY
def test_past_the_banks_window_nothing_is_booked(bank, gateway):
    story = Story(bank, gateway)
    story.at_bank()
    bank.control("POST", "clock", advance_seconds=3600)
    past = timezone.now() - timezone.timedelta(hours=2)
    Attempt.objects.filter(pk=story.attempt.pk).update(ask_until=past)
    story.ask_now()
    assert booked() == 0
    assert story.state()[1] in ("failed", "unknown")
    assert story.state()[1] == "failed" or "undecided" in cases()


def test_a_gateway_that_gives_no_token_is_passed_over(bank):
    bank.fault("sep", "request", "http_502")
    donation = give(300_000)
    handover = send_to_bank(donation.tracking_code, "sep").handover
    assert f"{bank.url}/zarinpal/" in handover.url
    assert sorted(donation.attempts.values_list("gateway", "state")) == [
        ("sep", "failed"),
        ("zarinpal", "redirected"),
    ]


def test_a_gateway_that_keeps_failing_rests_and_the_others_go_on(bank):
    stories = [Story(bank, "sadad") for _ in range(5)]
    other = Story(bank, "zarinpal")
    bank.fault("sadad", "verify", "close_before", times=99)
    for story in stories:
        story.come_back(story.at_bank())
    asked = bank.control("GET", "calls").get("sadad.verify", 0)
    stories[0].come_back(stories[0].forged(paid=True))
    other.come_back(other.at_bank())
    assert bank.control("GET", "calls").get("sadad.verify", 0) == asked
    assert other.state() == ("received", "succeeded")
    bank.control("DELETE", "faults")
    for story in stories:
        story.ask_now()
    assert {story.state() for story in stories} == {("received", "succeeded")}


def test_threads_that_wait_for_one_bank_are_few(bank, settings):
    with contextlib.ExitStack() as waiting:
        for _ in range(settings.GATEWAY_MOST_WAITING):
            waiting.enter_context(room_to_wait("sep"))
        handover = send_to_bank(give(300_000).tracking_code, "sep").handover
    assert f"{bank.url}/zarinpal/" in handover.url


def test_a_lost_callback_is_found_on_the_gateways_list(bank):
    story = Story(bank, "zarinpal")
    Story(bank, "zarinpal")
    story.at_bank()
    assert ask_about_unclaimed() == 1
    assert story.state() == ("received", "succeeded")


@pytest.mark.parametrize("gateway", ["zarinpal", "sep"])
def test_an_approved_refund_is_reversed_at_the_bank(bank, gateway):
    story = Story(bank, gateway)
    story.come_back(story.at_bank())
    maker, checker = (User.objects.create(username=name) for name in ("maker", "checker"))
    refund = request_refund(story.attempt.pk, actor=maker, reason="خطای نیکوکار")
    decide_refund(refund.pk, actor=checker, approve=True)
    assert send_due() == 1
    assert story.state() == ("refunded", "refunded")
    assert story.at_bank_state() == "REVERSED"


def test_a_settled_mellat_payment_is_returned_by_hand(bank):
    story = Story(bank, "mellat")
    story.come_back(story.at_bank())
    maker, checker = (User.objects.create(username=name) for name in ("maker", "checker"))
    refund = request_refund(story.attempt.pk, actor=maker, reason="خطای نیکوکار")
    decide_refund(refund.pk, actor=checker, approve=True)
    send_due()
    refund.refresh_from_db()
    assert (refund.state, story.state(), story.at_bank_state()) == (
        "by_hand",
        ("received", "succeeded"),
        "SETTLED",
    )


def test_a_deposit_id_of_terminal_and_fund_goes_with_the_payment(bank):
    agree(Terminal.objects.get(gateway="sadad"), deposit_ids={"livelihood": "2501123" + "0" * 23})
    story = Story(bank, "sadad")
    assert bank.payment("sadad", story.attempt.token)["extra"] == {"PaymentIdentity": "2501123" + "0" * 23}
    story.come_back(story.at_bank())
    assert story.state() == ("received", "succeeded")


def test_a_gift_to_a_province_goes_through_its_own_terminal(bank):
    own = {"merchant_id": "22222222-2222-4222-8222-222222222222"}
    bank.control("POST", "terminals", gateway="zarinpal", credentials=own)
    office = Office.objects.get(level="province", province="23")
    terminal = open_terminal(
        office, "zarinpal", label="پایانهٔ تهران", valid_from=tehran_today(), credentials=own
    )
    story = Story(bank, "zarinpal")
    assert story.attempt.terminal_id == terminal.pk
    story.come_back(story.at_bank())
    assert story.state() == ("received", "succeeded")
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM payments_terminal WHERE id = %s", [terminal.pk])
        assert "22222222" not in cursor.fetchone()[0]

"""kill -9 at the worst moments, with web, worker, beat and bank as real processes."""

import os

import pytest
from django.conf import settings
from django.utils import timezone

from core.invariants import run_checks
from donations.models import Donation, Receipt
from payments.gateways import transport
from payments.models import Attempt, Callback
from tests import databases
from tests.flows.portal import Donor, Portal, wait_until
from tests.payments.sandbox_bank.process import BankProcess

pytestmark = pytest.mark.processes


@pytest.fixture
def portal(live_db, country, tmp_path, worker_id):
    """Web, worker, beat and a bank; at the end the books hold."""
    bank = BankProcess(tmp_path / "bank")
    number = int(worker_id.removeprefix("gw") or 0) + 1 if worker_id != "master" else 1
    redis_url = settings.REDIS_URL.rsplit("/", 1)[0] + f"/{number}"
    portal = Portal(tmp_path, database_url=databases.url_of(live_db), redis_url=redis_url, bank_url=bank.url)
    portal.bank = bank
    yield portal
    portal.stop()
    bank.stop()
    transport.close_all()
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


def is_received(donor: Donor, gift: dict):
    return lambda: donor.status(gift) == "received"


def one_booking() -> tuple[int, int]:
    return Receipt.objects.count(), Donation.objects.filter(status="received").count()


def test_a_gift_by_http_alone_is_in_the_national_figures_within_seconds(portal):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gift = donor.create(amount_rial=640_000, fund="livelihood", province="00", gateway="sep")
    donor.come_back(donor.at_card_page(donor.go_to_bank(gift)))
    wait_until(is_received(donor, gift), "the gift is received")
    total = lambda: b'"total_rial":640000' in donor.get("/api/v1/totals/").data  # noqa: E731
    wait_until(total, "the gift is in the national figures", seconds=5)


def test_worker_killed_between_the_banks_page_and_verify(portal):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gift = donor.create(amount_rial=500_000, fund="general", gateway="zarinpal")
    way = donor.at_card_page(donor.go_to_bank(gift))
    portal.kill("worker")
    assert donor.come_back(way).status in (302, 303)
    assert Callback.objects.filter(verdict="waiting").count() == 1
    portal.start("worker")
    wait_until(is_received(donor, gift), "the gift is received by itself")
    assert one_booking() == (1, 1)


def test_worker_killed_while_the_bank_is_verifying(portal):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gift = donor.create(amount_rial=500_000, fund="general", gateway="sadad")
    way = donor.at_card_page(donor.go_to_bank(gift))
    portal.bank.fault("sadad", "verify", "timeout_after:30")
    donor.come_back(way)
    wait_until(lambda: Attempt.objects.filter(leased_until__isnull=False).exists(), "a worker asks the bank")
    portal.kill("worker")
    Attempt.objects.update(leased_until=timezone.now())  # the lease of the dead worker runs out
    Callback.objects.update(leased_until=timezone.now())
    portal.start("worker")
    wait_until(is_received(donor, gift), "the gift is received by itself")
    assert one_booking() == (1, 1)


def test_web_killed_between_the_commit_of_the_attempt_and_the_banks_token(portal):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gift = donor.create(amount_rial=500_000, fund="general", gateway="sadad")
    portal.bank.fault("sadad", "request", "timeout_before:30")
    pid = os.fork()
    if pid == 0:  # a donor whose browser waits in vain
        try:
            Donor(portal).get(gift["pay_url"])
        finally:
            os._exit(0)
    wait_until(lambda: Attempt.objects.filter(state="created").exists(), "the attempt is committed")
    portal.kill("web")
    os.waitpid(pid, 0)
    portal.start("web")
    donor.come_back(donor.at_card_page(donor.go_to_bank(gift)))
    wait_until(is_received(donor, gift), "the gift is received")
    Attempt.objects.filter(state="created").update(next_ask_at=timezone.now())  # its grace is over
    wait_until(lambda: not Attempt.objects.filter(state="created").exists(), "the dead attempt is given up")
    assert one_booking() == (1, 1)


def test_broker_messages_are_lost_and_nothing_else(portal):
    import redis

    portal.start("web")
    donor = Donor(portal)
    gift = donor.create(
        amount_rial=500_000, fund="general", gateway="sep", donor={"name": "", "mobile": "09121234567"}
    )
    donor.come_back(donor.at_card_page(donor.go_to_bank(gift)))
    redis.from_url(portal.environment["REDIS_URL"]).flushdb()
    portal.start("worker", "beat")
    wait_until(is_received(donor, gift), "the gift is received")
    from core.models import OutgoingSms

    wait_until(lambda: OutgoingSms.objects.filter(state="sent").exists(), "the receipt is sent")


def test_bank_killed_and_back_with_its_book(portal):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gift = donor.create(amount_rial=500_000, fund="general", gateway="zarinpal")
    way = donor.at_card_page(donor.go_to_bank(gift))
    portal.bank.kill()
    donor.come_back(way)
    wait_until(lambda: Attempt.objects.filter(state="unknown").exists(), "the bank is silent")
    assert donor.status(gift) == "pending"
    portal.bank._options = ("--port", portal.bank.url.rsplit(":", 1)[1])
    portal.bank.start()
    wait_until(is_received(donor, gift), "the gift is received after all")
    assert one_booking() == (1, 1)

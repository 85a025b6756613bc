"""A server that speaks a gateway's protocol takes the practice bank's place by GATEWAY_<NAME>_BASE_URL alone."""

import pytest
from django.conf import settings

from core.invariants import run_checks
from donations.models import Receipt
from payments.gateways import transport
from tests import databases
from tests.flows.other_banks import OtherMellat, OtherZarinPal
from tests.flows.portal import Donor, Portal, wait_until

pytestmark = pytest.mark.processes
NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def banks():
    """Two banks by somebody else, by gateway."""
    servers = {"zarinpal": OtherZarinPal(), "mellat": OtherMellat()}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture
def portal(live_db, country, tmp_path, worker_id, banks):
    """Web, worker and beat, told of the banks by the environment; the practice bank is not there."""
    number = int(worker_id.removeprefix("gw") or 0) + 1 if worker_id != "master" else 1
    redis_url = settings.REDIS_URL.rsplit("/", 1)[0] + f"/{number}"
    portal = Portal(
        tmp_path, database_url=databases.url_of(live_db), redis_url=redis_url, bank_url=NOBODY_LISTENS
    )
    portal.environment |= {f"GATEWAY_{name.upper()}_BASE_URL": bank.url for name, bank in banks.items()}
    yield portal
    portal.stop()
    transport.close_all()
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


def test_somebody_elses_servers_carry_whole_gifts(portal, banks):
    portal.start("web", "worker", "beat")
    donor = Donor(portal)
    gifts = {}
    for gateway, bank in banks.items():
        gift = donor.create(amount_rial=730_000, fund="livelihood", province="23", gateway=gateway)
        assert donor.status(gift) == "pending"
        assert bank.origin in donor.get("/give/").headers["Content-Security-Policy"]
        assert donor.come_back(donor.at_card_page(donor.go_to_bank(gift))).status in (302, 303)
        gifts[gateway] = gift
    for gateway, gift in gifts.items():
        wait_until(lambda g=gift: donor.status(g) == "received", f"the gift at {gateway} is received")

    [at_zarinpal], [at_mellat] = (list(bank.book.values()) for bank in banks.values())
    assert (at_zarinpal["amount"], at_zarinpal["paid"], at_zarinpal["verified"] > 0) == (730_000, True, True)
    assert (at_mellat["amount"], at_mellat["state"]) == ("730000", "settled")
    assert banks["mellat"].calls[:3] == ["bpPayRequest", "bpVerifyRequest", "bpSettleRequest"]
    references = set(Receipt.objects.values_list("bank_reference", flat=True))
    assert references == {str(at_zarinpal["ref_id"]), at_mellat["sale"]}

import pytest

from payments.gateways import GATEWAYS, transport
from tests.payments.gateways.practice import Practice
from tests.payments.gateways.replies import ReplyServer
from tests.payments.sandbox_bank.process import BankProcess


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    """One practice bank for all tests of this folder."""
    process = BankProcess(tmp_path_factory.mktemp("bank"))
    yield process
    process.stop()
    transport.close_all()


@pytest.fixture(autouse=True)
def _good_behaviour(request):
    """No fault outlives its test."""
    yield
    if "bank" in request.fixturenames:
        request.getfixturevalue("bank").control("DELETE", "faults")


@pytest.fixture(params=sorted(GATEWAYS))
def practice(request, bank):
    """Every gateway there is, asked or not."""
    return Practice(GATEWAYS[request.param], bank)


@pytest.fixture
def replies():
    """A server that answers what a test tells it to."""
    with ReplyServer() as server:
        yield server
    transport.close_all()

import pytest

from tests.payments.sandbox_bank.process import BankProcess


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    """One practice bank for all tests of this folder."""
    process = BankProcess(tmp_path_factory.mktemp("bank"))
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def _good_behaviour(request):
    """No fault outlives its test."""
    yield
    if "bank" in request.fixturenames:
        request.getfixturevalue("bank").control("DELETE", "faults")

"""The practice bank as a process, for stories that need one."""

import pytest
from django.core.cache import cache

from payments.gateways import transport
from tests.payments.sandbox_bank.process import BankProcess


@pytest.fixture(scope="session")
def bank_process(tmp_path_factory):
    process = BankProcess(tmp_path_factory.mktemp("flow-bank"))
    yield process
    process.stop()
    transport.close_all()


@pytest.fixture
def bank(bank_process, settings):
    """The practice bank behind every gateway, well-behaved at the start and the end."""
    settings.SANDBOX_BANK_URL = bank_process.url
    settings.GATEWAY_CONNECT_TIMEOUT, settings.GATEWAY_READ_TIMEOUT = 1.0, 0.6
    cache.clear()  # no gateway rests because of an earlier story
    yield bank_process
    bank_process.control("DELETE", "faults")

"""A partner with a key of each kind."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from payments.enums import KeyMode
from tests.factories.partners import (
    a_key,
    a_partner,
)


@pytest.fixture
def partner(country):
    cache.clear()
    return a_partner()


@pytest.fixture
def key(partner):
    return a_key(partner)


@pytest.fixture
def sandbox(partner):
    return a_key(partner, KeyMode.SANDBOX)

"""A person at the sign-in page."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.people import PASSWORD, code_of


@pytest.fixture(autouse=True)
def _forgotten_knocks():
    cache.clear()


@pytest.fixture
def attempt():
    """Fill in the sign-in page; whatever is not given is right. Gives the answer."""

    def sign_in(user, *, browser: Client | None = None, following: str = "", **typed):
        form = {
            "username": user.username,
            "password": PASSWORD,
            "code": code_of(user),
            "next": following,
        } | typed
        return (browser or Client()).post("/login/", form)

    return sign_in

"""What every test may use: a seeded database, a fresh one for tests that commit, and an open scope."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.conf import settings
from django.core.cache import caches

from provinces.scoping import all_provinces
from tests import databases


@pytest.fixture(scope="session", autouse=True)
def _own_cache(worker_id):
    """A cache of this worker's own: a gateway that rests in one story must not rest in a neighbour's."""
    number = 5 + (0 if worker_id == "master" else int(worker_id.removeprefix("gw")))
    location = settings.REDIS_URL.rsplit("/", 1)[0] + f"/{number % 16}"
    caches.settings["default"] = caches.settings["default"] | {"LOCATION": location}
    with suppress(AttributeError):
        del caches["default"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """A seeded database for this worker, copied from the run's template."""
    with django_db_blocker.unblock(), databases.copy_of(databases.template()):
        yield


@pytest.fixture
def live_db(django_db_setup, django_db_blocker):
    """A fresh seeded database in which the test really commits (threads, processes); gives its name."""
    with django_db_blocker.unblock(), databases.copy_of(databases.template()) as name:
        yield name


@pytest.fixture
def country():
    """The scope of the whole country, open for the length of the test."""
    with all_provinces("test"):
        yield

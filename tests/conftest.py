"""What every test may use: a seeded database, a fresh one for tests that commit, and an open scope."""

from __future__ import annotations

import pytest

from provinces.scoping import all_provinces
from tests import databases


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

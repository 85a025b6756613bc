"""Two people, and books that hold at the end."""

import pytest

from core.invariants import run_checks
from core.models import User


@pytest.fixture(autouse=True)
def _world(request, country):
    """A seeded database; at the end the books hold, whatever happened."""
    request.getfixturevalue("live_db" if "live_db" in request.fixturenames else "db")
    yield
    assert [(r.name, r.findings) for r in run_checks() if not r.holds] == []


@pytest.fixture
def maker(_world):
    return User.objects.create(username="maker")


@pytest.fixture
def checker(_world):
    return User.objects.create(username="checker")

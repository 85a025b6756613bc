"""What every test may use: a seeded database, a fresh one for tests that commit, and an open scope."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.cache import caches
from playwright.sync_api import sync_playwright
from pytest_django.plugin import blocking_manager_key

from provinces.scoping import all_provinces
from tests import databases

# The browser's driver keeps an event loop in this thread; Django would refuse the database next to it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """From quick to slow: what needs nothing, then what starts processes, then what drives a browser."""
    items.sort(key=lambda item: (bool(item.get_closest_marker("browser")), _starts_processes(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """The template is made before the first test's clock runs: all migrations take a while."""
    needed = {"django_db_setup", "live_db"}
    if any(needed & set(getattr(item, "fixturenames", ())) or _asks_for_rows(item) for item in session.items):
        with session.config.stash[blocking_manager_key].unblock():
            databases.template()


def _asks_for_rows(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db"))


def _starts_processes(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("processes")) or "tests/runner" in item.nodeid


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


@pytest.fixture(scope="session")
def chromium():
    """Chromium, or a skip where there is none (REQUIRE_BROWSER makes ./run test fail before that)."""
    path = os.environ.get("CHROMIUM_PATH") or "/usr/bin/chromium"
    if not os.path.exists(path):
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER is set and there is no chromium")
        pytest.skip("no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()

"""One code, two browsers, at the same time."""

from __future__ import annotations

import threading

from django.db import connection
from django.test import Client

from provinces.enums import Role
from tests.factories.people import PASSWORD, code_of, person


def test_a_code_is_taken_once_even_by_two_at_the_same_time(live_db):
    """Real threads on PostgreSQL: the device's row is locked while a code is judged."""
    user = person(Role.PROVINCIAL_MANAGER)
    form = {"username": user.username, "password": PASSWORD, "code": code_of(user)}
    together, statuses = threading.Barrier(2, timeout=20), []

    def come_in():
        try:
            browser = Client()
            together.wait()
            statuses.append(browser.post("/login/", form).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=come_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [200, 302]

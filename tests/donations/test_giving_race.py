"""Two taps at once, with real threads and real commits."""

import threading

from django.db import connections
from django.test import Client

from donations.models import Donation
from provinces.scoping import all_provinces
from tests.donations.conftest import fields_of

GIVE = "/give/"


def test_two_taps_at_once_are_one_gift(live_db):
    fields = fields_of(Client().get(GIVE)) | {"amount": "50000"}
    gate, found = threading.Barrier(4), []

    def tap() -> None:
        try:
            gate.wait()
            found.append(Client().post(GIVE, fields)["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with all_provinces("test"):
        assert Donation.objects.count() == 1
    assert len(found) == 4
    assert len(set(found)) == 1

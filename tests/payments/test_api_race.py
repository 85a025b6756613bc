"""One key from many sides at once, with real threads and real commits."""

import json
import threading

from django.db import connections
from django.test import Client

from donations.models import Donation
from provinces.scoping import all_provinces


def send_together(bodies: list[dict]) -> list[tuple[int, dict]]:
    gate, found = threading.Barrier(len(bodies)), []

    def send(body: dict) -> None:
        try:
            gate.wait()
            answer = Client().post(
                "/api/v1/donations/",
                json.dumps(body),
                content_type="application/json",
                headers={"Idempotency-Key": "one-key"},
            )
            found.append((answer.status_code, answer.json()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_key_is_one_gift(live_db):
    gift = {"amount_rial": 500_000, "fund": "general", "donor": {"mobile": "09121234567"}, "gateway": "sep"}
    answers = send_together([gift] * 6)
    assert [status for status, _ in answers] == [201] * 6
    assert len({told["tracking_code"] for _, told in answers}) == 1
    with all_provinces("test"):
        assert Donation.objects.count() == 1


def test_one_key_and_two_bodies_is_one_gift_and_a_conflict(live_db):
    gift = {"amount_rial": 500_000, "fund": "general"}
    answers = send_together([gift, gift | {"amount_rial": 600_000}])
    assert sorted(status for status, _ in answers) == [201, 409]
    with all_provinces("test"):
        assert Donation.objects.count() == 1

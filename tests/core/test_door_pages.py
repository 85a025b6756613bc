"""The pages of the door: a form that a page of another site sends is shown and sends no message."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core.models import OutgoingSms

DOORS = ("/me/sign-in/", "/volunteers/join/sign-in/", "/volunteers/join/quick/sign-in/")


@pytest.fixture(autouse=True)
def _forgotten_counters():
    cache.clear()


@pytest.mark.parametrize("door", DOORS)
def test_another_site_sends_no_codes_through_its_visitors(db, client, door):
    mobile = {"mobile": "09121112233"}
    answer = client.post(door, mobile, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not answer.cookies
    assert not OutgoingSms.objects.exists()
    for said in ({"Sec-Fetch-Site": "same-origin"}, {}):
        assert client.post(door, mobile, headers=said).status_code == 303
    assert OutgoingSms.objects.count() == 2

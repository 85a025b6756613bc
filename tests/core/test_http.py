import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.http import SeeOther, is_prefetch, keep_out_of_caches, keep_to_oneself

ask = RequestFactory()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"Sec-Purpose": "prefetch"}, True),
        ({"Sec-Purpose": "prefetch;prerender"}, True),
        ({"Purpose": "Prefetch"}, True),
        ({"X-Moz": "prefetch"}, True),
        ({"X-Purpose": "preview"}, True),
        ({"Sec-Fetch-Mode": "navigate", "Purpose": ""}, False),
    ],
    ids=str,
)
def test_loading_ahead(headers, expected):
    assert is_prefetch(ask.get("/", headers=headers)) is expected


def test_answers():
    assert (SeeOther("/x/").status_code, SeeOther("/x/")["Location"]) == (303, "/x/")
    assert keep_out_of_caches(HttpResponse())["Cache-Control"] == "no-store"
    assert keep_to_oneself(HttpResponse())["Referrer-Policy"] == "no-referrer"

"""Reading a return: what a bank's page or anybody else may send."""

import json

import pytest
from django.test import RequestFactory

from payments.returns import MOST_BYTES, TooLarge, fields_of

ask = RequestFactory()
URL = "/pay/sep/callback/"


FORM = "application/x-www-form-urlencoded"


def posted(body: bytes | str, content_type: str = FORM, query: str = "") -> dict:
    raw = body.encode() if isinstance(body, str) else body
    return fields_of(ask.generic("POST", f"{URL}?{query}", raw, content_type=content_type))


def test_the_address():
    assert fields_of(ask.get(URL, {"Authority": "A1", "Status": "OK"})) == {"Authority": "A1", "Status": "OK"}


def test_empty_values_are_kept():
    assert posted("RefNum=&Token=t") == {"RefNum": "", "Token": "t"}


def test_a_body_wins_over_the_address():
    assert posted("Token=body", query="Token=address&x=1") == {"Token": "body", "x": "1"}


def test_a_body_of_a_get_is_not_read():
    assert fields_of(ask.generic("GET", URL, b"Token=t")) == {}


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "", "application/json; charset=utf-8"]
)
def test_json_by_whatever_name(content_type):
    body = json.dumps({"success": True, "other": False, "status": 2, "none": None, "list": [1, "دو"]})
    assert posted(body, content_type) == {
        "success": "1", "other": "0", "status": "2", "none": "", "list": '[1, "دو"]',
    }  # fmt: skip


def test_what_is_no_object_is_kept_raw():
    assert posted("[1]", "application/json") == {"_body": "[1]"}
    assert posted("{", "application/json") == {"_body": "{"}
    assert posted("hello", "text/plain") == {"hello": ""}


def test_nothing_that_a_database_cannot_carry():
    found = posted(b'{"Token": "a\\u0000b\\ud800c", "\\u0000": "1"}', "application/json")
    assert found == {"Token": "a\ufffdb?c", "\ufffd": "1"}
    assert posted(b"Token=%00%FF") == {"Token": "\ufffd\ufffd"}


def test_too_large_by_its_word_or_by_its_weight():
    with pytest.raises(TooLarge):
        posted("x" * (MOST_BYTES + 1))
    assert len(posted("x=" + "y" * (MOST_BYTES - 2))["x"]) == MOST_BYTES - 2


def test_a_length_that_is_no_number():
    request = ask.generic("POST", URL, b"Token=t")
    request.META["CONTENT_LENGTH"] = "many"
    assert isinstance(fields_of(request), dict)

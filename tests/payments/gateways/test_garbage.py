"""No reply, however strange, leaves an adapter as an exception or as a decision."""

import json

import pytest

from payments.gateways import transport
from payments.gateways.base import GatewayUnavailable, Outcome, Question
from tests.payments.gateways.practice import Practice
from tests.payments.gateways.test_token_contract import anything

_SOAP = '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>%s</S:Body></S:Envelope>'
GARBAGE = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"OK"',
    "number": b"100",
    "half": b'{"data":{"code":100,"auth',
    "empty object": b"{}",
    "not a number": b'{"code":NaN,"result":NaN,"ResCode":NaN,"ResultCode":NaN}',
    "infinite": b'{"data":{"code":1e999},"result":1e999,"ResCode":1e999,"ResultCode":1e999,"status":1e999}',
    "true": b'{"data":{"code":true},"result":true,"ResCode":true,"ResultCode":true,"status":true}',
    "objects": b'{"data":[[]],"errors":[[1]],"result":{},"ResCode":[],"ResultCode":{},"Data":7,"status":{}}',
    "deep": b'{"data":' + b"[" * 900 + b"]" * 900 + b"}",
    "deeper": b"[" * 100_000,
    "huge number": b'{"result":' + b"9" * 5000 + b"}",
    "binary": bytes(range(256)),
    "surrogate": b'{"message":"\\ud800","data":{"message":"\\u0000"}}',
    "html": b"<html><body>maintenance</body></html>",
    "oversized": json.dumps({"x": "y" * transport.LARGEST_REPLY}).encode(),
    "soap fault": (_SOAP % "<S:Fault><faultstring>down</faultstring></S:Fault>").encode(),
    "soap without text": (_SOAP % "<r><return/></r>").encode(),
    "soap torn": (_SOAP % "<r><return>0</return></r>")[:-9].encode(),
    "soap words": (_SOAP % "<r><return>service unavailable</return></r>").encode(),
    "entities": b'<!DOCTYPE x [<!ENTITY a "0">]>' + (_SOAP % "<r><return>&a;</return></r>").encode(),
    "other charset": (_SOAP % "<r><return>0</return></r>").encode("utf-16"),
}


def texts(value: object) -> list[str]:
    """Every text inside."""
    if isinstance(value, dict):
        return [found for inner in value.values() for found in texts(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in texts(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_garbage_is_unavailable_for_a_token_and_unknown_for_money(practice, replies, name):
    replies.say(GARBAGE[name])
    paper = Practice(practice.adapter, practice.bank, base_url=replies.url)
    with pytest.raises(GatewayUnavailable) as unavailable:
        paper.adapter.request(paper.access, paper.order())
    answers = [paper.claim(anything(paper.adapter))]
    question = Question("1", 1000, "T", reference="12345678")
    answers.append(paper.adapter.look(paper.access, question))
    answers.append(paper.adapter.verify(paper.access, question))
    assert {answer.outcome for answer in answers} == {Outcome.UNKNOWN}
    kept = [*unavailable.value.exchanges, *(exchange for answer in answers for exchange in answer.exchanges)]
    for exchange in kept:
        stored = json.dumps([exchange.request, exchange.reply], allow_nan=False, ensure_ascii=False)
        assert len(stored.encode()) < 20_000
        assert not any("\x00" in found for found in texts(exchange.reply))


@pytest.mark.parametrize("status", [204, 301, 302, 400, 403, 404, 429, 500, 503])
def test_an_http_status_without_the_banks_words_decides_nothing(practice, replies, status):
    replies.say(b"" if status == 204 else b"<html>no</html>", status=status, kind="text/html")
    paper = Practice(practice.adapter, practice.bank, base_url=replies.url)
    with pytest.raises(GatewayUnavailable) as unavailable:
        paper.adapter.request(paper.access, paper.order())
    assert unavailable.value.code == f"http_{status}"
    assert paper.claim(anything(paper.adapter)).outcome is Outcome.UNKNOWN


def test_a_yes_with_a_server_error_is_no_yes(practice, replies):
    replies.say(
        {"data": {"code": 100, "ref_id": 1}, "ResCode": 0, "result": 100, "ResultCode": 0}, status=500
    )
    paper = Practice(practice.adapter, practice.bank, base_url=replies.url)
    assert paper.claim(anything(paper.adapter)).outcome is Outcome.UNKNOWN

"""Lines and requests that are not let in, each with its reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from payments.models import PartnerCall, PartnerRehearsal
from payments.services.partner_access import sign
from tests.factories.partners import (
    a_line,
    batch,
    moment,
    report,
    send,
    verdicts,
)
from tests.payments.partner_api.books import booked, code_of

pytestmark = pytest.mark.django_db


# --- refusals of a line ----------------------------------------------------------------------------------
AGO = timezone.now() - timedelta(days=46)
REFUSED = [
    (7, "bad_line", None),
    (None, "bad_line", None),
    (a_line(partner_txn_id=None), "bad_txn_id", "partner_txn_id"),
    (a_line(partner_txn_id=12), "bad_txn_id", "partner_txn_id"),
    (a_line(partner_txn_id="a b"), "bad_txn_id", "partner_txn_id"),
    (a_line(partner_txn_id="x" * 51), "bad_txn_id", "partner_txn_id"),
    (a_line(amount_rial=None), "amount_required", "amount_rial"),
    (a_line(amount_rial=500_000.0), "amount_not_whole", "amount_rial"),
    (a_line(amount_rial="500000"), "amount_not_whole", "amount_rial"),
    (a_line(amount_rial=True), "amount_not_whole", "amount_rial"),
    (a_line(amount_rial=0), "amount_too_small", "amount_rial"),
    (a_line(amount_rial=-5), "amount_too_small", "amount_rial"),
    (a_line(amount_rial=10_000_000_001), "amount_too_large", "amount_rial"),
    (a_line(amount_rial=10**30), "amount_too_large", "amount_rial"),
    (a_line(currency="IRT"), "wrong_unit", "currency"),
    (a_line(unit="toman"), "wrong_unit", "unit"),
    (a_line(amount_toman=50_000), "wrong_unit", "amount_toman"),
    (a_line(amount_rial=None, amount=50_000), "wrong_unit", "amount"),
    (a_line(status="failed"), "not_paid", "status"),
    (a_line(paid_at=None), "bad_paid_at", "paid_at"),
    (a_line(paid_at="2026-03-21T10:15:00"), "bad_paid_at", "paid_at"),
    (a_line(paid_at="1405/01/01"), "bad_paid_at", "paid_at"),
    (a_line(paid_at=1_767_225_600), "bad_paid_at", "paid_at"),
    (a_line(paid_at="0001-01-01T00:00:00+14:00"), "bad_paid_at", "paid_at"),
    (a_line(paid_at=(timezone.now() + timedelta(hours=9)).isoformat()), "paid_at_in_future", "paid_at"),
    (a_line(paid_at=AGO.isoformat()), "paid_at_too_old", "paid_at"),
    (a_line(fund="nothing"), "unknown_fund", "fund"),
    (a_line(province="99"), "unknown_province", "province"),
    (a_line(province=23), "bad_text", "province"),
    (a_line(county="0601"), "unknown_county", "county"),
    (a_line(campaign="nothing"), "unknown_campaign", "campaign"),
    (a_line(rrn="x" * 33), "bad_text", "rrn"),
    (a_line(rrn=12345), "bad_text", "rrn"),
    (a_line(rrn="شماره"), "bad_text", "rrn"),
    (a_line(card_masked="6037997599999993"), "card_not_masked", "card_masked"),
    (a_line(terminal="6037 9975 9999 9993"), "card_not_masked", "terminal"),
    (a_line(donor={"message": "کارتم ۶۰۳۷۹۹۷۵۹۹۹۹۹۹۹۳"}), "card_not_masked", "donor.message"),
    (a_line(donor={"mobile": "123"}), "bad_mobile", "donor.mobile"),
    (a_line(donor={"is_anonymous": "yes"}), "bad_text", "donor.is_anonymous"),
    (a_line(donor=["x"]), "bad_text", "donor"),
]


def test_each_bad_line_says_why_and_its_neighbours_are_booked(key):
    lines = [part for number, (bad, _, _) in enumerate(REFUSED) for part in (bad, a_line(f"good-{number}"))]
    results = report(key, lines)
    found = [(r["verdict"], r.get("code"), r.get("field")) for r in results]
    assert found[0::2] == [("refused", code, field) for _, code, field in REFUSED]
    assert all(r["detail"] for r in results[0::2])
    assert {r["verdict"] for r in results[1::2]} == {"accepted"}
    assert [r["line"] for r in results] == list(range(1, len(lines) + 1))
    assert booked() == (len(REFUSED),) * 3


def test_a_refusal_repeats_nothing_of_a_card_or_a_telephone(key):
    said = send(key, [a_line(card_masked="6037997599999993"), a_line(donor={"mobile": "0912123456"})])
    assert "6037997599999993" not in said.content.decode()
    assert "0912123456" not in said.content.decode()


def test_a_field_said_twice_is_refused_and_an_unknown_one_is_named(key):
    twice = json.dumps(a_line())[:-1] + ', "amount_rial": 9}'
    body = f"[{twice}, {json.dumps(a_line('B', provnice='06', donor={'phone': '1'}))}]".encode()
    first, second = report(key, body)
    assert (first["verdict"], first["code"]) == ("refused", "repeated_field")
    assert (second["verdict"], second["ignored"]) == ("accepted", ["donor.phone", "provnice"])


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\u202eabc"])
def test_characters_that_a_database_cannot_carry_break_nothing(text, key):
    body = json.dumps([a_line("A", donor={"name": text}), a_line("B")]).encode()  # escaped, as JSON allows
    assert {r["verdict"] for r in report(key, body)} == {"accepted"}


# --- refusals of a request -------------------------------------------------------------------------------
BODIES = [
    (b"", 400, "bad_json"),
    (b"{", 400, "bad_json"),
    (b'"text"', 400, "bad_json"),
    (b"7", 400, "bad_json"),
    (b"\xff\xfe", 400, "bad_json"),
    (b'{"transactions": 7}', 400, "bad_json"),
    (b'{"partner_txn_id": "a", "amount_rial": NaN}', 400, "bad_json"),
    (b"[" * 100_000, 400, "bad_json"),
    (b"[]", 400, "no_lines"),
    (b'{"transactions": []}', 400, "no_lines"),
    (b"[" + b"1," * 1000 + b"1]", 413, "too_many_lines"),
    (b" " * (2 * 1024 * 1024) + b"[]", 413, "body_too_large"),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), BODIES, ids=lambda v: None if isinstance(v, bytes) else v
)
def test_a_body_that_is_no_report_is_refused_whole(body, status, code, key):
    answer = send(key, body)
    assert code_of(answer) == (status, code)
    assert answer.json()["detail"]
    assert (booked(), PartnerCall.objects.count()) == ((0, 0, 0), 0)


def test_a_thousand_lines_are_taken_and_one_more_is_not(sandbox):
    lines = batch(f"L{number}" for number in range(1_000))
    assert set(verdicts(sandbox, lines)) == {"accepted"}
    assert code_of(send(sandbox, [*lines, a_line("more")])) == (413, "too_many_lines")
    assert PartnerRehearsal.objects.count() == 1_000


@pytest.mark.parametrize("header", ["X_Partner_Key", "X_Timestamp", "X_Signature"])
def test_each_header_is_needed(header, key):
    assert code_of(send(key, a_line(), **{header: ""})) == (401, "missing_signature")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"X_Partner_Key": "live-0000000000000000"}, "unknown_key"),
        ({"X_Partner_Key": "'; --"}, "unknown_key"),
        ({"X_Signature": "0" * 64}, "bad_signature"),
        ({"X_Signature": "é"}, "bad_signature"),
        ({"X_Timestamp": "yesterday"}, "clock_skew"),
        ({"X_Timestamp": "nan"}, "clock_skew"),
        ({"X_Timestamp": "9" * 40}, "clock_skew"),
    ],
)
def test_a_wrong_header_is_no_key(changed, code, key):
    assert code_of(send(key, a_line(), **changed)) == (401, code)
    assert booked() == (0, 0, 0)


def test_the_signature_covers_each_byte_and_the_time(key):
    body = json.dumps(a_line()).encode()
    at = moment()
    signature = sign(key.secret, at, body)
    assert code_of(send(key, body + b" ", timestamp=at, X_Signature=signature)) == (401, "bad_signature")
    assert code_of(send(key, body, timestamp=moment(), X_Signature=signature)) == (401, "bad_signature")
    assert send(key, body, timestamp=at, X_Signature=signature.upper()).status_code == 200


@pytest.mark.parametrize(("shift", "status"), [(-310, 401), (310, 401), (-290, 200), (290, 200)])
def test_the_clock_may_be_off_by_five_minutes(shift, status, key):
    answer = send(key, a_line(), timestamp=moment(shift))
    assert answer.status_code == status
    if status == 401:
        assert abs(answer.json()["server_time"] - timezone.now().timestamp()) < 60


def test_a_signature_is_good_once_even_when_the_cache_is_lost(key):
    at = moment()
    assert send(key, a_line(), timestamp=at).status_code == 200
    cache.clear()
    assert code_of(send(key, a_line(), timestamp=at)) == (409, "replayed")
    assert code_of(send(key, a_line(), timestamp=at, X_Signature=_upper(key, at))) == (409, "replayed")
    assert verdicts(key, a_line()) == ["known"]


def _upper(key, at: str) -> str:
    return sign(key.secret, at, json.dumps(a_line(), ensure_ascii=False).encode()).upper()

"""What partners report: let in by signature, judged line by line, booked once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from core.invariants import run_checks
from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage
from donations.models import Donation, Receipt
from payments.enums import KeyMode, SourceKind
from payments.models import Arrival, PartnerCall, PartnerKey, PartnerRehearsal, PartnerTransaction
from payments.services.partner_access import forget_traces, sign
from payments.services.partner_keys import revoke_key, rotate_key
from provinces.enums import Role
from tests.factories import lines as files
from tests.factories.partners import (
    ADDRESS,
    a_key,
    a_line,
    a_partner,
    ask,
    batch,
    moment,
    report,
    send,
    verdicts,
)
from tests.factories.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(country):
    cache.clear()
    return a_partner()


@pytest.fixture
def key(partner):
    return a_key(partner)


@pytest.fixture
def sandbox(partner):
    return a_key(partner, KeyMode.SANDBOX)


def booked() -> tuple[int, int, int]:
    return Donation.objects.count(), Arrival.objects.count(), PartnerTransaction.objects.count()


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def balance(account: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_rial), 0) FROM ledger_posting p JOIN ledger_account a "
            "ON a.id = p.account_id WHERE a.code = %s",
            [account],
        )
        return int(cursor.fetchone()[0])


# --- booking ---------------------------------------------------------------------------------------------
def test_a_report_becomes_a_gift_with_receipt_entry_and_evidence(key):
    said = a_line(
        trace_no="004512", terminal="T99", card_masked="603799******1234",
        donor={"name": "نيكوكار", "mobile": "۰۹۱۲۱۲۳۴۵۶۷", "message": "به نیت پدرم"},
    )  # fmt: skip
    (result,) = report(key, said)
    assert (result["line"], result["partner_txn_id"], result["verdict"]) == (1, "T-1", "accepted")
    gift = Donation.objects.select_related("channel", "donor").get(tracking_code=result["tracking_code"])
    assert (gift.amount_rial, gift.fund_id, gift.province_id, gift.status) == (
        500_000, "general", "23", "received",
    )  # fmt: skip
    assert (gift.channel.code, gift.donor_name, gift.donor.mobile) == ("app_ap", "نیکوکار", "+989121234567")
    assert gift.received_at.isoformat() == timezone.datetime.fromisoformat(said["paid_at"]).isoformat()
    arrival = Arrival.objects.get(donation=gift)
    assert (arrival.source, arrival.account) == ("partner:app1:T-1", "receivable:app1_daily")
    assert arrival.evidence == {
        "partner": "app1", "partner_txn_id": "T-1", "key_id": key.key.key_id, "rrn": said["rrn"],
        "trace_no": "004512", "terminal": "T99", "card_masked": "603799******1234",
    }  # fmt: skip
    row = PartnerTransaction.objects.get()
    assert (row.donation_id, row.rrn, row.amount_rial, row.key_id) == (
        gift.pk,
        said["rrn"],
        500_000,
        key.key.pk,
    )
    assert Receipt.objects.get().bank_reference == said["rrn"]
    assert OutboxMessage.objects.filter(task="donations.send_receipt").count() == 1
    assert balance("receivable:app1_daily") == 500_000
    assert [check for check in run_checks() if not check.holds] == []


@pytest.mark.parametrize(
    "wrap", [lambda line: line, lambda line: [line], lambda line: {"transactions": [line]}]
)
def test_one_a_list_and_a_batch_are_answered_alike(wrap, key):
    answer = send(key, wrap(a_line())).json()
    assert answer["sandbox"] is False
    assert answer["counts"] == {"accepted": 1, "known": 0, "conflict": 0, "refused": 0}
    assert [r["verdict"] for r in answer["results"]] == ["accepted"]


def test_the_same_again_is_known_with_the_same_tracking_code(key):
    first = report(key, batch(["A", "B"]))
    again = report(key, batch(["B", "A", "C"]))
    assert [r["verdict"] for r in again] == ["known", "known", "accepted"]
    assert [r["tracking_code"] for r in again[:2]] == [first[1]["tracking_code"], first[0]["tracking_code"]]
    assert booked() == (3, 3, 3)


def test_the_same_in_other_writing_is_the_same(key):
    (first,) = report(key, a_line(paid_at="2999-01-01T00:00:00Z")) and report(
        key, a_line("W", paid_at=timezone.now().isoformat(), donor={"mobile": "09121234567"})
    )
    at = PartnerTransaction.objects.get(partner_txn_id="W").paid_at
    tehran = at.astimezone(timezone.get_fixed_timezone(210)).isoformat()
    (again,) = report(key, a_line("W", paid_at=tehran, donor={"mobile": "+98 912 123 4567"}, currency="IRR"))
    assert (again["verdict"], again["tracking_code"]) == ("known", first["tracking_code"])


@pytest.mark.parametrize(
    "other",
    [{"amount_rial": 600_000}, {"fund": "sadaqah"}, {"province": "06"}, {"donor": {"mobile": "09121234567"}},
     {"rrn": "1"}],
)  # fmt: skip
def test_other_content_is_a_conflict_and_changes_nothing(other, key):
    report(key, a_line())
    before = booked(), balance("receivable:app1_daily")
    results = report(key, [a_line(**other), a_line("T-2")])
    assert [(r["verdict"], r.get("code")) for r in results] == [
        ("conflict", "content_differs"),
        ("accepted", None),
    ]
    assert "tracking_code" not in results[0]
    assert before == ((1, 1, 1), 500_000)
    assert booked() == (2, 2, 2)


def test_within_one_batch_the_first_stands(key):
    results = report(key, [a_line("X", fund="nothing"), a_line("X"), a_line("X"), a_line("X", amount_rial=7)])
    assert [r["verdict"] for r in results] == ["refused", "accepted", "known", "conflict"]
    assert results[1]["tracking_code"] == results[2]["tracking_code"]
    assert booked() == (1, 1, 1)


def test_what_was_booked_is_known_whatever_changed_since(key, partner, settings):
    from campaigns.models import Fund

    report(key, a_line())
    Fund.objects.filter(code="general").update(is_active=False)
    settings.PARTNER_OLDEST_DAYS, settings.PARTNER_MOST_RIAL = 0, 1
    assert verdicts(key, a_line()) == ["known"]
    assert verdicts(key, a_line("new")) == ["refused"]


def test_the_partners_fund_is_meant_where_none_is_named(key, partner):
    assert report(key, a_line(fund=None))[0]["code"] == "fund_required"
    partner.fund_id = "sadaqah"
    partner.save()
    assert verdicts(key, a_line(fund=None)) == ["accepted"]
    assert Donation.objects.get().fund_id == "sadaqah"


def test_a_line_that_the_database_refuses_stands_alone(key, partner):
    """Its gift is in the books already, with another amount, and no report of it is known."""
    from campaigns.selectors import designate
    from payments.partner_lines import read_line
    from payments.services.arrivals import book_arrivals
    from payments.services.partner_reports import Fresh, _Books

    line = read_line(a_line("S", amount_rial=1))
    target = designate(fund="general", channel=partner.channel)
    book_arrivals([_Books(key.key)._arrival(*Fresh(line, target))])
    assert verdicts(key, batch(["A", "S", "B", "C", "D"])) == [
        "accepted", "conflict", "accepted", "accepted", "accepted",
    ]  # fmt: skip
    assert balance("receivable:app1_daily") == 4 * 500_000 + 1


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


# --- keys ------------------------------------------------------------------------------------------------
def test_dead_keys_are_refused_and_say_so_to_their_holder_only(key, partner):
    today = tehran_today()
    administrator = person(Role.ADMINISTRATOR)
    revoke_key(key.key, actor=administrator, reason="لو رفت")
    assert code_of(send(key, a_line())) == (403, "key_revoked")
    assert code_of(send(key, a_line(), X_Signature="0" * 64)) == (401, "bad_signature")
    ended = a_key(partner)
    PartnerKey.objects.filter(pk=ended.key.pk).update(
        valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1)
    )
    assert code_of(send(ended, a_line())) == (403, "key_ended")
    early = a_key(partner, valid_from=today + timedelta(days=1))
    assert code_of(send(early, a_line())) == (403, "key_not_yet_valid")
    good = a_key(partner, valid_until=today)
    partner.is_active = False
    partner.save()
    assert code_of(send(good, a_line())) == (403, "partner_inactive")
    assert booked() == (0, 0, 0)
    entry = AuditEntry.objects.get(action="partner_key.revoke")
    assert (entry.actor, entry.reason) == (administrator, "لو رفت")


def test_two_keys_work_side_by_side_and_know_each_others_transactions(key):
    new = rotate_key(key.key, actor=person(Role.ADMINISTRATOR))
    assert verdicts(key, a_line("A")) == ["accepted"]
    assert verdicts(new, batch(["A", "B"])) == ["known", "accepted"]
    assert PartnerKey.objects.get(pk=key.key.pk).valid_until == tehran_today() + timedelta(days=7)
    assert new.secret != key.secret


def test_the_secret_is_encrypted_at_rest(key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM payments_partnerkey")
        assert key.secret not in cursor.fetchone()[0]
        assert key.secret not in json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))


def test_the_last_use_is_noted(key):
    report(key, a_line())
    first = PartnerKey.objects.get(pk=key.key.pk).last_used_at
    report(key, a_line())
    assert first is not None
    assert PartnerKey.objects.get(pk=key.key.pk).last_used_at == first, "at most once a minute"


def test_another_partners_transactions_are_not_mine(key):
    other = a_key(a_partner("app2"))
    report(key, a_line())
    assert code_of(ask(other, "T-1")) == (404, "unknown_transaction")
    assert verdicts(other, a_line(amount_rial=700_000)) == ["accepted"]
    assert balance("receivable:app1_daily") == 500_000
    assert balance("receivable:app2_daily") == 700_000


# --- state -----------------------------------------------------------------------------------------------
def test_the_state_of_a_transaction_can_be_asked(key):
    (result,) = report(key, a_line())
    said = ask(key, "T-1").json()
    assert (said["status"], said["tracking_code"], said["amount_rial"], said["sandbox"]) == (
        "received", result["tracking_code"], 500_000, False,
    )  # fmt: skip
    assert said["receipt_url"].endswith(f"/receipts/{Receipt.objects.get().token}/")
    assert code_of(ask(key, "T-2")) == (404, "unknown_transaction")
    assert code_of(ask(key, "T-1", **{"X-Signature": "0" * 64})) == (401, "bad_signature")


def test_a_signature_of_one_path_opens_no_other(key):
    report(key, batch(["A", "B"]))
    at, path = moment(), f"{ADDRESS}A/"
    signature = sign(key.secret, at, path.encode())
    changed = {"X-Timestamp": at, "X-Signature": signature}
    assert ask(key, "A", **changed).status_code == 200
    assert code_of(ask(key, "B", **changed)) == (401, "bad_signature")


# --- sandbox ---------------------------------------------------------------------------------------------
def test_a_sandbox_key_checks_everything_and_books_nothing(sandbox, key):
    answer = send(sandbox, [a_line("A"), a_line("B", fund="nothing"), a_line("A")]).json()
    assert answer["sandbox"] is True
    assert [r["verdict"] for r in answer["results"]] == ["accepted", "refused", "known"]
    again = report(sandbox, [a_line("A"), a_line("A", amount_rial=1)])
    assert [r["verdict"] for r in again] == ["known", "conflict"]
    assert again[0]["tracking_code"] == answer["results"][0]["tracking_code"]
    said = ask(sandbox, "A").json()
    assert (said["sandbox"], said["status"], "receipt_url" in said) == (True, "received", False)
    assert code_of(ask(key, "A")) == (404, "unknown_transaction")
    assert booked() == (0, 0, 0)
    assert (balance("receivable:app1_daily"), OutboxMessage.objects.count()) == (0, 0)
    assert verdicts(key, a_line("A")) == ["accepted"], "what was rehearsed is new to the books"


# --- pace, memory ----------------------------------------------------------------------------------------
def test_too_many_requests_are_told_when_to_come_back(key, settings):
    settings.PARTNER_REQUESTS_A_MINUTE = 3
    answers = [send(key, a_line(f"R{number}")) for number in range(7)]  # a minute may end in between
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {code_of(answer) for answer in refused} == {(429, "too_many_requests")}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert booked()[0] == len(answers) - len(refused)


def test_too_many_lines_are_refused_before_any_is_booked(key, settings):
    settings.PARTNER_LINES_A_MINUTE = 5
    assert code_of(send(key, batch("ABCDEF"))) == (429, "too_many_requests")
    assert booked() == (0, 0, 0)


def test_one_key_does_not_slow_another_and_a_forgery_counts_for_nobody(key, partner, settings):
    settings.PARTNER_REQUESTS_A_MINUTE = 2
    other = a_key(partner)
    for _ in range(5):
        send(other, a_line(), X_Signature="0" * 64)
    assert verdicts(other, a_line()) == ["accepted"]
    assert verdicts(key, a_line()) == ["known"]


def test_calls_and_rehearsals_are_forgotten_and_transactions_are_not(key, sandbox):
    report(key, a_line())
    report(sandbox, a_line())
    long_ago = timezone.now() - timedelta(days=31)
    PartnerCall.objects.update(at=long_ago)
    PartnerRehearsal.objects.update(at=long_ago)
    assert forget_traces() == 3
    assert verdicts(key, a_line()) == ["known"]


def test_a_call_says_what_became_of_its_lines(key):
    report(key, [a_line("A"), a_line("B"), a_line("A", amount_rial=1), 7])
    assert PartnerCall.objects.get().counts == {"accepted": 2, "conflict": 1, "refused": 1}


# --- files of the same partner ---------------------------------------------------------------------------
@pytest.mark.parametrize("said", [{"order_id": "T-1"}, {"reference": "T-1"}, {"rrn": "4512"}])
def test_what_a_file_has_brought_already_is_not_booked_again(said, key, partner):
    """The partner's own API was away; its daily file was quicker."""
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    files.bring(source, files.line(500_000, **said))
    gift = Donation.objects.get()
    results = report(key, [a_line(rrn="000000004512"), a_line("T-2", rrn="77")])
    assert [r["verdict"] for r in results] == ["known", "accepted"]
    assert results[0]["tracking_code"] == gift.tracking_code
    assert verdicts(key, a_line(rrn="000000004512")) == ["known"]
    assert (Donation.objects.count(), PartnerTransaction.objects.count()) == (2, 2)
    assert balance(f"receivable:{partner.source_key}") == 2 * 500_000


def test_another_amount_or_another_day_in_a_file_is_other_money(key, partner):
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    long_ago = timezone.now() - timedelta(days=5)
    lines = [files.line(400_000, rrn="4512"), files.line(500_000, rrn="4512", at=long_ago)]
    files.bring(source, *lines)
    assert verdicts(key, a_line(rrn="4512")) == ["accepted"]
    assert Donation.objects.count() == 3


def test_a_file_that_comes_later_finds_what_was_reported(key, partner):
    (result,) = report(key, a_line(rrn="4512"))
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    files.bring(source, files.line(500_000, reference="T-1", rrn="4512"))
    assert Donation.objects.get().tracking_code == result["tracking_code"]
    assert balance(f"receivable:{partner.source_key}") == 500_000


def test_check_books_sees_a_reported_gift_without_its_transaction(key):
    report(key, a_line())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_partnertransaction DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM payments_partnertransaction")
    assert [check.findings for check in run_checks() if not check.holds] == [
        ("transaction partner:app1:T-1 of None rial became a gift of 500000 rial",)
    ]


def test_what_was_reported_cannot_be_edited(key):
    report(key, a_line())
    with pytest.raises(DatabaseError, match="append-only"):
        PartnerTransaction.objects.update(amount_rial=1)

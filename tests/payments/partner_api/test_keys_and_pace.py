"""Keys alive and dead, the state of a transaction, the sandbox, the pace, and what is forgotten."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage
from donations.models import Receipt
from payments.models import PartnerCall, PartnerKey, PartnerRehearsal
from payments.services.partner_access import forget_traces, sign
from payments.services.partner_keys import revoke_key, rotate_key
from provinces.enums import Role
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
from tests.payments.partner_api.books import balance, booked, code_of

pytestmark = pytest.mark.django_db


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

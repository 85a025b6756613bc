"""Callbacks handled together: one bad row, one slow bank and one repeat hold up nobody else."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.enums import CallbackVerdict
from payments.gateways import GATEWAYS
from payments.gateways.base import Answer, Outcome
from payments.gateways.sep import Sep
from payments.models import Attempt, Callback
from payments.services import callbacks, verification
from tests.factories.gifts import attempt_for, give, paid


@pytest.fixture(autouse=True)
def _world(request, country):
    request.getfixturevalue("live_db" if "live_db" in request.fixturenames else "db")


def back(count: int, gateway: str = "zarinpal") -> list[Attempt]:
    """Gifts whose donors are back from the bank."""
    attempts = [attempt_for(give(100_000), gateway) for _ in range(count)]
    for attempt in attempts:
        assert callbacks.take_in(
            gateway,
            {"Authority": attempt.token, "trackId": attempt.token, "Token": attempt.token, "Status": "OK"},
        )
    return attempts


def states(attempts: list[Attempt]) -> list[str]:
    found = dict(Attempt.objects.filter(pk__in=[a.pk for a in attempts]).values_list("pk", "state"))
    return [found[a.pk] for a in attempts]


def say_paid(asking, call):
    return paid(asking.attempt, terminal=asking.terminal)


@pytest.fixture
def bank_says_paid(monkeypatch):
    """Every gateway says at once that everything was paid."""
    monkeypatch.setattr(verification, "_ask", say_paid)


def test_several_are_handled_in_as_many_statements_as_one(live_db, bank_says_paid):
    back(1)
    callbacks.drain()
    needed = []
    for count in (1, 8):
        attempts = back(count)
        with CaptureQueriesContext(connection) as statements:
            assert callbacks.drain() == count
        needed.append(len(statements))
        assert states(attempts) == ["succeeded"] * count
    assert needed[0] == needed[1]
    assert set(Callback.objects.values_list("verdict", flat=True)) == {CallbackVerdict.ASKED}


def test_one_that_the_database_refuses_waits_alone(bank_says_paid):
    good, bad, other = back(3)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE OF state ON payments_attempt FOR EACH ROW "
            f"WHEN (OLD.id = {bad.pk}) EXECUTE FUNCTION pg_temp.refuse()"
        )
    callbacks.drain()
    assert states([good, bad, other]) == ["succeeded", "redirected", "succeeded"]
    assert Callback.objects.get(attempt=bad).verdict == CallbackVerdict.WAITING


def test_a_slow_bank_is_settled_after_the_others(monkeypatch):
    slow, quick = back(1, "zibal")[0], back(1)[0]
    settled = []

    def ask(asking, call):
        if asking.gateway is GATEWAYS["zibal"]:
            time.sleep(0.2)
        return say_paid(asking, call)

    monkeypatch.setattr(verification, "PATIENCE", 0.05)
    monkeypatch.setattr(verification, "_ask", ask)
    real = verification.settle
    monkeypatch.setattr(verification, "settle", lambda found: (settled.append(list(found)), real(found)))
    assert callbacks.drain() == 2
    assert settled == [[quick.pk], [slow.pk]]


def test_a_repeat_waits_for_its_own_round_and_is_then_done(bank_says_paid):
    [attempt] = back(1)
    callbacks.take_in("zarinpal", {"Authority": attempt.token, "Status": "OK"})
    assert callbacks.drain() == 2
    verdicts = Callback.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == [CallbackVerdict.ASKED, CallbackVerdict.WAITING]
    assert callbacks.drain() == 1
    assert callbacks.drain() == 0
    assert list(verdicts.all()) == [CallbackVerdict.ASKED, CallbackVerdict.ASKED]


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.PENDING])
def test_what_could_not_be_looked_at_is_not_verified(monkeypatch, outcome):
    """SEP's record vanishes with verifying: without having seen it nothing could be proved afterwards."""
    [attempt] = back(1, "sep")
    verified = []
    monkeypatch.setattr(Sep, "look", lambda self, access, question: Answer(outcome, "timeout"))
    monkeypatch.setattr(Sep, "verify", lambda self, access, question: verified.append(question))
    callbacks.drain()
    assert verified == []
    assert Callback.objects.get(attempt=attempt).verdict == (
        CallbackVerdict.WAITING if outcome is Outcome.UNKNOWN else CallbackVerdict.ASKED
    )


def test_what_was_seen_as_paid_stays_seen(monkeypatch):
    [attempt] = back(1, "sep")
    seen = Answer(Outcome.PAID, reference="ref-1", amount_rial=attempt.amount_rial)
    asking = verification._prepare(attempt, None)
    verification._remember_seen([(asking, seen)])
    verification._remember_seen([(asking, Answer(Outcome.UNKNOWN, "404"))])
    attempt.refresh_from_db()
    assert attempt.seen["outcome"] == "paid"

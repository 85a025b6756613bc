"""What machines ask of the portal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Channel
from cases.services.cases import open_case
from core.models import OutboxMessage
from dashboards import readiness
from dashboards.models import FoldState
from dashboards.readiness import FoldLag
from dashboards.rollups import fold_all
from payments.models import Callback
from tests.dashboards.conftest import book
from tests.factories.gifts import attempt_for, give


def test_healthz_asks_nothing_of_the_database(db, client):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json(), len(queries)) == (200, {"status": "up"}, 0)
    assert "no-store" in answer["Cache-Control"]


def test_ready_when_all_is_in(db, client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_not_ready_while_a_migration_is_missing(db, client):
    MigrationRecorder.Migration.objects.filter(app="ledger").last().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"migrations": "1 not applied"})


def test_not_ready_without_seeds(db, country, client):
    Channel.objects.filter(code="qr").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, list(answer.json()["missing"])) == (503, ["seeds"])


def test_not_ready_while_gifts_wait_to_be_counted(db, country, client, noon):
    book(10, noon(1405, 1, 1))
    FoldState.objects.update(folded_at=timezone.now() - timedelta(seconds=60))
    answer = client.get("/readyz")
    assert (answer.status_code, list(answer.json()["missing"])) == (503, ["rollups"])
    fold_all()
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("waiting", "oldest", "folded", "is_abreast"),
    [(0, 0, 9_999, True), (3, 1, 1, True), (3, 6, 1, False), (3, 1, 6, False)],
)
def test_abreast_means_nothing_old_waits_and_somebody_folds(waiting, oldest, folded, is_abreast):
    assert FoldLag(waiting, oldest, folded).is_abreast is is_abreast


def test_a_database_that_is_away_is_named(db, client, monkeypatch):
    from django.db.utils import OperationalError

    def fail():
        raise OperationalError("secret address of the server")

    monkeypatch.setattr(readiness, "_unapplied", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"database": "OperationalError"})
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("token", "header"),
    [
        ("", None),
        ("", "Bearer "),
        ("", "Bearer x"),
        ("right", None),
        ("right", "Bearer wrong"),
        ("right", "Basic right"),
    ],
)
def test_metrics_are_closed_to_strangers(db, client, monkeypatch, token, header):
    monkeypatch.setenv("METRICS_TOKEN", token)
    answer = client.get("/metrics", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.content) == (404, b"")


def test_metrics_say_how_much_waits_where(db, country, client, monkeypatch, noon):
    monkeypatch.setenv("METRICS_TOKEN", "right")
    attempt_for(give(), at=timezone.now() - timedelta(minutes=5))
    open_case("undecided", "attempt:1")
    OutboxMessage.objects.create(task="x", due_at=timezone.now())
    Callback.objects.create(gateway="sep", payload={})
    book(10, noon(1405, 1, 1))
    answer = client.get("/metrics", headers={"Authorization": "Bearer right"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    lines = dict(line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if line[0] != "#")
    assert float(lines['portal_attempts_undecided{gateway="zarinpal",state="redirected"}']) == 1
    assert (
        float(lines['portal_attempts_undecided_oldest_seconds{gateway="zarinpal",state="redirected"}']) >= 300
    )
    assert float(lines['portal_cases_open{kind="undecided"}']) == 1
    assert float(lines["portal_outbox_waiting"]) == 1
    assert float(lines["portal_callbacks_waiting"]) == 1
    assert float(lines["portal_sms_queued"]) == 0
    assert float(lines["portal_fold_waiting"]) == 1
    assert {"portal_outbox_oldest_seconds", "portal_fold_oldest_seconds", "portal_fold_last_seconds"} <= set(
        lines
    )


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_stand_outside_redirects(db, client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    from django.test import Client

    assert Client().get(address).status_code == 200

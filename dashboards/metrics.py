"""How much waits where, for Prometheus. Counts and ages only; no amounts and nobody's data."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest

from dashboards.readiness import fold_lag

__all__ = ["CONTENT_TYPE", "text"]

# Those still asked about, by their small index; one that nobody asks about any more is an open case.
_UNDECIDED = """
    SELECT gateway, state, count(*), coalesce(max(extract(epoch FROM clock_timestamp() - created_at)), 0)::float
      FROM payments_attempt
     WHERE next_ask_at IS NOT NULL AND state IN ('created', 'redirected', 'unknown') GROUP BY 1, 2 ORDER BY 1, 2
"""
_CASES = "SELECT kind, count(*) FROM cases_case WHERE state = 'open' GROUP BY 1 ORDER BY 1"
_REST = """
    SELECT (SELECT count(*) FROM core_outboxmessage),
           coalesce((SELECT extract(epoch FROM clock_timestamp() - min(created_at)) FROM core_outboxmessage), 0)::float,
           (SELECT count(*) FROM payments_callback WHERE verdict = 'waiting'),
           (SELECT count(*) FROM core_outgoingsms WHERE state = 'queued')
"""


class _Waiting:
    def collect(self) -> Iterator[GaugeMetricFamily]:
        undecided = GaugeMetricFamily(
            "portal_attempts_undecided", "Attempts whose bank has not decided", labels=["gateway", "state"]
        )
        oldest = GaugeMetricFamily(
            "portal_attempts_undecided_oldest_seconds",
            "Age of the oldest undecided attempt",
            labels=["gateway", "state"],
        )
        for gateway, state, count, age in _rows(_UNDECIDED):
            undecided.add_metric([gateway, state], count)
            oldest.add_metric([gateway, state], age)
        yield undecided
        yield oldest
        cases = GaugeMetricFamily("portal_cases_open", "Cases that wait for a person", labels=["kind"])
        for kind, count in _rows(_CASES):
            cases.add_metric([kind], count)
        yield cases
        outbox, outbox_age, callbacks, messages = _rows(_REST)[0]
        lag = fold_lag()
        yield _gauge("portal_outbox_waiting", "Promises not kept yet", outbox)
        yield _gauge("portal_outbox_oldest_seconds", "Age of the oldest promise not kept", outbox_age)
        yield _gauge("portal_callbacks_waiting", "Returns of banks not looked at yet", callbacks)
        yield _gauge("portal_sms_queued", "Text messages not sent yet", messages)
        yield _gauge("portal_fold_waiting", "Entries the figures have not taken in", lag.waiting)
        yield _gauge("portal_fold_oldest_seconds", "Age of the oldest such entry", lag.oldest_seconds)
        yield _gauge("portal_fold_last_seconds", "Time since the last fold", lag.folded_seconds_ago)


def text() -> bytes:
    """The present figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Waiting())
    return generate_latest(registry)


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=value)


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()

"""What an administrator must know now: what waits, since when, and whether anything is in danger.

Read from the tables that hold the work itself, never from what a process says of itself. Counts, ages and sizes only;
nothing of anybody.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from core.jalali import format_datetime, tehran_today
from core.models import BackupRun
from core.money import group_digits
from core.text import persian_digits
from dashboards import health_levels as limits
from dashboards import health_phrases as phrases
from dashboards.health_levels import Level
from dashboards.readiness import fold_lag

_WAITING = """
    SELECT a.count, a.age, c.count, c.age, o.count, o.age, o.failed, s.queued, s.failed, d.size, d.connections, d.most,
           k.count
      FROM (SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - created_at)), 0)::float AS age
              FROM payments_attempt
             WHERE next_ask_at IS NOT NULL AND state IN ('created', 'redirected', 'unknown')) a,
           (SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - received_at)), 0)::float AS age
              FROM payments_callback WHERE verdict = 'waiting') c,
           (SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - created_at)), 0)::float AS age,
                   count(*) FILTER (WHERE tries > 0) AS failed FROM core_outboxmessage) o,
           (SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
                   count(*) FILTER (WHERE state = 'failed') AS failed
              FROM core_outgoingsms WHERE state = 'queued' OR created_at > clock_timestamp() - interval '1 day') s,
           (SELECT pg_database_size(current_database()) AS size,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
                   current_setting('max_connections')::int AS most) d,
           (SELECT count(*) FROM cases_case WHERE state = 'open' AND owner_id IS NULL) k
"""
_SOURCES = """
    SELECT s.name, reported.last_day,
           CASE WHEN reported.last_day IS NOT NULL THEN LEAST(reported.last_day, misfits.first_day - 1) END,
           misfits.open_count
      FROM payments_statementsource s
     CROSS JOIN LATERAL (
           SELECT max((i.counts ->> 'last_day')::date) AS last_day FROM payments_statementimport i
            WHERE i.source_id = s.id AND i.finished_at IS NOT NULL) reported
     CROSS JOIN LATERAL (
           SELECT min(d.day) AS first_day, count(*) AS open_count FROM payments_discrepancy d
            WHERE d.source_id = s.id AND d.settled_at IS NULL) misfits
     WHERE s.is_active ORDER BY s.office_id, s.kind, s.name
"""


@dataclass(frozen=True)
class Part:
    """One thing that must work: how it is, in words, and what to do when it is not good."""

    name: str
    level: Level
    now: str
    todo: str


@dataclass(frozen=True)
class Report:
    """Of a terminal or account: the last day that has been reported, the last one up to which nothing is open, and how
    much does not fit."""

    source: str
    level: Level
    last_day: date | None
    reconciled_until: date | None
    open_count: int


def parts() -> list[Part]:
    """Every part, in the order of a gift's way."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        (
            attempts, attempt_age, callbacks, callback_age, outbox, outbox_age, outbox_failed, sms, sms_failed,
            size, connections, most, cases,
        ) = cursor.fetchone()  # fmt: skip
    lag = fold_lag()
    fold_age = 0.0 if lag.is_abreast else max(lag.oldest_seconds, lag.folded_seconds_ago)
    return [
        Part(
            phrases.ATTEMPTS,
            limits.ATTEMPT_AGE.level(attempt_age),
            _waiting(phrases.ATTEMPTS_NOW, attempts, attempt_age),
            phrases.ATTEMPTS_DO,
        ),
        Part(
            phrases.CALLBACKS,
            limits.CALLBACK_AGE.level(callback_age),
            _waiting(phrases.ATTEMPTS_NOW, callbacks, callback_age),
            phrases.CALLBACKS_DO,
        ),
        Part(
            phrases.OUTBOX,
            max(
                limits.OUTBOX_AGE.level(outbox_age),
                Level.WATCH if outbox_failed else Level.GOOD,
                key=_severity,
            ),
            _waiting(phrases.OUTBOX_NOW, outbox, outbox_age, failed=group_digits(outbox_failed)),
            phrases.OUTBOX_DO,
        ),
        Part(
            phrases.SMS,
            limits.SMS_FAILED.level(sms_failed),
            phrases.SMS_NOW.format(count=group_digits(sms), failed=group_digits(sms_failed)),
            phrases.SMS_DO,
        ),
        Part(
            phrases.FOLD,
            limits.FOLD_AGE.level(fold_age),
            _waiting(phrases.FOLD_NOW, lag.waiting, fold_age),
            phrases.FOLD_DO,
        ),
        Part(
            phrases.CASES,
            limits.CASES.level(cases),
            phrases.CASES_NOW.format(count=group_digits(cases)),
            phrases.CASES_DO,
        ),
        _broker(),
        Part(
            phrases.DATABASE,
            limits.CONNECTIONS_USED.level(connections / most),
            phrases.DATABASE_NOW.format(
                size=size_in_words(size), connections=group_digits(connections), most=group_digits(most)
            ),
            phrases.DATABASE_DO,
        ),
        _backup(),
        _disk(),
    ]


def reports() -> list[Report]:
    """The last report of every active source. One that never came is worth a look."""
    today = tehran_today()
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES)
        rows = cursor.fetchall()
    return [
        Report(
            name,
            limits.REPORT_AGE_DAYS.level((today - day).days if day else limits.REPORT_AGE_DAYS.watch),
            day,
            until,
            count,
        )
        for name, day, until, count in rows
    ]


def age_in_words(seconds: float) -> str:
    """In the largest unit of which there are two or more: «۹۰ ثانیه», «۳ ساعت»."""
    for unit, length in ((phrases.DAYS, 86_400), (phrases.HOURS, 3_600), (phrases.MINUTES, 60)):
        if seconds >= 2 * length:
            return unit.format(count=group_digits(int(seconds // length)))
    return phrases.SECONDS.format(count=group_digits(int(seconds)))


def size_in_words(size_bytes: int) -> str:
    """With one digit after the point from megabytes on: «۱۲٫۵ گیگابایت»."""
    value, unit = float(size_bytes), 0
    while value >= 1024 and unit < len(phrases.BYTES) - 1:
        value, unit = value / 1024, unit + 1
    number = f"{value:.1f}".removesuffix(".0") if unit > 1 else f"{value:.0f}"
    return f"{persian_digits(number).replace('.', '٫')} {phrases.BYTES[unit]}"


def _broker() -> Part:
    keys = [f"{prefix}{queue}" for queue, prefix in settings.BROKER_KEY_PREFIXES.items()]
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            waiting = sum(broker.llen(key) for key in keys)
    except RedisError:
        return Part(phrases.BROKER, Level.BAD, phrases.BROKER_AWAY, phrases.BROKER_DO)
    return Part(
        phrases.BROKER, Level.GOOD, phrases.BROKER_NOW.format(count=group_digits(waiting)), phrases.BROKER_DO
    )


def _backup() -> Part:
    runs = BackupRun.objects.order_by("-started_at")
    good, last = runs.filter(state=BackupRun.State.DONE).first(), runs.first()
    age = (timezone.now() - good.started_at).total_seconds() if good else float("inf")
    level, told = limits.BACKUP_AGE.level(age), phrases.NEVER
    if good:
        told = phrases.BACKUP_NOW.format(
            at=format_datetime(good.started_at),
            size=size_in_words(good.size_bytes),
            rows=group_digits(good.rows),
        )
    if last and last.state == BackupRun.State.FAILED:
        level = max(level, Level.WATCH, key=_severity)
        told = f"{told}. {phrases.BACKUP_FAILED.format(error=last.error[:120])}"
    return Part(phrases.BACKUP, level, told, phrases.BACKUP_DO)


def _disk() -> Part:
    """The fullest of the disks on which files are kept."""
    places = [Path(place) for place in (settings.MEDIA_ROOT, settings.BACKUP_DIR) if place]
    usages = [shutil.disk_usage(_nearest(place)) for place in places]
    fullest = max(usages, key=lambda usage: usage.used / usage.total)
    told = phrases.DISK_NOW.format(free=size_in_words(fullest.free), total=size_in_words(fullest.total))
    return Part(phrases.DISK, limits.DISK_USED.level(fullest.used / fullest.total), told, phrases.DISK_DO)


def _nearest(place: Path) -> Path:
    return next(path for path in (place, *place.parents) if path.exists())


def _waiting(sentence: str, count: int, age: float, **more: str) -> str:
    if not count:
        return phrases.NOTHING_WAITS
    return sentence.format(count=group_digits(count), age=age_in_words(age), **more)


def _severity(level: Level) -> int:
    return list(Level).index(level)

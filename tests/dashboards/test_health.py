"""The health page tells what waits and what is in danger, from the tables that hold the work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.jalali import tehran_today
from core.models import BackupRun, OutboxMessage, OutgoingSms
from dashboards import health, health_phrases
from dashboards.health_levels import Level
from payments.models import Attempt, Discrepancy
from provinces.enums import Role
from tests.factories import lines
from tests.factories.gifts import attempt_for, give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def part(name: str) -> health.Part:
    return next(part for part in health.parts() if part.name == name)


def test_a_quiet_portal_is_well_but_has_no_backup():
    levels = {part.name: part.level for part in health.parts()}
    assert levels.pop(health_phrases.BACKUP) == Level.BAD
    levels.pop(health_phrases.DISK)  # of this machine
    assert set(levels.values()) == {Level.GOOD}, levels


def test_a_payment_without_an_answer_shows_its_age():
    attempt = attempt_for(give())
    Attempt.objects.filter(pk=attempt.pk).update(next_ask_at=timezone.now())
    _age("payments_attempt", "created_at", attempt.pk, hours=3)
    found = part(health_phrases.ATTEMPTS)
    assert found.level == Level.WATCH
    assert found.now == "۱ پرداخت؛ کهنه‌ترین ۳ ساعت"


def test_a_source_is_reconciled_until_the_day_before_its_first_misfit():
    found, today = lines.bank(), tehran_today()
    assert reported(found) == (None, None, 0)
    file = lines.write(found)
    file.counts, file.finished_at = {"last_day": str(today)}, timezone.now()
    file.save(update_fields=["counts", "finished_at"])
    assert reported(found) == (today, today, 0)
    day = today - timedelta(days=2)
    facts = {"kind": "unknown_deposit", "source": found, "day": day}
    first = Discrepancy.objects.create(subject="line:1", **facts)
    Discrepancy.objects.create(subject="line:2", **facts | {"day": today})
    assert reported(found) == (today, day - timedelta(days=1), 2)
    Discrepancy.objects.filter(pk=first.pk).update(settled_at=timezone.now())
    assert reported(found) == (today, today - timedelta(days=1), 1)


def reported(source) -> tuple:
    told = next(one for one in health.reports() if one.source == source.name)
    return told.last_day, told.reconciled_until, told.open_count


def test_a_promise_that_failed_is_worth_a_look():
    OutboxMessage.objects.create(task="x", due_at=timezone.now(), tries=1, last_error="KeyError")
    assert part(health_phrases.OUTBOX).level == Level.WATCH
    _age("core_outboxmessage", "created_at", None, hours=2)
    assert part(health_phrases.OUTBOX).level == Level.BAD


def test_messages_that_did_not_arrive_are_counted_for_a_day():
    for hours in (1, 30):
        sms = OutgoingSms.objects.create(
            mobile="+989121234567",
            mobile_hash="x",
            text="x",
            purpose="x",
            state="failed",
            due_at=timezone.now(),
        )
        _age("core_outgoingsms", "created_at", sms.pk, hours=hours)
    assert part(health_phrases.SMS).now == "۰ در صف؛ ۱ نرسیده در ۲۴ ساعت"


def test_a_backup_grows_old_and_a_failure_is_told():
    now = timezone.now()
    run = BackupRun.objects.create(state="done", ended_at=now, size_bytes=5 << 30, rows=12_000)
    assert part(health_phrases.BACKUP).level == Level.GOOD
    assert "۵ گیگابایت، ۱۲٬۰۰۰ ردیف" in part(health_phrases.BACKUP).now
    BackupRun.objects.create(state="failed", ended_at=now, error="No space left on device")
    assert part(health_phrases.BACKUP).level == Level.WATCH
    assert "No space left" in part(health_phrases.BACKUP).now
    BackupRun.objects.filter(pk=run.pk).update(started_at=now - timedelta(days=3))
    assert part(health_phrases.BACKUP).level == Level.BAD


def test_a_broker_that_is_away_is_told_at_once(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = part(health_phrases.BROKER)
    assert (found.level, found.now) == (Level.BAD, health_phrases.BROKER_AWAY)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "۰ ثانیه"), (119, "۱۱۹ ثانیه"), (120, "۲ دقیقه"), (7_200, "۲ ساعت"), (200_000, "۲ روز")],
)
def test_ages_are_read_aloud(seconds, words):
    assert health.age_in_words(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "۰ بایت"), (2_048, "۲ کیلوبایت"), (1_572_864, "۱٫۵ مگابایت"), (1 << 40, "۱ ترابایت")],
)
def test_sizes_are_read_aloud(size, words):
    assert health.size_in_words(size) == words


def test_the_page_is_for_those_who_answer_for_it(staff):
    page = staff((Role.ADMINISTRATOR, None)).get("/hq/health/")
    assert page.status_code == 200
    assert health_phrases.BACKUP_DO in page.content.decode()


def _age(table: str, column: str, pk: int | None, *, hours: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE {table} SET {column} = now() - make_interval(hours => %s) WHERE %s IS NULL OR id = %s",
            [hours, pk, pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")

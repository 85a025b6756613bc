"""The drill: a backup is taken while gifts arrive, put back elsewhere, and proved."""

import io
import threading
import uuid
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.backups.manifest import BackupError, read
from core.backups.runs import back_up, backup_is_due
from core.models import BackupRun
from donations.models import Donation, Receipt
from provinces.scoping import all_provinces
from tests.databases import maintenance, url_of
from tests.factories.gifts import receive

pytestmark = pytest.mark.processes
FEW = 3


@pytest.fixture
def place(live_db, settings, tmp_path, country):
    """A portal with an uploaded file and some gifts, and a directory for its backups."""
    settings.BACKUP_DATABASE_URL = url_of(live_db)
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "photos").mkdir(parents=True)
    (tmp_path / "media" / "photos" / "one.sealed").write_bytes(b"\0sealed")
    for _ in range(FEW):
        receive(100_000)
    return tmp_path / "backups"


@pytest.fixture
def elsewhere():
    """A new, empty database; its name."""
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with maintenance() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with maintenance() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def gifts_arriving():
    """Gifts are received one after another until the block ends; gives the tracking codes committed so far."""
    committed, first, ended = [], threading.Event(), threading.Event()

    def give() -> None:
        try:
            with all_provinces("donors"):
                while not ended.is_set():
                    committed.append(receive(250_000).tracking_code)
                    first.set()
        finally:
            connection.close()

    donors = threading.Thread(target=give)
    donors.start()
    first.wait(30)
    try:
        yield committed
    finally:
        ended.set()
        donors.join()


def asked(url: str, question: str) -> set:
    with closing(psycopg2.connect(url)) as there, there.cursor() as cursor:
        cursor.execute(question)
        return {row[0] for row in cursor.fetchall()}


def test_nothing_committed_is_missing_after_a_restore(place, elsewhere, tmp_path, capfd):
    with gifts_arriving() as committed:
        before = set(committed)
        run = back_up(place)
        during = set(committed) - before
    assert before, "gifts arrived before the backup"
    assert during, "and while it was taken"

    call_command(
        "restore", run.path, "--database-url", url_of(elsewhere), "--media", str(tmp_path / "there"),
        stdout=io.StringIO(),
    )  # fmt: skip
    assert "FAIL" not in capfd.readouterr().out
    there = asked(url_of(elsewhere), "SELECT tracking_code FROM donations_donation WHERE status = 'received'")
    assert before <= there
    assert there <= set(Donation.objects.values_list("tracking_code", flat=True))
    receipts = asked(url_of(elsewhere), "SELECT donation_id FROM donations_receipt")
    assert len(receipts) == len(there) == read(place / run.path.rpartition("/")[2]).rows["donations_receipt"]
    assert (tmp_path / "there" / "photos" / "one.sealed").read_bytes() == b"\0sealed"
    assert Receipt.objects.count() >= len(receipts), "the portal itself goes on"


def test_what_was_changed_on_the_disk_is_not_put_back(place, elsewhere, tmp_path):
    run = back_up(place)
    some = next((place / run.path.rpartition("/")[2] / "database").glob("*.dat*"))
    some.write_bytes(some.read_bytes()[:-1] + b"!")
    with pytest.raises(CommandError, match=some.name):
        call_command(
            "restore", run.path, "--database-url", url_of(elsewhere), "--media", str(tmp_path / "there")
        )
    assert (
        asked(url_of(elsewhere), "SELECT relname FROM pg_class WHERE relname = 'django_migrations'") == set()
    )


def test_a_database_in_use_is_never_written_over(place, live_db, tmp_path):
    run = back_up(place)
    with pytest.raises(CommandError, match="not empty"):
        call_command(
            "restore", run.path, "--database-url", url_of(live_db), "--media", str(tmp_path / "there")
        )
    assert Donation.objects.count() == FEW


def test_one_at_a_time_and_the_oldest_go(place):
    runs = [back_up(place, keep=2) for _ in range(3)]
    assert sorted(str(path) for path in place.iterdir()) == sorted(run.path for run in runs[1:])
    with maintenance(connection.settings_dict["NAME"]) as cursor:
        cursor.execute("SELECT pg_advisory_lock(7205)")
        with pytest.raises(BackupError, match="another"):
            back_up(place)
    assert BackupRun.objects.filter(state="failed", error__contains="another").count() == 1


def test_a_program_that_fails_leaves_no_backup(place, settings):
    settings.BACKUP_DATABASE_URL = url_of("there_is_none")
    with pytest.raises(BackupError, match="pg_dump"):
        back_up(place)
    assert [path.name for path in place.iterdir() if path.name.endswith("Z")] == []
    assert BackupRun.objects.get().state == "failed"
    assert backup_is_due()


def test_one_is_due_again_after_a_day(place):
    assert backup_is_due()
    back_up(place)
    assert not backup_is_due()
    connection.cursor().execute("UPDATE core_backuprun SET started_at = now() - interval '25 hours'")
    assert backup_is_due()

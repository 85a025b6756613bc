"""The bundled PostgreSQL and Valkey: real ones, killed as hard as can be, below a directory of root's own."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from runner.data_dir import DataDir
from runner.environment import for_guest, published
from runner.services import (
    NAME_OF_TEMPORARY,
    remove_abandoned,
    start_services,
    supervisor_of,
    temporary_services,
)
from runner.supervisor import Supervisor
from tests.runner.waiting import eventually

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As closed as it gets: mode 0700, which as root keeps the server's account out."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    return closed / "data"


@pytest.fixture(scope="module")
def data(home: Path) -> DataDir:
    home.mkdir(mode=0o700)
    return DataDir(home)


@pytest.fixture(scope="module")
def supervisor(data: DataDir) -> Iterator[Supervisor]:
    with open(os.devnull, "w") as out, supervisor_of(data, out) as running:
        yield running


@pytest.fixture(scope="module")
def found(data: DataDir, supervisor: Supervisor) -> dict[str, str]:
    return start_services(data, supervisor)


def ask(url: str, statement: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_it_is_the_database_the_portal_plans_for(found: dict[str, str]) -> None:
    settings = "server_version_num listen_addresses fsync synchronous_commit jit max_connections"
    shown = {name: ask(found["DATABASE_URL"], f"SHOW {name}")[0][0] for name in settings.split()}
    assert shown.pop("server_version_num").startswith("18")
    assert shown == {
        "listen_addresses": "127.0.0.1",
        "fsync": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "max_connections": "100",
    }
    collation = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
    assert set(ask(found["DATABASE_URL"], collation)) == {("b", "C.UTF-8", "UTF8")}


def test_it_does_not_run_as_root(data: DataDir, supervisor: Supervisor, found: dict[str, str]) -> None:
    server = supervisor.children["postgres"].process.pid
    assert Path(f"/proc/{server}").stat().st_uid == (data / "postgres").stat().st_uid
    status = Path(f"/proc/{server}/status").read_text()
    assert int(status.split("Uid:")[1].split()[0]) != 0
    powers = int(status.split("CapEff:")[1].split()[0], 16)
    assert powers in (0, 1 << 2, 1 << 1), "at most the one capability that opens closed directories"


def test_strangers_are_kept_out(supervisor: Supervisor, found: dict[str, str]) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(found["DATABASE_URL"].replace("portal:", "portal:wrong"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(found["REDIS_URL"].replace("redis://:", "redis://:wrong")).ping()
    password = found["REDIS_URL"].split(":")[2].split("@")[0]
    for child in supervisor.children.values():
        assert password not in Path(f"/proc/{child.process.pid}/cmdline").read_text()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_comes_back_with_all_it_had(
    name: str, supervisor: Supervisor, found: dict[str, str]
) -> None:
    table = f"gifts_{name}"
    ask(found["DATABASE_URL"], f"CREATE TABLE {table} AS SELECT 50000 AS rial")
    with redis.Redis.from_url(found["REDIS_URL"]) as broker:
        broker.rpush(name, "message")
        broker.execute_command("WAITAOF", 1, 0, 2000)
    busy = psycopg2.connect(found["DATABASE_URL"])
    busy.cursor().execute("SELECT 1")  # an open session, as the web always has

    server = supervisor.children[name].process
    server.send_signal(signal.SIGKILL)
    server.wait()
    eventually(lambda: supervisor.rest() or supervisor.children[name].process is not server)

    assert eventually(lambda: supervisor.rest() or answer(found, table)) == [(50000,)]
    with redis.Redis.from_url(found["REDIS_URL"]) as broker:
        assert broker.lrange(name, 0, -1) == [b"message"]
    busy.close()


def answer(found: dict[str, str], table: str) -> list[tuple]:
    try:
        with redis.Redis.from_url(found["REDIS_URL"]) as broker:
            broker.ping()
        return ask(found["DATABASE_URL"], f"SELECT rial FROM {table}")
    except (psycopg2.OperationalError, redis.ConnectionError):
        return []


def test_all_killed_at_once_and_started_again(
    data: DataDir, supervisor: Supervisor, found: dict[str, str]
) -> None:
    """As after a power cut: the servers and whatever they had forked are gone, their pid files are not."""
    ask(found["DATABASE_URL"], "CREATE TABLE survivors AS SELECT 7 AS rial")
    for child in supervisor.children.values():
        child.process.kill()
        child.process.wait()
    again = start_services(data, supervisor)
    assert again["DATABASE_URL"].split("@")[0] == found["DATABASE_URL"].split("@")[0]
    assert ask(again["DATABASE_URL"], "SELECT rial FROM survivors") == [(7,)]


def test_guests_are_told_only_while_the_servers_answer(data: DataDir, supervisor: Supervisor) -> None:
    assert for_guest(data) is None
    found = {"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        with published(data, found | {"HOME": "/root"}):
            assert (data / "runtime.json").stat().st_mode & 0o777 == 0o600
            assert "HOME" not in (data / "runtime.json").read_text()
            assert for_guest(data) is None, "nothing listens there"
    assert not (data / "runtime.json").exists()


def test_temporary_servers_last_as_long_as_their_run_and_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run clears away what a killed one left behind, and leaves the living alone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    abandoned = tmp_path / f"{NAME_OF_TEMPORARY}killed"
    abandoned.mkdir()
    (abandoned / "owner.lock").write_text("{}")
    with open(os.devnull, "w") as out, temporary_services(out) as (_, environment):
        directory = Path(environment["PORTAL_DATA_DIR"])
        assert directory.parent == tmp_path
        assert ask(environment["DATABASE_URL"], "SHOW fsync") == [("off",)]
        an_hour_ago = time.time() - 3600
        for left in (abandoned, directory):
            os.utime(left, (an_hour_ago, an_hour_ago))
        remove_abandoned()
        assert sorted(tmp_path.iterdir()) == [directory]
    assert list(tmp_path.iterdir()) == []

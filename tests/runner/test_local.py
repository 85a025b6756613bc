"""`./run services` and `./run manage`: as an owner of the servers and as a guest."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.environment import without_contract
from tests.runner.waiting import eventually

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.processes

ASK = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 42'); print(k.fetchone()[0])"
CONNECT = "import os, psycopg2; print(psycopg2.connect(os.environ['DATABASE_URL']).status)"


def started(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = without_contract() | {"PORTAL_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "runner", *arguments],
        env=environment, cwd=data, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def shell(data: Path, code: str) -> subprocess.Popen[str]:
    return started(data, "manage", "shell", "--no-imports", "-c", code)


def test_a_command_brings_up_the_servers_lends_them_and_takes_them_down(tmp_path: Path) -> None:
    slow = "; print('there', flush=True); import time; time.sleep(1); raise SystemExit(7)"
    owner = shell(tmp_path, ASK + slow)
    eventually((tmp_path / "runtime.json").exists, 20)
    guest = shell(tmp_path, ASK)
    owner_out, owner_err = owner.communicate(timeout=30)
    guest_out, guest_err = guest.communicate(timeout=30)
    assert (owner.returncode, owner_out) == (7, "42\nthere\n"), owner_err
    assert (guest.returncode, guest_out) == (0, "42\n"), guest_err
    assert "PostgreSQL on 127.0.0.1" in owner_err
    assert "PostgreSQL" not in guest_err, "the second used the servers of the first"
    assert not (tmp_path / "runtime.json").exists()
    assert not (tmp_path / "postgres" / "data" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    data = tmp_path_factory.mktemp("served")
    process = started(data, "services")
    eventually((data / "runtime.json").exists, 20)
    yield data, process
    process.kill()
    process.communicate()


def test_a_second_owner_is_told_who_is_there(services: tuple[Path, subprocess.Popen[str]]) -> None:
    data, owner = services
    demo = started(data, "demo")
    assert (
        demo.communicate(timeout=20)[1]
        .strip()
        .startswith(f"{data} is in use by “./run services” (process {owner.pid}")
    )
    assert demo.returncode == 1


def test_a_killed_owner_is_succeeded(services: tuple[Path, subprocess.Popen[str]]) -> None:
    """Its servers go with it, and what it published is not believed any more."""
    data, owner = services
    owner.kill()
    owner.wait()
    assert (data / "runtime.json").exists()
    heir = started(data, "services")
    line = heir.stdout.readline()
    assert line.startswith("export DATABASE_URL=postgres://portal:")
    answer = subprocess.run(
        [sys.executable, "-c", CONNECT],
        env={"DATABASE_URL": line.strip().partition("=")[2]}, capture_output=True, text=True,
    )  # fmt: skip
    assert answer.stdout == "1\n"
    began = time.monotonic()
    heir.terminate()
    heir.communicate(timeout=20)
    assert heir.returncode == 0
    assert time.monotonic() - began < 10
    assert not any(name.startswith("sessions") for name in os.listdir(data))

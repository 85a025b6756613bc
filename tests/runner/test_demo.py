"""`./run demo` from an empty directory to a page that answers, killed in every way, two at a time.

The real supervisor, PostgreSQL and Valkey; the portal's own processes are stand-ins, to be quick.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runner.environment import without_contract
from runner.ports import free_port
from runner.sessions import Session
from tests.runner.waiting import eventually

HERE = Path(__file__).parent
pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose runner is the real one."""
    root = tmp_path_factory.mktemp("project") / "checkout"
    shutil.copytree(HERE / "stand_in_project", root)
    shutil.copytree(HERE.parents[1] / "runner", root / "runner", ignore=shutil.ignore_patterns("__pycache__"))
    return root


@dataclass
class Demo:
    process: subprocess.Popen[str]
    data: Path
    port: int
    output: Path

    def page(self) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return json.loads(connection.getresponse().read())
        except OSError:
            return {}
        finally:
            connection.close()

    def sessions(self) -> dict[str, Session]:
        noted = json.loads((self.data / "sessions.json").read_text())
        return {entry["name"]: Session(**entry) for entry in noted}

    def text(self) -> str:
        return self.output.read_text()

    def interrupt(self) -> float:
        """Ctrl-C; the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(20) == 0, self.text()
        return time.monotonic() - began


def starting(project: Path, data: Path, port: int, *options: str, **streams: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "runner", "demo", "--port", str(port), "--data", str(data), *options],
        cwd=project,
        env=without_contract() | {"PYTHONPATH": str(project)},
        text=True,
        **streams,
    )


@contextmanager
def demo(project: Path, data: Path, *options: str) -> Iterator[Demo]:
    port = free_port(set())
    data.mkdir(exist_ok=True)
    output = data / f"output-{port}.txt"
    with output.open("w") as out:
        process = starting(project, data, port, *options, stdout=out, stderr=out)
    running = Demo(process, data, port, output)
    try:
        eventually(lambda: "Ctrl-C stops" in running.text() or process.poll() is not None, 40)
        assert process.poll() is None, running.text()
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)


def test_two_side_by_side(project: Path, tmp_path: Path) -> None:
    with demo(project, tmp_path / "one") as one, demo(project, tmp_path / "two") as two:
        told = [running.page()["told"] for running in (one, two)]
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_HASH_KEY", "SANDBOX_BANK_URL"):
            assert told[0][name] != told[1][name]
        for running, environment in zip((one, two), told, strict=True):
            assert environment["PORTAL_BASE_URL"] == f"http://127.0.0.1:{running.port}"
            assert environment["PORTAL_DATA_DIR"] == str(running.data)
            assert environment["PORTAL_DEMO"] == "1"
            assert environment["PORTAL_BASE_URL"] in running.text()
            assert environment["SANDBOX_BANK_URL"] in running.text()
            assert "done: migrate seed_reference seed_demo demo_accounts" in running.text()
            assert set(running.sessions()) >= {
                "postgres", "valkey", "bank", "web", "worker", "worker-long", "beat",
            }  # fmt: skip
        third = starting(
            project, tmp_path / "three", one.port, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert f"Port {one.port} is taken" in third.communicate(timeout=10)[0]
        assert third.returncode == 1
        assert not (tmp_path / "three" / "postgres").exists(), "said before anything is made"
        left = list(one.sessions().values())
        assert one.interrupt() < 10
        assert not any(session.members() for session in left)
        assert two.page()["pid"]


def test_every_process_that_is_killed_comes_back(project: Path, tmp_path: Path) -> None:
    with demo(project, tmp_path / "data") as running:
        before = running.sessions()
        names = [name for name in before if name != "step"]
        for name in names:
            os.kill(before[name].leader, signal.SIGKILL)
        eventually(lambda: all(running.sessions()[name].leader != before[name].leader for name in names), 20)
        eventually(running.page, 20)
        assert all(f"{name} was killed by SIGKILL" in running.text() for name in names)


@pytest.fixture
def in_background():
    """As a shell without job control leaves what it starts with `&`."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGQUIT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_keeps_everything(
    project: Path, tmp_path: Path, in_background: None
) -> None:
    data = tmp_path / "data"
    with demo(project, data) as first:
        told = first.page()["told"]
        sessions = list(first.sessions().values())
        first.process.kill()
        # PostgreSQL writes down all it holds, on a disk that others may keep busy; web lets its requests end.
        eventually(lambda: not any(session.members() for session in sessions), 60)
        assert (data / "runtime.json").exists()
    with demo(project, data) as second:
        again = second.page()["told"]
        kept = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY", "DATABASE_URL", "REDIS_URL")
        assert [again[name] for name in kept] == [told[name] for name in kept]
        done = "done: migrate seed_reference seed_demo demo_accounts demo_accounts"
        assert done in second.text(), "seeded once, and the database kept it"
    with demo(project, data, "--fresh") as third:
        assert third.page()["told"]["SECRET_KEY"] != told["SECRET_KEY"]
        assert "done: migrate seed_reference seed_demo demo_accounts\n" in third.text()

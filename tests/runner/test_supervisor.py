"""Processes that die are started again, and none outlives its supervisor."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.failure import Failure
from runner.sessions import SessionList, start_time, this_boot
from runner.supervisor import Program, Supervisor
from tests.runner.stand_in import pids, pool
from tests.runner.waiting import eventually

ROOT = Path(__file__).parents[2]


@contextmanager
def running_stand_in(directory: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.runner.stand_in", str(directory)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        eventually((directory / "pids.json").exists)
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def alive(directory: Path) -> list[int]:
    return [pid for pid in pids(directory) if start_time(pid)]


def test_a_killed_process_comes_back_without_its_orphans(tmp_path: Path) -> None:
    with running_stand_in(tmp_path) as supervisor:
        leader, child, *_ = pids(tmp_path)
        os.kill(leader, signal.SIGKILL)
        eventually(lambda: len(pids(tmp_path)) == 6)
        assert not start_time(child), "the pool child of the killed process is still there"
        assert len(alive(tmp_path)) == 4
        supervisor.terminate()
        assert "one was killed by SIGKILL" in supervisor.stdout.read()


@pytest.mark.parametrize("request_", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_ends_everything_quickly(tmp_path: Path, request_: signal.Signals) -> None:
    with running_stand_in(tmp_path) as supervisor:
        supervisor.send_signal(request_)
        assert supervisor.wait(30) == 0, "its processes would sleep for minutes"
        assert alive(tmp_path) == []
        assert not (tmp_path / "sessions.json").exists()


def test_a_killed_supervisor_leaves_no_leader_and_the_next_run_sweeps_the_rest(tmp_path: Path) -> None:
    with running_stand_in(tmp_path) as supervisor:
        leaders = pids(tmp_path)[::2]
        supervisor.kill()
        eventually(lambda: not any(start_time(pid) for pid in leaders))
        assert len(alive(tmp_path)) == 2, "the stubborn pool children are what the sweep is for"
        SessionList(tmp_path / "sessions.json").sweep(patience=0.2)
        assert alive(tmp_path) == []


def test_a_sweep_never_touches_a_stranger_with_a_recorded_number(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    noted = {"name": "web", "leader": stranger.pid, "started": 1, "boot": this_boot(), "death_signal": 15}
    file.write_text(json.dumps([noted, noted | {"started": start_time(stranger.pid), "boot": "another"}]))
    SessionList(file).sweep(patience=0)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.supervisor.HOPELESS_AFTER", 2)
    broken = Program(
        "web", [sys.executable, "-c", "raise SystemExit('no such table')"], {}, tmp_path / "web.log"
    )
    with Supervisor(SessionList(tmp_path / "sessions.json")) as supervisor:
        supervisor.start(broken)
        with pytest.raises(Failure, match=r"web does not start[^$]*no such table"):
            supervisor.wait_until(lambda: False, "the web", patience=30)


def test_a_step_that_is_interrupted_leaves_nothing_running(tmp_path: Path) -> None:
    program = pool(tmp_path, "seed")
    with Supervisor(SessionList(tmp_path / "sessions.json")) as supervisor:
        supervisor.requests.append(signal.SIGTERM)
        with pytest.raises(BaseException, match="15"):
            supervisor.run(program.command, {}, program.log)
    assert alive(tmp_path) == []


def test_a_step_answers_with_its_exit_code(tmp_path: Path) -> None:
    with Supervisor(SessionList(tmp_path / "sessions.json")) as supervisor:
        command = [sys.executable, "-c", "import os; print(os.environ['WORD']); raise SystemExit(3)"]
        assert supervisor.run(command, {"WORD": "heard"}, tmp_path / "step.log") == 3
        assert (tmp_path / "step.log").read_text() == "heard\n"

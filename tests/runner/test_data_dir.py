"""One data directory: who holds it, what is kept in it, what --fresh may remove."""

import json
import os
from pathlib import Path

import pytest

from runner import ports
from runner.data_dir import DataDir
from runner.environment import for_owner, kept_secrets
from runner.failure import Failure
from runner.ownership import Ownership


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def test_option_before_variable_before_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "variable"))
    assert DataDir.chosen(str(tmp_path / "option")).path == tmp_path / "option"
    assert DataDir.chosen().path == tmp_path / "variable"
    assert (tmp_path / "variable").stat().st_mode & 0o066 == 0


def test_only_one_owner_and_the_second_hears_who_it_is(data: DataDir) -> None:
    first = Ownership(data)
    first.take_or_fail("demo")
    with pytest.raises(Failure, match=rf"in use by “./run demo” \(process {os.getpid()}, since"):
        Ownership(data).take_or_fail("demo")
    first.release()
    second = Ownership(data)
    assert second.take("services")
    second.release()


def test_an_owner_waits_for_its_guests_and_lets_no_new_ones_in(data: DataDir) -> None:
    owner, guest = Ownership(data), Ownership(data)
    owner.take("manage")
    guest.visit()
    assert not owner.closed_to_guests()
    guest.release()
    assert owner.closed_to_guests()
    owner.release()


def test_secrets_are_made_once_and_for_us_only(data: DataDir) -> None:
    made = kept_secrets(data)
    assert kept_secrets(data) == made
    assert made["FIELD_ENCRYPTION_KEYS"].startswith("k1:")
    assert len(made["FIELD_HASH_KEY"]) == 44
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_caller_wins_over_kept_secrets_and_addresses_win_over_the_caller(data: DataDir) -> None:
    caller = {"SECRET_KEY": "mine", "DATABASE_URL": "postgres://elsewhere/x", "PATH": "/bin"}
    environment = for_owner(data, {"DATABASE_URL": "postgres://here/x"}, caller)
    assert environment["SECRET_KEY"] == "mine"
    assert environment["DATABASE_URL"] == "postgres://here/x"
    assert environment["PORTAL_DATA_DIR"] == str(data.path)
    assert environment["PATH"] == "/bin"
    assert "server_password" not in environment


def test_fresh_removes_what_we_made_and_nothing_else(data: DataDir) -> None:
    kept_secrets(data)
    data.directory("postgres").joinpath("filled").touch()
    (data / "my-notes.txt").write_text("mine")
    ownership = Ownership(data)
    ownership.take("demo")
    data.clear()
    assert sorted(path.name for path in data.path.iterdir()) == ["my-notes.txt", "owner.lock"]
    ownership.release()


def test_logs_of_earlier_runs_step_aside(data: DataDir) -> None:
    for run in range(5):
        data.rotate_logs()
        data.log("web").write_text(f"run {run}")
    assert {log.name: log.read_text() for log in data.directory("logs").iterdir()} == {
        "web.log": "run 4", "web.log.1": "run 3", "web.log.2": "run 2", "web.log.3": "run 1",
    }  # fmt: skip


def test_ports_are_remembered_until_somebody_else_takes_one(data: DataDir, tmp_path: Path) -> None:
    import socket

    file = tmp_path / "ports.json"
    first = ports.remembered_ports(file, ("postgres", "bank"))
    assert ports.remembered_ports(file, ("postgres", "bank")) == first
    with socket.create_server(("127.0.0.1", first["bank"])):
        assert ports.agreed_port(file, "bank") == first["bank"], "its own bank may be what listens"
        second = ports.remembered_ports(file, ("postgres", "bank"))
    assert second["postgres"] == first["postgres"]
    assert second["bank"] != first["bank"]
    assert json.loads(file.read_text()) == second


def test_ports_stay_clear_of_those_of_outgoing_connections(tmp_path: Path) -> None:
    chosen = ports.remembered_ports(tmp_path / "ports.json", tuple("abcdefgh"))
    assert len(set(chosen.values())) == 8
    assert all(ports.LOWEST <= port < ports.first_outgoing_port() for port in chosen.values())

"""The first thing on a bare machine: .venv, made once, made again when a pin changes."""

import subprocess
import sys
from pathlib import Path

import pytest

from runner import install
from runner.commands import COMMANDS, wanted

ROOT = Path(__file__).parents[2]


def test_without_a_word_it_lists_every_command() -> None:
    for arguments in ([], ["--help"]):
        shown = subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True)
        assert shown.returncode == 0
        assert all(f"./run {name}" in shown.stdout for name in COMMANDS)


def test_an_unknown_word_is_an_error() -> None:
    shown = subprocess.run([ROOT / "run", "dmeo"], capture_output=True, text=True)
    assert shown.returncode == 2
    assert "dmeo" in shown.stderr
    assert wanted(["dmeo"]) is None


def test_it_makes_a_new_venv_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "MAKE_VENV", ["-m", "venv", "--without-pip"])  # pip is most of the time
    monkeypatch.setattr(install, "install", lambda *_: None)
    (tmp_path / "none.txt").write_text("# nothing to fetch\n")
    python = install.ensure_installed(("none.txt",), tmp_path)
    assert "Making .venv" in capfd.readouterr().err
    where = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert where.stdout.strip() == str(tmp_path / ".venv")
    install.ensure_installed(("none.txt",), tmp_path)
    assert capfd.readouterr().err == "", "the second start is silent and quick"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A .venv that is there; records what would be installed into it."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done: list[str] = []
    monkeypatch.setattr(install, "install", lambda _, files, __: done.append(" ".join(f.name for f in files)))
    return done


def test_a_changed_pin_is_installed_and_an_interrupted_one_tried_again(
    tmp_path: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("django==5.2\n")
    install.ensure_installed(("a.txt",), tmp_path)
    install.ensure_installed(("a.txt", "b.txt"), tmp_path)
    install.ensure_installed(("a.txt",), tmp_path)
    assert installed == ["a.txt", "a.txt b.txt"]

    (tmp_path / "b.txt").write_text("django==5.2.1\n")
    with monkeypatch.context() as patch:
        patch.setattr(install, "install", interrupted)
        with pytest.raises(install.InstallFailed):
            install.ensure_installed(("a.txt", "b.txt"), tmp_path)
    install.ensure_installed(("a.txt", "b.txt"), tmp_path)
    assert installed[2:] == ["a.txt b.txt"]


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_package_that_cannot_be_had_ends_with_the_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("./no-such-package-here\n")
    with pytest.raises(install.InstallFailed, match=r"install\.log"):
        install.install(Path(sys.executable), [pins], tmp_path / "install.log")
    assert "no-such-package-here" in capfd.readouterr().err

"""The bank as a process: what it keeps, what it refuses."""

import json
import os
import subprocess
import sys

from payments.gateways import GATEWAYS
from payments.gateways.base import Outcome
from payments.sandbox_bank.terminals import DEMO_CREDENTIALS, SADAD_KEY
from tests.payments.gateways.practice import Practice
from tests.payments.sandbox_bank.process import ROOT, BankProcess


def run(*options: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "payments.sandbox_bank", *options]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=20
    )


def test_a_hard_kill_loses_nothing_that_was_answered(tmp_path):
    bank = BankProcess(tmp_path)
    sep, sadad = Practice(GATEWAYS["sep"], bank), Practice(GATEWAYS["sadad"], bank)
    paid, waiting = sep.open(), sadad.open()
    sep.pay(paid)
    bank.control("POST", "clock", advance_seconds=60)
    bank.control("POST", "terminals", gateway="sep", credentials={"terminal_id": "21000009"})
    book = bank.control("GET", "book")
    now = bank.control("GET", "clock")["now"]

    bank.kill()
    with next(tmp_path.glob("*.jsonl")).open("ab") as file:
        file.write(b'{"move":["sep"')
    bank.start()

    assert bank.control("GET", "book") == book
    assert bank.control("GET", "clock")["now"] >= now
    assert Practice(GATEWAYS["sep"], bank, credentials={"terminal_id": "21000009"}).open().token
    assert sep.claim(paid).outcome is Outcome.SUCCESS
    sadad.pay(waiting)
    assert sadad.claim(waiting).outcome is Outcome.SUCCESS
    bank.stop()
    assert bank.process.returncode == 0


def test_it_refuses_to_run_beside_production():
    done = run("--port", "0", DJANGO_SETTINGS_MODULE="behzisti_portal.settings.production")
    assert done.returncode == 2
    assert "production" in done.stderr


def test_a_second_one_on_the_same_book_or_port_ends_with_a_word(bank, tmp_path):
    port = bank.url.rpartition(":")[2]
    done = run("--port", port, DJANGO_SETTINGS_MODULE="")
    assert done.returncode == 2
    assert "cannot listen" in done.stderr
    first = BankProcess(tmp_path)
    done = run("--port", "0", "--data", str(tmp_path), DJANGO_SETTINGS_MODULE="")
    first.stop()
    assert done.returncode == 2
    assert "another practice bank" in done.stderr


def test_the_control_room_has_a_lock(tmp_path):
    bank = BankProcess(None, SANDBOX_BANK_CONTROL_TOKEN="opens-it")
    calls = [("GET", "book"), ("POST", "pay"), ("POST", "faults"), ("DELETE", "faults"), ("POST", "clock")]
    assert bank.try_control("GET", "book")[0] == 200
    for token in ("", "guess"):
        bank.token = token
        assert {bank.try_control(*call)[0] for call in calls} == {403}
    bank.stop()


def test_terminals_of_a_file(tmp_path):
    row = {"gateway": "zibal", "credentials": {"merchant": "yazd"}, "name": "بهزیستی یزد"}
    file = tmp_path / "terminals.json"
    file.write_text(json.dumps([row]), encoding="utf-8")
    bank = BankProcess(None, "--terminals", str(file))
    assert Practice(GATEWAYS["zibal"], bank, credentials={"merchant": "yazd"}).open().token
    bank.stop()


def test_the_settings_can_read_the_terminals_without_the_server():
    script = "import sys, payments.sandbox_bank.terminals; print('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
    assert set(DEMO_CREDENTIALS) == set(GATEWAYS)
    assert SADAD_KEY == "U2FkYWRTYW5kYm94S2V5MTIzNDU2Nzg5"

"""The practice bank as a real process, and its control room from a test's side."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class BankProcess:
    """Start with `BankProcess(data)`; `url` is its origin. `kill` is kill -9, `start` starts it again."""

    def __init__(self, data: Path | None, *options: str, **environment: str) -> None:
        self._data = data
        self._options = options
        self._environment = environment
        self.token = environment.get("SANDBOX_BANK_CONTROL_TOKEN", "")
        self.start()

    def start(self) -> None:
        """Start it and wait for the line that names its port."""
        command = [sys.executable, "-m", "payments.sandbox_bank", "--port", "0", *self._options]
        if self._data:
            command += ["--data", str(self._data)]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "", **self._environment}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("practice bank on http://"), f"the bank did not start: {line!r}"
        self.url = line.split()[3]

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._reap()

    def stop(self) -> None:
        """SIGTERM."""
        self.process.terminate()
        self._reap()

    def _reap(self) -> None:
        self.process.wait(10)
        self.process.stdout.close()

    def control(self, method: str, path: str, **row: object) -> object:
        """One call of the control room; its JSON. AssertionError for a refusal."""
        status, found = self.try_control(method, path, **row)
        assert status == 200, f"{path}: {status} {found}"
        return found

    def try_control(self, method: str, path: str, **row: object) -> tuple[int, object]:
        """The same with its HTTP status."""
        url, body = f"{self.url}/control/{path}", None
        if method == "GET" and row:
            url += "?" + urllib.parse.urlencode(row)
        elif method != "GET":
            body = json.dumps(row).encode()
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def payment(self, gateway: str, token: str) -> dict:
        """The bank's own row of a payment."""
        return self.control("GET", "payment", gateway=gateway, token=token)

    def fault(self, gateway: str, call: str, fault: str, **more: object) -> dict:
        """Misbehave, once unless told otherwise."""
        more = {"times": 1} | more
        return self.control("POST", "faults", gateway=gateway, call=call, fault=fault, **more)

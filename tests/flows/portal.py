"""The portal as real processes (web, worker, beat) on a test's own database, and a donor who speaks HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin

import urllib3

from runner import processes

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE):
    """Poll until `condition` gives something true and return it; AssertionError with `what` otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """Start and kill the portal's processes. `kill` is kill -9 of the process and all its children."""

    def __init__(self, directory: Path, *, database_url: str, redis_url: str, bank_url: str) -> None:
        self.directory, self.port = directory, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "behzisti_portal.settings.test",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SANDBOX_BANK_URL": bank_url,
            "PORTAL_BASE_URL": self.url,
            "GATEWAY_READ_TIMEOUT": "3",
            "GATEWAY_CONNECT_TIMEOUT": "1",
            "WEB_WORKERS": "1",
        }
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, *names: str) -> None:
        commands = {
            "web": processes.web(f"127.0.0.1:{self.port}"),
            "worker": processes.worker(1),
            "beat": processes.beat(str(self.directory / "beat")),
        }
        for name in names:
            with (self.directory / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    processes.with_python(commands[name]),
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "web" in names:
            wait_until(lambda: self._is_up(), "the web process answers")

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, 9)
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def _is_up(self) -> bool:
        try:
            return Donor(self).get("/healthz").status == 200
        except urllib3.exceptions.HTTPError:
            return False


class Page(HTMLParser):
    """The first form of a page: where it goes and what it carries; `hidden` and chosen fields only."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action, self.method, self.fields, self.buttons = "", "", {}, []
        self._forms = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._forms += 1
            if self._forms == 1:
                self.action, self.method = given.get("action", ""), given.get("method", "get").upper()
        elif self._forms == 1 and tag == "input" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")
        elif self._forms == 1 and tag == "button" and given.get("name"):
            self.buttons.append((given["name"], given.get("value", "")))


class Donor:
    """Plain HTTP: no cookies, no JavaScript, no redirects followed unless asked."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(15))

    def get(self, address: str):
        return self.http.request("GET", urljoin(self.portal.url, address), redirect=False)

    def post_form(self, address: str, fields: dict):
        return self.http.request(
            "POST",
            urljoin(self.portal.url, address),
            body=urlencode(fields),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            redirect=False,
        )

    def create(self, **body) -> dict:
        """POST /api/v1/donations/; the answer, which must be 201."""
        answer = self.http.request("POST", f"{self.portal.url}/api/v1/donations/", json=body)
        assert answer.status == 201, (answer.status, answer.data)
        return json.loads(answer.data)

    def status(self, gift: dict) -> str:
        return json.loads(self.get(gift["status_url"]).data)["status"]

    def go_to_bank(self, gift: dict) -> str:
        """Follow the pay_url to the bank's card page; its address."""
        answer = self.get(gift["pay_url"])
        if answer.status in (302, 303):
            return answer.headers["Location"]
        assert answer.status == 200, (answer.status, answer.data[:500])
        form = Page(answer.data.decode())
        page = self.post_form(form.action, form.fields)
        assert page.status in (200, 302, 303), page.status
        return page.headers.get("Location") or (form.action, form.fields)

    def at_card_page(self, where, choice: str = "pay") -> tuple[str, str, dict]:
        """Press a button of the bank's card page; (method, address, fields) of the way back."""
        page = self.post_form(*where) if isinstance(where, tuple) else self.get(where)
        form = Page(page.data.decode())
        name = next((n for n, v in form.buttons if v == choice), None)
        assert name, (form.buttons, page.data[:300])
        address = where[0] if isinstance(where, tuple) else where
        back = self.post_form(urljoin(address, form.action), form.fields | {name: choice})
        if back.status in (302, 303):
            return "GET", back.headers["Location"], {}
        form = Page(back.data.decode())
        return form.method, form.action, form.fields

    def come_back(self, way: tuple[str, str, dict]):
        method, address, fields = way
        return self.post_form(address, fields) if method == "POST" else self.get(address)

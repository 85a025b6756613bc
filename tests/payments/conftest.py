"""The practice bank behind the portal's own pages and API."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.core.cache import cache
from django.test import Client

from payments.gateways import transport
from tests.payments.sandbox_bank.process import BankProcess

PORTAL = "http://127.0.0.1:8111"


@pytest.fixture(scope="session")
def bank_process(tmp_path_factory) -> Iterator[BankProcess]:
    process = BankProcess(tmp_path_factory.mktemp("portal-bank"))
    yield process
    process.stop()
    transport.close_all()


@pytest.fixture
def sandbox(bank_process, settings) -> Iterator[BankProcess]:
    """The practice bank behind every gateway, well-behaved at the start and the end."""
    settings.SANDBOX_BANK_URL = bank_process.url
    settings.PORTAL_BASE_URL = PORTAL
    settings.GATEWAY_CONNECT_TIMEOUT, settings.GATEWAY_READ_TIMEOUT = 1.0, 2.0
    cache.clear()
    yield bank_process
    bank_process.control("DELETE", "faults")
    cache.clear()


@pytest.fixture
def browser() -> Client:
    """A browser as strict as a real one."""
    return Client(enforce_csrf_checks=True)


class _Form(HTMLParser):
    """The first form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = self.method = ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form" and not self.action:
            self.action, self.method = said["action"], said.get("method", "get").lower()
        if tag == "input" and said.get("name"):
            self.values[said["name"]] = said.get("value") or ""


def form_of(page: str) -> _Form:
    form = _Form()
    form.feed(page)
    return form


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(url: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
    """A browser's request to the bank: (status, Location, page); redirects are not followed."""
    body = urlencode(fields).encode() if fields is not None else None
    try:
        with build_opener(_Stay()).open(Request(url, data=body), timeout=10) as answer:
            return answer.status, "", answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("Location") or "", error.read().decode()


def at_the_bank(page: str, address: str, action: str) -> tuple[str, str, dict[str, str]]:
    """Decide on the bank's card page; the way back: (method, path with query, fields)."""
    card = form_of(page)
    status, location, answer = ask(urljoin(address, card.action), card.values | {"action": action})
    if status == 302:
        parts = urlsplit(location)
        return "GET", f"{parts.path}?{parts.query}", {}
    back = form_of(answer)
    return "POST", urlsplit(back.action).path, back.values

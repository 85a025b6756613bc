"""A donor over plain HTTP: no cookies, no scripts. Writes a gift down, goes to the bank, presses a button there,
comes back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from bench.support.http import Answer, Client

GATEWAYS = ("zarinpal", "sep", "sadad", "mellat", "zibal")
_TAG = re.compile(rb"<(form|input)\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([a-z-]+)="([^"]*)"')


class Refused(Exception):
    """An answer no donor should get here; `status` says which."""

    def __init__(self, step: str, answer: Answer) -> None:
        super().__init__(f"{step}: HTTP {answer.status} {answer.body[:200]!r}")
        self.step, self.status, self.body = step, answer.status, answer.body


@dataclass(frozen=True)
class Wish:
    """What somebody gives. `key` makes a repeated request the same gift."""

    key: str
    amount_rial: int
    fund: str = "general"
    province: str = ""
    gateway: str = ""
    mobile: str = ""


@dataclass(frozen=True)
class Page:
    """A form as a browser would send it: where, how and with which hidden fields."""

    url: str
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def gateway(self) -> str:
        """Of an address at the practice bank."""
        return self.url.split("/")[3]

    @property
    def token(self) -> str:
        """The bank's token of a hand-over."""
        if self.fields:
            return self.fields.get("Token") or self.fields["RefId"]
        return self.url.rpartition("=")[2] if "?" in self.url else self.url.rpartition("/")[2]


class Donor:
    """Requests of one portal and its bank; any number of donors may share one."""

    def __init__(self, client: Client, portal_url: str, bank_url: str) -> None:
        self.client, self.portal_url, self.bank_url = client, portal_url, bank_url

    async def write_by_api(self, wish: Wish) -> tuple[str, Answer]:
        """POST /api/v1/donations/; (tracking code, answer)."""
        said = {"amount_rial": wish.amount_rial, "fund": wish.fund, "province": wish.province}
        body = json.dumps(
            said
            | ({"gateway": wish.gateway} if wish.gateway else {})
            | ({"donor": {"name": "", "mobile": wish.mobile}} if wish.mobile else {})
        ).encode()
        answer = await self.client.post(
            f"{self.portal_url}/api/v1/donations/",
            body,
            "application/json",
            f"Idempotency-Key: {wish.key}\r\n",
        )
        if answer.status != 201:
            raise Refused("create", answer)
        return json.loads(answer.body)["tracking_code"], answer

    async def write_by_form(self, wish: Wish) -> tuple[str, Answer]:
        """POST /give/, as the form sends it; (tracking code, answer)."""
        fields = {
            "fund": wish.fund,
            "amount": str(wish.amount_rial // 10),
            "province": wish.province,
            "county": "",
            "name": "",
            "mobile": wish.mobile,
            "message": "",
            "form_key": wish.key,
        }
        answer = await self.client.post_form(f"{self.portal_url}/give/", urlencode(fields).encode())
        if answer.status != 303:
            raise Refused("create", answer)
        return answer.location.rstrip("/").rpartition("/")[2], answer

    async def go_to_bank(self, code: str, gateway: str = "") -> tuple[Page, Answer]:
        """GET pay_url without cookies; (the hand-over, answer). Refused when there is none (503: no gateway,
        303: received or in review already)."""
        query = f"?gateway={gateway}" if gateway else ""
        answer = await self.client.get(f"{self.portal_url}/pay/{code}/{query}")
        if answer.status == 302 and answer.location.startswith(self.bank_url):
            return Page(answer.location), answer
        if answer.status != 200:
            raise Refused("pay_url", answer)
        return form_of(answer.body), answer

    async def open_card_page(self, page: Page) -> Answer:
        """What the browser sees at the bank."""
        if page.method == "POST":
            return await self.client.post_form(page.url, urlencode(page.fields).encode())
        return await self.client.get(page.url)

    async def press(self, page: Page, button: str = "pay") -> tuple[Page, Answer]:
        """Press a button of the card page; (the way back, answer)."""
        address = f"{self.bank_url}/{page.gateway}/card/{page.token}"
        answer = await self.client.post_form(address, f"action={button}".encode())
        if answer.status == 302:
            return Page(answer.location), answer
        if answer.status != 200:
            raise Refused("bank", answer)
        return form_of(answer.body), answer

    async def come_back(self, way: Page) -> Answer:
        """The callback; the portal answers with the address of the gift's page."""
        if way.method == "POST":
            answer = await self.client.post_form(way.url, urlencode(way.fields).encode())
        else:
            answer = await self.client.get(way.url)
        if answer.status != 303:
            raise Refused("callback", answer)
        return answer

    async def status(self, code: str) -> str:
        """GET /api/v1/donations/<code>/."""
        answer = await self.client.get(f"{self.portal_url}/api/v1/donations/{code}/")
        if answer.status != 200:
            raise Refused("status", answer)
        return json.loads(answer.body)["status"]


def form_of(html: bytes) -> Page:
    """The form of a page that leads to another origin, with its hidden fields."""
    url, method, fields = "", "", {}
    for tag, text in _TAG.findall(html):
        given = {name.decode(): unescape(value.decode()) for name, value in _ATTRIBUTE.findall(text)}
        if tag == b"form":
            if url:
                break
            if given.get("action", "").startswith("http"):
                url, method = given["action"], given.get("method", "get").upper()
        elif url and given.get("name"):
            fields[given["name"]] = given.get("value", "")
    return Page(url, method, fields)

"""The HTTP side of the practice bank: each gateway under its own prefix, at its real paths."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from payments.sandbox_bank import delivery, page
from payments.sandbox_bank.banks import BANKS
from payments.sandbox_bank.banks.base import Answered, PracticeBank
from payments.sandbox_bank.book import Book
from payments.sandbox_bank.faults import Fault, Faults
from payments.sandbox_bank.terminals import Terminals

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HANG_SECONDS = 60.0
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Hall:
    """Everything of one running bank."""

    def __init__(self, book: Book, terminals: Terminals, callback_hosts: frozenset[str]) -> None:
        self.book = book
        self.terminals = terminals
        self.faults = Faults()
        self.calls: Counter[str] = Counter()  # "gateway.call" -> how often it was asked
        self.banks: dict[str, PracticeBank] = {
            bank.gateway: bank(book, terminals, callback_hosts) for bank in BANKS
        }
        self.messenger = delivery.Messenger(self.faults)
        for event in book.other_events:
            if "terminal" in event:
                terminals.add(event["terminal"])


def build(hall: Hall) -> web.Application:
    """The application with all five gateways; the control room is added by `control.add_routes`."""
    app = web.Application(client_max_size=256 * 1024)
    for name, bank in hall.banks.items():
        for path, call in bank.paths.items():
            app.router.add_post(f"/{name}{path}", _calls(hall, bank, call))
        for method, path in bank.handover_paths:
            app.router.add_route(method, f"/{name}{path}", _card_page(hall, bank))
        app.router.add_post(f"/{name}/card/{{token}}", _card_form(hall, bank))
    app.router.add_get("/", _front_page)
    app.router.add_get("/healthz", _health)
    app.on_cleanup.append(hall.messenger.close)
    return app


def _calls(hall: Hall, bank: PracticeBank, call: str) -> Handler:
    """A call of the merchant's server."""

    async def answer(request: web.Request) -> web.StreamResponse:
        read = bank.read(call, await request.read())
        if read is None:
            return _encoded(bank, call, bank.unreadable(call))
        name, payload = read
        hall.calls[f"{bank.gateway}.{name}"] += 1
        if hall.faults.rules:
            fault = hall.faults.strike(bank.gateway, name, bank.order_of(name, payload))
            if fault is not None:
                return await _misbehave(fault, request, bank, name, payload)
        return _encoded(bank, name, bank.answer(name, payload))

    return answer


def _encoded(bank: PracticeBank, call: str, answered: Answered) -> web.Response:
    status, content, content_type = bank.encode(call, answered)
    return web.Response(status=status, body=content, content_type=content_type, charset="utf-8")


async def _misbehave(
    fault: Fault, request: web.Request, bank: PracticeBank, call: str, payload: Mapping[str, Any]
) -> web.StreamResponse:
    kind = fault.kind
    if kind == "slow":
        await asyncio.sleep(fault.seconds(0))
        return _encoded(bank, call, bank.answer(call, payload))
    if kind == "refuse":
        return _encoded(bank, call, bank.refusal(call, fault.detail))
    if not kind.endswith("_before") and kind != "http_502":
        answered = bank.answer(call, payload)
    if kind.startswith("timeout"):
        await asyncio.sleep(fault.seconds(HANG_SECONDS))
    if kind.startswith(("timeout", "close")):
        if request.transport is not None:
            request.transport.abort()
        return web.Response()  # nobody is there to read it
    if kind.startswith("http_502"):
        return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
    if kind == "malformed":
        content = bank.encode(call, answered)
        return web.Response(body=content[1][: max(len(content[1]) * 2 // 3, 1)], content_type=content[2])
    if kind == "duplicate_code":
        return _encoded(bank, call, bank.answer(call, payload))
    return _encoded(bank, call, bank.bent(call, kind, answered))


def _card_page(hall: Hall, bank: PracticeBank) -> Handler:
    """Where the payer arrives."""

    async def show(request: web.Request) -> web.StreamResponse:
        fields = {key.lower(): value for key, value in request.query.items()}
        if request.method == "POST":
            if request.content_type == "application/json":
                return await _calls(hall, bank, "request")(request)
            fields |= {key.lower(): str(value) for key, value in (await request.post()).items()}
        token = request.match_info.get("token") or fields.get(bank.token_field, "")
        payment = hall.book.by_token(bank.gateway, token)
        if payment is None:
            return _html(page.message_page("پرداخت پیدا نشد", "بانک این نشانهٔ پرداخت را نمی‌شناسد."), 404)
        if fields.get("getmethod", "").lower() == "true":
            payment.extra["get_method"] = True
        return _html(page.card_page(payment, bank.terminal(payment.terminal)))

    return show


def _card_form(hall: Hall, bank: PracticeBank) -> Handler:
    """The payer's decision; asked again, the same way back again."""

    async def decide(request: web.Request) -> web.StreamResponse:
        payment = hall.book.by_token(bank.gateway, request.match_info["token"])
        if payment is None:
            return _html(page.message_page("پرداخت پیدا نشد", "بانک این نشانهٔ پرداخت را نمی‌شناسد."), 404)
        action = str((await request.post()).get("action", ""))
        if action in ("pay", "cancel", "fail"):
            bank.pay(payment, action)
        elif action != "back":
            return _html(page.message_page("درخواست نامعتبر", "این دکمه شناخته نیست."), 400)
        back = bank.way_back(payment)
        if not bank.callback_allowed(back.url):
            return _html(page.message_page("نشانی بازگشت مجاز نیست", "این نشانی نزد بانک ثبت نشده است."), 400)
        back = await hall.messenger.on_the_way(bank, payment, back)
        if back is None:
            return _html(page.message_page("ارتباط قطع شد", "مرورگر به پذیرنده بازنگشت."))
        if back.method == "GET":
            raise web.HTTPFound(back.address)
        return _html(page.return_page(back))

    return decide


async def _front_page(request: web.Request) -> web.StreamResponse:
    return _html(page.message_page("بانک آزمایشی", "درگاه‌های بانکی برای تمرین، بدون پول."))


async def _health(request: web.Request) -> web.StreamResponse:
    return web.Response(text="ok")


def _html(content: str, status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=content, content_type="text/html", status=status, headers=headers)


def json_response(data: Any, status: int = 200) -> web.Response:
    """A JSON answer of the control room."""
    content = json.dumps(data, ensure_ascii=False).encode()
    return web.Response(body=content, status=status, content_type="application/json")

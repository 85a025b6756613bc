"""The control room: paying without a browser, faults on order, the clock, the book.

Guarded by SANDBOX_BANK_CONTROL_TOKEN when it is set (`Authorization: Bearer …`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from payments.sandbox_bank.book import Payment, State
from payments.sandbox_bank.server import Hall, Handler, json_response

Action = Callable[[Hall, dict[str, Any]], Awaitable[Any]]
_ACTIONS = ("pay", "cancel", "fail", "none")


def add_routes(app: web.Application, hall: Hall, token: str) -> None:
    """Put the control room under /control/."""

    def guarded(action: Action) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if token and not hmac.compare_digest(given.encode(), token.encode()):
                return json_response({"error": "control token"}, 403)
            try:
                row = json.loads(await request.read() or b"{}") if request.can_read_body else {}
                if not isinstance(row, dict):
                    raise ValueError("a JSON object is expected")
                found = await action(hall, dict(request.query) | row)
            except (ValueError, TypeError, KeyError) as error:
                return json_response({"error": str(error)}, 400)
            except LookupError as error:
                return json_response({"error": str(error)}, 404)
            return found if isinstance(found, web.StreamResponse) else json_response(found)

        return answer

    app.router.add_post("/control/pay", guarded(_pay))
    app.router.add_post("/control/refund", guarded(_refund))
    app.router.add_get("/control/payment", guarded(_payment))
    app.router.add_get("/control/book", guarded(_book))
    app.router.add_get("/control/calls", guarded(_calls))
    app.router.add_get("/control/clock", guarded(_clock))
    app.router.add_post("/control/clock", guarded(_advance))
    app.router.add_get("/control/faults", guarded(_list_faults))
    app.router.add_post("/control/faults", guarded(_add_fault))
    app.router.add_delete("/control/faults", guarded(_clear_faults))
    app.router.add_post("/control/terminals", guarded(_add_terminal))


def _one(hall: Hall, row: dict[str, Any]) -> Payment:
    """The payment meant by `{token | order_id, gateway?}`."""
    token, order_id = str(row.get("token") or ""), str(row.get("order_id") or "")
    if not token and not order_id:
        raise ValueError("token or order_id is needed")
    found = hall.book.find(token, order_id, str(row.get("gateway") or ""))
    if not found:
        raise UnknownPayment("no such payment")
    if len(found) > 1:
        raise ValueError("more than one payment: name the gateway")
    return found[0]


class UnknownPayment(LookupError):
    """No payment has that token or order id."""


async def _pay(hall: Hall, row: dict[str, Any]) -> Any:
    """Be the payer: `{token|order_id, gateway?, action, deliver?}`; the callback is given back."""
    payment = _one(hall, row)
    action = str(row.get("action", "pay"))
    if action not in _ACTIONS:
        raise ValueError(f"action is one of {', '.join(_ACTIONS)}")
    bank = hall.banks[payment.gateway]
    if action != "none":
        bank.pay(payment, action)
    back = bank.way_back(payment)
    deliver = row.get("deliver", False)
    statuses: list[int] = []
    if deliver and bank.callback_allowed(back.url):
        on_the_way = await hall.messenger.on_the_way(bank, payment, back)
        if on_the_way is not None:
            back = on_the_way
            statuses = await hall.messenger.deliver(back, 1 if deliver is True else int(deliver))
    callback = {"method": back.method, "url": back.url, "fields": dict(back.fields), "address": back.address}
    return {"payment": payment.row(), "callback": callback, "delivered": statuses}


async def _refund(hall: Hall, row: dict[str, Any]) -> Any:
    """The bank sends verified money back by itself: a late reversal."""
    payment = _one(hall, row)
    hall.book.move(payment, State.REFUNDED)
    return payment.row()


async def _payment(hall: Hall, row: dict[str, Any]) -> Any:
    return _one(hall, row).row()


async def _book(hall: Hall, row: dict[str, Any]) -> Any:
    """All payments; `?gateway=`, `?state=`; `?format=lines` gives a JSON object a line."""
    gateway, state = row.get("gateway"), row.get("state")
    rows = [
        payment.row()
        for payment in hall.book.all()
        if (not gateway or payment.gateway == gateway) and (not state or payment.state == state)
    ]
    if row.get("format") != "lines":
        return rows
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in rows)
    return web.Response(text=content, content_type="application/x-ndjson")


async def _calls(hall: Hall, row: dict[str, Any]) -> Any:
    """How often each call was asked since the start: `{"sep.verify": 3, …}`."""
    return dict(hall.calls)


async def _clock(hall: Hall, row: dict[str, Any]) -> Any:
    return {"now": hall.book.now()}


async def _advance(hall: Hall, row: dict[str, Any]) -> Any:
    """Move the bank's clock forward by `advance_seconds`; it cannot go back."""
    seconds = float(row["advance_seconds"])
    if seconds < 0:
        raise ValueError("the clock goes forward only")
    return {"now": hall.book.advance(seconds)}


async def _list_faults(hall: Hall, row: dict[str, Any]) -> Any:
    return [fault.row() for fault in hall.faults.rules]


async def _add_fault(hall: Hall, row: dict[str, Any]) -> Any:
    """`{gateway?, call?, fault, times?, probability?, seed?, order_id?}`; see `faults`."""
    return hall.faults.add(row).row()


async def _clear_faults(hall: Hall, row: dict[str, Any]) -> Any:
    hall.faults.clear()
    return []


async def _add_terminal(hall: Hall, row: dict[str, Any]) -> Any:
    """`{gateway, credentials, name?, options?}`; remembered."""
    terminal = hall.terminals.add(row)
    hall.book.note({"terminal": row})
    return {"gateway": terminal.gateway, "identity": terminal.identity}

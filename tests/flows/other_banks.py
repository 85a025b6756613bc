"""Two banks written from the gateways' documents alone, as somebody else would write them.

They share nothing with the practice bank. Each serves under a prefix of its own and keeps a small book.
"""

from __future__ import annotations

import itertools
import json
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
MELLAT = "{http://interfaces.core.sw.bps.com/}"
CARD_PAGE = (
    "<!doctype html><title>bank</title><form method=post action='{action}'>{hidden}"
    "<button name=choice value=pay>pay</button></form>"
)


class OtherBank:
    """A server with a book: {token: row}. `url` is what GATEWAY_<NAME>_BASE_URL is set to."""

    prefix = ""

    def __init__(self) -> None:
        self.book: dict[str, dict] = {}
        self.calls: list[str] = []
        self.numbers = itertools.count(700_000_001)
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bank.serve(self, "GET")

            def do_POST(self) -> None:
                bank.serve(self, "POST")

            def log_message(self, *args) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + self.prefix
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, request: BaseHTTPRequestHandler, method: str) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = urlsplit(request.path).path
        status, kind, answer, place = 404, "text/plain", b"", ""
        if path.startswith(self.prefix + "/"):
            status, kind, answer, place = self.answer(method, path[len(self.prefix) :], body)
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(answer)))
        if place:
            request.send_header("Location", place)
        request.end_headers()
        request.wfile.write(answer)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes, str]:
        raise NotImplementedError


def page(html: str) -> tuple[int, str, bytes, str]:
    return 200, "text/html; charset=utf-8", html.encode(), ""


def hidden(fields: dict[str, str]) -> str:
    return "".join(f'<input type=hidden name="{n}" value="{escape(v)}">' for n, v in fields.items())


class OtherZarinPal(OtherBank):
    """REST in JSON; the amount is part of verify; 100 the first time and 101 from then on."""

    prefix = "/zp"

    def answer(self, method, path, body):
        if path.startswith("/pg/StartPay/"):
            token = path.rsplit("/", 1)[1]
            if method == "GET":
                return page(CARD_PAGE.format(action="", hidden=""))
            self.book[token]["paid"] = True
            back = self.book[token]["callback_url"] + "?" + urlencode({"Authority": token, "Status": "OK"})
            return 302, "text/html", b"", back
        call = path.removeprefix("/pg/v4/payment/").removesuffix(".json")
        self.calls.append(call)
        said = json.loads(body)
        known = {"request": self.request, "verify": self.verify, "inquiry": self.inquiry}.get(call)
        data, error = known(said) if known else ({}, -9)
        reply = {"data": data, "errors": {"code": error, "message": "no"} if error else []}
        return (400 if error else 200), "application/json", json.dumps(reply).encode(), ""

    def request(self, said):
        fits = (
            len(said["merchant_id"]) == 36
            and isinstance(said["amount"], int)
            and said["amount"] >= 1000
            and said["currency"] == "IRR"
            and said["callback_url"].startswith("http")
            and 0 < len(said["description"]) <= 500
        )
        if not fits:
            return {}, -9
        token = "A" + str(next(self.numbers)).zfill(35)
        self.book[token] = said | {"paid": False, "verified": 0}
        return {"code": 100, "message": "Success", "authority": token, "fee_type": "Merchant", "fee": 0}, 0

    def verify(self, said):
        row = self.book.get(said["authority"])
        if row is None or row["merchant_id"] != said["merchant_id"]:
            return {}, -54
        if not row["paid"]:
            return {}, -51
        if row["amount"] != said["amount"]:
            return {}, -50
        row["verified"] += 1
        row.setdefault("ref_id", next(self.numbers))
        code = 100 if row["verified"] == 1 else 101
        return {
            "code": code, "ref_id": row["ref_id"], "card_pan": "502229******5995", "card_hash": "AB" * 32,
            "fee_type": "Merchant", "fee": 0,
        }, 0  # fmt: skip

    def inquiry(self, said):
        row = self.book[said["authority"]]
        status = "VERIFIED" if row["verified"] else "PAID" if row["paid"] else "IN_BANK"
        return {"code": 100, "message": "Success", "status": status}, 0


class OtherMellat(OtherBank):
    """SOAP: pay, verify, settle, inquiry. Orders are unique; verify wants our order and the bank's own number."""

    prefix = "/bpm"

    def answer(self, method, path, body):
        if path == "/pgwchannel/startpay.mellat" and method == "POST":
            return self.card_page(dict(parse_qsl(body.decode())))
        if path != "/pgwchannel/services/pgw" or method != "POST":
            return 404, "text/plain", b"", ""
        asked = ElementTree.fromstring(body).find(f"{SOAP}Body")[0]
        name = asked.tag.removeprefix(MELLAT)
        self.calls.append(name)
        said = {child.tag: child.text or "" for child in asked}
        code = "21" if not all(said.get(k) for k in ("terminalId", "userName", "userPassword")) else ""
        code = code or {
            "bpPayRequest": self.pay, "bpVerifyRequest": self.verify, "bpSettleRequest": self.settle,
            "bpInquiryRequest": self.inquiry,
        }[name](said)  # fmt: skip
        reply = (
            '<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
            f'<ns:{name}Response xmlns:ns="http://interfaces.core.sw.bps.com/"><return>{code}</return>'
            f"</ns:{name}Response></S:Body></S:Envelope>"
        )
        return 200, "text/xml; charset=utf-8", reply.encode(), ""

    def card_page(self, fields):
        row = self.book[fields["RefId"]]
        if fields.get("choice") != "pay":
            return page(CARD_PAGE.format(action="", hidden=hidden({"RefId": fields["RefId"]})))
        row["state"], row["sale"] = "paid", str(next(self.numbers))
        back = {
            "RefId": fields["RefId"], "ResCode": "0", "SaleOrderId": row["orderId"],
            "SaleReferenceId": row["sale"], "CardHolderPan": "610433******1234", "FinalAmount": row["amount"],
        }  # fmt: skip
        return page(f"<form method=post action='{row['callBackUrl']}'>{hidden(back)}</form>")

    def pay(self, said):
        if any(row["orderId"] == said["orderId"] for row in self.book.values()):
            return "41"
        if len(said["localDate"]) != 8 or len(said["localTime"]) != 6 or int(said["amount"]) <= 0:
            return "35"
        token = f"REF{next(self.numbers)}"
        self.book[token] = said | {"state": "asked", "sale": ""}
        return f"0,{token}"

    def _row(self, said):
        same = (said["saleOrderId"], said["saleReferenceId"])
        return next((r for r in self.book.values() if (r["orderId"], r["sale"]) == same), None)

    def verify(self, said):
        row = self._row(said)
        if row is None:
            return "42"
        before, row["state"] = row["state"], "verified" if row["state"] == "paid" else row["state"]
        return {"paid": "0", "verified": "43", "settled": "43"}[before]

    def settle(self, said):
        row = self._row(said)
        if row is None or row["state"] == "paid":
            return "47"
        before, row["state"] = row["state"], "settled"
        return "0" if before == "verified" else "45"

    def inquiry(self, said):
        row = self._row(said)
        return {"paid": "0", "verified": "43", "settled": "45"}[row["state"]] if row else "42"

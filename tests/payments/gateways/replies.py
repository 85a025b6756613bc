"""A bank of paper: it answers with prepared replies, or passes on what a real one says, rewritten."""

import http.client
import json
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ReplyServer:
    """Prepared replies are used up in order; the last one stays. `asked` holds (path, body) of each call."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.prepared: list[tuple[int, bytes, str]] = []
        self.answer: Callable[[str, bytes, dict], tuple[int, bytes, str]] = self._next_prepared
        self.connections = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                outer.connections += 1
                super().setup()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.path, body.decode()))
                status, content, kind = outer.answer(self.path, body, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "ReplyServer":
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def say(self, body: object, status: int = 200, kind: str = "") -> None:
        """Prepare one reply: a JSON value, text, or bytes."""
        if isinstance(body, bytes):
            content = body
        elif isinstance(body, str):
            content = body.encode()
        else:
            content = json.dumps(body).encode()
        self.prepared.append((status, content, kind or "application/json"))

    def say_soap(self, returned: str) -> None:
        """Prepare one SOAP reply."""
        self.say(
            '<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
            '<ns2:anyResponse xmlns:ns2="http://interfaces.core.sw.bps.com/">'
            f"<return>{returned}</return></ns2:anyResponse></S:Body></S:Envelope>",
            kind="text/xml",
        )

    def rewrite(self, bank_url: str, change: Callable[[object], object], absent: str = "") -> None:
        """Pass calls on to a bank and change its JSON; paths that contain `absent` are an HTML 404."""
        host = urllib.parse.urlsplit(bank_url)

        def passed_on(path: str, body: bytes, headers: dict) -> tuple[int, bytes, str]:
            if absent and absent in path:
                return 404, b"<html><body>Not Found</body></html>", "text/html"
            connection = http.client.HTTPConnection(host.hostname, host.port, timeout=5)
            kept = {"Content-Type": headers["Content-Type"]}
            connection.request("POST", host.path + path, body, kept)
            answer = connection.getresponse()
            content, kind = answer.read(), answer.headers["Content-Type"]
            connection.close()
            if "json" in kind:
                content = json.dumps(change(json.loads(content))).encode()
            return answer.status, content, kind

        self.answer = passed_on

    def _next_prepared(self, path: str, body: bytes, headers: dict) -> tuple[int, bytes, str]:
        return self.prepared.pop(0) if len(self.prepared) > 1 else self.prepared[0]

"""Stands in for the web: ready at once, shows what it was told."""

import http.server
import json
import os
import sys


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"pid": os.getpid(), "told": dict(os.environ)}).encode())


if __name__ == "__main__":
    host, port = sys.argv[sys.argv.index("--bind") + 1].split(":")
    http.server.HTTPServer((host, int(port)), Page).serve_forever()

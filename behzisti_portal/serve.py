"""How the portal is served, the same on one machine and in production: `python -m behzisti_portal.serve --bind H:P`.

Granian speaks HTTP and needs half the processor time a request that gunicorn's threads did (docs/benchmarks.md).
Threads, because a request waits for the database or a bank far more than it computes. WEB_WORKERS times WEB_THREADS
is the number of database connections the web tier may hold (PgBouncer shares them out).
"""

from __future__ import annotations

import argparse
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

PORTAL = "behzisti_portal.wsgi:application"
_DAY = 86_400


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m behzisti_portal.serve")
    parser.add_argument("--bind", required=True, metavar="HOST:PORT")
    parser.add_argument("--application", default=PORTAL)
    options = parser.parse_args()
    host, _, port = options.bind.rpartition(":")
    Granian(
        options.application,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # the proxy in front speaks with the world
        websockets=False,
        workers=int(os.environ.get("WEB_WORKERS", "2")),
        blocking_threads=int(os.environ.get("WEB_THREADS", "8")),
        blocking_threads_idle_timeout=600,  # a thread keeps its database connection
        backlog=2048,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_lifetime=_DAY,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_access=False,  # paths carry receipt tokens and tracking codes, and addresses are personal data
    ).serve()


if __name__ == "__main__":
    main()

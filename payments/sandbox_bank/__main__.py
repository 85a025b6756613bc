"""`python -m payments.sandbox_bank --port P [--host H] [--data DIR] [--terminals FILE]`.

Environment: SANDBOX_BANK_CONTROL_TOKEN guards the control room; SANDBOX_BANK_CALLBACK_HOSTS adds hosts,
separated by commas, to which a payer may be sent back (127.0.0.1 and localhost always).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from payments.sandbox_bank import control
from payments.sandbox_bank.book import Book
from payments.sandbox_bank.journal import Journal, NoJournal
from payments.sandbox_bank.server import Hall, build
from payments.sandbox_bank.terminals import Terminals

JOURNAL_NAME = "sandbox_bank.jsonl"


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 when it must not or cannot start."""
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        print("the practice bank never runs beside production settings", file=sys.stderr)
        return 2
    options = _options()
    try:
        journal = Journal(options.data / JOURNAL_NAME) if options.data else NoJournal()
    except BlockingIOError:
        print(f"another practice bank keeps its book in {options.data}", file=sys.stderr)
        return 2
    terminals = Terminals()
    if options.terminals:
        terminals.read(options.terminals)
    hall = Hall(Book(journal), terminals, _callback_hosts())
    gc.freeze()  # the replayed book lives as long as the process: no need to walk it again and again
    try:
        asyncio.run(_serve(hall, options.host, options.port))
    except OSError as error:
        print(f"cannot listen on {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 2
    finally:
        journal.close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m payments.sandbox_bank")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, help="where the book is kept; without it the bank forgets")
    parser.add_argument("--terminals", type=Path, help="a JSON list of further terminals")
    return parser.parse_args()


def _callback_hosts() -> frozenset[str]:
    added = os.environ.get("SANDBOX_BANK_CALLBACK_HOSTS", "").split(",")
    return frozenset({"127.0.0.1", "localhost", *(host.strip().lower() for host in added if host.strip())})


async def _serve(hall: Hall, host: str, port: int) -> None:
    app = build(hall)
    control.add_routes(app, hall, os.environ.get("SANDBOX_BANK_CONTROL_TOKEN", ""))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
        actual = runner.addresses[0][1]
        print(f"practice bank on http://{host}:{actual} ({len(hall.book)} payments in the book)", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())

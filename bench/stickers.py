"""Thousands of printed codes and their A4 sheets, made by the long worker; against plain `qrcode` one at a time.

    ./run bench stickers [--codes N] [--size box|small|card|…] [--sampled PAGES]

Asks for a batch as the desk does and waits for its last sheet. Then sampled pages are rendered at 110 dpi and every
code on them is read by a decoder. In the same run the ceiling: as many SVG codes by `qrcode`, one after another.
Exit code 1 when a code is missing, is there twice, or cannot be read.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import pypdfium2
import qrcode
import zxingcpp
from qrcode.image.svg import SvgPathImage

from bench.support import cpu
from bench.support.figures import finish, say
from bench.support.stack import Sizes, Stack, portal

DPI, LOOK_EVERY, PATIENCE = 110, 0.2, 600
_ASK = """
from campaigns.services.code_batches import request_codes
from provinces.models import Province
from provinces.scoping import all_provinces
with all_provinces("bench"):
    request_codes(kind="poster", title="سنجش", count={count}, size="{size}", actor=None, job="bench",
                  province=Province.objects.get(code="23"))
"""
_STATE = """
    SELECT b.made, count(j.id), count(j.id) FILTER (WHERE j.state = 'ready'), coalesce(sum(j.pages), 0),
           count(j.id) FILTER (WHERE j.state = 'failed')
      FROM campaigns_codebatch b LEFT JOIN campaigns_stickerjob j ON j.batch_id = b.id GROUP BY b.id
"""


def main() -> int:
    options = _options()
    with portal(Sizes()) as stack:
        stack.start("worker-long")
        before = cpu.used(stack, ("worker-long", "postgres"))
        began, most_bytes = time.monotonic(), 0
        stack.manage("shell", "-c", _ASK.format(count=options.codes, size=options.size))
        asked = time.monotonic()
        while True:
            made, sheets, ready, pages, failed = stack.sql(_STATE)[0]
            most_bytes = max(most_bytes, sum(map(_resident, stack.members("worker-long"))))
            if failed or (made == options.codes and ready == sheets) or time.monotonic() - began > PATIENCE:
                break
            stack.supervisor.rest(LOOK_EVERY)
        seconds = time.monotonic() - asked
        spent = cpu.between(before, cpu.used(stack, ("worker-long", "postgres")))
        figures = {
            "codes": made,
            "sheets": ready,
            "pages": pages,
            "seconds": round(seconds, 1),
            "codes_per_second": round(made / seconds, 1),
            "most_memory_mb_of_all_worker_processes": round(most_bytes / 2**20),
            "cpu_seconds": {role: round(value, 1) for role, value in spent.items()},
        }
        problems = (
            [] if made == options.codes and ready == sheets else [f"{ready} of {sheets} sheets, {made} codes"]
        )
        problems += _read_back(stack, options)
        figures["ceiling_qrcode_svg_seconds"] = round(_plain(stack, options.codes), 1)
        figures["ratio_to_qrcode_svg"] = round(seconds / figures["ceiling_qrcode_svg_seconds"], 2)
        return finish({"bench": "stickers", "options": vars(options)} | figures, problems)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench stickers")
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--size", default="box")
    parser.add_argument("--sampled", type=int, default=4, help="pages of each sheet that are read back")
    return parser.parse_args()


def _read_back(stack: Stack, options: argparse.Namespace) -> list[str]:
    """Every code of the sampled pages is one of ours, each once; all files together hold all codes' pages."""
    known = {f"{stack.url}/q/{code}/" for (code,) in stack.sql("SELECT code FROM campaigns_placement")}
    dice, seen, problems = random.Random(7), [], []
    for (name,) in stack.sql("SELECT file FROM campaigns_stickerjob WHERE state = 'ready' ORDER BY id"):
        document = pypdfium2.PdfDocument(Path(stack.environment["MEDIA_ROOT"]) / name)
        for page in dice.sample(range(len(document)), min(options.sampled, len(document))):
            found = [
                code.text for code in zxingcpp.read_barcodes(document[page].render(scale=DPI / 72).to_pil())
            ]
            seen += found
            if not found:
                problems.append(f"nothing could be read on page {page + 1} of {name}")
    if strangers := set(seen) - known:
        problems.append(f"codes that are not ours: {sorted(strangers)[:3]}")
    if len(seen) != len(set(seen)):
        problems.append("a code is printed twice")
    say(f"{len(seen)} codes read back")
    return problems


def _plain(stack: Stack, number: int) -> float:
    """Seconds for as many SVG codes by qrcode alone, measured on a tenth of them."""
    sample = max(number // 10, 1)
    began = time.monotonic()
    for step in range(sample):
        qrcode.make(
            f"{stack.url}/q/{step:09d}/",
            image_factory=SvgPathImage,
            error_correction=qrcode.constants.ERROR_CORRECT_H,
        ).to_string()
    return (time.monotonic() - began) * number / sample


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    sys.exit(main())

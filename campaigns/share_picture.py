"""The picture of a campaign for shared links (Open Graph), 1200 × 630: facts in, PNG out; no database, no settings.

Drawn as a page of the print documents, whose Persian is shaped and ordered, and then turned into pixels.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

from campaigns import share_phrases as words
from core import brand as ink
from core.pdf import PersianPDF, line_height

WIDTH, HEIGHT = 1200, 630
_COLOURS = 255
_one_at_a_time = threading.Lock()  # pdfium may be used by one thread of a process


@dataclass(frozen=True)
class ShareFacts:
    """What the picture says; texts are ready to be shown. `percent` is whole, None without a goal. `picture` is a file
    of the campaign's own, or None."""

    title: str
    place: str
    edition: str
    url: str
    reached: str = ""
    goal: str = ""
    percent: int | None = None
    is_open: bool = True
    picture: bytes | None = None


def draw_share(facts: ShareFacts) -> bytes:
    """The PNG; the same facts give the same picture."""
    pdf = PersianPDF(words.TITLE, page="share", margin=0)
    pdf.add_page()
    pdf.panel(0, 0, pdf.w, pdf.h, fill=ink.DEEP, round_=0)
    left = 112.0
    _left_side(pdf, facts, left)
    x, width = left + 14, pdf.w - left - 28
    mark = 26.0
    pdf.mark(x + width - mark, 12, mark)
    pdf.line_of(words.ORGANISATION, x, 18, width - mark - 6, size=22, bold=True, colour=ink.ON_DEEP)
    y = 48.0
    y += pdf.paragraph(facts.title, x, y, width, size=50, bold=True, colour=ink.ON_DEEP, most_lines=2)
    y += pdf.line_of(facts.place or facts.edition, x, y, width, size=25, colour=ink.ON_DEEP_QUIET)
    _foot(pdf, facts, x, width)
    return _as_png(pdf.to_bytes())


def _left_side(pdf: PersianPDF, facts: ShareFacts, width: float) -> None:
    if facts.picture is None:
        pdf.panel(0, 0, width, pdf.h, fill=ink.BRAND, round_=0)
        side = 88.0
        x, y = (width - side) / 2, (pdf.h - side) / 2 - 8
    else:
        with Image.open(BytesIO(facts.picture)) as picture:
            fitting = ImageOps.fit(picture.convert("RGB"), (round(width * 4), round(pdf.h * 4)))
        pdf.image(fitting, x=0, y=0, w=width, h=pdf.h)
        side = 62.0
        x, y = 8.0, pdf.h - side - 20
    pdf.panel(x - 3, y - 3, side + 6, side + 6 + line_height(13), fill=ink.WHITE)
    pdf.qr(facts.url, x, y, side)
    pdf.line_of(words.SCAN, x - 2, y + side, side + 4, size=13, bold=True, align="center")


def _foot(pdf: PersianPDF, facts: ShareFacts, x: float, width: float) -> None:
    if not facts.is_open:
        text = words.CLOSED
    elif facts.reached and facts.goal:
        text = words.OF_GOAL.format(reached=facts.reached, goal=facts.goal)
    elif facts.reached:
        text = words.REACHED.format(reached=facts.reached)
    else:
        text = words.NOTHING_YET
    pdf.line_of(text, x, 122, width, size=28, bold=True, colour=ink.SAFFRON)
    if facts.percent is None:
        return
    full = min(facts.percent, 100) / 100
    pdf.panel(x, 146, width, 8, fill=ink.BRAND, round_=4)
    if full > 0:
        filled = max(8.0, width * full)
        pdf.panel(x + width - filled, 146, filled, 8, fill=ink.SAFFRON, round_=4)


def _as_png(document: bytes) -> bytes:
    with _one_at_a_time:
        pdf = pypdfium2.PdfDocument(document)
        try:
            page = pdf[0]
            picture = page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB")
        finally:
            pdf.close()
    if picture.size != (WIDTH, HEIGHT):
        picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.FLOYDSTEINBERG).save(file, "PNG", optimize=True)
    return file.getvalue()

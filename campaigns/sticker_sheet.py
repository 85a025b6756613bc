"""Print-ready sheets of QR stickers on A4: stickers in, bytes out; touches neither database nor settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns import sticker_phrases as words
from core import brand as ink
from core.codes import show_code
from core.pdf import PersianPDF, line_height
from core.text import persian_digits


@dataclass(frozen=True, slots=True)
class Sticker:
    """One sticker. `url` is the full address in the QR; `code` is printed under it. Empty texts are left out.

    `permit_valid_until` is a date ready to be shown («۱۴۰۵/۱۲/۲۹»).
    """

    url: str
    code: str
    title: str
    subtitle: str = ""
    box_no: str = ""
    province: str = ""
    county: str = ""
    permit_no: str = ""
    permit_valid_until: str = ""


class StickerSize(StrEnum):
    """Stickers a page and side of their QR: BOX 8, 44 mm; SMALL 21, 30 mm; CARD (for tables) 4, 56 mm; posters 1:
    A5 79 mm, A4 112 mm, A3 158 mm."""

    BOX = "box"
    SMALL = "small"
    CARD = "card"
    POSTER_A5 = "a5"
    POSTER = "poster"
    POSTER_A3 = "a3"


_POSTER_WIDTH = 190.0  # millimetres; every length of a poster is said for this one


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sticker is drawn, in millimetres, inside its cutting lines."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    columns: int
    rows: int
    margin: float
    air: float
    draw: Callable[[PersianPDF, Sticker, _Place], None]
    page: str = "A4"


def stickers_a_page(size: StickerSize | str) -> int:
    """How many stickers of a size fit on a page."""
    sheet = _SHEETS[StickerSize(size)]
    return sheet.columns * sheet.rows


def render_sheet(
    stickers: Sequence[Sticker], size: StickerSize | str = StickerSize.BOX, *, made_at: datetime | None = None
) -> bytes:
    """A PDF with every sticker once, from the top right; raises ValueError for no stickers."""
    if not stickers:
        raise ValueError("a sheet needs a sticker")
    sheet = _SHEETS[StickerSize(size)]
    pdf = PersianPDF(
        words.FILE_TITLE, page=sheet.page, margin=sheet.margin, made_at=made_at, author=words.ORGANISATION
    )
    width, height = pdf.epw / sheet.columns, (pdf.h - 2 * sheet.margin) / sheet.rows
    a_page = sheet.columns * sheet.rows
    for number, sticker in enumerate(stickers):
        row, column = divmod(number % a_page, sheet.columns)
        if number % a_page == 0:
            pdf.add_page()
            _cutting_lines(pdf, sheet, width, height)
        x = pdf.w - sheet.margin - (column + 1) * width
        y = sheet.margin + row * height
        sheet.draw(
            pdf, sticker, _Place(x + sheet.air, y + sheet.air, width - 2 * sheet.air, height - 2 * sheet.air)
        )
    return pdf.to_bytes()


def _draw_box(pdf: PersianPDF, sticker: Sticker, at: _Place) -> None:
    band, code = 12.5, 44.0
    pdf.panel(at.x, at.y, at.width, at.height, fill=ink.WHITE, edge=ink.BRAND)
    _band(pdf, at, band, sticker, size=9)
    pdf.qr(sticker.url, at.x + 1, at.y + band + 0.5, code)
    foot = at.y + band + code
    pdf.line_of(
        show_code(sticker.code), at.x + 1, foot - 1.2, code, size=10.5, bold=True, align="center", ltr=True
    )
    x, width = at.x + code + 2, at.width - code - 5
    y = at.y + band + 2.6
    title_size = 14 if pdf.width_of(sticker.title, 14, bold=True) <= width else 12.5
    y += pdf.paragraph(sticker.title, x, y, width, size=title_size, bold=True, colour=ink.BRAND, most_lines=2)
    y += pdf.paragraph(sticker.subtitle, x, y, width, size=9.5, most_lines=2)
    _pill(pdf, words.SCAN, x, y + 1.2, width, 7, size=9)
    foot = at.y + at.height - 6.2
    lines = _place_and_permit(sticker)
    y = foot - len(lines) * line_height(7.5)
    for line in lines:
        y += pdf.line_of(line, x, y, width, size=7.5, colour=ink.QUIET)
    pdf.line_of(words.SAFETY, x, foot + 0.4, width, size=7, colour=ink.WARM_INK)


def _draw_small(pdf: PersianPDF, sticker: Sticker, at: _Place) -> None:
    code = 30.0
    pdf.panel(at.x, at.y, at.width, at.height, fill=ink.WHITE, edge=ink.BRAND, round_=2)
    pdf.qr(sticker.url, at.x + 0.6, at.y + 0.6, code)
    pdf.line_of(
        show_code(sticker.code),
        at.x + 1,
        at.y + code - 0.6,
        code,
        size=8,
        bold=True,
        align="center",
        ltr=True,
    )
    x, width = at.x + code + 1.2, at.width - code - 3
    y = at.y + 2
    y += pdf.line_of(words.ORGANISATION, x, y, width, size=7, colour=ink.QUIET)
    title = pdf.wrapped(sticker.title, width, 9.5, bold=True, most_lines=2)
    for line in title:
        y += pdf.line_of(line, x, y, width, size=9.5, bold=True, colour=ink.BRAND)
    if len(title) == 1:
        y += pdf.paragraph(sticker.subtitle, x, y, width, size=6.5, most_lines=2)
    pdf.line_of(words.SCAN, x, y, width, size=7, bold=True)
    lines = [line for line in (_box(sticker), _place(sticker), _permit(sticker), _validity(sticker)) if line]
    y = at.y + at.height - 0.8 - len(lines) * line_height(6)
    for line in lines:
        y += pdf.line_of(line, x, y, width, size=6, colour=ink.QUIET)


def _draw_poster(pdf: PersianPDF, sticker: Sticker, at: _Place) -> None:
    """Drawn for A4 and grown or shrunk to its place, so that a table card is a small poster."""
    k = at.width / _POSTER_WIDTH
    band, code = 30 * k, 112 * k
    pdf.panel(at.x, at.y, at.width, at.height, fill=ink.WHITE, edge=ink.BRAND)
    _band(pdf, at, band, sticker, size=18 * k)
    x, width = at.x + 10 * k, at.width - 20 * k
    y = at.y + band + 8 * k
    y += pdf.paragraph(
        sticker.title, x, y, width, size=38 * k, bold=True, colour=ink.BRAND, align="center", most_lines=2
    )
    y += pdf.paragraph(sticker.subtitle, x, y, width, size=18 * k, align="center", most_lines=2)
    foot = at.y + at.height - 62 * k
    pdf.qr(sticker.url, at.x + (at.width - code) / 2, y + max(0.0, (foot - y - code) / 2), code)
    pdf.line_of(show_code(sticker.code), x, foot - k, width, size=22 * k, bold=True, align="center", ltr=True)
    _pill(pdf, words.SCAN_AND_GIVE, x + 12 * k, foot + 13 * k, width - 24 * k, 14 * k, size=17 * k)
    y = foot + 31 * k
    for line in _place_and_permit(sticker):
        y += pdf.line_of(line, x, y, width, size=11 * k, colour=ink.QUIET, align="center")
    y = at.y + at.height - 8 * k
    pdf.line_of(words.SAFETY, x, y, width, size=10.5 * k, colour=ink.WARM_INK, align="center")


def _band(pdf: PersianPDF, at: _Place, height: float, sticker: Sticker, *, size: float) -> None:
    """The deep head of a sticker: mark and organisation at the right, the box's number at the left."""
    pdf.panel(at.x, at.y, at.width, height, fill=ink.DEEP)
    pdf.panel(at.x, at.y + height / 2, at.width, height / 2, fill=ink.DEEP, round_=0)
    mark, box = height * 0.78, _box(sticker)
    pdf.mark(at.x + at.width - mark - height * 0.16, at.y + height * 0.11, mark)
    left = at.width * (0.34 if box else 0.04)
    x, width = at.x + left, at.width - left - mark - height * 0.34
    top = at.y + (height - line_height(size) - line_height(size * 0.72)) / 2
    top += pdf.line_of(words.ORGANISATION, x, top, width, size=size, bold=True, colour=ink.ON_DEEP)
    pdf.line_of(words.PORTAL, x, top, width, size=size * 0.72, colour=ink.ON_DEEP_QUIET)
    if box:
        pill = line_height(size) * 1.2
        _pill(pdf, box, at.x + height * 0.24, at.y + (height - pill) / 2, at.width * 0.29, pill, size=size)


def _pill(
    pdf: PersianPDF, text: str, x: float, y: float, width: float, height: float, *, size: float
) -> None:
    pdf.panel(x, y, width, height, fill=ink.SAFFRON, round_=height * 0.45)
    inner = y + (height - line_height(size)) / 2
    pdf.line_of(text, x + 2, inner, width - 4, size=size, bold=True, align="center")


def _place_and_permit(sticker: Sticker) -> list[str]:
    permit = "، ".join(filter(None, (_permit(sticker), _validity(sticker))))
    return [line for line in (_place(sticker), permit) if line]


def _place(sticker: Sticker) -> str:
    province = words.PROVINCE.format(province=sticker.province) if sticker.province else ""
    county = words.COUNTY.format(county=sticker.county) if sticker.county else ""
    return "، ".join(filter(None, (province, county)))


def _permit(sticker: Sticker) -> str:
    return words.PERMIT.format(number=persian_digits(sticker.permit_no)) if sticker.permit_no else ""


def _validity(sticker: Sticker) -> str:
    until = sticker.permit_valid_until
    return words.VALID_UNTIL.format(until=persian_digits(until)) if until else ""


def _box(sticker: Sticker) -> str:
    return words.BOX.format(number=persian_digits(sticker.box_no)) if sticker.box_no else ""


def _cutting_lines(pdf: PersianPDF, sheet: _Sheet, width: float, height: float) -> None:
    if sheet.columns * sheet.rows == 1:
        return
    pdf.set_draw_color(*ink.LINE)
    pdf.set_line_width(0.15)
    pdf.set_dash_pattern(dash=1.2, gap=1.2)
    for column in range(sheet.columns + 1):
        x = sheet.margin + column * width
        pdf.line(x, sheet.margin / 2, x, pdf.h - sheet.margin / 2)
    for row in range(sheet.rows + 1):
        y = sheet.margin + row * height
        pdf.line(sheet.margin / 2, y, pdf.w - sheet.margin / 2, y)
    pdf.set_dash_pattern()


_SHEETS = {
    StickerSize.BOX: _Sheet(columns=2, rows=4, margin=8, air=2.2, draw=_draw_box),
    StickerSize.SMALL: _Sheet(columns=3, rows=7, margin=7, air=1.6, draw=_draw_small),
    StickerSize.CARD: _Sheet(columns=2, rows=2, margin=6, air=2.5, draw=_draw_poster),
    StickerSize.POSTER_A5: _Sheet(columns=1, rows=1, margin=7, air=0, draw=_draw_poster, page="A5"),
    StickerSize.POSTER: _Sheet(columns=1, rows=1, margin=10, air=0, draw=_draw_poster),
    StickerSize.POSTER_A3: _Sheet(columns=1, rows=1, margin=14, air=0, draw=_draw_poster, page="A3"),
}

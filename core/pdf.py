"""Persian documents for print: right to left, with the portal's type and colours, QR codes as vectors.

Lengths are millimetres, type sizes points. Positions are those of the whole box of a text; inside it text
begins at the right ("start") and ends at the left ("end").
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import MethodReturnValue, PDFResourceType

from core.brand import BRAND_SOFT, INK, LINE, MARK_SVG, QUIET, WHITE, Colour
from core.qr import QUIET_ZONE, qr_matrix, qr_runs
from core.text import persian_digits

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "Vazirmatn"
PAGES_MM = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "A5-wide": (210.0, 148.0),
    "share": (320.0, 168.0),  # 1200 × 630 pixels
}
POINT_MM = 25.4 / 72

Align = Literal["start", "center", "end"]

_MOST_REMEMBERED = 2_000  # lines and widths of a document that are not worked out anew
_ROW_AIR = 1.5
_FPDF_ALIGN = {"start": "R", "center": "C", "end": "L"}


class PersianPDF(FPDF):
    """A document to draw on; `to_bytes` ends it. The same content and `made_at` give the same bytes.

    Nothing but `grid` breaks pages by itself; a page that is needed is added by the caller.
    """

    def __init__(
        self,
        title: str,
        *,
        page: str = "A4",
        margin: float = 12,
        made_at: datetime | None = None,
        author: str = "",
    ) -> None:
        super().__init__(unit="mm", format=PAGES_MM[page])
        self._drawn: OrderedDict[Hashable, tuple[bytes, float, float, float]] = OrderedDict()
        self._widths: OrderedDict[Hashable, float] = OrderedDict()
        for style, file in (("", "Regular"), ("B", "Bold")):
            self.add_font(FAMILY, style, FONTS / f"{FAMILY}-{file}.ttf")
        self.set_text_shaping(True, direction="rtl", script="arab", language="fa")
        self.set_margin(margin)
        self.set_auto_page_break(False, margin)
        self.c_margin = 0
        self.set_title(title)
        self.set_author(author)
        self.set_lang("fa")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        if made_at is not None:
            self.set_creation_date(made_at)

    def type(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """The type for what follows."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def width_of(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line would be."""
        self.set_font(FAMILY, "B" if bold else "", size)
        key = (text, size, bold)
        if key not in self._widths:
            _remember(self._widths, key, self.get_string_width(text))
        return self._widths[key]

    def line_of(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "start",
        ltr: bool = False,
        smallest: float | None = None,
        link: str = "",
    ) -> float:
        """One line in a box that begins at (x, y); returns the height of the box.

        A line too wide shrinks to `smallest` (default: 70 % of its size), then is cut with «…».
        `ltr` is for codes, numbers and addresses standing alone.
        """
        text, size = self._fitted(text, width, size, smallest or size * 0.7, bold=bold)
        self.type(size, bold=bold, colour=colour)
        height = line_height(size)

        def write() -> None:
            self.set_xy(x, y)
            with _direction(self, ltr, text):
                self.cell(width, height, text, align=_FPDF_ALIGN[align], link=link)

        if link:
            write()
        else:
            self._resource_catalog.add(PDFResourceType.FONT, self.current_font.i, self.page)
            self._draw_once((text, width, size, bold, colour, align, ltr), x, y, write)
        return height

    def _draw_once(self, key: Hashable, x: float, y: float, draw: Callable[[], None]) -> None:
        """Draw something that stands at (x, y), or repeat what was drawn elsewhere for the same key: shaping Persian
        is what takes the time on a sheet of stickers, and most of their words are the same."""
        known = self._drawn.get(key)
        page = self.pages[self.page].contents
        if known is not None and known[3] == self.h:
            content, first_x, first_y, _ = known
            self._drawn.move_to_end(key)
            self._out(f"q 1 0 0 1 {(x - first_x) * self.k:.3f} {(first_y - y) * self.k:.3f} cm")
            page.extend(content)
            self._out("Q")
            return
        begin = len(page)
        self.current_font_is_set_on_page = False  # what is repeated names its type itself
        draw()
        _remember(self._drawn, key, (bytes(page[begin:]), x, y, self.h))

    def paragraph(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "start",
        most_lines: int | None = None,
    ) -> float:
        """Wrapped text in a box that begins at (x, y); returns its height; see `wrapped`."""
        height = 0.0
        for line in self.wrapped(text, width, size, bold=bold, most_lines=most_lines):
            height += self.line_of(
                line, x, y + height, width, size=size, bold=bold, colour=colour, align=align
            )
        return height

    def wrapped(
        self, text: str, width: float, size: float, *, bold: bool = False, most_lines: int | None = None
    ) -> list[str]:
        """The lines of a text in a box of this width; beyond `most_lines` the last one is cut with «…»."""
        if not text:
            return []
        if self.width_of(text, size, bold=bold) <= width and "\n" not in text:
            return [text]
        lines = self.multi_cell(width, text=text, dry_run=True, output=MethodReturnValue.LINES)
        lines = [line.strip() for line in lines]
        if most_lines and len(lines) > most_lines:
            lines = [*lines[: most_lines - 1], self._cut(" ".join(lines[most_lines - 1 :]), width)]
        return lines

    def panel(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour,
        edge: Colour | None = None,
        round_: float = 2.5,
    ) -> None:
        """A plain box behind text."""

        def draw() -> None:
            self.set_fill_color(*fill)
            self.set_draw_color(*(edge or fill))
            self.set_line_width(0.25)
            style = "DF" if edge else "F"
            self.rect(x, y, width, height, style=style, round_corners=bool(round_), corner_radius=round_)

        self._draw_once(("panel", width, height, fill, edge, round_), x, y, draw)

    def rule(self, x: float, y: float, width: float, *, colour: Colour = LINE, thick: float = 0.2) -> None:
        """A horizontal line."""
        self.set_draw_color(*colour)
        self.set_line_width(thick)
        self.line(x, y, x + width, y)

    def mark(self, x: float, y: float, side: float) -> None:
        """The portal's mark, made for a deep ground."""
        self._draw_once(
            ("mark", side), x, y, lambda: self.image(BytesIO(MARK_SVG.encode()), x=x, y=y, w=side, h=side)
        )

    def qr(self, data: str, x: float, y: float, side: float) -> None:
        """A QR code of level H, black on white, quiet zone inside the square. One path: no seams in print."""
        module = side / (len(qr_matrix(data)) + 2 * QUIET_ZONE) * self.k
        self.set_fill_color(*WHITE)
        self.rect(x, y, side, side, style="F")
        left = x * self.k + QUIET_ZONE * module
        top = (self.h - y) * self.k - QUIET_ZONE * module
        boxes = " ".join(f"{column} {row} {length} 1 re" for column, row, length in qr_runs(data))
        self._out(f"q {module:.5f} 0 0 {-module:.5f} {left:.3f} {top:.3f} cm 0 g {boxes} f Q")

    def rows(
        self,
        pairs: Iterable[tuple[str, str]],
        x: float,
        y: float,
        width: float,
        *,
        size: float = 9.5,
        draw: bool = True,
    ) -> float:
        """Label and value, ruled; empty values are left out. Returns the height, also without drawing.

        A value that begins with a Latin letter or an ASCII digit is set left to right.
        """
        top, value_width = y, width * 0.7
        for label, value in pairs:
            if not value:
                continue
            code = _is_code(value)
            lines = [value] if code else self.wrapped(value, value_width, size, bold=True, most_lines=2)
            if not draw:
                y += len(lines) * line_height(size) + _ROW_AIR
                continue
            self.line_of(
                label, x + value_width, y + _ROW_AIR / 2, width - value_width, size=size, colour=QUIET
            )
            for line in lines:
                y += self.line_of(line, x, y + _ROW_AIR / 2, value_width, size=size, bold=True, ltr=code)
            y += _ROW_AIR
            self.rule(x, y, width)
        return y - top

    def grid(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        *,
        size: float = 9,
    ) -> None:
        """A table from the current y to the page's margins, first column at the right.

        Headings repeat on new pages; `widths` are shares of the width between the margins.
        """
        total = sum(widths)
        columns = [share / total * self.epw for share in widths]
        height = line_height(size) + 2
        self._grid_row(headings, columns, height, size, head=True)
        for row in rows:
            if self.get_y() + height > self.h - self.b_margin - 6:
                self.add_page()
                self._grid_row(headings, columns, height, size, head=True)
            self._grid_row(row, columns, height, size)

    def to_bytes(self, *, numbered: bool = False) -> bytes:
        """The finished file; `numbered` writes «صفحهٔ ۱ از ۳» at the foot of every page."""
        if numbered:
            for page in range(1, self.pages_count + 1):
                self._number_page(page)
        return bytes(self.output())

    def _number_page(self, page: int) -> None:
        self.page = page
        self.set_font(FAMILY, "", 1)  # another page forgets the font that is set: change it twice
        words = persian_digits(f"صفحهٔ {page} از {self.pages_count}")
        self.line_of(
            words, self.l_margin, self.h - self.b_margin - 2, self.epw, size=8, colour=QUIET, align="center"
        )

    def _grid_row(
        self,
        cells: Sequence[str],
        columns: Sequence[float],
        height: float,
        size: float,
        *,
        head: bool = False,
    ) -> None:
        y, right = self.get_y(), self.w - self.r_margin
        if head:
            self.panel(self.l_margin, y, self.epw, height, fill=BRAND_SOFT, round_=0)
        for text, width in zip(cells, columns, strict=True):
            right -= width
            self.line_of(text, right + 1, y + 1, width - 2, size=size, bold=head, ltr=_is_code(text))
        self.rule(self.l_margin, y + height, self.epw)
        self.set_y(y + height)

    def _fitted(
        self, text: str, width: float, size: float, smallest: float, *, bold: bool
    ) -> tuple[str, float]:
        needed = self.width_of(text, size, bold=bold)
        if needed <= width:
            return text, size
        size = max(smallest, size * width / needed * 0.995)
        self.set_font(FAMILY, "B" if bold else "", size)
        return self._cut(text, width), size

    def _cut(self, text: str, width: float) -> str:
        if self.get_string_width(text) <= width:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self.get_string_width(f"{text[:middle].rstrip()}…") <= width:
                fits = middle
            else:
                too_long = middle
        return f"{text[:fits].rstrip()}…"


class _direction:
    """Left-to-right lines for codes, inside a document that runs right to left. ASCII needs no shaping."""

    def __init__(self, pdf: PersianPDF, ltr: bool, text: str) -> None:
        self.pdf, self.ltr, self.text = pdf, ltr, text

    def __enter__(self) -> None:
        if self.ltr and self.text.isascii():
            self.pdf.set_text_shaping(False)
        elif self.ltr:
            self.pdf.set_text_shaping(True, direction="ltr", script="latn", language="fa")

    def __exit__(self, *_: object) -> None:
        if self.ltr:
            self.pdf.set_text_shaping(True, direction="rtl", script="arab", language="fa")


def _remember(known: OrderedDict, key: Hashable, value: object) -> None:
    known[key] = value
    if len(known) > _MOST_REMEMBERED:
        known.popitem(last=False)


def line_height(size: float) -> float:
    """Millimetres of one line of type of this size."""
    return size * POINT_MM * 1.6


def _is_code(text: str) -> bool:
    return text[:1].isascii() and text[:1].isalnum()

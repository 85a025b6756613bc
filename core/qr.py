"""QR codes at level H (30 % may be dirty or torn), as a matrix for PDF and as SVG for pages."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from io import BytesIO

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H
from qrcode.util import MODE_8BIT_BYTE, QRData

QUIET_ZONE = 4  # light modules around, demanded by ISO/IEC 18004
_MASK = 3  # any of the eight is valid; choosing the best one takes most of the time

Matrix = tuple[tuple[bool, ...], ...]
Run = tuple[int, int, int]


@lru_cache(maxsize=64)
def qr_matrix(data: str) -> Matrix:
    """Rows of modules, True for dark, without the quiet zone; the same data gives the same matrix."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_H, border=0, mask_pattern=_MASK)
    code.add_data(QRData(data.encode(), mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def qr_runs(data: str) -> list[Run]:
    """Dark modules as horizontal runs (x, y, width) in modules: fewer shapes, no hairlines between."""
    runs: list[Run] = []
    for y, row in enumerate(qr_matrix(data)):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append((start, y, x - start))
                start = None
    return runs


def qr_svg_path(data: str) -> tuple[int, str]:
    """(side in modules with the quiet zone, the `d` of one SVG path)."""
    side = len(qr_matrix(data)) + 2 * QUIET_ZONE
    steps = (f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{width}v1h-{width}z" for x, y, width in qr_runs(data))
    return side, "".join(steps)


def qr_svg(data: str, title: str) -> str:
    """A whole SVG element without size: dark on white always; `title` is what a screen reader says."""
    side, path = qr_svg_path(data)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'aria-label="{escape(title)}" shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_image(data: str, module: int = 16) -> Image.Image:
    """A greyscale picture with the quiet zone, `module` pixels to a module."""
    rows = qr_matrix(data)
    side = len(rows) + 2 * QUIET_ZONE
    small = Image.new("L", (side, side), 255)
    for x, y, width in qr_runs(data):
        small.paste(0, (x + QUIET_ZONE, y + QUIET_ZONE, x + QUIET_ZONE + width, y + QUIET_ZONE + 1))
    return small.resize((side * module, side * module), Image.Resampling.NEAREST)


def qr_png(data: str, module: int = 16) -> bytes:
    """`qr_image` as a PNG file."""
    file = BytesIO()
    qr_image(data, module).save(file, "PNG", optimize=True)
    return file.getvalue()

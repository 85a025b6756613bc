"""The portal's colours and mark for print; the same as static/src/css/tokens.css and static/img/mark.svg."""

from __future__ import annotations

Colour = tuple[int, int, int]

INK: Colour = (28, 43, 41)
QUIET: Colour = (74, 90, 87)
BRAND: Colour = (13, 95, 88)
BRAND_SOFT: Colour = (226, 240, 236)
DEEP: Colour = (12, 79, 74)
ON_DEEP: Colour = (246, 250, 248)
ON_DEEP_QUIET: Colour = (201, 227, 220)
SAFFRON: Colour = (240, 173, 46)
WARM_SOFT: Colour = (253, 241, 216)
WARM_INK: Colour = (122, 74, 0)
BAD: Colour = (163, 34, 47)
BAD_SOFT: Colour = (252, 235, 234)
LINE: Colour = (226, 218, 203)
WHITE: Colour = (255, 255, 255)

# Without its ground: white and saffron, to be drawn on DEEP.
MARK_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
<path fill="#f6faf8" d="M23 30C15.5 26 11 21 11 15.2a6.2 6.2 0 0 1 12-2z"/>
<path fill="#f0ad2e" d="M25.5 30V13.2a6.2 6.2 0 0 1 12 2c0 5.8-4.5 10.8-12 14.8z"/>
<path fill="none" stroke="#f6faf8" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"
 d="M8.5 32c4 0 5.5 7.5 15.5 7.5S35.5 32 39.5 32"/></svg>"""

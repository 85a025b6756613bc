"""Cut the portal's font from the full Vazirmatn variable font.

    python static/tools/subset_font.py "Vazirmatn[wght].ttf" static/fonts/vazirmatn.woff2

Kept: Persian and Arabic letters with their joining forms and marks, both rows
of eastern digits, Persian punctuation, basic Latin, the half-space and the
direction marks; weights 400 to 800. Needs fonttools and brotli.
"""

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LETTERS = (
    "ءآأؤإئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    "يكىةۀەھٱ"  # Arabic forms that reach us from keyboards and old records
)
MARKS = "ًٌٍَُِّْٰٕٓٔ"
DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
PUNCTUATION = "،؛؟٪٫٬٭ـ«»‹›“”‘’–—…•·×÷−±°←→↑↓✓№﷼"
CONTROLS = "\u00a0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202f\u2066\u2067\u2068\u2069"
LATIN = "".join(chr(c) for c in range(0x20, 0x7F))

FEATURES = [
    "init",
    "medi",
    "fina",
    "isol",
    "rlig",
    "liga",
    "calt",
    "ccmp",
    "mark",
    "mkmk",
    "kern",
    "locl",
]


def main(source: str, target: str) -> None:
    font = TTFont(source)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 400, 800)})
    buffer = io.BytesIO()
    font.save(buffer)  # the subsetter wants a font as read from a file
    buffer.seek(0)
    font = TTFont(buffer)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=LETTERS + MARKS + DIGITS + PUNCTUATION + CONTROLS + LATIN)
    subsetter.subset(font)
    subset.save_font(font, target, options)
    sys.stdout.write(f"{target} {Path(target).stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

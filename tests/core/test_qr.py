import re

import pytest
import zxingcpp
from PIL import Image

from core.qr import QUIET_ZONE, qr_matrix, qr_runs, qr_svg, qr_svg_path

URL = "https://mosharekat.example/q/A7KM29RTX/"


def picture(matrix, pixels=3):
    side = len(matrix) + 2 * QUIET_ZONE
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    return image.resize((side * pixels, side * pixels), Image.Resampling.NEAREST)


@pytest.mark.parametrize(
    "data", [URL, "x", "نشانی فارسی", "https://mosharekat.example/verify/" + "A7KM29RT" * 12]
)
def test_decodes_at_level_h(data):
    (found,) = zxingcpp.read_barcodes(picture(qr_matrix(data)))
    assert found.text == data
    assert found.ec_level == "H"


def test_the_same_data_gives_the_same_matrix():
    first = qr_matrix(URL)
    qr_matrix.cache_clear()
    assert qr_matrix(URL) == first


def test_runs_are_the_matrix():
    matrix = qr_matrix(URL)
    drawn = {(x + step, y) for x, y, width in qr_runs(URL) for step in range(width)}
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def test_svg_path_draws_the_runs_inside_the_quiet_zone():
    side, path = qr_svg_path(URL)
    assert side == len(qr_matrix(URL)) + 2 * QUIET_ZONE
    steps = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert [(int(x) - QUIET_ZONE, int(y) - QUIET_ZONE, int(w)) for x, y, w, _ in steps] == qr_runs(URL)
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", path)


def test_svg_is_named_small_and_escaped():
    svg = qr_svg(URL, 'کد <"صندوق">')
    assert "<title>کد &lt;&quot;صندوق&quot;&gt;</title>" in svg
    assert 'role="img"' in svg
    assert "style=" not in svg
    assert len(svg) < 7000

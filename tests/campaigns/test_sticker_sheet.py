import io

import pypdf
import pypdfium2
import pytest
import zxingcpp

from campaigns.sticker_sheet import Sticker, StickerSize, render_sheet
from core.codes import new_placement_code, show_code


def sticker(number, **facts):
    code = new_placement_code()
    full = {
        "box_no": str(number),
        "province": "چهارمحال و بختیاری",
        "county": "شهرکرد",
        "permit_no": "124/ز/1405",
        "permit_valid_until": "۱۴۰۵/۱۲/۲۹",
        "title": "ضیافت مهربانی",
        "subtitle": "فطریه و کفاره، برای سفرهٔ خانواده‌های نیازمند",
    }
    return Sticker(url=f"https://mosharekat.example/q/{code}/", code=code, **{**full, **facts})


def decoded(content, dpi=110):
    pictures = (page.render(scale=dpi / 72).to_pil() for page in pypdfium2.PdfDocument(content))
    return sorted(found.text for picture in pictures for found in zxingcpp.read_barcodes(picture))


@pytest.mark.parametrize(
    ("size", "pages"), [("box", 2), ("small", 1), ("card", 3), ("a5", 10), ("poster", 10), ("a3", 10)]
)
def test_every_sticker_is_on_the_sheet_once_and_scans_at_110_dpi(size, pages):
    stickers = [sticker(number) for number in range(1, 11)]
    content = render_sheet(stickers, size)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == pages
    assert decoded(content) == sorted(one.url for one in stickers)


@pytest.mark.parametrize("size", list(StickerSize))
def test_says_in_persian_what_it_is(size):
    one = sticker(12)
    content = render_sheet([one], size)
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    for words in (
        "سازمان بهزیستی کشور",
        "ضیافت مهربانی",
        "خانواده‌های",
        "چهارمحال و بختیاری",
        "شهرکرد",
        "مجوز",
    ):
        assert words in text
    assert show_code(one.code) in text
    shown = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "صندوق ۱۲" in shown
    assert "اعتبار تا ۱۴۰۵/۱۲/۲۹" in shown


def test_what_is_not_known_is_not_printed():
    bare = sticker(1, box_no="", province="", county="", permit_no="", permit_valid_until="", subtitle="")
    text = pypdf.PdfReader(io.BytesIO(render_sheet([bare]))).pages[0].extract_text()
    for word in ("صندوق", "استان", "شهرستان", "مجوز", "اعتبار"):
        assert word not in text


@pytest.mark.parametrize("size", list(StickerSize))
def test_long_texts_do_not_cover_the_code(size):
    long = [
        sticker(
            123456,
            title="پویش ملی مثبت ماه؛ همدلی با کودکان و سالمندان در سراسر کشور",
            subtitle="برای درمان، آموزش و توانبخشی کودکان دارای معلولیت در مناطق کمتر برخوردار کشور",
            permit_no="124/ز/1405 شورای زکات",
        )
        for _ in range(3)
    ]
    assert decoded(render_sheet(long, size)) == sorted(one.url for one in long)


def test_pages_are_a4():
    box = pypdf.PdfReader(io.BytesIO(render_sheet([sticker(1)]))).pages[0].mediabox
    assert [round(float(side) / 72 * 25.4) for side in box[2:]] == [210, 297]


def test_no_stickers_or_an_unknown_size_is_a_mistake():
    with pytest.raises(ValueError, match="sticker"):
        render_sheet([])
    with pytest.raises(ValueError, match="huge"):
        render_sheet([sticker(1)], "huge")

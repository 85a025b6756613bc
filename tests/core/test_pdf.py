import io
from datetime import UTC, datetime

import pypdf
import pypdfium2
import pytest
import zxingcpp

from core.pdf import PersianPDF, line_height

URL = "https://mosharekat.example/verify/A7KM29RTX4HCA7KM/"


@pytest.fixture
def pdf():
    document = PersianPDF("سند آزمایشی", made_at=datetime(2026, 3, 20, tzinfo=UTC), author="سازمان")
    document.add_page()
    return document


def pages_of(content):
    return pypdf.PdfReader(io.BytesIO(content)).pages


def lowest_ink(content):
    """Distance of the lowest sign of the last page from its lower edge, in points."""
    document = pypdfium2.PdfDocument(content)
    page = document[len(document) - 1].get_textpage()
    return min(
        page.get_charbox(at)[1] for at in range(page.count_chars()) if page.get_text_range(at, 1).strip()
    )


def text_of(content):
    return "\n".join(page.extract_text() for page in pages_of(content))


def test_persian_comes_out_joined_and_with_its_half_spaces(pdf):
    pdf.line_of("مشارکت‌های مردمی می‌رود", 10, 10, 120, size=12)
    pdf.line_of("رسیدگی به مؤسسهٔ خیریهٔ قرآن و هیئت", 10, 20, 120, size=12, bold=True)
    text = text_of(pdf.to_bytes())
    assert "مشارکت‌های مردمی می‌رود" in text
    assert "رسیدگی به مؤسسهٔ خیریهٔ قرآن و هیئت" in text


def test_codes_stand_left_to_right_without_marks(pdf):
    pdf.line_of("A7KM-29RT-X4HC", 10, 10, 120, size=12, ltr=True)
    assert text_of(pdf.to_bytes()).strip() == "A7KM-29RT-X4HC"


def test_title_language_author_and_embedded_fonts(pdf):
    pdf.line_of("متن", 10, 10, 100, size=10)
    pdf.line_of("متن", 10, 20, 100, size=10, bold=True)
    reader = pypdf.PdfReader(io.BytesIO(pdf.to_bytes()))
    assert reader.metadata.title == "سند آزمایشی"
    assert reader.metadata.author == "سازمان"
    assert reader.root_object["/Lang"] == "fa"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert "Vazirmatn" in descendant["/BaseFont"]
        assert descendant["/FontDescriptor"]["/FontFile2"].get_data()


def test_a_line_too_wide_shrinks_and_is_then_cut(pdf):
    long = "سازمان بهزیستی کشور " * 12
    assert pdf.line_of(long, 10, 10, 80, size=10) == pytest.approx(line_height(7))
    shown = text_of(pdf.to_bytes()).strip()
    assert shown.endswith("…") or shown.startswith("…")
    assert len(shown) < len(long)


def test_paragraphs_wrap_to_their_width_and_stop_at_their_last_line(pdf):
    text = "این رسید نشان می‌دهد که مبلغ یادشده به حساب سازمان رسیده است. " * 6
    lines = pdf.wrapped(text, 90, 9)
    assert " ".join(lines).split() == text.split()
    assert all(pdf.width_of(line, 9) <= 90 for line in lines)
    cut = pdf.wrapped(text, 90, 9, most_lines=2)
    assert len(cut) == 2
    assert cut[0] == lines[0]
    assert cut[1].endswith("…")
    assert pdf.wrapped("", 90, 9) == []
    assert pdf.paragraph(text, 10, 10, 90, size=9, most_lines=2) == pytest.approx(2 * line_height(9))
    assert lines[0] in text_of(pdf.to_bytes())


def test_rows_leave_out_empty_values_and_measure_without_drawing(pdf):
    pairs = [("استان", "تهران"), ("پویش", ""), ("کد رهگیری", "A7KM-29RT-X4HC")]
    measured = pdf.rows(pairs, 10, 10, 120, draw=False)
    assert pdf.rows(pairs, 10, 10, 120) == pytest.approx(measured)
    text = text_of(pdf.to_bytes())
    assert "تهران" in text
    assert "A7KM-29RT-X4HC" in text
    assert "پویش" not in text


def test_a_long_grid_repeats_its_headings_on_every_numbered_page(pdf):
    pdf.set_y(20)
    pdf.grid(["نام", "کد"], [(f"ردیف {number}", f"A{number}") for number in range(90)], [3, 1])
    content = pdf.to_bytes(numbered=True)
    pages = pages_of(content)
    assert len(pages) == 3
    for page, number in zip(pages, "۱۲۳", strict=True):
        text = page.extract_text()
        assert "نام" in text
        assert sorted(text.splitlines()[-1].split()) == sorted(["صفحهٔ", number, "از", "۳"])
    assert lowest_ink(content) > 12
    assert "A89" in pages[2].extract_text()


def test_what_is_repeated_keeps_its_type(pdf):
    """Two lines of one type, the second without naming it: after another type both come out as they were."""
    for top in (20, 40):
        pdf.line_of("عنوان", 10, top, 60, size=9, bold=True)
        pdf.line_of("مبلغ", 80, top, 60, size=9, bold=True)
        pdf.line_of("توضیح کوچک", 10, top + 10, 60, size=7)
    content = pdf.to_bytes()
    picture = pypdfium2.PdfDocument(content)[0].render(scale=2).to_pil().convert("L")

    def ink(top: float):
        left, right, high = (round(mm * 72 / 25.4 * 2) for mm in (10, 150, 8))
        y = round(top * 72 / 25.4 * 2)
        return sum(pixel < 128 for pixel in picture.crop((left, y, right, y + high)).tobytes())

    assert ink(20) == pytest.approx(ink(40), rel=0.05)
    page = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert page.count("غلبم") + page.count("مبلغ") == 2


def test_the_qr_is_drawn_as_one_path_and_decodes(pdf):
    pdf.qr(URL, 20, 20, 34)
    content = pdf.to_bytes()
    assert "/XObject" not in pages_of(content)[0]["/Resources"]
    picture = pypdfium2.PdfDocument(content)[0].render(scale=110 / 72).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [URL]


def test_the_mark_is_vectors(pdf):
    pdf.mark(10, 10, 20)
    assert not pages_of(pdf.to_bytes())[0].images

import io
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pypdfium2
import pytest
import zxingcpp

from core.money import MAX_RIAL
from donations.receipt_pdf import ReceiptFacts, render_receipt

URL = "https://mosharekat.example/verify/AKWRCVVC6RR27YCJ/"
FACTS = ReceiptFacts(
    serial="1405-23-0000127",
    amount_rial=25_000_000,
    paid_at=datetime(2026, 3, 20, 20, 35, tzinfo=UTC),
    issued_at=datetime(2026, 3, 20, 20, 36, tzinfo=UTC),
    fund="زکات فطره (عام)",
    province="تهران",
    campaign="ضیافت مهربانی",
    tracking_code="A7KM29RTX4HC",
    reference="604812345678",
    office_name="اداره کل بهزیستی استان تهران",
    verify_url=URL,
    verification_code="AKWRCVVC6RR27YCJ",
)
NOTE = "این مبلغ برابر مادهٔ ۱۷۲ قانون مالیات‌های مستقیم پذیرفته می‌شود."


def read(content):
    return pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def seen(content):
    """As a viewer's own search sees it: digits in their order, no half-spaces."""
    return pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()


def test_one_a5_page_with_its_title():
    reader = pypdf.PdfReader(io.BytesIO(render_receipt(FACTS)))
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [148, 210]
    assert reader.metadata.title == "رسید کمک شمارهٔ 1405-23-0000127"


def test_says_all_its_facts():
    content = render_receipt(FACTS)
    text = read(content)
    for words in (
        "سازمان بهزیستی کشور", "درگاه ملی مشارکت‌های مردمی", "1405-23-0000127", "دو میلیون و پانصد هزار تومان",
        "نیکوکار", "محل هزینه‌کرد", "زکات فطره (عام)", "ضیافت مهربانی", "تهران", "A7KM-29RT-X4HC",
        "اداره کل بهزیستی استان تهران", "AKWR-CVVC-6RR2-7YCJ", "604812345678", URL,
    ):  # fmt: skip
        assert words in text
    shown = seen(content)
    assert "۲٬۵۰۰٬۰۰۰ تومان" in shown
    assert "۲۵٬۰۰۰٬۰۰۰ ریال" in shown
    assert "شنبه ۱ فروردین" in shown
    assert "ساعت ۰۰:۰۵" in shown
    assert "باطل" not in text


def test_names_the_donor_only_when_given():
    assert "علی‌پور" in read(render_receipt(replace(FACTS, donor_name="مریم علی‌پور")))


def test_a_national_gift_has_no_province_and_empty_facts_no_row():
    text = read(render_receipt(replace(FACTS, province="", campaign="", reference="")))
    assert "سراسر کشور" in text
    assert "پویش" not in text
    assert "شمارهٔ مرجع بانک" not in text


def test_the_deductible_note_is_there_only_when_given():
    assert "مالیات‌های مستقیم" in read(render_receipt(replace(FACTS, deductible_note=NOTE)))
    assert "مالیات" not in read(render_receipt(FACTS))


def test_a_cancelled_receipt_says_so_and_thanks_nobody():
    text = read(render_receipt(replace(FACTS, cancelled=True)))
    assert "باطل شد" in text
    assert "دیگر سند پرداخت نیست" in text
    assert "سپاسگزاریم" not in text
    assert "سپاسگزاریم" in read(render_receipt(FACTS))


@pytest.mark.parametrize("cancelled", [False, True])
def test_the_qr_leads_to_the_verification(cancelled):
    content = render_receipt(replace(FACTS, cancelled=cancelled, deductible_note=NOTE))
    picture = pypdfium2.PdfDocument(content)[0].render(scale=110 / 72).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [URL]


def test_the_longest_facts_stay_on_one_page_and_above_the_verification():
    longest = replace(
        FACTS,
        amount_rial=MAX_RIAL,
        donor_name="شرکت صنایع غذایی گلستان‌شهر و همکاران نیکوکار شمال و جنوب کشور (سهامی خاص)",
        fund="کمک‌هزینهٔ درمان، توانبخشی و آموزش کودکان دارای معلولیت در مناطق کمتر برخوردار کشور",
        campaign="پویش ملی مثبت ماه؛ همدلی با کودکان و سالمندان در سراسر کشور",
        office_name="اداره کل بهزیستی استان کهگیلویه و بویراحمد، معاونت مشارکت‌های مردمی و اشتغال",
        deductible_note=NOTE * 6,
        cancelled=True,
    )
    page = pypdfium2.PdfDocument(render_receipt(longest))[0]
    text_page = page.get_textpage()
    note = text_page.search("مادهٔ ۱۷۲").get_next()
    heading = text_page.search("درستی این رسید").get_next()
    assert note
    assert heading
    bottom_of_note = min(text_page.get_charbox(note[0] + at)[1] for at in range(note[1]))
    top_of_heading = max(text_page.get_charbox(heading[0] + at)[3] for at in range(heading[1]))
    assert bottom_of_note > top_of_heading


def test_the_same_facts_give_the_same_file():
    assert render_receipt(FACTS) == render_receipt(FACTS)


def test_fonts_are_embedded_and_the_file_is_small():
    content = render_receipt(FACTS)
    fonts = pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    assert all(
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"]
        for font in fonts
    )
    assert len(content) < 60_000

"""A gift's receipt on A5 paper: facts in, bytes out; touches neither database nor settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import brand as ink
from core.codes import show_code
from core.jalali import format_datetime
from core.money import format_rial, format_toman, toman_words
from core.pdf import PersianPDF, line_height
from core.text import persian_digits
from donations import receipt_phrases as words

_BAND = 28.0
_VERIFICATION_TOP = 210.0 - 43
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
_NOTE_SIZE = 8.0
_MOST_GOODS = 6
_SIDE = 11.0
_WIDTH = 148.0 - 2 * _SIDE


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt says. Times carry a zone and are shown as in Tehran; texts are ready to be shown.

    `donor_name` "" prints «نیکوکار»; `province` "" means the whole country; `deductible_note` "" prints none.
    `goods` are the lines of a gift in kind, whose amount is their appraised value; empty for a gift of money.
    `verify_url` is the full address that the QR leads to.
    """

    serial: str
    amount_rial: int
    paid_at: datetime
    issued_at: datetime
    fund: str
    tracking_code: str
    reference: str
    office_name: str
    verify_url: str
    verification_code: str
    province: str = ""
    campaign: str = ""
    donor_name: str = ""
    deductible_note: str = ""
    goods: tuple[str, ...] = ()
    cancelled: bool = False


def render_receipt(facts: ReceiptFacts) -> bytes:
    """The PDF of one receipt: one page, fonts embedded, the same bytes for the same facts."""
    pdf = PersianPDF(
        words.FILE_TITLE.format(serial=facts.serial),
        page="A5",
        margin=_SIDE,
        made_at=facts.issued_at,
        author=words.ORGANISATION,
    )
    pdf.add_page()
    _band(pdf, facts)
    y = _BAND + 5
    if facts.cancelled:
        y += _cancelled_strip(pdf, y)
    y += _amount(pdf, facts, y) + 2
    note = pdf.wrapped(facts.deductible_note, _WIDTH - 8, _NOTE_SIZE, most_lines=3)
    room = _VERIFICATION_TOP - y - (_note_height(note) + 5 if note else 2)
    details = _details(facts)
    size = next(
        (at for at in _SIZES if pdf.rows(details, 0, 0, _WIDTH, size=at, draw=False) <= room), _SIZES[-1]
    )
    y += pdf.rows(details, _SIDE, y, _WIDTH, size=size) + 2.5
    if note:
        y += _note(pdf, note, y)
    if not facts.cancelled:
        _thanks(pdf, y)
    _verification(pdf, facts)
    if facts.cancelled:
        _cancelled_stamp(pdf)
    return pdf.to_bytes()


def _band(pdf: PersianPDF, facts: ReceiptFacts) -> None:
    pdf.panel(0, 0, pdf.w, _BAND, fill=ink.DEEP, round_=0)
    pdf.panel(0, _BAND, pdf.w, 1.1, fill=ink.SAFFRON, round_=0)
    mark = 15.0
    pdf.mark(pdf.w - _SIDE - mark, 6.5, mark)
    right = pdf.w - _SIDE - mark - 3
    pdf.line_of(words.ORGANISATION, right - 70, 6, 70, size=14, bold=True, colour=ink.ON_DEEP)
    pdf.line_of(words.PORTAL, right - 70, 14.8, 70, size=9.5, colour=ink.ON_DEEP_QUIET)
    pdf.line_of(words.SERIAL, _SIDE, 6.8, 40, size=8.5, colour=ink.ON_DEEP_QUIET, align="end")
    pdf.line_of(facts.serial, _SIDE, 13, 40, size=12, bold=True, colour=ink.ON_DEEP, align="end", ltr=True)


def _amount(pdf: PersianPDF, facts: ReceiptFacts, y: float) -> float:
    fill, colour = (ink.BAD_SOFT, ink.BAD) if facts.cancelled else (ink.BRAND_SOFT, ink.BRAND)
    inner, width = _SIDE + 5, _WIDTH - 10
    in_words = pdf.wrapped(toman_words(facts.amount_rial), width, 10, most_lines=3)
    height = 29 + len(in_words) * line_height(10)
    pdf.panel(_SIDE, y, _WIDTH, height, fill=fill)
    y += 3
    title = words.GOODS_TITLE if facts.goods else words.TITLE
    y += pdf.line_of(title, inner, y, width, size=10, bold=True, align="center")
    y += (
        pdf.line_of(
            format_toman(facts.amount_rial),
            inner,
            y - 1,
            width,
            size=25,
            bold=True,
            colour=colour,
            align="center",
        )
        - 1
    )
    for line in in_words:
        y += pdf.line_of(line, inner, y, width, size=10, align="center")
    pdf.line_of(
        format_rial(facts.amount_rial), inner, y + 0.5, width, size=8.5, colour=ink.QUIET, align="center"
    )
    return height


def _details(facts: ReceiptFacts) -> list[tuple[str, str]]:
    is_goods = bool(facts.goods)
    return [
        (words.GIVER if is_goods else words.DONOR, facts.donor_name or words.BENEFACTOR),
        *_goods(facts.goods),
        (words.FUND, facts.fund),
        (words.CAMPAIGN, facts.campaign),
        (words.PROVINCE, facts.province or words.NATIONAL),
        (words.GIVEN_AT if is_goods else words.PAID_AT, format_datetime(facts.paid_at)),
        (words.ISSUED_AT, format_datetime(facts.issued_at)),
        (words.TRACKING, show_code(facts.tracking_code)),
        (words.REFERENCE, facts.reference),
        (words.OFFICE, facts.office_name),
    ]


def _goods(lines: tuple[str, ...]) -> list[tuple[str, str]]:
    """The first lines of goods; the page of the receipt has all of them."""
    shown = [(words.GOODS, line) for line in lines[:_MOST_GOODS]]
    if more := len(lines) - len(shown):
        shown.append((words.GOODS, words.AND_MORE.format(count=persian_digits(more))))
    return shown


def _note_height(lines: list[str]) -> float:
    return len(lines) * line_height(_NOTE_SIZE) + 2.4


def _note(pdf: PersianPDF, lines: list[str], y: float) -> float:
    height = _note_height(lines)
    pdf.panel(_SIDE, y, _WIDTH, height, fill=ink.WARM_SOFT)
    for number, line in enumerate(lines):
        at = y + 1.2 + number * line_height(_NOTE_SIZE)
        pdf.line_of(line, _SIDE + 4, at, _WIDTH - 8, size=_NOTE_SIZE, colour=ink.WARM_INK)
    return height


def _thanks(pdf: PersianPDF, y: float) -> None:
    """In the middle of what is left above the verification, when enough is left."""
    size = 12.0
    if (free := _VERIFICATION_TOP - y - line_height(size)) > 3:
        pdf.line_of(
            words.THANKS, _SIDE, y + free / 2, _WIDTH, size=size, bold=True, colour=ink.BRAND, align="center"
        )


def _verification(pdf: PersianPDF, facts: ReceiptFacts) -> None:
    side, top = 33.0, _VERIFICATION_TOP
    pdf.rule(_SIDE, top, _WIDTH, colour=ink.BRAND, thick=0.4)
    pdf.qr(facts.verify_url, _SIDE - 2, top + 2, side)
    x, width = _SIDE + side + 2, _WIDTH - side - 2
    y = top + 4
    y += pdf.line_of(words.VERIFY, x, y, width, size=10.5, bold=True, colour=ink.BRAND)
    y += pdf.line_of(words.VERIFY_HOW, x, y, width, size=8.5)
    y += 0.8
    y += pdf.line_of(show_code(facts.verification_code), x, y, width, size=13, bold=True, ltr=True)
    y += pdf.line_of(
        facts.verify_url, x, y, width, size=8, colour=ink.BRAND, ltr=True, smallest=5, link=facts.verify_url
    )
    pdf.paragraph(words.VERIFY_NOTE, x, y + 0.8, width, size=7.5, colour=ink.QUIET)


def _cancelled_strip(pdf: PersianPDF, y: float) -> float:
    pdf.panel(_SIDE, y, _WIDTH, 8, fill=ink.BAD)
    pdf.line_of(
        words.CANCELLED_NOTE, _SIDE, y + 1, _WIDTH, size=10.5, bold=True, colour=ink.WHITE, align="center"
    )
    return 10


def _cancelled_stamp(pdf: PersianPDF) -> None:
    """Across the details, see-through, so that what was written can still be read."""
    width, height = 92.0, 30.0
    x, y = (pdf.w - width) / 2, 112.0
    with (
        pdf.rotation(18, x + width / 2, y + height / 2),
        pdf.local_context(fill_opacity=0.42, stroke_opacity=0.42),
    ):
        pdf.set_draw_color(*ink.BAD)
        pdf.set_line_width(1.3)
        pdf.rect(x, y, width, height, round_corners=True, corner_radius=4)
        pdf.line_of(words.CANCELLED, x, y + 1, width, size=46, bold=True, colour=ink.BAD, align="center")

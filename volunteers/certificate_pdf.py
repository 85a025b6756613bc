"""A volunteer's certificate on a wide A5: facts in, bytes out; touches neither database nor settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core import brand as ink
from core.codes import show_code
from core.jalali import format_day_month_year
from core.pdf import PersianPDF
from core.text import persian_digits
from volunteers import me_phrases as words
from volunteers.hours import hours_text

_BAND, _SIDE, _WIDTH = 26.0, 14.0, 210.0 - 28.0
_FOOT = 148.0 - 42.0


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says; `check_url` is the full address that the QR leads to."""

    name: str
    title: str
    province: str
    minutes: int
    shifts: int
    first_on: date
    last_on: date
    issued_at: datetime
    code: str
    check_url: str


def render_certificate(facts: CertificateFacts) -> bytes:
    """The PDF of one certificate: one page, the same bytes for the same facts."""
    pdf = PersianPDF(
        words.CERTIFICATE_TITLE,
        page="A5-wide",
        margin=_SIDE,
        made_at=facts.issued_at,
        author=words.ORGANISATION,
    )
    pdf.add_page()
    _band(pdf)
    y = _BAND + 6
    y += pdf.line_of(
        words.CERTIFICATE_TITLE, _SIDE, y, _WIDTH, size=17, bold=True, colour=ink.BRAND, align="center"
    )
    y += pdf.line_of(words.CERTIFIES, _SIDE, y + 1, _WIDTH, size=10, colour=ink.QUIET, align="center") + 1
    y += pdf.line_of(facts.name, _SIDE, y, _WIDTH, size=22, bold=True, align="center")
    said = words.HAS_WORKED.format(title=facts.title)
    y += pdf.paragraph(said, _SIDE, y, _WIDTH, size=11, align="center", most_lines=2) + 1
    pdf.rows(_rows(facts), _SIDE + 20, y, _WIDTH - 40, size=9)
    _foot(pdf, facts)
    return pdf.to_bytes()


def _band(pdf: PersianPDF) -> None:
    pdf.panel(0, 0, pdf.w, _BAND - 4, fill=ink.DEEP, round_=0)
    pdf.panel(0, _BAND - 4, pdf.w, 1.1, fill=ink.SAFFRON, round_=0)
    mark = 13.0
    pdf.mark(pdf.w - _SIDE - mark, 4.5, mark)
    right = pdf.w - _SIDE - mark - 3
    pdf.line_of(words.ORGANISATION, right - 80, 3.6, 80, size=13, bold=True, colour=ink.ON_DEEP)
    pdf.line_of(words.NETWORK, right - 80, 11.6, 80, size=9.5, colour=ink.ON_DEEP_QUIET)


def _rows(facts: CertificateFacts) -> list[tuple[str, str]]:
    first, last = format_day_month_year(facts.first_on), format_day_month_year(facts.last_on)
    days = first if first == last else words.DAYS.format(first=first, last=last)
    return [
        (words.DURATION, hours_text(facts.minutes)),
        (words.SHIFTS, persian_digits(facts.shifts)),
        (words.SINCE_UNTIL, days),
        (words.PROVINCE, facts.province),
        (words.ISSUED, format_day_month_year(facts.issued_at)),
    ]


def _foot(pdf: PersianPDF, facts: CertificateFacts) -> None:
    side = 34.0
    pdf.rule(_SIDE, _FOOT, _WIDTH, colour=ink.BRAND, thick=0.4)
    pdf.qr(facts.check_url, _SIDE - 2, _FOOT + 3, side)
    x, width, y = _SIDE + side + 2, _WIDTH - side - 2, _FOOT + 5
    y += pdf.line_of(words.THANKS, x, y, width, size=11, bold=True, colour=ink.BRAND) + 1
    y += pdf.line_of(words.CHECK_AT, x, y, width, size=8.5)
    y += pdf.line_of(show_code(facts.code), x, y, width, size=13, bold=True, ltr=True)
    pdf.line_of(
        facts.check_url, x, y, width, size=8, colour=ink.BRAND, ltr=True, smallest=5, link=facts.check_url
    )

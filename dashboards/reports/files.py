"""A report as a file: one sheet for people who count on, pages for people who read."""

from __future__ import annotations

from collections.abc import Iterator

from core.brand import QUIET
from core.jalali import format_datetime
from core.pdf import PersianPDF, line_height
from core.sheets import Cell, to_csv, to_xlsx
from dashboards import report_phrases as phrases
from dashboards.reports.base import Line, Report, Section

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
_LABEL_SHARE = 2.4
_WIDTHS = {"rial": 2.0, "before": 2.0, "share": 0.8, "change": 1.2, "count": 0.9, "words": 2.0}
_BETWEEN, _HEADING = 5, 11


def file_of(report: Report, form: str) -> bytes:
    """The report in one of FORMS; the same report gives the same bytes."""
    if form == "pdf":
        return _pdf(report)
    heads = [str(head) for head in phrases.FILE_HEADS]
    if form == "csv":
        return to_csv(heads, _rows(report))
    return to_xlsx(report.title, heads, _rows(report), made_at=report.as_of)


def intro(report: Report) -> str:
    """Of which days, against which, and how fresh."""
    return str(phrases.FOR_PERIOD).format(
        period=report.period, before=report.period_before, as_of=format_datetime(report.as_of)
    )


def _rows(report: Report) -> Iterator[list[Cell]]:
    yield [report.title, intro(report), None, None, None, None, None]
    for section in report.sections:
        for line in (*section.lines, *([section.total] if section.total else [])):
            yield _row(section, line)


def _row(section: Section, line: Line) -> list[Cell]:
    change = line.change_percent
    return [
        str(section.title), line.label, line.rial, line.before_rial, "" if change is None else f"{change:.1f}",
        line.count, str(line.words),
    ]  # fmt: skip


def _pdf(report: Report) -> bytes:
    pdf = PersianPDF(report.title, margin=14, made_at=report.as_of)
    pdf.add_page()
    y = pdf.t_margin
    y += pdf.line_of(report.title, pdf.l_margin, y, pdf.epw, size=16, bold=True)
    y += pdf.paragraph(intro(report), pdf.l_margin, y + 1, pdf.epw, size=9, colour=QUIET) + 3
    pdf.set_y(y)
    for section in report.sections:
        _print(pdf, section)
    return pdf.to_bytes(numbered=True)


def _print(pdf: PersianPDF, section: Section) -> None:
    """Heading and table; a heading never stands alone at the foot of a page."""
    needed = _HEADING + 3 * (line_height(9) + 2)
    if pdf.get_y() + needed > pdf.h - pdf.b_margin - 6:
        pdf.add_page()
    y = pdf.get_y() + _BETWEEN
    height = pdf.line_of(str(section.title), pdf.l_margin, y, pdf.epw, size=11.5, bold=True)
    if section.note:
        height += pdf.line_of(str(section.note), pdf.l_margin, y + height, pdf.epw, size=8, colour=QUIET)
    pdf.set_y(y + height + 1)
    rows = [section.texts(line) for line in section.lines]
    if section.total:
        rows.append(section.texts(section.total))
    widths = [_LABEL_SHARE, *(_WIDTHS[key] for key, _ in section.columns())]
    pdf.grid([str(head) for head in section.heads()], rows, widths, size=8.5)

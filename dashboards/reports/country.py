"""What headquarters really reports, for any Jalali period: exact from the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, F, Sum

from aid.enums import Purpose
from aid.models import Delivery
from campaigns.channel_phrases import STANDINGS
from campaigns.channels import Standing, looked_after, with_standing
from core.jalali import day_bounds
from dashboards import figures
from dashboards import report_phrases as phrases
from dashboards.board import LEADING
from dashboards.figures import Period, Row, Sheet
from dashboards.models import Flow
from dashboards.periods import Chosen
from dashboards.reports.base import Line, Report, Section, compared, sum_of
from dashboards.selectors import governmental_channels
from payments.enums import DayState
from payments.reconciliation_selectors import province_states
from provinces.models import Province
from volunteers.enums import Section as VolunteerSection
from volunteers.models import Volunteer

RECEIVED_BY = ("kind", "province", "county", "campaign", "fund", "channel")
SPENT_BY = ("kind", "fund")


def country_report(
    chosen: Chosen, *, province: Province | None = None, address: Callable[[Row], str] = lambda row: ""
) -> Report:
    """The report of the country or of one province. Figures of one moment; their number of queries is fixed.

    `address` leads from a province's line to its own report.
    """
    place = {"province": province.code} if province else {}
    with figures.one_moment():
        now, before = (figures.sheet(days, *RECEIVED_BY, **place) for days in (chosen.period, chosen.before))
        out, out_before = (
            figures.sheet(days, *SPENT_BY, flow=Flow.OUT, **place) for days in (chosen.period, chosen.before)
        )
        sections = (
            _received(now, before),
            _spent(out, out_before),
            _by_purpose(chosen, out, out_before, province),
            _plain("spent_by_fund", phrases.SPENT_BY_FUND, phrases.FUND, out["fund"], out_before["fund"]),
            _plain("funds", phrases.BY_FUND, phrases.FUND, now["fund"], before["fund"]),
            _by_source(now, before),
            _places(now, before, province, address),
            _plain("campaigns", phrases.CAMPAIGNS, phrases.CAMPAIGN, now["campaign"], before["campaign"]),
            _plain("channels", phrases.CHANNELS, phrases.CHANNEL, now["channel"], before["channel"]),
            _health(province),
            _reconciled(chosen.passed, province),
            _volunteers(chosen.passed, province),
        )
    return Report(
        "country" if province is None else province.slug,
        str(phrases.PROVINCE_TITLE).format(name=province.name) if province else str(phrases.COUNTRY_TITLE),
        chosen.text,
        chosen.before_text,
        now.as_of,
        sections,
    )


def _plain(key: str, title: str, head: str, rows: tuple[Row, ...], before: tuple[Row, ...]) -> Section:
    lines = compared(rows, before)
    return Section(key, title, head, lines, sum_of(lines), shares=True)


def _kinds(now: Sheet, before: Sheet) -> tuple[Line, ...]:
    """Cash, in kind and service, those without anything too."""
    rows = [now.row("kind", kind) for kind in figures.KIND_LABELS]
    was = [before.row("kind", kind) for kind in figures.KIND_LABELS]
    return tuple(
        Line(str(figures.KIND_LABELS[row.key]), row.total_rial, old.total_rial, row.count)
        for row, old in zip(rows, was, strict=True)
    )


def _received(now: Sheet, before: Sheet) -> Section:
    lines = _kinds(now, before)
    return Section("received", phrases.RECEIVED, phrases.RECEIVED_HEAD, lines, sum_of(lines), shares=True)


def _spent(out: Sheet, before: Sheet) -> Section:
    lines = _kinds(out, before)
    return Section(
        "spent", phrases.SPENT, phrases.RECEIVED_HEAD, lines, sum_of(lines), phrases.SPENT_NOTE, shares=True
    )


def _by_purpose(chosen: Chosen, out: Sheet, before: Sheet, province: Province | None) -> Section:
    """Deliveries say what money was spent on; a last line makes them equal to what the books say was spent."""
    now, was = _purposes(chosen.period, province), _purposes(chosen.before, province)
    lines = [
        Line(str(Purpose(purpose).label), now.get(purpose, 0), was.get(purpose, 0))
        for purpose in sorted(now.keys() | was.keys(), key=lambda name: -now.get(name, 0))
    ]
    rest = Line(
        str(phrases.OTHER_SPENT),
        out.total_rial - sum(now.values()),
        before.total_rial - sum(was.values()),
    )
    if rest.rial or rest.before_rial:
        lines.append(rest)
    return Section(
        "purposes",
        phrases.BY_PURPOSE,
        phrases.PURPOSE,
        tuple(lines),
        sum_of(lines),
        phrases.BY_PURPOSE_NOTE,
        shares=True,
    )


def _purposes(period: Period, province: Province | None) -> dict[str, int]:
    """{purpose: rials} of what was recorded as delivered on these days, less what was taken back on them."""
    start, end = _moments(period)
    found: dict[str, int] = {}
    deliveries = Delivery.objects.order_by()
    if province is not None:
        deliveries = deliveries.filter(allocation__pool__province=province)
    for sign, when in ((1, "recorded_at"), (-1, "undone_at")):
        rows = (
            deliveries.filter(**{f"{when}__gte": start, f"{when}__lt": end})
            .values_list("allocation__purpose")
            .annotate(rial=Sum(F("amount_rial") - F("borne_rial")))
        )
        for purpose, rial in rows:
            found[purpose] = found.get(purpose, 0) + sign * int(rial)
    return found


def _by_source(now: Sheet, before: Sheet) -> Section:
    """What came by the ways of government bodies, and everything else."""
    theirs = governmental_channels()

    def line(label: str, governmental: bool) -> Line:
        rows, was = (
            [row for row in sheet["channel"] if (row.key in theirs) is governmental]
            for sheet in (now, before)
        )
        return Line(
            label, sum(r.total_rial for r in rows), sum(r.total_rial for r in was), sum(r.count for r in rows)
        )

    lines = (line(str(phrases.PEOPLE), False), line(str(phrases.GOVERNMENTAL), True))
    return Section(
        "sources",
        phrases.BY_SOURCE,
        phrases.SOURCE,
        lines,
        sum_of(lines),
        phrases.BY_SOURCE_NOTE,
        shares=True,
    )


def _places(now: Sheet, before: Sheet, province: Province | None, address: Callable[[Row], str]) -> Section:
    if province is not None:
        return _plain("counties", phrases.COUNTIES, phrases.COUNTY, now["county"], before["county"])
    leading = [row for row in now["province"] if row.key is not None and row.total_rial > 0][:LEADING]
    was = {row.key: row.total_rial for row in before["province"]}
    lines = tuple(
        Line(row.label, row.total_rial, was.get(row.key, 0), row.count, url=address(row)) for row in leading
    )
    return Section("leading", phrases.LEADING, phrases.PROVINCE, lines)


def _health(province: Province | None) -> Section:
    """How the published ways stand today; their number, never the ways themselves."""
    channels = looked_after().order_by()
    if province is not None:
        channels = channels.filter(office__province=province)
    lines = tuple(
        Line(str(STANDINGS[standing]), count=with_standing(channels, standing).count())
        for standing in Standing
    )
    return Section("health", phrases.HEALTH, phrases.STANDING, lines, note=phrases.HEALTH_NOTE)


def _reconciled(period: Period, province: Province | None) -> Section:
    """Account days by their state; the rials that do not fit yet."""
    found = province_states(period.start, period.end)
    places = [province.code] if province else list(found)
    states = {state: sum(found.get(place, {}).get(state, 0) for place in places) for state in DayState.values}
    lines = tuple(Line(str(DayState(state).label), count=count) for state, count in states.items())
    open_rial = sum(found.get(place, {}).get("open_rial", 0) for place in places)
    return Section(
        "reconciled",
        phrases.RECONCILED,
        phrases.STATE,
        (*lines, Line(str(phrases.OPEN_RIAL), rial=open_rial)),
    )


def _volunteers(period: Period, province: Province | None) -> Section:
    """Who has joined by section: in the period, and in all by its end."""
    start, end = _moments(period)
    people = Volunteer.objects.order_by()
    if province is not None:
        people = people.filter(province=province)
    rows = dict(
        people.filter(joined_at__gte=start, joined_at__lt=end).values_list("section").annotate(Count("pk"))
    )
    every = people.filter(joined_at__lt=end).count()
    lines = tuple(Line(str(section.label), count=rows.get(section, 0)) for section in VolunteerSection)
    joined = Line(str(phrases.JOINED), count=sum(rows.values()))
    return Section(
        "volunteers",
        phrases.VOLUNTEERS,
        phrases.SECTION,
        (*lines, joined, Line(str(phrases.ALL_VOLUNTEERS), count=every)),
    )


def _moments(period: Period) -> tuple[datetime, datetime]:
    return day_bounds(period.start)[0], day_bounds(period.end)[1]

"""The accountant's desk for reconciling: a month of days, a day of accounts, and closing what is clean."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.jalali import (
    format_datetime,
    format_short,
    from_jalali,
    iso_jalali,
    month_bounds,
    month_start,
    month_title,
    parse_jalali,
    tehran_today,
    to_jalali,
)
from core.listing import ListFile, file_links
from core.money import format_toman
from core.phrases import sentence
from core.sheets import Cell
from ledger import closing as books
from payments import counter_phrases
from payments import reconciliation_phrases as phrases
from payments import reconciliation_selectors as selectors
from payments.cash_selectors import OpenDifference, open_differences
from payments.desk_pages import try_service
from payments.enums import DayState
from payments.models import DayBalance, StatementSource, Terminal
from payments.reconciliation_forms import ReasonForm
from payments.services import closing
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import current_scope
from provinces.selectors import provinces_in_order

HQ = "hq"  # in addresses, the place of what belongs to no province
WORST_FIRST = [DayState.DIFFERS, DayState.WAITING, DayState.ON_THE_WAY, DayState.CLEAN]


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest) -> HttpResponse:
    """The days of a Jalali month as rows, the accounts of a province (or of headquarters) as columns."""
    province = _own_place(request)
    first = _month_asked(request)
    if request.method == "POST":
        return _close_month(request, province, first)
    last = min(_month_of(first)[1], tehran_today())
    offices = closing.offices_of(province)
    rows = selectors.balances_of(offices, first, last)
    names, differences = account_names(offices), open_differences(offices, first, last)
    columns = [code for code in names if any(row.account == code for row in rows)]
    shut = books.closed_days(province, first, last)
    as_file = ListFile(
        "reconciliation", phrases.MONTH_HEADS, partial(_balance_line, place_name(province), names, shut)
    )
    if answer := as_file.asked(request, rows):
        return answer
    context = desk_context(
        request,
        place=province or HQ,
        place_name=place_name(province),
        places=_places(),
        files=file_links(request),
        month_key=iso_jalali(first)[:7],
        month_label=_title(first),
        months=_months_around(first),
        columns=[names[code] for code in columns],
        days=[_day_row(day, rows, columns, shut, differences) for day in _days_down(first, last)],
        differences=differences,
        cash_phrases=counter_phrases,
        missing=[(names.get(code, code), rial) for code, rial in selectors.what_is_missing(offices)],
        suspense=selectors.suspense_of(offices),
        waiting=list(selectors.waiting_decisions(offices)[:50]),
        month_closed=books.closed_month(province, first),
        may_close_month=request.access.may(Permission.CLOSE_DAY)
        and len(shut) == (_month_of(first)[1] - first).days + 1,
        phrases=phrases,
    )
    return render(request, "payments/reconciliation.html", context)


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, place: str, day: str) -> HttpResponse:
    """One day: each account from three sides, what is open, and closing it."""
    province, on = _place(place), _day(day)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = _act(request, province, on, form)
        if done is not None:
            return done
    offices = closing.offices_of(province)
    names = account_names(offices)
    rows = sorted(selectors.balances_of(offices, on, on), key=lambda row: _rank(row.state))
    shut = books.closed_days(province, on, on).get(on)
    mine = request.user.pk if request.GET.get("owner") == "mine" else None
    differences = open_differences(offices, on, on)
    bad = [names.get(row.account, row.account) for row in rows if row.state in closing.NOT_CLEAN]
    bad += [counter_phrases.CASH_OF.format(office=found.count.office.name) for found in differences]
    may_override = request.access.may(Permission.CLOSE_UNCLEAN_DAY)
    context = desk_context(
        request,
        place=place,
        place_name=place_name(province),
        on=on,
        day_key=day,
        month_key=iso_jalali(month_start(on))[:7],
        rows=[(names.get(row.account, row.account), row) for row in rows],
        bad=bad,
        differences=differences,
        cash_phrases=counter_phrases,
        shut=shut,
        closed_by=shut and phrases.CLOSED_BY.format(who=shut.closed_by, when=format_datetime(shut.closed_at)),
        discrepancies=list(selectors.open_discrepancies(offices, on, on, owner_id=mine)[:200]),
        is_mine=mine is not None,
        suggested=list(selectors.suggested_lines(offices, on, on)[:200]),
        may_close=shut is None and request.access.may(Permission.CLOSE_DAY) and (not bad or may_override),
        may_reopen=shut is not None and request.access.may(Permission.REOPEN_DAY),
        is_asked=request.GET.get("ask") == "close" or form.is_bound,
        form=form,
        phrases=phrases,
    )
    return render(request, "payments/reconciliation_day.html", context)


@needs(Permission.VIEW_HQ)
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """Every province and headquarters in a month, the worst first."""
    first = _month_asked(request)
    last = min(_month_of(first)[1], tehran_today())
    states, shut = selectors.province_states(first, last), books.last_closed_days()
    places = [("", str(phrases.HEADQUARTERS)), *((p.code, p.name) for p in provinces_in_order())]
    rows = [_country_row(code, name, states.get(code, {}), shut.get(code), first) for code, name in places]
    rows.sort(key=lambda row: row["rank"])
    if answer := _COUNTRY_FILE.asked(request, rows):
        return answer
    context = desk_context(
        request,
        rows=rows,
        files=file_links(request),
        month_label=_title(first),
        months=_months_around(first),
        suspense_rial=selectors.suspense_in_books(),
        phrases=phrases,
    )
    return render(request, "payments/hq_reconciliation.html", context)


def account_names(offices: list[int]) -> dict[str, str]:
    """The accounts of these offices by their code, as people call them."""
    names = {
        f"clearing:{t.gateway}:{t.pk}": t.label
        for t in Terminal.objects.filter(office__in=offices).order_by("pk")
    }
    for source in StatementSource.objects.filter(office__in=offices).order_by("pk"):
        names.setdefault(source.account, source.name)
        names.setdefault(selectors.transit_account(source), phrases.TRANSIT_ACCOUNT.format(name=source.name))
    return names


def place_name(province: str) -> str:
    if not province:
        return str(phrases.HEADQUARTERS)
    return next(p.name for p in provinces_in_order() if p.code == province)


# --- acting ----------------------------------------------------------------------------------------------
def _act(request: HttpRequest, province: str, on: date, form: ReasonForm) -> HttpResponse | None:
    """Close or reopen; None when the page is to be shown with what was wrong."""
    act = request.POST.get("act")
    here = redirect("reconciliation-day", province or HQ, iso_jalali(on))
    if act == "reopen":
        if not request.access.may(Permission.REOPEN_DAY):
            raise PermissionDenied
        if not try_service(
            form, lambda said: closing.reopen_day(province, on, actor=request.user, reason=said["reason"])
        ):
            return None
        messages.success(request, phrases.REOPENED)
        return here
    if not request.access.may(Permission.CLOSE_DAY):
        raise PermissionDenied
    try:
        closed = closing.close_day(
            province,
            on,
            actor=request.user,
            reason=request.POST.get("reason", ""),
            may_override=request.access.may(Permission.CLOSE_UNCLEAN_DAY),
        )
    except DomainError as error:
        form.is_valid()
        if error.code != "reason_required":
            form.errors.clear()
            form.add_error(None, sentence(error.code))
        return None
    messages.success(request, phrases.DAY_CLOSED if closed else phrases.DAY_WAS_CLOSED)
    return here


def _close_month(request: HttpRequest, province: str, first: date) -> HttpResponse:
    if not request.access.may(Permission.CLOSE_DAY):
        raise PermissionDenied
    try:
        closing.close_month(province, first, actor=request.user)
        messages.success(request, phrases.MONTH_CLOSED)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    return redirect(f"{reverse('reconciliation')}?place={province or HQ}&month={iso_jalali(first)[:7]}")


# --- where and when --------------------------------------------------------------------------------------
def _own_place(request: HttpRequest) -> str:
    """The place asked for, else the person's own province, else headquarters."""
    asked = request.GET.get("place", "")
    if asked:
        return _place(asked)
    scope = current_scope()
    return "" if scope.everything else min(scope.provinces, default="")


def _place(place: str) -> str:
    """The province code of an address ("" for headquarters); 404 outside the open scope."""
    province = "" if place == HQ else place
    known = province == "" or any(p.code == province for p in provinces_in_order())
    if not known or not current_scope().holds(province or None):
        raise Http404
    return province


def _places() -> list[tuple[str, str]]:
    """Where else one may look: all for headquarters, several for whoever works in several."""
    scope = current_scope()
    own = [(p.code, p.name) for p in provinces_in_order() if scope.holds(p.code)]
    return [(HQ, str(phrases.HEADQUARTERS)), *own] if scope.everything else (own if len(own) > 1 else [])


def _day(text: str) -> date:
    try:
        on = parse_jalali(text)
    except DomainError as error:
        raise Http404 from error
    if on > tehran_today():
        raise Http404
    return on


def _month_asked(request: HttpRequest) -> date:
    """The first day of the month asked for, else of the present one."""
    try:
        year, number = request.GET.get("month", "").split("-")
        return from_jalali(int(year), int(number), 1)
    except (ValueError, DomainError):
        return month_start(tehran_today())


def _month_of(day: date) -> tuple[date, date]:
    jalali = to_jalali(day)
    return month_bounds(jalali.year, jalali.month)


def _title(first: date) -> str:
    jalali = to_jalali(first)
    return month_title(jalali.year, jalali.month)


def _months_around(first: date) -> list[dict[str, str]]:
    before, after = month_start(first - timedelta(days=1)), _month_of(first)[1] + timedelta(days=1)
    links = [{"key": iso_jalali(before)[:7], "label": _title(before), "word": phrases.PREVIOUS_MONTH}]
    if after <= tehran_today():
        links.append({"key": iso_jalali(after)[:7], "label": _title(after), "word": phrases.NEXT_MONTH})
    return links


def _days_down(first: date, last: date) -> list[date]:
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]


# --- rows ------------------------------------------------------------------------------------------------
def _rank(state: str | None) -> int:
    return WORST_FIRST.index(DayState(state)) if state else len(WORST_FIRST)


def _day_row(
    day: date, rows: list[DayBalance], columns: list[str], shut: dict, differences: list[OpenDifference]
) -> dict[str, object]:
    of_day = {row.account: row for row in rows if row.day == day}
    is_short = any(found.count.day == day for found in differences)
    states = [row.state for row in of_day.values()] + ([DayState.DIFFERS] if is_short else [])
    worst = min(states, key=_rank, default=DayState.CLEAN)
    return {
        "day": day,
        "key": iso_jalali(day),
        "cells": [of_day.get(code) for code in columns],
        "state": worst,
        "state_label": DayState(worst).label,
        "is_empty": not states,
        "shut": shut.get(day),
    }


def _country_row(code: str, name: str, states: dict, closed: date | None, first: date) -> dict[str, object]:
    differs, waiting = states.get(DayState.DIFFERS, 0), states.get(DayState.WAITING, 0)
    on_way = states.get(DayState.ON_THE_WAY, 0)
    worst = next((s for s in WORST_FIRST if states.get(s)), DayState.CLEAN)
    return {
        "name": name,
        "url": f"{reverse('reconciliation')}?place={code or HQ}&month={iso_jalali(first)[:7]}",
        "state": worst,
        "state_label": worst.label,
        "differs": differs,
        "waiting": waiting,
        "open": format_toman(states.get("open_rial", 0)),
        "open_rial": states.get("open_rial", 0),
        "closed": closed,
        "rank": (-differs, -waiting, -on_way, name),
    }


# --- files -----------------------------------------------------------------------------------------------
def _balance_line(place: str, names: dict[str, str], shut: dict, row: DayBalance) -> list[Cell]:
    return [
        place, format_short(row.day), names.get(row.account, row.account), row.get_state_display(), row.our_count,
        row.our_rial, row.report_count, row.report_rial, row.bank_count, row.bank_rial, row.open_count, row.open_rial,
        str(phrases.CLOSED if row.day in shut else phrases.OPEN),
    ]  # fmt: skip


def _country_line(row: dict[str, object]) -> list[Cell]:
    return [
        row["name"], str(row["state_label"]), row["differs"], row["waiting"], row["open_rial"],
        format_short(row["closed"]) if row["closed"] else "",
    ]  # fmt: skip


_COUNTRY_FILE = ListFile("reconciliation-country", phrases.COUNTRY_HEADS, _country_line)

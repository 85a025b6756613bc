"""/hq/public-figures/: what was told in public, by whom, and what the books say of the same days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import format_short, iso_jalali
from core.money import format_toman, group_digits
from core.phrases import sentence
from core.sheets import to_csv, to_xlsx
from dashboards import charts
from dashboards import hq_phrases as phrases
from dashboards.enums import ToldUnit
from dashboards.figures import Period
from dashboards.hq_forms import ToldForm, WithdrawForm
from dashboards.models import ToldFigure
from dashboards.periods import period_text
from dashboards.reports.files import FORMS
from dashboards.services.told_figures import tell_figure, withdraw_figure
from dashboards.told import Told, Topic, register
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_SHEETS = {name: FORMS[name] for name in ("csv", "xlsx")}


@never_cache
@needs(Permission.VIEW_HQ)
@require_http_methods(["GET", "HEAD", "POST"])
def told_figures(request: HttpRequest) -> HttpResponse:
    """The register, and the form for another figure."""
    may_tell = request.access.may(Permission.TELL_FIGURES)
    if request.method == "POST" and not may_tell:
        raise PermissionDenied
    form = ToldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            tell_figure(form.told(), actor=request.user)
        except DomainError as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, sentence(error.code))
        else:
            messages.success(request, phrases.TOLD_ADDED)
            return redirect("hq-public-figures")
    context = desk_context(
        request,
        topics=[_topic(topic) for topic in register()],
        form=form if may_tell else None,
        phrases=phrases,
        files=[(form_, f"/hq/public-figures/file.{form_}") for form_ in ("xlsx", "csv")],
    )
    return render(request, "dashboards/told_figures.html", context)


@never_cache
@needs(Permission.TELL_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def told_figure(request: HttpRequest, figure_id: int) -> HttpResponse:
    """One figure: taking it out of the register."""
    found = ToldFigure.objects.filter(pk=figure_id, withdrawn_at=None).first()
    if found is None:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_figure(found.pk, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, phrases.TOLD_WITHDRAWN)
        return redirect("hq-public-figures")
    context = desk_context(
        request, figure=found, shown=_shown(found.amount, found), form=form, phrases=phrases,
        crumbs=[{"label": phrases.TOLD_TITLE, "url": "/hq/public-figures/"}, {"label": found.topic}],
    )  # fmt: skip
    return render(request, "dashboards/told_figure.html", context)


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def told_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register as a file; money in whole rials."""
    heads = [
        phrases.TOLD_TOPIC, phrases.TOLD_KIND, phrases.TOLD_UNIT, phrases.TOLD_PRECISION, phrases.TOLD_AMOUNT,
        phrases.TOLD_START, phrases.TOLD_END, phrases.TOLD_SOURCE, phrases.TOLD_ON, phrases.TOLD_NOTE, phrases.TOLD_OWN,
    ]  # fmt: skip
    rows = [_line(one) for topic in register() for one in topic.told]
    if form == "csv":
        body = to_csv([str(head) for head in heads], rows)
    else:
        body = to_xlsx(str(phrases.TOLD_TITLE), [str(head) for head in heads], rows, made_at=timezone.now())
    response = HttpResponse(body, content_type=_SHEETS[form])
    response["Content-Disposition"] = f'attachment; filename="public-figures.{form}"'
    return keep_out_of_caches(response)


def _topic(topic: Topic) -> dict[str, Any]:
    return {"name": topic.name, "conflicts": topic.conflicts, "rows": [_row(one) for one in topic.told]}


def _row(one: Told) -> dict[str, Any]:
    figure = one.figure
    return {
        "id": figure.pk,
        "amount": f"{figure.get_precision_display()} {_shown(figure.amount, figure)}".strip(),
        "kind": figure.get_kind_display(),
        "period": _period(figure),
        "source": figure.source,
        "told_on": format_short(figure.told_on) if figure.told_on else "",
        "note": figure.note,
        "own": phrases.NOT_KNOWN if one.own is None else _shown(one.own, figure),
        "difference": "" if one.difference is None else _difference(one.difference, figure),
    }


def _period(figure: ToldFigure) -> str:
    if figure.starts_on is None or figure.ends_on is None:
        return str(phrases.NO_PERIOD)
    return period_text(Period(figure.starts_on, figure.ends_on))


def _difference(difference: Decimal, figure: ToldFigure) -> str:
    if difference == 0:
        return str(phrases.EQUAL)
    words = phrases.MORE if difference > 0 else phrases.LESS
    return str(words).format(figure=_shown(abs(difference), figure))


def _shown(amount: Decimal, figure: ToldFigure) -> str:
    if figure.unit == ToldUnit.RIAL:
        billions, rest = divmod(int(amount), 10**10)
        return (
            str(phrases.BILLIONS).format(count=group_digits(billions))
            if not rest
            else format_toman(int(amount))
        )
    if figure.unit == ToldUnit.PERCENT:
        return charts.percent_text(float(amount))
    unit = figure.get_unit_display() if figure.unit == ToldUnit.PERSONS else ""
    return f"{group_digits(int(amount))} {unit}".strip()


def _line(one: Told) -> list[str | int | None]:
    figure = one.figure
    days = [iso_jalali(day) if day else "" for day in (figure.starts_on, figure.ends_on)]
    return [
        figure.topic, figure.get_kind_display(), figure.get_unit_display(), figure.get_precision_display(),
        _exact(figure.amount), *days, figure.source, iso_jalali(figure.told_on) if figure.told_on else "", figure.note,
        "" if one.own is None else _exact(one.own),
    ]  # fmt: skip


def _exact(amount: Decimal) -> int | str:
    return int(amount) if amount == amount.to_integral_value() else str(amount)

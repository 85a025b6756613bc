"""/hq/report/: what headquarters reports of a period, on the screen, as a sheet and in print."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import tehran_today
from dashboards import phrases
from dashboards import report_phrases as words
from dashboards.figures import Row
from dashboards.periods import Chosen, choose
from dashboards.reports.base import Report
from dashboards.reports.country import country_report
from dashboards.reports.files import FORMS, file_of, intro
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import Province
from provinces.permissions import Permission
from provinces.selectors import find_province, provinces_in_order


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Any Jalali period of the country, or of one province."""
    provinces = provinces_in_order()
    chosen, found = _asked(request, [(one.slug, one.name) for one in provinces])
    made = _made(chosen, found, {one.code: one.slug for one in provinces})
    query = chosen.query
    crumbs = [{"label": phrases.HQ_TITLE, "url": f"{reverse('hq')}?{query}"}, {"label": words.REPORT_LINK}]
    context = desk_context(
        request,
        report=made,
        intro=intro(made),
        crumbs=crumbs,
        period_form=chosen.form,
        period_tabs=chosen.tabs,
        tables=[section.table() for section in made.sections],
        files=[
            {"label": label, "url": f"{reverse('hq-report-file', args=[form])}?{query}"}
            for form, label in words.FILES.items()
        ],
    )
    return render(request, "dashboards/report.html", context)


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as XLSX, PDF or CSV."""
    chosen, found = _asked(request, [(one.slug, one.name) for one in provinces_in_order()])
    made = _made(chosen, found, {})
    response = HttpResponse(file_of(made, form), content_type=FORMS[form])
    days = f"{chosen.period.start:%Y%m%d}-{chosen.period.end:%Y%m%d}"
    response["Content-Disposition"] = f'attachment; filename="report-{made.key}-{days}.{form}"'
    return keep_out_of_caches(response)


def _asked(request: HttpRequest, provinces: list[tuple[str, str]]) -> tuple[Chosen, Province | None]:
    """The days, and the province when one is asked for; an unknown one is a 404."""
    slug = request.GET.get("province", "")
    try:
        found = find_province(slug) if slug else None
    except DomainError as error:
        raise Http404 from error
    others = {"province": found.slug} if found else {}
    return choose(request.GET, tehran_today(), others=others, provinces=provinces), found


def _made(chosen: Chosen, found: Province | None, slugs: dict[str, str]) -> Report:
    def address(row: Row) -> str:
        if row.key not in slugs:
            return ""
        days = {name: chosen.form[name].value() for name in ("from", "to")}
        return "?" + urlencode({"province": slugs[row.key], **days})

    return country_report(chosen, province=found, address=address)

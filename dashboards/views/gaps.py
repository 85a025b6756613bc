"""The map of social responsibility: the country, a province, a county; what is missing, who could fill it, files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.jalali import tehran_today
from core.money import format_quantity, short_toman
from core.text import persian_digits
from dashboards import gap_phrases as phrases
from dashboards.gaps import CASH, Gaps, Kind, Line, Sums, read_gaps
from partnerships.asset_selectors import useful_for
from partnerships.enums import Purpose
from partnerships.models import PartnerSite
from partnerships.promise_selectors import find_promises
from partnerships.views.desk import list_file
from provinces.access import needs
from provinces.desk import desk_context
from provinces.map_outlines import map_rows
from provinces.models import County, Province
from provinces.permissions import Permission
from provinces.scoping import Scope, current_scope
from provinces.selectors import find_province, provinces_in_order

MOST_SITES = 60
Row = dict[str, Any]


class KindForm(forms.Form):
    """Which kind the map and the table of places show."""

    kind = forms.ChoiceField(label=phrases.KIND, required=False)

    def __init__(self, *args, gaps: Gaps, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.key, _words(gaps, kind)) for kind in gaps.kinds()]


@needs(Permission.VIEW_GAPS)
@require_safe
def desk_map(request: HttpRequest) -> HttpResponse:
    """The counties of the person's scope; headquarters begins with the country."""
    scope, gaps = current_scope(), read_gaps()
    if scope.everything:
        return _country(request, gaps)
    return _counties(request, gaps, _own_provinces(scope), phrases.MAP)


@needs(Permission.VIEW_HQ)
@require_safe
def country_map(request: HttpRequest) -> HttpResponse:
    """The provinces on a map and in a table."""
    return _country(request, read_gaps())


@needs(Permission.VIEW_HQ)
@require_safe
def province_map(request: HttpRequest, slug: str) -> HttpResponse:
    """One province with its counties, for headquarters."""
    try:
        province = find_province(slug)
    except DomainError as error:
        raise Http404 from error
    return _counties(request, read_gaps(), [province], province.name, is_hq=True)


@needs(Permission.VIEW_GAPS)
@require_safe
def county_map(request: HttpRequest, county: str) -> HttpResponse:
    """One county: every kind apart, and who could fill its gaps."""
    row = get_object_or_404(County.objects.select_related("province"), pk=county)
    if not current_scope().holds(row.province_id, row.pk):
        raise Http404
    gaps, place = read_gaps(), (row.province_id, row.pk)
    lines = [(kind, gaps.line(kind, place)) for kind in gaps.kinds()]
    lines = [(kind, line) for kind, line in lines if not line.is_empty]
    wanted = {purpose for _kind, line in lines if line.gap for purpose in line.purposes}
    context = desk_context(
        request,
        county=row,
        lines=[_line(gaps, kind, line) | {"what": _words(gaps, kind)} for kind, line in lines],
        sites=_sites(province=row.province_id, county=row.pk),
        capitals=useful_for(wanted, county=row.pk),
        promises=find_promises(county=row.pk, standing="open")[:30],
        may_promise=request.access.may(Permission.RECORD_PROMISES),
        back_url=reverse("hq-map-province", args=[row.province.slug])
        if request.access.may(Permission.VIEW_HQ)
        else reverse("gap-map"),
        phrases=phrases,
    )
    return render(request, "desk/map/county.html", context)


@needs(Permission.VIEW_GAPS)
@require_safe
def gap_file(request: HttpRequest, form: str) -> HttpResponse:
    """Every line of the scope as a file; money in rial, so that no cell mixes units."""
    gaps = read_gaps()
    provinces = {province.code: province for province in provinces_in_order()}
    counties = dict(County.objects.values_list("code", "name"))
    rows = []
    for place in sorted(gaps.places(), key=lambda p: (provinces[p[0]].sort_key, p[1])):
        for kind in gaps.kinds():
            line = gaps.line(kind, place)
            if not line.is_empty:
                name, unit = _name(gaps, kind), str(phrases.RIAL) if kind == CASH else gaps.words[kind][1]
                head = [provinces[place[0]].name, counties.get(place[1], str(phrases.WHOLE_PROVINCE))]
                figures = (
                    line.need,
                    line.came,
                    line.stock,
                    line.promised,
                    line.overdue,
                    line.missing,
                    line.gap,
                )
                rows.append([*head, _purposes(line), name, unit, *figures])
    return list_file("gaps", form, phrases.COLUMNS, rows)


def _country(request: HttpRequest, gaps: Gaps) -> HttpResponse:
    kind, base = _asked(request, gaps), f"?{urlencode({'kind': request.GET.get('kind', '')})}"
    sums = {province.code: gaps.of_province(kind, province.code) for province in provinces_in_order()}
    sites = _by_province(gaps)
    rows = [
        _line(gaps, kind, sums[province.code])
        | {
            "name": province.name,
            "url": reverse("hq-map-province", args=[province.slug]) + base,
            "sites": sites.get(province.code, 0),
        }
        for province in provinces_in_order()
    ]
    figures = {code: row.gap for code, row in sums.items()}
    labels = {code: _amount(gaps, kind, row.gap) for code, row in sums.items() if row.gap}
    return _page(
        request,
        gaps,
        kind,
        heading=phrases.MAP_HQ,
        rows=rows,
        total=_line(gaps, kind, gaps.of_country(kind)) | {"name": phrases.COUNTRY_SUM},
        caption=phrases.PROVINCES,
        map_rows=map_rows(figures, labels),
        sites=[],
    )


def _counties(
    request: HttpRequest, gaps: Gaps, provinces: list[Province], heading: object, *, is_hq: bool = False
) -> HttpResponse:
    kind, scope = _asked(request, gaps), current_scope()
    counties = County.objects.filter(province__in=provinces, is_active=True).select_related("province")
    rows = [
        _line(gaps, kind, gaps.line(kind, (county.province_id, county.pk)))
        | {
            "name": county.name,
            "url": reverse("gap-county", args=[county.pk]),
            "sites": gaps.sites.get((county.province_id, county.pk), 0),
        }
        for county in counties.order_by("province__sort_key", "sort_key")
        if scope.holds(county.province_id, county.pk)
    ]
    total = None
    if len(provinces) == 1 and scope.holds(provinces[0].pk):
        whole = gaps.line(kind, (provinces[0].pk, ""))
        if not whole.is_empty or whole.stock:
            rows.append(_line(gaps, kind, whole) | {"name": phrases.WHOLE_PROVINCE, "url": "", "sites": 0})
        total = _line(gaps, kind, gaps.of_province(kind, provinces[0].pk)) | {"name": phrases.PROVINCE_SUM}
    return _page(
        request,
        gaps,
        kind,
        heading=heading,
        rows=rows,
        total=total,
        caption=phrases.COUNTIES,
        map_rows=[],
        sites=_sites(province__in=[province.pk for province in provinces]),
        back_url=reverse("hq-map") if is_hq else "",
    )


def _page(request: HttpRequest, gaps: Gaps, kind: Kind, **more: object) -> HttpResponse:
    context = desk_context(
        request,
        filter_form=KindForm(request.GET or None, gaps=gaps),
        what=_words(gaps, kind),
        has_any=bool(gaps.places()),
        today=tehran_today(),
        files=[(form.upper(), reverse("gap-file", args=[form])) for form in ("xlsx", "csv")],
        map_base=reverse("hq-map"),
        phrases=phrases,
        **more,
    )
    return render(request, "desk/map/map.html", context)


def _asked(request: HttpRequest, gaps: Gaps) -> Kind:
    return gaps.find(request.GET.get("kind", ""))


def _line(gaps: Gaps, kind: Kind, line: Line | Sums) -> Row:
    """The figures of a line as they are shown; `has_gap` for a mark that is no colour alone."""
    names = ("need", "came", "stock", "promised", "overdue", "missing", "gap")
    found: Row = {name: _amount(gaps, kind, getattr(line, name)) for name in names}
    purposes = _purposes(line) if isinstance(line, Line) else ""
    return found | {"has_gap": bool(line.gap), "is_late": bool(line.overdue), "purposes": purposes}


def _amount(gaps: Gaps, kind: Kind, quantity: int) -> str:
    if not quantity:
        return persian_digits(0)
    return short_toman(quantity) if kind == CASH else f"{format_quantity(quantity)} {gaps.words[kind][1]}"


def _name(gaps: Gaps, kind: Kind) -> str:
    return str(phrases.CASH) if kind == CASH else gaps.words[kind][0]


def _words(gaps: Gaps, kind: Kind) -> str:
    return str(phrases.CASH) if kind == CASH else "{} ({})".format(*gaps.words[kind])


def _purposes(line: Line) -> str:
    return "، ".join(sorted(str(Purpose(purpose).label) for purpose in line.purposes))


def _sites(**where: object) -> list[PartnerSite]:
    rows = PartnerSite.objects.filter(is_active=True, partner__is_active=True, **where)
    return list(rows.select_related("partner", "county").order_by("county__sort_key", "name")[:MOST_SITES])


def _by_province(gaps: Gaps) -> dict[str, int]:
    counts: dict[str, int] = {}
    for (province, _county), count in gaps.sites.items():
        counts[province] = counts.get(province, 0) + count
    return counts


def _own_provinces(scope: Scope) -> list[Province]:
    """The provinces of a scope, and those of its counties."""
    of_counties = set(County.objects.filter(pk__in=scope.counties).values_list("province", flat=True))
    return [row for row in provinces_in_order() if row.code in scope.provinces | of_counties]

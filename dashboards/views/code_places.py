"""/desk/codes/places/: what printed codes brought by province or county, and at which hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.code_forms import CodePlacesForm
from core.listing import asked_of, file_links, list_file, wanted_file
from core.money import format_toman, group_digits
from core.sheets import Cell
from dashboards import figures, phrases
from dashboards.views.codes import hours_table
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import County, Province
from provinces.permissions import Permission


@never_cache
@needs(Permission.MANAGE_PLACEMENTS)
@require_safe
def code_places(request: HttpRequest) -> HttpResponse:
    """Codes, scans and gifts by place, those that brought most first; the hours of all of them below."""
    is_country = request.access.scope.everything
    form = CodePlacesForm(request.GET or None, with_province=is_country)
    said = asked_of(form)
    wanted = {"kind": said.get("kind", ""), "province": said["province"].pk if "province" in said else ""}
    with figures.one_moment():
        places, hours = figures.codes_by_place(**wanted), figures.codes_by_hour(**wanted)
    names = _names(places)
    if kind := wanted_file(request):
        return list_file(kind, "code-places", phrases.CODE_PLACES_FILE_HEADS, _lines(places, names))
    context = desk_context(
        request,
        filter_form=form,
        files=file_links(request),
        places=_table(places, names, wanted["kind"], links=is_country and not wanted["province"]),
        hours=hours_table(hours),
        phrases=phrases,
    )
    return render(request, "desk/code_places.html", context)


def _names(places: list[figures.CodesOfPlace]) -> dict[str, str]:
    """Names of the provinces and counties of these rows by their codes."""
    found = dict(Province.objects.values_list("pk", "name"))
    counties = [place.county for place in places if place.county]
    return found | dict(County.objects.filter(pk__in=counties).values_list("pk", "name"))


def _name(place: figures.CodesOfPlace, names: dict[str, str]) -> str:
    if place.county:
        return f"{names.get(place.province, '')}، {names.get(place.county, place.county)}"
    return (
        names.get(place.province, str(phrases.WHOLE_COUNTRY))
        if place.province
        else str(phrases.WHOLE_COUNTRY)
    )


def _table(
    places: list[figures.CodesOfPlace], names: dict[str, str], kind: str, *, links: bool
) -> dict[str, Any]:
    head = (phrases.PLACE, phrases.CODES_COUNT, phrases.SCANS, phrases.NUMBER, phrases.AMOUNT)
    here = reverse("code-places")
    return {
        "columns": [{"label": label, "num": at > 0} for at, label in enumerate(head)],
        "rows": [
            [
                {
                    "text": _name(place, names),
                    "header": True,
                    "url": f"{here}?{urlencode({'kind': kind, 'province': place.province})}"
                    if links and place.province
                    else "",
                },
                {"text": group_digits(place.codes), "num": True},
                {"text": group_digits(place.scans), "num": True},
                {"text": group_digits(place.count), "num": True},
                {"text": format_toman(place.total_rial), "num": True},
            ]
            for place in places
        ],
    }


def _lines(places: list[figures.CodesOfPlace], names: dict[str, str]) -> Iterator[list[Cell]]:
    for place in places:
        yield [_name(place, names), place.codes, place.scans, place.count, place.total_rial]

"""The six capitals of counties and neighbourhoods at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.http import SeeOther, keep_out_of_caches
from core.listing import ListFile, file_links, query_of
from core.once import once
from core.sheets import Cell
from partnerships import asset_phrases as phrases
from partnerships.asset_forms import AssetFilterForm, AssetForm, NeighbourhoodForm
from partnerships.asset_selectors import capitals_of, find_assets
from partnerships.enums import Capital, Purpose
from partnerships.models import CommunityAsset
from partnerships.services import assets as services
from partnerships.views.desk import METHODS, filtered, tried
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.services.neighbourhoods import add_neighbourhood

ASSETS_A_PAGE = 40


@needs(Permission.VIEW_PARTNERS)
@require_http_methods(METHODS)
def asset_list(request: HttpRequest) -> HttpResponse:
    """What the counties of the scope have, by capital and need; neighbourhoods are added here."""
    may = request.access.may(Permission.KNOW_NEIGHBOURHOODS)
    form = NeighbourhoodForm(request.POST or None, prefix="place") if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if tried(form, lambda form: add_neighbourhood(**form.cleaned_data, actor=request.user)):
            messages.success(request, phrases.SAVED)
            return SeeOther(reverse("neighbourhoods"))
    filter_form = AssetFilterForm(request.GET or None)
    found = find_assets(**filtered(filter_form))
    if answer := (_WITH_CONTACTS if may else _AS_FILE).asked(request, found):
        return answer
    counts = capitals_of(found)
    context = desk_context(
        request,
        filter_form=filter_form,
        capitals=[(capital.label, counts.get(capital, 0)) for capital in Capital],
        page_obj=Paginator(found, ASSETS_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        uses=dict(Purpose.choices),
        may=may,
        place_form=form,
        phrases=phrases,
    )
    for row in context["page_obj"]:
        row.uses = _uses(row)
    return keep_out_of_caches(render(request, "desk/neighbourhoods/list.html", context))


def _uses(row: CommunityAsset) -> str:
    return "، ".join(str(Purpose(use).label) for use in row.useful_for)


def _line(row: CommunityAsset) -> list[Cell]:
    return [
        row.title, row.get_capital_display(), row.holder, _uses(row), row.county.province.name, row.county.name,
        row.neighbourhood.name if row.neighbourhood else "",
    ]  # fmt: skip


_AS_FILE = ListFile("neighbourhoods", phrases.LIST_HEADS, _line)
_WITH_CONTACTS = ListFile(
    "neighbourhoods", (*phrases.LIST_HEADS, phrases.CONTACT), lambda row: [*_line(row), row.contact]
)


@needs(Permission.KNOW_NEIGHBOURHOODS)
@require_http_methods(METHODS)
@once
def asset_new(request: HttpRequest) -> HttpResponse:
    """Something a county has is written down."""
    form = AssetForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda form: services.write_asset(form.facts, actor=request.user)
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("neighbourhoods"))
    context = desk_context(request, form=form, asset=None, phrases=phrases)
    return render(request, "desk/neighbourhoods/form.html", context)


@needs(Permission.KNOW_NEIGHBOURHOODS)
@require_http_methods(METHODS)
def asset(request: HttpRequest, asset_id: int) -> HttpResponse:
    """One of them, put right or taken off."""
    row = get_object_or_404(CommunityAsset.objects.select_related("county"), pk=asset_id, is_active=True)
    form = AssetForm(request.POST or None, initial=AssetForm.initial_of(row))
    if request.method == "POST":
        retires = request.POST.get("act") == "retire"
        if retires:
            services.retire_asset(row.pk, actor=request.user)
        if retires or tried(form, lambda form: services.change_asset(row.pk, form.facts, actor=request.user)):
            messages.success(request, phrases.SAVED)
            return SeeOther(reverse("neighbourhoods"))
    context = desk_context(request, form=form, asset=row, phrases=phrases)
    return keep_out_of_caches(render(request, "desk/neighbourhoods/form.html", context))

"""The desk's boxes: list, map, route and table, with what came in through each code next to the cash of each box."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from campaigns import box_phrases as words
from campaigns import phrases
from campaigns.box_forms import NearForm
from campaigns.box_views import in_words
from campaigns.boxes import find_boxes, permit_of, recent_sheets
from campaigns.desk_forms import BoxFilterForm, StickerForm, boxes_named_by
from campaigns.models import Box, StickerJob
from campaigns.services.box_life import place_boxes, print_boxes
from campaigns.services.stickers import request_stickers
from core.codes import show_code
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import format_short, iso_jalali, tehran_today
from core.once import once
from core.sheets import to_csv, to_xlsx
from core.text import persian_digits
from dashboards import box_maps, figures
from dashboards.selectors import silent_boxes
from payments.box_selectors import cash_of_boxes
from payments.box_views import MAY_ASK_WHERE
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import current_scope

BOXES_A_PAGE, MOST_ON_ROUTE, MOST_IN_FILE = 50, 200, 20_000
WATCH_FOR = timedelta(minutes=2)  # so long the page looks again by itself for a sheet just asked for
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.VIEW_BOXES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def boxes(request: HttpRequest) -> HttpResponse:
    """Boxes in scope with their codes and yields; a POST asks for stickers or writes down that boxes are printed or
    stand."""
    filter_form, found = _found(request)
    may_manage = request.access.may(Permission.MANAGE_PLACEMENTS)
    form = StickerForm(request.POST or None)
    if request.method == "POST" and (answer := _tried(request, form, found, filter_form)):
        return answer
    page = Paginator(found, BOXES_A_PAGE).get_page(request.GET.get("page"))
    watched = _watched(request)
    context = desk_context(
        request,
        filter_form=filter_form,
        form=form,
        page_obj=page,
        rows=_rows(list(page), set(request.POST.getlist("boxes"))),
        query=_query_without_page(request),
        sheets=recent_sheets(),
        watched=watched,
        looks_again=_looks_again(watched),
        may_manage=may_manage,
        may_bank=request.access.may(Permission.TAKE_CASH),
        phrases=phrases,
        words=words,
    )
    return render(request, "desk/boxes.html", context)


@needs(Permission.MANAGE_PLACEMENTS)
def _tried(request: HttpRequest, form: StickerForm, found, filter_form) -> HttpResponse | None:
    """What the form asks for; None when it was refused, which the form says."""
    if not form.is_valid():
        return None
    try:
        return _act(request, _chosen(form, found, filter_form), form.cleaned_data["size"])
    except DomainError as error:
        form.add_error(None, in_words(error))
        return None


@permissions_policy_override(MAY_ASK_WHERE)
@needs(Permission.VIEW_BOXES)
@require_safe
def boxes_map(request: HttpRequest) -> HttpResponse:
    """Where boxes stand: a tile for each county (province, for headquarters) and the points of those that have one,
    with `near` (a box, or a point) the nearest first."""
    filter_form, found = _found(request)
    near_form = NearForm(request.GET if "near" in request.GET else None)
    near = near_form.cleaned_data["near"] if near_form.is_valid() else None
    drawing = box_maps.drawing_of(found, near)
    pointless = found.filter(latitude=None).count()
    context = desk_context(
        request,
        filter_form=filter_form,
        near_form=near_form,
        kept=[(name, value) for name, value in request.GET.items() if name != "near"],
        without_point=persian_digits(words.WITHOUT_POINT.format(count=pointless)) if pointless else "",
        tiles=box_maps.tiles_of(
            found, by_province=current_scope().everything and not request.GET.get("province")
        ),
        drawing=drawing,
        width=box_maps.WIDTH,
        height=box_maps.HEIGHT,
        scale_y=box_maps.HEIGHT - 24,
        phrases=phrases,
        words=words,
    )
    return render(request, "desk/boxes/map.html", context)


@needs(Permission.VIEW_BOXES)
@require_safe
def boxes_route(request: HttpRequest) -> HttpResponse:
    """The sheet that goes along in the car: boxes in the order in which they lie, with room for a signature."""
    filter_form, found = _found(request)
    rows = list(found[: MOST_ON_ROUTE + 1])
    context = desk_context(
        request,
        filter_form=filter_form,
        rows=box_maps.in_order_of_way(rows[:MOST_ON_ROUTE]),
        is_cut=len(rows) > MOST_ON_ROUTE,
        most=MOST_ON_ROUTE,
        today=tehran_today(),
        may_call=request.access.may(Permission.MANAGE_PLACEMENTS),
        phrases=phrases,
        words=words,
    )
    return keep_out_of_caches(render(request, "desk/boxes/route.html", context))


@needs(Permission.VIEW_BOXES)
@require_safe
def boxes_file(request: HttpRequest, form: str) -> HttpResponse:
    """The list as a file for spreadsheets; amounts in rial, no telephone of anybody."""
    _filter_form, found = _found(request)
    headings = [str(heading) for heading in words.FILE_COLUMNS]
    rows = list(_file_rows(list(found[:MOST_IN_FILE])))
    title = f"boxes-{iso_jalali(tehran_today())}"
    if form == "csv":
        body, kind = to_csv(headings, rows), "text/csv; charset=utf-8"
    else:
        body, kind = to_xlsx(title, headings, rows, made_at=timezone.now()), _SHEET
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{title}.{form}"'
    return keep_out_of_caches(response)


def _file_rows(found: list[Box]) -> Iterable[list[str | int]]:
    for row in _rows(found, set()):
        box = row["box"]
        yield [
            box.number,
            show_code(box.placement.code),
            box.province.name,
            box.county.name if box.county else "",
            box.address,
            str(box.latitude or ""),
            str(box.longitude or ""),
            box.get_state_display(),
            box.round,
            box.seal_no,
            box.permit_no,
            format_short(box.permit_valid_until) if box.permit_valid_until else "",
            box.custodian_name,
            row["scans"],
            row["qr_count"],
            row["qr_rial"],
            row["cash_rial"],
        ]


def _found(request: HttpRequest) -> tuple[BoxFilterForm, QuerySet[Box]]:
    form = BoxFilterForm(request.GET)
    if not form.is_valid():
        return form, find_boxes()
    wanted = dict(form.cleaned_data)
    is_silent = wanted.pop("silent")
    found = find_boxes(**wanted)
    return form, silent_boxes(found) if is_silent else found


def _rows(page: list[Box], ticked: set[str]) -> list[dict]:
    codes = [box.placement_id for box in page]
    scans, gifts = figures.scan_counts(codes), figures.placement_totals(codes)
    cash, today = cash_of_boxes([box.pk for box in page]), tehran_today()
    return [
        {
            "box": box,
            "scans": scans.get(box.placement_id, 0),
            "qr_rial": gifts[box.placement_id].total_rial if box.placement_id in gifts else 0,
            "qr_count": gifts[box.placement_id].count if box.placement_id in gifts else 0,
            "cash_rial": cash.get(box.pk, 0),
            "is_ticked": str(box.pk) in ticked,
            "permit": permit_of(box, today),
        }
        for box in page
    ]


def _chosen(form: StickerForm, found: QuerySet[Box], filter_form: BoxFilterForm) -> list[Box]:
    """The boxes that were named; 404 when a ticked one is not in scope."""
    if form.cleaned_data["numbers"]:
        if current_scope().everything and not filter_form.cleaned_data.get("province"):
            raise DomainError("province_first")
        return list(boxes_named_by(form, found))
    ticked = list(boxes_named_by(form, find_boxes()))
    if len(ticked) != len(set(form.cleaned_data["boxes"])):
        raise Http404
    return ticked


def _act(request: HttpRequest, chosen: list[Box], size: str) -> HttpResponse:
    if "permits" in request.POST:
        lines = "\n".join(persian_digits(f"{box.number} ") for box in chosen)
        return redirect(f"{reverse('box-permits')}?{urlencode({'lines': lines})}")
    for name, service, said in (
        ("place", place_boxes, phrases.BOXES_PLACED),
        ("printed", print_boxes, words.BOXES_PRINTED),
    ):
        if name in request.POST:
            count = service(chosen, actor=request.user)
            messages.success(request, persian_digits(said.format(count=count)))
            return redirect(request.get_full_path())
    sheet = request_stickers([box.placement for box in chosen], request.user, size=size)
    messages.success(request, phrases.STICKERS_ASKED)
    return redirect(f"{reverse('boxes')}?sheet={sheet.pk}")


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "sheet"):
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def _watched(request: HttpRequest) -> StickerJob | None:
    """The sheet that was just asked for, whose state stands at the head of the page."""
    number = request.GET.get("sheet", "")
    return StickerJob.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None


def _looks_again(sheet: StickerJob | None) -> bool:
    """Is it still being made? Then the page looks again by itself, for a short while."""
    return (
        sheet is not None
        and sheet.state == StickerJob.State.WAITING
        and sheet.asked_at > timezone.now() - WATCH_FOR
    )

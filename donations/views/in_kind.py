"""Offering goods: where one is, which office is near, what one would give and how it may get there."""

from __future__ import annotations

from typing import Any

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.models import Need
from campaigns.need_progress import progress_of
from campaigns.need_selectors import find_open_need, shown_county
from core.errors import DomainError
from core.http import SeeOther, public_page
from core.phrases import sentence
from donations import phrases
from donations.in_kind_forms import LINES_MORE, MOST_LINES, GoodsFormSet, OfferForm, PlaceForm
from donations.services.in_kind import offer_goods
from provinces.models import Office
from provinces.selectors import offices_near

_MOST_BYTES = 25 * 1024 * 1024
_PREFIX = "goods"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """The form, and what was sent by it. Without a CSRF token for the reason that `give` has none: nobody's rights are
    used, and public pages set no cookie."""
    if request.method != "POST" or _is_too_large(request):
        need, place, notice = _asked_for(request)
        if request.method == "POST":
            return _page(request, place, need=need, notice=phrases.IN_KIND_TOO_LARGE, status=413)
        return _page(request, place, need=need, notice=notice)
    (need, notice), place = _need_of(request.POST), PlaceForm(request.POST)
    if place.province is None:
        return _page(request, PlaceForm(request.POST), need=need, status=422)
    form = OfferForm(request.POST, offices=offices_near(place.province, place.county), need=need)
    goods = GoodsFormSet(request.POST, request.FILES, prefix=_PREFIX)
    if "more" in request.POST:
        return _page(request, place, _unbound(form), _with_more_lines(request), need=need)
    if form.is_valid() and goods.is_valid() and not notice:
        lines = [line for row in goods if (line := row.goods())]
        try:
            gift = offer_goods(
                form.offer(lines), key=form.cleaned_data["key"], address=request.META["REMOTE_ADDR"]
            )
        except DomainError as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, sentence(error.code))
            return _page(request, place, form, goods, need=need, status=error.data.get("status", 422))
        return SeeOther(reverse("in-kind-status", args=[gift.tracking_code]))
    return _page(request, place, form, goods, need=need, notice=notice, status=422)


def _need_of(asked: QueryDict) -> tuple[Need | None, str]:
    """The published need that the address or the form names, or why it takes nothing; neither where none is named."""
    code = asked.get("need", "")
    try:
        return (find_open_need(code), "") if code else (None, "")
    except DomainError as error:
        return None, sentence(error.code)


def _asked_for(request: HttpRequest) -> tuple[Need | None, PlaceForm, str]:
    """The need that the address names, with its place and what is to be said; none once another province is chosen."""
    (need, notice), asked = _need_of(request.GET), request.GET
    if need is not None and "province" not in asked:
        county = shown_county(need)
        asked = {"province": need.province_id, "county": county.pk if county else ""}
    place = PlaceForm(asked)
    if need is not None and (place.province is None or place.province.pk != need.province_id):
        need, notice = None, sentence("need_elsewhere")
    return need, place, notice


def _is_too_large(request: HttpRequest) -> bool:
    """Said by the head of the request, before anything of it is read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return not said.isdecimal() or int(said) > _MOST_BYTES


def _unbound(form: OfferForm) -> OfferForm:
    """The same words without judging them."""
    return OfferForm(initial=form.data.dict(), offices=list(form.offices.values()), need=form.need)


def _with_more_lines(request: HttpRequest) -> BaseFormSet:
    """The lines as typed and some empty ones; a chosen picture has to be chosen again."""
    typed = GoodsFormSet(request.POST, prefix=_PREFIX)
    initial = [
        {name: row[name].value() for name in row.fields if name != "photo"}
        for row in typed
        if row["description"].value()
    ]
    more = GoodsFormSet(initial=initial, prefix=_PREFIX)
    more.extra = min(LINES_MORE + max(0, typed.total_form_count() - len(initial)), MOST_LINES)
    return more


def _page(
    request: HttpRequest,
    place: PlaceForm,
    form: OfferForm | None = None,
    goods: BaseFormSet | None = None,
    *,
    need: Need | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    offices = offices_near(place.province, place.county) if place.province else []
    if offices and form is None:
        form, goods = OfferForm(offices=offices, need=need), GoodsFormSet(prefix=_PREFIX)
    context = {
        "place": place,
        "offices": [{"office": office, "facts": office_facts(office)} for office in offices],
        "form": form,
        "goods": goods,
        "need": need,
        "lacking": [line for line in progress_of([need])[need.pk].items if line.open] if need else [],
        "notice": notice,
    }
    response = public_page(request, "donations/in_kind.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-cache"  # every rendered form has a key of its own
    return response


def office_facts(office: Office) -> list[dict[str, Any]]:
    """What is known of an office; what is not known is to be asked of it."""
    ask = phrases.ASK_THE_OFFICE
    return [
        {"label": phrases.ADDRESS, "value": office.address or ask},
        {"label": phrases.PHONE, "value": office.phone or ask, "code": bool(office.phone)},
        {"label": phrases.HOURS, "value": office.hours or ask},
    ]

"""The desk's needs: found on a phone, verified by another, published, closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import need_phrases as phrases
from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.need_forms import CloseForm, NeedFilterForm, NeedForm, PublishForm, ReasonForm
from campaigns.need_progress import progress_of
from campaigns.need_screening import REFUSED
from campaigns.need_selectors import needs_in_scope, shown_county
from campaigns.need_states import EDITABLE, MOVES
from campaigns.services import needs as services
from core.codes import show_code
from core.errors import DomainError
from core.jalali import format_datetime, format_day_month_year, format_short
from core.listing import MOST_ROWS, asked_of, file_links, list_file, query_of, sheet_time, wanted_file
from core.money import format_toman
from core.once import once
from core.phrases import sentence
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

NEEDS_A_PAGE = 30
_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Act:
    """A step somebody takes on a need's page: the state it leads to, who may, its form, and its service."""

    name: str
    to: NeedState
    holders: tuple[Permission, ...]
    form: type[forms.Form]
    service: Callable[..., Need]
    by_another: bool = False
    kind: str = ""


_BOTH = (Permission.FIND_NEEDS, Permission.VERIFY_NEEDS)
_SECOND = (Permission.VERIFY_NEEDS,)
ACTS = (
    Act("verify", NeedState.VERIFIED, _SECOND, forms.Form, services.verify_need, True, "primary"),
    Act("refuse", NeedState.REFUSED, _SECOND, ReasonForm, services.refuse_need, True),
    Act("publish", NeedState.PUBLISHED, _SECOND, PublishForm, services.publish_need, kind="primary"),
    Act("send_back", NeedState.FOUND, _SECOND, ReasonForm, services.send_back_need),
    Act("close", NeedState.CLOSED, _BOTH, CloseForm, services.close_need, kind="primary"),
    Act("withdraw", NeedState.WITHDRAWN, _BOTH, ReasonForm, services.withdraw_need, kind="danger"),
)


@needs(Permission.VIEW_NEEDS)
@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """Needs in scope by state, kind, urgency and words; what waits for a second person is a tab of its own."""
    form = NeedFilterForm(request.GET or None)
    wanted = asked_of(form)
    found = needs_in_scope(**wanted).prefetch_related("wanted_items")
    if kind := wanted_file(request):
        return list_file(kind, "needs", phrases.LIST_HEADS, _lines(found[:MOST_ROWS]))
    page = Paginator(found, NEEDS_A_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(list(page))
    context = desk_context(
        request,
        filter_form=form,
        tabs=_tabs(wanted.get("state", "")),
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        rows=[
            {"need": need, "badge": _badge(need), "percent": progress[need.pk].percent, "place": _place(need)}
            for need in page
        ],
        may_find=request.access.may(Permission.FIND_NEEDS),
        phrases=phrases,
    )
    return render(request, "desk/needs.html", context)


def _lines(rows: Iterable[Need]) -> Iterator[list[Cell]]:
    found = list(rows)
    progress = progress_of(found)
    for row in found:
        yield [
            show_code(row.code), row.title, row.get_kind_display(), row.province.name,
            row.county.name if row.county else "", row.persons, row.get_urgency_display(), row.goal_rial,
            progress[row.pk].percent, row.fund.name, row.get_state_display(), sheet_time(row.found_at),
            format_short(row.wanted_by) if row.wanted_by else "", sheet_time(row.published_at),
        ]  # fmt: skip


@needs(Permission.FIND_NEEDS)
@require_http_methods(_METHODS)
@once
def need_new(request: HttpRequest) -> HttpResponse:
    """A need that waits for a second person from now on."""
    form = NeedForm(request.POST or None)
    if request.method == "POST":
        found = _try(form, lambda: services.find_need(form.facts(), actor=request.user))
        if found is not None:
            messages.success(request, phrases.SAVED)
            return redirect("need-desk", found.pk)
    context = desk_context(request, form=form, back_url=reverse("needs-desk"), phrases=phrases)
    return render(request, "desk/need_form.html", context)


@needs(Permission.FIND_NEEDS)
@require_http_methods(_METHODS)
def need_edit(request: HttpRequest, need_id: int) -> HttpResponse:
    """Correcting one that waits or was refused; one that was verified is only looked at."""
    need = get_object_or_404(needs_in_scope(), pk=need_id)
    if need.state not in EDITABLE:
        return redirect("need-desk", need.pk)
    form = NeedForm(request.POST or None, need=need)
    saved = request.method == "POST" and _try(
        form, lambda: services.edit_need(need.pk, form.facts(), actor=request.user)
    )
    if saved:
        messages.success(request, phrases.SAVED)
        return redirect("need-desk", need.pk)
    back_url = reverse("need-desk", args=[need.pk])
    context = desk_context(request, form=form, need=need, back_url=back_url, phrases=phrases)
    return render(request, "desk/need_form.html", context)


@needs(Permission.VIEW_NEEDS)
@require_http_methods(_METHODS)
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need with what is known of it; the steps that are open to the person are forms."""
    row = get_object_or_404(
        needs_in_scope().select_related("found_by", "verified_by").prefetch_related("wanted_items"),
        pk=need_id,
    )
    bound: dict[str, forms.Form] = {}
    if request.method == "POST":
        act = _asked(request)
        form = act.form(request.POST, prefix=act.name)
        bound[act.name] = form
        if _try(form, lambda: act.service(row.pk, actor=request.user, **form.cleaned_data)) is not None:
            messages.success(request, phrases.DONE[act.name])
            return redirect("need-desk", row.pk)
        if act not in _open_acts(request, row):  # its form is on the page no more, so say it above
            for error in form.non_field_errors():
                messages.error(request, error)
    return _page(request, row, bound)


def _asked(request: HttpRequest) -> Act:
    """The step a form asks for; 403 where the person may not take it, whatever was sent."""
    act = next((act for act in ACTS if act.name == request.POST.get("act")), ACTS[0])
    if not any(map(request.access.may, act.holders)):
        raise PermissionDenied
    return act


def _page(request: HttpRequest, row: Need, bound: dict[str, forms.Form]) -> HttpResponse:
    traits = services.traits_of(row) if row.state in (NeedState.FOUND, NeedState.VERIFIED) else set()
    progress = progress_of([row])[row.pk]
    context = desk_context(
        request,
        need=row,
        badge=_badge(row),
        facts=_facts(row, progress.received_rial),
        lines=progress.items,
        percent=progress.percent,
        reached_rial=progress.covered_rial,
        traits=sorted(trait.label for trait in traits),
        traits_refused=bool(traits & REFUSED),
        notices=_notices(row),
        is_own=row.state == NeedState.FOUND and row.found_by_id == request.user.pk,
        acts=[_form_of(act, bound, traits) for act in _open_acts(request, row)],
        may_edit=row.state in EDITABLE and request.access.may(Permission.FIND_NEEDS),
        public_url=reverse("need", args=[row.code]) if row.published_at else "",
        phrases=phrases,
    )
    return render(request, "desk/need.html", context, status=422 if bound else 200)


def _open_acts(request: HttpRequest, row: Need) -> list[Act]:
    own = row.found_by_id == request.user.pk
    return [
        act
        for act in ACTS
        if act.to in MOVES[NeedState(row.state)]
        and not (act.name == "publish" and row.state != NeedState.VERIFIED)
        and not (act.by_another and own)
        and any(map(request.access.may, act.holders))
    ]


def _form_of(act: Act, bound: dict[str, forms.Form], traits: set) -> dict[str, object]:
    form = bound.get(act.name) or act.form(prefix=act.name)
    if act.name == "publish" and not traits:
        form.fields.pop("traits_seen")
    return {
        "name": act.name,
        "form": form,
        "kind": act.kind,
        "heading": phrases.HEADINGS[act.name],
        "label": phrases.ACTS[act.name],
        "text": phrases.WITHDRAW_TEXT if act.name == "withdraw" else "",
    }


def _notices(row: Need) -> list[str]:
    if row.persons < settings.NEED_LEAST_PERSONS:
        return [phrases.TOO_FEW.format(least=persian_digits(settings.NEED_LEAST_PERSONS))]
    if row.county and shown_county(row) is None:
        return [phrases.COUNTY_HIDDEN.format(least=persian_digits(settings.NEED_COUNTY_PERSONS))]
    return []


def _tabs(state: str) -> list[dict[str, object]]:
    waiting = needs_in_scope().aggregate(
        found=Count("pk", filter=Q(state=NeedState.FOUND)),
        verified=Count("pk", filter=Q(state=NeedState.VERIFIED)),
    )
    tabs = [("", phrases.EVERY, 0)]
    tabs += [(NeedState.FOUND, phrases.WAITING, waiting["found"])]
    tabs += [(NeedState.VERIFIED, phrases.TO_PUBLISH, waiting["verified"])]
    tabs += [(step, NeedState(step).label, 0) for step in (NeedState.PUBLISHED, NeedState.FUNDED)]
    address = reverse("needs-desk")
    return [
        {
            "url": f"{address}?{urlencode({'state': step})}" if step else address,
            "label": f"{label} ({persian_digits(count)})" if count else label,
            "current": step == state,
        }
        for step, label, count in tabs
    ]


def _badge(row: Need) -> dict[str, str]:
    kind, icon = phrases.BADGES[row.state]
    return {"label": row.get_state_display(), "kind": kind, "icon": icon}


def _place(row: Need) -> str:
    return f"{row.province.name}، {row.county.name}" if row.county else row.province.name


def _facts(row: Need, received_rial: int) -> list[dict[str, object]]:
    return [
        {"label": phrases.CODE, "value": show_code(row.code), "copy_text": row.code},
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.PLACE, "value": _place(row)},
        {"label": phrases.PERSONS, "value": persian_digits(row.persons)},
        {"label": phrases.URGENCY, "value": row.get_urgency_display()},
        {"label": phrases.GOAL, "value": row.goal_rial and format_toman(row.goal_rial)},
        {"label": phrases.RECEIVED, "value": received_rial and format_toman(received_rial)},
        {"label": phrases.FUND, "value": row.fund.name},
        {"label": phrases.WANTED_BY, "value": row.wanted_by and format_day_month_year(row.wanted_by)},
        {"label": phrases.SURPLUS, "value": row.surplus_rule},
        {"label": phrases.FOUND_BY, "value": row.found_by and str(row.found_by)},
        {"label": phrases.FOUND_AT, "value": format_datetime(row.found_at)},
        {"label": phrases.CENTRE, "value": row.centre_code, "code": True},
        {"label": phrases.VERIFIED_BY, "value": row.verified_by and str(row.verified_by)},
        {"label": phrases.PUBLISHED_AT, "value": row.published_at and format_datetime(row.published_at)},
        {"label": phrases.REASON, "value": row.decision_reason},
        {"label": phrases.REPORT, "value": row.closing_report},
        {"label": phrases.EVIDENCE, "value": row.closing_evidence},
    ]


def _try(form: forms.Form, act: Callable[[], Need]) -> Need | None:
    """Run a service with a valid form's data; a refusal becomes a message in the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return None

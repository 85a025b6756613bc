"""Events at the desk: the list with promises that are due, one event with everything about it, and its door."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import event_phrases as phrases
from campaigns.enums import EventState as S
from campaigns.event_forms import (
    CancelForm,
    CostForm,
    EventFilterForm,
    EventForm,
    GuestForm,
    HoldForm,
    ReportForm,
)
from campaigns.event_selectors import events_in_scope, find_invitation
from campaigns.models import Event, Guest, Need
from campaigns.services import events, guests
from core.codes import show_code
from core.http import SeeOther, keep_out_of_caches
from core.identifiers.lines import mask_mobile
from core.jalali import format_datetime
from core.listing import ListFile, asked_of, file_links, query_of, sheet_time
from core.money import format_toman
from core.once import once
from core.qr import qr_svg_path
from core.sheets import Cell
from core.text import persian_digits
from dashboards import figures
from partnerships.promise_forms import EventPromiseForm, FollowForm
from partnerships.promise_selectors import promises, promises_to_ask_about
from partnerships.services.promises import follow_promise, promise_at_event
from payments.counter_views import tried
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

EVENTS_A_PAGE = 30
_METHODS = ["GET", "HEAD", "POST"]
Act = tuple[forms.Form, Callable[[forms.Form], object]]


def _line(row: Event) -> list[Cell]:
    return [
        row.title, row.get_kind_display(), row.province.name, row.county.name if row.county else "", row.address,
        sheet_time(row.starts_at), row.capacity, row.invited, row.came, row.get_state_display(),
    ]  # fmt: skip


_AS_FILE = ListFile("events", phrases.LIST_HEADS, _line)


@needs(Permission.MANAGE_EVENTS)
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Events of the scope, newest first, below the promises somebody has to ask about."""
    form = EventFilterForm(request.GET)
    found = events_in_scope(**asked_of(form))
    if answer := _AS_FILE.asked(request, found):
        return answer
    context = desk_context(
        request,
        filter_form=form,
        page_obj=Paginator(found, EVENTS_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        due=promises_to_ask_about().filter(event__isnull=False)[:20],
        phrases=phrases,
    )
    return render(request, "desk/events/list.html", context)


@needs(Permission.MANAGE_EVENTS)
@require_http_methods(_METHODS)
@once
def event_new(request: HttpRequest) -> HttpResponse:
    """A planned event."""
    form, made = EventForm(request.POST or None), []

    def act(form: EventForm) -> None:
        data = form.cleaned_data
        place = {"province": data["province"], "county": data["county"]}
        made.append(
            events.create_event(data["kind"], form.facts, **place, needs=data["needs"], actor=request.user)
        )

    if request.method == "POST" and tried(form, act):
        return SeeOther(reverse("event-desk", args=[made[0].pk]))
    context = desk_context(request, form=form, event=None, phrases=phrases)
    return render(request, "desk/events/form.html", context)


@needs(Permission.MANAGE_EVENTS)
@require_http_methods(_METHODS)
def event_edit(request: HttpRequest, event_id: int) -> HttpResponse:
    """What is written of an event that was not held yet."""
    event = _event(event_id)
    form = EventForm(request.POST or None, event=event, initial=EventForm.initial_of(event))

    def act(form: EventForm) -> None:
        events.change_event(event.pk, form.facts, needs=form.cleaned_data["needs"], actor=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("event-desk", args=[event.pk]))
    context = desk_context(request, form=form, event=event, phrases=phrases)
    return render(request, "desk/events/form.html", context)


@needs(Permission.MANAGE_EVENTS)
@require_http_methods(_METHODS)
@once
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One event: its state, guests, promises, gifts and costs; each small form is an act of its own."""
    row = _event(event_id)
    acts = _acts(request, row)
    name = request.POST.get("act", "")
    if request.method == "POST" and name in acts:
        form, service = acts[name]
        bound = acts[name] = (_bound(form, request), service)
        if tried(*bound):
            messages.success(request, phrases.SAVED)
            return SeeOther(reverse("event-desk", args=[row.pk]))
    elif request.method == "POST":  # somebody else was quicker, or the page is old
        return SeeOther(reverse("event-desk", args=[row.pk]))
    invited = list(row.guests.all())
    gifts = figures.placement_totals([row.placement_id]).get(row.placement_id)
    costs = list(row.costs.all())
    context = desk_context(
        request,
        event=row,
        facts=_facts(row, invited, gifts),
        need_gifts=_gifts_by_need(row, gifts),
        acts={key: form for key, (form, _service) in acts.items() if not key.startswith("follow-")},
        guests=[{"guest": g, "mobile": g.mobile and mask_mobile(g.mobile)} for g in invited],
        promises=[
            {"promise": p, "form": acts.get(f"follow-{p.pk}", (None,))[0]}
            for p in promises().filter(event=row).order_by("pk")
        ],
        costs=costs,
        cost_rial=sum(cost.amount_rial for cost in costs),
        is_editable=row.state in (S.PLANNED, S.ANNOUNCED),
        open_act=name,
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "desk/events/event.html", context))


def _bound(form: forms.Form, request: HttpRequest) -> forms.Form:
    options = {"event": form.event} if isinstance(form, EventPromiseForm) else {}
    return form.__class__(request.POST, prefix=form.prefix, **options)


def _acts(request: HttpRequest, row: Event) -> dict[str, Act]:
    """What may be done with an event in its present state: name → (form, service)."""
    who, found = request.user, {}

    def offer(name: str, form: forms.Form, service: Callable, *states: S) -> None:
        if row.state in states:
            found[name] = (form, lambda f: service(row.pk, actor=who, **f.cleaned_data))

    offer("announce", forms.Form(prefix="announce"), events.announce_event, S.PLANNED)
    offer("hold", HoldForm(prefix="hold"), events.hold_event, S.ANNOUNCED)
    offer("report", ReportForm(prefix="report"), events.report_event, S.HELD)
    offer("guest", GuestForm(prefix="guest"), guests.add_guest, S.PLANNED, S.ANNOUNCED)
    offer("send", forms.Form(prefix="send"), guests.send_invitations, S.ANNOUNCED)
    offer(
        "promise",
        EventPromiseForm(prefix="promise", event=row),
        lambda _pk, **said: promise_at_event(row, **said),
        S.ANNOUNCED,
        S.HELD,
        S.REPORTED,
    )
    offer("cost", CostForm(prefix="cost"), events.write_cost, S.PLANNED, S.ANNOUNCED, S.HELD, S.REPORTED)
    offer("cancel", CancelForm(prefix="cancel"), events.cancel_event, S.PLANNED, S.ANNOUNCED)
    for promise in row.commitments.filter(state="open"):
        name = f"follow-{promise.pk}"
        found[name] = (
            FollowForm(prefix=name, promise=promise),
            lambda f, pk=promise.pk: follow_promise(pk, actor=who, **f.cleaned_data),
        )
    return found


def _gifts_by_need(row: Event, gifts: figures.Row | None) -> dict[str, object] | None:
    """What the event's code brought for each need it is held for (or was before), and for its fund alone; None where
    it is held for no need."""
    found = figures.placement_needs(row.placement_id)
    named = Need.objects.filter(Q(events=row) | Q(pk__in=list(found))).distinct().order_by("-urgency", "pk")
    none = figures.Row("", "", 0, 0)
    rows = [{"need": need, "got": found.get(need.pk, none)} for need in named]
    if not rows:
        return None
    total = gifts or none
    return {
        "rows": rows,
        "rest_gifts": total.count - sum(item["got"].count for item in rows),
        "rest_rial": total.total_rial - sum(item["got"].total_rial for item in rows),
        "total": total,
    }


def _facts(row: Event, invited: list[Guest], gifts) -> list[dict[str, object]]:
    came = sum(guest.seats for guest in invited if guest.came_at)
    seats = sum(guest.seats for guest in invited)
    is_public = row.state in (S.ANNOUNCED, S.HELD, S.REPORTED)
    return [
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.TIME, "value": format_datetime(row.starts_at)},
        {"label": phrases.PLACE, "value": place_of(row)},
        {"label": phrases.CAPACITY, "value": persian_digits(row.capacity)},
        {"label": phrases.INVITED, "value": persian_digits(seats)},
        {"label": phrases.CAME_COUNT, "value": persian_digits(came + row.others_came)},
        {"label": phrases.FUND, "value": row.fund.name},
        {"label": phrases.CODE, "value": show_code(row.placement.code), "code": True},
        {"label": phrases.GIFTS, "value": format_toman(gifts.total_rial if gifts else 0)},
        {
            "label": phrases.PUBLIC_PAGE,
            "value": is_public and row.title,
            "url": reverse("event", args=[row.slug]),
        },
    ]


def place_of(row: Event) -> str:
    return "، ".join(
        part for part in (row.province.name, row.county and row.county.name, row.address) if part
    )


@needs(Permission.MANAGE_EVENTS)
@require_safe
def invitations(request: HttpRequest, event_id: int) -> HttpResponse:
    """The invitations for print, each with its QR."""
    row = _event(event_id)
    cards = []
    for guest in row.guests.all():
        side, path = qr_svg_path(guests.invitation_url(guest))
        cards.append({"guest": guest, "side": side, "path": path})
    context = desk_context(request, event=row, cards=cards, place=place_of(row), phrases=phrases)
    return keep_out_of_caches(render(request, "desk/events/invitations.html", context))


@needs(Permission.MANAGE_EVENTS)
@require_http_methods(_METHODS)
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The door: who this invitation is for, and one big button."""
    guest = find_invitation(code)
    if guest is None:
        raise Http404
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        let_in: list[bool] = []
        form = forms.Form(request.POST)
        if tried(form, lambda form: let_in.append(guests.check_in(guest.pk, actor=request.user))):
            said = messages.success if let_in[0] else messages.warning
            said(request, phrases.CAME if let_in[0] else phrases.CAME_BEFORE)
            return SeeOther(reverse("event-check-in", args=[guest.code]))
    context = desk_context(
        request,
        guest=guest,
        event=guest.event,
        form=form,
        seats=persian_digits(phrases.SEATS.format(count=guest.seats)),
        may_enter=guest.came_at is None and guest.event.state in (S.ANNOUNCED, S.HELD),
        now=timezone.now(),
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "desk/events/check_in.html", context))


def _event(event_id: int) -> Event:
    return get_object_or_404(
        Event.objects.select_related("province", "county", "fund", "placement"), pk=event_id
    )

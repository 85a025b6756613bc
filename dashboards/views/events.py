"""Events for everybody: an announced one, and the invitation of a guest, which leads staff to the door."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns import event_phrases as words
from campaigns.enums import EventState
from campaigns.event_selectors import find_invitation, public_event
from campaigns.event_states import SHOWN
from campaigns.models import Event, Guest
from campaigns.need_selectors import shown_needs
from core.http import keep_out_of_caches, keep_to_oneself, public_page
from core.text import persian_digits
from dashboards import figures, phrases
from dashboards.needs import need_cards
from dashboards.views.event_desk import place_of
from provinces.access import is_signed_in_with_second_factor
from provinces.permissions import Permission


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event that was announced: when and where, what its gifts are for, what came in, and its report."""
    row = public_event(slug)
    if row is None:
        raise Http404
    received = figures.placement_totals([row.placement_id]).get(row.placement_id)
    context = {
        "event": row,
        "place": place_of(row),
        "crumbs": [
            {"label": phrases.HOME, "url": "/"},
            {"label": phrases.PROVINCES, "url": "/provinces/"},
            {"label": row.province.name, "url": reverse("province", args=[row.province.slug])},
            {"label": row.title},
        ],
        "received": received,
        "as_of": figures.folded_at(),
        "give_url": _give_url(row),
        "needs": _needs(row),
        "is_coming": row.state == EventState.ANNOUNCED,
        "words": words,
    }
    return render(request, "campaigns/event.html", context)


@require_safe
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """A guest's card to show at the door: the event and the number of seats, nobody's name."""
    guest = find_invitation(code)
    if guest is None or guest.event.state not in (*SHOWN, EventState.PLANNED):
        raise Http404
    if _may_let_in(request, guest):
        return keep_out_of_caches(HttpResponseRedirect(reverse("event-check-in", args=[guest.code])))
    context = {
        "event": guest.event,
        "guest": guest,
        "place": place_of(guest.event),
        "seats": persian_digits(words.SEATS.format(count=guest.seats)),
        "words": words,
    }
    return keep_to_oneself(public_page(request, "campaigns/invitation.html", context))


def _may_let_in(request: HttpRequest, guest: Guest) -> bool:
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and is_signed_in_with_second_factor(request.user)
        and request.access.may(Permission.MANAGE_EVENTS)
        and request.access.scope.holds(guest.event.province_id, guest.event.county_id)
    )


def _needs(row: Event) -> list[dict[str, Any]]:
    """What it is held for, as far as the public may see it; those that still take gifts by this event's code."""
    needs = list(shown_needs().filter(events=row))
    return [
        card | {"give_url": card["give_url"] and _give_url(row, need=need.code)}
        for need, card in zip(needs, need_cards(needs), strict=True)
    ]


def _give_url(row: Event, **more: str) -> str:
    return f"{reverse('give')}?{urlencode({'placement': row.placement.code, **more})}"

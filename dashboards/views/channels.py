"""The ways to give. A number that nobody has confirmed is never shown, and a visitor can ask about one they heard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.enums import ChannelKind
from campaigns.models import Channel
from campaigns.selectors import shown_channels
from core.identifiers import dial_link, show_iban
from core.jalali import format_day_month_year
from dashboards import phrases
from dashboards.forms import CheckNumberForm

_ICONS = {ChannelKind.WEB: "card", ChannelKind.QR: "qr", ChannelKind.USSD: "phone", ChannelKind.APP: "phone"}
# Kinds whose name is their number: unconfirmed they are named by their kind alone.
_NUMBERED = (ChannelKind.USSD, ChannelKind.CARD, ChannelKind.BANK)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """What is confirmed, with its number; what awaits confirmation, by name; and whether a number is ours.

    The number to check comes by POST, so that no address, log or history holds what may be somebody's card. The
    form needs no cookie, hence no CSRF token: it reads and changes nothing.
    """
    verified, waiting = shown_channels()
    form = CheckNumberForm(request.POST if request.method == "POST" else None)
    check = _verdict(form, verified, waiting) if form.is_bound else None
    context = {
        "channels": [channel_card(channel) for channel in verified],
        "pending": _pending(waiting),
        "check_form": form if form.errors else CheckNumberForm(),
        "check": check,
    }
    response = render(request, "channels/list.html", context)
    if form.is_bound:
        response["Cache-Control"] = "no-store"
    return response


def channel_card(channel: Channel, province: str = "") -> dict[str, Any]:
    """A confirmed way to give, for a card; on a province's page the form opens with that province."""
    number = channel.value
    return {
        "title": channel.name,
        "text": phrases.CHANNEL_TEXTS.get(channel.kind, ""),
        "icon": _ICONS.get(channel.kind, "card"),
        "url": reverse("give") + (f"?province={province}" if province else "")
        if channel.kind == ChannelKind.WEB
        else "",
        "link": phrases.GIVE_ONLINE,
        "code": number,
        "code_shown": _shown(channel),
        "tel": dial_link(number) if number and channel.kind == ChannelKind.USSD else "",
        "place_label": channel.office.name if channel.office else "",
        "checked_on": channel.last_checked_on if number else None,
    }


def _shown(channel: Channel) -> str:
    if channel.kind == ChannelKind.BANK:
        return show_iban(channel.value)
    if channel.kind == ChannelKind.CARD:
        return "-".join(channel.value[at : at + 4] for at in range(0, 16, 4))
    return channel.value


def _pending(waiting: list[Channel]) -> list[dict[str, Any]]:
    """By kind: names of apps, and how many there are of those whose name would be a number."""
    groups: dict[str, list[Channel]] = {}
    for channel in waiting:
        groups.setdefault(channel.kind, []).append(channel)
    return [
        {
            "kind_label": ChannelKind(kind).label,
            "icon": _ICONS.get(kind, "card"),
            "names": [] if kind in _NUMBERED else [channel.name for channel in found],
            "count": len(found),
        }
        for kind, found in groups.items()
    ]


def _verdict(form: CheckNumberForm, verified: list[Channel], waiting: list[Channel]) -> dict[str, str]:
    """Is this number one of ours? The number itself is not repeated on the page."""
    if not form.is_valid():
        return {"verdict": "invalid", "text": phrases.CHECK_INVALID}
    number = form.cleaned_data["number"]
    for channel in verified:
        if channel.value == number:
            checked = format_day_month_year(channel.last_checked_on)
            return {"verdict": "ours", "text": phrases.CHECK_OURS.format(name=channel.name, day=checked)}
    if any(channel.value == number for channel in waiting):
        return {"verdict": "unverified", "text": phrases.CHECK_UNVERIFIED}
    return {"verdict": "unknown", "text": phrases.CHECK_UNKNOWN}

"""The ways to give. A number that nobody has confirmed is never shown, and a visitor can ask about one they heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.channels import (
    Answer,
    ShownChannels,
    answer_about,
    group_number,
    name_without_number,
    public_channels,
)
from campaigns.enums import ChannelKind
from campaigns.models import Channel
from campaigns.services.number_questions import note_question
from core.errors import DomainError
from core.http import keep_out_of_caches, public_page
from core.identifiers import dial_link
from core.jalali import format_day_month_year, tehran_today
from core.phrases import sentence
from core.qr import qr_svg
from core.text import persian_digits
from dashboards import phrases
from dashboards.forms import ChannelChoiceForm, CheckNumberForm
from provinces.selectors import find_province

MOST_WITHOUT_CHOICE = 12  # ways on one page; with more one chooses, and provinces show theirs when chosen
_ORDER = (
    ChannelKind.WEB, ChannelKind.QR, ChannelKind.USSD, ChannelKind.CARD, ChannelKind.BANK, ChannelKind.APP,
    ChannelKind.POS,
)  # fmt: skip
_ICONS = {
    ChannelKind.QR: "qr",
    ChannelKind.USSD: "phone",
    ChannelKind.APP: "phone",
    ChannelKind.BANK: "receipt",
}


@csrf_exempt
@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """What is confirmed, with its number; what awaits confirmation, by name; and whether a number is ours.

    The number to check comes by POST, so that no address, log or history holds what may be somebody's card. The
    form needs no cookie, hence no CSRF token: it reads and changes nothing.
    """
    shown = public_channels()
    form = CheckNumberForm(request.POST if request.method == "POST" else None)
    check, status = _check(request, form) if form.is_bound else (None, 200)
    context = {
        **_groups(request, shown),
        "pending": _pending(shown.announced),
        "check_form": form if form.errors else CheckNumberForm(),
        "check": check,
    }
    response = public_page(request, "channels/list.html", context, status=status)
    return keep_out_of_caches(response) if form.is_bound else response


@require_safe
def province_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """One sheet of paper with a province's confirmed ways to give, to hang on a wall."""
    try:
        province = find_province(slug)
    except DomainError as error:
        raise Http404 from error
    if province.slug != slug:
        return redirect("province-channels", province.slug, permanent=True)
    shown = public_channels()
    numbered = [c for c in (*shown.of_province(province.code), *shown.national()) if c.value]
    address = f"{settings.PORTAL_BASE_URL}{reverse('give')}?province={province.code}"
    context = {
        "province": province,
        "channels": [channel_card(channel) for channel in _in_order(numbered)],
        "today": tehran_today(),
        "address": settings.PORTAL_BASE_URL.split("//")[-1],
        "qr": mark_safe(qr_svg(address, str(phrases.POSTER_QR))),  # noqa: S308 - our own drawing
    }
    return public_page(request, "channels/poster.html", context)


def channel_card(channel: Channel, province: str = "") -> dict[str, Any]:
    """A confirmed way to give, for a card; on a province's page the form opens with that province."""
    number = channel.value
    is_web = channel.kind == ChannelKind.WEB
    return {
        "title": channel.name,
        "kind_label": channel.get_kind_display(),
        "text": phrases.CHANNEL_TEXTS.get(channel.kind, ""),
        "icon": _ICONS.get(channel.kind, "card"),
        "url": reverse("give") + (f"?province={province}" if province else "") if is_web else "",
        "link": phrases.GIVE_ONLINE,
        "code": number,
        "code_shown": group_number(channel.kind, number),
        "tel": dial_link(number) if number and channel.kind == ChannelKind.USSD else "",
        "place_label": channel.office.name if channel.office else "",
        "checked_on": channel.last_checked_on if number else None,
    }


def cards_here(shown: ShownChannels, province: str) -> list[dict[str, Any]]:
    """The cards of a province's page: its own first, then those of the whole organisation."""
    found = [*_in_order(shown.of_province(province)), *_in_order(shown.national())]
    return [channel_card(channel, province) for channel in found]


def numbers_to_show(shown: ShownChannels, most: int) -> list[dict[str, Any]]:
    """The organisation's own confirmed numbers, for the strip of the first page."""
    return [channel_card(channel) for channel in _in_order(shown.national()) if channel.value][:most]


def _in_order(found: Iterable[Channel]) -> list[Channel]:
    return sorted(found, key=lambda channel: (_ORDER.index(ChannelKind(channel.kind)), channel.pk))


def _groups(request: HttpRequest, shown: ShownChannels) -> dict[str, Any]:
    """The organisation's own by kind; those of provinces beneath, all or of the chosen province."""
    own = [channel for channel in shown.verified if channel.office and channel.office.province_id]
    places = {channel.office.province_id: channel.office.province for channel in own}
    provinces = sorted(places.values(), key=lambda province: province.sort_key)
    choice = ChannelChoiceForm(request.GET or None, provinces=provinces)
    wanted = choice.cleaned_data if choice.is_bound and choice.is_valid() else {}
    kind, place = wanted.get("kind"), wanted.get("province")
    if kind:
        own = [channel for channel in own if channel.kind == kind]
    many = len(own) > MOST_WITHOUT_CHOICE
    national = [c for c in _in_order(shown.national()) if not kind or c.kind == kind]
    return {
        "kinds": _by_kind(national),
        "provinces": [
            {
                "name": province.name,
                "poster_url": reverse("province-channels", args=[province.slug]),
                "url": f"{reverse('province', args=[province.slug])}#channels",
                "count": sum(c.office.province_id == province.code for c in own),
                "channels": [
                    channel_card(c, province.code)
                    for c in _in_order(own)
                    if c.office.province_id == province.code
                ]
                if place or not many
                else [],
            }
            for province in provinces
            if (not place or place == province.slug)
            and any(c.office.province_id == province.code for c in own)
        ],
        "choice_form": choice if request.GET or len(shown.verified) > MOST_WITHOUT_CHOICE else None,
    }


def _by_kind(found: list[Channel]) -> list[dict[str, Any]]:
    groups: dict[str, list[Channel]] = {}
    for channel in found:
        groups.setdefault(channel.kind, []).append(channel)
    return [
        {"kind": kind, "label": ChannelKind(kind).label, "channels": [channel_card(c) for c in group]}
        for kind, group in groups.items()
    ]


def _pending(announced: list[Channel]) -> list[dict[str, Any]]:
    """By kind and year of the announcement: names, and how many bear the same one."""
    groups: dict[tuple[str, int], Counter[str]] = {}
    for channel in _in_order(announced):
        names = groups.setdefault((channel.kind, channel.announced_year), Counter())
        names[name_without_number(channel)] += 1
    return [
        {
            "kind_label": ChannelKind(kind).label,
            "icon": _ICONS.get(ChannelKind(kind), "card"),
            "names": [name if count == 1 else _several(name, count) for name, count in names.items()],
            "text": phrases.ANNOUNCED.format(year=persian_digits(year)),
        }
        for (kind, year), names in groups.items()
    ]


def _several(name: str, count: int) -> str:
    return phrases.SEVERAL.format(name=name, count=persian_digits(count))


def _check(request: HttpRequest, form: CheckNumberForm) -> tuple[dict[str, Any], int]:
    """(the answer, the status). The number itself is repeated only where it could not be read."""
    try:
        note_question(request.META["REMOTE_ADDR"])
    except DomainError as error:
        return _said("wait", sentence(error.code)), error.data["status"]
    if not form.is_valid():
        return _said("invalid", phrases.CHECK_INVALID), 200
    answer, channel = answer_about(*form.cleaned_data["number"])
    if channel is None:
        return _said(answer, phrases.CHECK_TEXTS[answer]), 200
    text = phrases.CHECK_TEXTS[Answer.OURS].format(
        name=channel.name, day=format_day_month_year(channel.last_checked_on)
    )
    return _said(answer, text), 200


def _said(verdict: str, text: object) -> dict[str, Any]:
    kind, title = phrases.CHECK_VERDICTS[verdict]
    return {"verdict": verdict, "kind": kind, "title": title, "text": text}

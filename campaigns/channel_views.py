"""Looking after the ways to give: an office its own, headquarters all of them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import channel_phrases as phrases
from campaigns.channel_forms import ChannelFilterForm, ChannelForm, EndForm, VerifyForm
from campaigns.channels import (
    Standing,
    group_number,
    looked_after,
    stale_before,
    standing_of,
    with_standing,
)
from campaigns.enums import ChannelKind
from campaigns.models import Channel
from campaigns.services import channels as services
from core.errors import DomainError
from core.identifiers import describe_card
from core.jalali import format_day_month_year, format_long, format_short
from core.listing import ListFile, asked_of, file_links, query_of
from core.once import once
from core.phrases import sentence
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

CHANNELS_A_PAGE = 50
_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_CHANNELS)
@require_safe
def own_channels(request: HttpRequest) -> HttpResponse:
    """The ways to give of one's own offices."""
    return _list(request, "channel-desk", phrases.INTRO_DESK)


@needs(Permission.VIEW_HQ)
@require_safe
def all_channels(request: HttpRequest) -> HttpResponse:
    """The whole country's, those that wait for headquarters first."""
    return _list(request, "hq-channel", phrases.INTRO_HQ)


@needs(Permission.VIEW_CHANNELS)
@require_http_methods(_METHODS)
def own_channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """One of one's own office."""
    return _one(request, channel_id, "channel-desk", "channels-desk")


@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
def any_channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """One of the country; headquarters vouches for it here and takes its word back."""
    return _one(request, channel_id, "hq-channel", "hq-channels")


@needs(Permission.PROPOSE_CHANNELS)
@require_http_methods(_METHODS)
@once
def channel_new(request: HttpRequest) -> HttpResponse:
    """A number that waits for headquarters from now on."""
    form = ChannelForm(request.POST or None)
    made = request.method == "POST" and _try(
        form, lambda data: services.propose_channel(actor=request.user, **data)
    )
    if made:
        messages.success(request, phrases.PROPOSED)
        return redirect(_home(request))
    context = desk_context(request, form=form, back_url=reverse(_home(request)), phrases=phrases)
    return render(request, "desk/channel_form.html", context)


@needs(Permission.PROPOSE_CHANNELS)
@require_http_methods(_METHODS)
def channel_edit(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Correcting one that waits. A confirmed number is never edited: it is withdrawn and proposed anew."""
    channel = get_object_or_404(looked_after(), pk=channel_id)
    page = redirect("hq-channel" if request.access.may(Permission.VIEW_HQ) else "channel-desk", channel.pk)
    if standing_of(channel) != Standing.WAITING:
        return page
    form = ChannelForm(request.POST or None, channel=channel)
    corrected = request.method == "POST" and _try(
        form, lambda data: services.correct_channel(channel.pk, actor=request.user, **data)
    )
    if corrected:
        messages.success(request, phrases.CORRECTED)
        return page
    context = desk_context(request, form=form, channel=channel, back_url=page.url, phrases=phrases)
    return render(request, "desk/channel_form.html", context)


def _home(request: HttpRequest) -> str:
    return "hq-channels" if request.access.may(Permission.VIEW_HQ) else "channels-desk"


# --- the list --------------------------------------------------------------------------------------------
def _list(request: HttpRequest, row_address: str, intro: str) -> HttpResponse:
    form = ChannelFilterForm(request.GET or None)
    found = _ordered(_filtered(asked_of(form)))
    if answer := _AS_FILE.asked(request, found):
        return answer
    page = Paginator(found, CHANNELS_A_PAGE).get_page(request.GET.get("page"))
    context = desk_context(
        request,
        intro=intro,
        stale_after=persian_digits(phrases.STALE_AFTER.format(days=settings.CHANNEL_STALE_AFTER_DAYS)),
        filter_form=form,
        is_filtered=any(request.GET.get(name) for name in form.fields),
        page_obj=page,
        rows=[_row(channel, row_address) for channel in page],
        query=query_of(request),
        files=file_links(request),
        may_propose=request.access.may(Permission.PROPOSE_CHANNELS),
        phrases=phrases,
    )
    return render(request, "desk/channels.html", context)


def _filtered(wanted: dict) -> QuerySet[Channel]:
    found = looked_after()
    if wanted.get("standing"):
        found = with_standing(found, wanted["standing"])
    if wanted.get("kind"):
        found = found.filter(kind=wanted["kind"])
    if wanted.get("province"):
        found = found.filter(office__province=wanted["province"])
    return found


def _ordered(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Those that wait, then the stale ones, then the rest; what has ended comes last."""
    order = Case(
        When(~Q(ending=""), then=Value(3)),
        When(is_verified=False, then=Value(0)),
        When(last_checked_on__lt=stale_before(), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return channels.order_by(order, "office__province__sort_key", "pk")


def _row(channel: Channel, address: str) -> dict[str, object]:
    return {
        "channel": channel,
        "url": reverse(address, args=[channel.pk]),
        "number": group_number(channel.kind, channel.value),
        "place": channel.office.name if channel.office else phrases.NATIONAL,
        "badge": _badge(channel),
        "may_be_checked": channel.is_verified,
    }


def _line(channel: Channel) -> list[Cell]:
    return [
        channel.name, channel.get_kind_display(), channel.value, str(_badge(channel)["label"]),
        channel.office.name if channel.office else str(phrases.NATIONAL), str(channel.owner or ""),
        format_short(channel.last_checked_on) if channel.last_checked_on else "", str(channel.checked_by or ""),
        channel.source,
    ]  # fmt: skip


_AS_FILE = ListFile("channels", phrases.FILE_HEADS, _line)


def _badge(channel: Channel) -> dict[str, object]:
    standing = standing_of(channel)
    kind, icon = phrases.BADGES[standing]
    label = channel.get_ending_display() if channel.ending else phrases.STANDINGS[standing]
    return {"label": label, "kind": kind, "icon": icon}


# --- one -------------------------------------------------------------------------------------------------
def _one(request: HttpRequest, channel_id: int, address: str, back: str) -> HttpResponse:
    channel = get_object_or_404(looked_after().select_related("verified_by"), pk=channel_id)
    verify, end = VerifyForm(), EndForm()
    if request.method == "POST":
        decides = {"verify", "end"} & set(request.POST)
        _demand(request, Permission.VERIFY_CHANNELS if decides else Permission.PROPOSE_CHANNELS)
        if not decides:
            return _check(request, channel, address, back)
        if "verify" in decides:
            form = verify = VerifyForm(request.POST)
            act, words = services.verify_channel, phrases.VERIFIED
        else:
            form = end = EndForm(request.POST)
            act, words = services.end_channel, phrases.ENDED
        if _try(form, lambda data: act(channel.pk, actor=request.user, **data)):
            messages.success(request, words)
            return redirect(address, channel.pk)
    may_verify = request.access.may(Permission.VERIFY_CHANNELS)
    is_own = not channel.is_verified and channel.proposed_by_id == request.user.pk
    standing = standing_of(channel)
    context = desk_context(
        request,
        channel=channel,
        standing=standing,
        badge=_badge(channel),
        facts=_facts(channel),
        checks=list(channel.checks.select_related("by")),
        verify_form=verify
        if may_verify and not channel.is_verified and (not is_own or verify.is_bound)
        else None,
        end_form=end if may_verify and not channel.ending else None,
        is_own_proposal=is_own and may_verify,
        may_check=channel.is_verified and request.access.may(Permission.PROPOSE_CHANNELS),
        may_correct=standing == Standing.WAITING and request.access.may(Permission.PROPOSE_CHANNELS),
        back_url=reverse(back),
        phrases=phrases,
    )
    return render(request, "desk/channel.html", context)


def _check(request: HttpRequest, channel: Channel, address: str, back: str) -> HttpResponse:
    """The one tap: tried today and right; from the list one stays on the list."""
    try:
        services.note_check(channel.pk, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.CHECKED)
    return redirect(back) if "from_list" in request.POST else redirect(address, channel.pk)


def _facts(channel: Channel) -> list[dict[str, object]]:
    return [
        {"label": phrases.KIND, "value": channel.get_kind_display()},
        {
            "label": phrases.NUMBER,
            "value": group_number(channel.kind, channel.value),
            "copy_text": channel.value,
        },
        {"label": phrases.BANK, "value": _bank(channel)},
        {"label": phrases.OFFICE, "value": channel.office.name if channel.office else phrases.NATIONAL},
        {"label": phrases.OWNER, "value": channel.owner and str(channel.owner)},
        {
            "label": phrases.VALID_FROM,
            "value": channel.valid_from and format_day_month_year(channel.valid_from),
        },
        {
            "label": phrases.VALID_UNTIL,
            "value": channel.valid_until and format_day_month_year(channel.valid_until),
        },
        {"label": phrases.SOURCE, "value": channel.source},
        {"label": phrases.PROPOSED_BY, "value": channel.proposed_by and str(channel.proposed_by)},
        {"label": phrases.VERIFIED_BY, "value": channel.verified_by and str(channel.verified_by)},
        {
            "label": phrases.LAST_CHECK,
            "value": format_long(channel.last_checked_on)
            if channel.last_checked_on
            else phrases.NEVER_CHECKED,
        },
        {"label": phrases.CHECKED_BY, "value": channel.checked_by and str(channel.checked_by)},
    ]


def _bank(channel: Channel) -> str:
    if channel.kind != ChannelKind.CARD or not channel.value:
        return ""
    return describe_card(channel.value).bank


def _try(form, act: Callable[[dict], object]) -> bool:
    """Run a service with a valid form's data; a refusal becomes a message in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def _demand(request: HttpRequest, permission: Permission) -> None:
    if not request.access.may(permission):
        raise PermissionDenied

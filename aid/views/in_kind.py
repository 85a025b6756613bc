"""Where goods that somebody offered are: from the offer to the people they reached."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aid.services import telling
from aid.stock_selectors import GoodsProgress, goods_progress
from aid.trail import goods_steps
from campaigns.models import Need
from campaigns.need_selectors import find_shown_need
from core.codes import show_code
from core.errors import DomainError
from core.http import SeeOther, keep_to_oneself, public_page
from core.jalali import format_long
from donations import phrases
from donations.enums import DayPart, HandOver, InKindState
from donations.in_kind_selectors import find_gift_in_kind
from donations.models import GiftInKind
from donations.views.in_kind import office_facts

_ENDED = {InKindState.DECLINED: phrases.STEP_DECLINED, InKindState.LAPSED: phrases.STEP_LAPSED}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def in_kind_status(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """What became of an offer, whoever holds its code; nothing of who gave and where they live. Once the goods are
    received, the wish to be told of what comes, as on the trail of a gift of money."""
    try:
        gift = find_gift_in_kind(tracking_code)
    except DomainError:
        return keep_to_oneself(public_page(request, "donations/unknown_gift.html", {}, status=404))
    if gift.tracking_code != tracking_code:
        return HttpResponseRedirect(reverse("in-kind-status", args=[gift.tracking_code]))
    if request.method == "POST" and gift.donation_id:
        with suppress(DomainError):  # nobody left a number: there is no such form on the page either
            telling.wish(gift.donation, is_on=request.POST.get("wish") == "on")
        return SeeOther(reverse("in-kind-status", args=[gift.tracking_code]) + "#wish")
    progress = goods_progress(gift)
    context = {
        "gift": gift,
        "code": show_code(gift.tracking_code),
        "steps": _steps(gift, progress),
        "offered": gift.offered.all(),
        "given": gift.given.all() if gift.donation_id else [],
        "progress": progress,
        "appointment": appointment_of(gift),
        "need": _shown(gift.need),
        "is_pickup": gift.way == HandOver.PICKUP,
        "office": office_facts(gift.office),
        "receipt_url": reverse("receipt", args=[gift.donation.receipt.token]) if gift.donation_id else "",
        "may_wish": gift.donation_id is not None and gift.donation.donor_id is not None,
        "is_wished": gift.donation_id is not None and telling.is_wished(gift.donation),
    }
    return keep_to_oneself(public_page(request, "donations/in_kind_status.html", context))


def _shown(need: Need | None) -> Need | None:
    """The need that goods are for, where its page is open to everybody."""
    with suppress(DomainError):
        return find_shown_need(need.code) if need else None
    return None


def appointment_of(gift: GiftInKind) -> str:
    """«سه‌شنبه ۳ آذر ۱۴۰۵، ۸ تا ۱۲», or "" when none was made."""
    if gift.appointment_on is None:
        return ""
    part = DayPart(gift.appointment_part).label if gift.appointment_part else ""
    return "، ".join(piece for piece in (format_long(gift.appointment_on), str(part)) if piece)


def _steps(gift: GiftInKind, progress: list[GoodsProgress]) -> list[dict[str, Any]]:
    """Offer → agreed → received → in stock → given on."""
    steps: list[dict[str, Any]] = []
    if not gift.is_walk_in:
        steps.append({"title": phrases.STEP_OFFERED, "at": gift.offered_at, "state": "done"})
        if gift.state == InKindState.OFFERED:
            title, text = phrases.STEP_AGREED, phrases.STEP_WAITING_ANSWER
            return [*steps, {"title": title, "text": text, "at": None, "state": "now"}, *_todo(3)]
        if gift.state in _ENDED:
            ending = {"title": _ENDED[InKindState(gift.state)], "text": gift.reply, "at": gift.decided_at}
            return [*steps, {**ending, "state": "bad"}]
        steps.append(
            {"title": phrases.STEP_AGREED, "text": gift.reply, "at": gift.decided_at, "state": "done"}
        )
    if gift.state == InKindState.AGREED:
        text = appointment_of(gift) or phrases.NO_APPOINTMENT
        now = {"title": phrases.STEP_GOODS_RECEIVED, "text": text, "at": None, "state": "now"}
        return [*steps, now, *_todo(2)]
    if gift.state == InKindState.APPRAISING:
        here = {"title": phrases.STEP_GOODS_RECEIVED, "at": gift.intake.taken_at, "state": "done"}
        text = phrases.STEP_APPRAISING_TEXT
        return [
            *steps,
            here,
            {"title": phrases.STEP_IN_STOCK, "text": text, "at": None, "state": "now"},
            *_todo(1),
        ]
    steps += [
        {"title": phrases.STEP_GOODS_RECEIVED, "at": gift.intake.taken_at, "state": "done"},
        {"title": phrases.STEP_IN_STOCK, "at": gift.donation.received_at, "state": "done"},
    ]
    return [*steps, *goods_steps(gift.donation), _last(progress)]


def _todo(count: int) -> list[dict[str, Any]]:
    titles = (phrases.STEP_GOODS_RECEIVED, phrases.STEP_IN_STOCK, phrases.STEP_GIVEN_ON)
    return [{"title": title, "at": None, "state": "todo"} for title in titles[-count:]]


def _last(progress: list[GoodsProgress]) -> dict[str, Any]:
    if all(row.given >= row.came for row in progress):
        return {"title": phrases.STEP_GIVEN_ON, "at": None, "state": "done"}
    if any(row.given for row in progress):
        return {"title": phrases.STEP_GIVEN_ON_PART, "at": None, "state": "now"}
    title, text = phrases.STEP_GIVEN_ON, phrases.STEP_NOT_GIVEN_YET
    return {"title": title, "text": text, "at": None, "state": "now"}

"""Where a gift stands, by its tracking code: until the bank has spoken, and after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.codes import parse_tracking_code, show_code
from core.errors import DomainError
from core.http import keep_to_oneself, public_page
from donations import phrases
from donations.enums import DonationStatus
from donations.journey import Journey, Stage, journey_of, whereabouts_of
from donations.models import Donation, GiftInKind
from donations.selectors import find_gift, receipt_of
from ledger.enums import GiftKind

_UNDER_WAY = {Stage.AT_BANK, Stage.ASKING, Stage.SILENT}
_OVER = {Stage.CANCELLED, Stage.EXPIRED, Stage.REVERSED}


def by_tracking_code(view: Callable[[HttpRequest, Donation], HttpResponse]) -> Callable[..., HttpResponse]:
    """Codes are typed by people: the view gets the gift, another spelling is led to the one address of it. No answer
    is kept by search engines or caches."""

    @wraps(view)
    def found(request: HttpRequest, tracking_code: str) -> HttpResponse:
        try:
            canonical = parse_tracking_code(tracking_code)
            if canonical != tracking_code:
                return HttpResponseRedirect(reverse(request.resolver_match.view_name, args=[canonical]))
            gift = _find(canonical)
        except DomainError:
            return keep_to_oneself(public_page(request, "donations/unknown_gift.html", {}, status=404))
        if gift is None:
            return HttpResponseRedirect(reverse("in-kind-status", args=[canonical]))
        return keep_to_oneself(view(request, gift))

    return found


def _find(tracking_code: str) -> Donation | None:
    """The gift of money; None for goods, which have a page of their own from their offer on. DomainError: neither."""
    try:
        gift = find_gift(tracking_code)
    except DomainError:
        if GiftInKind.objects.filter(tracking_code=tracking_code).exists():
            return None
        raise
    return None if gift.kind == GiftKind.IN_KIND else gift


@require_safe
@by_tracking_code
def status(request: HttpRequest, gift: Donation) -> HttpResponse:
    """What happened, whether money left the card, what to do."""
    is_open = gift.status in (DonationStatus.PENDING, DonationStatus.FAILED)
    journey = journey_of(gift) if is_open else Journey()
    shown, stage = _shown(DonationStatus(gift.status), journey.stage)
    pay = reverse("payments:start", args=[gift.tracking_code])
    context = {
        "gift": gift_facts(gift),
        "shown": shown,
        "stage": stage or "",
        "is_waiting": shown == DonationStatus.PENDING and stage != Stage.NOT_SENT,
        "status_url": reverse("api-donation-status", args=[gift.tracking_code]),
        "pay_url": pay,
        "gateways": [{"label": name, "url": f"{pay}?gateway={code}"} for code, name in journey.gateways],
        "steps": steps_of(gift),
    }
    return public_page(request, "donations/status.html", context)


def _shown(status: DonationStatus, stage: Stage | None) -> tuple[DonationStatus, Stage | None]:
    """What a donor is told where one try is over and another is not.

    A try that ran out fails the gift while the next one is at the bank: that one is waited for. After a failed
    try the next one found no bank: nothing is under way, so it can be paid.
    """
    if status == DonationStatus.FAILED and stage in _UNDER_WAY:
        return DonationStatus.PENDING, stage
    if status == DonationStatus.PENDING and stage in _OVER:
        return status, Stage.NOT_SENT
    return status, stage


def gift_facts(gift: Donation) -> dict[str, Any]:
    """A gift as its pages show it; nothing of the donor."""
    receipt = receipt_of(gift)
    is_received = gift.status in (DonationStatus.RECEIVED, DonationStatus.REFUNDED)
    return {
        "tracking_code": gift.tracking_code,
        "tracking_shown": show_code(gift.tracking_code),
        "status": gift.status,
        "amount_rial": gift.amount_rial,
        "fund_label": gift.fund.name,
        "fund_rule": gift.fund.rule_text,
        "place_label": place_label(gift),
        "campaign_label": gift.edition.title if gift.edition else "",
        "created_at": gift.created_at,
        "paid_at": gift.received_at,
        "receipt_url": reverse("receipt", args=[receipt.token]) if receipt else "",
        "at_counter": bool(receipt and receipt.office_id),
        "trail_url": reverse("trail", args=[gift.tracking_code]) if is_received else "",
        "url": reverse("donation-status", args=[gift.tracking_code]),
    }


def place_label(gift: Donation) -> str:
    """«استان فارس، شهرستان شیراز» or «سراسر کشور»."""
    where = [f"{phrases.PROVINCE} {gift.province.name}"] if gift.province else []
    where += [f"{phrases.COUNTY} {gift.county.name}"] if gift.county else []
    return "، ".join(where) or phrases.COUNTRY


def steps_of(gift: Donation) -> list[dict[str, Any]]:
    """The way of a received gift, to this moment; none before, for nothing is certain then."""
    if gift.received_at is None:
        return []
    receipt = receipt_of(gift)
    counter = receipt.office if receipt else None
    proof = phrases.STEP_COUNTER.format(office=counter.name) if counter else phrases.STEP_BANK
    steps = [
        {"title": phrases.STEP_WRITTEN, "at": gift.created_at, "state": "done"},
        {"title": proof, "at": gift.received_at, "state": "done"},
    ]
    if receipt is not None:
        steps.append({"title": phrases.STEP_RECEIPT, "at": receipt.issued_at, "state": "done"})
    if gift.status == DonationStatus.REFUNDED:
        ending = phrases.STEP_CANCELLED if counter else phrases.STEP_REFUNDED
        return [*steps, {"title": ending, "at": None, "state": "done", "icon": "refund"}]
    if gift.kind == GiftKind.CASH:
        return [*steps, *whereabouts_of(gift)]
    waiting = phrases.STEP_WAITING_TEXT.format(fund=gift.fund.name)
    return [*steps, {"title": phrases.STEP_WAITING, "text": waiting, "at": None, "state": "now"}]

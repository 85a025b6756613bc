"""To the bank and back. Neither way needs a cookie or a script, and what comes back is only a hint."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from core.codes import parse_tracking_code, show_code
from core.errors import DomainError
from core.http import SeeOther, is_prefetch, keep_out_of_caches, public_page
from core.phrases import sentence
from donations.journey import Journey, Stage, teller
from donations.models import Donation
from payments.enums import GatewayName
from payments.gateways import GATEWAYS
from payments.returns import TooLarge, fields_of
from payments.selectors import stage_of
from payments.services.attempts import Departure, send_to_bank
from payments.services.callbacks import take_in
from payments.services.card_testing import note_source
from payments.services.terminals import is_known, routes_for

log = logging.getLogger(__name__)
_SAID_ON_A_PAGE = {"gateway_unavailable", "too_many_attempts", "too_many_failures"}
_MAY_PAY_NOW = {Stage.NOT_SENT, Stage.CANCELLED, Stage.EXPIRED, Stage.REVERSED}


@teller
def _journey(gift: Donation) -> Journey:
    """What the donor's page is told: the stage, and the gateways where paying (again) makes sense."""
    stage = stage_of(gift)
    if stage not in _MAY_PAY_NOW:
        return Journey(stage)
    routes = routes_for(gift.amount_rial, gift.province_id)
    return Journey(stage, tuple((r.gateway.name, _name(r.gateway.name)) for r in routes))


def _name(gateway: str) -> str:
    return str(GatewayName(gateway).label)


@require_GET
def start(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Send the donor on to a bank: `pay_url`.

    A plain GET is enough. `?gateway=` prefers one. Each real visit may open an attempt, so HEAD is refused
    and a browser that only loads ahead gets nothing.
    """
    return keep_out_of_caches(_start(request, tracking_code))


def _start(request: HttpRequest, tracking_code: str) -> HttpResponse:
    if is_prefetch(request):
        return HttpResponse(status=503)
    try:
        code = parse_tracking_code(tracking_code)
    except DomainError:
        return _no_such_gift(request)
    if code != tracking_code:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(reverse("payments:start", args=[code]) + (f"?{query}" if query else ""))
    asked = request.GET.get("gateway", "")
    try:
        note_source(code, request.META["REMOTE_ADDR"])
        departure = send_to_bank(code, prefer=asked if is_known(asked) else "")
    except DomainError as refusal:
        return _refused(request, code, refusal)
    return _hand_over(request, code, departure)


def _hand_over(request: HttpRequest, code: str, departure: Departure) -> HttpResponse:
    handover = departure.handover
    if handover.method == "GET":
        return HttpResponseRedirect(handover.url)
    context = {
        "action": handover.url,
        "method": "post",
        "fields": [{"name": name, "value": value} for name, value in handover.fields.items()],
        "bank_name": _name(departure.gateway),
        "amount_rial": departure.amount_rial,
        "tracking_shown": show_code(code),
    }
    return public_page(request, "payments/handover.html", context)


def _refused(request: HttpRequest, code: str, refusal: DomainError) -> HttpResponse:
    if refusal.code in ("already_received", "in_review"):
        return SeeOther(reverse("donation-status", args=[code]))
    if refusal.code == "not_found":
        return _no_such_gift(request)
    if refusal.code not in _SAID_ON_A_PAGE:
        raise refusal
    context = {
        "reason": "" if refusal.code == "gateway_unavailable" else sentence(refusal.code),
        "tracking_code": code,
        "tracking_shown": show_code(code),
        "retry_url": reverse("payments:start", args=[code]),
        "status_url": reverse("donation-status", args=[code]),
    }
    page = public_page(request, "payments/unavailable.html", context, status=refusal.data.get("status", 503))
    page.headers["Retry-After"] = "30"
    return page


def _no_such_gift(request: HttpRequest) -> HttpResponse:
    return public_page(request, "donations/unknown_gift.html", {}, status=404)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, gateway: str) -> HttpResponse:
    """A donor comes back from a bank: store what came, show the state of the gift.

    Without a CSRF token because the bank's page sends it, and without a cookie because browsers drop them
    on such a return. Nothing is believed: a worker asks the bank.
    """
    if gateway not in GATEWAYS:
        raise Http404
    return keep_out_of_caches(_callback(request, gateway))


def _callback(request: HttpRequest, gateway: str) -> HttpResponse:
    try:
        fields = fields_of(request)
    except TooLarge:
        log.warning("return from %s refused: too large", gateway)
        return _strange_return(request, gateway, status=413)
    tracking_code = take_in(gateway, fields)
    if tracking_code is None:
        return _strange_return(request, gateway, status=404)
    return SeeOther(reverse("donation-status", args=[tracking_code]))


def _strange_return(request: HttpRequest, gateway: str, status: int) -> HttpResponse:
    return public_page(request, "payments/strange_return.html", {"bank_name": _name(gateway)}, status=status)

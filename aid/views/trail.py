"""/trail/<tracking code>/: where a gift went, as far as it is known at this moment."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aid.services import telling
from aid.trail import sums_of
from core.errors import DomainError
from core.http import SeeOther, public_page
from donations.models import Donation
from donations.views.gifts import by_tracking_code, gift_facts, steps_of
from ledger.enums import GiftKind


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@by_tracking_code
def trail(request: HttpRequest, gift: Donation) -> HttpResponse:
    """The way of a gift, its sums, and the wish to be told of what comes.

    Without a CSRF token on purpose, as every public form: nobody's session or rights are used. Whoever knows the code
    can turn on or off at most one message a day to the number that the donor left; the number is never shown.
    """
    is_here = gift.received_at is not None
    if request.method == "POST" and is_here:
        with suppress(DomainError):  # nobody left a number: there is no such form on the page either
            telling.wish(gift, is_on=request.POST.get("wish") == "on")
        return SeeOther(reverse("trail", args=[gift.tracking_code]) + "#wish")
    context = {
        "gift": gift_facts(gift),
        "steps": steps_of(gift),
        "sums": sums_of(gift) if is_here and gift.kind == GiftKind.CASH else [],
        "may_wish": is_here and gift.donor_id is not None,
        "is_wished": telling.is_wished(gift) if is_here else False,
    }
    return public_page(request, "donations/trail.html", context)

"""Where a printed QR leads."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.enums import PlacementKind
from campaigns.models import Placement
from campaigns.selectors import find_placement
from campaigns.services.scans import count_scan
from core.errors import DomainError
from core.http import is_prefetch, keep_out_of_caches, public_page
from provinces.access import is_signed_in_with_second_factor
from provinces.permissions import Permission


@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """Count the scan and open the giving form already filled; a replaced code leads on to its successor.

    Counted are people who come: neither HEAD nor a browser that loads ahead, nor staff, whom a box's code leads to
    the card of that box.
    """
    try:
        placement = find_placement(code)
    except DomainError:
        return keep_out_of_caches(public_page(request, "campaigns/unknown_code.html", {}, status=404))
    if _is_of_staff(request, placement):
        return keep_out_of_caches(HttpResponseRedirect(reverse("box", args=[placement.code])))
    if request.method == "GET" and not is_prefetch(request):
        count_scan(placement)
    return keep_out_of_caches(HttpResponseRedirect(f"{reverse('give')}?placement={placement.code}"))


def _is_of_staff(request: HttpRequest, placement: Placement) -> bool:
    """A box's code, read by somebody signed in who looks after boxes there. A donor has no session to open."""
    return (
        placement.kind == PlacementKind.BOX
        and settings.SESSION_COOKIE_NAME in request.COOKIES
        and is_signed_in_with_second_factor(request.user)
        and request.access.may(Permission.VIEW_BOXES)
        and request.access.scope.holds(placement.province_id, placement.county_id)
    )

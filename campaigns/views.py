"""Where a printed QR leads."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.selectors import find_placement
from campaigns.services.scans import count_scan
from core.errors import DomainError
from core.http import is_prefetch, keep_out_of_caches, public_page


@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """Count the scan and open the giving form already filled; a replaced code leads on to its successor.

    Counted are people who come: neither HEAD nor a browser that loads ahead.
    """
    try:
        placement = find_placement(code)
    except DomainError:
        return keep_out_of_caches(public_page(request, "campaigns/unknown_code.html", {}, status=404))
    if request.method == "GET" and not is_prefetch(request):
        count_scan(placement)
    return keep_out_of_caches(HttpResponseRedirect(f"{reverse('give')}?placement={placement.code}"))

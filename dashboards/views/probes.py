"""What machines ask: is the process up, is the portal ready, how much waits where."""

from __future__ import annotations

import hmac
import os

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboards import metrics, readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when migrations and seeds are in and the figures have taken in the books; else 503 and what is missing."""
    missing = readiness.missing()
    answer = {"status": "waiting", "missing": missing} if missing else {"status": "ready"}
    return JsonResponse(answer, status=503 if missing else 200)


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to whoever brings METRICS_TOKEN; for everybody else there is nothing here."""
    token = os.environ.get("METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        return HttpResponseNotFound(b"")
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)

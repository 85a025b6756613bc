"""What is answered when something is wrong: a Persian page, or JSON for programs."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader

from core.phrases import sentence
from dashboards import phrases

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 400, "bad_request", "errors/400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _is_program(request):
        return _json(403, "not_allowed")
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _is_program(request):
        return _json(404, "not_found")
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no context: what broke may be just that."""
    return _plain(request, 500, "server_error", "errors/500.html")


def _plain(request: HttpRequest, status: int, code: str, template: str) -> HttpResponse:
    if _is_program(request):
        return _json(status, code)
    try:
        return HttpResponse(loader.render_to_string(template), status=status)
    except Exception:  # a broken template must not hide the first error
        log.exception("the page for %s cannot be drawn", status)
        return HttpResponse(phrases.BARE_ERROR, status=status)


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _json(status: int, code: str) -> HttpResponse:
    return JsonResponse(
        {"code": code, "detail": sentence(code)}, status=status, json_dumps_params={"ensure_ascii": False}
    )

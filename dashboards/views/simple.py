"""Rooms that are still to come: small true pages that say what there is and what is not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboards import phrases


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The donor's own page: until it is built, what one can do without it."""
    context = {
        "heading": phrases.ME_HEADING,
        "text": phrases.ME_TEXT,
        "paragraphs": phrases.ME_PARAGRAPHS,
        "crumbs": [{"label": phrases.HOME, "url": "/"}, {"label": phrases.ME_HEADING}],
        "actions": [
            {"label": phrases.ME_VERIFY, "url": "/verify/", "kind": "primary"},
            {"label": phrases.GIVE, "url": reverse("give"), "kind": ""},
        ],
    }
    return render(request, "simple.html", context)

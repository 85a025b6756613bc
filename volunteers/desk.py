"""What this room's pages at the desk share: tabs, small forms that run a service, lists that never count for long."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.errors import DomainError
from core.http import SeeOther
from core.paging import KeyPaginator
from core.phrases import sentence
from provinces.desk import desk_context
from provinces.permissions import Permission
from volunteers import desk_phrases as phrases

ROWS_A_PAGE = 30
METHODS = ["GET", "HEAD", "POST"]

Act = tuple[forms.Form, Callable[[dict], object]]


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    """The page that is asked for."""
    return KeyPaginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))


def network_context(request: HttpRequest, at: str, **more: object) -> dict[str, object]:
    """Context of a page of this room; `at` names its tab."""
    tabs = [
        {"label": label, "url": reverse(name), "current": at == name}
        for name, label, permission in (
            ("volunteers-desk", phrases.VOLUNTEERS, Permission.VIEW_VOLUNTEERS),
            ("opportunities-desk", phrases.OPPORTUNITIES, Permission.MANAGE_SHIFTS),
            ("groups-desk", phrases.GROUPS, Permission.VIEW_VOLUNTEERS),
            ("duplicates-desk", phrases.DUPLICATES, Permission.VET_VOLUNTEERS),
            ("registries-desk", phrases.REGISTRIES, Permission.IMPORT_VOLUNTEERS),
            ("shown-numbers", phrases.SHOWN_NUMBERS, Permission.VIEW_SHOWN_NUMBERS),
        )
        if request.access.may(permission)
    ]
    return desk_context(request, network_tabs=tabs, phrases=phrases, **more)


def tried(form: forms.Form, act: Callable[[dict], object]) -> bool:
    """Run a service with a valid form's data; a refusal becomes a sentence in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        if error.data.get("status") == 404:
            raise
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def run_act(request: HttpRequest, acts: dict[str, Act], *, back: str) -> HttpResponse | None:
    """Run the act that a page's small form sent, and go back to the page (303); None shows its fault in `acts`.

    An act that nobody offered: 403. Without one: back to the page.
    """
    name = request.POST.get("act", "")
    if not name:
        return SeeOther(back)
    if name not in acts:
        raise PermissionDenied
    form, act = acts[name]
    bound = _rebound(form, request)
    acts[name] = (bound, act)
    if not tried(bound, act):
        return None
    messages.success(request, phrases.SAVED)
    return SeeOther(back)


def _rebound(form: forms.Form, request: HttpRequest) -> forms.Form:
    form.data, form.files, form.is_bound = request.POST, request.FILES, True
    form._errors = None
    return form


def forms_of(acts: Mapping[str, Act]) -> dict[str, forms.Form]:
    return {name: form for name, (form, _act) in acts.items()}

"""What the accountant's pages share: a filtered list by pages, and running a service with a form's data."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.errors import DomainError
from core.listing import ListFile, file_links, query_of
from core.paging import ShortPaginator
from core.phrases import sentence
from core.text import persian_digits
from payments import phrases
from payments.held_selectors import open_held_count
from provinces.desk import desk_context

ROWS_A_PAGE = 50


def try_service(form: forms.Form, act: Callable[[dict], object]) -> bool:
    """Run a service with a valid form's data; a refusal becomes a message in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def list_page(
    request: HttpRequest, template: str, form: forms.Form, rows: QuerySet, as_file: ListFile, **more: object
) -> HttpResponse:
    """A filtered list, a page of it at a time, with the room's views beside it; or all of it as a file."""
    if answer := as_file.asked(request, rows):
        return answer
    context = desk_context(
        request,
        filter_form=form,
        page_obj=ShortPaginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        tabs=_tabs(request),
        phrases=phrases,
        **more,
    )
    return render(request, template, context)


def _tabs(request: HttpRequest) -> list[dict[str, object]]:
    waiting = open_held_count()
    unusual = f"{phrases.UNUSUAL} ({persian_digits(str(waiting))})" if waiting else str(phrases.UNUSUAL)
    views = [
        (reverse("payments-desk"), phrases.ALL_PAYMENTS),
        (reverse("unusual-money"), unusual),
        (reverse("refunds"), phrases.REFUNDS),
    ]
    return [{"url": url, "label": label, "current": request.path == url} for url, label in views]

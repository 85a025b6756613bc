"""What is answered when something is wrong."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import get_resolver

from dashboards.views import errors, home


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_the_handlers_are_ours(status):
    assert get_resolver().resolve_error_handler(status).__module__ == "dashboards.views.errors"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (errors.bad_request, 400, "bad_request"),
        (errors.permission_denied, 403, "not_allowed"),
        (errors.page_not_found, 404, "not_found"),
    ],
)
def test_people_get_a_persian_page_and_programs_json(db, rf: RequestFactory, answer, status, code):
    page = answer(rf.get("/somewhere/"))
    assert page.status_code == status
    assert 'dir="rtl"' in page.content.decode()
    reply = answer(rf.get("/api/v1/somewhere/"))
    assert reply.status_code == status
    assert reply["Content-Type"] == "application/json"
    assert f'"code": "{code}"' in reply.content.decode()


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("x"), 500), (PermissionDenied(), 403), (SuspiciousOperation(), 400)]
)
def test_a_fault_in_a_page_is_never_bare(db, monkeypatch, error, status):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(home.figures, "one_moment", fail)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    assert answer.status_code == status
    assert 'lang="fa" dir="rtl"' in answer.content.decode()


def test_a_broken_error_page_still_says_something(db, rf, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(errors.loader, "render_to_string", fail)
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "چند دقیقهٔ دیگر" in answer.content.decode()

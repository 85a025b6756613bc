"""Every address × every kind of visitor. Walks the URLconf: an address missing from the table fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.conftest import World, visitor
from tests.architecture.url_table import (
    ADDED_IN_ADMIN,
    ADMIN_EXTRAS,
    ADMIN_PAGES,
    CHANGED_IN_ADMIN,
    STRANGER,
    TABLE,
    VISITORS,
    Address,
    staff,
)

pytestmark = pytest.mark.django_db

MODEL_PAGES = ("changelist", "add", "change", "delete", "history")


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address; the name of one without a name is ""."""
    for part in resolver.url_patterns:
        route = f"{prefix}{part.pattern}"
        if isinstance(part, URLResolver):
            yield from patterns(part, route, f"{part.namespace}:" if part.namespace else namespace)
        elif isinstance(part, URLPattern):
            yield (f"{namespace}{part.name}" if part.name else ""), route


def model_pages() -> dict[str, tuple[str, str]]:
    """URL name of each model's page in the admin: (model label, kind)."""
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}": (model._meta.label_lower, kind)
        for model in admin.site._registry
        for kind in MODEL_PAGES
    }


def test_every_address_is_in_the_table():
    known = {row.name for row in (*TABLE, *ADMIN_EXTRAS)} | set(model_pages())
    nameless = {"admin/(?P<url>.*)$"} | {
        f"admin/{m._meta.app_label}/{m._meta.model_name}/<path:object_id>/" for m in admin.site._registry
    }
    missing = [
        (name, route)
        for name, route in patterns(get_resolver())
        if (name not in known if name else route not in nameless)
    ]
    assert missing == []


def test_the_table_names_no_address_that_is_gone():
    names = {name for name, _ in patterns(get_resolver())}
    assert [row.name for row in (*TABLE, *ADMIN_EXTRAS) if row.name not in names] == []


@pytest.mark.parametrize("row", [*TABLE, *ADMIN_EXTRAS], ids=lambda row: row.name)
def test_a_row_knows_every_visitor(row: Address):
    for statuses in (row.get, row.post):
        assert set(statuses) == set(VISITORS)


@pytest.mark.parametrize("kind", VISITORS)
def test_the_answers_are_those_of_the_table(kind: str, world: World):
    wrong: list[tuple] = []
    for row in (*TABLE, *ADMIN_EXTRAS):
        address = reverse(row.name, kwargs=row.example(world))
        for method, expected in (("get", row.get[kind]), ("post", row.post[kind])):
            browser = visitor(kind) if row.name in {"logout", "admin:logout"} else _browser(kind)
            answer = getattr(browser, method)(address)
            _put_down(answer)
            if answer.status_code != expected:
                wrong.append((method, address, answer.status_code, f"expected {expected}"))
            elif expected == 302 and kind == STRANGER and _is_staff_room(address):
                assert answer.headers["Location"].startswith("/login/?next="), address
    assert not wrong, _listed(wrong)


def _listed(wrong: list[tuple]) -> str:
    return "\n".join(" ".join(map(str, line)) for line in wrong)


def _put_down(answer: HttpResponse) -> None:
    """Read a file that is being sent to its end, which closes it."""
    if answer.streaming:
        list(answer.streaming_content)


_browsers: dict[str, Client] = {}


@pytest.fixture(autouse=True)
def _forget_browsers():
    _browsers.clear()
    yield
    _browsers.clear()


def _browser(kind: str) -> Client:
    """One browser a visitor and test, except where the page signs it out."""
    if kind not in _browsers:
        _browsers[kind] = visitor(kind)
    return _browsers[kind]


def _is_staff_room(address: str) -> bool:
    return address.startswith(("/desk/", "/hq/", "/admin/")) and address != "/admin/login/"


# --- /admin/ ---------------------------------------------------------------------------------------------
def example_of(model, world: World):
    """A row of a model: every registered one has at least one in this world."""
    row = world.rows.get(model._meta.label_lower) or model._base_manager.order_by("pk").first()
    assert row is not None, f"make a {model._meta.label} in the world of these tests"
    return row


def expected_in_admin(label: str, page: str, kind: str) -> int:
    statuses = ADMIN_PAGES[page]
    if page == "add" and label not in ADDED_IN_ADMIN:
        statuses = staff()
    return statuses[kind]


@pytest.mark.parametrize("kind", VISITORS)
def test_the_admins_pages_are_for_the_administrator(kind: str, world: World):
    browser, wrong = _browser(kind), []
    for model in admin.site._registry:
        label, row = model._meta.label_lower, example_of(model, world)
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = {
            page: reverse(f"{stem}_{page}", args=[] if page in {"changelist", "add"} else [row.pk])
            for page in MODEL_PAGES
        }
        addresses["open"] = addresses["change"].removesuffix("change/")
        for page, address in addresses.items():
            answer = browser.get(address)
            _put_down(answer)
            expected = expected_in_admin(label, page, kind)
            if answer.status_code != expected:
                wrong.append((address, answer.status_code, f"expected {expected}"))
    assert not wrong, _listed(wrong)


def test_what_is_not_changed_in_the_admin_has_no_form(world: World):
    """Asked of the pages themselves: no save button, and a POST is refused and changes nothing."""
    browser, wrong = _browser("administrator"), []
    for model in admin.site._registry:
        label, row = model._meta.label_lower, example_of(model, world)
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        has_form = 'name="_save"' in browser.get(address).content.decode()
        if has_form is not (label in CHANGED_IN_ADMIN):
            wrong.append((label, "has a form" if has_form else "has no form"))
        if label not in CHANGED_IN_ADMIN:
            before = model._base_manager.values().get(pk=row.pk)
            status = browser.post(address, {"state": "x", "amount_rial": "1"}).status_code
            if status != 403 or model._base_manager.values().get(pk=row.pk) != before:
                wrong.append((label, status))
    assert not wrong, _listed(wrong)


def test_an_unknown_address_of_the_admin_tells_strangers_nothing():
    for address in ("/admin/nothing/", "/admin/core/nothing/"):
        answer: HttpResponse = Client().get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={address}")

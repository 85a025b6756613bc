"""Nobody may forget the province: not a model, not a query, not an address."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver, reverse

from provinces.enums import Role
from provinces.models import County, Province
from provinces.scoping import Scope, ScopedManager, ScopeMissing, all_provinces, current_scope, open_scope
from tests.architecture.conftest import make_world, visitor
from tests.architecture.test_url_table import patterns
from tests.architecture.url_table import TABLE
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY

ROOMS = (
    "core",
    "provinces",
    "campaigns",
    "ledger",
    "donations",
    "volunteers",
    "partnerships",
    "aid",
    "payments",
    "cases",
    "dashboards",
)
DEEPEST = 5

# Models that lead to a province and carry no scope, each with its reason.
EXEMPT = {
    "provinces.County": "a public fact",
    "aid.BatchLine_substitutes": "what may stand in for an item; reached from the batch line, which is scoped",
    "campaigns.Scan": "an opening of a public code, without anybody in it; added up by a job",
    "campaigns.ScanHour": "counts of public codes; asked for by codes that are in scope",
    "campaigns.StickerJob_placements": "the rows between a sheet and its codes, both scoped",
    "donations.IdempotencyKey": "found by the hash of a client's own key",
    "payments.AttemptEvent": "reached from an attempt, which is scoped",
    "payments.Callback": "the inbox takes what nobody has matched to an attempt yet",
    "payments.BankReference": "one space of references for the whole country, or money could be booked twice",
    "ledger.Entry": "one book; its legs carry the place and are scoped",
}


def our_models() -> list[type[models.Model]]:
    return [m for room in ROOMS for m in apps.get_app_config(room).get_models(include_auto_created=True)]


def leads_to_a_province(model: type[models.Model], depth: int = DEEPEST) -> bool:
    """Is there a way over foreign keys?"""
    for field in model._meta.concrete_fields:
        target = field.remote_field and field.remote_field.model
        if target is Province:
            return True
        if target and target is not model and depth and leads_to_a_province(target, depth - 1):
            return True
    return False


PLACED = [m for m in our_models() if leads_to_a_province(m)]
SCOPED = [m for m in our_models() if isinstance(m._default_manager, ScopedManager)]


@pytest.mark.parametrize("model", PLACED, ids=lambda m: m._meta.label)
def test_a_model_that_leads_to_a_province_is_scoped(model):
    if model._meta.label in EXEMPT:
        assert model not in SCOPED, "it is scoped: take it off the list"
        return
    assert model in SCOPED, f"give {model._meta.label} a ScopedManager or a reason not to"
    assert hasattr(model, "province_path")


def test_the_list_of_exemptions_holds_no_strangers():
    assert set(EXEMPT) - {m._meta.label for m in PLACED} == set()


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m._meta.label)
def test_the_paths_lead_to_province_and_county(model):
    for path, target in ((model.province_path, Province), (getattr(model, "county_path", None), County)):
        found = model
        for step in path.split("__") if path else []:
            found = found._meta.get_field(step).remote_field.model
        assert path is None or found is target


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m._meta.label)
def test_a_query_without_a_scope_raises(model):
    """Whatever is asked, and before any database is."""
    with pytest.raises(ScopeMissing):
        current_scope()
    for ask in ("all", "count", "exists", "first", "values", "create", "update"):
        with pytest.raises(ScopeMissing):
            getattr(model.objects, ask)()


@pytest.mark.django_db
def test_a_scope_shows_its_own_rows_only():
    make_world(KHUZESTAN)
    for model in SCOPED:
        with all_provinces("test"):
            there = keys(model, **{model.province_path: KHUZESTAN})
        assert there, f"make a {model._meta.label} in the world of these tests"
        with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
            assert keys(model) == there, model
        with open_scope(Scope(provinces=frozenset({TEHRAN}))):
            assert not there & keys(model), model
        with open_scope(Scope(counties=frozenset({TEHRAN_COUNTY}))):
            assert not there & keys(model), model
        with open_scope(Scope()):
            assert not model.objects.exists(), model


def keys(model: type[models.Model], **condition: str) -> set:
    return set(model.objects.filter(**condition).values_list("pk", flat=True))


# --- addresses -------------------------------------------------------------------------------------------
ROWS = {row.name: row for row in TABLE}
FORM_OF_A_FILE = "(?P<form>"  # a whole list as a file of this form: no row is named
OF_ONE_ROW = sorted(
    name
    for name, route in patterns(get_resolver())
    if route.lstrip("^").startswith("desk/") and "<" in route.replace(FORM_OF_A_FILE, "")
)


def test_there_are_such_addresses():
    assert {"case", "sticker-sheet"} <= set(OF_ONE_ROW)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_ONE_ROW)
def test_another_provinces_row_is_a_404(name):
    """For every role that may see such a row in its own province; the others get the answer of the table."""
    row = ROWS[name]
    address = reverse(name, kwargs=row.example(make_world(KHUZESTAN)))
    wrong = []
    for role in Role.values:
        if role.startswith("hq") or role == Role.ADMINISTRATOR:
            continue
        browser = visitor(role, TEHRAN, TEHRAN_COUNTY)
        for method, table in (("get", row.get), ("post", row.post)):
            expected = 403 if row.get[role] == 403 else 404
            status = getattr(browser, method)(address).status_code
            if status != expected and table[role] != 405:
                wrong.append((role, method, status, f"expected {expected}"))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_ONE_ROW)
def test_another_countys_row_is_a_404_for_a_county_officer(name):
    row = ROWS[name]
    other = County.objects.filter(province=TEHRAN).exclude(code=TEHRAN_COUNTY).order_by("code").first()
    address = reverse(name, kwargs=row.example(make_world(TEHRAN, other.code)))
    browser = visitor(Role.COUNTY_OFFICER, TEHRAN, TEHRAN_COUNTY)
    expected = 403 if row.get[Role.COUNTY_OFFICER] == 403 else 404
    assert browser.get(address).status_code == expected


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["province=06", "province=khuzestan", "county=0601"])
def test_another_province_cannot_be_asked_for_at_the_desk(query):
    browser = visitor(Role.PROVINCIAL_MANAGER)
    assert browser.get(f"/desk/?{query}").status_code == 404


@pytest.mark.django_db
def test_the_scope_is_closed_again_after_a_request():
    visitor(Role.PROVINCIAL_MANAGER).get("/desk/boxes/")
    with pytest.raises(ScopeMissing):
        current_scope()


@pytest.mark.django_db
def test_whoever_may_not_enter_has_an_empty_scope(rf):
    """Were a view to forget its gate, there would be nothing to see."""
    from provinces.middleware import ScopeMiddleware
    from tests.factories.people import person

    seen = []
    for user in (person(Role.PROVINCIAL_MANAGER), person()):
        request = rf.get("/desk/anything/")
        request.user = user
        request.user.is_verified = lambda: False
        ScopeMiddleware(lambda request: seen.append(current_scope()))(request)
    assert [(s.everything, s.provinces, s.counties) for s in seen] == [(False, frozenset(), frozenset())] * 2

"""Every field by which a person owns work is registered, or says that it is history."""

from __future__ import annotations

import pytest
from django.db import models

from core.models import User
from provinces.enums import Role
from provinces.permissions import permissions_of
from provinces.scoping import all_provinces
from provinces.work import counts, owned_kinds, waiting_kinds
from tests.architecture.test_scope import our_models

# Who did something, or whom a row is about: it stays as it was written.
HISTORY_NAMES = ("actor", "user", "by")
HISTORY_ENDING = "_by"
# Names that sound otherwise, each with its reason.
HISTORY = {
    "provinces.Membership.hands_to": "the heir, chosen before the end",
    "provinces.HandOver.handed_to": "to whom it went",
}
FIELDS = {
    f"{model._meta.label}.{field.name}": field
    for model in our_models()
    for field in model._meta.concrete_fields
    if isinstance(field, models.ForeignKey) and field.related_model is User
}


def is_history(name: str) -> bool:
    field = name.rsplit(".", 1)[1]
    return name in HISTORY or field in HISTORY_NAMES or field.endswith(HISTORY_ENDING)


def registered() -> set[str]:
    return {f"{kind.model._meta.label}.{kind.field}" for kind in owned_kinds()}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_whoever_owns_something_can_hand_it_over(name):
    assert name in registered() or is_history(name), f"register {name} in its room's open_work"


def test_what_is_registered_can_belong_to_nobody_and_leads_to_a_province():
    for kind in owned_kinds():
        assert FIELDS[f"{kind.model._meta.label}.{kind.field}"].null, kind.key
        assert kind.places()[0]


def test_the_list_of_history_holds_no_strangers():
    assert set(HISTORY) - set(FIELDS) == set()
    assert set(HISTORY) & registered() == set()


def test_somebody_may_do_what_waits():
    for kind in (*waiting_kinds(), *owned_kinds()):
        assert any(kind.permission in permissions_of({role}) for role in Role), kind.key


@pytest.mark.django_db
def test_all_of_it_is_counted_in_one_query(django_assert_num_queries):
    user = User.objects.create_user("somebody")
    with all_provinces("test"):
        asked = {
            **{f"mine {kind.key}": kind.of(user) for kind in owned_kinds()},
            **{f"nobody's {kind.key}": kind.unowned() for kind in owned_kinds()},
            **{kind.key: kind.rows_for(user) for kind in waiting_kinds()},
        }
        with django_assert_num_queries(1):
            found = counts(asked)
    assert set(found) == set(asked)

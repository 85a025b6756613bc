"""The table of moves in payments.states and the one in the database are the same table."""

import pytest
from django.db import connection

from payments.enums import AttemptState
from payments.states import MOVES

pytestmark = pytest.mark.django_db


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM payments_attemptmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}


def test_every_state_has_a_row():
    assert set(MOVES) == set(AttemptState)


def test_nothing_turns_a_success_into_a_failure():
    reachable, fresh = set(), {AttemptState.SUCCEEDED}
    while fresh:
        reachable |= fresh
        fresh = {after for state in fresh for after in MOVES[state]} - reachable
    assert AttemptState.FAILED not in reachable

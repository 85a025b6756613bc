"""What the database refuses only between transactions or at their end."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError

from ledger.posting import post
from tests.ledger.test_rules import entry, run


def test_an_entry_without_legs_is_refused_at_commit(live_db):
    with pytest.raises(IntegrityError, match="has no legs"):
        run(
            "INSERT INTO ledger_entry (kind, source, occurred_at, day) VALUES ('gift', 'b', now(), now()::date)"
        )


def test_a_leg_cannot_join_an_older_entry(live_db):
    with transaction.atomic():
        post([entry("a", -5, 5)])
    with pytest.raises(DatabaseError, match="a leg cannot join it later"):
        run(
            """INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
               SELECT entry_id, account_id, dimension_id, amount_rial FROM ledger_posting"""
        )

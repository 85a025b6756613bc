"""What the database itself refuses."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from core.errors import DomainError
from ledger.accounts import INCOME, SUSPENSE
from ledger.dimensions import Facet
from ledger.enums import EntryKind
from ledger.posting import Leg, NewEntry, post, reverse
from tests.factories.gifts import receive

pytestmark = pytest.mark.django_db
FACET = Facet("general")


def entry(source: str, *amounts: int) -> NewEntry:
    legs = tuple(Leg(SUSPENSE if n else INCOME["cash"], amount, FACET) for n, amount in enumerate(amounts))
    return NewEntry(EntryKind.GIFT, source, timezone.now(), legs)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_unbalanced_entry_is_refused_before_any_sql():
    with pytest.raises(DomainError, match="unbalanced"):
        post([entry("a", 5, -4)])


def test_unbalanced_legs_are_refused_by_the_database():
    post([entry("a", -5, 5)])
    with pytest.raises(IntegrityError, match="does not balance"):
        run(
            """WITH e AS (INSERT INTO ledger_entry (kind, source, occurred_at, day)
                          VALUES ('gift', 'b', now(), now()::date) RETURNING id)
               INSERT INTO ledger_posting (entry_id, account_id, dimension_id, amount_rial)
               SELECT e.id, account_id, dimension_id, 7 FROM e, ledger_posting LIMIT 1"""
        )


@pytest.mark.parametrize("table", ["entry", "posting", "dimension", "account", "sealchunk"])
@pytest.mark.parametrize(
    "sql", ["UPDATE ledger_{} SET id = id", "DELETE FROM ledger_{}", "TRUNCATE ledger_{} CASCADE"]
)
def test_books_are_append_only(table, sql):
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql.format(table))


def test_a_source_books_once():
    first = post([entry("a", -5, 5)])
    again = post([entry("a", -5, 5), entry("b", -6, 6)])
    assert (list(first), list(again)) == (["a"], ["b"])


def test_an_entry_is_reversed_once(country):
    donation = receive(100_000, province="23")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_entry")
        (pk,) = cursor.fetchone()
    first = reverse(pk, source="refund:1", memo="برگشت")
    assert reverse(pk, source="refund:1", memo="برگشت") == first
    with pytest.raises(IntegrityError), transaction.atomic():
        reverse(pk, source="refund:2", memo="دوباره")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, sum(amount_rial) FROM ledger_posting GROUP BY 1 HAVING sum(amount_rial) <> 0"
        )
        assert cursor.fetchall() == []
    assert donation.facet.province == "23"

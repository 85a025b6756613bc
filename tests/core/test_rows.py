"""Many rows in one statement keep the rules of single ones."""

import pytest
from django.db import DataError, transaction

from core.models import OutboxMessage
from core.rows import insert_rows

pytestmark = pytest.mark.django_db


def message(task: str = "some.task", **payload) -> OutboxMessage:
    from django.utils import timezone

    return OutboxMessage(task=task, payload=payload, due_at=timezone.now())


def test_rows_get_their_keys_in_order_and_hold_what_was_said():
    rows = insert_rows([message(number=n, text="«گیومه» \\ '", nothing=None) for n in range(50)])
    for number, row in enumerate(rows):
        assert OutboxMessage.objects.get(pk=row.pk).payload == {
            "number": number, "text": "«گیومه» \\ '", "nothing": None,
        }  # fmt: skip
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    assert insert_rows([]) == []


def test_what_is_too_long_is_refused_and_not_cut():
    longest = OutboxMessage._meta.get_field("task").max_length
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([message(), message(task="x" * (longest + 1))])
    assert not OutboxMessage.objects.exists()

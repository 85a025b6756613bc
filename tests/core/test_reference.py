"""Reference rows remembered for a moment: how long, where not, and when sooner forgotten."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from campaigns.models import Fund
from core import reference
from core.reference import remembered


@remembered(Fund)
def _name_of(code: str) -> str:
    return Fund.objects.get(code=code).name


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """What time it is; the test moves it."""
    now = [1000.0]
    monkeypatch.setattr(reference, "monotonic", lambda: now[0])
    return now


def _rename_unseen(name: str) -> None:
    """As another process would: no signal reaches this one."""
    Fund.objects.filter(code="general").update(name=name)


def test_it_is_read_once_and_anew_after_a_moment(live_db, clock):
    before = _name_of("general")
    _rename_unseen("other")
    assert _name_of("general") == before
    clock[0] += reference.FRESH_SECONDS
    assert _name_of("general") == "other"


def test_each_argument_is_remembered_apart(live_db, clock):
    assert _name_of("general") != _name_of("sadaqah")


def test_a_save_is_seen_at_once_and_only_once_committed(live_db, clock):
    before, seen = _name_of("general"), []

    def look() -> None:
        seen.append(_name_of("general"))
        connections.close_all()

    with transaction.atomic():
        fund = Fund.objects.get(code="general")
        fund.name = "renamed"
        fund.save()
        other = threading.Thread(target=look)
        other.start()
        other.join()
        assert _name_of("general") == "renamed"  # a transaction reads for itself
    assert seen == [before]
    assert _name_of("general") == "renamed"


def test_what_a_transaction_read_is_not_remembered(live_db, clock):
    before = Fund.objects.get(code="general").name
    with transaction.atomic():
        _rename_unseen("never")
        assert _name_of("general") == "never"
        transaction.set_rollback(True)
    assert _name_of("general") == before


def test_what_is_not_there_is_asked_for_again(live_db, clock):
    with pytest.raises(Fund.DoesNotExist):
        _name_of("new")
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO campaigns_fund SELECT (jsonb_populate_record(f, \'{"code": "new"}\')).* '
            "FROM campaigns_fund f WHERE code = 'general'"
        )
    assert _name_of("new") == _name_of("general")


def test_memory_has_a_bound(live_db, clock, monkeypatch):
    monkeypatch.setattr(reference, "_MOST_REMEMBERED", 1)
    _name_of("general")
    _name_of("sadaqah")
    assert len(reference._remembered) == 1

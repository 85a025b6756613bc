"""The audit trail can be written and read, and nothing else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    person = User.objects.create_user("somebody")
    return audit.record("test.done", person, actor=person, province_code="23", reason="a test", count=2)


def test_an_entry_says_who_did_what_to_which_row(entry):
    person = User.objects.get()
    assert (entry.actor, entry.action, entry.reason, entry.province_code) == (
        person,
        "test.done",
        "a test",
        "23",
    )
    assert (entry.subject_type, entry.subject_id, entry.data) == ("core.user", str(person.pk), {"count": 2})


def test_somebody_must_answer_for_it(entry):
    with pytest.raises(ValueError):
        audit.record("test.done", entry.actor)
    assert AuditEntry.objects.exclude(job="seed_reference").count() == 1


def test_a_job_may_answer_for_it(entry):
    assert audit.record("test.done", entry.actor, job="nightly").actor is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET reason = 'another'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ],
)
def test_the_database_refuses_to_change_it(entry, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.exclude(job="seed_reference").get().reason == "a test"


def test_a_person_with_a_trail_cannot_be_deleted(entry):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        entry.actor.delete()

"""Closing a day of a province: only when clean, never under somebody's hands, and corrections find the open day."""

import threading

import pytest
from django.db import connection, transaction

from core.errors import DomainError
from core.models import AuditEntry
from payments.models import StatementLine
from payments.services import closing
from payments.services.matching import match_import, match_source
from payments.services.reconciliation import reconcile
from tests.factories import lines as st
from tests.factories.people import person
from tests.flows.test_races import run_together
from tests.payments.services.test_bank_lines import failed_checks
from tests.payments.services.test_matching import balance, paid_attempt


@pytest.fixture(autouse=True)
def _scope(country):
    return country


def days_of_entries(like: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT day FROM ledger_entry WHERE source LIKE %s ORDER BY id", [like])
        return [(st.day_of(st.days_ago(0)) - row[0]).days for row in cursor.fetchall()]


@pytest.mark.django_db
def test_a_clean_day_closes_once_and_is_audited():
    ussd, bank = st.ussd(), st.bank()
    st.bring(ussd, st.line(10_000, at=st.days_ago(3), payout_ref="B1"), st.line(20_000, at=st.days_ago(2)))
    st.bring(bank, st.line(10_000, "credit", payout_ref="B1", at=st.days_ago(2)))
    day = st.day_of(st.days_ago(3))
    assert closing.close_day("", day, actor=person())
    assert not closing.close_day("", day, actor=person())
    assert AuditEntry.objects.filter(action="day.close").count() == 1


@pytest.mark.django_db
def test_an_import_that_is_not_matched_yet_keeps_its_days_open():
    day = st.day_of(st.days_ago(3))
    st.write(st.ussd(), st.line(10_000, at=st.days_ago(3)))
    with pytest.raises(DomainError, match="day_not_clean") as error:
        closing.close_day("", day, actor=person())
    assert any(name.startswith("import:") for name in error.value.data["accounts"])


@pytest.mark.django_db
def test_unknown_deposits_do_not_keep_a_day_open():
    st.bring(st.bank(), st.line(90_000, "credit", at=st.days_ago(3)))
    assert closing.close_day("", st.day_of(st.days_ago(3)), actor=person())


@pytest.mark.django_db
def test_what_comes_late_for_a_closed_day_is_booked_on_the_first_open_one_and_keeps_its_time():
    ussd = st.ussd()
    st.bring(ussd, st.line(10_000, at=st.days_ago(3)), st.line(10_000, at=st.days_ago(2)))
    closing.close_day("", st.day_of(st.days_ago(3)), actor=person())
    st.bring(ussd, st.line(30_000, at=st.days_ago(3), description="late"))
    assert days_of_entries("line:%") == [3, 2, 2]
    assert failed_checks() == []


@pytest.mark.django_db
def test_a_correction_of_a_closed_day_stands_today():
    settlement = st.settlement()
    attempt = paid_attempt(500_000, at=st.days_ago(4))
    st.bring(settlement, st.line_of(attempt), st.line_of(paid_attempt(10_000, at=st.days_ago(3))))
    closing.close_day("", st.day_of(st.days_ago(4)), actor=person())
    st.bring(settlement, st.line_of(attempt, kind="reversal"))
    assert days_of_entries("refund:%") == [0]
    assert balance("income:") == -10_000


@pytest.mark.django_db
def test_a_reason_is_for_managers_and_is_kept():
    settlement = st.settlement()
    paid_attempt(500_000, at=st.days_ago(4))
    st.bring(settlement, st.line_of(paid_attempt(10_000, at=st.days_ago(2))))
    day = st.day_of(st.days_ago(4))
    with pytest.raises(DomainError, match="day_not_clean"):
        closing.close_day("", day, actor=person(), reason="می‌دانم")
    with pytest.raises(DomainError, match="reason_required"):
        closing.close_day("", day, actor=person(), may_override=True)
    assert closing.close_day("", day, actor=person(), reason="بانک می‌گردد", may_override=True)
    assert AuditEntry.objects.get(action="day.close").data["not_clean"] == [settlement.account]


def test_closing_while_an_import_is_posting(live_db):
    """Whoever is first: either the import's gifts are in the day before it closes, or they stand on the next."""
    ussd, day, by = st.ussd(), st.day_of(st.days_ago(3)), person()
    st.bring(ussd, st.line(10_000, at=st.days_ago(2)))
    file = st.write(ussd, *[st.line(10_000, at=st.days_ago(3))] * 50)
    posting, outcome = threading.Event(), []

    def posts():
        with transaction.atomic():
            match_import(file.pk)
            posting.set()
            threading.Event().wait(0.3)

    def closes():
        posting.wait(20)
        outcome.append(closing.close_day("", day, actor=by))

    assert run_together(posts, closes) == []
    assert outcome == [True]
    st.bring(ussd, st.line(70_000, at=st.days_ago(3), description="late"))
    assert days_of_entries("line:%") == [2] + [3] * 50 + [2]
    assert failed_checks() == []


def test_many_closers_and_posters_at_once_leave_no_entry_in_a_closed_day(live_db):
    by = person()
    days = [st.day_of(st.days_ago(n)) for n in (5, 4, 3)]
    sources = [st.ussd(f"ussd-{n}") for n in range(3)]
    for at, source in enumerate(sources):
        st.write(
            source,
            *[
                st.line(1_000 + at, at=st.days_ago(n), description=str(k))
                for n in (5, 4, 3)
                for k in range(20)
            ],
        )

    def closes():
        for day in days:
            closing.close_day("", day, actor=by, reason="race", may_override=True)

    errors = run_together(closes, *[lambda s=source: match_source(s.pk) for source in sources])
    assert [e for e in errors if getattr(e, "code", "") != "posting_under_way"] == []
    assert failed_checks() == []
    assert StatementLine.objects.filter(state="matched").count() == 180
    reconcile()

"""A month of all channels comes in: exactly what was planted is found, the rest returns to zero by itself."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test import override_settings

from core.invariants import run_checks
from core.jalali import iso_jalali, tehran_today
from core.models import User
from dashboards import demo_month as month
from donations.models import Donation
from ledger.accounts import clearing_code
from payments.models import Attempt, Payout, StatementLine, StatementSource, Terminal, UnreadLine
from payments.services.partner_demo import seed_demo_partner
from payments.services.reconciliation import reconcile
from payments.services.statement_seeding import seed_demo_sources
from provinces.scoping import all_provinces
from provinces.services.demo_people import seed_demo_people
from tests import databases
from tests.factories.people import browser_of


@pytest.fixture(scope="module")
def _month(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo's month in a database of this file's own."""
    with (
        django_db_blocker.unblock(),
        databases.copy_of(databases.template()),
        override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("month")),
        all_provinces("test"),
    ):
        people = {person.username: person for person in seed_demo_people()}
        seed_demo_partner()
        seed_demo_sources()
        month.seed_month(people, lambda line: None)
        yield


@pytest.fixture(autouse=True)
def _scope(_month, country):
    return country


def rials(code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_rial), 0) FROM ledger_posting p"
            " JOIN ledger_account a ON a.id = p.account_id WHERE a.code = %s",
            [code],
        )
        return int(cursor.fetchone()[0])


def test_exactly_what_was_planted_is_found():
    assert Counter(month.found()) == Counter(month.PLANTED)


def test_looking_again_finds_nothing_else():
    reconcile()
    assert Counter(month.found()) == Counter(month.PLANTED)


def test_almost_no_line_needs_a_person():
    lines = StatementLine.objects.count()
    unread = UnreadLine.objects.filter(resolved_at=None).count()
    alone = StatementLine.objects.filter(state="matched").count()
    assert unread == month.UNREAD_LINES
    assert not StatementLine.objects.filter(state__in=["new", "suggested"]).exists()
    assert lines > 2_000
    assert alone / (lines + unread) >= 0.98


def test_no_line_was_matched_to_another_payment():
    orders = dict(Attempt.objects.values_list("pk", "order_id"))
    tied = StatementLine.objects.filter(state="matched", attempt_id__isnull=False)
    wrong = [
        pk
        for pk, order, attempt in tied.values_list("pk", "order_id", "attempt_id")
        if order != str(orders[attempt])
    ]
    assert wrong == []
    gifts = dict(Donation.objects.values_list("pk", "amount_rial"))
    others = StatementLine.objects.filter(state="matched", attempt_id=None, donation_id__isnull=False)
    assert all(gifts[gift] == rial for gift, rial in others.values_list("donation_id", "amount_rial"))
    bank = StatementSource.objects.get(key=month.BANK)
    for part in Payout.objects.filter(bank_line__isnull=False).select_related("bank_line"):
        assert part.bank_line.source_id == bank.pk
        assert not part.is_named or part.ref == part.bank_line.payout_ref


def test_each_gift_has_one_line_of_its_source():
    payments = StatementLine.objects.filter(kind="payment", state="matched")
    twice = payments.values("source", "donation_id").annotate(lines=Count("pk")).filter(lines__gt=1)
    assert list(twice) == []


def test_five_hundred_equal_gifts_stay_five_hundred():
    equal = StatementLine.objects.filter(source__key=month.USSD, amount_rial=month.EQUAL_RIAL)
    assert equal.count() == month.EQUAL_GIFTS
    assert equal.values("donation_id").distinct().count() == month.EQUAL_GIFTS


def test_what_is_left_is_what_was_planted():
    terminal = Terminal.objects.get(gateway="zibal")
    never = Payout.objects.get(ref=month.zibal_payout(month.NEVER_PAID_ON))
    short = Payout.objects.get(ref=month.zibal_payout(month.SHORT_AT_BANK_ON))
    left = {
        clearing_code("zibal", terminal.pk): sum(month.MISSING_THERE_RIAL),
        f"transit:zibal:{terminal.pk}": never.net_rial + short.net_rial,
        "receivable:demo-ussd": 0,
        "receivable:demo-app": 0,
        "receivable:demo-pos": 0,
        "receivable:demo_partner": month.PARTNER_OURS_RIAL,
        "transit:demo-ussd:all": 0,
        "transit:demo-app:all": 0,
        "transit:demo-pos:all": 0,
        "transit:demo_partner:all": -(month.PARTNER_THEIRS_RIAL - 2_000),
        "suspense:deposits": -sum(month.UNKNOWN_DEPOSITS_RIAL),
        f"cash:{terminal.office_id}": 0,
    }
    assert {code: rials(code) for code in left} == left


def test_the_books_hold():
    assert [result.findings for result in run_checks() if not result.holds] == []


def test_starting_the_demo_again_changes_nothing():
    before = (StatementLine.objects.count(), Donation.objects.count(), Counter(month.found()))
    month.seed_month({}, lambda line: None)
    assert (StatementLine.objects.count(), Donation.objects.count(), Counter(month.found())) == before


def test_the_desk_shows_the_month():
    accountant = browser_of(User.objects.get(username="hq.accountant"))
    page = accountant.get(
        "/desk/reconciliation/", {"month": iso_jalali(tehran_today() - timedelta(days=15))[:7]}
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "تراز" in text
    assert "ناهمخوان" in text

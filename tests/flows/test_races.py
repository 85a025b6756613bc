"""Races with real threads, each committing in a fresh database."""

import threading

from django.db import connection

from campaigns.models import Fund
from core.jalali import tehran_today
from donations.models import Receipt
from payments.models import BankReference, DonorClaim
from payments.services.claims import Told, write_claim
from payments.services.settlement import settle
from provinces.scoping import all_provinces
from tests.factories.gifts import attempt_for, finding, give, paid


def run_together(*works) -> list[Exception]:
    """Start all works at one moment, each in a thread and connection of its own; returns what they raised."""
    barrier, errors = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            with all_provinces("race"):
                barrier.wait()
                work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_racing_settlements_book_once(live_db, country):
    attempts = [attempt_for(give(100_000)) for _ in range(8)]
    answers = {a.pk: finding(a, paid(a)) for a in attempts}
    ids = list(answers)
    orders = (ids, ids[::-1], ids[4:] + ids[:4], ids)
    errors = run_together(
        *[lambda order=order: settle({pk: answers[pk] for pk in order}) for order in orders]
    )
    assert errors == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT entry_id), sum(amount_rial) FROM ledger_posting")
        assert cursor.fetchone() == (16, 8, 0)
    assert (Receipt.objects.count(), BankReference.objects.count()) == (8, 8)


def test_the_same_words_of_a_donor_at_once_are_one_claim(live_db, country):
    told = Told(500_000, tehran_today(), "4321", "+989121234567", Fund.objects.get(code="dowry"))
    assert run_together(*[lambda: write_claim(told, address="192.0.2.7")] * 4) == []
    assert DonorClaim.objects.count() == 1

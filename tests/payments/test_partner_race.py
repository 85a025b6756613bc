"""One partner from many sides at once, with real threads and real commits."""

from __future__ import annotations

import threading

from django.core.cache import cache
from django.db import connections, transaction

from core.invariants import run_checks
from donations.models import Donation, Donor, Receipt
from payments.enums import KeyMode, SourceKind
from payments.models import Arrival, PartnerTransaction
from payments.services.matching import hold_source
from tests.factories import lines as files
from tests.factories.partners import a_key, a_line, a_partner, moment, send

MANY = 8


def send_together(requests: list[tuple]) -> list:
    """Each (key, what is said, timestamp) from a thread and a connection of its own; the answers in order."""
    gate, found = threading.Barrier(len(requests)), [None] * len(requests)

    def work(number: int) -> None:
        key, said, timestamp = requests[number]
        try:
            gate.wait()
            found[number] = send(key, said, timestamp=timestamp)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def lines(count: int, **said) -> list[dict]:
    return [a_line(f"T-{n}", donor={"mobile": f"0912000{n % 7:04d}"}, **said) for n in range(count)]


def test_the_same_batch_by_many_threads_is_booked_once(live_db, country):
    """Each thread signs anew and sends the lines in another order."""
    cache.clear()
    key, sent = a_key(a_partner()), lines(60)
    turned = [sent[n * 7 :] + sent[: n * 7] for n in range(MANY)]
    answers = [answer.json() for answer in send_together([(key, said, moment()) for said in turned])]
    assert [answer["counts"]["refused"] + answer["counts"]["conflict"] for answer in answers] == [0] * MANY
    assert sum(answer["counts"]["accepted"] for answer in answers) == 60
    codes = {(r["partner_txn_id"], r["tracking_code"]) for answer in answers for r in answer["results"]}
    assert len(codes) == 60, "everybody is told the same codes"
    assert Donation.objects.count() == Arrival.objects.count() == PartnerTransaction.objects.count() == 60
    assert (Receipt.objects.count(), Donor.objects.count()) == (60, 7)
    assert [check for check in run_checks() if not check.holds] == []


def test_the_same_signature_by_many_threads_is_let_in_once(live_db, country):
    cache.clear()
    key, at = a_key(a_partner()), moment()
    answers = send_together([(key, lines(20), at)] * MANY)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (MANY - 1)
    assert Donation.objects.count() == 20


def test_racing_contents_leave_one_winner_a_transaction(live_db, country):
    """Another amount and another purpose under the same numbers: one stands, the others are conflicts."""
    cache.clear()
    key = a_key(a_partner())
    versions = [lines(12), lines(12, amount_rial=900_000), lines(12, fund="sadaqah"), lines(12)]
    answers = [answer.json() for answer in send_together([(key, said, moment()) for said in versions])]
    for number in range(12):
        found = [answer["results"][number]["verdict"] for answer in answers]
        assert found.count("accepted") == 1, found
        assert found.count("conflict") == (3 if found[1] == "accepted" or found[2] == "accepted" else 2), (
            found
        )
        assert "refused" not in found
    assert Donation.objects.count() == Arrival.objects.count() == PartnerTransaction.objects.count() == 12
    assert [check for check in run_checks() if not check.holds] == []


def test_racing_rehearsals_agree(live_db, country):
    cache.clear()
    key = a_key(a_partner(), KeyMode.SANDBOX)
    answers = [answer.json() for answer in send_together([(key, lines(30), moment()) for _ in range(MANY)])]
    assert sum(answer["counts"]["accepted"] for answer in answers) == 30
    assert len({(r["partner_txn_id"], r["tracking_code"]) for a in answers for r in a["results"]}) == 30
    assert Donation.objects.count() == 0


def test_a_report_waits_while_a_file_of_the_partner_is_booked(live_db, country):
    cache.clear()
    partner = a_partner()
    key = a_key(partner)
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    with transaction.atomic():
        hold_source(source.pk)
        (answer,) = send_together([(key, lines(3), moment())])
    assert (answer.status_code, answer.json()["code"]) == (503, "source_busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert Donation.objects.count() == 0
    (answer,) = send_together([(key, lines(3), moment())])
    assert answer.json()["counts"]["accepted"] == 3

"""What partners report, booked once, whatever they repeat and whatever their files say of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from core.invariants import run_checks
from core.models import OutboxMessage
from donations.models import Donation, Receipt
from payments.enums import SourceKind
from payments.models import Arrival, PartnerTransaction
from tests.factories import lines as files
from tests.factories.partners import (
    a_line,
    batch,
    report,
    send,
    verdicts,
)
from tests.payments.partner_api.books import balance, booked

pytestmark = pytest.mark.django_db


def test_a_report_becomes_a_gift_with_receipt_entry_and_evidence(key):
    said = a_line(
        trace_no="004512", terminal="T99", card_masked="603799******1234",
        donor={"name": "نيكوكار", "mobile": "۰۹۱۲۱۲۳۴۵۶۷", "message": "به نیت پدرم"},
    )  # fmt: skip
    (result,) = report(key, said)
    assert (result["line"], result["partner_txn_id"], result["verdict"]) == (1, "T-1", "accepted")
    gift = Donation.objects.select_related("channel", "donor").get(tracking_code=result["tracking_code"])
    assert (gift.amount_rial, gift.fund_id, gift.province_id, gift.status) == (
        500_000, "general", "23", "received",
    )  # fmt: skip
    assert (gift.channel.code, gift.donor_name, gift.donor.mobile) == ("app_ap", "نیکوکار", "+989121234567")
    assert gift.received_at.isoformat() == timezone.datetime.fromisoformat(said["paid_at"]).isoformat()
    arrival = Arrival.objects.get(donation=gift)
    assert (arrival.source, arrival.account) == ("partner:app1:T-1", "receivable:app1_daily")
    assert arrival.evidence == {
        "partner": "app1", "partner_txn_id": "T-1", "key_id": key.key.key_id, "rrn": said["rrn"],
        "trace_no": "004512", "terminal": "T99", "card_masked": "603799******1234",
    }  # fmt: skip
    row = PartnerTransaction.objects.get()
    assert (row.donation_id, row.rrn, row.amount_rial, row.key_id) == (
        gift.pk,
        said["rrn"],
        500_000,
        key.key.pk,
    )
    assert Receipt.objects.get().bank_reference == said["rrn"]
    assert OutboxMessage.objects.filter(task="donations.send_receipt").count() == 1
    assert balance("receivable:app1_daily") == 500_000
    assert [check for check in run_checks() if not check.holds] == []


@pytest.mark.parametrize(
    "wrap", [lambda line: line, lambda line: [line], lambda line: {"transactions": [line]}]
)
def test_one_a_list_and_a_batch_are_answered_alike(wrap, key):
    answer = send(key, wrap(a_line())).json()
    assert answer["sandbox"] is False
    assert answer["counts"] == {"accepted": 1, "known": 0, "conflict": 0, "refused": 0}
    assert [r["verdict"] for r in answer["results"]] == ["accepted"]


def test_the_same_again_is_known_with_the_same_tracking_code(key):
    first = report(key, batch(["A", "B"]))
    again = report(key, batch(["B", "A", "C"]))
    assert [r["verdict"] for r in again] == ["known", "known", "accepted"]
    assert [r["tracking_code"] for r in again[:2]] == [first[1]["tracking_code"], first[0]["tracking_code"]]
    assert booked() == (3, 3, 3)


def test_the_same_in_other_writing_is_the_same(key):
    (first,) = report(key, a_line(paid_at="2999-01-01T00:00:00Z")) and report(
        key, a_line("W", paid_at=timezone.now().isoformat(), donor={"mobile": "09121234567"})
    )
    at = PartnerTransaction.objects.get(partner_txn_id="W").paid_at
    tehran = at.astimezone(timezone.get_fixed_timezone(210)).isoformat()
    (again,) = report(key, a_line("W", paid_at=tehran, donor={"mobile": "+98 912 123 4567"}, currency="IRR"))
    assert (again["verdict"], again["tracking_code"]) == ("known", first["tracking_code"])


@pytest.mark.parametrize(
    "other",
    [{"amount_rial": 600_000}, {"fund": "sadaqah"}, {"province": "06"}, {"donor": {"mobile": "09121234567"}},
     {"rrn": "1"}],
)  # fmt: skip
def test_other_content_is_a_conflict_and_changes_nothing(other, key):
    report(key, a_line())
    before = booked(), balance("receivable:app1_daily")
    results = report(key, [a_line(**other), a_line("T-2")])
    assert [(r["verdict"], r.get("code")) for r in results] == [
        ("conflict", "content_differs"),
        ("accepted", None),
    ]
    assert "tracking_code" not in results[0]
    assert before == ((1, 1, 1), 500_000)
    assert booked() == (2, 2, 2)


def test_within_one_batch_the_first_stands(key):
    results = report(key, [a_line("X", fund="nothing"), a_line("X"), a_line("X"), a_line("X", amount_rial=7)])
    assert [r["verdict"] for r in results] == ["refused", "accepted", "known", "conflict"]
    assert results[1]["tracking_code"] == results[2]["tracking_code"]
    assert booked() == (1, 1, 1)


def test_what_was_booked_is_known_whatever_changed_since(key, partner, settings):
    from campaigns.models import Fund

    report(key, a_line())
    Fund.objects.filter(code="general").update(is_active=False)
    settings.PARTNER_OLDEST_DAYS, settings.PARTNER_MOST_RIAL = 0, 1
    assert verdicts(key, a_line()) == ["known"]
    assert verdicts(key, a_line("new")) == ["refused"]


def test_the_partners_fund_is_meant_where_none_is_named(key, partner):
    assert report(key, a_line(fund=None))[0]["code"] == "fund_required"
    partner.fund_id = "sadaqah"
    partner.save()
    assert verdicts(key, a_line(fund=None)) == ["accepted"]
    assert Donation.objects.get().fund_id == "sadaqah"


def test_a_line_that_the_database_refuses_stands_alone(key, partner):
    """Its gift is in the books already, with another amount, and no report of it is known."""
    from campaigns.selectors import designate
    from payments.partner_lines import read_line
    from payments.services.arrivals import book_arrivals
    from payments.services.partner_reports import Fresh, _Books

    line = read_line(a_line("S", amount_rial=1))
    target = designate(fund="general", channel=partner.channel)
    book_arrivals([_Books(key.key)._arrival(*Fresh(line, target))])
    assert verdicts(key, batch(["A", "S", "B", "C", "D"])) == [
        "accepted", "conflict", "accepted", "accepted", "accepted",
    ]  # fmt: skip
    assert balance("receivable:app1_daily") == 4 * 500_000 + 1


# --- files of the same partner ---------------------------------------------------------------------------
@pytest.mark.parametrize("said", [{"order_id": "T-1"}, {"reference": "T-1"}, {"rrn": "4512"}])
def test_what_a_file_has_brought_already_is_not_booked_again(said, key, partner):
    """The partner's own API was away; its daily file was quicker."""
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    files.bring(source, files.line(500_000, **said))
    gift = Donation.objects.get()
    results = report(key, [a_line(rrn="000000004512"), a_line("T-2", rrn="77")])
    assert [r["verdict"] for r in results] == ["known", "accepted"]
    assert results[0]["tracking_code"] == gift.tracking_code
    assert verdicts(key, a_line(rrn="000000004512")) == ["known"]
    assert (Donation.objects.count(), PartnerTransaction.objects.count()) == (2, 2)
    assert balance(f"receivable:{partner.source_key}") == 2 * 500_000


def test_another_amount_or_another_day_in_a_file_is_other_money(key, partner):
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    long_ago = timezone.now() - timedelta(days=5)
    lines = [files.line(400_000, rrn="4512"), files.line(500_000, rrn="4512", at=long_ago)]
    files.bring(source, *lines)
    assert verdicts(key, a_line(rrn="4512")) == ["accepted"]
    assert Donation.objects.count() == 3


def test_a_file_that_comes_later_finds_what_was_reported(key, partner):
    (result,) = report(key, a_line(rrn="4512"))
    source = files.source(SourceKind.APP, partner.source_key, channel=partner.channel)
    files.bring(source, files.line(500_000, reference="T-1", rrn="4512"))
    assert Donation.objects.get().tracking_code == result["tracking_code"]
    assert balance(f"receivable:{partner.source_key}") == 500_000


def test_check_books_sees_a_reported_gift_without_its_transaction(key):
    report(key, a_line())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_partnertransaction DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM payments_partnertransaction")
    assert [check.findings for check in run_checks() if not check.holds] == [
        ("transaction partner:app1:T-1 of None rial became a gift of 500000 rial",)
    ]


def test_what_was_reported_cannot_be_edited(key):
    report(key, a_line())
    with pytest.raises(DatabaseError, match="append-only"):
        PartnerTransaction.objects.update(amount_rial=1)

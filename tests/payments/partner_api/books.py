"""What a report has left behind."""

from __future__ import annotations

from django.db import connection

from donations.models import Donation
from payments.models import Arrival, PartnerTransaction


def booked() -> tuple[int, int, int]:
    return Donation.objects.count(), Arrival.objects.count(), PartnerTransaction.objects.count()


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def balance(account: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_rial), 0) FROM ledger_posting p JOIN ledger_account a "
            "ON a.id = p.account_id WHERE a.code = %s",
            [account],
        )
        return int(cursor.fetchone()[0])

"""Match what is open, look for what is missing, and print how each account stands on each day."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from core.jalali import iso_jalali
from payments.enums import DayState
from payments.services.closing import offices_of
from payments.services.reconciliation import DAYS_BACK, reconcile
from provinces.scoping import all_provinces


class Command(BaseCommand):
    help = "Reconcile all accounts, or those of one province; exit 1 when anything does not fit."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--province", help='two-digit code, or "hq"')
        parser.add_argument("--days", type=int, default=DAYS_BACK)

    @all_provinces("reconciling")
    def handle(self, *, province: str | None, days: int, **_) -> None:
        offices = None if province is None else offices_of("" if province == "hq" else province)
        rows = reconcile(offices, days=days)
        for row in rows:
            self.stdout.write(
                f"{iso_jalali(row.day)}  {row.state:<10}  ours {row.our_count}/{row.our_rial}  "
                f"report {row.report_count}/{row.report_rial}  bank {row.bank_count}/{row.bank_rial}  "
                f"open {row.open_count}  {row.account}"
            )
        off = sum(row.state == DayState.DIFFERS for row in rows)
        self.stdout.write(f"{len(rows)} account days, {off} do not fit")
        if off:
            raise SystemExit(1)

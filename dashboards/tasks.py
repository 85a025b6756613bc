"""What dashboards does in the background."""

import logging

from celery import shared_task

from cases.services.cases import open_case
from core.invariants import run_checks
from core.jalali import iso_jalali, tehran_today
from core.outbox import consumer
from dashboards import closings, rollups
from dashboards.services.habits import count_habits as count
from provinces.scoping import all_provinces

log = logging.getLogger(__name__)


@shared_task(name="dashboards.fold")
def fold() -> int:
    return rollups.fold_all()


@shared_task(name="dashboards.count_habits")
def count_habits() -> int:
    """Small gifts and people who gave again, of the months and years that may have changed."""
    return count()


@shared_task(name="dashboards.check_books")
@all_provinces("checking the books")
def check_books() -> int:
    """Prove the books; what does not hold becomes a case, one a check and day. Returns how many do not hold."""
    broken = [result for result in run_checks() if not result.holds]
    for result in broken:
        log.error("books: %s: %s", result.name, "; ".join(result.findings))
        open_case("books", f"{result.name}:{iso_jalali(tehran_today())}"[:80], findings=list(result.findings))
    return len(broken)


@consumer("dashboards.freeze_campaign")
@all_provinces("the figures of a campaign on its last day")
def freeze_campaign(edition_id: int, branch_id: int) -> None:
    closings.freeze(edition_id, branch_id or None)

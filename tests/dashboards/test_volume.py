"""Many gifts at once keep every rule that a single gift keeps."""

from core.invariants import run_checks
from dashboards import figures
from dashboards.volume import seed_gifts
from donations.models import Donation


def test_thousands_of_gifts_hold_in_every_check(live_db, country):
    seed_gifts(3_000, lambda line: None)
    assert Donation.objects.filter(status="received", is_demo=True).count() == 3_000
    assert figures.total().count == 3_000
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []

"""Many gifts at once keep every rule that a single gift keeps."""

from core.invariants import run_checks
from dashboards import figures
from dashboards.volume import seed_gifts
from dashboards.volume_people import seed_volunteers
from donations.models import Donation
from volunteers.desk_selectors import volunteers_in_scope
from volunteers.models import Volunteer


def test_thousands_of_gifts_hold_in_every_check(live_db, country):
    seed_gifts(3_000, lambda line: None)
    assert Donation.objects.filter(status="received", is_demo=True).count() == 3_000
    assert figures.total().count == 3_000
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []


def test_hundreds_of_volunteers_are_found_and_hold_in_every_check(live_db, country):
    for number in (120, 80):
        seed_volunteers(number, lambda line: None)
    assert Volunteer.objects.count() == 200
    assert volunteers_in_scope(q="09990000007").count() == 1
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []

"""A drawer that was short: from the count over the case and its owner to the books, and to a day that can be closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from cases.services.cases import give_case
from core import outbox
from core.errors import DomainError
from core.invariants import run_checks
from payments.enums import DifferenceWay
from payments.services import closing
from payments.services.cash_days import count_cash, decide_count
from payments.services.cash_differences import decide, propose
from payments.services.corrections import decide_cancellation, request_late_cancellation
from provinces.enums import Role
from tests.factories.counter import notes_for, office, take
from tests.factories.people import TEHRAN, browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


def short_count(**more):
    at = timezone.now() - timedelta(days=1)
    gift = take(500_000, at=at, **more)
    count = count_cash(office(), notes_for(450_000), actor=person(), at=at)
    decide_count(count.pk, actor=person(), approve=True)
    outbox.drain()
    return gift, count


def test_a_shortage_has_a_case_with_an_owner_until_two_have_decided():
    _gift, count = short_count()
    accountant, manager = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.PROVINCIAL_MANAGER)
    case = Case.objects.get(kind="cash_short", subject=f"cash_count:{count.pk}")
    assert (case.province_id, case.state, case.facts["difference_rial"]) == (TEHRAN, "open", -50_000)
    give_case(case.pk, accountant, actor=manager)
    page = browser_of(accountant).get(f"/desk/cases/{case.pk}/").content.decode()
    assert f"/desk/counter/counts/{count.pk}/" in page
    with pytest.raises(DomainError, match="day_not_clean"):
        closing.close_day(TEHRAN, count.day, actor=accountant)
    row = propose(count.pk, actor=accountant, way=DifferenceWay.WRITE_OFF, reason="پیدا نشد")
    decide(row.pk, actor=manager, approve=True)
    outbox.drain()
    case.refresh_from_db()
    assert (case.state, case.closed_by, case.owner) == ("closed", manager, accountant)
    assert "پیدا نشد" in case.resolution
    assert closing.close_day(TEHRAN, count.day, actor=accountant)
    assert [check.findings for check in run_checks() if not check.holds] == []


def test_a_gift_that_falls_out_of_a_closed_day_opens_a_case_of_its_own_and_leaves_that_day_alone():
    gift, count = short_count()
    accountant, manager = person(Role.PROVINCIAL_ACCOUNTANT), person(Role.PROVINCIAL_MANAGER)
    decide(
        propose(count.pk, actor=accountant, way=DifferenceWay.WRITE_OFF, reason="پیدا نشد").pk,
        actor=manager,
        approve=True,
    )
    closing.close_day(TEHRAN, count.day, actor=accountant)
    request_late_cancellation(gift.pk, actor=accountant, reason="دو بار نوشته شد")
    correction = decide_cancellation(gift.pk, actor=manager, approve=True)
    outbox.drain()
    late = Case.objects.get(subject=f"cash_count:{count.pk}:{correction.pk}")
    assert (late.state, late.facts["difference_rial"]) == ("open", 500_000)
    assert f"/desk/counter/counts/{count.pk}/" in (
        browser_of(accountant).get(f"/desk/cases/{late.pk}/").content.decode()
    )
    assert Case.objects.get(subject=f"cash_count:{count.pk}").state == "closed"
    assert [check.findings for check in run_checks() if not check.holds] == []

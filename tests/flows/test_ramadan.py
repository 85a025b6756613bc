"""A whole Ramadan: the plan, branches everywhere, boxes from print to bank, gifts by code, Eid, the report."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from campaigns.enums import BoxState, CampaignScope
from campaigns.models import Box, Branch, Campaign, Fund, Occasion, Runbook, RunbookTask
from campaigns.runbook import with_due
from campaigns.services.box_life import collect_box, place_box, print_boxes, seal_box
from campaigns.services.branches import approve_branch, open_branch, propose_branch, spread_plan
from campaigns.services.editions import (
    EditionFacts,
    approve_edition,
    close_edition,
    create_campaign,
    create_edition,
    open_edition,
    propose_edition,
    report_edition,
)
from campaigns.services.occasions import confirm_occasion
from campaigns.services.runbook_tasks import finish_task
from campaigns.services.runbook_templates import TaskFacts, add_template_task, write_template
from campaigns.services.runbooks import clone_to_provinces
from core import outbox
from core.invariants import run_checks
from core.jalali import from_jalali, tehran_today
from core.models import Queue
from dashboards import figures
from dashboards.models import ClosingFigures
from dashboards.rollups import fold_all
from donations.models import Donation
from payments.services.box_counts import deposit_boxes
from payments.services.settlement import settle
from provinces.enums import Role
from provinces.models import Province
from tests.donations.conftest import fields_of
from tests.factories.boxes import counted, planned
from tests.factories.counter import office
from tests.factories.gifts import attempt_for, finding, paid, receive
from tests.factories.lines import bank, bring, line
from tests.factories.people import TEHRAN, person
from tests.payments.services.test_counter import balance

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def season():
    """An open edition with an open branch in each of the 31 provinces: planned by one, approved by another."""
    planner, manager = person(Role.HQ_MANAGER), person(Role.HQ_MANAGER)
    campaign = create_campaign(
        slug="sofreh-1447",
        name="سفرهٔ همدلی",
        summary="فطریه و افطار",
        scope=CampaignScope.NATIONAL,
        actor=planner,
    )
    facts = EditionFacts(
        title="سفرهٔ همدلی ۱۴۴۷",
        fund="fitriyeh_general",
        goal_rial=31_000_000_000,
        story="برای سفرهٔ خانواده‌ها",
    )
    edition = create_edition(campaign, facts, year_kind="hijri", year=1447, actor=planner)
    propose_edition(edition.pk, actor=planner)
    approve_edition(edition.pk, actor=manager)
    edition = open_edition(edition.pk, actor=manager)
    spread_plan(edition, edition, Province.objects.all(), actor=planner, by_population=True)
    for branch in Branch.objects.filter(edition=edition):
        propose_branch(branch.pk, actor=planner)
        approve_branch(branch.pk, actor=person(Role.PROVINCIAL_MANAGER, branch.province_id))
        open_branch(branch.pk, actor=planner)
    return edition


def scan_and_give(box: Box, toman: str) -> None:
    """A telephone reads the code of a box, its owner gives and pays."""
    telephone = Client()
    page = telephone.get(f"/q/{box.placement.code}/", follow=True)
    assert telephone.post("/give/", fields_of(page) | {"amount": toman}).status_code == 303
    attempt = attempt_for(Donation.objects.get(placement=box.placement))
    settle({attempt.pk: finding(attempt, paid(attempt))})


def test_from_the_plan_to_the_report(season):
    headquarters = person(Role.HQ_MANAGER)

    # The plan: one template becomes 31 checklists, whose days follow the confirmed moon.
    template = write_template(title="رمضان", year_kind="hijri", actor=headquarters)
    task = TaskFacts(title="چاپ برچسب صندوق‌ها", kind="task", role=Role.PROVINCIAL_EXPERT, occasion_code="ramadan",
                     anchor="start", offset_days=-10)  # fmt: skip
    add_template_task(template, task, actor=headquarters)
    assert (
        clone_to_provinces(template.pk, year=1447, provinces=Province.objects.all(), actor=headquarters).made
        == 31
    )
    ramadan = Occasion.objects.get(code="ramadan", hijri_year=1447)
    first = from_jalali(1404, 11, 30)
    confirm_occasion(ramadan.pk, starts_on=first, ends_on=from_jalali(1404, 12, 29), source="اعلام رسمی",
                     actor=headquarters)  # fmt: skip
    own = with_due(RunbookTask.objects.filter(runbook__in=Runbook.objects.filter(province=TEHRAN))).get()
    assert (first - own.due_on).days == 10
    finish_task(own.pk, actor=person(Role.PROVINCIAL_EXPERT))

    # Boxes: printed, placed, sealed, collected, counted by two, deposited, seen at the bank.
    assert Branch.objects.filter(edition=season, state="open").count() == 31
    boxes, where, keeper = (
        [planned(edition=season, fund="fitriyeh_general") for _ in range(2)],
        office(),
        person(),
    )
    assert print_boxes(boxes, actor=keeper) == 2
    for box in boxes:
        place_box(box, actor=keeper)
        seal_box(box, seal_no="1", actor=keeper)
        collect_box(box, seal_no="1", actor=keeper)
    counts = [counted(box, where, 400_000).pk for box in boxes]
    deposit_boxes(where, counts, actor=keeper, bank="ملی", slip_number="0512", on=tehran_today())
    assert set(Box.objects.values_list("state", flat=True)) == {BoxState.DEPOSITED}
    account = bank("tehran", office=where)
    bring(account, line(800_000, "credit", reference="512"))
    assert set(Box.objects.values_list("state", flat=True)) == {BoxState.RECONCILED}
    assert balance(account.account) == 800_000

    # Gifts: by a box's code, to a province's branch, and to the edition from nowhere in particular.
    box = boxes[0]
    scan_and_give(box, toman="15000")
    receive(250_000, fund="fitriyeh_general", campaign="sofreh-1447", province="07")
    receive(90_000, fund="fitriyeh_general", campaign="sofreh-1447")
    fold_all()
    sheet = figures.sheet(None, "province", "channel", edition=season.pk)
    assert sheet.total_rial == 800_000 + 150_000 + 250_000 + 90_000
    assert sheet.row("province", TEHRAN).total_rial == 950_000
    assert figures.placement_totals([box.placement_id])[box.placement_id].total_rial == 150_000

    # Eid: closed, and the report says what the books say.
    close_edition(season.pk, actor=headquarters, text="با سپاس از همه")
    while outbox.drain() or outbox.drain(queue=Queue.LONG):
        continue
    report_edition(season.pk, actor=headquarters, text="۳۱ استان، از صندوق تا سفره")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT -sum(p.amount_rial) FROM ledger_posting p "
            "JOIN ledger_account a ON a.id = p.account_id AND a.type = 'income' "
            "JOIN ledger_dimension d ON d.id = p.dimension_id WHERE d.edition_id = %s",
            [season.pk],
        )
        booked = cursor.fetchone()[0]
    closing = ClosingFigures.objects.get(edition=season, branch=None)
    assert closing.total_rial == booked == 1_290_000
    assert ClosingFigures.objects.filter(edition=season).count() == 32
    assert {state for (state,) in Branch.objects.filter(edition=season).values_list("state")} == {"closed"}
    assert Campaign.objects.get(slug="sofreh-1447").editions.get().state == "reported"
    assert Fund.objects.get(code="fitriyeh_general").distribute_within_hours == 24
    assert [(check.name, check.findings) for check in run_checks() if not check.holds] == []

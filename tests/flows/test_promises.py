"""Promises told as stories: a memorandum from signature to last delivery, and a county's gap that closes."""

from __future__ import annotations

import pytest
from django.core import mail

from campaigns.services.needs import Item
from cases.enums import CaseState
from cases.models import Case
from core.invariants import run_checks
from core.jalali import format_short, tehran_today
from core.models import OutgoingSms
from core.outbox import drain
from dashboards.gaps import CASH, read_gaps
from dashboards.rollups import fold_all
from partnerships.enums import DeliveryForm, Measure
from partnerships.models import Agreement, Commitment
from partnerships.services.agreements import finish_agreement, split_item, start_agreement
from partnerships.services.deliveries import decide_delivery, tell_outcome
from partnerships.services.partners import add_contact
from partnerships.tasks import remind_of_promises
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.gifts import receive
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.promises import came, days, firm, item, promised, signed

pytestmark = pytest.mark.django_db


def holds() -> None:
    assert [finding for result in run_checks() for finding in result.findings] == []


def test_a_memorandum_from_signature_to_last_delivery_with_a_reminder(country):
    """Headquarters signs, a province details and receives; one instalment is late and is asked for."""
    hq, expert, manager = (
        person(Role.HQ_MANAGER),
        person(Role.PROVINCIAL_EXPERT, KHUZESTAN),
        person(Role.PROVINCIAL_MANAGER, KHUZESTAN),
    )
    expert.email = "expert@example.org"
    expert.save()
    partner = firm("", name="شرکت نمونه")
    add_contact(partner.pk, name="رابط", mobile="09121234567", wants_reminders=True, actor=hq)
    agreement = signed(
        partner,
        item("سری جهیزیه", 40),
        item("کمک نقدی مسکن", 3_000_000, measure=Measure.CASH, unit="", purpose="housing"),
        province="",
        actor=hq,
    )
    sets, money = agreement.items.all()
    start_agreement(agreement.pk, actor=hq)
    for line, share in ((sets, 40), (money, 3_000_000)):
        split_item(line.pk, {KHUZESTAN: share}, actor=hq)

    khuzestan = Scope(provinces=frozenset({KHUZESTAN}))
    with open_scope(khuzestan):
        place = {"province": KHUZESTAN, "county": "0601", "actor": expert}
        goods = promised(40, item=sets, plan=[(-3, 25), (20, 15)], **place)
        cash = promised(3_000_000, item=money, **place)

    # the first instalment is late: the expert is written to, the partner's contact too, and it is a case
    remind_of_promises()
    drain()
    assert [message.to for message in mail.outbox] == [["expert@example.org"]]
    assert OutgoingSms.objects.filter(purpose="promise_reminder").count() == 1
    case = Case.objects.get(kind="promise_late", state=CaseState.OPEN)
    assert (case.province_id, case.facts["due_on"]) == (KHUZESTAN, days(-3).isoformat())
    page = browser_of(expert).get("/desk/promises/?standing=late").content.decode()
    assert "شرکت نمونه" in page

    # it comes in two parts, each confirmed by somebody else; the case closes with the first
    with open_scope(khuzestan):
        decide_delivery(came(goods, 25, actor=expert).pk, approve=True, actor=manager)
    drain()
    case.refresh_from_db()
    assert (case.state, case.closed_by) == (CaseState.CLOSED, manager)
    gift = receive(3_000_000, province=KHUZESTAN, fund="housing")
    with open_scope(khuzestan):
        last = decide_delivery(came(goods, 15, actor=expert).pk, approve=True, actor=manager)
        paid = came(cash, form=DeliveryForm.MONEY, donation=gift, actor=expert)
        decide_delivery(paid.pk, approve=True, actor=manager)
        tell_outcome(last.pk, outcome="چهل زوج زندگی را آغاز کردند", actor=expert)
    assert set(Commitment.objects.values_list("state", flat=True)) == {"kept"}

    finish_agreement(agreement.pk, ending="همه رسید", actor=hq)
    assert Agreement.objects.get(pk=agreement.pk).state == "finished"
    assert remind_of_promises() == 0
    fold_all()
    holds()


def test_a_countys_gap_falls_when_a_promise_is_delivered(country):
    """Through the desk: the expert writes, the manager confirms, the map tells."""
    expert, manager = person(Role.PROVINCIAL_EXPERT), person(Role.PROVINCIAL_MANAGER)
    wanted = need("dowry", county_id=TEHRAN_COUNTY, goal_rial=None, items=(Item("اجاق گاز", 25, "دستگاه"),))
    partner = firm()
    place = (TEHRAN, TEHRAN_COUNTY)

    def gap() -> tuple[int, int]:
        gaps = read_gaps()
        line = gaps.line(next(kind for kind in gaps.kinds() if kind != CASH), place)
        return line.missing, line.gap

    assert gap() == (25, 25)
    browser = browser_of(expert)
    form = {
        "partner": partner.pk, "what": "اجاق گاز", "purpose": "dowry", "measure": "goods", "quantity": "۱۵",
        "unit": "دستگاه", "province": TEHRAN, "county": TEHRAN_COUNTY, "need": wanted.pk, "need_item": "اجاق گاز",
        "due_on": format_short(days(-1)),
    }  # fmt: skip
    answer = browser.post("/desk/promises/new/", form)
    assert answer.status_code == 303
    promise = Commitment.objects.get()
    assert gap() == (25, 25), "its day has passed: it fills nothing until it comes"

    address = answer.headers["Location"]
    record = {
        "act": "record", "record-form": "direct", "record-quantity": "۱۰", "record-evidence": "صورت‌جلسهٔ ۷",
        "record-delivered_on": format_short(tehran_today()),
    }  # fmt: skip
    assert browser.post(address, record).status_code == 303
    assert gap() == (25, 25), "one person's word is not enough"
    delivery = promise.deliveries.get()
    decision = {"act": f"decide-{delivery.pk}", f"decide-{delivery.pk}-decision": "yes"}
    browser.post(address, decision)
    delivery.refresh_from_db()
    assert delivery.state == "waiting", "the one who wrote it cannot confirm it"
    assert browser_of(manager).post(address, decision).status_code == 303
    assert gap() == (15, 15)
    page = browser_of(manager).get(f"/desk/map/{TEHRAN_COUNTY}/").content.decode()
    assert "۱۵ دستگاه" in page
    holds()

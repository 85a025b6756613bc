"""The register: one for firms, memoranda and events; planned, put off, reminded of, never promised twice."""

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction

from campaigns.need_progress import progress_of
from campaigns.services.needs import Item
from core.models import OutboxMessage, OutgoingSms
from core.outbox import drain
from partnerships.enums import CommitmentState, Measure
from partnerships.models import Commitment, Instalment, PromiseReminder
from partnerships.promise_selectors import count_standings, find_promises, goods_on_promise, plan_of
from partnerships.services.partners import add_contact
from partnerships.services.promises import (
    Part,
    PromiseFacts,
    change_promise,
    follow_promise,
    plan_instalments,
    promise_at_event,
)
from partnerships.services.reminders import remind_of_promises, tell_contacts, tell_staff
from provinces.scoping import Scope, open_scope
from tests.factories.events import announced_event
from tests.factories.needs import need
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY
from tests.factories.promises import days, firm, item, kept, promised, signed
from tests.partnerships.conftest import refusal

pytestmark = pytest.mark.django_db


def subjects(task: str) -> list[str]:
    return [m.payload["subject"] for m in OutboxMessage.objects.filter(task=task).order_by("pk")]


class TestEvents:
    """What guests promise stands in the same register, in words until somebody counts it."""

    def test_a_late_promise_is_asked_about_and_settled(self, country, expert):
        event = announced_event(actor=expert)
        promise = promise_at_event(event, who="فرماندار", what="یخچال", due_on=days(-1), actor=expert)
        promise_at_event(event, who="شهردار", what="اتوبوس", due_on=days(9), actor=expert)
        assert remind_of_promises() == 1
        [subject] = subjects("cases.open_case")
        assert refusal(lambda: follow_promise(promise.pk, note="", actor=expert)) == "reason_required"
        follow_promise(promise.pk, note="هفتهٔ آینده", due_on=days(7), actor=expert)
        assert subjects("cases.close_settled") == [subject, f"{subject}:hq"]
        assert remind_of_promises() == 0
        follow_promise(promise.pk, note="رسید", state=CommitmentState.KEPT, actor=expert)
        assert refusal(lambda: follow_promise(promise.pk, note="x", actor=expert)) == "promise_is_settled"

    def test_words_can_be_counted_later_and_stay_with_their_event(self, country, expert):
        event = announced_event(actor=expert)
        promise = promise_at_event(event, who="مدیر کارخانه", what="ده سری", due_on=days(5), actor=expert)
        partner = firm()
        facts = PromiseFacts(
            "ده سری", days(9), measure=Measure.GOODS, quantity=10, unit="سری", partner=partner
        )
        changed = change_promise(promise.pk, facts, actor=expert)
        assert (changed.event, changed.partner, changed.province) == (event, partner, event.province)
        assert [line.quantity for line in plan_of(changed)] == [10]
        work = lambda: follow_promise(promise.pk, note="رسید", state=CommitmentState.KEPT, actor=expert)  # noqa: E731
        assert refusal(work) == "keep_by_delivery"

    def test_a_promise_given_up_says_why_in_the_database_too(self, country, expert):
        promise = promised(actor=expert)
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.filter(pk=promise.pk).update(state="dropped", note="")


class TestPlan:
    def test_instalments_are_the_promise_and_what_came_meets_the_first(self, country, expert):
        promise = promised(100, plan=[(-40, 30), (-1, 30), (20, 40)], actor=expert)
        kept(promise, 45)
        promise.refresh_from_db()
        assert [(line.came, line.is_late) for line in plan_of(promise)] == [
            (30, False),
            (15, True),
            (0, False),
        ]
        assert find_promises(standing="late").get().next_due == days(-1)
        wrong = [Part(days(1), 60), Part(days(2), 39)]
        assert refusal(lambda: plan_instalments(promise.pk, wrong, actor=expert)) == "plan_differs"
        twice = [Part(days(1), 50), Part(days(1), 50)]
        assert refusal(lambda: plan_instalments(promise.pk, twice, actor=expert)) == "bad_plan"
        plan_instalments(promise.pk, [Part(days(30), 100)], actor=expert)
        assert not find_promises(standing="late").exists()

    def test_putting_off_moves_what_is_due_next_and_nothing_else(self, country, expert):
        promise = promised(30, plan=[(-5, 10), (20, 20)], actor=expert)
        work = lambda day: lambda: follow_promise(promise.pk, note="x", due_on=day, actor=expert)  # noqa: E731
        assert refusal(work(days(20))) == "day_is_taken"
        assert refusal(work(days(-1))) == "day_has_passed"
        work(days(25))()
        rows = Instalment.objects.filter(commitment=promise).order_by("due_on")
        assert [(row.due_on, row.quantity, row.reaches) for row in rows] == [
            (days(20), 20, 20),
            (days(25), 10, 30),
        ]


class TestReminders:
    def test_near_late_and_headquarters_each_once(self, country, expert, settings):
        expert.email = "expert@example.org"
        expert.save()
        partner = firm()
        add_contact(partner.pk, name="رابط", mobile="09121234567", wants_reminders=True, actor=expert)
        add_contact(partner.pk, name="دیگری", email="x@example.org", wants_reminders=True, actor=expert)
        add_contact(partner.pk, name="نمی‌خواهد", mobile="09121234568", actor=expert)
        promise = promised(30, partner=partner, plan=[(2, 10), (-2, 10), (-20, 10)], actor=expert)
        assert remind_of_promises() == 4
        assert remind_of_promises() == 0, "once a stage and day"
        assert subjects("cases.open_case") == [
            f"promise:{promise.pk}:{days(-20)}",
            f"promise:{promise.pk}:{days(-20)}:hq",
            f"promise:{promise.pk}:{days(-2)}",
        ]
        places = [m.payload["province"] for m in OutboxMessage.objects.filter(task="cases.open_case")]
        assert sorted(places) == ["", TEHRAN, TEHRAN], "headquarters' own has no province"
        assert not mail.outbox, "nothing leaves before the commit"
        drain()
        assert [m.to for m in mail.outbox].count(["expert@example.org"]) == 4
        assert [m.to for m in mail.outbox].count(["x@example.org"]) == 3, (
            "none of what went on to headquarters"
        )
        assert OutgoingSms.objects.filter(purpose="promise_reminder").count() == 3
        assert not OutboxMessage.objects.filter(task__startswith="partnerships.").exists()

    def test_what_came_meanwhile_is_not_asked_for(self, country, expert):
        expert.email = "expert@example.org"
        expert.save()
        promise = promised(10, plan=[(-2, 10)], actor=expert)
        remind_of_promises()
        kept(promise)
        reminder = PromiseReminder.objects.get()
        assert (tell_staff(reminder.pk), tell_contacts(reminder.pk)) == (False, 0)
        assert not mail.outbox
        assert subjects("cases.close_settled") == [
            f"promise:{promise.pk}:{days(-2)}",
            f"promise:{promise.pk}:{days(-2)}:hq",
        ]


class TestBounds:
    def test_promises_of_an_item_are_never_more_than_it(self, country, expert):
        line = signed(None, item(target=100)).items.get()
        first = promised(60, item=line)
        assert first.unit == line.unit
        assert refusal(lambda: promised(41, item=line)) == "promised_more_than_item"
        follow_promise(first.pk, note="نمی‌آید", state=CommitmentState.DROPPED, actor=expert)
        promised(100, item=line)
        with pytest.raises(DatabaseError), transaction.atomic():
            Commitment.objects.filter(pk=first.pk).update(state="open")

    def test_a_memorandum_that_is_over_takes_no_promise(self, country, expert):
        line = signed().items.get()
        line.agreement.state = "ended"
        assert refusal(lambda: promised(1, item=line)) == "agreement_is_over"

    def test_another_place_or_another_provinces_partner_is_refused(self, country, expert):
        theirs = firm(KHUZESTAN)
        with open_scope(Scope(provinces=frozenset({TEHRAN}))):
            assert refusal(lambda: promised(province=KHUZESTAN, who="کسی")) == "not_found"
            assert refusal(lambda: promised(partner=theirs)) == "not_found"
            assert refusal(lambda: promised(province=None, who="کسی")) == "not_found"
        with open_scope(Scope(counties=frozenset({TEHRAN_COUNTY}))):
            assert refusal(lambda: promised(county="2302", who="کسی")) == "not_found"
            promised(county=TEHRAN_COUNTY, who="کسی")

    def test_what_came_is_changed_by_deliveries_alone(self, country, expert):
        promise = promised()
        with pytest.raises(DatabaseError), transaction.atomic():
            Commitment.objects.filter(pk=promise.pk).update(delivered=10)
        with pytest.raises(DatabaseError), transaction.atomic():
            Commitment.objects.filter(pk=promise.pk).update(state="kept")
        with pytest.raises(DatabaseError), transaction.atomic():
            Commitment.objects.filter(pk=promise.pk).delete()


class TestNeeds:
    def test_a_promise_to_a_need_is_shown_as_promised_and_as_met_once_it_came(self, country, expert):
        wanted = need("dowry", items=(Item("اجاق گاز", 25, "دستگاه"),), goal_rial=None)
        line = wanted.wanted_items.get()
        facts = {"what": "اجاق گاز", "unit": "دستگاه", "need": wanted, "need_item": line}
        promise = promised(20, **facts)
        assert (promise.purpose, promise.province_id) == ("dowry", TEHRAN)
        shown = lambda: progress_of([wanted])[wanted.pk].items[0]  # noqa: E731
        assert (shown().met, shown().promised) == (0, 20)
        kept(promise, 15)
        assert (shown().met, shown().promised) == (15, 5)
        assert refusal(lambda: promised(1, **facts | {"province": KHUZESTAN})) == "need_elsewhere"

    def test_kilograms_are_promised_for_no_item_that_is_counted_in_bags(self, country, expert):
        wanted = need("livelihood", items=(Item("برنج", 40, "کیسه"),), goal_rial=None)
        facts = {"what": "برنج", "need": wanted, "need_item": wanted.wanted_items.get()}
        assert refusal(lambda: promised(400, unit="کیلوگرم", **facts)) == "need_item_other_unit"
        promised(40, unit="كيسه", **facts)
        assert progress_of([wanted])[wanted.pk].items[0].promised == 40

    def test_money_promised_to_a_need_funds_nothing(self, country, expert):
        wanted = need(goal_rial=1_000_000)
        promised(1_000_000, need=wanted, measure=Measure.CASH, unit="", what="پول")
        progress = progress_of([wanted])[wanted.pk]
        assert (progress.promised_rial, progress.received_rial, progress.is_reached) == (1_000_000, 0, False)


def test_the_list_costs_the_same_with_one_and_many(country, expert, django_assert_num_queries):
    for count, late in ((1, 1), (5, 6)):
        for _ in range(count):
            promised(plan=[(-1, 10)])
        with django_assert_num_queries(2):
            assert len([(row.whose, row.next_due) for row in find_promises()]) == late
            assert count_standings() == {"late": late, "soon": 0, "waiting": 0}


def test_whoever_plans_kits_finds_goods_on_promise_by_words_and_unit(country, expert):
    promise = promised(20, what="اجاق گاز پنج شعله", unit="دستگاه")
    kept(promise, 5)
    promised(7, what="یخچال", unit="دستگاه")
    [free] = goods_on_promise(province=TEHRAN, words="اجاق گاز")
    assert (free.commitment, free.quantity, free.due_on) == (promise, 15, days(30))
    assert goods_on_promise(province=KHUZESTAN) == []

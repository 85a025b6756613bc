"""A box on its way: each step by somebody, along the table, with a permit; the database agrees."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.box_states import MOVES
from campaigns.enums import BoxState
from campaigns.models import Box, BoxEvent
from campaigns.services.box_life import (
    Permit,
    Spot,
    collect_box,
    describe_box,
    move_boxes,
    place_box,
    place_boxes,
    print_boxes,
    replace_seal,
    report_trouble,
    seal_box,
    write_permits,
)
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, OutboxMessage
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, person

pytestmark = pytest.mark.django_db
AZADI = Spot(Decimal("35.699722"), Decimal("51.338056"))


@pytest.fixture
def box(make_boxes, country) -> Box:
    [box] = make_boxes(1, permit_no="۱۲۴/ز", permit_valid_until=tehran_today())
    return box


def refusal(work) -> str:
    with pytest.raises(DomainError) as refused:
        work()
    return refused.value.code


def cases() -> list[dict]:
    return [m.payload for m in OutboxMessage.objects.filter(task="cases.open_case").order_by("pk")]


def test_the_database_knows_the_same_moves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT from_state, to_state FROM campaigns_boxmove")
        enforced = set(cursor.fetchall())
    assert enforced == {(str(before), str(after)) for before, afters in MOVES.items() for after in afters}
    assert set(MOVES) == set(BoxState)


def test_every_step_is_written_down_with_who_where_and_what(box, manager):
    print_boxes([box], actor=manager)
    place_box(box, actor=manager, spot=AZADI, address="میدان آزادی", note="کنار در")
    seal_box(box, seal_no="م-۱۲", actor=manager)
    taken = collect_box(box, seal_no="م-12", actor=manager)
    assert (taken.state, taken.address, taken.seal_no) == ("collected", "میدان آزادی", "م-12")
    steps = list(BoxEvent.objects.order_by("pk").values_list("from_state", "to_state", "actor", "seal_no"))
    assert steps == [
        ("planned", "printed", manager.pk, ""),
        ("printed", "placed", manager.pk, ""),
        ("placed", "sealed", manager.pk, "م-12"),
        ("sealed", "collected", manager.pk, "م-12"),
    ]
    placed = BoxEvent.objects.get(to_state="placed")
    assert (placed.latitude, placed.longitude, placed.note) == (AZADI.latitude, AZADI.longitude, "کنار در")
    actions = AuditEntry.objects.filter(action__startswith="box.", actor=manager).values_list(
        "action", flat=True
    )
    assert list(actions) == ["box.add", "box.printed", "box.placed", "box.sealed", "box.collected"]
    assert cases() == [], "the seal that was read is the one written down"


def test_repeating_a_step_changes_nothing(box, manager):
    for _ in range(2):
        place_box(box, actor=manager, spot=AZADI)
    assert BoxEvent.objects.count() == 1


@pytest.mark.parametrize("step", ["seal", "collect", "lose"])
def test_a_step_that_the_table_lacks_is_refused(box, manager, step):
    work = {
        "seal": lambda: seal_box(box, seal_no="1", actor=manager),
        "collect": lambda: collect_box(box, seal_no="1", actor=manager),
        "lose": lambda: report_trouble(box, what=BoxState.LOST, actor=manager, reason="نیست"),
    }[step]
    assert refusal(work) == "box_move_refused"
    assert not BoxEvent.objects.exists()


class TestTheDatabase:
    """Were a service to forget: the same rules, by hand."""

    def refused(self, **change) -> bool:
        with pytest.raises(IntegrityError), transaction.atomic():
            Box.objects.update(**change)
        return True

    def test_no_step_beside_the_table_and_none_by_nobody(self, box, manager):
        assert self.refused(state="sealed", seal_no="1", moved_by=manager)
        assert self.refused(state="printed", moved_by=None)

    @pytest.mark.parametrize("late", [True, False], ids=["expired", "none"])
    def test_no_box_stands_without_a_permit_that_is_valid_today(self, box, manager, late):
        day = tehran_today() - timedelta(days=1) if late else None
        Box.objects.update(permit_no="۱" if late else "", permit_valid_until=day)
        assert self.refused(state="placed", moved_by=manager)

    def test_number_and_round_stay(self, box):
        assert self.refused(number=99)
        assert self.refused(round=2)

    def test_a_sealed_box_has_a_seal_and_a_point_is_whole(self, box, manager):
        place_box(box, actor=manager)
        assert self.refused(state="sealed", moved_by=manager)
        assert self.refused(latitude=Decimal(35))

    def test_a_box_begins_as_planned(self, box, make_boxes):
        with pytest.raises(IntegrityError), transaction.atomic():
            Box.objects.create(number=9, province_id=TEHRAN, placement=box.placement, state="collected")

    def test_steps_are_never_changed(self, box, manager):
        place_box(box, actor=manager)
        for work in (lambda: BoxEvent.objects.update(note="x"), lambda: BoxEvent.objects.all().delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                work()


def test_a_permit_that_ended_yesterday_is_none(make_boxes, manager, country):
    [late] = make_boxes(1, permit_no="۱", permit_valid_until=tehran_today() - timedelta(days=1))
    assert refusal(lambda: place_box(late, actor=manager)) == "permit_missing"


@pytest.mark.parametrize("spot", [Spot(Decimal(51), Decimal(35)), Spot(Decimal(35), Decimal(10))])
def test_a_point_outside_iran_is_refused(box, manager, spot):
    assert refusal(lambda: place_box(box, actor=manager, spot=spot)) == "bad_coordinates"
    assert Box.objects.get().state == BoxState.PLANNED


class TestTrouble:
    @pytest.fixture
    def sealed(self, box, manager) -> Box:
        place_box(box, actor=manager)
        return seal_box(box, seal_no="م-1", actor=manager)

    def test_another_seal_needs_a_reason_and_opens_a_case(self, sealed, manager):
        assert (
            refusal(lambda: replace_seal(sealed, seal_no="م-2", actor=manager, reason=" "))
            == "reason_required"
        )
        assert refusal(lambda: replace_seal(sealed, seal_no="م-1", actor=manager, reason="x")) == "same_seal"
        replace_seal(sealed, seal_no="م-2", actor=manager, reason="شکسته بود")
        event = BoxEvent.objects.first()
        assert (event.from_state, event.to_state, event.seal_no) == ("sealed", "sealed", "م-2")
        [case] = cases()
        assert (case["kind"], case["trouble"], case["old_seal"], case["new_seal"]) == (
            "box_trouble", "seal_replaced", "م-1", "م-2",
        )  # fmt: skip

    def test_a_seal_that_differs_at_collecting_opens_a_case_and_the_box_is_taken_in(self, sealed, manager):
        assert collect_box(sealed, seal_no="م-9", actor=manager).state == BoxState.COLLECTED
        assert [case["trouble"] for case in cases()] == ["seal_differs"]

    def test_lost_and_found(self, sealed, manager):
        report_trouble(sealed, what=BoxState.LOST, actor=manager, reason="در محل نبود")
        assert [case["trouble"] for case in cases()] == ["lost"]
        assert collect_box(sealed, seal_no="م-1", actor=manager).state == BoxState.COLLECTED
        assert len(cases()) == 1

    def test_each_trouble_has_a_case_of_its_own(self, sealed, manager):
        replace_seal(sealed, seal_no="م-2", actor=manager, reason="شکسته بود")
        replace_seal(sealed, seal_no="م-3", actor=manager, reason="باز هم شکسته بود")
        assert len({case["subject"] for case in cases()}) == 2

    def test_without_a_reason_nothing_is_lost(self, sealed, manager):
        lose = lambda: report_trouble(sealed, what=BoxState.LOST, actor=manager, reason="")  # noqa: E731
        assert refusal(lose) == "reason_required"


class TestPermits:
    def test_many_at_once_all_or_none(self, make_boxes, manager, country, tehran):
        make_boxes(3)
        until = tehran_today() + timedelta(days=30)
        assert (
            refusal(
                lambda: write_permits(
                    tehran, [Permit(1, "۱/ز", until), Permit(77, "۲/ز", until)], actor=manager
                )
            )
            == "unknown_box"
        )
        assert not Box.objects.exclude(permit_no="").exists()
        permits = [Permit(1, "۱/ز", until), Permit(3, "۳/ز", until)]
        assert write_permits(tehran, permits, actor=manager) == 2
        assert write_permits(tehran, permits, actor=manager) == 0
        assert list(Box.objects.order_by("number").values_list("permit_no", flat=True)) == ["۱/ز", "", "۳/ز"]

    def test_a_standing_box_keeps_a_permit(self, box, manager):
        place_box(box, actor=manager)
        facts = {"address": "", "spot": None, "custodian_name": "", "custodian_mobile": ""}
        describe = lambda: describe_box(  # noqa: E731
            box, **facts, permit_no="", permit_valid_until=None, actor=manager
        )
        assert refusal(describe) == "permit_missing"


def test_the_custodians_mobile_is_encrypted_and_not_in_the_audit(box, manager):
    describe_box(
        box, address="مسجد", spot=AZADI, custodian_name="متولی", custodian_mobile="+989121234567",
        permit_no="۱۲۴/ز", permit_valid_until=tehran_today(), actor=manager,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT custodian_mobile FROM campaigns_box")
        [stored] = cursor.fetchone()
    assert "9121234567" not in stored
    entry = AuditEntry.objects.get(action="box.describe")
    assert "custodian_mobile" in entry.data["changed"]
    assert "9121234567" not in str(entry.data)
    assert Box.objects.get().custodian_mobile == "+989121234567"


def test_another_provinces_box_is_not_found(box):
    stranger = person(Role.PROVINCIAL_EXPERT, KHUZESTAN)
    with open_scope(Scope(provinces=frozenset({KHUZESTAN}))):
        for work in (
            lambda: place_boxes([box], actor=stranger),
            lambda: move_boxes([box], BoxState.PRINTED, actor=stranger),
            lambda: replace_seal(box, seal_no="1", actor=stranger, reason="x"),
        ):
            assert refusal(work) == "not_found"

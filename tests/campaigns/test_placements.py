"""Codes and boxes: random, counted by province, within one's scope, and never without a trail."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from campaigns.enums import BoxState, PlacementKind
from campaigns.models import Box, Edition, Fund, Placement
from campaigns.selectors import find_placement
from campaigns.services import placements
from campaigns.services.box_life import place_boxes
from campaigns.services.placements import (
    create_box,
    create_boxes,
    create_placement,
    replace_placement,
    revoke_placement,
)
from core.codes import new_placement_code, parse_placement_code
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import AuditEntry, User
from provinces.models import County, Province
from provinces.scoping import Scope, all_provinces, open_scope
from tests.factories.people import KHUZESTAN, TEHRAN, TEHRAN_COUNTY

TODAY = tehran_today()


def in_tehran():
    return open_scope(Scope(provinces=frozenset({TEHRAN})))


def in_the_county():
    return open_scope(Scope(counties=frozenset({TEHRAN_COUNTY})))


def test_a_box_has_a_code_of_its_own_and_the_next_number(tehran, manager, country):
    first = create_box(province=tehran, actor=manager)
    second = create_box(province=tehran, actor=manager)
    assert (first.number, second.number) == (1, 2)
    assert first.placement.code != second.placement.code
    assert parse_placement_code(first.placement.code) == first.placement.code
    assert (first.placement.kind, first.placement.title) == (PlacementKind.BOX, "صندوق فطریه ۱")
    assert first.placement.created_by == manager
    assert [(e.action, e.actor, e.province_code) for e in AuditEntry.objects.order_by("pk")] == [
        ("placement.add", manager, TEHRAN),
        ("box.add", manager, TEHRAN),
    ] * 2


def test_numbers_start_anew_in_each_province(make_boxes, country):
    assert [b.number for b in make_boxes(3)] == [1, 2, 3]
    assert [b.number for b in make_boxes(2, KHUZESTAN)] == [1, 2]
    assert [b.number for b in make_boxes(2, number=50)] == [50, 51]
    assert [b.number for b in make_boxes(1)] == [52]


def test_a_number_that_is_taken_is_refused_and_nothing_is_made(make_boxes, country):
    make_boxes(1, number=7)
    with pytest.raises(DomainError, match="box_number_taken"):
        make_boxes(3, number=6)
    assert [b.number for b in Box.objects.all()] == [7]
    assert Placement.objects.filter(box=None).count() == 0


@pytest.mark.parametrize("count", [0, -1, 501])
def test_not_more_boxes_at_once_than_one_can_print(count, make_boxes, country):
    with pytest.raises(DomainError, match="bad_count"):
        make_boxes(count)


def test_the_branch_follows_from_campaign_and_province(tehran, manager, country):
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", state="open")
    fund = Fund.objects.get(code="fitriyeh_general")
    placement = create_box(province=tehran, edition=edition, fund=fund, actor=manager).placement
    assert (placement.branch.edition, placement.branch.province) == (edition, tehran)
    national = create_placement(kind=PlacementKind.POSTER, title="پوستر مترو", edition=edition, actor=manager)
    assert national.branch is None


def test_another_code_is_drawn_when_one_exists(tehran, manager, monkeypatch, country):
    taken = create_box(province=tehran, actor=manager).placement.code
    draws = iter([taken, taken, new_placement_code()])
    monkeypatch.setattr(placements, "new_placement_code", lambda: next(draws))
    assert create_box(province=tehran, actor=manager).placement.code != taken


def test_a_code_taken_in_another_province_is_seen_as_taken(make_boxes, tehran, manager, monkeypatch):
    [there] = make_boxes(1, KHUZESTAN)
    draws = iter([there.placement.code, new_placement_code()])
    monkeypatch.setattr(placements, "new_placement_code", lambda: next(draws))
    with in_tehran():
        assert create_box(province=tehran, actor=manager).placement.code != there.placement.code


def test_it_gives_up_when_no_code_is_free(tehran, manager, monkeypatch, country):
    taken = create_box(province=tehran, actor=manager).placement.code
    monkeypatch.setattr(placements, "new_placement_code", lambda: taken)
    with pytest.raises(DomainError, match="no_free_code"):
        create_box(province=tehran, actor=manager)
    assert Box.objects.count() == 1


def test_nobody_makes_boxes_in_another_province(tehran, manager):
    khuzestan = Province.objects.get(code=KHUZESTAN)
    with in_tehran():
        with pytest.raises(DomainError, match="not_found"):
            create_box(province=khuzestan, actor=manager)
        with pytest.raises(DomainError, match="not_found"):
            create_placement(kind=PlacementKind.POSTER, title="پوستر", actor=manager)
        create_box(province=tehran, actor=manager)


def test_a_county_makes_boxes_in_the_county_only_and_numbers_are_the_provinces(tehran, manager, make_boxes):
    make_boxes(2)
    county = County.objects.get(code=TEHRAN_COUNTY)
    other = County.objects.filter(province=tehran).exclude(code=TEHRAN_COUNTY).first()
    with in_the_county():
        assert create_box(province=tehran, county=county, actor=manager).number == 3
        for place in ({"county": other}, {}):
            with pytest.raises(DomainError, match="not_found"):
                create_box(province=tehran, actor=manager, **place)


def test_a_county_must_lie_in_the_province(tehran, manager, country):
    elsewhere = County.objects.filter(province=KHUZESTAN).first()
    with pytest.raises(DomainError, match="unknown_county"):
        create_box(province=tehran, county=elsewhere, actor=manager)


def test_a_code_needs_a_title(manager, country):
    with pytest.raises(DomainError, match="title_required"):
        create_placement(kind=PlacementKind.POSTER, title=" \u200c ", actor=manager)


@pytest.mark.parametrize(("permit_no", "valid_for"), [("", None), ("", 10), ("۱۲۴/ز", None), ("۱۲۴/ز", -1)])
def test_a_box_stands_only_with_a_permit_that_is_valid(permit_no, valid_for, make_boxes, manager, country):
    until = TODAY + timedelta(days=valid_for) if valid_for is not None else None
    good = make_boxes(1, permit_no="۱۲۴/ز", permit_valid_until=TODAY)
    bad = make_boxes(1, permit_no=permit_no, permit_valid_until=until)
    with pytest.raises(DomainError, match="permit_missing") as error:
        place_boxes(good + bad, actor=manager)
    assert error.value.data["number"] == bad[0].number
    assert not Box.objects.filter(state=BoxState.PLACED).exists(), "all or none"
    assert place_boxes(good, actor=manager) == 1
    assert place_boxes(good, actor=manager) == 0
    assert AuditEntry.objects.filter(action="box.placed").count() == 1


def test_a_replaced_code_leads_to_its_successor_and_the_box_goes_along(make_boxes, manager, country):
    [box] = make_boxes(1)
    old = box.placement
    new = replace_placement(old, actor=manager, reason="پاره شد")
    box.refresh_from_db()
    assert box.placement == new
    assert find_placement(old.code) == new
    assert (new.title, new.province_id, new.fund_id) == (old.title, old.province_id, old.fund_id)
    entry = AuditEntry.objects.get(action="placement.replace")
    assert (entry.reason, entry.data["replaced_by"]) == ("پاره شد", new.pk)
    with pytest.raises(DomainError, match="already_replaced"):
        replace_placement(old, actor=manager, reason="باز هم")


def test_a_revoked_code_is_not_known_any_more(make_boxes, manager, country):
    [box] = make_boxes(1)
    revoke_placement(box.placement, actor=manager, reason="جعل شده بود")
    revoke_placement(box.placement, actor=manager, reason="جعل شده بود")
    with pytest.raises(DomainError, match="unknown_placement"):
        find_placement(box.placement.code)
    with pytest.raises(DomainError, match="placement_revoked"):
        replace_placement(Placement.objects.get(pk=box.placement_id), actor=manager, reason="دیر شد")
    assert AuditEntry.objects.filter(action="placement.revoke").count() == 1


@pytest.mark.parametrize("service", [replace_placement, revoke_placement])
def test_what_cannot_be_undone_needs_a_reason_and_the_scope(service, make_boxes, manager):
    [box] = make_boxes(1, KHUZESTAN)
    with all_provinces("test"), pytest.raises(DomainError, match="reason_required"):
        service(box.placement, actor=manager, reason="  ")
    with in_tehran(), pytest.raises(DomainError, match="not_found"):
        service(box.placement, actor=manager, reason="دلیل")
    with all_provinces("test"):
        assert Placement.objects.get(pk=box.placement_id).is_active


def test_boxes_made_at_the_same_time_get_different_numbers(live_db):
    """Real threads on PostgreSQL: nobody meets the unique constraint."""
    actor = User.objects.create_user("somebody")
    together, numbers, errors = threading.Barrier(4, timeout=20), [], []

    def make():
        try:
            with all_provinces("test"):
                together.wait()
                made = create_boxes(5, province=Province.objects.get(code=TEHRAN), actor=actor)
                numbers.extend(box.number for box in made)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(numbers) == list(range(1, 21))

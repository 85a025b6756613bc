"""Thousands of codes at once: in steps that survive a death, each code once, printed and scannable."""

import pytest
from django.test import Client

from campaigns.enums import PlacementKind, StickerFormat
from campaigns.models import CodeBatch, Placement, StickerJob
from campaigns.services import code_batches
from campaigns.services.code_batches import make_codes, request_codes
from campaigns.services.placements import replace_placement, revoke_placement
from campaigns.services.scans import fold_scans
from core import outbox
from core.errors import DomainError
from core.models import OutboxMessage, Queue
from dashboards import figures
from dashboards.rollups import fold_all
from provinces.enums import Role
from provinces.models import Province
from provinces.scoping import Scope, open_scope
from tests.factories.gifts import receive
from tests.factories.people import ILAM, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


def ask(count: int = 5, **more) -> CodeBatch:
    facts = {
        "kind": PlacementKind.POSTER,
        "title": "پوستر مترو",
        "count": count,
        "size": StickerFormat.SMALL,
        "province": Province.objects.get(code=TEHRAN),
        "actor": person(Role.PROVINCIAL_EXPERT),
    }
    return request_codes(**facts | more)


def work() -> None:
    while outbox.drain(queue=Queue.LONG):
        continue


def test_codes_and_sheets_come_step_by_step(monkeypatch, media):
    monkeypatch.setattr(code_batches, "AT_ONCE", 20)
    batch = ask(50)
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.made, batch.percent) == (CodeBatch.State.READY, 50, 100)
    titles = set(batch.placements.values_list("title", flat=True))
    assert len(titles) == 50
    assert "پوستر مترو ۵۰" in titles
    assert list(batch.sheets.order_by("pk").values_list("state", "pages")) == [("ready", 1)] * 3
    assert sum(sheet.placements.count() for sheet in batch.sheets.all()) == 50
    assert not OutboxMessage.objects.exists()


def test_a_step_that_is_repeated_makes_nothing_twice(monkeypatch, media):
    monkeypatch.setattr(code_batches, "AT_ONCE", 2)
    batch = ask(5)
    make_codes(batch.pk)
    for _ in range(4):
        make_codes(batch.pk)
    work()
    assert Placement.objects.filter(batch=batch).count() == 5
    assert StickerJob.objects.filter(batch=batch).count() == 3


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"count": 0}, "too_many_codes"),
        ({"count": 20_001}, "too_many_codes"),
        ({"title": " "}, "title_required"),
        ({"kind": PlacementKind.BOX}, "boxes_elsewhere"),
    ],
)
def test_what_is_refused_promises_nothing(wrong, code):
    with pytest.raises(DomainError) as error:
        ask(**wrong)
    assert error.value.code == code
    assert not CodeBatch.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_nobody_makes_codes_for_another_province():
    with open_scope(Scope(provinces=frozenset({ILAM}))), pytest.raises(DomainError) as error:
        ask(province=Province(code=TEHRAN))
    assert error.value.code == "not_found"


def test_a_clerk_makes_them_and_sees_what_each_brought(media):
    clerk = browser_of(person(Role.PROVINCIAL_EXPERT))
    answer = clerk.post("/desk/codes/", {
        "kind": "poster", "title": "پوستر", "count": "۱۲", "size": "card", "province": TEHRAN,
    })  # fmt: skip
    batch = CodeBatch.objects.get()
    assert answer.url == f"/desk/codes/batches/{batch.pk}/"
    assert "خود تازه می‌شود" in clerk.get(answer.url).content.decode()
    work()
    page = clerk.get(answer.url).content.decode()
    assert "۱۲" in page
    assert f"/desk/stickers/{batch.sheets.get().pk}/" in page

    placement = batch.placements.first()
    Client().get(f"/q/{placement.code}/")
    Client().get(f"/q/{placement.code}/")
    fold_scans()
    receive(300_000, placement=placement.code)
    fold_all()
    [hour] = figures.placement_hours(placement.pk)
    assert (hour.scans, hour.count, hour.total_rial) == (2, 1, 300_000)
    assert "۳۰٬۰۰۰ تومان" in clerk.get(f"/desk/codes/{placement.code}/").content.decode()


def test_a_replaced_code_leads_on_and_a_revoked_one_somewhere_sensible(media):
    batch = ask(2)
    work()
    old, lost = batch.placements.order_by("pk")
    new = replace_placement(old, actor=batch.asked_by, reason="فرسوده")
    assert new.code in Client().get(f"/q/{old.code}/", follow=True).content.decode()
    revoke_placement(lost, actor=batch.asked_by, reason="گم شد")
    answer = Client().get(f"/q/{lost.code}/")
    assert answer.status_code == 404
    assert 'dir="rtl"' in answer.content.decode()
    assert "/give/" in answer.content.decode()


def test_codes_are_added_up_by_place_and_hour_within_the_scope(media):
    def placed(province: str, kind: str = "poster"):
        return ask(1, province=Province.objects.get(code=province), kind=kind)

    for province in (TEHRAN, TEHRAN, ILAM):
        placed(province)
    work()
    here = Placement.objects.filter(batch__isnull=False, province=TEHRAN).order_by("pk").first()
    there = Placement.objects.get(batch__isnull=False, province=ILAM)
    for _ in range(3):
        Client().get(f"/q/{here.code}/")
    fold_scans()
    Client().get(f"/q/{there.code}/")  # not folded, and counted all the same
    receive(300_000, placement=here.code)
    receive(200_000, placement=there.code)
    fold_all()
    before = {p.province: (p.scans, p.count, p.total_rial) for p in figures.codes_by_place(kind="poster")}
    assert (before[TEHRAN], before[ILAM]) == ((3, 1, 300_000), (1, 1, 200_000))
    assert sum(hour.scans for hour in figures.codes_by_hour(kind="poster", province=TEHRAN)) == 3
    country = browser_of(person(Role.HQ_MANAGER)).get("/desk/codes/places/?kind=poster").content.decode()
    assert "ایلام" in country
    assert "province=16" in country
    own = browser_of(person(Role.PROVINCIAL_EXPERT)).get("/desk/codes/places/").content.decode()
    assert "۳۰٬۰۰۰ تومان" in own
    assert "ایلام" not in own
    text = browser_of(person(Role.HQ_MANAGER)).get("/desk/codes/places/?file=csv&kind=poster")
    assert "300000" in text.content.decode("utf-8-sig")

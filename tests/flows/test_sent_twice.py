"""A form that is sent twice, as a second tap does where no script holds it back, is one act."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from aid.models import Allocation, Delivery, KitBatch, StockLoss
from campaigns.models import Box, CodeBatch, Event, Need, Placement, StickerJob
from core.http import SeeOther
from core.jalali import format_short, tehran_today
from core.models import SentForm
from core.once import KEEP, forget_sent_forms, once
from partnerships.models import Commitment
from provinces.enums import Role
from tests.aid.test_desk import delivery_form
from tests.campaigns.test_desk_needs import filled
from tests.factories.aid import allocated
from tests.factories.boxes import planned
from tests.factories.gifts import receive
from tests.factories.goods import stocked, warehouse
from tests.factories.people import TEHRAN, browser_of, person
from tests.flows.test_races import run_together

FOOD = "kaffarah_deliberate"


def key_of(browser, address: str) -> str:
    """The key of a page's form, another one each time."""
    found = re.findall(r'name="form_key" value="([^"]+)"', browser.get(address).content.decode())
    assert found, f"{address} has no form with a key"
    return found[0]


def _codes(_browser) -> tuple[str, dict, type[Model]]:
    said = {"kind": "poster", "title": "پوستر مترو", "count": "۵", "size": "small", "province": TEHRAN}
    return "/desk/codes/", said, CodeBatch


def _boxes(_browser):
    said = {"province": TEHRAN, "count": "۳", "address": "بازار", "fund": "fitriyeh_general"}
    return "/desk/boxes/new/", said, Box


def _sheet(_browser):
    return "/desk/boxes/", {"boxes": [planned().pk], "size": "box", "stickers": "1"}, StickerJob


def _kits(_browser):
    return "/desk/stock/kits/", {"kit": "school", "warehouse": warehouse().pk, "count": "3"}, KitBatch


def _need(browser):
    return "/desk/needs/new/", filled(browser), Need


def _loss(_browser):
    lot = stocked(warehouse(), quantity=5)
    said = {"quantity": "2", "cause": "damaged", "note": "ریخت"}
    return f"/desk/stock/lots/{lot.pk}/", said, StockLoss


def _allocation(browser):
    receive(1_000_000, fund="livelihood", province=TEHRAN)
    address = f"/desk/aid/allocate/?fund=livelihood&province={TEHRAN}"
    place = browser.get(address).context["form"].fields["place"].initial
    said = {"amount": "10000", "purpose": "livelihood", "programme": "بسته‌های آذر", "place": place}
    return address, said, Allocation


def _food(_browser):
    """Food for a gathering has no codes of cases that would be known again."""
    found = allocated(receive(1_000_000, fund=FOOD, province=TEHRAN))
    said = delivery_form(amount="10000", references="")
    return f"/desk/aid/allocations/{found.pk}/deliver/", said, Delivery


def _event(_browser):
    day = format_short(tehran_today() + timedelta(days=3))
    said = {
        "kind": "iftar", "title": "افطار محله", "day": day, "clock": "۱۸:۰۰", "capacity": "50",
        "fund": "livelihood", "province": TEHRAN, "address": "مسجد",
    }  # fmt: skip
    return "/desk/events/new/", said, Event


def _promise(_browser):
    said = {
        "who": "بازاری خیر", "what": "ده بستهٔ خوراک", "measure": "words", "purpose": "livelihood", "quantity": "1",
        "due_on": format_short(tehran_today() + timedelta(days=30)), "province": TEHRAN,
    }  # fmt: skip
    return "/desk/promises/new/", said, Commitment


@pytest.mark.django_db
@pytest.mark.usefixtures("country")
class TestPages:
    @pytest.mark.parametrize(
        "page", [_codes, _boxes, _sheet, _kits, _need, _loss, _allocation, _food, _event, _promise]
    )
    def test_the_second_leads_where_the_first_led(self, page):
        browser = browser_of(person(Role.PROVINCIAL_EXPERT))
        address, said, made = page(browser)
        before = made.objects.count()
        form = said | {"form_key": key_of(browser, address)}
        first = browser.post(address, form)
        assert first.has_header("Location"), first.context and first.context["form"].errors
        added = made.objects.count() - before
        assert added
        second = browser.post(address, form)
        assert (second.status_code, second["Location"]) == (303, first["Location"])
        assert made.objects.count() == before + added
        assert "دوباره ثبت نشد" in browser.get(second["Location"]).content.decode()

    def test_the_same_words_from_another_page_are_another_act(self):
        browser = browser_of(person(Role.PROVINCIAL_EXPERT))
        address, said, _ = _codes(browser)
        for _ in range(2):
            browser.post(address, said | {"form_key": key_of(browser, address)})
        assert CodeBatch.objects.count() == 2

    def test_other_words_of_the_same_page_are_another_act(self):
        browser = browser_of(person(Role.PROVINCIAL_EXPERT))
        address, said, _ = _codes(browser)
        key = key_of(browser, address)
        for count in ("5", "6"):
            browser.post(address, said | {"form_key": key, "count": count})
        assert sorted(CodeBatch.objects.values_list("count", flat=True)) == [5, 6]

    def test_what_was_refused_may_be_sent_again(self):
        browser = browser_of(person(Role.PROVINCIAL_EXPERT))
        address, said, _ = _codes(browser)
        wrong = said | {"form_key": key_of(browser, address), "title": " "}
        for _ in range(2):
            assert browser.post(address, wrong).status_code == 200
        assert not SentForm.objects.exists()

    def test_the_key_of_another_person_is_another_key(self):
        mine, other = (browser_of(person(Role.PROVINCIAL_EXPERT)) for _ in range(2))
        address, said, _ = _codes(mine)
        key = key_of(mine, address)
        for browser in (mine, other):
            browser.post(address, said | {"form_key": key})
        assert CodeBatch.objects.count() == 2

    def test_keys_are_forgotten(self):
        SentForm.objects.create(digest=b"1", led_to="/")
        SentForm.objects.create(digest=b"2", led_to="/", at=timezone.now() - KEEP - timedelta(hours=1))
        assert (forget_sent_forms(), SentForm.objects.count()) == (1, 1)


def test_two_taps_at_once_are_one_act(live_db, country):
    actor = person()
    led: list[tuple[int, str]] = []

    @once
    def view(request) -> HttpResponse:
        made = Placement.objects.create(code=f"CODE{Placement.objects.count():04d}", kind="poster", title="x")
        return SeeOther(f"/{made.pk}/")

    def tap() -> None:
        request = RequestFactory().post("/x/", {"form_key": "k", "title": "x"})
        request.user, request._messages = actor, _Silent()
        answer = view(request)
        led.append((answer.status_code, answer["Location"]))

    assert run_together(*[tap] * 4) == []
    assert Placement.objects.filter(title="x").count() == 1
    assert len(set(led)) == 1


class _Silent:
    """Messages to nobody."""

    def add(self, *_args) -> None: ...

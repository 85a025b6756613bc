"""A need's life: who may take which step, what is never shown, and when it is funded."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from campaigns import need_progress
from campaigns.enums import NeedState, Trait
from campaigns.models import Need, NeedItem
from campaigns.need_progress import Part, progress_of
from campaigns.need_screening import traits_in
from campaigns.need_selectors import find_shown_need, open_needs, shown_county
from campaigns.services import needs as services
from campaigns.services.needs import Item
from core.errors import DomainError
from core.models import AuditEntry
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.needs import facts, need
from tests.factories.people import KHUZESTAN, TEHRAN, person

pytestmark = pytest.mark.usefixtures("db", "country")
PARCELS = (Item("برنج", 40, "کیسه", 5_000_000), Item("روغن", 80, "بطری"))


@pytest.fixture
def officer():
    return person(Role.COUNTY_OFFICER, TEHRAN)


@pytest.fixture
def expert():
    return person(Role.PROVINCIAL_EXPERT, TEHRAN)


@pytest.fixture
def source(monkeypatch):
    """A room that tells what the test says it has."""
    parts: list[Part] = []
    monkeypatch.setitem(need_progress._sources, "test", lambda ids: [p for p in parts if p.need_id in ids])
    return parts


def refused(code: str, act, *args, **more) -> DomainError:
    with pytest.raises(DomainError) as error, transaction.atomic():
        act(*args, **more)
    assert error.value.code == code
    return error.value


def test_from_finding_to_closing_each_step_is_audited(officer, expert, source):
    found = services.find_need(facts(items=PARCELS), actor=officer)
    refused("own_need", services.verify_need, found.pk, actor=officer)
    refused("need_cannot_move", services.publish_need, found.pk, actor=expert)
    services.verify_need(found.pk, actor=expert)
    services.publish_need(found.pk, actor=expert)
    assert [n.pk for n in open_needs()] == [found.pk]
    source.append(Part(found.pk, rial=400_000_000, gifts=2))
    assert services.mark_funded() == 1
    assert services.mark_funded() == 0
    assert not open_needs().exists()
    refused("report_required", services.close_need, found.pk, actor=officer, report=" ", evidence="۱۲")
    refused("evidence_required", services.close_need, found.pk, actor=officer, report="رسید", evidence="")
    services.close_need(found.pk, actor=officer, report="چهل بسته رسید", evidence="صورت‌جلسهٔ ۱۲")
    assert find_shown_need(found.code).state == NeedState.CLOSED
    steps = list(
        AuditEntry.objects.filter(subject_type="campaigns.need", subject_id=found.pk)
        .order_by("pk")
        .values_list("action", "actor_id", "province_code")
    )
    assert steps == [
        ("need.find", officer.pk, TEHRAN),
        ("need.verified", expert.pk, TEHRAN),
        ("need.published", expert.pk, TEHRAN),
        ("need.funded", None, TEHRAN),
        ("need.closed", officer.pk, TEHRAN),
    ]


def test_whoever_corrects_a_need_may_not_verify_it(officer, expert):
    found = services.find_need(facts(), actor=officer)
    services.edit_need(found.pk, facts(title="عنوان تازه", items=PARCELS[:1]), actor=expert)
    refused("own_need", services.verify_need, found.pk, actor=expert)
    services.verify_need(found.pk, actor=officer)
    refused("need_not_editable", services.edit_need, found.pk, facts(), actor=expert)
    assert list(NeedItem.objects.filter(need=found).values_list("item", flat=True)) == ["برنج"]
    with pytest.raises(IntegrityError, match="items of a verified need"), transaction.atomic():
        NeedItem.objects.filter(need=found).update(quantity=1)


def test_a_refused_need_is_corrected_and_waits_again(officer, expert):
    found = services.find_need(facts(), actor=officer)
    refused("reason_needed", services.refuse_need, found.pk, actor=expert, reason=" ")
    services.refuse_need(found.pk, actor=expert, reason="شمار افراد روشن نیست")
    assert Need.objects.get(pk=found.pk).decision_reason == "شمار افراد روشن نیست"
    services.edit_need(found.pk, facts(persons=30), actor=officer)
    services.verify_need(found.pk, actor=expert)
    services.send_back_need(found.pk, actor=expert, reason="متن نام دارد")
    again = Need.objects.get(pk=found.pk)
    assert (again.state, again.verified_by, again.decision_reason) == ("found", None, "متن نام دارد")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fund": "dowry"}, "fund_not_for_need"),
        ({"goal_rial": None}, "nothing_asked"),
        ({"persons": 0}, "nobody_needs_it"),
        ({"title": "  "}, "need_title_required"),
        ({"surplus_rule": ""}, "surplus_rule_required"),
        ({"items": (PARCELS[0], PARCELS[0])}, "item_twice"),
        ({"county_id": "0601"}, "unknown_county"),
    ],
)
def test_what_does_not_fit_is_not_written(officer, change, code):
    refused(code, services.find_need, facts(**change), actor=officer)
    assert not Need.objects.exists()


def test_another_province_is_out_of_reach(officer):
    there = facts(province=KHUZESTAN)
    waiting = need(province=KHUZESTAN, state=NeedState.FOUND)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        refused("not_found", services.find_need, there, actor=officer)
        refused("not_found", services.verify_need, waiting.pk, actor=officer)


# --- nothing that points to a person ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "trait"),
    [
        ("خانوادهٔ آقای محمدی", Trait.NAME),
        ("برای خانم رضایی که", Trait.NAME),
        ("دختری به نام زهرا", Trait.NAME),
        ("با ۰۹۱۲ ۱۲۳ ۴۵۶۷ تماس بگیرید", Trait.PHONE),
        ("کد ملی ۰۰۱۳۵۴۲۴۱۹", Trait.NATIONAL_ID),
        ("کارت 6037-9912-3456-7893", Trait.CARD),
        ("مادری ۳۴ ساله", Trait.AGE),
        ("خیابان شهید رجایی، پلاک ۴", Trait.ADDRESS),
        ("۰۹۱۲\u200c۱۲۳\u200c۴۵۶۷", Trait.PHONE),
        ("0912/123/4567", Trait.PHONE),
        ("(0912) 123_4567", Trait.PHONE),
        ("۰۹۱۲۱۲۳۴۵۶۷، ۰۹۳۵۱۲۳۴۵۶۷", Trait.PHONE),
        ("۰ ۹ ۱ ۲ ۱ ۲ ۳ ۴ ۵ ۶ ۷", Trait.PHONE),
        ("۰۰۱/۳۵۴۲۴۱/۹", Trait.NATIONAL_ID),
        ("تلفن ۰۲۱-۸۸۷۷۶۶۵۵", Trait.PHONE),
        ("IR06 2960 0000 0010 0324 2000 01", Trait.CARD),
        ("خانم\u200cرضایی", Trait.NAME),
        ("به\u200cنام زهرا", Trait.NAME),
        ("کودک ۱۲\u200cساله", Trait.AGE),
        ("زنی سی\u200cوچهارساله", Trait.AGE),
        ("مردی پنجاه و دو ساله", Trait.AGE),
        ("پسری شش ساله", Trait.AGE),
    ],
)
def test_what_points_to_a_person_is_found(text, trait):
    assert trait in traits_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "بستهٔ معیشتی برای ۴۰ خانوار",
        "پنجاه خانم سرپرست خانوار",
        "هزینهٔ درمان ۱۲۰ نفر، هر نفر ۵٬۰۰۰٬۰۰۰ تومان",
        "ویلچر برای افراد دارای معلولیت تا ۱۴۰۵/۰۸/۳۰",
        "از ۱۴۰۵/۰۱/۳۱، ۱۲ خانوار؛ ۹٬۱۲۳٬۴۵۶٬۷۸۹ ریال، ۲۰ نفر",
        "پیراهن در اندازه‌های ۱۰، ۲۰، ۳۰، ۴۰، ۵۱",
        "خیریهٔ شهر و بریده‌ای از یاری",
        "برنامهٔ پنج‌ساله برای چهارده‌ساله‌ها",
    ],
)
def test_plain_words_are_let_through(text):
    assert traits_in(text, hidden_place="ری") == set()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("خرم‌آباد", "خانواده‌های خرم آباد"),
        ("خرم آباد", "خانواده‌های خرم‌آباد"),
        ("خرم‌آباد", "خرماباد"),
        ("بندر عباس", "بندرعباس"),
        ("کوهدشت", "کوهدشتی‌ها"),
        ("ری", "شهر ری"),
        ("ری", "شهرری"),
        ("دماوند", "(دماوند)"),
    ],
)
def test_a_hidden_place_is_found_however_it_is_written(place, text):
    assert traits_in(text, hidden_place=place) == {Trait.PLACE}


def test_a_small_place_is_never_named(officer, expert):
    small = need(persons=7, county_id="2301", state=NeedState.VERIFIED)
    assert shown_county(small) is None
    assert shown_county(need(persons=20, county_id="2301")).code == "2301"
    named = need(
        persons=7, county_id="2301", title=f"بسته برای {small.county.name}", state=NeedState.VERIFIED
    )
    error = refused("points_to_person", services.publish_need, named.pk, actor=expert, traits_seen=True)
    assert error.data["traits"] == ["place"]
    services.publish_need(small.pk, actor=expert)


def test_too_few_are_never_shown_and_warnings_are_read_first(expert, settings):
    few = need(persons=4, state=NeedState.VERIFIED)
    assert refused("too_few_persons", services.publish_need, few.pk, actor=expert).data == {"least": 5}
    named = need(title="برای خانوادهٔ آقای محمدی", state=NeedState.VERIFIED)
    assert refused("traits_unseen", services.publish_need, named.pk, actor=expert).data["traits"] == ["name"]
    services.publish_need(named.pk, actor=expert, traits_seen=True)
    assert AuditEntry.objects.filter(action="need.published").latest("pk").data == {"traits": ["name"]}
    assert [n.pk for n in open_needs()] == [named.pk]
    settings.NEED_LEAST_PERSONS = 50  # raised later: what was published is shown no more
    assert not open_needs().exists()
    refused("unknown_need", find_shown_need, named.code)


def test_a_report_is_screened_before_everybody_reads_it(expert):
    closed = need()
    refused(
        "points_to_person", services.close_need, closed.pk,
        actor=expert, report="به خانم رضایی رسید", evidence="۱۲",
    )  # fmt: skip


# --- progress --------------------------------------------------------------------------------------------
def test_goods_lower_what_is_wanted_in_money_and_promises_fund_nothing(source):
    wanted = need(items=PARCELS, goal_rial=300_000_000)
    rice = wanted.wanted_items.get(item="برنج")
    source += [
        Part(wanted.pk, rial=50_000_000, gifts=3),
        Part(wanted.pk, item_id=rice.pk, quantity=45),
        Part(wanted.pk, rial=900_000_000, is_promised=True),
    ]
    progress = progress_of([wanted])[wanted.pk]
    assert (progress.covered_rial, progress.percent, progress.gifts) == (250_000_000, 83, 3)
    assert [(line.met, line.open) for line in progress.items] == [(40, 0), (0, 80)]
    assert not progress.is_reached
    source.append(Part(wanted.pk, rial=50_000_000, gifts=1))
    assert progress_of([wanted])[wanted.pk].is_reached


def test_a_need_of_items_alone_is_funded_by_the_last_piece_and_opens_again_when_it_goes(source):
    wanted = need(items=PARCELS, goal_rial=None)
    source += [Part(wanted.pk, item_id=item.pk, quantity=item.quantity) for item in wanted.wanted_items.all()]
    assert services.mark_funded() == 1
    assert Need.objects.get(pk=wanted.pk).state == NeedState.FUNDED
    source.pop()
    assert services.mark_funded() == 1
    assert Need.objects.get(pk=wanted.pk).state == NeedState.PUBLISHED


def test_search_forgives_how_words_are_typed():
    wanted = need(title="بستهٔ معیشتی برای خانواده‌ها")
    need("dowry", title="چیز دیگر")
    for typed in ("خانواده ها", "خانوادهها", "بسته معيشتي"):
        assert [n.pk for n in open_needs(q=typed)] == [wanted.pk], typed

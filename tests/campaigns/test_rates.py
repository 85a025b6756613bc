"""Announced rates: which hold on a day, how they are announced, corrected and shown at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connections, transaction

from campaigns.enums import RateKind
from campaigns.models import GivingRate, Occasion
from campaigns.rates import giving_year, oddities, rates_on, season_on
from campaigns.services.rates import RateFacts, announce_rate, correct_rate, make_default, withdraw_rate
from campaigns.services.seeding import seed_campaigns
from core.errors import DomainError
from core.jalali import parse_jalali, tehran_today
from core.models import AuditEntry
from donations.selectors import rates_now
from provinces.enums import Role
from tests.factories.people import browser_of, person

FITRIYEH, LIGHT, DELIBERATE, FIDYAH = (
    RateKind.FITRIYEH, RateKind.KAFFARAH_NON_DELIBERATE, RateKind.KAFFARAH_DELIBERATE, RateKind.FIDYAH,
)  # fmt: skip


def facts(**more) -> RateFacts:
    return RateFacts(
        **{
            "hijri_year": giving_year(),
            "kind": FITRIYEH,
            "marja": "دفتر رهبری",
            "staple": "گندم",
            "region": "",
            "amount_rial": 900_000,
            "is_minimum": True,
            "is_default": False,
            "source": "اعلام دفتر",
            "announced_on": tehran_today(),
        }
        | more
    )


@pytest.fixture
def actor(db):
    return person(Role.HQ_MANAGER)


def amounts(day: str, kind: RateKind = FITRIYEH) -> list[tuple[int, int]]:
    return [(rate.hijri_year, rate.amount_rial) for rate in rates_on(parse_jalali(day)).of.get(kind, [])]


# --- two Eids in 1405 ------------------------------------------------------------------------------------
@pytest.fixture
def two_years(actor):
    for year, toman in ((1447, 90_000), (1448, 120_000)):
        announce_rate(facts(hijri_year=year, amount_rial=toman * 10), actor=actor)
    announce_rate(facts(hijri_year=1447, kind=LIGHT, amount_rial=200_000), actor=actor)


@pytest.mark.parametrize(
    ("day", "year", "offered"),
    [
        ("1404-12-29", 1447, [(1447, 900_000)]),  # the eve of the first Eid of 1405
        ("1405-01-01", 1447, [(1447, 900_000)]),
        ("1405-01-02", 1448, [(1448, 1_200_000)]),
        ("1405-12-19", 1448, [(1448, 1_200_000)]),  # estimated
        ("1405-12-20", 1448, [(1448, 1_200_000)]),  # it may be this day after all
        ("1405-12-21", 1449, [(1448, 1_200_000)]),  # for whoever is late
        ("1406-11-08", 1449, []),  # the next Ramadan: last year's is no rate of this one
    ],
)
def test_rates_go_by_the_hijri_year_although_1405_has_two_eids(day, year, offered, two_years):
    assert giving_year(parse_jalali(day)) == year
    assert amounts(day) == offered


def test_until_the_new_one_is_announced_the_year_before_serves_the_late(actor):
    announce_rate(facts(hijri_year=1447), actor=actor)
    assert amounts("1405-01-05") == [(1447, 900_000)]
    assert amounts("1405-11-18") == [(1447, 900_000)]
    assert amounts("1405-11-19") == [], "its Ramadan has begun: nothing is said before it is announced"


def test_kaffarah_holds_until_there_is_a_new_one(actor, two_years):
    assert amounts("1405-12-01", LIGHT) == [(1447, 200_000)]
    announce_rate(facts(kind=LIGHT, hijri_year=1448, amount_rial=250_000), actor=actor)
    assert amounts("1405-12-01", LIGHT) == [(1448, 250_000)]
    assert amounts("1406-12-01", LIGHT) == [(1448, 250_000)]
    assert amounts("1407-12-01", LIGHT) == []


def test_a_confirmed_eid_ends_on_its_day(db):
    Occasion.objects.filter(code="eid_fitr", hijri_year=1448).update(is_confirmed=True, confirmed_by="اعلام")
    assert season_on(parse_jalali("1405-12-20")).year == 1449


def test_without_an_eid_there_is_no_year(db):
    assert rates_on(date(2090, 1, 1)).year is None


# --- announcing ------------------------------------------------------------------------------------------
def test_the_first_of_its_kind_is_the_default_and_another_may_take_its_place(actor):
    first = announce_rate(facts(), actor=actor)
    second = announce_rate(facts(staple="برنج", amount_rial=2_000_000), actor=actor)
    assert (first.is_default, second.is_default) == (True, False)
    third = announce_rate(facts(staple="آرد", is_default=True), actor=actor)
    first.refresh_from_db()
    assert (first.is_default, third.is_default) == (False, True)
    make_default(second.pk, actor=actor)
    make_default(second.pk, actor=actor)
    assert rates_on().of[FITRIYEH][0] == second
    assert GivingRate.objects.filter(hijri_year=giving_year(), is_default=True).count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "rate_exists"),
        ({"staple": "آرد", "amount_rial": 0}, "rate_not_positive"),
        ({"staple": "آرد", "source": " "}, "rate_source_required"),
        ({"marja": ""}, "rate_marja_required"),
        ({"staple": "آرد", "announced_on": date(2090, 1, 1)}, "rate_from_the_future"),
    ],
)
def test_refusals(wrong, code, actor):
    announce_rate(facts(), actor=actor)
    with pytest.raises(DomainError, match=code):
        announce_rate(facts(**wrong), actor=actor)


def test_a_mistake_is_superseded_and_the_old_row_stays(actor):
    wrong = announce_rate(facts(amount_rial=9_000_000), actor=actor)
    right = correct_rate(wrong.pk, replace(facts(), is_default=True), actor=actor, reason="یک صفر بیشتر")
    wrong.refresh_from_db()
    assert (wrong.superseded_by, wrong.amount_rial, wrong.why_superseded) == (
        right,
        9_000_000,
        "یک صفر بیشتر",
    )
    assert amounts_now() == [900_000]
    entry = AuditEntry.objects.get(action="rate.corrected")
    assert (entry.data["before"]["amount_rial"], entry.data["after"]["amount_rial"]) == (9_000_000, 900_000)
    with pytest.raises(DomainError, match="rate_superseded"):
        correct_rate(wrong.pk, facts(), actor=actor, reason="باز")
    with pytest.raises(DomainError, match="rate_reason_required"):
        withdraw_rate(right.pk, actor=actor, reason=" ")
    withdraw_rate(right.pk, actor=actor, reason="چنین اعلامی نبود")
    assert amounts_now() == []


def amounts_now() -> list[int]:
    return [rate.amount_rial for rate in rates_on().of.get(FITRIYEH, [])]


@pytest.mark.parametrize(
    "change", [{"amount_rial": 1}, {"source": "x"}, {"hijri_year": 1400}, {"kind": "fidyah"}]
)
def test_the_database_refuses_to_change_what_was_announced(change, actor):
    rate = announce_rate(facts(), actor=actor)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        GivingRate.objects.filter(pk=rate.pk).update(**change)


def test_the_database_keeps_superseded_rates_and_deletes_none(actor):
    rate = withdraw_rate(announce_rate(facts(), actor=actor).pk, actor=actor, reason="اشتباه")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        GivingRate.objects.filter(pk=rate.pk).update(superseded_at=None)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rate.delete()


def test_seeding_again_revives_no_corrected_rate(actor, country):
    seeded = GivingRate.objects.get(hijri_year=1446, staple="گندم")
    correct_rate(seeded.pk, facts(hijri_year=1446, amount_rial=760_000), actor=actor, reason="اصلاح")
    count = GivingRate.objects.count()
    seed_campaigns()
    assert GivingRate.objects.count() == count


def test_two_who_enter_the_same_at_once_make_one(live_db):
    actors = [person(Role.HQ_MANAGER), person(Role.HQ_ACCOUNTANT)]
    start, ended = threading.Barrier(2), []

    def enter(who):
        try:
            start.wait()
            ended.append(announce_rate(facts(), actor=who).pk)
        except DomainError as error:
            ended.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=[who]) for who in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    current = GivingRate.objects.filter(hijri_year=giving_year(), kind=FITRIYEH, superseded_at=None)
    assert current.count() == 1
    assert len([one for one in ended if isinstance(one, int)]) == 1
    assert {one for one in ended if isinstance(one, str)} <= {"rate_exists", "default_moved"}


# --- what looks odd --------------------------------------------------------------------------------------
def codes(**more) -> list[str]:
    said = facts(**more)
    names = ("hijri_year", "kind", "marja", "staple", "region", "amount_rial")
    return [oddity.code for oddity in oddities(**{name: getattr(said, name) for name in names})]


def test_far_from_last_year_is_odd_and_ten_times_is_perhaps_rial(actor):
    announce_rate(facts(hijri_year=1447, amount_rial=750_000), actor=actor)
    assert codes(amount_rial=900_000) == []
    assert codes(amount_rial=100_000) == ["far_from_last_year"]
    assert codes(amount_rial=3_000_000) == ["far_from_last_year"]
    assert codes(amount_rial=9_000_000) == ["perhaps_rial"]


def test_sixty_times_is_a_warning_not_a_rule(actor):
    announce_rate(facts(kind=LIGHT, amount_rial=200_000), actor=actor)
    assert codes(kind=DELIBERATE, amount_rial=12_000_000) == []
    assert codes(kind=DELIBERATE, amount_rial=12_000_010) == ["not_sixty_times"]
    announce_rate(facts(kind=DELIBERATE, amount_rial=12_500_000), actor=actor)
    assert codes(kind=LIGHT, amount_rial=200_000) == ["not_sixty_times"]


# --- headquarters' page ----------------------------------------------------------------------------------
FORM = {
    "kind": "fitriyeh", "marja": "دفتر رهبری", "staple": "گندم", "amount": "۹۰٬۰۰۰", "source": "اعلام دفتر",
    "is_minimum": "on",
}  # fmt: skip


def sent(browser, address="/hq/rates/", **more):
    form = browser.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    return browser.post(address, fields | FORM | more, follow=True)


@pytest.mark.usefixtures("db")
class TestPage:
    def test_tonights_rate_is_on_the_giving_page_at_once(self, client):
        hq = browser_of(person(Role.HQ_MANAGER))
        assert "هنوز اعلام نشده" in client.get("/give/?fund=fitriyeh_general").content.decode()
        page = sent(hq).content.decode()
        assert "۹۰٬۰۰۰ تومان (نود هزار تومان) برای فطریه، هر نفر ثبت شد" in page
        shown = client.get("/give/?fund=fitriyeh_sadat").content.decode()
        assert "۹۰٬۰۰۰ تومان" in shown
        assert f"سال {show(giving_year())} قمری" in shown

    def test_an_odd_amount_is_asked_about_once(self):
        hq = browser_of(person(Role.HQ_ACCOUNTANT))
        announce_rate(facts(hijri_year=giving_year() - 1, amount_rial=800_000), actor=person(Role.HQ_MANAGER))
        answer = sent(hq, amount="900000")
        assert "شاید به ریال نوشته شده باشد" in answer.content.decode()
        assert "نهصد هزار تومان" in answer.content.decode()
        assert not GivingRate.objects.filter(hijri_year=giving_year()).exists()
        mark = answer.context["form"].data["looked_at"]
        other = sent(hq, amount="1000000", looked_at=mark)
        assert "شاید به ریال" in other.content.decode(), "another amount is looked at anew"
        sent(hq, amount="900000", looked_at=mark)
        assert GivingRate.objects.get(hijri_year=giving_year()).amount_rial == 9_000_000

    def test_correcting_and_taking_back(self):
        hq = browser_of(person(Role.HQ_MANAGER))
        sent(hq)
        first = GivingRate.objects.get(hijri_year=giving_year())
        address = f"/hq/rates/{first.pk}/"
        answer = sent(hq, address, amount="95000", reason="اعلام دوم", correct="1")
        assert "نرخ اصلاح شد" in answer.content.decode()
        second = GivingRate.objects.get(supersedes=first)
        assert (second.amount_rial, second.is_default) == (950_000, True)
        assert "ردیف جانشین" in hq.get(address).content.decode()
        answer = hq.post(f"/hq/rates/{second.pk}/", {"withdraw": "1", "reason": "اشتباه"}, follow=True)
        assert "نرخ پس گرفته شد" in answer.content.decode()
        assert rates_now().of.get(FITRIYEH) is None

    def test_an_analyst_looks_and_writes_nothing(self):
        analyst = browser_of(person(Role.HQ_ANALYST))
        page = analyst.get("/hq/rates/")
        assert (page.status_code, page.context["form"]) == (200, None)
        assert analyst.post("/hq/rates/", FORM).status_code == 403


def show(number) -> str:
    from core.text import persian_digits

    return persian_digits(number)

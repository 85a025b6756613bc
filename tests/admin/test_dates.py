"""Jalali at the edge of the admin: typed, shown, listed, filtered; plain dates in the database."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.db import models
from django.utils import timezone

from campaigns.models import Occasion
from core.admin_base import JalaliDateField
from core.jalali import day_bounds, format_short, month_start, tehran_today, year_start
from core.models import AuditEntry
from provinces.models import County

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/occasion/"


@pytest.fixture
def eid() -> Occasion:
    return Occasion.objects.create(
        code="eid_test", name="عید آزمون", hijri_year=1500, jalali_year=1405,
        starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 2),
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["1405/02/12", "۱۴۰۵/۰۲/۱۲", "1405-2-12"])
def test_a_day_typed_is_stored_plain_and_comes_back_the_same(typed, eid, send, browser):
    Occasion.objects.update(starts_on=date(2020, 1, 1), ends_on=date(2030, 1, 1))
    assert send(f"{LIST}{eid.pk}/change/", starts_on=typed).status_code == 302
    assert Occasion.objects.get(pk=eid.pk).starts_on == date(2026, 5, 2)
    page = browser.get(f"{LIST}{eid.pk}/change/").content.decode()
    assert re.search(r'name="starts_on"[^>]*value="۱۴۰۵/۰۲/۱۲"|value="۱۴۰۵/۰۲/۱۲"[^>]*name="starts_on"', page)


def test_saving_a_form_untouched_changes_no_day(eid, send):
    before = Occasion.objects.values().get(pk=eid.pk)
    assert send(f"{LIST}{eid.pk}/change/").status_code == 302
    assert Occasion.objects.values().get(pk=eid.pk) == before
    assert not AuditEntry.objects.exclude(job="seed_reference").exists()


@pytest.mark.parametrize("typed", ["2026-05-02", "1405/02/32", "نه"])
def test_a_day_that_is_none_is_refused(typed, eid, send):
    answer = send(f"{LIST}{eid.pk}/change/", starts_on=typed)
    assert answer.status_code == 200
    assert "تاریخ درست نیست" in answer.content.decode()


def test_lists_show_jalali_days_with_persian_digits(eid, browser):
    page = re.sub(
        'href="[^"]*"', "", browser.get(LIST).content.decode()
    )  # filters carry what the column holds
    assert "۱۴۰۵/۰۲/۱۲" in page
    assert not re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}|May|مه ۲۰۲۶", page)


def test_points_in_time_are_those_of_tehran(browser, administrator):
    entry = AuditEntry.objects.create(action="a", subject_type="t", subject_id="1", actor=administrator)
    shown = format_short(timezone.localtime(entry.at))
    assert shown in browser.get("/admin/core/auditentry/").content.decode()
    assert shown in browser.get(f"/admin/core/auditentry/{entry.pk}/change/").content.decode()


def test_every_day_field_of_every_form_is_jalali(browser, rf, administrator):
    """And no form asks for a point in time."""
    for model, model_admin in admin.site._registry.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField):
                with pytest.raises(TypeError):
                    model_admin.formfield_for_dbfield(field, rf.get("/"))
            elif isinstance(field, models.DateField):
                assert isinstance(model_admin.formfield_for_dbfield(field, rf.get("/")), JalaliDateField)


# --- filters ---------------------------------------------------------------------------------------------
def links(browser, address: str, field: str) -> list[dict[str, str]]:
    """What the filter of a field offers: the parameters of each of its links."""
    found = []
    for spec in browser.get(address).context["cl"].filter_specs:
        if getattr(spec, "field_path", "") == field:
            found = [link for _, link in spec.links]
    return found


def test_the_filter_offers_jalali_periods_as_the_column_holds_them(browser):
    today = tehran_today()
    offered = links(browser, LIST, "starts_on")
    first, after = "starts_on__gte", "starts_on__lt"
    tomorrow = (today + timedelta(days=1)).isoformat()
    next_month = month_start(month_start(today) + timedelta(days=32))
    next_year = year_start(year_start(today) + timedelta(days=370))
    assert offered == [
        {},
        {first: today.isoformat(), after: tomorrow},
        {first: (today - timedelta(days=7)).isoformat(), after: tomorrow},
        {first: month_start(today).isoformat(), after: next_month.isoformat()},
        {first: year_start(today).isoformat(), after: next_year.isoformat()},
    ]


def test_of_points_in_time_the_days_are_tehrans(browser):
    today = links(browser, "/admin/core/auditentry/", "at")[1]
    start, end = day_bounds(tehran_today())
    assert today == {"at__gte": start.isoformat(), "at__lt": end.isoformat()}


def test_the_filter_finds_what_it_says(browser, eid):
    today = tehran_today()
    now = Occasion.objects.create(code="now", name="امروز", jalali_year=1405, starts_on=today, ends_on=today)
    for link, expected in zip(links(browser, LIST, "starts_on")[1:], [True] * 4, strict=True):
        page = browser.get(LIST, link)
        assert page.status_code == 200
        found = set(page.context["cl"].result_list)
        assert (now in found) is expected
        assert eid not in found or link["starts_on__gte"] <= "2026-05-02" < link["starts_on__lt"]


def test_a_filter_with_nonsense_harms_nothing(browser):
    assert browser.get(LIST, {"starts_on__gte": "1405-01-01x"}).status_code in {200, 302}


def test_a_county_that_ended_is_marked_with_a_jalali_day(send):
    county = County.objects.order_by("code").first()
    address = f"/admin/provinces/county/{county.pk}/change/"
    assert send(address, valid_from="۱۴۰۲/۰۱/۰۱", is_active=None).status_code == 302
    county.refresh_from_db()
    assert (county.is_active, county.valid_from) == (False, date(2023, 3, 21))

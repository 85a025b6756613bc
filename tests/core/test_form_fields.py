"""A Jalali day typed at the edge is a Gregorian date inside, and comes back as it was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.test.html import parse_html

from core.form_fields import JalaliDateField, LongChoiceField, LongChoices


class DayForm(forms.Form):
    day = JalaliDateField(required=False)


@pytest.mark.parametrize(
    "typed", ["1405/02/12", "۱۴۰۵/۰۲/۱۲", "1405-2-12", "۱۴۰۵.۲.۱۲", " 1405/02/12 ", "١٤٠٥/٠٢/١٢"]
)
def test_however_it_is_typed_it_is_the_same_day(typed):
    form = DayForm({"day": typed})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 5, 2)


@pytest.mark.parametrize(
    "typed", ["2026-05-02", "2026/05/02", "1404/12/30", "5/2/12", "1405/13/01", "فردا", "0"]
)
def test_what_is_no_jalali_day_is_refused_in_persian(typed):
    form = DayForm({"day": typed})
    assert form.errors == {"day": ["تاریخ درست نیست. نمونه: ۱۴۰۵/۰۱/۳۱"]}
    assert f'value="{typed}"' in str(form["day"])


def test_a_stored_day_is_shown_in_persian():
    assert 'value="۱۴۰۵/۰۲/۱۲"' in str(DayForm(initial={"day": date(2026, 5, 2)})["day"])


@pytest.mark.parametrize(
    ("typed", "changed"), [("۱۴۰۵/۰۲/۱۲", False), ("1405-02-12", False), ("1405/02/13", True)]
)
def test_typing_the_same_day_again_is_no_change(typed, changed):
    form = DayForm({"day": typed}, initial={"day": date(2026, 5, 2)})
    assert form.has_changed() is changed


def test_nothing_typed_is_no_day():
    form = DayForm({"day": ""})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_a_long_select_is_what_djangos_own_would_be():
    choices = [("", "برگزینید"), ("<الف>", [("1", "تهران & ری"), ("2", '"قم"')])]

    class Plain(forms.Form):
        place = forms.ChoiceField(choices=choices, help_text="راهنما")

    class Long(forms.Form):
        place = LongChoiceField(help_text="راهنما")

        def __init__(self, *args) -> None:
            super().__init__(*args)
            self.fields["place"].options = options

    options = LongChoices(choices)
    for data in (None, {}, {"place": "2"}, {"place": "9"}):
        assert parse_html(str(Long(data)["place"])) == parse_html(str(Plain(data)["place"]))
        assert Long(data).errors == Plain(data).errors
    assert Long({"place": "2"}).fields["place"].clean("2") == "2"

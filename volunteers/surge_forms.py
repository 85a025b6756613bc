"""Joining in a minute, and the switch of headquarters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.errors import DomainError
from core.form_fields import JalaliDateField, LongChoiceField, LongChoices
from core.identifiers import parse_national_id
from core.jalali import tehran_today
from core.phrases import sentence
from core.reference import remembered
from core.text import ascii_digits, normalise, search_key
from provinces.models import County, Province
from provinces.selectors import counties_by_province, find_county, find_province
from volunteers import join_phrases as phrases
from volunteers.enums import Availability, ConsentKind, Language, VolunteerRole
from volunteers.selectors import is_minor
from volunteers.services.joining import Application
from volunteers.skills import all_skills

_LTR = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
_WANT = re.compile(r"(.+?)[\s:،,]+([0-9]{1,6})")
LEAST_NAME = 2


class QuickJoinForm(forms.Form):
    """All of joining on one page; `application` of a valid one is what the service takes."""

    name = forms.CharField(
        label="نام و نام خانوادگی", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    national_id = forms.CharField(
        label="کد ملی", max_length=40, widget=forms.TextInput(attrs=_LTR), help_text=phrases.NATIONAL_ID_HELP
    )
    born_on = JalaliDateField(
        label="روز تولد", widget=forms.TextInput(attrs=_LTR), help_text=phrases.BORN_HELP
    )
    county = LongChoiceField(label="شهرستان")
    skill = LongChoiceField(label="چه می‌توانید")
    licence_no = forms.CharField(
        label="شمارهٔ پروانه یا نظام",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    data = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.DATA])
    conduct = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.CONDUCT])
    contact = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.CONTACT], required=False)

    def __init__(
        self, *args: Any, wanted: Sequence[str], only: Province | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].options = _counties(only.code if only else "")
        self.fields["skill"].options = _skills(tuple(wanted))
        for name, field in self.fields.items():
            field.error_messages["required"] = phrases.MISSING.get(name, phrases.MISSING_ANY)

    def clean_name(self) -> str:
        name = normalise(self.cleaned_data["name"])
        if len(name) < LEAST_NAME:
            raise ValidationError(phrases.MISSING["name"])
        return name

    def clean_national_id(self) -> str:
        try:
            return parse_national_id(self.cleaned_data["national_id"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean_born_on(self) -> date:
        day = self.cleaned_data["born_on"]
        if day >= tehran_today():
            raise ValidationError(phrases.BORN_LATER)
        if is_minor(day):
            raise ValidationError(sentence("quick_for_adults"), code="quick_for_adults")
        return day

    def clean_county(self) -> County:
        return find_county(self.cleaned_data["county"], None)

    @property
    def application(self) -> Application:
        data = self.cleaned_data
        given = [kind for kind in (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT) if data[kind]]
        return Application(
            name=data["name"],
            national_id=data["national_id"],
            born_on=data["born_on"],
            province=find_province(data["county"].province_id),
            county=data["county"],
            sections=[all_skills()[data["skill"]].section],
            role=VolunteerRole.SPECIALIST,
            licence_no=normalise(data["licence_no"]),
            skills=[data["skill"]],
            languages=[Language.PERSIAN],
            availability=[Availability.CRISIS],
            consents=given,
        )


@remembered(Province, County)
def _counties(only: str) -> LongChoices:
    """The counties of one province or of all, by province."""
    return LongChoices(
        [
            ("", phrases.CHOOSE),
            *(
                (province.name, [(county.code, county.name) for county in counties])
                for province, counties in counties_by_province()
                if only in ("", province.code)
            ),
        ]
    )


@lru_cache(maxsize=64)
def _skills(wanted: tuple[str, ...]) -> LongChoices:
    """All skills, the wanted ones first."""
    known = all_skills()
    rest = [(skill.code, skill.label) for skill in known.values() if skill.code not in wanted]
    return LongChoices(
        [
            ("", phrases.CHOOSE),
            (phrases.WANTED_NOW, [(code, known[code].label) for code in wanted if code in known]),
            (phrases.OTHER_SKILLS, rest),
        ]
    )


class WantsField(forms.CharField):
    """Lines of a skill and a number: «پرستاری ۲۰»."""

    widget = forms.Textarea(attrs={"rows": 5})

    def clean(self, value: Any) -> dict[str, int]:
        by_name = {search_key(skill.label): skill.code for skill in all_skills().values()}
        wants: dict[str, int] = {}
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            match = _WANT.fullmatch(ascii_digits(normalise(line)))
            code = match and (
                by_name.get(search_key(match[1])) or (match[1] if match[1] in all_skills() else None)
            )
            if not code:
                raise ValidationError(phrases.WANT_UNREAD.format(line=line[:40]))
            wants[code] = int(match[2])
        return wants


class SurgeForm(forms.Form):
    title = forms.CharField(label="عنوان", max_length=120)
    province = forms.ModelChoiceField(
        Province.objects.none(), label="برای", required=False, empty_label="همهٔ کشور"
    )
    wants = WantsField(label="چه می‌خواهید", help_text="هر خط یک مهارت و شمار آن؛ مانند «پرستاری ۲۰»")
    story = forms.CharField(
        label="شرح برای مردم", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = Province.objects.all()


class WantsForm(forms.Form):
    wants = WantsField(label="چه می‌خواهید", help_text="هر خط یک مهارت و شمار آن؛ مانند «پرستاری ۲۰»")


class ReportForm(forms.Form):
    report = forms.CharField(
        label="گزارش برای مردم", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="ارقام خودکار کنار آن می‌آید؛ نام و شمارهٔ کسی را ننویسید.",
    )  # fmt: skip

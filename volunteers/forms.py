"""The steps of joining, each a small form. What was sent is kept as it was typed and read again at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile, parse_national_id
from core.jalali import tehran_today
from core.phrases import sentence
from core.text import normalise
from provinces.models import Province
from provinces.selectors import counties_of, find_county, find_province, provinces_in_order
from volunteers import join_phrases as phrases
from volunteers import selectors
from volunteers.enums import Availability, ConsentKind, Language, Section, VolunteerRole
from volunteers.skills import all_skills, find_skills

Answers = Mapping[str, Mapping[str, list[str]]]
LEAST_NAME = 2
_LTR = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class StepForm(forms.Form):
    """One step. `so_far` holds what the earlier steps were sent."""

    def __init__(self, data: Any = None, *, so_far: Answers) -> None:
        super().__init__(data)
        self.so_far = so_far
        for name, field in self.fields.items():
            field.error_messages["required"] = phrases.MISSING.get(name, phrases.MISSING_ANY)

    def said(self, step: str, name: str) -> str:
        return "".join(self.so_far.get(step, {}).get(name, [])[:1])


class IdentityForm(StepForm):
    name = forms.CharField(
        label="نام و نام خانوادگی", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    national_id = forms.CharField(
        label="کد ملی", max_length=40, widget=forms.TextInput(attrs=_LTR), help_text=phrases.NATIONAL_ID_HELP
    )
    born_on = JalaliDateField(
        label="روز تولد", widget=forms.TextInput(attrs=_LTR), help_text=phrases.BORN_HELP
    )

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
        return day


class GuardianForm(StepForm):
    """Only for those who are not of age. `own_mobile` is theirs: the guardian answers from another number."""

    guardian_name = forms.CharField(label="نام سرپرست", max_length=80)
    guardian_mobile = forms.CharField(
        label="شمارهٔ همراه سرپرست",
        max_length=40,
        widget=forms.TextInput(attrs=_LTR),
        help_text=phrases.GUARDIAN_HELP,
    )
    guardian_knows = forms.BooleanField(label=phrases.GUARDIAN_KNOWS)

    def __init__(self, *args, own_mobile: str = "", **more) -> None:
        super().__init__(*args, **more)
        self.own_mobile = own_mobile

    def clean_guardian_name(self) -> str:
        name = normalise(self.cleaned_data["guardian_name"])
        if len(name) < LEAST_NAME:
            raise ValidationError(phrases.MISSING["guardian_name"])
        return name

    def clean_guardian_mobile(self) -> str:
        try:
            mobile = parse_mobile(self.cleaned_data["guardian_mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error
        if mobile == self.own_mobile:
            raise ValidationError(sentence("guardian_is_self"), code="guardian_is_self")
        return mobile


class ProvinceForm(StepForm):
    province = forms.ChoiceField(label="استان")

    def __init__(self, *args, **more) -> None:
        super().__init__(*args, **more)
        self.fields["province"].choices = [
            ("", phrases.CHOOSE),
            *((p.code, p.name) for p in provinces_in_order()),
        ]

    def clean_province(self) -> Province:
        return find_province(self.cleaned_data["province"])


class CountyForm(StepForm):
    county = forms.ChoiceField(label="شهرستان")
    neighbourhood = forms.CharField(
        label="محله یا روستا",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level3"}),
    )

    def __init__(self, *args, **more) -> None:
        super().__init__(*args, **more)
        self.province = Province(code=self.said("province", "province"))
        counties = counties_of(self.province)
        self.fields["county"].choices = [("", phrases.CHOOSE), *((c.code, c.name) for c in counties)]

    def clean_county(self):
        return find_county(self.cleaned_data["county"], self.province)

    def clean_neighbourhood(self) -> str:
        return normalise(self.cleaned_data["neighbourhood"])


class WorkForm(StepForm):
    sections = forms.MultipleChoiceField(
        label="بخش‌ها", choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(label="نقش", choices=[("", phrases.CHOOSE), *VolunteerRole.choices])
    profession = forms.CharField(label="پیشه", max_length=80, required=False)
    licence_no = forms.CharField(
        label="شمارهٔ پروانه یا نظام",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=phrases.LICENCE_HELP,
    )

    def clean_profession(self) -> str:
        return normalise(self.cleaned_data["profession"])

    def clean_licence_no(self) -> str:
        return normalise(self.cleaned_data["licence_no"])


class SkillsForm(StepForm):
    """Those that fit what was searched for, and those that are ticked already."""

    skills = forms.MultipleChoiceField(
        label="مهارت‌ها", required=False, widget=forms.CheckboxSelectMultiple, help_text=phrases.SKILLS_HELP
    )

    def __init__(self, data: Any = None, *, so_far: Answers, search: str = "") -> None:
        super().__init__(data, so_far=so_far)
        ticked = set(data.getlist("skills")) if data is not None else set()
        found = {skill.code for skill in find_skills(search)}
        shown = [s for s in all_skills().values() if s.code in ticked | found]
        self.fields["skills"].choices = [(s.code, s.label) for s in shown]
        self.nothing_found = not found


class TimeForm(StepForm):
    languages = forms.MultipleChoiceField(
        label="زبان‌ها", choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    availability = forms.MultipleChoiceField(
        label="چه هنگام", choices=Availability.choices, widget=forms.CheckboxSelectMultiple
    )
    is_remote = forms.BooleanField(label="از راه دور هم می‌توانم.", required=False)


class AccessForm(StepForm):
    access_needs = forms.CharField(
        label="چه چیزی همراهی را برای شما آسان می‌کند؟",
        max_length=300,
        required=False,
        help_text=phrases.ACCESS_HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    access_agreed = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.ACCESS], required=False)

    def clean(self) -> dict[str, Any]:
        needs = normalise(self.cleaned_data.get("access_needs", ""))
        self.cleaned_data["access_needs"] = needs
        if needs and not self.cleaned_data.get("access_agreed"):
            self.add_error("access_agreed", phrases.ACCESS_UNAGREED)
        return self.cleaned_data


class ConsentsForm(StepForm):
    data = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.DATA])
    conduct = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.CONDUCT])
    contact = forms.BooleanField(label=phrases.CONSENTS[ConsentKind.CONTACT], required=False)
    merge = forms.BooleanField(label=phrases.MERGE, required=False)

    def __init__(self, *args, is_known: bool = False, **more) -> None:
        super().__init__(*args, **more)
        if not is_known:
            del self.fields["merge"]


STEPS: dict[str, type[StepForm]] = {
    "identity": IdentityForm,
    "guardian": GuardianForm,
    "province": ProvinceForm,
    "county": CountyForm,
    "work": WorkForm,
    "skills": SkillsForm,
    "time": TimeForm,
    "access": AccessForm,
    "consents": ConsentsForm,
}


def form_of(step: str, answers: Answers, sent: Any = None, **more: Any) -> StepForm:
    """The form of a step: with what is sent now, else with what was sent before, else empty."""
    data = sent if sent is not None else as_data(answers[step]) if step in answers else None
    return STEPS[step](data, so_far=answers, **more)


def as_data(kept: Mapping[str, list[str]]) -> MultiValueDict:
    return MultiValueDict({name: list(values) for name, values in kept.items()})


def steps_of(answers: Answers) -> list[str]:
    """The steps this person goes through: a guardian's only for those who are not of age."""
    return [step for step in STEPS if step != "guardian" or is_minor(answers)]


def is_minor(answers: Answers) -> bool:
    """Whether the answers so far are of somebody who is not of age."""
    form = form_of("identity", answers)
    if not form.is_bound or not form.is_valid():
        return False
    return selectors.is_minor(form.cleaned_data["born_on"])

"""What volunteers type on their own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile, show_mobile
from core.phrases import sentence
from core.text import normalise
from volunteers import join_phrases
from volunteers.enums import Availability, ConsentKind, Language, Section, VolunteerRole
from volunteers.models import Volunteer
from volunteers.services.profile import ProfileFacts
from volunteers.skills import all_skills

_LTR = {"dir": "ltr", "autocomplete": "off"}


class ProfileForm(forms.Form):
    """Work, skills and times; a birthday that is not known yet."""

    born_on = JalaliDateField(
        label="روز تولد", widget=forms.TextInput(attrs=_LTR), help_text=join_phrases.BORN_HELP
    )
    role = forms.ChoiceField(label="نقش", choices=VolunteerRole.choices)
    profession = forms.CharField(label="پیشه", max_length=80, required=False)
    licence_no = forms.CharField(
        label="شمارهٔ پروانه یا نظام",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_LTR),
        help_text=join_phrases.LICENCE_HELP,
    )
    sections = forms.MultipleChoiceField(
        label="بخش‌ها", choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    skills = forms.MultipleChoiceField(label="مهارت‌ها", required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label="زبان‌ها", choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    availability = forms.MultipleChoiceField(
        label="چه هنگام", choices=Availability.choices, widget=forms.CheckboxSelectMultiple
    )
    is_remote = forms.BooleanField(label="از راه دور هم می‌توانم.", required=False)

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        initial = {name: getattr(volunteer, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["skills"].choices = [(s.code, s.label) for s in all_skills().values()]
        for name, field in self.fields.items():
            field.error_messages["required"] = join_phrases.MISSING.get(name, join_phrases.MISSING_ANY)
        if volunteer.born_on is not None:
            del self.fields["born_on"]

    def clean_profession(self) -> str:
        return normalise(self.cleaned_data["profession"])

    def clean_licence_no(self) -> str:
        return normalise(self.cleaned_data["licence_no"])

    @property
    def facts(self) -> ProfileFacts:
        return ProfileFacts(**self.cleaned_data)


class NeedsForm(forms.Form):
    """What makes taking part easy, with its own consent; nothing written takes both back."""

    needs = forms.CharField(
        label="چه چیزی همراهی را برای شما آسان می‌کند؟",
        max_length=300,
        required=False,
        help_text=join_phrases.NEEDS_HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.BooleanField(label=join_phrases.CONSENTS[ConsentKind.ACCESS], required=False)

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        kept = volunteer.access_needs
        super().__init__(*args, initial={"needs": kept, "agreed": bool(kept)}, **kwargs)

    def clean(self) -> dict[str, Any]:
        if normalise(self.cleaned_data.get("needs", "")) and not self.cleaned_data.get("agreed"):
            self.add_error("agreed", join_phrases.ACCESS_UNAGREED)
        return self.cleaned_data


class OwnGuardianForm(forms.Form):
    """Whom somebody under age names; the number is asked, not believed."""

    guardian_name = forms.CharField(label="نام سرپرست", max_length=80)
    guardian_mobile = forms.CharField(
        label="شمارهٔ همراه سرپرست",
        max_length=40,
        widget=forms.TextInput(attrs=_LTR | {"inputmode": "numeric"}),
        help_text=join_phrases.GUARDIAN_HELP,
    )

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        kept = volunteer.guardian_mobile and show_mobile(volunteer.guardian_mobile)
        initial = {"guardian_name": volunteer.guardian_name, "guardian_mobile": kept}
        super().__init__(*args, initial=initial, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = join_phrases.MISSING[name]

    def clean_guardian_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["guardian_mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error


class NameOnPaperForm(forms.Form):
    name = forms.CharField(label="نامی که روی گواهی نوشته شده است", max_length=80)

"""What somebody types who wishes to join."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from core.errors import DomainError
from core.identifiers import parse_mobile
from core.phrases import sentence
from core.text import normalise
from provinces.models import Province
from provinces.selectors import find_province
from volunteers import phrases
from volunteers.enums import Section

LEAST_NAME = 2


class JoinForm(forms.Form):
    """Name, mobile, province and section. Valid, `cleaned_data` holds the mobile as stored and the rows."""

    section = forms.ChoiceField(
        label=phrases.SECTION,
        choices=Section.choices,
        error_messages={"required": phrases.SECTION_MISSING, "invalid_choice": phrases.SECTION_MISSING},
    )
    name = forms.CharField(
        label=phrases.NAME,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": phrases.NAME_MISSING},
    )
    mobile = forms.CharField(
        label=phrases.MOBILE,
        max_length=40,
        help_text=phrases.MOBILE_HELP,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel", "type": "tel"}
        ),
        error_messages={"required": phrases.MOBILE_MISSING},
    )
    province = forms.ChoiceField(
        label=phrases.PROVINCE,
        error_messages={"required": phrases.PROVINCE_MISSING, "invalid_choice": phrases.PROVINCE_MISSING},
    )

    def __init__(self, *args, provinces: list[Province], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [
            ("", phrases.CHOOSE_PROVINCE),
            *((province.code, province.name) for province in provinces),
        ]

    def clean_name(self) -> str:
        name = normalise(self.cleaned_data["name"])
        if len(name) < LEAST_NAME:
            raise ValidationError(phrases.NAME_MISSING, code="required")
        return name

    def clean_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean_province(self) -> Province:
        return find_province(self.cleaned_data["province"])

    def clean_section(self) -> Section:
        return Section(self.cleaned_data["section"])

    def section_choices(self) -> list[dict[str, object]]:
        """For components/choice_cards.html."""
        chosen = self["section"].value()
        return [
            {"value": code, "label": label, "hint": phrases.SECTION_HINTS[code], "checked": code == chosen}
            for code, label in Section.choices
        ]

"""What people may ask of the dashboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from campaigns.channels import parse_number
from campaigns.enums import IN_PERSON, ChannelKind
from core.errors import DomainError
from core.jalali import format_short, parse_jalali
from core.phrases import sentence
from dashboards import phrases
from provinces.models import Province


class JalaliDayField(forms.Field):
    """A Jalali day as people type it; a Gregorian date in `cleaned_data`, None when left empty."""

    widget = forms.TextInput

    def to_python(self, value: object) -> date | None:
        if isinstance(value, date):
            return value
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            return parse_jalali(typed)
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def prepare_value(self, value: object) -> object:
        return format_short(value) if isinstance(value, date) else value


class PeriodForm(forms.Form):
    """From a day to a day, both optional. Fields `from` and `to`.

    `kept` are further parameters of the page that must survive; with `provinces` (code, name) a province may be
    chosen as well.
    """

    def __init__(
        self,
        data: Mapping[str, object],
        *,
        kept: Mapping[str, str] | None = None,
        provinces: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__({**(kept or {}), **data})
        if provinces:
            choices = [("", phrases.WHOLE_COUNTRY), *provinces]
            self.fields["province"] = forms.ChoiceField(label=phrases.WHERE, choices=choices, required=False)
        else:
            for name in kept or {}:
                self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.fields["from"] = JalaliDayField(label=phrases.FROM, required=False)
        self.fields["to"] = JalaliDayField(label=phrases.TO, required=False)

    def clean(self) -> dict:
        start, end = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if start and end and end < start:
            self.add_error("to", ValidationError(sentence("bad_period"), code="bad_period"))
        return self.cleaned_data


class ChannelChoiceForm(forms.Form):
    """Which ways to give the page shows. Choices only: a typed number would stand in the address."""

    province = forms.ChoiceField(label=phrases.CHANNEL_PLACE, required=False)
    kind = forms.ChoiceField(label=phrases.CHANNEL_KIND, required=False)

    def __init__(self, *args, provinces: Sequence[Province], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [
            ("", phrases.ALL_PROVINCES),
            *((province.slug, province.name) for province in provinces),
        ]
        kinds = [kind for kind in ChannelKind if kind not in IN_PERSON]
        self.fields["kind"].choices = [("", phrases.ALL_KINDS), *((kind, kind.label) for kind in kinds)]


class CheckNumberForm(forms.Form):
    """A card, IBAN or USSD code somebody heard of; its kind and one stored form in `cleaned_data`."""

    number = forms.CharField(
        label=phrases.CHECK_LABEL,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> tuple[ChannelKind, str]:
        try:
            return parse_number(self.cleaned_data["number"])
        except DomainError as error:
            raise ValidationError(phrases.CHECK_INVALID, code=error.code) from error

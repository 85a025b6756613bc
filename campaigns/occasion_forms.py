"""Forms in which headquarters keeps the calendar of occasions."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.enums import Anchor, CampaignState, OccasionActKind
from campaigns.models import Edition, Fund, Occasion
from campaigns.services.occasions import OccasionFacts
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.jalali import parse_jalali
from core.phrases import sentence
from core.text import ascii_digits, persian_digits
from provinces.enums import Role

COLUMNS = ("code", "name", "hijri_year", "starts_on", "ends_on", "source", "fund", "is_public", "shown_days")
_YES = "yes"
_MOST_BYTES, _MOST_LINES = 200_000, 500
_DAY = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


def _day(label: str) -> JalaliDateField:
    return JalaliDateField(label=label, widget=forms.TextInput(attrs=_DAY))


class DaysForm(forms.Form):
    """The days of an occasion; an empty end is the day of the start."""

    starts_on = _day(_("آغاز"))
    ends_on = JalaliDateField(
        label=_("پایان"),
        required=False,
        help_text=_("خالی: همان یک روز"),
        widget=forms.TextInput(attrs=_DAY),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "ends_on" in said:
            said["ends_on"] = said["ends_on"] or said.get("starts_on")
        return said


class ConfirmForm(DaysForm):
    source = forms.CharField(label=_("منبع"), max_length=200, help_text=_("چه کسی، کجا و کی اعلام کرد."))


class EstimateForm(DaysForm):
    reason = forms.CharField(label=_("دلیل"), max_length=200, required=False)


class ShownForm(forms.Form):
    """How an occasion is shown to the public."""

    name = forms.CharField(label=_("نام"), max_length=80)
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("نوع کمکی که پیش می‌نهد"), required=False, empty_label=_("فرم باز")
    )
    shown_days = forms.IntegerField(
        label=_("از چند روز پیش در صفحهٔ نخست"),
        min_value=0,
        max_value=120,
        initial=21,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )
    is_public = forms.BooleanField(label=_("در تقویم مردم دیده شود"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)

    def fund_code(self) -> str:
        fund = self.cleaned_data["fund"]
        return fund.pk if fund else ""


class NewOccasionForm(ShownForm, DaysForm):
    """An occasion of a year that is not in the calendar yet."""

    code = forms.CharField(
        label=_("کد"),
        max_length=40,
        help_text=_("همان کد سال‌های پیش، مانند ramadan یا yalda؛ سال‌ها با آن به هم می‌پیوندند."),
        widget=forms.TextInput(attrs={"dir": "ltr", "list": "occasion-codes", "autocomplete": "off"}),
    )
    hijri_year = forms.IntegerField(
        label=_("سال قمری"),
        required=False,
        min_value=1400,
        max_value=1600,
        help_text=_("خالی: مناسبت خورشیدی یا جهانی"),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )
    field_order = ("code", "name", "hijri_year", "starts_on", "ends_on", "fund", "shown_days", "is_public")

    def facts(self) -> OccasionFacts:
        said = self.cleaned_data
        return OccasionFacts(
            code=said["code"],
            name=said["name"],
            hijri_year=said["hijri_year"] or 0,
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            fund=self.fund_code(),
            is_public=said["is_public"],
            shown_days=said["shown_days"],
        )

    @staticmethod
    def known_codes() -> list[str]:
        return sorted(set(Occasion.objects.values_list("code", flat=True)))


class ActForm(forms.Form):
    """An order: what happens, on which day counted from the occasion."""

    kind = forms.ChoiceField(label=_("چه"), choices=OccasionActKind.choices)
    anchor = forms.ChoiceField(label=_("از"), choices=Anchor.choices)
    offset_days = forms.IntegerField(
        label=_("چند روز پس از آن"),
        initial=0,
        min_value=-120,
        max_value=120,
        help_text=_("پیش از آن با منفی: ‎-۳"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=_("دورهٔ پویش"), required=False, empty_label=_("هیچ (یادآوری)")
    )
    role = forms.ChoiceField(label=_("یادآوری برای"), required=False, choices=[("", _("هیچ")), *Role.choices])
    text = forms.CharField(
        label=_("متن یادآوری یا سخن پایانی پویش"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    waits_for_confirmation = forms.BooleanField(
        label=_("تنها پس از تأیید تاریخ"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        over = (CampaignState.CLOSED, CampaignState.REPORTED)
        self.fields["edition"].queryset = (
            Edition.objects.filter(campaign__only_in="").exclude(state__in=over).select_related("campaign")
        )


class YearForm(forms.Form):
    """Which Jalali year of the calendar is shown."""

    year = forms.TypedChoiceField(label=_("سال خورشیدی"), coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = sorted(set(Occasion.objects.values_list("jalali_year", flat=True)), reverse=True)
        self.fields["year"].choices = [(year, persian_digits(year)) for year in years]


class CalendarFileForm(forms.Form):
    """A calendar as CSV, with the columns of the export."""

    file = forms.FileField(label=_("فایل CSV"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self) -> list[tuple[OccasionFacts, str]]:
        """The lines as facts and the source of each confirmation; the first bad line is named."""
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise ValidationError(sentence("occasion_file_bad"))
        try:
            reader = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")))
            lines = [dict(line) for line in reader]
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValidationError(sentence("occasion_file_bad")) from error
        if not set(COLUMNS[:5]) <= set(reader.fieldnames or ()) or len(lines) > _MOST_LINES:
            raise ValidationError(sentence("occasion_file_bad"))
        return [self._line(number, line) for number, line in enumerate(lines, start=1)]

    @staticmethod
    def _line(number: int, line: dict[str, str | None]) -> tuple[OccasionFacts, str]:
        said = {name: str(line.get(name) or "").strip().lstrip("'") for name in COLUMNS}
        try:
            facts = OccasionFacts(
                code=said["code"],
                name=said["name"],
                hijri_year=int(ascii_digits(said["hijri_year"] or "0")),
                starts_on=parse_jalali(said["starts_on"]),
                ends_on=parse_jalali(said["ends_on"] or said["starts_on"]),
                fund=said["fund"],
                is_public=said["is_public"] in ("", _YES),
                shown_days=int(ascii_digits(said["shown_days"] or "21")),
            )
            if not (0 <= facts.hijri_year <= 1600 and 0 <= facts.shown_days <= 120):
                raise DomainError("occasion_file_bad")
        except (ValueError, DomainError) as error:
            code = error.code if isinstance(error, DomainError) else "occasion_file_bad"
            raise ValidationError(
                _("سطر %(line)s: %(why)s"),
                params={"line": persian_digits(number), "why": sentence(code)},
            ) from error
        return facts, said["source"]

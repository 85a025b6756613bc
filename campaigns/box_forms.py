"""What a person types about a box: where it stands, its seal, what went wrong, its permit."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns import box_phrases as phrases
from campaigns.boxes import find_box
from campaigns.desk_forms import parse_numbers, provinces_of
from campaigns.models import Box
from campaigns.services.box_life import Permit, Spot, checked
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers.lines import parse_mobile
from core.jalali import parse_jalali
from core.phrases import sentence
from core.text import ascii_digits, normalise, persian_digits
from provinces.models import Province
from provinces.scoping import current_scope

_PERMIT_LINE = re.compile(r"(?P<numbers>\S+)\s+(?P<permit>\S.*?)\s+(?P<day>\S+)")
_NUMBERS = re.compile(r"[0-9]+\.[0-9]+")
_LTR = {"dir": "ltr", "inputmode": "decimal", "autocomplete": "off"}


class DegreesField(forms.DecimalField):
    """Degrees with digits of three scripts and either decimal mark."""

    widget = forms.TextInput(attrs=_LTR)

    def to_python(self, value) -> Decimal | None:
        typed = (
            ascii_digits(normalise(str(value or ""))).replace("٫", ".").replace("/", ".").replace(",", ".")
        )
        if not typed:
            return None
        try:
            return round(Decimal(typed), 6)
        except InvalidOperation as error:
            raise ValidationError(sentence("bad_coordinates"), code="bad_coordinates") from error


class SpotForm(forms.Form):
    """A point, both numbers or neither."""

    latitude = DegreesField(label=_("عرض جغرافیایی"), required=False, help_text=phrases.SPOT_HELP)
    longitude = DegreesField(label=_("طول جغرافیایی"), required=False)

    def clean(self) -> dict:
        data = super().clean()
        given = [name for name in ("latitude", "longitude") if data.get(name) is not None]
        if len(given) == 1:
            self.add_error(given[0], ValidationError(_("عرض و طول با هم نوشته می‌شوند.")))
        return data

    @property
    def spot(self) -> Spot | None:
        data = self.cleaned_data
        return Spot(data["latitude"], data["longitude"]) if data["latitude"] is not None else None


class PlaceForm(SpotForm):
    """The box stands here."""

    address = forms.CharField(label=_("محل"), required=False, max_length=200, help_text=phrases.ADDRESS_HELP)


class SealForm(forms.Form):
    seal_no = forms.CharField(
        label=phrases.SEAL_SEEN, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CollectForm(forms.Form):
    """What the collector reads on the box; nothing, when the seal is gone."""

    seal_no = forms.CharField(
        label=phrases.SEAL_SEEN,
        max_length=40,
        required=False,
        help_text=_("اگر مهروموم نیست خالی بگذارید."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TroubleForm(forms.Form):
    reason = forms.CharField(label=phrases.REASON, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ResealForm(SealForm, TroubleForm):
    field_order = ["seal_no", "reason"]


class DescribeForm(SpotForm):
    """Place, custodian and permit of one box."""

    address = forms.CharField(label=_("محل"), required=False, max_length=200)
    custodian_name = forms.CharField(label=_("نام متولی"), required=False, max_length=80)
    custodian_mobile = forms.CharField(
        label=_("همراه متولی"),
        required=False,
        max_length=20,
        help_text=_("رمزشده نگه داشته می‌شود."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    remind_custodian = forms.BooleanField(
        label=_("اگر صندوق پس از موسم در محل ماند، هفته‌ای یک بار به متولی پیامک شود"),
        required=False,
        initial=True,
    )
    permit_no = forms.CharField(label=_("شمارهٔ مجوز شورای زکات"), required=False, max_length=40)
    permit_valid_until = JalaliDateField(label=_("اعتبار مجوز تا"), required=False)
    field_order = ["address", "latitude", "longitude"]

    @classmethod
    def facts_of(cls, box: Box) -> dict[str, object]:
        return {name: getattr(box, name) for name in cls.base_fields}

    def clean_custodian_mobile(self) -> str:
        typed = self.cleaned_data["custodian_mobile"]
        try:
            return parse_mobile(typed) if typed else ""
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean(self) -> dict:
        data = super().clean()
        if bool(data.get("permit_no")) != bool(data.get("permit_valid_until")) and not self.errors:
            lacking = "permit_valid_until" if data.get("permit_no") else "permit_no"
            self.add_error(lacking, ValidationError(_("شماره و اعتبار مجوز با هم نوشته می‌شوند.")))
        return data


class PermitsForm(forms.Form):
    """Permits of many boxes of a province, a line each; `permits` of a valid form."""

    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)
    lines = forms.CharField(
        label=_("ردیف‌ها"),
        max_length=200_000,
        help_text=_("مانند «۱۲ ۱۲۴/ز ۱۴۰۶/۰۲/۳۱» یا «۱-۵۰ ۱۲۴/ز ۱۴۰۶/۰۲/۳۱»"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = provinces_of(current_scope())
        only = list(self.fields["province"].queryset[:2])
        if len(only) == 1:
            self.fields["province"].initial, self.fields["province"].widget = only[0], forms.HiddenInput()

    def clean_lines(self) -> list[Permit]:
        permits: list[Permit] = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                permits += _permits_of(line)
            except (DomainError, ValidationError) as error:
                words = persian_digits(phrases.BAD_PERMIT_LINE.format(line=number))
                raise ValidationError(words, code="bad_permit_line") from error
        if not permits:
            raise ValidationError(phrases.NO_PERMIT_LINES, code="required")
        return permits


def _permits_of(line: str) -> list[Permit]:
    match = _PERMIT_LINE.fullmatch(line.strip())
    if match is None:
        raise ValidationError("line")
    first, last = parse_numbers(match["numbers"])
    if last - first >= 2_000:
        raise ValidationError("range")
    until = parse_jalali(match["day"])
    return [Permit(number, normalise(match["permit"]), until) for number in range(first, last + 1)]


class NearForm(forms.Form):
    """From where distances on the map are counted: `near` of a valid one is a Spot or None."""

    near = forms.CharField(
        label=phrases.NEAR, required=False, max_length=40, help_text=phrases.NEAR_HELP, widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-near": ""}
        )
    )  # fmt: skip

    def clean_near(self) -> Spot | None:
        typed = normalise(self.cleaned_data["near"])
        if not typed:
            return None
        numbers = _NUMBERS.findall(ascii_digits(typed).replace("٫", "."))
        if len(numbers) == 2:
            try:
                return checked(Spot(Decimal(numbers[0]), Decimal(numbers[1])))
            except DomainError as error:
                raise ValidationError(sentence(error.code), code=error.code) from error
        box = find_box(typed)
        if box is None or box.latitude is None:
            raise ValidationError(phrases.NEAR_UNKNOWN, code="unknown_box")
        return Spot(box.latitude, box.longitude)

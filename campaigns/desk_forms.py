"""Forms of the desk for boxes and their printed codes."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.enums import BoxState, PermitStanding, StickerFormat
from campaigns.models import Box, Edition, Fund
from campaigns.selectors import editions_open_here
from campaigns.services.placements import MOST_AT_ONCE
from core.form_fields import JalaliDateField
from core.phrases import sentence
from core.text import ascii_digits, normalise
from provinces.models import County, Province
from provinces.scoping import Scope, current_scope

_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_DASHES = re.compile("[‐-―−]|تا")
_NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


def provinces_of(scope: Scope) -> QuerySet[Province]:
    """The provinces whose boxes may be seen in a scope, in Persian order."""
    if scope.everything:
        return Province.objects.all()
    return Province.objects.filter(
        Q(pk__in=scope.provinces) | Q(pk__in=County.objects.filter(pk__in=scope.counties).values("province"))
    )


def counties_of(scope: Scope) -> QuerySet[County]:
    """The active counties in which boxes may be made in a scope."""
    counties = County.objects.filter(is_active=True)
    if scope.everything:
        return counties
    return counties.filter(Q(province__in=scope.provinces) | Q(pk__in=scope.counties))


class BoxFilterForm(forms.Form):
    """What the list of boxes shows."""

    q = forms.CharField(label=_("شماره، کد یا محل"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("وضعیت"), required=False, choices=[("", _("همه")), *BoxState.choices])
    permit = forms.ChoiceField(
        label=_("مجوز"), required=False, choices=[("", _("همه")), *PermitStanding.choices]
    )
    late = forms.BooleanField(label=_("تنها دیرشده‌ها: گام بعد دیر شده است"), required=False)
    silent = forms.BooleanField(label=_("تنها خاموش‌ها: بی هیچ کمک"), required=False)
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همه")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        choose(self, "province", provinces_of(scope))
        if scope.everything:
            del self.fields["county"]  # 482 of them: a province is chosen first, on its own pages
        else:
            choose(self, "county", counties_of(scope))


class StickerForm(forms.Form):
    """Which boxes of the list get a sheet: those that are ticked, or a range of numbers."""

    boxes = forms.TypedMultipleChoiceField(required=False, coerce=int)
    numbers = forms.CharField(
        label=_("یا شماره‌های صندوق"),
        required=False,
        max_length=20,
        help_text=_("مانند ۱-۵۰"),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    size = forms.ChoiceField(
        label=_("اندازهٔ برچسب"), choices=StickerFormat.choices, initial=StickerFormat.BOX
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        ticked = self.data.getlist("boxes") if self.is_bound else []
        self.fields["boxes"].choices = [(pk, pk) for pk in ticked if pk.isdigit()]

    def clean_numbers(self) -> tuple[int, int] | None:
        typed = self.cleaned_data["numbers"]
        return parse_numbers(typed) if typed else None


def parse_numbers(typed: str) -> tuple[int, int]:
    """(first, last) of «۱-۵۰», "1-50", «۱ تا ۵۰» or «۷»; raises ValidationError."""
    plain = _DASHES.sub("-", ascii_digits(normalise(typed))).replace(" ", "")
    match = _RANGE.fullmatch(plain)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise ValidationError(sentence("bad_numbers"), code="bad_numbers")
    return int(match[1]), int(match[2] or match[1])


class NewBoxForm(forms.Form):
    """One box, or many with consecutive numbers and everything else alike."""

    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    count = forms.IntegerField(
        label=_("چند صندوق"),
        initial=1,
        min_value=1,
        max_value=MOST_AT_ONCE,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    number = forms.IntegerField(
        label=_("شمارهٔ نخستین صندوق"),
        required=False,
        min_value=1,
        help_text=_("خالی: شمارهٔ بعدی استان"),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    address = forms.CharField(label=_("محل"), required=False, max_length=200)
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=_("پویش"), required=False, empty_label=_("بدون پویش")
    )
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("نوع کمک"), required=False, empty_label=_("به انتخاب نیکوکار")
    )
    permit_no = forms.CharField(
        label=_("شمارهٔ مجوز شورای زکات"),
        required=False,
        max_length=40,
        help_text=_("صندوق بدون مجوز ساخته می‌شود ولی مستقر نمی‌شود."),
    )
    permit_valid_until = JalaliDateField(label=_("اعتبار مجوز تا"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        choose(self, "province", provinces_of(scope))
        choose(self, "county", counties_of(scope).select_related("province"))
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None
        self.fields["county"].label_from_instance = county_label if scope.everything else str
        self.fields["edition"].queryset = editions_open_here()
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)
        self.fields["fund"].initial = "fitriyeh_general"

    def clean(self) -> dict:
        data = super().clean()
        county, province = data.get("county"), data.get("province")
        if county and province and county.province_id != province.pk:
            self.add_error("county", ValidationError(sentence("unknown_county"), code="unknown_county"))
        if bool(data.get("permit_no")) != bool(data.get("permit_valid_until")) and not self.errors:
            lacking = "permit_valid_until" if data.get("permit_no") else "permit_no"
            self.add_error(lacking, ValidationError(_("شماره و اعتبار مجوز با هم نوشته می‌شوند.")))
        return data


def choose(form: forms.Form, name: str, queryset: QuerySet) -> None:
    """Offer rows of the scope; a single one is no choice, so the field is not asked."""
    field = form.fields[name]
    field.queryset = queryset
    rows = list(field.queryset[:2])
    if len(rows) == 1:
        field.initial, field.widget = rows[0], forms.HiddenInput()


def county_label(county: County) -> str:
    """A county with its province, where all provinces stand in one list."""
    return f"{county.province.name} – {county.name}"


def boxes_named_by(form: StickerForm, boxes: QuerySet[Box]) -> QuerySet[Box]:
    """The boxes that a valid form names, out of those that the list shows."""
    numbers = form.cleaned_data["numbers"]
    if numbers:
        return boxes.filter(number__range=numbers)
    return boxes.filter(pk__in=form.cleaned_data["boxes"])

"""Fields of forms that people type Persian into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.errors import DomainError
from core.jalali import format_short, parse_jalali
from core.money import group_digits, parse_toman, rial_to_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise


class JalaliDateField(forms.DateField):
    """A Gregorian date of a Jalali day, typed with Persian or Latin digits; shown as «۱۴۰۵/۰۲/۱۲».

    A Gregorian year is refused, never taken for a Jalali one.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return parse_jalali(value)
        except DomainError as error:
            raise ValidationError(sentence(error.code), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return format_short(value) if isinstance(value, date) else value


class QuantityField(forms.CharField):
    """An amount of goods as an exact Decimal: digits of three scripts, a dot, a slash or «٫» before at most three more.

    Zero and less are refused unless `least` allows them.
    """

    def __init__(self, *, least: Decimal | int = Decimal("0.001"), **kwargs: Any) -> None:
        self.least = Decimal(least)
        attributes = {"dir": "ltr", "inputmode": "decimal", "autocomplete": "off", "maxlength": "14"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        typed = ascii_digits(normalise(super().clean(value))).replace("٫", ".").replace("/", ".")
        typed = re.sub(r"[\s,٬،]", "", typed)
        if not typed:
            return None
        if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", typed) or Decimal(typed) < self.least:
            raise ValidationError(sentence("bad_goods_quantity"), code="bad_goods_quantity")
        return Decimal(typed)


class TomanField(forms.CharField):
    """Whole rials of an amount typed in toman («۵۰٬۰۰۰», «۲ میلیون»); shown grouped, in toman."""

    def __init__(self, **options: Any) -> None:
        attributes = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(**{"max_length": 60, "widget": forms.TextInput(attrs=attributes)} | options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return int(parse_toman(typed))
        except DomainError as error:
            raise ValidationError(sentence(error.code), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return group_digits(rial_to_toman(value)[0]) if isinstance(value, int) else value


class LongChoices:
    """Hundreds of (value, label), or (group, choices), made once and shared by many forms: drawn once, and looked up
    where a list would be searched."""

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        self._choices = tuple(choices)
        self._html = format_html_join("", "{}", ((_options(choice),) for choice in self._choices))
        self._values = frozenset(str(value) for value in _values(self._choices))

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self._choices)

    def __contains__(self, value: Any) -> bool:
        return str(value) in self._values

    def html(self, chosen: str) -> SafeString:
        """The options, with the chosen one marked."""
        if chosen not in self._values:
            return self._html
        plain = format_html('<option value="{}">', chosen)
        return mark_safe(self._html.replace(plain, f"{plain[:-1]} selected>", 1))  # noqa: S308  escaped above


def _options(choice: tuple[Any, Any]) -> SafeString:
    value, label = choice
    if isinstance(label, (list, tuple)):
        inner = format_html_join("", "{}", ((_options(one),) for one in label))
        return format_html('<optgroup label="{}">{}</optgroup>', value, inner)
    return format_html('<option value="{}">{}</option>', value, label)


def _values(choices: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _values(label)
        else:
            yield value


class LongSelect(forms.Widget):
    """A select of `LongChoices`: Django would render a template for each option of each page."""

    options = LongChoices(())

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, self.options.html(str(value or "")))


class LongChoiceField(forms.Field):
    """One of `options`, which are set when the form is made."""

    widget = LongSelect
    default_error_messages = forms.ChoiceField.default_error_messages

    @property
    def options(self) -> LongChoices:
        return self.widget.options

    @options.setter
    def options(self, options: LongChoices) -> None:
        self.widget.options = options

    def to_python(self, value: Any) -> str:
        return "" if value in self.empty_values else str(value)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and value not in self.options:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )

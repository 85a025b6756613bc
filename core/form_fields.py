"""Fields of forms that people type Persian into."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.errors import DomainError
from core.jalali import format_short, parse_jalali
from core.phrases import sentence


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

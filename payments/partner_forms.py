"""What an administrator fills in about a partner's keys."""

from __future__ import annotations

from django import forms

from core.admin_base import JalaliDateWidget
from core.form_fields import JalaliDateField
from core.jalali import format_short, tehran_today
from payments import partner_phrases as phrases
from payments.enums import KeyMode


def _today() -> str:
    return format_short(tehran_today())


class NewKeyForm(forms.Form):
    mode = forms.ChoiceField(label=phrases.KEY_MODE, choices=KeyMode.choices, initial=KeyMode.SANDBOX)
    valid_from = JalaliDateField(label=phrases.VALID_FROM, widget=JalaliDateWidget, initial=_today)
    valid_until = JalaliDateField(label=phrases.VALID_UNTIL, widget=JalaliDateWidget, required=False)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the decision."""


class RevokeForm(forms.Form):
    reason = forms.CharField(label=phrases.REASON, max_length=300)

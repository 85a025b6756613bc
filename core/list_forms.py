"""What every filter of a list may ask besides its own questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_fields import JalaliDateField
from core.phrases import sentence

MOST_CHOSEN = 500
_KEY_DIGITS = 18


class DaysForm(forms.Form):
    """The first and the last Jalali day, both included, behind whatever else a filter asks."""

    since = JalaliDateField(label=_("از روز"), required=False)
    until = JalaliDateField(label=_("تا روز"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name] = self.fields.pop(name)

    def clean(self) -> dict:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", forms.ValidationError(sentence("bad_period"), code="bad_period"))
        return data


class ChosenForm(forms.Form):
    """The rows of a list that were chosen, by their keys; at least one."""

    row = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        sent = [key for key in self.data.getlist("row") if key.isdecimal() and len(key) <= _KEY_DIGITS]
        self.fields["row"].choices = [(key, key) for key in sent[:MOST_CHOSEN]]

"""Forms of headquarters' pages."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError

from core.form_fields import JalaliDateField
from core.money import toman_to_rial
from core.text import ascii_digits, normalise
from dashboards import hq_phrases as phrases
from dashboards.enums import Precision, ToldKind, ToldUnit
from dashboards.services.told_figures import Told

_DAY = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
_MOST = Decimal(10) ** 18


def _day(label: str, *, required: bool = False) -> JalaliDateField:
    return JalaliDateField(label=label, required=required, widget=forms.TextInput(attrs=_DAY))


class ToldForm(forms.Form):
    """A figure as it was told; money in toman."""

    topic = forms.CharField(label=phrases.TOLD_TOPIC, max_length=120, help_text=phrases.TOLD_TOPIC_HELP)
    kind = forms.ChoiceField(label=phrases.TOLD_KIND, choices=ToldKind.choices)
    unit = forms.ChoiceField(label=phrases.TOLD_UNIT, choices=ToldUnit.choices)
    precision = forms.ChoiceField(
        label=phrases.TOLD_PRECISION,
        choices=[(value, label or phrases.EXACTLY) for value, label in Precision.choices],
    )
    amount = forms.CharField(
        label=phrases.TOLD_AMOUNT,
        max_length=30,
        help_text=phrases.TOLD_AMOUNT_HELP,
        widget=forms.TextInput(attrs=_DAY),
    )
    starts_on = _day(phrases.TOLD_START)
    ends_on = _day(phrases.TOLD_END)
    source = forms.CharField(label=phrases.TOLD_SOURCE, max_length=200)
    told_on = _day(phrases.TOLD_ON)
    note = forms.CharField(label=phrases.TOLD_NOTE, max_length=300, required=False)

    def clean_amount(self) -> Decimal:
        typed = ascii_digits(normalise(self.cleaned_data["amount"])).replace("٫", ".")
        try:
            amount = Decimal(typed.replace("٬", "").replace(",", ""))
        except InvalidOperation as error:
            raise ValidationError(phrases.BAD_AMOUNT) from error
        if not amount.is_finite() or abs(amount) >= _MOST:
            raise ValidationError(phrases.BAD_AMOUNT)
        return amount

    def told(self) -> Told:
        """What the service takes; money as rials."""
        said = dict(self.cleaned_data)
        if said["unit"] == ToldUnit.RIAL:
            said["amount"] = Decimal(toman_to_rial(int(said["amount"])))
        return Told(**said)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=phrases.TOLD_REASON, max_length=300)


class ClientFileForm(forms.Form):
    """A file of counts, the day they are of and whose they are."""

    as_of = _day(phrases.AS_OF, required=True)
    source = forms.CharField(label=phrases.SOURCE, max_length=200)
    file = forms.FileField(label=phrases.FILE)


class HabitsForm(forms.Form):
    """Which month or year, and by what campaigns are ranked."""

    period = forms.ChoiceField(label=phrases.HABITS_PERIOD, required=False)
    order = forms.ChoiceField(
        label=phrases.HABITS_ORDER, required=False, choices=list(phrases.ORDERS.items())
    )

    def __init__(self, *args, periods: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods

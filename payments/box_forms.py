"""What two people type when they count a box, and the slip of the bank."""

from django import forms

from payments import box_phrases as phrases
from payments.box_selectors import counts_to_bank
from payments.counter_forms import CountForm, DepositForm
from provinces.models import Office


class FirstCountForm(CountForm):
    """How many of each note lay in the box."""

    note = None


class SecondCountForm(CountForm):
    """The same by a second person, who explains a difference."""

    note = None
    reason = forms.CharField(
        label=phrases.EXPLANATION, max_length=300, required=False, help_text=phrases.EXPLANATION_HELP
    )


class RefuseCountForm(forms.Form):
    reason = forms.CharField(
        label=phrases.EXPLANATION, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class BoxDepositForm(DepositForm):
    """Which boxes' money one slip carries."""

    def __init__(self, *args, office: Office, **kwargs) -> None:
        super().__init__(*args, office=office, **kwargs)
        self.fields["counts"].label = phrases.READY
        self.fields["counts"].queryset = counts_to_bank(office)

"""What a person decides about a case."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases import phrases
from cases.enums import CaseKind, CaseState
from cases.selectors import MINE, NOBODYS
from core.list_forms import DaysForm
from core.models import User

MOST_CHARACTERS = 500


class CaseFilterForm(DaysForm):
    """What the list of cases shows; open ones unless something else is asked for."""

    state = forms.ChoiceField(
        label=_("وضعیت"), required=False, choices=CaseState.choices, initial=CaseState.OPEN
    )
    kind = forms.ChoiceField(label=_("موضوع"), required=False, choices=[("", _("همه")), *CaseKind.choices])
    owner = forms.ChoiceField(
        label=phrases.OWNER,
        required=False,
        choices=[("", phrases.ANYBODYS), (MINE, phrases.MINE), (NOBODYS, phrases.NOBODY)],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].label = phrases.OPENED_FROM


class HandCasesForm(forms.Form):
    """Which cases go to whom; without a colleague to oneself."""

    case = forms.TypedMultipleChoiceField(coerce=int, required=False)
    colleague = forms.ModelChoiceField(
        label=phrases.COLLEAGUE, queryset=None, required=False, empty_label=str(phrases.TAKE)
    )

    def __init__(self, *args, colleagues: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues
        if self.is_bound:
            sent = [key for key in self.data.getlist("case") if key.isdecimal() and len(key) < 18]
            self.fields["case"].choices = [(key, key) for key in sent]


class CloseCaseForm(forms.Form):
    """The decision and its reason, which stay in the audit trail."""

    resolution = forms.CharField(
        label=_("تصمیم و دلیل آن"),
        max_length=MOST_CHARACTERS,
        help_text=_("نام و شمارهٔ نیکوکار را ننویسید؛ این متن در ردّ ممیزی می‌ماند."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

"""What a person decides about a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import CaseKind, CaseState
from cases.selectors import MINE, NOBODYS

MOST_CHARACTERS = 500


class CaseFilterForm(forms.Form):
    """What the list of cases shows; open ones unless something else is asked for."""

    state = forms.ChoiceField(
        label=_("وضعیت"), required=False, choices=CaseState.choices, initial=CaseState.OPEN
    )
    kind = forms.ChoiceField(label=_("موضوع"), required=False, choices=[("", _("همه")), *CaseKind.choices])
    owner = forms.ChoiceField(
        label=_("مسئول"),
        required=False,
        choices=[("", _("همه")), (MINE, _("خودم")), (NOBODYS, _("هیچ‌کس"))],
    )


class CloseCaseForm(forms.Form):
    """The decision and its reason, which stay in the audit trail."""

    resolution = forms.CharField(
        label=_("تصمیم و دلیل آن"),
        max_length=MOST_CHARACTERS,
        help_text=_("نام و شمارهٔ نیکوکار را ننویسید؛ این متن در ردّ ممیزی می‌ماند."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

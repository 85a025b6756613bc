"""Forms about needs: what the public looks for, what an office writes down, and what a second person decides."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import NeedKind, Urgency
from provinces.selectors import provinces_in_order

_EVERY = ("", _("همه"))


class PublicNeedFilterForm(forms.Form):
    """What the public list shows."""

    q = forms.CharField(label=_("جست‌وجو"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("برای"), required=False, choices=[_EVERY, *NeedKind.choices])
    province = forms.ChoiceField(label=_("استان"), required=False)
    urgency = forms.ChoiceField(label=_("فوریت"), required=False, choices=[_EVERY, *Urgency.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [
            _EVERY,
            *((province.code, province.name) for province in provinces_in_order()),
        ]

"""A second person's word on what a first one wrote down."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Yes, or no with a reason; what is asked, and how each is said, belongs to the kind of decision."""

    question: ClassVar[Promise]
    yes: ClassVar[Promise]
    no: ClassVar[Promise]
    why: ClassVar[Promise] = _("دلیل رد")

    decision = forms.ChoiceField(widget=forms.RadioSelect())
    reason = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].label, self.fields["reason"].label = self.question, self.why
        self.fields["decision"].choices = [("yes", self.yes), ("no", self.no)]

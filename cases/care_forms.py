"""What donors write, and what staff answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import care_phrases as phrases
from cases.care_selectors import MINE, NOBODYS, active_categories
from cases.enums import CareKind, CareState
from cases.models import CareCategory
from cases.services.care import MOST_CHARACTERS, Asked
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.identifiers import parse_mobile
from core.list_forms import ChosenForm, DaysForm
from core.models import User
from core.phrases import sentence
from donations.models import Donation
from provinces.models import Province
from provinces.scoping import all_provinces, current_scope
from provinces.selectors import find_province, provinces_in_order

_LTR = {"dir": "ltr", "autocomplete": "off"}
_EVERY = ("", _("همه"))


class CareForm(forms.Form):
    """A question, a complaint or a benefactor's problem. Number and words are all that must be said."""

    category = forms.ChoiceField(label=_("دربارهٔ"))
    text = forms.CharField(
        label=_("پیام شما"),
        max_length=MOST_CHARACTERS,
        help_text=_("شمارهٔ کامل کارت و رمز را ننویسید؛ ما نمی‌پرسیم."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    mobile = forms.CharField(
        label=_("شمارهٔ همراه"),
        max_length=20,
        help_text=_("پاسخ با پیامک به همین شماره خبر داده می‌شود."),
        widget=forms.TextInput(attrs=_LTR | {"inputmode": "numeric", "autocomplete": "tel"}),
    )
    tracking_code = forms.CharField(
        label=_("کد رهگیری کمک"),
        max_length=30,
        required=False,
        help_text=_("اگر پیام شما دربارهٔ کمکی است که کرده‌اید."),
        widget=forms.TextInput(attrs=_LTR),
    )
    province = forms.ChoiceField(label=_("استان"), required=False)
    name = forms.CharField(label=_("نام"), max_length=80, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {category.code: category for category in active_categories()}
        self.fields["category"].choices = [
            (
                kind.label,
                [(c.code, c.name) for c in self.categories.values() if c.kind == kind],
            )
            for kind in CareKind
        ]
        self.fields["province"].choices = [
            ("", _("نمی‌دانم یا سراسری")),
            *((province.code, province.name) for province in provinces_in_order()),
        ]

    def clean_mobile(self) -> str:
        return _said(parse_mobile, self.cleaned_data["mobile"])

    def clean_province(self) -> Province | None:
        code = self.cleaned_data["province"]
        return find_province(code) if code else None

    def clean_tracking_code(self) -> Donation | None:
        typed = self.cleaned_data["tracking_code"]
        if not typed:
            return None
        code = _said(parse_tracking_code, typed)
        with all_provinces("a donor names a gift by its code"):
            gift = Donation.objects.filter(tracking_code=code).first()
        if gift is None:
            raise forms.ValidationError(sentence("care_unknown_gift"), code="care_unknown_gift")
        return gift

    def asked(self) -> Asked:
        """What a valid form says."""
        said = self.cleaned_data
        return Asked(
            category=self.categories[said["category"]],
            mobile=said["mobile"],
            text=said["text"],
            name=said["name"],
            province=said["province"],
            donation=said["tracking_code"],
        )


class DeskCareForm(CareForm):
    """The same by a member of staff; without headquarters' scope it is the own province's."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        if not scope.everything:
            own = [(p.code, p.name) for p in provinces_in_order() if p.code in scope.provinces]
            self.fields["province"].choices, self.fields["province"].required = own, True
            if len(own) == 1:
                self.fields["province"].initial = own[0][0]
                self.fields["province"].widget = forms.HiddenInput()


class CareFilterForm(DaysForm):
    """What the desk's list shows: what waits, unless something else is asked for."""

    q = forms.CharField(
        label=_("کد پیگیری"), required=False, max_length=30, widget=forms.TextInput(attrs=_LTR)
    )
    state = forms.ChoiceField(
        label=_("وضعیت"), required=False, choices=CareState.choices, initial=CareState.OPEN
    )
    kind = forms.ChoiceField(label=_("گونه"), required=False, choices=[_EVERY, *CareKind.choices])
    category = forms.ModelChoiceField(
        CareCategory.objects.none(), label=_("دسته"), required=False, empty_label=_("همه")
    )
    owner = forms.ChoiceField(
        label=phrases.OWNER,
        required=False,
        choices=[_EVERY, (MINE, phrases.MINE), (NOBODYS, phrases.NOBODY)],
    )
    late = forms.BooleanField(label=_("تنها از موعد گذشته"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = CareCategory.objects.all()


class TaskForceFilterForm(DaysForm):
    """What the task force's list shows."""

    province = forms.ChoiceField(label=_("استان"), required=False)
    kind = forms.ChoiceField(label=_("گونه"), required=False, choices=[_EVERY, *CareKind.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [_EVERY, *((p.code, p.name) for p in provinces_in_order())]


class WordsForm(forms.Form):
    """An answer, a note, a last word, or the donor's further words."""

    text = forms.CharField(
        label=_("متن"), max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4})
    )


class OwnerForm(forms.Form):
    """Who looks after it from now on."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("همکار"))

    def __init__(self, *args, colleagues: Any = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if colleagues is not None:
            self.fields["owner"].queryset = colleagues


class HandCareForm(ChosenForm):
    """Which messages go to whom; without a colleague to oneself."""

    colleague = forms.ModelChoiceField(
        User.objects.none(), label=_("همکار"), required=False, empty_label=str(phrases.TAKE)
    )

    def __init__(self, *args, colleagues: Any, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues


class RatingForm(forms.Form):
    """How content the donor is."""

    score = forms.TypedChoiceField(
        label=_("از رسیدگی خرسندید؟"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, _("۵، بسیار خرسند")),
            (4, _("۴")),
            (3, _("۳، میانه")),
            (2, _("۲")),
            (1, _("۱، ناخرسند")),
        ],
    )


def _said(parse, typed: str) -> str:
    try:
        return parse(typed)
    except DomainError as error:
        raise forms.ValidationError(sentence(error.code), code=error.code) from error

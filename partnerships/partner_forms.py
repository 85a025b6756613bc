"""What staff type about partners."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, county_label, provinces_of
from core.errors import DomainError
from core.identifiers import parse_legal_id, parse_mobile
from core.phrases import sentence
from partnerships import partner_phrases as phrases
from partnerships.enums import PartnerKind
from partnerships.models import Partner
from partnerships.services.partners import PartnerFacts
from provinces.models import County, Province
from provinces.scoping import current_scope
from provinces.selectors import provinces_in_order

_ALL = ("", _("همه"))
_LATIN = {"dir": "ltr", "autocomplete": "off"}


class PartnerFilterForm(forms.Form):
    q = forms.CharField(label=_("نام یا شناسهٔ ملی"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("نوع"), required=False, choices=[_ALL, *PartnerKind.choices])
    province = forms.ChoiceField(label=_("استان"), required=False)
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همه")
    )
    resting = forms.BooleanField(label=phrases.RESTING, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        if scope.everything:
            rows = [(province.code, province.name) for province in provinces_in_order()]
            self.fields["province"].choices = [_ALL, ("national", phrases.NATIONAL), *rows]
            del self.fields["county"]
        else:
            del self.fields["province"]
            self.fields["county"].queryset = counties_of(scope)


class PartnerForm(forms.Form):
    """A partner; `facts` of a valid one is what the service takes."""

    kind = forms.ChoiceField(label=phrases.KIND, choices=PartnerKind.choices)
    name = forms.CharField(label=phrases.NAME, max_length=160)
    legal_id = forms.CharField(
        label=phrases.LEGAL_ID,
        required=False,
        max_length=20,
        help_text=_("یازده رقم؛ رقم کنترل آن بررسی می‌شود."),
        widget=forms.TextInput(attrs=_LATIN | {"inputmode": "numeric"}),
    )
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=phrases.NATIONAL
    )
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    website = forms.CharField(
        label=phrases.WEBSITE, required=False, max_length=120, widget=forms.TextInput(attrs=_LATIN)
    )
    note = forms.CharField(label=phrases.NOTE, required=False, max_length=300)
    is_active = forms.BooleanField(label=_("همکاری برقرار است"), required=False, initial=True)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        self.fields["county"].queryset = counties_of(scope).select_related("province")
        self.fields["province"].queryset = provinces_of(scope)
        if scope.everything:
            self.fields["county"].label_from_instance = county_label
        else:
            self.fields["province"].required, self.fields["province"].empty_label = True, None
            choose(self, "province", provinces_of(scope))

    @staticmethod
    def initial_of(partner: Partner) -> dict[str, object]:
        return {name: getattr(partner, name) for name in PartnerFacts.__dataclass_fields__}

    def clean_legal_id(self) -> str:
        return _parsed(parse_legal_id, self.cleaned_data["legal_id"])

    @property
    def facts(self) -> PartnerFacts:
        return PartnerFacts(**self.cleaned_data)


class SiteForm(forms.Form):
    name = forms.CharField(label=phrases.NAME, max_length=120)
    county = forms.ModelChoiceField(County.objects.none(), label=_("شهرستان"), empty_label=None)
    address = forms.CharField(label=_("نشانی"), required=False, max_length=200)

    def __init__(self, *args, is_ours: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = County.objects.filter(is_active=True) if is_ours else counties_of(current_scope())
        self.fields["county"].queryset = rows.select_related("province").order_by(
            "province__sort_key", "sort_key"
        )
        self.fields["county"].label_from_instance = county_label


class ContactForm(forms.Form):
    name = forms.CharField(label=phrases.NAME, max_length=80)
    role = forms.CharField(label=_("سمت"), required=False, max_length=80)
    mobile = forms.CharField(
        label=_("همراه"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=_LATIN | {"inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("رایانامه"), required=False, max_length=120, widget=forms.EmailInput(attrs=_LATIN)
    )
    wants_reminders = forms.BooleanField(label=_("یادآوری وعده‌ها را می‌خواهد"), required=False)

    def clean_mobile(self) -> str:
        return _parsed(parse_mobile, self.cleaned_data["mobile"])


def _parsed(parse, typed: str) -> str:
    try:
        return parse(typed) if typed else ""
    except DomainError as error:
        raise ValidationError(sentence(error.code), code=error.code) from error

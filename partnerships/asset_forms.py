"""What staff type about neighbourhoods and their capitals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, county_label
from partnerships import asset_phrases as phrases
from partnerships.asset_selectors import neighbourhoods_in_scope
from partnerships.enums import Capital, Purpose
from partnerships.models import CommunityAsset
from partnerships.services.assets import AssetFacts
from provinces.models import County, Neighbourhood
from provinces.scoping import current_scope

_ALL = ("", _("همه"))


def _neighbourhood_label(row: Neighbourhood) -> str:
    return f"{row.county.name} – {row.name}"


def _offer_counties(form: forms.Form) -> None:
    scope = current_scope()
    rows = counties_of(scope).select_related("province").order_by("province__sort_key", "sort_key")
    form.fields["county"].queryset = rows
    if scope.everything:
        form.fields["county"].label_from_instance = county_label


class AssetFilterForm(forms.Form):
    q = forms.CharField(label=_("چه چیزی یا نزد چه کسی"), required=False, max_length=60)
    capital = forms.ChoiceField(label=phrases.CAPITAL, required=False, choices=[_ALL, *Capital.choices])
    use = forms.ChoiceField(label=phrases.USEFUL_FOR, required=False, choices=[_ALL, *Purpose.choices])
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همه")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _offer_counties(self)


class AssetForm(forms.Form):
    """One thing that a county has; `facts` of a valid one is what the service takes."""

    county = forms.ModelChoiceField(County.objects.none(), label=_("شهرستان"), empty_label=None)
    neighbourhood = forms.ModelChoiceField(
        None, label=_("محله"), required=False, empty_label=phrases.WHOLE_COUNTY
    )
    capital = forms.ChoiceField(label=phrases.CAPITAL, choices=Capital.choices)
    title = forms.CharField(label=phrases.WHAT, max_length=120)
    holder = forms.CharField(label=phrases.HOLDER, max_length=120)
    contact = forms.CharField(
        label=phrases.CONTACT,
        required=False,
        max_length=120,
        help_text=_("رمزشده نگه داشته می‌شود و تنها کارکنان آن را می‌بینند."),
    )
    useful_for = forms.MultipleChoiceField(
        label=_("به کار کدام نیازها می‌آید"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("یادداشت"), required=False, max_length=300)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _offer_counties(self)
        choose(self, "county", self.fields["county"].queryset)
        self.fields["neighbourhood"].queryset = neighbourhoods_in_scope()
        self.fields["neighbourhood"].label_from_instance = _neighbourhood_label

    @staticmethod
    def initial_of(row: CommunityAsset) -> dict[str, object]:
        return {name: getattr(row, name) for name in AssetFacts.__dataclass_fields__}

    @property
    def facts(self) -> AssetFacts:
        return AssetFacts(**self.cleaned_data)


class NeighbourhoodForm(forms.Form):
    county = forms.ModelChoiceField(County.objects.none(), label=_("شهرستان"), empty_label=None)
    name = forms.CharField(label=_("نام محله یا روستا"), max_length=80)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _offer_counties(self)
        choose(self, "county", self.fields["county"].queryset)

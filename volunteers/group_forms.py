"""Small forms about groups, at the desk and for their leaders."""

from __future__ import annotations

from django import forms

from campaigns.desk_forms import counties_of
from core.form_fields import JalaliDateField
from core.jalali import tehran_today
from provinces.models import County, Neighbourhood
from provinces.scoping import current_scope
from volunteers.enums import GroupKind, GroupState, Section
from volunteers.models import VolunteerGroup
from volunteers.services.groups import GroupFacts

_ALL = [("", "همه")]
_NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class GroupFilterForm(forms.Form):
    q = forms.CharField(label="نام گروه", max_length=80, required=False)
    state = forms.ChoiceField(label="وضعیت", required=False, choices=_ALL + GroupState.choices)
    kind = forms.ChoiceField(label="نوع", required=False, choices=_ALL + GroupKind.choices)
    section = forms.ChoiceField(label="بخش", required=False, choices=_ALL + Section.choices)


class GroupForm(forms.Form):
    """A new group, or with `row` one that is changed; its county stays."""

    name = forms.CharField(label="نام گروه", max_length=100)
    kind = forms.ChoiceField(label="نوع", choices=GroupKind.choices)
    section = forms.ChoiceField(label="بخش", choices=Section.choices)
    county = forms.ModelChoiceField(County.objects.none(), label="شهرستان", empty_label=None)
    neighbourhood_row = forms.ModelChoiceField(
        None, label="محله از دفتر محله‌ها", required=False, empty_label="در دفتر نیست"
    )
    neighbourhood = forms.CharField(
        label="محله‌ای که در دفتر نیست",
        max_length=80,
        required=False,
        help_text="تنها اگر آن را در دفتر نیافتید",
    )

    def __init__(self, *args, row: VolunteerGroup | None = None, **kwargs) -> None:
        if row is not None:
            initial = {name: getattr(row, name) for name in self.base_fields}
            kwargs["initial"] = initial | ({"neighbourhood": ""} if row.neighbourhood_row_id else {})
        super().__init__(*args, **kwargs)
        counties = counties_of(current_scope())
        self.fields["county"].queryset = counties.filter(pk=row.county_id) if row else counties
        known = Neighbourhood.objects.filter(is_active=True, county__in=self.fields["county"].queryset)
        self.fields["neighbourhood_row"].queryset = known.select_related("county")
        if row is not None:
            del self.fields["county"]
        else:
            self.fields["neighbourhood_row"].label_from_instance = _with_county

    def facts_of(self, row: VolunteerGroup | None = None) -> GroupFacts:
        """What the service takes."""
        return GroupFacts(**({"county": row.county} if row else {}) | self.cleaned_data)


def _with_county(row: Neighbourhood) -> str:
    return f"{row.county.name} – {row.name}"


class MemberForm(forms.Form):
    """A volunteer by the number at the end of their page's address."""

    volunteer_id = forms.IntegerField(
        label="شمارهٔ داوطلب",
        min_value=1,
        widget=forms.TextInput(attrs=_NUMBER),
        help_text="در پایان نشانی صفحهٔ او",
    )


class OneOfForm(forms.Form):
    """One of a few volunteers."""

    volunteer_id = forms.TypedChoiceField(label="داوطلب", coerce=int)

    def __init__(self, *args, people: list[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer_id"].choices = people


class ToGroupForm(forms.Form):
    group = forms.TypedChoiceField(label="گروه", coerce=int)

    def __init__(self, *args, groups: list[VolunteerGroup], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(group.pk, group.name) for group in groups]


class ActivityForm(forms.Form):
    on = JalaliDateField(label="روز")
    what = forms.CharField(label="گروه چه کرد", max_length=300)

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("initial", {"on": tehran_today()})
        super().__init__(*args, **kwargs)

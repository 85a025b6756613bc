"""Small forms about groups, at the desk and for their leaders."""

from __future__ import annotations

from django import forms

from campaigns.desk_forms import counties_of
from core.form_fields import JalaliDateField
from core.jalali import tehran_today
from provinces.models import County
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
    name = forms.CharField(label="نام گروه", max_length=100)
    kind = forms.ChoiceField(label="نوع", choices=GroupKind.choices)
    section = forms.ChoiceField(label="بخش", choices=Section.choices)
    county = forms.ModelChoiceField(County.objects.none(), label="شهرستان", empty_label=None)
    neighbourhood = forms.CharField(label="محله", max_length=80, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = counties_of(current_scope())

    @property
    def facts(self) -> GroupFacts:
        return GroupFacts(**self.cleaned_data)


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

"""Small forms of the volunteers' pages at the desk."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from core.list_forms import DaysForm
from provinces.models import County
from provinces.scoping import current_scope
from volunteers.enums import (
    Activity,
    Decision,
    DocumentKind,
    GuardianState,
    JoinSource,
    LicenceState,
    Section,
    Shown,
    Vetting,
)
from volunteers.skills import all_skills

_ALL = [("", "همه")]


def counties_in_scope() -> list[tuple[str, str]]:
    """The counties a person may choose from; the whole country chooses by province elsewhere."""
    scope = current_scope()
    if scope.everything:
        return []
    rows = County.objects.filter(is_active=True)
    rows = rows.filter(province__in=scope.provinces) | rows.filter(code__in=scope.counties)
    return [(county.code, county.name) for county in rows]


class VolunteerFilterForm(DaysForm):
    q = forms.CharField(
        label="نام، همراه یا کد ملی",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    vetting = forms.ChoiceField(label="صلاحیت", required=False, choices=_ALL + Vetting.choices)
    section = forms.ChoiceField(label="بخش", required=False, choices=_ALL + Section.choices)
    skill = forms.ChoiceField(label="مهارت", required=False)
    county = forms.ChoiceField(label="شهرستان", required=False)
    licence_state = forms.ChoiceField(label="پروانه", required=False, choices=_ALL + LicenceState.choices)
    activity = forms.ChoiceField(label="فعالیت", required=False, choices=_ALL + Activity.choices)
    guardian_state = forms.ChoiceField(
        label="سرپرست", required=False, choices=_ALL + GuardianState.choices[1:]
    )
    source = forms.ChoiceField(label="راه ورود", required=False, choices=_ALL + JoinSource.choices)
    priority = forms.BooleanField(label="تنها پیشه‌های مورد نیاز", required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = _ALL + [(s.code, s.label) for s in all_skills().values()]
        counties = counties_in_scope()
        self.fields["county"].choices = _ALL + counties
        if not counties:
            del self.fields["county"]


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label="تصمیم", choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="دلیل",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="برای «رد» و «خواستن بیشتر»، همین متن برای او پیامک می‌شود.",
    )


class LicenceForm(forms.Form):
    is_valid_licence = forms.TypedChoiceField(
        label="پس از سنجش",
        choices=[("yes", LicenceState.VALID.label), ("no", LicenceState.INVALID.label)],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="چگونه سنجیدید", max_length=300, help_text="مثلاً: استعلام از سامانهٔ نظام پزشکی"
    )


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label="نوع مدرک", choices=DocumentKind.choices)
    file = forms.FileField(
        label="پرونده",
        help_text="عکس یا PDF، تا ۵ مگابایت؛ رمزنگاری‌شده نگه داشته می‌شود.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


class ShowNumberForm(forms.Form):
    what = forms.ChoiceField(label="چه چیزی", choices=Shown.choices)
    reason = forms.CharField(
        label="برای چه", max_length=300, help_text="دست‌کم پنج حرف؛ مدیران آن را می‌بینند."
    )

    def __init__(self, *args, kinds: Iterable[Shown], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(kind.value, kind.label) for kind in kinds]


class AskGuardianForm(forms.Form):
    """One button."""


class MessageForm(forms.Form):
    text = forms.CharField(label="متن پیام", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

"""Small forms about old registries and duplicates."""

from __future__ import annotations

from django import forms

from campaigns.desk_forms import provinces_of
from provinces.models import Province
from provinces.scoping import current_scope
from volunteers.enums import MergeConsent

_CODE = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "maxlength": "10"}


class RegistryForm(forms.Form):
    file = forms.FileField(
        label="پرونده", widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}), help_text="تا ۴۰ مگابایت"
    )
    province = forms.ModelChoiceField(
        Province.objects.none(), label="استان", required=False, empty_label="چند استان (از ستون استان)"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        field = self.fields["province"]
        field.queryset = provinces_of(scope)
        if not scope.everything:
            field.required, field.empty_label = True, None


class CodesForm(forms.Form):
    code = forms.CharField(label="کد شمارهٔ ثبت‌شده", max_length=10, widget=forms.TextInput(attrs=_CODE))
    other_code = forms.CharField(label="کد شمارهٔ دیگر", max_length=10, widget=forms.TextInput(attrs=_CODE))
    takes_other = forms.BooleanField(label="شمارهٔ دیگر بماند", required=False)


class WordForm(forms.Form):
    consent = forms.ChoiceField(
        label="رضایت",
        choices=[(c.value, c.label) for c in (MergeConsent.WRITTEN, MergeConsent.SPOKEN)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="شرح رضایت", max_length=300, help_text="چه کسی، کِی و چگونه رضایت داد")
    takes_other = forms.BooleanField(label="شمارهٔ دیگر بماند", required=False)


class NoteForm(forms.Form):
    note = forms.CharField(label="دلیل", max_length=300)


class SuspectForm(forms.Form):
    other_id = forms.IntegerField(
        label="شمارهٔ ردیف دیگر",
        min_value=1,
        widget=forms.TextInput(attrs=_CODE | {"maxlength": "12"}),
        help_text="در پایان نشانی صفحهٔ آن داوطلب",
    )


class TakeOverForm(forms.Form):
    code = forms.CharField(
        label="کدی که به شمارهٔ پیشین شما رفت",
        max_length=20,
        widget=forms.TextInput(attrs=_CODE | {"autocomplete": "one-time-code"}),
    )

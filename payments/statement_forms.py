"""What an accountant types about files of statements."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.list_forms import DaysForm
from payments import statement_phrases as phrases
from payments.enums import ImportState
from payments.models import StatementSource

REPEAT, TWIN = "repeat", "twin"
_NAMES_NOBODY = _("نام و شمارهٔ کسی را ننویسید؛ این متن در ردّ ممیزی می‌ماند.")


class StatementFilterForm(DaysForm):
    """Which files are shown: of one source, in one state, received between two days."""

    source = forms.ModelChoiceField(None, label=phrases.SOURCE, required=False, empty_label=_("همه"))
    state = forms.ChoiceField(
        label=phrases.STATE, required=False, choices=[("", _("همه")), *ImportState.choices]
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = StatementSource.objects.all()


class UploadForm(forms.Form):
    """A file of one of the sources in scope."""

    source = forms.ModelChoiceField(None, label=_("منبع"), empty_label=_("انتخاب کنید"))
    file = forms.FileField(
        label=_("فایل"), help_text=_("CSV، اکسل یا متن؛ همان‌گونه که از بانک یا شرکت رسیده است.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = StatementSource.objects.filter(is_active=True).select_related(
            "office__province"
        )


class ResolveForm(forms.Form):
    """What became of a line that no reader could read."""

    resolution = forms.CharField(
        label=_("چگونه رسیدگی شد"), max_length=300, help_text=_NAMES_NOBODY,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    all_equal = forms.BooleanField(
        label=_("برای همهٔ ردیف‌های این فایل که به همین دلیل خوانده نشده‌اند"), required=False
    )
    field_order = ("all_equal", "resolution")


class TwinForm(ResolveForm):
    """Whether an equal line of another file is the same line again or another payment."""

    decision = forms.ChoiceField(
        label=_("این ردیف"),
        choices=[(REPEAT, _("تکرار همان ردیف است")), (TWIN, _("واریزی دیگر است و ثبت شود"))],
        widget=forms.RadioSelect,
    )
    all_equal = forms.BooleanField(label=_("برای همهٔ ردیف‌های همانند در این فایل"), required=False)
    field_order = ("decision", "all_equal", "resolution")

"""Forms of the desk for printed codes that are no boxes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, county_label, provinces_of
from campaigns.enums import PlacementKind, StickerFormat
from campaigns.models import Edition, Fund
from campaigns.selectors import editions_open_here
from campaigns.services.code_batches import MOST_CODES
from core.phrases import sentence
from core.text import ascii_digits, normalise
from provinces.models import County, Province
from provinces.scoping import current_scope

_KINDS = [choice for choice in PlacementKind.choices if choice[0] != PlacementKind.BOX]


class NewCodesForm(forms.Form):
    """Many codes of one kind and place, and the sheets they are printed on."""

    kind = forms.ChoiceField(label=_("برای"), choices=_KINDS)
    title = forms.CharField(
        label=_("عنوان"), max_length=120, help_text=_("مانند «پوستر مترو»؛ هر کد شماره‌ای هم می‌گیرد.")
    )
    count = forms.CharField(
        label=_("چند کد"),
        initial="۱۰۰",
        max_length=8,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    size = forms.ChoiceField(label=_("برگهٔ چاپ"), choices=StickerFormat.choices, initial=StickerFormat.SMALL)
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("سراسر کشور")
    )
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=_("پویش"), required=False, empty_label=_("بدون پویش")
    )
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("نوع کمک"), required=False, empty_label=_("به انتخاب نیکوکار")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        choose(self, "province", provinces_of(scope))
        choose(self, "county", counties_of(scope).select_related("province"))
        if not scope.everything:
            self.fields["province"].required, self.fields["province"].empty_label = True, None
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None
        self.fields["county"].label_from_instance = county_label if scope.everything else str
        self.fields["edition"].queryset = editions_open_here()
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)

    def clean_count(self) -> int:
        typed = ascii_digits(normalise(self.cleaned_data["count"])).replace("٬", "").replace(",", "")
        if not typed.isdecimal() or not 1 <= int(typed) <= MOST_CODES:
            raise forms.ValidationError(sentence("too_many_codes"))
        return int(typed)


class CodeFilterForm(forms.Form):
    """What the list of codes shows."""

    q = forms.CharField(label=_("کد یا عنوان"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("نوع"), required=False, choices=[("", _("همه")), *PlacementKind.choices])


class CodePlacesForm(forms.Form):
    """Which codes are added up by place; where the scope is not the country, the province need not be said."""

    kind = forms.ChoiceField(label=_("نوع"), required=False, choices=[("", _("همه")), *PlacementKind.choices])
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )

    def __init__(self, *args, with_province: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if with_province:
            self.fields["province"].queryset = Province.objects.all()
        else:
            del self.fields["province"]


class ChangeCodeForm(forms.Form):
    """Why a code is replaced or taken out of use."""

    reason = forms.CharField(label=_("دلیل"), max_length=300)


class PrintAgainForm(forms.Form):
    """Why a sheet is printed once more."""

    reason = forms.CharField(
        label=_("چرا دوباره؟"),
        max_length=300,
        help_text=_("مانند «کاغذ در چاپگر پاره شد؛ برگه‌های نخست نابود شد»."),
    )

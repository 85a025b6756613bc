"""Forms about needs: what the public looks for, what an office writes down, and what a second person decides."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, county_label, provinces_of
from campaigns.enums import NeedKind, NeedState, Urgency
from campaigns.models import Fund, Need, NeedItem
from campaigns.services.needs import Facts, Item
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.list_forms import DaysForm
from core.money import group_digits, parse_toman, rial_to_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise, persian_digits
from provinces.models import County, Province
from provinces.scoping import current_scope
from provinces.selectors import provinces_in_order

_EVERY = ("", _("همه"))
NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
_MOST = 10_000_000
_GROUPING = re.compile("[\\s٬,،]")
_BETWEEN = re.compile("[،,|]\\s+|[|،]")


class PublicNeedFilterForm(forms.Form):
    """What the public list shows."""

    q = forms.CharField(label=_("جست‌وجو"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("برای"), required=False, choices=[_EVERY, *NeedKind.choices])
    province = forms.ChoiceField(label=_("استان"), required=False)
    urgency = forms.ChoiceField(label=_("فوریت"), required=False, choices=[_EVERY, *Urgency.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [
            _EVERY,
            *((province.code, province.name) for province in provinces_in_order()),
        ]


class NeedFilterForm(DaysForm):
    """What the desk's list shows. A state of its own stands in the tabs."""

    q = forms.CharField(label=_("عنوان یا کد"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("برای"), required=False, choices=[_EVERY, *NeedKind.choices])
    urgency = forms.ChoiceField(label=_("فوریت"), required=False, choices=[_EVERY, *Urgency.choices])
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )
    state = forms.ChoiceField(required=False, choices=[_EVERY, *NeedState.choices], widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if current_scope().everything:
            self.fields["province"].queryset = Province.objects.all()
        else:
            del self.fields["province"]


class NeedForm(forms.Form):
    """A need as an officer writes it down, on a phone. No field asks for anything about one person."""

    kind = forms.ChoiceField(label=_("برای"), choices=NeedKind.choices)
    title = forms.CharField(
        label=_("عنوان"),
        max_length=120,
        help_text=_("چه چیز برای چند نفر؛ نام و نشان کسی را ننویسید."),
    )
    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    persons = forms.CharField(label=_("برای چند نفر"), max_length=9, widget=forms.TextInput(attrs=NUMBER))
    urgency = forms.TypedChoiceField(
        label=_("فوریت"), choices=Urgency.choices, coerce=int, initial=Urgency.ORDINARY
    )
    goal = forms.CharField(
        label=_("مبلغ لازم (تومان)"),
        required=False,
        max_length=40,
        help_text=_("خالی: تنها کالا لازم است. می‌توانید «۲۴ میلیون» بنویسید."),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    wanted_items = forms.CharField(
        label=_("اقلام"),
        required=False,
        max_length=1500,
        help_text=_("هر قلم در یک سطر: نام، تعداد، واحد، بهای هر واحد به تومان (اگر می‌دانید)."),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("برنج، ۴۰، کیسه، ۵۰۰٬۰۰۰")}),
    )
    fund = forms.ModelChoiceField(
        Fund.objects.none(),
        label=_("نوع کمک"),
        empty_label=None,
        help_text=_("نیتی که فرم کمک با آن باز می‌شود؛ باید برای همین مصرف باشد."),
    )
    wanted_by = JalaliDateField(label=_("تا روز"), required=False)
    surplus_rule = forms.CharField(
        label=_("اگر بیش از نیاز رسید"),
        max_length=300,
        initial=_("به نیاز همانند در همان استان می‌رسد."),
        help_text=_("نیکوکار این را پیش از پرداخت می‌خواند."),
    )
    story = forms.CharField(
        label=_("شرح برای نیکوکاران"),
        required=False,
        max_length=2000,
        help_text=_("بی نام، سن، نشانی و شمارهٔ کسی."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    centre_code = forms.CharField(
        label=_("کد مرکز مثبت زندگی"),
        required=False,
        max_length=20,
        help_text=_("اگر مرکز یافته است؛ در صفحهٔ عمومی نیست."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args, need: Need | None = None, **kwargs) -> None:
        if need is not None:
            kwargs["initial"] = _initial_of(need)
        super().__init__(*args, **kwargs)
        scope = current_scope()
        choose(self, "province", provinces_of(scope))
        choose(self, "county", counties_of(scope).select_related("province"))
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None
        if len(self.fields["province"].queryset[:2]) > 1:
            self.fields["county"].label_from_instance = county_label
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)

    def clean_persons(self) -> int:
        return whole_number(self.cleaned_data["persons"])

    def clean_goal(self) -> int | None:
        typed = self.cleaned_data["goal"]
        if not typed:
            return None
        try:
            return parse_toman(typed)
        except DomainError as error:
            raise forms.ValidationError(sentence(error.code)) from error

    def clean_wanted_items(self) -> list[Item]:
        lines = self.cleaned_data["wanted_items"].splitlines()
        return [_item_of(line) for line in lines if line.strip()]

    def facts(self) -> Facts:
        """What a valid form says."""
        said = self.cleaned_data
        return Facts(
            kind=said["kind"],
            title=said["title"],
            province=said["province"],
            county=said["county"],
            fund=said["fund"],
            persons=said["persons"],
            surplus_rule=said["surplus_rule"],
            story=said["story"],
            urgency=said["urgency"],
            goal_rial=said["goal"],
            wanted_by=said["wanted_by"],
            centre_code=said["centre_code"],
            items=said["wanted_items"],
        )


class ReasonForm(forms.Form):
    """Why somebody says no, sends it back or withdraws it."""

    reason = forms.CharField(label=_("دلیل"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class PublishForm(forms.Form):
    """The publisher has read the warnings; asked for only when there are some."""

    traits_seen = forms.BooleanField(
        label=_("هشدارها را خواندم؛ این نوشته کسی را نشان نمی‌دهد."), required=False
    )


class CloseForm(forms.Form):
    """What became of it, for everybody, and the document that proves it, for the office."""

    report = forms.CharField(
        label=_("چه شد"),
        max_length=2000,
        help_text=_("چه شمار، چه چیز، کِی. همگان می‌خوانند؛ نام کسی را ننویسید."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = forms.CharField(
        label=_("مدرک تحویل"), max_length=200, help_text=_("شمارهٔ صورت‌جلسه یا رسید؛ منتشر نمی‌شود.")
    )


def whole_number(typed: str) -> int:
    """A positive whole number in any digits, grouped or not; raises ValidationError."""
    plain = _GROUPING.sub("", ascii_digits(normalise(typed)))
    if not plain.isdigit() or not 0 < int(plain) <= _MOST:
        raise forms.ValidationError(_("عدد درست بنویسید."))
    return int(plain)


def _item_of(line: str) -> Item:
    parts = [part.strip() for part in _BETWEEN.split(normalise(line)) if part.strip()]
    if not 3 <= len(parts) <= 4:
        raise forms.ValidationError(_("هر سطر: نام، تعداد، واحد و اگر می‌دانید بهای هر واحد."))
    try:
        price = parse_toman(parts[3]) if len(parts) == 4 else None
    except DomainError as error:
        raise forms.ValidationError(sentence(error.code)) from error
    return Item(parts[0], whole_number(parts[1]), parts[2], price)


def _initial_of(need: Need) -> dict[str, object]:
    return {
        **{
            name: getattr(need, name)
            for name in (
                "kind", "title", "province", "county", "persons", "urgency", "fund", "wanted_by",
                "surplus_rule", "story", "centre_code",
            )
        },
        "goal": need.goal_rial and group_digits(rial_to_toman(need.goal_rial)[0]),
        "wanted_items": "\n".join(_line_of(item) for item in need.wanted_items.all()),
    }  # fmt: skip


def _line_of(item: NeedItem) -> str:
    parts = [item.item, persian_digits(item.quantity), item.unit]
    if item.unit_price_rial:
        parts.append(group_digits(rial_to_toman(item.unit_price_rial)[0]))
    return "، ".join(parts)

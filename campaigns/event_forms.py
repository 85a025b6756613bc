"""What staff type about events, their guests and costs."""

from __future__ import annotations

import re
from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, provinces_of
from campaigns.enums import CostSource, EventKind, EventState, NeedState
from campaigns.models import Event, Fund, Need
from campaigns.services.events import EventFacts
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers.lines import parse_mobile
from core.jalali import TEHRAN, format_time
from core.list_forms import DaysForm
from core.money import parse_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise
from provinces.models import County, Province
from provinces.scoping import current_scope

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:٫.]([0-5]\d)")
_NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class ClockField(forms.CharField):
    """A time of day, typed with digits of three scripts: «۱۹:۳۰»."""

    widget = forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "۱۹:۳۰"})

    def clean(self, value) -> time:
        match = _CLOCK.fullmatch(ascii_digits(normalise(super().clean(value))))
        if match is None:
            raise ValidationError(_("ساعت را مانند ۱۹:۳۰ بنویسید."), code="invalid")
        return time(int(match[1]), int(match[2]))


class TomanField(forms.CharField):
    """An amount in toman as people write it; rials inside."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_toman(typed)
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error


class EventFilterForm(DaysForm):
    state = forms.ChoiceField(label=_("وضعیت"), required=False, choices=[("", _("همه")), *EventState.choices])
    kind = forms.ChoiceField(label=_("نوع"), required=False, choices=[("", _("همه")), *EventKind.choices])


class EventForm(forms.Form):
    """An event before it is held; `facts` of a valid one is what the service takes."""

    kind = forms.ChoiceField(label=_("نوع"), choices=EventKind.choices)
    title = forms.CharField(label=_("عنوان"), max_length=120)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    address = forms.CharField(label=_("محل"), max_length=200)
    day = JalaliDateField(label=_("روز"))
    clock = ClockField(label=_("ساعت"))
    capacity = forms.IntegerField(
        label=_("گنجایش (نفر)"), min_value=1, max_value=20_000, widget=forms.TextInput(attrs=_NUMBER)
    )
    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("کمک‌ها به چه نیتی"), empty_label=None)
    needs = forms.ModelMultipleChoiceField(
        None,
        label=_("نیازهای برگزیده"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    story = forms.CharField(
        label=_("شرح"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, event: Event | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)
        self.fields["needs"].queryset = Need.objects.filter(state=NeedState.PUBLISHED)
        if event is not None:
            for name in ("kind", "province", "county"):
                del self.fields[name]
            return
        choose(self, "province", provinces_of(scope))
        choose(self, "county", counties_of(scope))
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None

    @staticmethod
    def initial_of(event: Event) -> dict[str, object]:
        names = ("title", "address", "capacity", "fund", "story")
        local = event.starts_at.astimezone(TEHRAN)
        return {name: getattr(event, name) for name in names} | {
            "day": local.date(),
            "clock": format_time(event.starts_at),
            "needs": list(event.needs.all()),
        }

    @property
    def facts(self) -> EventFacts:
        data = self.cleaned_data
        return EventFacts(
            title=data["title"],
            address=data["address"],
            starts_at=datetime.combine(data["day"], data["clock"], tzinfo=TEHRAN),
            capacity=data["capacity"],
            fund=data["fund"],
            story=data["story"],
        )


class GuestForm(forms.Form):
    name = forms.CharField(label=_("نام"), max_length=80)
    role = forms.CharField(label=_("سمت"), required=False, max_length=120)
    mobile = forms.CharField(
        label=_("همراه"),
        required=False,
        max_length=20,
        help_text=_("رمزشده نگه داشته می‌شود."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    seats = forms.IntegerField(
        label=_("برای چند نفر"), initial=1, min_value=1, max_value=50, widget=forms.TextInput(attrs=_NUMBER)
    )

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        try:
            return parse_mobile(typed) if typed else ""
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error


class CostForm(forms.Form):
    title = forms.CharField(label=_("بابت"), max_length=120)
    amount_rial = TomanField(label=_("مبلغ (تومان)"), max_length=40)
    source = forms.ChoiceField(label=_("از محل"), choices=CostSource.choices)


class HoldForm(forms.Form):
    others_came = forms.IntegerField(
        label=_("شمار مهمانان بی‌دعوت"),
        initial=0,
        min_value=0,
        max_value=20_000,
        widget=forms.TextInput(attrs=_NUMBER),
    )


class ReportForm(forms.Form):
    report = forms.CharField(
        label=_("گزارش برای مردم"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("دلیل"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

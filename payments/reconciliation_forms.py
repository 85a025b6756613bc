"""What is typed while reconciling, and by a donor who looks for a deposit."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.selectors import active_funds
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile
from core.jalali import tehran_today
from core.list_forms import DaysForm
from core.models import User
from core.money import format_toman, parse_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise
from payments import reconciliation_phrases as phrases
from payments.enums import ClaimState, LineWay
from payments.models import StatementLine
from payments.reconciliation_selectors import open_payouts
from provinces.selectors import find_province, provinces_in_order

_REASON_HELP = _("نام و شمارهٔ نیکوکار را ننویسید؛ این متن در ردّ ممیزی می‌ماند.")
_LTR = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class ReasonForm(forms.Form):
    """A reason that stays."""

    reason = forms.CharField(
        label=phrases.REASON, max_length=300, help_text=_REASON_HELP, widget=forms.Textarea(attrs={"rows": 2})
    )


class OwnerForm(forms.Form):
    """Which colleague looks after it from now on."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("همکار"))

    def __init__(self, *args, colleagues: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues


class WayForm(ReasonForm):
    """What a line, or what is missing, is; with what that way needs."""

    field_order = ("way", "order_id", "payout", "fund", "reason")
    way = forms.ChoiceField(label=phrases.WAY, widget=forms.RadioSelect)
    order_id = forms.CharField(
        label=_("شمارهٔ سفارش پرداخت (برای تطبیق)"),
        required=False,
        max_length=15,
        widget=forms.TextInput(attrs=_LTR),
    )
    payout = forms.ChoiceField(label=_("تسویه‌ای که رسیده است (برای تطبیق)"), required=False)
    fund = forms.ChoiceField(label=_("نیت (برای کمک)"), required=False)

    def __init__(
        self,
        ways: tuple[LineWay, ...],
        *args,
        line: StatementLine | None = None,
        order_id: str = "",
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(way.value, way.label) for way in ways]
        self.fields["order_id"].initial = order_id
        if order_id and LineWay.MATCH in ways:
            self.fields["way"].initial = LineWay.MATCH.value
        is_bank = line is not None and line.source.kind == "bank"
        if line is None or is_bank or LineWay.MATCH not in ways:
            del self.fields["order_id"]
        if is_bank and LineWay.MATCH in ways:
            payouts = open_payouts(line.source.office_id).order_by("-day")[:200]
            self.fields["payout"].choices = [("", "")] + [
                (str(p.pk), f"{p.source.name}: {p.ref}، {format_toman(p.net_rial)}") for p in payouts
            ]
        else:
            del self.fields["payout"]
        if LineWay.GIFT in ways:
            self.fields["fund"].choices = [("", ""), *((f.code, f.name) for f in active_funds())]
        else:
            del self.fields["fund"]

    def clean_order_id(self) -> int | None:
        typed = ascii_digits(normalise(self.cleaned_data["order_id"])).strip()
        return int(typed) if typed.isdecimal() else None


class ClaimFilterForm(DaysForm):
    """Which claims are shown."""

    state = forms.ChoiceField(
        label=phrases.STATE, required=False, choices=[("", _("در جریان")), *ClaimState.choices]
    )


class CandidateForm(ReasonForm):
    """Which of the unknown deposits is the donor's."""

    field_order = ("line", "reason")
    line = forms.ChoiceField(label=phrases.CANDIDATES, widget=forms.RadioSelect)

    def __init__(self, choices: list[tuple[str, str]], *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = choices


class DonorClaimForm(forms.Form):
    """A donor tells of a deposit. What is wrong is said of the donor's own words, never of anybody's deposit."""

    amount = forms.CharField(
        label=_("مبلغ واریز (تومان)"),
        max_length=60,
        widget=forms.TextInput(attrs=_LTR),
        help_text=_("همان مبلغی که از حساب شما کم شد."),
    )
    day = JalaliDateField(
        label=_("روز واریز"), help_text=_("سال/ماه/روز، مانند ۱۴۰۵/۰۱/۳۱"), widget=forms.TextInput(attrs=_LTR)
    )
    last_digits = forms.CharField(
        label=_("چهار رقم آخر کارت یا حسابی که از آن واریز کردید"),
        max_length=8,
        widget=forms.TextInput(attrs=_LTR),
    )
    mobile = forms.CharField(
        label=_("شمارهٔ همراه شما"),
        max_length=20,
        widget=forms.TextInput(attrs=_LTR | {"autocomplete": "tel"}),
        help_text=_("رسید با پیامک به همین شماره می‌رسد."),
    )
    fund = forms.ChoiceField(label=_("برای چه بود"))
    province = forms.ChoiceField(label=_("استان"), required=False)
    name = forms.CharField(label=_("نام (روی رسید)"), max_length=80, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].choices = [(f.code, f.name) for f in active_funds()]
        self.fields["province"].choices = [
            ("", _("نمی‌دانم یا حساب سراسری")),
            *((p.code, p.name) for p in provinces_in_order()),
        ]

    def clean_amount(self) -> int:
        return self._said(parse_toman, self.cleaned_data["amount"])

    def clean_mobile(self) -> str:
        return self._said(parse_mobile, self.cleaned_data["mobile"])

    def clean_last_digits(self) -> str:
        typed = ascii_digits(normalise(self.cleaned_data["last_digits"])).strip()
        if len(typed) != 4 or not typed.isdecimal():
            raise forms.ValidationError(_("چهار رقم بنویسید؛ مانند ۱۲۳۴."))
        return typed

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > tehran_today():
            raise forms.ValidationError(_("این روز هنوز نیامده است."))
        return day

    def clean_province(self):
        code = self.cleaned_data["province"]
        return find_province(code) if code else None

    def clean_fund(self):
        return next(f for f in active_funds() if f.code == self.cleaned_data["fund"])

    @staticmethod
    def _said(parse, text: str):
        try:
            return parse(text)
        except DomainError as error:
            raise forms.ValidationError(sentence(error.code)) from error

"""Forms in which headquarters announces and corrects rates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns import rate_phrases as phrases
from campaigns.enums import RateKind
from campaigns.models import GivingRate
from campaigns.rates import giving_year, known_years, oddities, words_used
from campaigns.services.rates import RateFacts
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.jalali import tehran_today
from core.money import format_toman, group_digits, parse_toman, rial_to_toman, toman_words
from core.phrases import sentence
from core.text import persian_digits
from provinces.selectors import provinces_in_order

_FACTS = (
    "hijri_year",
    "kind",
    "marja",
    "staple",
    "region",
    "is_minimum",
    "is_default",
    "source",
    "announced_on",
)


class RateForm(forms.Form):
    """One announced rate, all on one screen. What looks odd is said once; the same sent again is taken."""

    kind = forms.ChoiceField(label=_("برای"), choices=RateKind.choices)
    hijri_year = forms.TypedChoiceField(label=_("سال قمری"), coerce=int)
    marja = forms.CharField(
        label=_("مرجع یا دفتر"), max_length=80, widget=forms.TextInput(attrs={"list": "marjas"})
    )
    staple = forms.CharField(
        label=_("قوت غالب"),
        max_length=60,
        required=False,
        help_text=_("گندم، آرد، برنج؛ خالی اگر نگفته‌اند."),
        widget=forms.TextInput(attrs={"list": "staples"}),
    )
    region = forms.ChoiceField(label=_("منطقه"), required=False, help_text=phrases.REGION_HELP)
    amount = forms.CharField(label=_("مبلغ هر نفر یا هر روز"))
    is_minimum = forms.BooleanField(label=_("«دست‌کم» گفته‌اند؛ بیشتر هم پذیرفته است"), required=False)
    is_default = forms.BooleanField(label=_("فرم کمک با این نرخ آغاز شود"), required=False)
    source = forms.CharField(
        label=_("منبع"), max_length=200, help_text=_("کجا و به چه نشانی اعلام شد؛ نیکوکار هم آن را می‌بیند.")
    )
    announced_on = JalaliDateField(
        label=_("روز اعلام"), widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"})
    )
    looked_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, rate: GivingRate | None = None, like: dict | None = None) -> None:
        year = giving_year()
        initial = {
            "hijri_year": year,
            "kind": RateKind.FITRIYEH,
            "announced_on": tehran_today(),
            **(like or {}),
        }
        if rate is not None:
            initial = {name: getattr(rate, name) for name in _FACTS}
            initial["amount"] = group_digits(rial_to_toman(rate.amount_rial)[0])
        super().__init__(data.copy() if data is not None else None, initial=initial)
        self.odd: list[str] = []
        years = known_years()
        if rate is not None:
            years = sorted({*years, rate.hijri_year}, reverse=True)
        self.fields["hijri_year"].choices = [(y, persian_digits(y)) for y in years]
        self.fields["region"].choices = self._regions(rate)
        if rate is not None:
            self.fields["reason"] = forms.CharField(label=phrases.REASON, max_length=300)

    @staticmethod
    def _regions(rate: GivingRate | None) -> list[tuple[str, str]]:
        names = [province.name for province in provinces_in_order()] + [str(phrases.REGION_OTHERS)]
        if rate is not None and rate.region and rate.region not in names:
            names.append(rate.region)
        return [("", str(phrases.WHOLE_COUNTRY)), *((name, name) for name in names)]

    def clean_amount(self) -> int:
        try:
            return parse_toman(self.cleaned_data["amount"])
        except DomainError as error:
            raise forms.ValidationError(sentence(error.code)) from error

    def clean(self) -> dict[str, Any]:
        """Refuse once what looks odd; `looked_at` carries what has been looked at, so another amount is judged anew."""
        said = super().clean()
        if self.errors:
            return said
        facts = self.facts()
        found = oddities(
            hijri_year=facts.hijri_year,
            kind=facts.kind,
            marja=facts.marja,
            staple=facts.staple,
            region=facts.region,
            amount_rial=facts.amount_rial,
        )
        mark = f"{facts.kind}:{facts.hijri_year}:{facts.amount_rial}"
        if found and said.get("looked_at") != mark:
            self.odd = [_words_of(oddity) for oddity in found]
            self.data["looked_at"] = mark
        return said

    @property
    def may_be_taken(self) -> bool:
        return self.is_valid() and not self.odd

    def facts(self) -> RateFacts:
        """What a valid form says."""
        said = self.cleaned_data
        return RateFacts(amount_rial=said["amount"], **{name: said[name] for name in _FACTS})

    @property
    def amount_words(self) -> str:
        try:
            return toman_words(parse_toman(str(self["amount"].value() or "")))
        except DomainError:
            return ""

    @property
    def marjas(self) -> list[str]:
        return words_used("marja")

    @property
    def staples(self) -> list[str]:
        return words_used("staple")


class WithdrawForm(forms.Form):
    """Why a rate is taken back."""

    reason = forms.CharField(label=phrases.REASON, max_length=300)


def _words_of(oddity) -> str:
    said = oddity.data
    before, other = said.get("before"), said.get("other")
    return phrases.ODDITIES[oddity.code].format(
        times=persian_digits(f"{said.get('times', 0):.1f}".replace(".", "٫").removesuffix("٫0")),
        before=before and format_toman(before.amount_rial),
        year=before and persian_digits(before.hijri_year),
        other=other and format_toman(other.amount_rial),
        due=format_toman(said["due_rial"]) if "due_rial" in said else "",
    )

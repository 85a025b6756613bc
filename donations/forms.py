"""The giving form: what people type, made one and checked; by head the stored rate is what counts."""

from __future__ import annotations

import copy
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator

from campaigns.enums import CampaignState, RateKind
from campaigns.models import Edition, Fund, GivingRate, Need, Placement
from campaigns.need_selectors import find_open_need
from campaigns.rates import first_rate
from campaigns.selectors import (
    QR_CHANNEL,
    WEB_CHANNEL,
    active_funds,
    branch_for,
    find_placement,
    online_channel,
    open_edition,
    taken_funds,
)
from core.errors import DomainError
from core.identifiers import parse_mobile
from core.money import MAX_RIAL, format_toman, group_digits, parse_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise, normalise_lines
from donations import phrases
from donations.prefill import code_of, explain
from donations.selectors import rates_now
from donations.services.donations import Wish
from provinces.models import Province
from provinces.selectors import counties_of, provinces_in_order

QUICK_TOMAN = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
FREE_AMOUNT = "free"
_FALLBACK_FUND = "general"
_MOST_PERSONS = 999
_LONGEST_NAME, _LONGEST_MESSAGE = 80, 300


class _Pairs(BaseChoiceIterator):
    """Choices that are pairs of value and label as they come: Django looks through no list of them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)


class GivingForm(forms.Form):
    """A gift as typed. Valid, it is a `Wish`; hidden values that cannot hold any more are dropped with a
    sentence, so that no donor is stuck behind a field that cannot be seen."""

    fund = forms.ChoiceField(
        label="نیت کمک",
        error_messages={"required": phrases.FUND_REQUIRED, "invalid_choice": phrases.FUND_REQUIRED},
    )
    amount = forms.CharField(label="مبلغ", required=False)
    quick = forms.CharField(required=False)
    persons = forms.CharField(label="شمار نفرات یا روزها", required=False)
    province = forms.ChoiceField(
        label="استان", required=False, error_messages={"invalid_choice": phrases.PROVINCE_UNKNOWN}
    )
    county = forms.ChoiceField(
        label="شهرستان", required=False, error_messages={"invalid_choice": phrases.COUNTY_ELSEWHERE}
    )
    name = forms.CharField(
        label="نام",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": _LONGEST_NAME}),
    )
    mobile = forms.CharField(
        label="شمارهٔ همراه",
        required=False,
        help_text="پس از پرداخت، رسید به این شماره پیامک می‌شود.",
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel", "maxlength": 20}
        ),
    )
    message = forms.CharField(
        label="پیام یا نیت شما",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": _LONGEST_MESSAGE}),
    )
    anonymous = forms.BooleanField(label="نامم روی رسید و در هیچ فهرستی نیاید", required=False)
    news = forms.BooleanField(label="هر گاه کمکم تخصیص یافت یا تحویل شد، خبرم کنید", required=False)
    campaign = forms.CharField(required=False, widget=forms.HiddenInput)
    need = forms.CharField(required=False, widget=forms.HiddenInput)
    placement = forms.CharField(required=False, widget=forms.HiddenInput)
    form_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        initial = dict(initial or {})
        initial["form_key"] = initial.get("form_key") or secrets.token_urlsafe(18)
        super().__init__(data, initial=initial)
        self.funds: dict[str, Fund] = {fund.code: fund for fund in active_funds()}
        self.rates = rates_now()
        self.need: Need | None = self._need()
        if self.need is not None:
            self.funds = {code: f for code, f in self.funds.items() if self.need.kind in f.spendable_on}
        if self.initial.get("fund") not in self.funds:
            self.initial["fund"] = self.need.fund_id if self.need else _FALLBACK_FUND
        self.placement: Placement | None = self._placement()
        self.edition: Edition | None = self._edition()
        self._offer_funds_of_campaign()
        self.fields["fund"].choices = _Pairs((fund.code, fund.name) for fund in self.funds.values())
        self._offer_places()
        if self.need is not None:  # it stands where it stands
            for name in ("province", "county"):
                self.fields[name].widget = forms.HiddenInput()
        for kind, rates in self.rates.of.items():
            self.fields[f"rate_{kind}"] = _rate_field(kind, rates, self._region())

    def _said(self, name: str) -> str:
        value = self.data.get(name, "") if self.is_bound else self.initial.get(name, "")
        return code_of(f"{value or ''}")

    def _placement(self) -> Placement | None:
        """The printed code the donor came by. Dropped when it holds no more: the gift is as good without."""
        if not (code := self._said("placement")):
            return None
        try:
            return find_placement(code)
        except DomainError:
            self._drop("placement")
            return None

    def _need(self) -> Need | None:
        """The published need the gift is for. One that takes no gifts any more is said, and dropped."""
        if not (code := self._said("need")):
            return None
        try:
            return find_open_need(code)
        except DomainError as error:
            self._drop("need", sentence(error.code))
            return None

    def _edition(self) -> Edition | None:
        """The campaign of the address, else of the printed code; only an open one."""
        if slug := self._said("campaign"):
            try:
                return open_edition(slug)
            except DomainError as error:
                self._drop("campaign", sentence(error.code))
                return None
        if self.placement is None or self.placement.edition is None:
            return None
        if self.placement.edition.state == CampaignState.OPEN:
            return self.placement.edition
        try:
            return open_edition(self.placement.edition.campaign.slug)
        except DomainError:
            return None

    def _offer_funds_of_campaign(self) -> None:
        province = self._said("province") or (self.placement and self.placement.province_id) or ""
        taken = taken_funds(self.edition, branch_for(self.edition, province)) if self.need is None else []
        if offered := {code: fund for code, fund in self.funds.items() if code in taken}:
            self.funds = offered
            if self.initial.get("fund") not in offered:
                self.initial["fund"] = next(iter(offered))

    def _drop(self, name: str, why: str = "") -> None:
        if self.is_bound:
            self.data = self.data.copy()
            self.data[name] = ""
            self._dropped = [*getattr(self, "_dropped", []), *([why] if why else [])]
        else:
            self.initial.pop(name, None)

    def _offer_places(self) -> None:
        provinces = [(province.code, province.name) for province in provinces_in_order()]
        if self.placement is None or self.placement.province_id is None:
            provinces.insert(0, ("", phrases.WHOLE_COUNTRY))
        self.fields["province"].choices = _Pairs(provinces)
        chosen = self._said("province")
        counties = [("", phrases.WHOLE_PROVINCE if chosen else phrases.NO_PROVINCE_YET)]
        if chosen and chosen in dict(provinces):
            counties += [(county.code, county.name) for county in counties_of(Province(code=chosen))]
        self.fields["county"].choices = _Pairs(counties)

    def _region(self) -> str:
        """The name of the province that the address or the donor says; rates of a region are announced under it."""
        said = self._said("province")
        return dict(self.fields["province"].choices).get(said, "") if said else ""

    @property
    def by_head(self) -> tuple[int, GivingRate] | None:
        """Persons (or days) and the ticked rate of the chosen fund, whatever else is filled in; None: not both."""
        kind, typed = self.chosen_fund.rate_kind, ascii_digits(self._said("persons"))
        rates = self.rates.of.get(RateKind(kind), []) if kind else []
        if not rates or not typed.isdecimal() or not 1 <= int(typed) <= _MOST_PERSONS:
            return None
        ticked = self._said(f"rate_{kind}") or str(first_rate(rates, self._region()).pk)
        rate = next((rate for rate in rates if str(rate.pk) == ticked), None)
        return (int(typed), rate) if rate else None

    @property
    def chosen_fund(self) -> Fund:
        """The fund that is ticked."""
        return self.funds.get(self._said("fund")) or self.funds[self.initial["fund"]]

    def clean_persons(self) -> int | None:
        typed = ascii_digits(normalise(self.cleaned_data["persons"]))
        if not typed:
            return None
        if not typed.isdecimal() or not 1 <= int(typed[:6]) <= _MOST_PERSONS:
            raise forms.ValidationError(phrases.BAD_PERSONS)
        return int(typed)

    def clean_name(self) -> str:
        name = normalise(self.cleaned_data["name"])
        if len(name) > _LONGEST_NAME:
            raise forms.ValidationError(phrases.NAME_TOO_LONG)
        return name

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        try:
            return parse_mobile(typed) if normalise(typed) else ""
        except DomainError as error:
            raise forms.ValidationError(sentence(error.code)) from error

    def clean_message(self) -> str:
        message = normalise_lines(self.cleaned_data["message"])
        if len(message) > _LONGEST_MESSAGE:
            raise forms.ValidationError(phrases.MESSAGE_TOO_LONG)
        return message

    def clean_need(self) -> str:
        return self.need.code if self.need else ""

    def clean(self) -> dict[str, Any]:
        for why in getattr(self, "_dropped", []):
            self.add_error(None, f"{why} {phrases.SEND_AGAIN}")
        if self.cleaned_data.get("news") and self.cleaned_data.get("mobile") == "":
            self.add_error("mobile", phrases.NEWS_NEEDS_MOBILE)
        if "persons" in self.cleaned_data:
            try:
                self.cleaned_data["amount_rial"] = self._amount()
            except DomainError as error:
                self.add_error("amount", explain(error))
            except forms.ValidationError as error:
                self.add_error("amount", error)
        return self.cleaned_data

    def _amount(self) -> int:
        """Rials: the typed amount, or persons × the chosen rate of the fund, within the channel's limits."""
        fund = self.funds.get(self.cleaned_data.get("fund", ""))
        persons = self.cleaned_data["persons"]
        rate = self._rate(fund) if fund is not None and fund.rate_kind else None
        typed = self._typed_rial(use_quick=not (rate and persons))
        if fund is not None and not fund.rate_kind:
            self.cleaned_data["persons"] = persons = None
        if rate is None or persons is None:
            self.cleaned_data["rate"] = None
            amount = typed
        else:
            self.cleaned_data["rate"] = rate
            amount = _by_head(rate, persons, typed)
        if amount is None and rate is not None:
            raise forms.ValidationError(phrases.PERSONS_OR_AMOUNT)
        if amount is None:
            raise DomainError("amount_required")
        channel = online_channel(QR_CHANNEL if self.placement else WEB_CHANNEL)
        if amount < (least := channel.least_rial or 1):
            raise DomainError("amount_too_small", minimum_rial=least)
        if channel.most_rial is not None and amount > channel.most_rial:
            raise DomainError("amount_too_large", maximum_rial=channel.most_rial)
        return amount

    def _rate(self, fund: Fund) -> GivingRate | None:
        """The rate that was ticked; None: an amount of one's own, or no rate is announced."""
        name = f"rate_{fund.rate_kind}"
        if name not in self.fields or name not in self.cleaned_data:
            return None
        rates = self.rates.of[RateKind(fund.rate_kind)]
        ticked = self.cleaned_data[name] or str(first_rate(rates, self._region()).pk)
        return next((rate for rate in rates if str(rate.pk) == ticked), None)

    def _typed_rial(self, *, use_quick: bool) -> int | None:
        typed = self.cleaned_data.get("amount", "")
        if not normalise(typed):
            quick = ascii_digits(self.cleaned_data.get("quick", ""))
            if not use_quick or quick not in {str(toman) for toman in QUICK_TOMAN}:
                return None
            typed = quick
        try:
            return parse_toman(typed, minimum_rial=0)
        except DomainError as error:
            if error.code != "amount_too_large":
                raise
            return MAX_RIAL  # the channel's own limit, which says something to people, refuses it

    def wish(self) -> Wish:
        """What a valid form asks to be written down."""
        said = self.cleaned_data
        rate: GivingRate | None = said["rate"]
        return Wish(
            amount_rial=said["amount_rial"],
            fund=said["fund"],
            province=said["province"],
            county=said["county"],
            campaign=self._said("campaign"),
            need=said["need"],
            placement=self.placement.code if self.placement else "",
            name=said["name"],
            mobile=said["mobile"],
            message=said["message"],
            is_anonymous=said["anonymous"],
            persons=said["persons"],
            rate_id=rate.pk if rate else None,
        )

    def idempotency_key(self) -> str:
        """Of a rendered form and what it says: sent twice it is one gift; changed and sent again, another."""
        if not (key := self._said("form_key")):
            return ""
        content = hashlib.sha256(repr(vars(self.wish())).encode()).hexdigest()
        return f"form:{key}:{content}"


class _SharedFields(dict):
    """Every form of Django's copies all of its fields, a tenth of what a gift's form costs: here only those are copied
    that a form changes for its donor; the others are read by all."""

    _CHANGED = frozenset({"fund", "province", "county"})

    def __deepcopy__(self, memo: dict) -> dict[str, forms.Field]:
        return {
            name: copy.deepcopy(field, memo) if name in self._CHANGED else field
            for name, field in self.items()
        }


GivingForm.base_fields = _SharedFields(GivingForm.base_fields)


def _rate_field(kind: RateKind, rates: list[GivingRate], region: str) -> forms.ChoiceField:
    choices = [(str(rate.pk), str(rate)) for rate in rates] + [(FREE_AMOUNT, phrases.FREE_AMOUNT)]
    first = str(first_rate(rates, region).pk)
    return forms.ChoiceField(label=kind.label, choices=choices, required=False, initial=first)


def _by_head(rate: GivingRate, persons: int, typed: int | None) -> int:
    """Persons × rate. A typed amount must agree: more is welcome only where the rate is a minimum."""
    due = rate.amount_rial * persons
    if typed is None or typed == due or (rate.is_minimum and typed > due):
        return typed or due
    text = phrases.AMOUNT_BELOW_RATE if typed < due else phrases.AMOUNT_ABOVE_RATE
    raise forms.ValidationError(
        text.format(count=group_digits(persons), each=format_toman(rate.amount_rial), due=format_toman(due))
    )


class VerifyForm(forms.Form):
    """The code of a receipt, as somebody reads it from the paper."""

    code = forms.CharField(
        label="کد رسید یا کد رهگیری",
        max_length=64,
        required=False,
        help_text="کد رسید ۱۶ نویسه دارد و کنار رمزینهٔ آن نوشته است. خط تیره و بزرگی حروف مهم نیست.",
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
    )

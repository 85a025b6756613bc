"""What a clerk types at the counter: gifts, cheques, counts of notes, slips of the bank."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaigns.selectors import active_funds, editions_open_here
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile
from core.jalali import tehran_today
from core.money import parse_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise
from payments import counter_phrases as phrases
from payments.cash_selectors import bank_sources
from payments.counter_selectors import counts_to_deposit
from payments.enums import CancelMoney, CounterWay
from payments.models import CounterGift, Denomination
from payments.services.cash_differences import ways_of
from payments.services.corrections import MoneyBack, Purpose
from payments.services.counter import LEAST_RIAL, MOST_RIAL, ChequeFacts, CounterWish, SlipFacts
from provinces.enums import OfficeLevel
from provinces.models import Office
from provinces.selectors import counties_of, provinces_in_order

_NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
_CHEQUE = ("cheque_number", "cheque_bank", "cheque_due_on")
_SLIP = ("terminal_code", "rrn", "trace_no", "paid_on")
_MOST_PIECES = 100_000
_MOST_PHOTO_BYTES = 5 * 1024 * 1024
PHOTO_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}


class DigitsField(forms.CharField):
    """A number that is no quantity: digits of three scripts, spaces and dashes forgiven; kept as ASCII digits."""

    def __init__(self, *, least: int, most: int, **kwargs) -> None:
        self.pattern = re.compile(rf"[0-9]{{{least},{most}}}")
        super().__init__(max_length=40, widget=forms.TextInput(attrs=_NUMBER), **kwargs)

    def clean(self, value) -> str:
        typed = re.sub(r"[\s\-_/.]", "", ascii_digits(normalise(super().clean(value))))
        if typed and not self.pattern.fullmatch(typed):
            raise ValidationError(_("تنها رقم بنویسید و شمار رقم‌ها را وارسی کنید."), code="invalid")
        return typed


class TakeGiftForm(forms.Form):
    """One gift at the counter; `wish` of a valid one is what the service takes."""

    way = forms.ChoiceField(label=phrases.WAY, choices=CounterWay.choices, initial=CounterWay.CASH)
    amount = forms.CharField(label=phrases.AMOUNT, max_length=80)
    donor_name = forms.CharField(
        label=_("نام نیکوکار"),
        required=False,
        max_length=80,
        help_text=_("خالی: ناشناس"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mobile = forms.CharField(
        label=phrases.MOBILE,
        required=False,
        max_length=40,
        help_text=_("برای فرستادن رسید با پیامک"),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    fund = forms.ChoiceField(label=phrases.FUND)
    campaign = forms.ChoiceField(label=phrases.CAMPAIGN, required=False)
    place = forms.ChoiceField(label=phrases.PLACE, required=False)
    cheque_number = DigitsField(
        label=phrases.CHEQUE_NUMBER, least=4, most=16, required=False, help_text=_("شناسهٔ صیاد ۱۶ رقم است.")
    )
    cheque_bank = forms.CharField(label=phrases.BANK, required=False, max_length=60)
    cheque_due_on = JalaliDateField(label=phrases.DUE_ON, required=False)
    terminal_code = DigitsField(label=phrases.TERMINAL, least=6, most=12, required=False)
    rrn = DigitsField(label=phrases.RRN, least=6, most=16, required=False)
    trace_no = DigitsField(label=phrases.TRACE, least=1, most=12, required=False)
    paid_on = JalaliDateField(label=phrases.PAID_ON, required=False)
    office = forms.TypedChoiceField(label=phrases.OFFICE, coerce=int)

    def __init__(self, *args, offices: Sequence[Office], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {office.pk: office for office in offices}
        self.fields["office"].choices = [(office.pk, office.name) for office in offices]
        if len(offices) == 1:
            self.fields["office"].initial, self.fields["office"].widget = offices[0].pk, forms.HiddenInput()
        self.fields["fund"].choices = [(fund.code, fund.name) for fund in active_funds()]
        opened = editions_open_here()
        self.fields["campaign"].choices = [
            ("", phrases.NO_CAMPAIGN),
            *((edition.campaign.slug, edition.title) for edition in opened),
        ]
        self.fields["place"].choices = _places(offices)
        self.fields["place"].initial = _place_of(offices[0])
        self.fields["paid_on"].initial = tehran_today()

    def clean_amount(self) -> int:
        return _or_refuse(
            lambda: parse_toman(self.cleaned_data["amount"], minimum_rial=LEAST_RIAL, maximum_rial=MOST_RIAL)
        )

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        return _or_refuse(lambda: parse_mobile(typed)) if typed else ""

    def clean(self) -> dict:
        data = super().clean()
        needed = {CounterWay.CHEQUE: _CHEQUE, CounterWay.POS: _SLIP}.get(data.get("way"), ())
        for name in needed:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("این را هم بنویسید."), code="required"))
        for name in (*_CHEQUE, *_SLIP):
            if name not in needed:  # of a way that was not chosen: what stands there says nothing
                self.errors.pop(name, None)
        if data.get("paid_on") and data["paid_on"] > tehran_today():
            self.add_error("paid_on", ValidationError(sentence("day_to_come"), code="day_to_come"))
        return data

    @property
    def chosen_office(self) -> Office:
        return self.offices[self.cleaned_data["office"]]

    def wish(self) -> CounterWish:
        """What the service takes, of a valid form."""
        data = self.cleaned_data
        province, county = _codes_of(data["place"])
        cheque = slip = None
        if data["way"] == CounterWay.CHEQUE:
            cheque = ChequeFacts(data["cheque_number"], normalise(data["cheque_bank"]), data["cheque_due_on"])
        if data["way"] == CounterWay.POS:
            slip = SlipFacts(*(data[name] for name in _SLIP))
        return CounterWish(
            way=CounterWay(data["way"]),
            amount_rial=data["amount"],
            fund=data["fund"],
            province=province,
            county=county,
            campaign=data["campaign"],
            name=data["donor_name"],
            mobile=data["mobile"],
            cheque=cheque,
            slip=slip,
        )


def _codes_of(place: str) -> tuple[str, str]:
    """Province and county of a chosen place, "" each for none."""
    level, _colon, code = place.partition(":")
    return (code[:2], code) if level == "county" else (code, "")


def _places(offices: Sequence[Office]) -> list[tuple[str, str]]:
    choices: dict[str, str] = {}
    for office in offices:
        if office.level == OfficeLevel.HQ:
            choices |= {
                f"province:{p.code}": phrases.WHOLE_PROVINCE.format(province=p.name)
                for p in provinces_in_order()
            }
            continue
        province = office.province
        choices[f"province:{province.code}"] = phrases.WHOLE_PROVINCE.format(province=province.name)
        choices |= {f"county:{c.code}": phrases.COUNTY.format(county=c.name) for c in counties_of(province)}
    return [("", phrases.NATIONAL), *choices.items()]


def _place_of(office: Office) -> str:
    if office.county_id:
        return f"county:{office.county_id}"
    return f"province:{office.province_id}" if office.province_id else ""


def _or_refuse(parse: Callable):
    try:
        return parse()
    except DomainError as error:
        raise ValidationError(sentence(error.code), code=error.code) from error


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=phrases.REASON,
        max_length=300,
        help_text=_("نام و شمارهٔ نیکوکار را ننویسید."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LateCancelForm(ReasonForm):
    """Why a gift of another day is cancelled, and where its money is."""

    field_order = ("money", "fund", "place", "source", "reference", "reason")
    money = forms.ChoiceField(label=phrases.MONEY, choices=CancelMoney.choices, widget=forms.RadioSelect)
    source = forms.ChoiceField(label=phrases.MONEY_FROM, required=False)
    reference = DigitsField(label=phrases.MONEY_REFERENCE, least=1, most=40, required=False)
    fund = forms.ChoiceField(label=phrases.RIGHT_FUND, required=False)
    place = forms.ChoiceField(label=phrases.RIGHT_PLACE, required=False)

    def __init__(self, *args, gift: CounterGift, **kwargs) -> None:
        self.gift = gift
        super().__init__(*args, **kwargs)
        self.fields["fund"].choices = [(fund.code, fund.name) for fund in active_funds()]
        self.fields["fund"].initial = gift.fund_id
        places = _places([gift.office])
        meant = f"county:{gift.county_id}" if gift.county_id else f"province:{gift.province_id}"
        self.fields["place"].choices = places
        self.fields["place"].initial = meant if meant in dict(places) else ""
        banks = [(source.key, source.name) for source in bank_sources()]
        self.fields["source"].choices = [("", phrases.NO_BANK), *banks]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("money") == CancelMoney.BANK:
            for name in ("source", "reference"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("این را هم بنویسید."), code="required"))
        return data

    @property
    def money_back(self) -> MoneyBack | None:
        """The transfer back to the donor, of a valid form; None where no money had come."""
        data = self.cleaned_data
        return MoneyBack(data["source"], data["reference"]) if data["money"] == CancelMoney.BANK else None

    @property
    def anew(self) -> Purpose | None:
        """What the money was for, of a valid form; None where it does not stay."""
        data = self.cleaned_data
        return Purpose(data["fund"], *_codes_of(data["place"])) if data["money"] == CancelMoney.KEPT else None


class DifferenceForm(ReasonForm):
    """What shall become of cash that is missing or too much."""

    field_order = ("way", "fund", "reason")
    way = forms.ChoiceField(label=phrases.DIFFERENCE, widget=forms.RadioSelect)
    fund = forms.ChoiceField(label=phrases.GIFT_FUND, required=False)

    def __init__(self, *args, left_rial: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        ways = ways_of(left_rial)
        self.fields["way"].choices = [(way.value, way.label) for way in ways]
        if len(ways) == 1:
            self.fields["way"].initial = ways[0].value
        if left_rial < 0:
            del self.fields["fund"]
        else:
            self.fields["fund"].choices = [(fund.code, fund.name) for fund in active_funds()]


class DecisionForm(forms.Form):
    """Yes or no by a second person; a no says why."""

    decision = forms.ChoiceField(
        label=_("تصمیم"),
        choices=[("approve", _("تأیید می‌کنم")), ("refuse", _("رد می‌کنم"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("دلیل (برای رد لازم است)"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def is_yes(self) -> bool:
        return self.cleaned_data["decision"] == "approve"


class SlipForm(forms.Form):
    """The bank's slip."""

    bank = forms.CharField(label=phrases.SLIP_BANK, max_length=80)
    slip_number = DigitsField(label=phrases.SLIP, least=1, most=30)
    on = JalaliDateField(label=phrases.DEPOSITED_ON, initial=tehran_today)

    def clean_bank(self) -> str:
        return normalise(self.cleaned_data["bank"])


class DepositForm(SlipForm):
    """Which counts were carried to the bank."""

    counts = forms.ModelMultipleChoiceField(
        None,
        label=phrases.CHOSEN_COUNTS,
        error_messages={"required": phrases.NOTHING_TO_DEPOSIT},
    )
    photo = forms.FileField(
        label=phrases.PHOTO,
        required=False,
        help_text=_("JPEG، PNG یا PDF، تا ۵ مگابایت"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(self, *args, office: Office, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counts"].queryset = counts_to_deposit(office)

    def clean_photo(self) -> UploadedFile | None:
        photo = self.cleaned_data["photo"]
        if photo and (photo.size > _MOST_PHOTO_BYTES or not kind_of_photo(photo.read(8))):
            raise ValidationError(sentence("bad_photo"), code="bad_photo")
        return photo


def kind_of_photo(start: bytes) -> str:
    """The media type that a file's first bytes say; "" for anything but a picture or a PDF."""
    return next((kind for magic, kind in PHOTO_KINDS.items() if start.startswith(magic)), "")


class CountForm(forms.Form):
    """How many of each note; a field for each denomination."""

    note = forms.CharField(label=phrases.NOTE, max_length=300, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.notes = list(Denomination.objects.filter(is_active=True))
        for note in self.notes:
            self.fields[f"pieces_{note.pk}"] = DigitsField(least=1, most=6, required=False, label=note.name)

    def clean(self) -> dict:
        data = super().clean()
        for note in self.notes:
            if int(data.get(f"pieces_{note.pk}") or 0) > _MOST_PIECES:
                self.add_error(f"pieces_{note.pk}", ValidationError(_("بیش از اندازه است."), code="invalid"))
        return data

    @property
    def rows(self) -> list[dict[str, object]]:
        """Each note with its field, for the page."""
        return [{"note": note, "field": self[f"pieces_{note.pk}"]} for note in self.notes]

    @property
    def pieces(self) -> dict[int, int]:
        """Denomination id → pieces, of a valid form."""
        return {note.pk: int(self.cleaned_data[f"pieces_{note.pk}"] or 0) for note in self.notes}

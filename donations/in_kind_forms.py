"""What somebody types who offers goods: which, how they may reach the office, and whom to call."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from campaigns.models import Need
from campaigns.selectors import active_funds
from core.errors import DomainError
from core.form_fields import JalaliDateField, QuantityField
from core.identifiers import parse_mobile
from core.jalali import tehran_today
from core.photos import clean_photo
from core.phrases import sentence
from donations.enums import Condition, DayPart, GoodsUnit, HandOver
from donations.services.in_kind import Goods, Offer
from provinces.models import County, Office, Province
from provinces.selectors import counties_of, find_county, find_province, provinces_in_order

LINES_AT_FIRST, LINES_MORE, MOST_LINES = 3, 3, 12
_ANY_PART = ("", _("هر ساعتی"))


class PlaceForm(forms.Form):
    """Where one is; the county may be left out."""

    province = forms.ChoiceField(label=_("استان"))
    county = forms.ChoiceField(label=_("شهرستان"), required=False)

    def __init__(self, data) -> None:
        super().__init__(data or None)  # nothing asked yet is no mistake
        self.fields["province"].choices = [
            ("", _("برگزینید")),
            *((p.code, p.name) for p in provinces_in_order()),
        ]
        self.province = _or_none(find_province, data.get("province", ""))
        self.county: County | None = None
        if self.province is None:
            del self.fields["county"]
            return
        self.data = {"province": self.province.code, "county": data.get("county", "")}
        self.fields["county"].choices = [
            ("", _("همهٔ استان")),
            *((c.code, c.name) for c in counties_of(self.province)),
        ]
        self.county = _or_none(lambda code: find_county(code, self.province), data.get("county", ""))


def _or_none(find, code: str) -> Province | County | None:
    try:
        return find(code) if code else None
    except DomainError:
        return None


class GoodsForm(forms.Form):
    """One line of goods; an empty one says nothing."""

    description = forms.CharField(
        label=_("کالا"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    quantity = QuantityField(label=_("مقدار"), required=False)
    unit = forms.ChoiceField(label=_("واحد"), choices=GoodsUnit.choices)
    condition = forms.ChoiceField(label=_("وضع"), choices=Condition.choices)
    photo = forms.FileField(
        label=_("عکس"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> ContentFile | None:
        upload = self.cleaned_data["photo"]
        try:
            return clean_photo(upload) if upload else None
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean(self) -> dict:
        data = super().clean()
        if data.get("description") and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", ValidationError(_("مقدار را بنویسید."), code="required"))
        if data.get("quantity") and not data.get("description"):
            self.add_error("description", ValidationError(_("نام کالا را بنویسید."), code="required"))
        return data

    def goods(self) -> Goods | None:
        """The line of a valid form; None for an empty one."""
        data = self.cleaned_data
        if not data.get("description"):
            return None
        return Goods(
            data["description"], Decimal(data["quantity"]), data["unit"], data["condition"], data["photo"]
        )


GoodsFormSet = forms.formset_factory(
    GoodsForm, extra=LINES_AT_FIRST, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


class OfferForm(forms.Form):
    """Whom to call and how the goods come; `offer` of a valid form is what the service takes."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    office = forms.TypedChoiceField(label=_("اداره"), coerce=int, widget=forms.RadioSelect())
    way = forms.ChoiceField(
        label=_("چگونه به دست اداره برسد؟"),
        choices=HandOver.choices,
        initial=HandOver.BRING,
        widget=forms.RadioSelect(),
    )
    wished_on = JalaliDateField(label=_("روز دلخواه"), required=False)
    wished_part = forms.ChoiceField(
        label=_("ساعت دلخواه"), choices=[_ANY_PART, *DayPart.choices], required=False
    )
    pickup_address = forms.CharField(
        label=_("نشانی برای بردن کالا"),
        required=False,
        max_length=300,
        help_text=_("تنها اگر باید بیایند ببرند. رمزشده نگه داشته می‌شود."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fund = forms.ChoiceField(label=_("نیت"))
    name = forms.CharField(label=_("نام شما"), max_length=80, required=False)
    mobile = forms.CharField(
        label=_("شمارهٔ همراه"),
        max_length=40,
        help_text=_("اداره با همین شماره هماهنگ می‌کند. رمزشده نگه داشته می‌شود."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(
        label=_("اگر نکته‌ای هست"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, offices: Sequence[Office], need: Need | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offices, self.need = {office.pk: office for office in offices}, need
        self.funds = {
            fund.code: fund for fund in active_funds() if need is None or need.kind in fund.spendable_on
        }
        self.fields["key"].initial = uuid.uuid4
        self.fields["office"].choices = [(office.pk, office.name) for office in offices]
        self.fields["office"].initial = offices[0].pk
        self.fields["fund"].choices = [(code, fund.name) for code, fund in self.funds.items()]
        if need is not None:
            self.fields["fund"].initial = need.fund_id

    def clean_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean_wished_on(self):
        day = self.cleaned_data["wished_on"]
        if day is not None and day < tehran_today():
            raise ValidationError(_("این روز گذشته است."), code="past")
        return day

    def offer(self, goods: Sequence[Goods]) -> Offer:
        """The offer of a valid form, with these goods."""
        data = self.cleaned_data
        return Offer(
            office=self.offices[data["office"]],
            fund=self.funds[data["fund"]],
            goods=tuple(goods),
            name=data["name"],
            mobile=data["mobile"],
            message=data["message"],
            way=data["way"],
            pickup_address=data["pickup_address"],
            wished_on=data["wished_on"],
            wished_part=data["wished_part"],
            need=self.need,
        )

"""What the desk types about gifts of goods: answers, what came, what it is worth."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from aid import in_kind_phrases as phrases
from aid.decision_forms import DecisionForm
from aid.models import StockItem, Warehouse
from aid.stock_selectors import find_items
from campaigns.enums import NeedState
from campaigns.models import Need
from campaigns.selectors import active_funds
from core.errors import DomainError
from core.form_fields import JalaliDateField, QuantityField
from core.identifiers import parse_mobile
from core.jalali import tehran_today
from core.list_forms import DaysForm
from core.money import parse_toman
from core.photos import clean_photo
from core.phrases import sentence
from core.text import search_key
from donations.enums import AppraisalWay, Condition, DayPart, InKindState
from donations.models import GiftInKind
from donations.services.in_kind import AppraisedGoods, Offer
from provinces.models import Office

MOST_LINES, LINES_AT_FIRST, LINES_MORE = 30, 3, 3
LIST_OF_ITEMS = "goods-list"  # id of the <datalist> beside the form


class OfferFilterForm(DaysForm):
    q = forms.CharField(label=_("کد رهگیری یا نام"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("وضعیت"), choices=[("", _("همه")), *InKindState.choices], required=False
    )


class AgreeForm(forms.Form):
    """Kind words and, if one is made, an appointment."""

    words = forms.CharField(
        label=_("چند کلمه برای نیکوکار"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    on = JalaliDateField(label=_("روز قرار"), required=False)
    part = forms.ChoiceField(
        label=_("ساعت قرار"), choices=[("", _("هر ساعتی")), *DayPart.choices], required=False
    )

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day is not None and day < tehran_today():
            raise ValidationError(_("این روز گذشته است."), code="past")
        return day


class WordsForm(forms.Form):
    """Why not, for the donor to read."""

    words = forms.CharField(
        label=_("چند کلمه برای نیکوکار"),
        max_length=400,
        help_text=_("سپاس و دلیل؛ اگر جای دیگری می‌پذیرد بنویسید."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ValueDecisionForm(DecisionForm):
    """Whether goods are worth what was appraised."""

    question, yes, no = _("ارزش کالا"), _("درست است"), _("برگردد تا دوباره ارزیابی شود")
    why = _("دلیل برگشت")


class WalkInForm(forms.Form):
    """Who brings goods unannounced; what it is comes on the next page."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    office = forms.TypedChoiceField(label=_("اداره"), coerce=int)
    name = forms.CharField(label=_("نام نیکوکار"), required=False, max_length=80, help_text=_("خالی: ناشناس"))
    mobile = forms.CharField(
        label=_("شمارهٔ همراه"),
        required=False,
        max_length=40,
        help_text=_("برای فرستادن رسید با پیامک"),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    fund = forms.ChoiceField(label=_("نیت"))

    def __init__(self, *args, offices: Sequence[Office], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {office.pk: office for office in offices}
        self.funds = {fund.code: fund for fund in active_funds()}
        self.fields["key"].initial = uuid.uuid4
        self.fields["office"].choices = [(office.pk, office.name) for office in offices]
        self.fields["fund"].choices = [(code, fund.name) for code, fund in self.funds.items()]

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        try:
            return parse_mobile(typed) if typed else ""
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def offer(self) -> Offer:
        data = self.cleaned_data
        return Offer(
            self.offices[data["office"]], self.funds[data["fund"]], name=data["name"], mobile=data["mobile"]
        )


class ItemField(forms.CharField):
    """A kind of goods, typed by its name or another name of it, however that is written; the list helps."""

    def __init__(self, **kwargs) -> None:
        attributes = {"list": LIST_OF_ITEMS, "autocomplete": "off"}
        super().__init__(max_length=80, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value) -> StockItem | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = list(find_items(typed)[:2])
        exact = [item for item in find_items(typed) if search_key(item.name) == search_key(typed)]
        if exact:
            return exact[0]
        if len(found) == 1:
            return found[0]
        raise ValidationError(sentence("unknown_item"), code="unknown_item")


class TakenForm(forms.Form):
    """One line of what came; an empty one says nothing."""

    item = ItemField(label=_("کالا"), required=False)
    details = forms.CharField(label=_("نشان و ویژگی"), required=False, max_length=160)
    quantity = QuantityField(label=_("مقدار"), required=False)
    condition = forms.ChoiceField(label=_("وضع"), choices=Condition.choices)
    expires_on = JalaliDateField(label=_("تاریخ انقضا"), required=False)
    value = forms.CharField(
        label=_("ارزش همهٔ این ردیف (تومان)"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    appraised_how = forms.ChoiceField(label=_("بر پایهٔ"), choices=AppraisalWay.choices)
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

    def clean_value(self) -> int | None:
        typed = self.cleaned_data["value"]
        try:
            return parse_toman(typed) if typed else None
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("item"):
            if data.get("quantity") and "item" not in self.errors:
                self.add_error("item", ValidationError(sentence("unknown_item"), code="required"))
            return data
        for name in ("quantity", "value"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("این را هم بنویسید."), code="required"))
        if data["item"].has_expiry and not data.get("expires_on") and "expires_on" not in self.errors:
            self.add_error("expires_on", ValidationError(sentence("expiry_required"), code="required"))
        return data

    def goods(self, appraised_by: str) -> AppraisedGoods | None:
        """The line of a valid form; None for an empty one."""
        data = self.cleaned_data
        item: StockItem | None = data.get("item")
        if item is None:
            return None
        return AppraisedGoods(
            item_code=item.code,
            name=item.name,
            quantity=data["quantity"],
            unit=item.unit,
            condition=data["condition"],
            value_rial=data["value"],
            appraised_by=appraised_by,
            appraised_how=data["appraised_how"],
            details=data["details"],
            expires_on=data["expires_on"],
            photo=data["photo"],
        )


TakenFormSet = forms.formset_factory(
    TakenForm, extra=LINES_AT_FIRST, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


class TakeForm(forms.Form):
    """Where the goods are laid, and who found their value."""

    warehouse = forms.TypedChoiceField(label=_("انبار"), coerce=int)
    appraised_by = forms.CharField(
        label=_("ارزیاب"), max_length=80, help_text=_("چه کسی ارزش را برآورد کرد: نام یا سمت")
    )

    need = forms.ModelChoiceField(
        None,
        label=phrases.NEED,
        required=False,
        empty_label=phrases.NO_NEED,
        help_text=_("آنچه برای نیازی می‌رسد تا آن نیاز باز است تنها به همان می‌رسد."),
    )

    def __init__(self, *args, gift: GiftInKind, warehouses: Sequence[Warehouse], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if gift.need_id is not None:
            del self.fields["need"]  # whoever gave has said it
        else:
            self.fields["need"].queryset = Need.objects.filter(
                province=gift.office.province_id,
                kind__in=gift.fund.spendable_on,
                state__in=[NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED],
            )
        self.warehouses = {row.pk: row for row in warehouses}
        self.fields["warehouse"].choices = [(row.pk, row.name) for row in warehouses]

"""What people type about kits and goods that reached families. No name and no number of anybody is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from aid import allocation_phrases as words
from aid import stock_phrases as phrases
from aid.allocation_forms import CountField
from aid.enums import Purpose, Signatory
from aid.models import Lot, Warehouse
from aid.need_fields import NeedField, open_needs_here
from aid.services.evidence import Proof
from core.form_fields import JalaliDateField, QuantityField
from core.jalali import tehran_today
from provinces.models import County

_CODE = {"dir": "ltr", "autocomplete": "off"}


class EvidenceForm(forms.Form):
    """How it is known that goods reached people."""

    households = CountField(label=words.HOUSEHOLDS)
    county = forms.ChoiceField(label=words.COUNTY, required=False)
    delivered_on = JalaliDateField(label=words.DELIVERED_ON)
    first = forms.ChoiceField(label=words.FIRST, choices=Signatory.choices, initial=Signatory.SOCIAL_WORKER)
    second = forms.ChoiceField(label=words.SECOND, choices=Signatory.choices, initial=Signatory.RECIPIENT)
    minutes_number = forms.CharField(
        label=words.MINUTES, required=False, max_length=40, widget=forms.TextInput(attrs=_CODE)
    )
    references = forms.CharField(
        label=words.REFERENCES,
        help_text=_(
            "کد پرونده در سامانهٔ مددجویی، هر خانوار یک سطر. نام، کد ملی و شمارهٔ همراه پذیرفته نمی‌شود."
        ),
        widget=forms.Textarea(attrs={"rows": 4, **_CODE}),
    )
    again_because = forms.CharField(
        label=_("دلیل تحویل دوباره"),
        required=False,
        max_length=200,
        help_text=_("تنها اگر پرونده‌ای در سی روز گذشته همین کمک را گرفته است."),
    )

    photo = forms.FileField(label=words.PHOTO, required=False, help_text=_("JPEG یا PNG، تا ۵ مگابایت."))
    photo_is_faceless = forms.BooleanField(label=_("در عکس چهرهٔ هیچ‌کس دیده نمی‌شود"), required=False)

    def __init__(self, *args, warehouse: Warehouse, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        office = warehouse.office
        own = {"pk": office.county_id} if office.county_id else {"province": office.province_id}
        counties = County.objects.filter(is_active=True, **own)
        blank = [] if office.county_id else [("", words.NO_COUNTY)]
        self.fields["county"].choices = [*blank, *((c.pk, c.name) for c in counties)]
        self.fields["delivered_on"].initial = tehran_today()

    def evidence(self) -> Proof:
        """What the service takes, of a valid form."""
        data = self.cleaned_data
        names = (
            "households", "delivered_on", "first", "second", "minutes_number", "again_because", "photo",
            "photo_is_faceless",
        )  # fmt: skip
        return Proof(
            references=[line for line in data["references"].splitlines() if line.strip()],
            county=County.objects.get(pk=data["county"]) if data["county"] else None,
            **{name: data[name] for name in names},
        )


class DeliverKitsForm(EvidenceForm):
    """Ready kits that left."""

    count = CountField(label=phrases.COUNT_OF_KITS)
    field_order = ("count",)


class GiveGoodsForm(EvidenceForm):
    """Goods of a warehouse that were given as they are."""

    item = forms.ChoiceField(label=phrases.ITEM)
    quantity = QuantityField(label=phrases.QUANTITY)
    purpose = forms.ChoiceField(
        label=words.PURPOSE, help_text=_("تنها کالایی داده می‌شود که به همین نیت رسیده است.")
    )
    need = NeedField()
    field_order = ("item", "quantity", "purpose", "need")

    def __init__(self, *args, warehouse: Warehouse, lots: Sequence[Lot], **kwargs) -> None:
        super().__init__(*args, warehouse=warehouse, **kwargs)
        self.items = {lot.item_id: lot.item for lot in lots}
        spendable = {purpose for lot in lots for purpose in lot.fund.spendable_on}
        self.fields["item"].choices = [(code, item.name) for code, item in self.items.items()]
        self.fields["purpose"].choices = [
            (code, label) for code, label in Purpose.choices if code in spendable
        ]
        self.fields["need"].offer(open_needs_here(province=warehouse.office.province_id, kind__in=spendable))

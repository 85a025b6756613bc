"""What the desk types about goods in warehouses: moves, counts, losses; and about kits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from aid.decision_forms import DecisionForm
from aid.enums import KitSource, LossCause
from aid.models import BatchLine, Kit, Lot, StockItem, TransferLine, Warehouse
from aid.need_fields import NeedField, open_needs_here
from aid.services.kits import Payer
from campaigns.selectors import active_funds
from core.form_fields import QuantityField, TomanField
from core.money import format_quantity
from partnerships.promise_selectors import Free
from provinces.models import Office


class FindForm(forms.Form):
    q = forms.CharField(label=_("کالا"), required=False, max_length=60)


class WarehouseForm(forms.Form):
    """A new warehouse of one's own office."""

    office = forms.TypedChoiceField(label=_("اداره"), coerce=int)
    name = forms.CharField(label=_("نام انبار"), max_length=120)
    address = forms.CharField(label=_("نشانی"), max_length=300, required=False)

    def __init__(self, *args, offices: Sequence[Office], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {office.pk: office for office in offices}
        self.fields["office"].choices = [(office.pk, office.name) for office in offices]


class WriteOffForm(forms.Form):
    quantity = QuantityField(label=_("مقدار"))
    cause = forms.ChoiceField(
        label=_("سبب"), choices=[c for c in LossCause.choices if c[0] != LossCause.COUNT]
    )
    note = forms.CharField(label=_("توضیح"), max_length=300)


class LossDecisionForm(DecisionForm):
    """Whether goods are lost as somebody said."""

    question, yes, no = _("این کسر"), _("درست است؛ از موجودی کسر شود"), _("پذیرفته نیست")


class QuantitiesForm(forms.Form):
    """A quantity a row: `rows` pairs each row with its field, `quantities` of a valid form are {row id: quantity}."""

    def __init__(self, *args, asked: Sequence, label, start=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for row in self.asked:
            field = QuantityField(label=label, least=0, required=False)
            field.initial = start(row) if start else None
            self.fields[f"row{row.pk}"] = field

    @property
    def rows(self) -> list[tuple]:
        return [(row, self[f"row{row.pk}"]) for row in self.asked]

    @property
    def quantities(self) -> dict[int, Decimal]:
        found = {row.pk: self.cleaned_data.get(f"row{row.pk}") for row in self.asked}
        return {pk: quantity for pk, quantity in found.items() if quantity is not None}


class SendForm(QuantitiesForm):
    """Goods of a warehouse to be sent to another one."""

    target = forms.TypedChoiceField(label=_("به انبار"), coerce=int)
    note = forms.CharField(label=_("یادداشت"), required=False, max_length=300)

    def __init__(self, *args, lots: Sequence[Lot], targets: Sequence[Warehouse], **kwargs) -> None:
        super().__init__(*args, asked=lots, label=_("مقدار"), **kwargs)
        self.targets = {row.pk: row for row in targets}
        self.fields["target"].choices = [("", _("برگزینید")), *((t.pk, _where(t)) for t in targets)]


def _where(warehouse: Warehouse) -> str:
    return f"{warehouse.office.name}: {warehouse.name}"


class CountForm(QuantitiesForm):
    """What lies there; what should lie there is not shown."""

    note = forms.CharField(
        label=_("توضیح"),
        required=False,
        max_length=300,
        help_text=_("اگر با دفتر یکی نباشد، دلیل را بنویسید."),
    )

    def __init__(self, *args, lots: Sequence[Lot], **kwargs) -> None:
        super().__init__(*args, asked=lots, label=_("شمرده شد"), **kwargs)


class ReceiveForm(QuantitiesForm):
    """What of a transfer arrived."""

    note = forms.CharField(
        label=_("توضیح"), required=False, max_length=300, help_text=_("اگر چیزی کم رسیده، بنویسید چرا.")
    )

    def __init__(self, *args, lines: Sequence[TransferLine], **kwargs) -> None:
        super().__init__(*args, asked=lines, label=_("رسید"), start=lambda line: line.quantity, **kwargs)


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("دلیل"), max_length=300)


class CountDecisionForm(DecisionForm):
    """Whether a warehouse holds what was counted."""

    question, yes, no = _("این شمارش"), _("درست است"), _("دوباره شمرده شود")


# --- kits ------------------------------------------------------------------------------------------------
class BatchForm(forms.Form):
    """Some kits to be made ready."""

    kit = forms.ModelChoiceField(Kit.objects.none(), label=_("بسته"), empty_label=None)
    warehouse = forms.TypedChoiceField(label=_("انبار"), coerce=int)
    count = forms.IntegerField(
        label=_("شمار بسته"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    title = forms.CharField(label=_("عنوان"), required=False, max_length=120)
    need = NeedField(
        help_text=_("اگر نیاز خودِ بسته را می‌خواهد قلم آن را برگزینید؛ کالاهای درون بسته خود شمرده می‌شوند.")
    )

    def __init__(self, *args, warehouses: Sequence[Warehouse], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.warehouses = {row.pk: row for row in warehouses}
        kits = Kit.objects.filter(is_active=True)
        self.fields["kit"].queryset = kits
        self.fields["need"].offer(open_needs_here(kind__in=kits.values("purpose")))
        self.fields["warehouse"].choices = [(row.pk, _where(row)) for row in warehouses]


class FundingForm(forms.Form):
    """Who pays for some of an item of a batch."""

    line = forms.TypedChoiceField(label=_("کالا"), coerce=int)
    item = forms.ModelChoiceField(
        StockItem.objects.none(), label=_("با جایگزین"), required=False, empty_label=_("همان کالا")
    )
    quantity = QuantityField(label=_("مقدار"))
    source = forms.ChoiceField(label=_("از محل"), choices=KitSource.choices)
    fund = forms.ChoiceField(
        label=_("نیت"),
        required=False,
        help_text=_("تنها برای کمک نقدی؛ نیت‌هایی که برای این بسته هزینه می‌شوند."),
    )
    promise = forms.TypedChoiceField(
        label=_("وعده"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("تنها برای وعدهٔ شریک؛ وعده‌های کالای این استان که هنوز نرسیده است."),
    )
    amount = TomanField(label=_("مبلغ (تومان)"), required=False, help_text=_("خالی: به قیمت مرجع"))
    note = forms.CharField(
        label=_("از آنِ"), required=False, max_length=200, help_text=_("نام شریک یا ردیف بودجه")
    )

    def __init__(
        self,
        *args,
        lines: Sequence[BatchLine],
        purpose: str,
        promises: Sequence[Free] = (),
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promise"].choices = [
            ("", "—"),
            *((free.commitment.pk, _promise_label(free)) for free in promises),
        ]
        self.fields["line"].choices = [(line.pk, line.item.name) for line in lines if line.left]
        substitutes = {item.pk for line in lines for item in line.substitutes.all()}
        self.fields["item"].queryset = StockItem.objects.filter(pk__in=substitutes)
        self.funds = {f.code: f for f in active_funds() if purpose in f.spendable_on}
        self.fields["fund"].choices = [("", "—"), *((code, f.name) for code, f in self.funds.items())]

    def payer(self) -> Payer:
        data = self.cleaned_data
        source = KitSource(data["source"])
        fund = self.funds.get(data["fund"]) if source == KitSource.CASH else None
        promise = data["promise"] if source == KitSource.PROMISE else None
        return Payer(source, fund, commitment_id=promise, note=data["note"])


def _promise_label(free: Free) -> str:
    """Whose promise, of what, and how much of it has not come."""
    row = free.commitment
    return f"{row.whose}: {row.what}، {format_quantity(free.quantity)} {row.unit}"

"""What staff type about memoranda."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, provinces_of
from core.errors import DomainError
from core.form_fields import JalaliDateField, TomanField
from core.list_forms import DaysForm
from core.money import group_digits, rial_to_toman
from core.phrases import sentence
from core.text import normalise, search_key
from partnerships import agreement_phrases as phrases
from partnerships.enums import AgreementState, Measure, Purpose
from partnerships.models import Agreement, AgreementItem, ItemShare
from partnerships.partner_selectors import choosable_partners
from partnerships.promise_forms import CountField, read_count, read_money
from partnerships.services.agreements import AgreementFacts, ItemFacts
from provinces.models import Province
from provinces.scoping import current_scope
from provinces.selectors import find_province, provinces_in_order

_ALL = ("", _("همه"))


class AgreementFilterForm(DaysForm):
    q = forms.CharField(label=_("شریک یا عنوان"), required=False, max_length=60)
    state = forms.ChoiceField(label=phrases.STATE, required=False, choices=[_ALL, *AgreementState.choices])
    province = forms.ChoiceField(label=_("استان"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = [("national", phrases.NATIONAL)]
        if current_scope().everything:
            rows += [(province.code, province.name) for province in provinces_in_order()]
        self.fields["province"].choices = [_ALL, *rows]


class AgreementForm(forms.Form):
    """A memorandum before it is signed; `facts` of a valid one is what the service takes."""

    partner = forms.ModelChoiceField(None, label=phrases.PARTNER, empty_label=None)
    title = forms.CharField(label=phrases.TITLE, max_length=160)
    number = forms.CharField(label=phrases.NUMBER, required=False, max_length=40)
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=phrases.NATIONAL
    )
    ends_on = JalaliDateField(label=phrases.ENDS_ON, required=False)
    value_rial = TomanField(label=_("ارزش نوشته‌شده (تومان)"), required=False, help_text=phrases.VALUE_NOTE)
    source = forms.CharField(label=phrases.SOURCE, required=False, max_length=200)
    note = forms.CharField(
        label=phrases.NOTE, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        self.fields["partner"].queryset = choosable_partners()
        self.fields["province"].queryset = provinces_of(scope)
        if not scope.everything:
            self.fields["province"].required, self.fields["province"].empty_label = True, None
            choose(self, "province", provinces_of(scope))

    @staticmethod
    def initial_of(agreement: Agreement) -> dict[str, object]:
        return {name: getattr(agreement, name) for name in AgreementFacts.__dataclass_fields__}

    @property
    def facts(self) -> AgreementFacts:
        return AgreementFacts(**self.cleaned_data)


class ItemForm(forms.Form):
    title = forms.CharField(label=phrases.ITEM, max_length=120)
    purpose = forms.ChoiceField(label=_("برای"), choices=Purpose.choices)
    measure = forms.ChoiceField(label=_("جنس"), choices=Measure.choices[:2], initial=Measure.GOODS)
    target = CountField(label=_("مقدار کالا"), required=False, help_text=_("تنها برای کالا."))
    unit = forms.CharField(
        label=_("واحد"), required=False, max_length=20, help_text=_("مانند دستگاه یا سری.")
    )
    amount = TomanField(label=_("مبلغ (تومان)"), required=False, help_text=_("تنها برای پول."))
    due_on = JalaliDateField(label=phrases.DUE, required=False)

    @property
    def facts(self) -> ItemFacts:
        data = self.cleaned_data
        cash = data["measure"] == Measure.CASH
        return ItemFacts(
            title=data["title"],
            purpose=Purpose(data["purpose"]),
            target=(data["amount"] if cash else data["target"]) or 0,
            unit=data["unit"],
            measure=Measure(data["measure"]),
            due_on=data["due_on"],
        )


class SplitForm(forms.Form):
    """Shares of an item, one a line: province, quantity. Money in toman; `quantities` is what the service takes."""

    shares = forms.CharField(
        label=phrases.SPLIT,
        required=False,
        max_length=4_000,
        help_text=_("هر سطر: استان، مقدار؛ مانند خوزستان، ۱۲۰."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, item: AgreementItem, shares: tuple[ItemShare, ...] = (), **kwargs) -> None:
        cash = item.measure == Measure.CASH
        self.read, self.known = read_money if cash else read_count, {row.province_id for row in shares}
        lines = [
            f"{row.province.name}، {group_digits(rial_to_toman(row.quantity)[0] if cash else row.quantity)}"
            for row in shares
        ]
        kwargs.setdefault("initial", {"shares": "\n".join(lines)})
        super().__init__(*args, **kwargs)

    def clean_shares(self) -> dict[str, int]:
        found: dict[str, int] = {}
        try:
            for row in self.cleaned_data["shares"].splitlines():
                if row.strip():
                    code, quantity = self._share(row)
                    if code in found:
                        raise DomainError("bad_split")
                    found[code] = quantity
        except DomainError as error:
            raise ValidationError(sentence("bad_split"), code="bad_split") from error
        return dict.fromkeys(self.known, 0) | found

    def _share(self, row: str) -> tuple[str, int]:
        name, _mark, quantity = normalise(re.sub("[,:]", "،", row, count=1)).partition("،")
        names = {province.search_key: province.code for province in provinces_in_order()}
        code = names.get(search_key(name)) or find_province(name.strip()).code
        return code, 0 if quantity.strip() in ("0", "۰") else self.read(quantity.strip())


class SignForm(forms.Form):
    signed_on = JalaliDateField(label=phrases.SIGNED_ON)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=phrases.REASON, max_length=300)


class EndingForm(forms.Form):
    ending = forms.CharField(label=phrases.ENDING, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FinishForm(forms.Form):
    ending = forms.CharField(
        label=phrases.ENDING, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class FileForm(forms.Form):
    title = forms.CharField(label=phrases.TITLE, max_length=120)
    file = forms.FileField(label=_("پرونده"), help_text=_("PDF، JPEG یا PNG؛ تا ۱۰ مگابایت."))

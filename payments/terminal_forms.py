"""Forms about terminals: what is proposed, and what is decided about it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from campaigns.models import Fund
from core.errors import DomainError
from core.identifiers import parse_iban
from core.phrases import sentence
from core.text import ascii_digits
from payments.models import Terminal, TerminalProposal
from payments.services.terminal_changes import (
    TerminalFacts,
    check_facts,
    differences,
    facts_of,
    parse_credentials,
)

DEPOSIT = "deposit_"


class TerminalForm(forms.ModelForm):
    """What a terminal should become. Credentials are written and never read back.

    Without Meta: its fields are made at each request, inside the scope of the person who asks.
    """

    settlement_iban = forms.CharField(
        label=_("شبای حساب تسویه"),
        required=False,
        max_length=60,
        help_text=_("حسابی که درگاه پول را به آن واریز می‌کند؛ با فاصله هم پذیرفته می‌شود."),
        widget=UnfoldAdminTextInputWidget(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    new_credentials = forms.CharField(
        label=_("مشخصات محرمانهٔ تازه (JSON)"),
        required=False,
        strip=True,
        help_text=_("خالی: آنچه هست می‌ماند. آنچه نوشته شود رمزنگاری می‌شود و دیگر نشان داده نمی‌شود."),
        widget=UnfoldAdminTextareaWidget(attrs={"dir": "ltr", "autocomplete": "off", "rows": 3}),
    )
    reason = forms.CharField(
        label=_("دلیل"),
        max_length=300,
        help_text=_("شماره و تاریخ نامهٔ بانک یا درگاه را هم بنویسید."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for fund, value in facts_of(self.instance).deposit_ids.items():
                self.initial.setdefault(f"{DEPOSIT}{fund}", value)

    def clean_settlement_iban(self) -> str:
        typed = self.cleaned_data["settlement_iban"]
        try:
            return parse_iban(typed) if typed else ""
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from None

    def clean_new_credentials(self) -> dict[str, str] | None:
        typed = self.cleaned_data["new_credentials"]
        try:
            return parse_credentials(typed) if typed else None
        except DomainError as error:
            self.data = self.data.copy()
            self.data[self.add_prefix("new_credentials")] = ""  # what was typed is not sent back
            raise ValidationError(sentence(error.code), code=error.code) from None

    def clean(self) -> dict:
        data = super().clean()
        if self.errors:
            return data
        try:
            self._check()
        except DomainError as error:
            named = error.data.get("field")
            where = named if named in self.fields else None
            self.add_error(where, ValidationError(sentence(error.code), code=error.code))
        return data

    def _check(self) -> None:
        """What the services would refuse, said beside the field."""
        wanted, terminal = self.facts(), self.instance if self.instance.pk else None
        place = self.cleaned_data if terminal is None else vars(terminal)
        gateway, office = place["gateway"], place.get("office_id") or self.cleaned_data["office"].pk
        check_facts(wanted)
        here = {"office": office, "gateway": gateway}
        if terminal is None and Terminal.objects.filter(**here, is_active=True).exists():
            raise DomainError("terminal_exists")
        waiting = TerminalProposal.objects.filter(**here, state=TerminalProposal.State.WAITING)
        if any(not proposal.is_overdue for proposal in waiting):
            raise DomainError("proposal_open")
        if not differences(terminal, gateway, wanted):
            raise DomainError("nothing_changes")

    def facts(self) -> TerminalFacts:
        """The whole terminal as it is typed here; what this form does not ask for stays."""
        data = self.cleaned_data
        kept = facts_of(self.instance).deposit_ids if self.instance.pk else {}
        typed = {n.removeprefix(DEPOSIT): ascii_digits(v) for n, v in data.items() if n.startswith(DEPOSIT)}
        return TerminalFacts(
            label=data["label"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            settlement_iban=data["settlement_iban"],
            deposit_ids={fund: value for fund, value in {**kept, **typed}.items() if value},
            credentials=data["new_credentials"],
        )


def terminal_form() -> type[TerminalForm]:
    """The form with a field for the deposit id of every fund that is open."""
    fields = {
        f"{DEPOSIT}{fund.code}": forms.CharField(
            label=fund.name,
            required=False,
            max_length=30,
            widget=UnfoldAdminTextInputWidget(
                attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
            ),
        )
        for fund in Fund.objects.filter(is_active=True)
    }
    return type(TerminalForm)("TerminalForm", (TerminalForm,), {"__module__": __name__, **fields})


class SwitchForm(forms.Form):
    """Why a terminal goes off or on."""

    reason = forms.CharField(
        label=_("دلیل"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class ApproveForm(forms.Form):
    """That the proposal was compared with something other than itself."""

    is_compared = forms.BooleanField(
        label=_("این مشخصات را با نامهٔ رسمی بانک یا درگاه سنجیده‌ام."), widget=UnfoldBooleanWidget()
    )
    reason = forms.CharField(
        label=_("یادداشت (اختیاری)"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("دلیل رد"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class WithdrawForm(forms.Form):
    """Only whether: it is one's own."""

    is_sure = forms.BooleanField(label=_("این پیشنهاد پس گرفته شود."), widget=UnfoldBooleanWidget())

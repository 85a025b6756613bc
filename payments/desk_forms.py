"""What an accountant types about payments and refunds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.list_forms import DaysForm
from payments.enums import AttemptState, GatewayName, RefundState

_ALL = ("", _("همه"))
_REASON_HELP = _("نام و شمارهٔ نیکوکار را ننویسید؛ این متن در ردّ ممیزی می‌ماند.")


class PaymentFilterForm(DaysForm):
    """Finding a payment by any of its numbers, or by gateway, state and days."""

    q = forms.CharField(
        label=_("کد رهگیری، شمارهٔ سفارش یا شمارهٔ مرجع"), required=False, max_length=64, strip=True
    )
    gateway = forms.ChoiceField(label=_("درگاه"), required=False, choices=[_ALL, *GatewayName.choices])
    state = forms.ChoiceField(label=_("وضعیت"), required=False, choices=[_ALL, *AttemptState.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].label = _("کمک از روز")


class RefundFilterForm(DaysForm):
    """Which refunds are shown; those that wait for somebody unless something else is asked for."""

    state = forms.ChoiceField(
        label=_("وضعیت"), required=False, choices=[("", _("در جریان")), *RefundState.choices]
    )


class RefundRequestForm(forms.Form):
    """Why the money should go back."""

    reason = forms.CharField(
        label=_("دلیل برگشت وجه"),
        max_length=300,
        help_text=_REASON_HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefundDecisionForm(forms.Form):
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
        help_text=_REASON_HELP,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(forms.Form):
    """The bank's reference of a return made through its panel."""

    bank_reference = forms.CharField(
        label=_("شمارهٔ مرجع برگشت در پنل بانک"), max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"})
    )

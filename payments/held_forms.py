"""What an accountant types about unusual money."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.selectors import active_funds
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.list_forms import DaysForm
from core.phrases import sentence
from core.text import ascii_digits, persian_digits
from donations.models import Donation
from payments import phrases
from payments.enums import HeldKind, HeldState, Way
from payments.held_selectors import MINE, NOBODYS, OLDER_THAN_DAYS
from payments.models import Terminal
from payments.services.held import Proposal
from provinces.models import Province
from provinces.scoping import current_scope

_ALL = ("", _("همه"))
_REASON_HELP = _("نام و شمارهٔ نیکوکار را ننویسید؛ این متن در ردّ ممیزی می‌ماند.")


class HeldFilterForm(DaysForm):
    """Which unusual money is shown; what waits unless something else is asked for."""

    kind = forms.ChoiceField(label=phrases.KIND, required=False, choices=[_ALL, *HeldKind.choices])
    older_than = forms.ChoiceField(
        label=_("مانده بیش از"),
        required=False,
        choices=[_ALL, *((str(d), _("{n} روز").format(n=persian_digits(str(d)))) for d in OLDER_THAN_DAYS)],
    )
    owner = forms.ChoiceField(
        label=phrases.OWNER,
        required=False,
        choices=[_ALL, (MINE, _("خودم")), (NOBODYS, phrases.NOBODY)],
    )
    state = forms.ChoiceField(
        label=phrases.HELD_STATE,
        required=False,
        choices=[*HeldState.choices, ("all", _("همه"))],
        initial=HeldState.OPEN,
    )


class ProposalForm(forms.Form):
    """A way, its reason, and what the way needs. `ways` are those that are open for this money."""

    way = forms.ChoiceField(label=phrases.PROPOSED_WAY, widget=forms.RadioSelect)
    tracking_code = forms.CharField(
        label=_("کد رهگیری کمکی که این پول از آنِ آن است"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    fund = forms.ChoiceField(label=_("یا نیت"), required=False)
    province = forms.ChoiceField(label=_("و استان (برای نیت)"), required=False)
    bank_reference = forms.CharField(
        label=_("شمارهٔ مرجع برگشت در پنل بانک"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    reason = forms.CharField(
        label=phrases.REASON,
        max_length=300,
        help_text=_REASON_HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, ways: list[Way], data=None) -> None:
        super().__init__(data)
        self.fields["way"].choices = [(way.value, way.label) for way in ways]
        if len(ways) == 1:
            self.fields["way"].initial = ways[0]
        if Way.ASSIGN in ways:
            self.fields["fund"].choices = [("", "—"), *((f.code, f.name) for f in active_funds())]
            self.fields["province"].choices = _provinces()
        else:
            for name in ("tracking_code", "fund", "province"):
                del self.fields[name]
        if Way.RETURN not in ways:
            del self.fields["bank_reference"]

    def clean_tracking_code(self) -> Donation | None:
        typed = self.cleaned_data["tracking_code"]
        if not typed:
            return None
        try:
            found = Donation.objects.filter(tracking_code=parse_tracking_code(typed)).first()
        except DomainError:
            found = None
        if found is None:
            raise forms.ValidationError(sentence("not_found"))
        return found

    def proposal(self) -> Proposal:
        """The valid form as the service takes it."""
        data = self.cleaned_data
        return Proposal(
            way=Way(data["way"]),
            reason=data["reason"],
            basis=data.get("tracking_code"),
            fund=data.get("fund", ""),
            province=data.get("province", ""),
            bank_reference=data.get("bank_reference", ""),
        )


def _provinces() -> list[tuple[str, str]]:
    """Where the reader may put a gift; the whole country for headquarters only."""
    scope = current_scope()
    mine = [(p.code, p.name) for p in Province.objects.all() if scope.holds(p.code)]
    return [("", str(phrases.NATIONAL)), *mine] if scope.everything else mine


class DecisionForm(forms.Form):
    """Yes or no by a second person; a no says why."""

    decision = forms.ChoiceField(
        label=phrases.DECIDE,
        choices=[("approve", _("تأیید می‌کنم؛ همین حالا انجام شود")), ("refuse", _("رد می‌کنم"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("دلیل (برای رد لازم است)"),
        max_length=300,
        required=False,
        help_text=_REASON_HELP,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FoundMoneyForm(forms.Form):
    """Money that the bank shows and the portal does not know."""

    terminal = forms.ModelChoiceField(label=phrases.TERMINAL, queryset=None)
    reference = forms.CharField(
        label=phrases.REFERENCE, max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    amount = forms.CharField(
        label=_("مبلغ (ریال)"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    paid_on = JalaliDateField(label=phrases.PAID_ON)
    note = forms.CharField(
        label=_("کجا دیده شد و چرا از آنِ ماست"),
        max_length=300,
        help_text=_REASON_HELP,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terminal"].queryset = Terminal.objects.select_related("office").order_by("gateway", "pk")

    def clean_amount(self) -> int:
        typed = ascii_digits(self.cleaned_data["amount"]).replace("٬", "").replace(",", "").strip()
        if not typed.isdecimal() or not 0 < int(typed) < 10**15:
            raise forms.ValidationError(phrases.AMOUNT_RIAL_NOT_WHOLE)
        return int(typed)

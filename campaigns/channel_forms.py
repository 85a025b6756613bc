"""Forms of those who look after the ways to give."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.channel_phrases import STANDINGS
from campaigns.enums import ChannelKind
from campaigns.models import Channel
from campaigns.services.channels import PROPOSABLE
from core.form_fields import JalaliDateField
from core.models import User
from provinces.enums import OfficeLevel
from provinces.models import Membership, Office, Province
from provinces.scoping import current_scope

_NUMBER = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
_EVERY = ("", _("همه"))


class ChannelFilterForm(forms.Form):
    """What a list of channels shows. Never a number: it would stand in the address."""

    standing = forms.ChoiceField(label=_("وضعیت"), required=False, choices=[_EVERY, *STANDINGS.items()])
    kind = forms.ChoiceField(
        label=_("نوع"), required=False, choices=[_EVERY, *((k, ChannelKind(k).label) for k in PROPOSABLE)]
    )
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if current_scope().everything:
            self.fields["province"].queryset = Province.objects.all()
        else:
            del self.fields["province"]


class ChannelForm(forms.Form):
    """A new channel, or one that waits and is corrected; kind and office are asked only for a new one."""

    kind = forms.ChoiceField(label=_("نوع"), choices=[(kind, ChannelKind(kind).label) for kind in PROPOSABLE])
    office = forms.ModelChoiceField(None, label=_("اداره"), required=False, empty_label=_("سراسری (ستاد)"))
    name = forms.CharField(
        label=_("نام"), max_length=120, help_text=_("آن‌گونه که مردم می‌خوانند؛ شماره را در نام ننویسید.")
    )
    value = forms.CharField(
        label=_("شماره یا کد"),
        max_length=60,
        required=False,
        help_text=_(
            "کارت ۱۶ رقم، شبا ۲۴ رقم، کد دستوری با ستاره و مربع، کارت‌خوان شمارهٔ پایانه؛ برنامه بی‌شماره."
        ),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    source = forms.CharField(
        label=_("منبع"),
        max_length=200,
        required=False,
        help_text=_("از کجا می‌دانیم: نامهٔ بانک، قرارداد، اپراتور."),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("مسئول"), required=False, empty_label=_("خود اداره")
    )
    valid_from = JalaliDateField(label=_("معتبر از"), required=False)
    valid_until = JalaliDateField(label=_("معتبر تا"), required=False)

    def __init__(self, *args, channel: Channel | None = None, **kwargs) -> None:
        if channel is not None:
            kwargs["initial"] = {name: getattr(channel, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        offices = _offices()
        self.fields["owner"].queryset = _colleagues()
        if channel is not None:
            del self.fields["kind"], self.fields["office"]
            return
        field = self.fields["office"]
        field.queryset = offices
        if not current_scope().everything:
            field.required, field.empty_label = True, None
            if len(offices[:2]) == 1:
                field.initial, field.widget = offices[0].pk, forms.HiddenInput()


class VerifyForm(forms.Form):
    """The one action of headquarters."""

    note = forms.CharField(
        label=_("از کجا یقین کردید"), max_length=300, help_text=_("نامه، تماس با بانک، آزمودن با مبلغ اندک.")
    )


class EndForm(forms.Form):
    """Why a number is ours no longer, or is not accepted."""

    reason = forms.CharField(label=_("دلیل"), max_length=300)


def _offices():
    return (
        Office.objects.exclude(level=OfficeLevel.HQ)
        .exclude(level=OfficeLevel.COUNTY)
        .order_by("province__sort_key")
    )


def _colleagues():
    """Who works in an office of the open scope."""
    return User.objects.filter(is_active=True, pk__in=Membership.objects.values("user")).order_by(
        "display_name", "username"
    )

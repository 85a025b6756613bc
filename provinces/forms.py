"""Signing in and changing one's password."""

from __future__ import annotations

import re

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.codes import RECOVERY
from core.errors import DomainError
from core.identifiers.lines import parse_mobile
from core.phrases import sentence
from core.text import ascii_digits
from provinces.enums import ReminderPace
from provinces.people_phrases import RECOVERY_CODE

CODE_DIGITS = 6
_BETWEEN = re.compile(r"[\s\u200c\u200e\u200f\-]+")


class SignInForm(forms.Form):
    """User name, password and code on one page. A wrong part is never named: there is one refusal for all."""

    username = forms.CharField(
        label=_("نام کاربری"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("گذرواژه"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("کد شش‌رقمی برنامهٔ رمزساز"),
        max_length=24,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args, with_recovery_code: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if with_recovery_code:
            self.fields["code"].label = RECOVERY_CODE
            self.fields["code"].widget.attrs |= {"inputmode": "text", "autocomplete": "off"}

    def clean_code(self) -> str:
        """ASCII digits or a recovery code; anything else becomes "", which nothing accepts."""
        code = ascii_digits(_BETWEEN.sub("", self.cleaned_data["code"]))
        if re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code):
            return code
        try:
            return RECOVERY.parse(code)
        except DomainError:
            return ""

    def add_refusal(self) -> None:
        self.add_error(None, ValidationError(_("نام کاربری، گذرواژه یا کد درست نیست."), code="refused"))


class OwnPasswordForm(PasswordChangeForm):
    """Django's own, with fields as this site writes them."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["dir"] = "ltr"
            field.widget.attrs.pop("autofocus", None)


class RemindersForm(forms.Form):
    """One's own mobile, and how often it is used."""

    mobile = forms.CharField(
        label=_("شمارهٔ همراه"),
        required=False,
        max_length=20,
        help_text=_("خالی بگذارید تا پیامکی نیاید."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "tel"}),
    )
    reminders = forms.ChoiceField(
        label=_("اگر چیزی دیر شده باشد"),
        choices=[
            (ReminderPace.DAILY, _("هر روز کاری")),
            (ReminderPace.WEEKLY, _("تنها شنبه‌ها")),
            (ReminderPace.NEVER, _("هیچ‌گاه")),
        ],
    )

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"]
        try:
            return parse_mobile(typed) if typed else ""
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error

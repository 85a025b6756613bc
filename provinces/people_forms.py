"""What is asked about people: inviting, accepting, ending a membership, a lost authenticator."""

from __future__ import annotations

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile
from core.jalali import tehran_today
from core.models import User
from core.phrases import sentence
from core.text import ascii_digits, normalise
from provinces import people_phrases as words
from provinces.enums import Role
from provinces.models import Office

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def _latin(**attrs: str) -> dict[str, str]:
    return {"dir": "ltr", "spellcheck": "false", "autocapitalize": "none", **attrs}


class InvitationForm(forms.Form):
    """Who is asked to be what, where and until when. `roles` and `offices` are what the asker may give."""

    name = forms.CharField(label=words.NAME, max_length=120)
    mobile = forms.CharField(
        label=words.MOBILE,
        max_length=20,
        widget=forms.TextInput(attrs=_latin(inputmode="tel", autocomplete="off")),
    )
    role = forms.ChoiceField(label=words.ROLE)
    office = forms.ModelChoiceField(label=words.OFFICE, queryset=None, empty_label=str(words.CHOOSE))
    starts_on = JalaliDateField(label=words.FROM)
    ends_on = JalaliDateField(label=words.UNTIL, required=False, help_text=words.UNTIL_HELP)
    is_acting = forms.BooleanField(label=words.IS_ACTING, required=False)

    def __init__(self, *args, roles: list[Role], offices: QuerySet[Office], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", words.CHOOSE), *((role.value, role.label) for role in roles)]
        self.fields["office"].queryset = offices
        self.fields["starts_on"].initial = tehran_today()

    def clean_name(self) -> str:
        return normalise(self.cleaned_data["name"])

    def clean_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["mobile"])
        except DomainError as error:
            raise ValidationError(sentence(error.code), code=error.code) from error


class EndForm(forms.Form):
    """The last day of a membership and who goes on with what is open."""

    ends_on = JalaliDateField(label=words.LAST_DAY, help_text=words.LAST_DAY_HELP)
    hands_to = forms.ModelChoiceField(
        label=words.HEIR, queryset=None, required=False, empty_label=str(words.TO_QUEUE)
    )

    def __init__(self, *args, colleagues: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hands_to"].queryset = colleagues
        self.fields["ends_on"].initial = tehran_today() - timedelta(days=1)


class ResetForm(forms.Form):
    """Why somebody needs a new authenticator."""

    reason = forms.CharField(label=words.REASON, max_length=300)


class PeopleFilterForm(forms.Form):
    """Which memberships the list shows."""

    state = forms.ChoiceField(label=words.STATE, choices=words.STATES, required=False)
    role = forms.ChoiceField(label=words.ROLE, choices=[("", words.ANY_ROLE), *Role.choices], required=False)

    def __init__(self, *args, provinces=(), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if provinces:
            choices = [("", words.ANY_PROVINCE), *((p.code, p.name) for p in provinces)]
            self.fields["province"] = forms.ChoiceField(label=words.OFFICE, choices=choices, required=False)


class _OwnCode(forms.Form):
    def clean_code(self) -> str:
        return re.sub(r"[^0-9]", "", ascii_digits(normalise(self.cleaned_data["code"])))


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=words.OWN_CODE,
        max_length=16,
        widget=forms.TextInput(attrs=_latin(inputmode="numeric", autocomplete="one-time-code")),
    )


class NewcomerForm(_OwnCode):
    """User name, password twice, and a code that the new authenticator shows."""

    username = forms.CharField(
        label=words.USERNAME,
        max_length=40,
        help_text=words.USERNAME_HELP,
        widget=forms.TextInput(attrs=_latin(autocomplete="username")),
    )
    password = forms.CharField(
        label=words.PASSWORD,
        strip=False,
        max_length=256,
        help_text=words.PASSWORD_HELP,
        widget=forms.PasswordInput(attrs=_latin(autocomplete="new-password")),
    )
    again = forms.CharField(
        label=words.PASSWORD_AGAIN,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs=_latin(autocomplete="new-password")),
    )
    code = _code_field()

    def clean_username(self) -> str:
        username = ascii_digits(self.cleaned_data["username"]).strip().lower()
        if not _USERNAME.fullmatch(username):
            raise ValidationError(words.BAD_USERNAME, code="bad_username")
        return username

    def clean(self) -> dict:
        data = super().clean()
        if "password" in data and data.get("again") != data["password"]:
            self.add_error("again", ValidationError(words.PASSWORDS_DIFFER, code="passwords_differ"))
        return data


class NewFactorForm(_OwnCode):
    """One's password, and a code of the new authenticator."""

    password = forms.CharField(
        label=words.PASSWORD,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs=_latin(autocomplete="current-password")),
    )
    code = _code_field()

"""Profiles and sources of statement files, and, for looking, the files and their lines."""

from __future__ import annotations

import json
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin_base import LargeReadOnlyAdmin, PortalAdmin, by_key
from core.errors import DomainError
from core.jalali import format_short
from core.money import format_rial
from core.phrases import sentence
from payments import statement_phrases as phrases
from payments.enums import LineKind
from payments.models import MappingProfile, StatementLine, StatementSource
from payments.services.profiles import Preview, check_rules, preview
from payments.statements.base import IDS, KEYLESS, ReadLine
from payments.statements.owner import read_account

_WIDE = {"dir": "ltr", "rows": 24, "spellcheck": "false"}


class RulesField(forms.JSONField):
    """JSON as people can read it."""

    def prepare_value(self, value):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def said_wrong(error: DomainError) -> list[str]:
    """What is wrong, a sentence each."""
    problems = [
        f"{rule}: {phrases.PROBLEMS.get(code, code)}" for rule, code in error.data.get("problems", [])
    ]
    if error.code == "file_refused":
        seen = "، ".join(error.data.get("seen", []))
        problems = [
            str(phrases.REFUSALS.get(error.data["reason"], "")),
            *([f"{phrases.SEEN}: {seen}"] if seen else []),
        ]
    return [sentence(error.code), *problems]


class ProfileForm(forms.ModelForm):
    rules = RulesField(label=phrases.RULES, widget=UnfoldAdminTextareaWidget(attrs=_WIDE))

    def clean(self) -> dict:
        data = super().clean()
        if "rules" in data and data.get("file_format"):
            known = MappingProfile.objects.filter(pk=self.instance.pk).first()
            try:
                check_rules(data["rules"], data["file_format"], known)
            except DomainError as error:
                self.add_error("rules", ValidationError(said_wrong(error)))
        return data


class PreviewForm(forms.Form):
    rules = RulesField(label=phrases.RULES, widget=UnfoldAdminTextareaWidget(attrs=_WIDE))
    file = forms.FileField(label=phrases.FILE)


class MappingProfileAdmin(PortalAdmin):
    form = ProfileForm
    list_display = ["name", "key", "kind", "file_format"]
    list_filter = ["kind", "file_format"]
    search_fields = ["name", "key"]
    fields = ["key", "name", "kind", "file_format", "rules"]
    actions_detail = ["preview"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["key", "kind"] if obj else []

    @action(description=phrases.PREVIEW, url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The first lines of a real file, by the rules as typed here; nothing is stored."""
        profile = get_object_or_404(MappingProfile, pk=object_id)
        form = PreviewForm(request.POST or None, request.FILES or None, initial={"rules": profile.rules})
        seen = None
        if request.method == "POST" and form.is_valid():
            try:
                content = form.cleaned_data["file"].read()
                seen = preview(form.cleaned_data["rules"], profile.file_format, content)
            except DomainError as error:
                form.add_error(None, ValidationError(said_wrong(error)))
        site = self.admin_site.each_context(request)
        context = {
            **site,
            "title": phrases.PREVIEW,
            "opts": self.opts,
            "original": profile,
            "form": form,
            "seen": seen,
            "rows": [_shown(line) for line in seen.lines] if seen else [],
            "unread": _unread(seen) if seen else [],
            "phrases": phrases,
        }
        return render(request, "admin/statement_preview.html", context)


def _shown(line: ReadLine) -> dict[str, object]:
    labels = {name: StatementLine._meta.get_field(name).verbose_name for name in IDS}
    return {
        "line_no": line.line_no,
        "day": format_short(date.fromisoformat(line.day)),
        "at": line.occurred_at,
        "kind": LineKind(line.kind).label,
        "amount": format_rial(line.amount_rial),
        "ids": [(labels[name], value) for name, value in zip(IDS, line.ids, strict=True) if value],
        "text": line.description,
        "key": phrases.BY_CONTENT if line.key_rank == KEYLESS else line.key_rank + 1,
    }


def _unread(seen: Preview) -> list[dict[str, object]]:
    return [
        {"line_no": line.line_no, "reason": phrases.REASONS.get(line.reason, line.reason), "raw": line.raw}
        for line in seen.unread
    ]


class SourceForm(forms.ModelForm):
    def clean_account_numbers(self) -> str:
        """Texts that are a Sheba by its check digits, or an account's number."""
        typed = self.cleaned_data["account_numbers"]
        for number in StatementSource(account_numbers=typed).own_accounts:
            wrong_sheba = number.upper().startswith("IR") and not (read_account(number) or "").startswith(
                "IR"
            )
            if wrong_sheba or read_account(number) is None:
                raise ValidationError(phrases.NOT_AN_ACCOUNT.format(typed=number))
        return typed


class StatementSourceAdmin(PortalAdmin):
    form = SourceForm
    list_display = ["name", "key", "kind", "profile", "office", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["profile", "office"]
    search_fields = ["name", "key"]
    autocomplete_fields = ["office", "terminal", "profile"]
    fields = [
        "key", "name", "kind", "profile", "office", "account", "account_numbers", "gateway", "terminal", "channel",
        "fund", "is_active",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["key", "kind", "office", "account"] if obj else []


class StatementImportAdmin(LargeReadOnlyAdmin):
    list_display = ["file_name", "source", "state", "created_at"]
    list_filter = ["state", "source"]
    list_select_related = ["source"]
    search_fields = ["id"]
    fields = [
        "source",
        "file_name",
        "size_bytes",
        "state",
        "reason",
        "counts",
        "uploaded_by",
        "created_at",
        "finished_at",
    ]

    def find(self, typed: str) -> Q | None:
        return by_key(typed)

"""Reference data as a sheet: taken away, worked on, and read again, all of it or nothing.

Every line goes through the form of the admin itself, so that a sheet can write nothing that a person could not, and
each row that changes leaves its own entry in the audit trail.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import construct_change_message
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from python_calamine import CalamineError, CalamineWorkbook
from unfold.decorators import action

from core import exchange_phrases as words
from core.jalali import format_short
from core.listing import FILE_KINDS, list_file
from core.sheets import Cell
from core.text import normalise, persian_digits

MOST_BYTES, MOST_LINES = 1_000_000, 5_000


class SheetForm(forms.Form):
    """A file to be looked at, or the same lines again once they were looked at."""

    file = forms.FileField(label=words.FILE, required=False)
    lines = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict:
        data = super().clean()
        sent = data.get("file")
        if sent and sent.size > MOST_BYTES:
            raise forms.ValidationError(words.TOO_LARGE, code="too_large")
        try:
            data["rows"] = (
                _read(sent.read()) if sent else list(csv.reader(io.StringIO(data.get("lines", ""))))
            )
        except (UnicodeDecodeError, csv.Error, CalamineError, ValueError) as error:
            raise forms.ValidationError(words.UNREADABLE, code="unreadable") from error
        if len(data["rows"]) < 2:
            raise forms.ValidationError(words.NOTHING, code="empty")
        if len(data["rows"]) > MOST_LINES:
            raise forms.ValidationError(words.TOO_LARGE, code="too_large")
        return data


@dataclass
class Line:
    """What a line of the sheet would do."""

    number: int
    key: str
    form: forms.ModelForm | None = None
    is_new: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        return [str(self.form.fields[name].label) for name in self.form.changed_data] if self.form else []

    @property
    def state(self) -> Any:
        if self.faults:
            return words.BAD
        return words.NEW if self.is_new else words.CHANGED if self.changed else words.SAME

    @property
    def what(self) -> str:
        return "، ".join(self.faults or self.changed)


class Exchanged:
    """An admin whose rows leave and come as a sheet. `exchange_key` names a row; `exchange_fields` are its columns."""

    exchange_key = "code"
    exchange_fields: tuple[str, ...] = ()
    actions_list = ["export_sheet", "import_sheet"]

    @action(description=words.EXPORT, url_path="export")
    def export_sheet(self, request: HttpRequest) -> HttpResponse:
        """All rows, in the order of their keys."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        kind = request.GET.get("file", "xlsx")
        rows = self.get_queryset(request).order_by(self.exchange_key)
        names = self._columns()
        lines = ([_cell(row, name) for name in names] for row in rows)
        heads = [self._label(name) for name in names]
        return list_file(kind if kind in FILE_KINDS else "xlsx", self.opts.model_name, heads, lines)

    @action(description=words.IMPORT, url_path="import")
    def import_sheet(self, request: HttpRequest) -> HttpResponse:
        """Shows what a file would do, then does it when it is confirmed and every line is right."""
        form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
        lines: list[Line] = []
        faults: list[str] = []
        if form.is_bound and form.is_valid():
            with transaction.atomic():
                faults, lines = self._look(request, form.cleaned_data["rows"])
                if "confirm" in request.POST and not faults and not any(line.faults for line in lines):
                    return self._take(request, lines)
        again = _text(form.cleaned_data["rows"]) if lines and not faults else ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{words.IMPORT}: {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "faults": faults,
            "lines": lines,
            "again": again,
            "may_take": again and not any(line.faults for line in lines),
            "words": words,
        }
        return render(request, "admin/exchange.html", context)

    def _look(self, request: HttpRequest, rows: list[list[str]]) -> tuple[list[str], list[Line]]:
        heads, *body = rows
        known = {normalise(self._label(name)): name for name in self._columns()} | {
            name: name for name in self._columns()
        }
        names = [known.get(normalise(head)) for head in heads]
        faults = [
            str(words.UNKNOWN_COLUMN).format(name=head)
            for head, name in zip(heads, names, strict=True)
            if name is None and head.strip()
        ]
        if self.exchange_key not in names:
            faults.append(str(words.NO_KEY).format(key=self._label(self.exchange_key)))
        if faults:
            return faults, []
        lines, seen = [], set()
        for number, cells in enumerate(body, start=2):
            said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
            if not any(said.values()):
                continue
            line = self._line(request, number, said)
            if line.key in seen:
                line.faults.append(str(words.TWICE))
            seen.add(line.key)
            lines.append(line)
        return [], lines

    def _line(self, request: HttpRequest, number: int, said: dict[str, str]) -> Line:
        column = self.model._meta.get_field(self.exchange_key)
        try:
            key = column.to_python(normalise(said[self.exchange_key]))
            row = self.get_queryset(request).filter(**{self.exchange_key: key}).first()
        except (forms.ValidationError, ValueError):
            row, key = None, said[self.exchange_key]
        line = Line(number, str(key), is_new=row is None)
        if row is None and not self.has_add_permission(request):
            line.faults.append(str(words.FIXED).format(name=self.opts.verbose_name))
            return line
        only = {"fields": [name for name in said if name != self.exchange_key]} if row is not None else {}
        form_class = self.get_form(request, row, change=row is not None, **only)
        shown = form_class(instance=row)
        data: MultiValueDict = MultiValueDict()
        for name in shown.fields:
            value = (
                _typed(self.model._meta.get_field(name), said[name]) if name in said else shown[name].value()
            )
            if isinstance(value, list | tuple):
                data.setlist(name, [str(part) for part in value])
            elif value is True:
                data[name] = "on"
            elif value not in (None, False):
                data[name] = str(value)
        line.form = form_class(data, instance=row)
        line.faults += [
            str(words.FIXED).format(name=self._label(name))
            for name in said
            if row is not None and name not in shown.fields and said[name] != str(_cell(row, name) or "")
        ]
        for name, errors in line.form.errors.items():
            label = self._label(name) if name in self._columns() else ""
            line.faults.append(f"{label}: {' '.join(errors)}".strip(": "))
        return line

    def _take(self, request: HttpRequest, lines: Iterable[Line]) -> HttpResponse:
        made = changed = 0
        for line in lines:
            if not line.is_new and not line.form.changed_data:
                continue
            row = self.save_form(request, line.form, change=not line.is_new)
            self.save_model(request, row, line.form, change=not line.is_new)
            line.form.save_m2m()
            said = construct_change_message(line.form, [], line.is_new)
            (self.log_addition if line.is_new else self.log_change)(request, row, said)
            made, changed = made + line.is_new, changed + (not line.is_new)
        text = words.SAVED.format(new=persian_digits(made), changed=persian_digits(changed))
        messages.success(request, text)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _columns(self) -> tuple[str, ...]:
        return (self.exchange_key, *(name for name in self.exchange_fields if name != self.exchange_key))

    def _label(self, name: str) -> str:
        return str(self.model._meta.get_field(name).verbose_name)


def _cell(row: models.Model, name: str) -> Cell:
    """A value as the sheet shows it: the words of a choice, a Jalali day, yes or no, the key of another row."""
    column = row._meta.get_field(name)
    value = getattr(row, column.attname)
    if isinstance(value, bool):
        return str(words.YES if value else words.NO)
    if column.choices and value not in (None, ""):
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, date):
        return format_short(value)
    return value if value is None or isinstance(value, int) else str(value)


def _typed(column: models.Field, text: str) -> Any:
    """What a cell says, as the form of the admin wants it."""
    if isinstance(column, models.BooleanField):
        return normalise(text) in (normalise(str(words.YES)), "1", "true", "True", "TRUE")
    if column.choices:
        labels = {normalise(str(label)): value for value, label in column.flatchoices}
        return labels.get(normalise(text), text)
    return text


def _read(content: bytes) -> list[list[str]]:
    if content.startswith(b"PK"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [[_plain(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _plain(cell: Any) -> str:
    """A number of a workbook without the point that spreadsheets add."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _text(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def exchanged_admins(registry: dict) -> Iterator[type[models.Model]]:
    """The models whose admin leaves and comes as a sheet."""
    return (model for model, found in registry.items() if isinstance(found, Exchanged))

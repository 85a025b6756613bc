"""What every room's admin stands on: Jalali dates, grouped rials, Persian search, and the audit trail.

Only administrators reach the admin (provinces.admin_site); what one of them changes here is recorded, and
rows of money are for looking.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import jdatetime
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_jalali.admin.filters import JDateFieldListFilter
from unfold.admin import ModelAdmin, TabularInline
from unfold.paginator import InfinitePaginator
from unfold.views import ChangeList
from unfold_farsi.admin import JalaliAdminDateWidget

from core import audit, kept_queries
from core.crypto import keyed_hash
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.identifiers import parse_mobile
from core.jalali import day_bounds, format_short, format_time, from_jalali
from core.models import AuditEntry
from core.money import RialField, format_rial
from core.text import ascii_digits, normalise, persian_digits, search_key

SHOWN = "shown_"
ID_LABEL = _("شناسه")
MONEY_SUFFIX = "_rial"
HISTORY_ROWS = 100
MOST_KEY_DIGITS = 18


# --- dates at the edge -----------------------------------------------------------------------------------
class JalaliDateWidget(JalaliAdminDateWidget):
    """A text field with a calendar; hands on what was typed. The field says what is shown."""

    def __init__(self, attrs: dict[str, Any] | None = None, format: str | None = None) -> None:
        super().__init__({"placeholder": "۱۴۰۵/۰۱/۳۱", "autocomplete": "off", **(attrs or {})}, format)

    def format_value(self, value: Any) -> str:
        return str(value or "")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)


class JalaliForms:
    """Every plain DateField of a form is typed and shown in the Jalali calendar."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if isinstance(db_field, models.DateTimeField):
            raise TypeError(f"{db_field} is a point in time: show it, do not ask for it")
        if isinstance(db_field, models.DateField):
            kwargs |= {"form_class": JalaliDateField, "widget": JalaliDateWidget}
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class JalaliPeriodFilter(JDateFieldListFilter):
    """Today, seven days, this Jalali month, this Jalali year.

    The library's own links carry Jalali text, which would be compared with Gregorian columns: here they carry
    what the column holds.
    """

    def __init__(self, field, request, params, model, model_admin, field_path) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self._has_time = isinstance(field, models.DateTimeField)
        self.links = tuple(
            (title, {lookup: self._stored(text) for lookup, text in link.items()})
            for title, link in self.links
        )

    def _stored(self, jalali_text: str) -> str:
        jalali = jdatetime.date.fromisoformat(jalali_text)
        day = from_jalali(jalali.year, jalali.month, jalali.day)
        return day_bounds(day)[0].isoformat() if self._has_time else day.isoformat()


# --- what is shown ---------------------------------------------------------------------------------------
def show_day(value: date | datetime | None) -> str:
    """«۱۴۰۵/۰۲/۱۲» or, of a point in time, «۱۴۰۵/۰۲/۱۲ ۱۴:۳۵» in Tehran."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{format_short(value)} {format_time(value)}"
    return format_short(value)


def show_rial(value: int | None) -> str:
    """«۱۲۵٬۰۰۰ ریال»."""
    return "–" if value is None else format_rial(value)


class ShownFields:
    """Dates, points in time, numbers and facts in lists and in read-only places are shown by `shown_<field>`.

    `labels` names fields whose model says no name, or one that is not for administrators.
    """

    labels: dict[str, Any] = {}

    def __init__(self, model: type[models.Model], admin_site) -> None:
        shown_model = getattr(type(self), "model", None) or model  # an inline is given its parent's model
        self._shown = {}
        for field in shown_model._meta.concrete_fields:
            label = {"id": ID_LABEL, **self.labels}.get(field.name)
            show = _how_to_show(field) or (label and show_any)
            if show:
                self._shown[field.name] = f"{SHOWN}{field.name}"
                setattr(self, f"{SHOWN}{field.name}", _display(field, show, label or field.verbose_name))
        super().__init__(model, admin_site)

    def get_list_display(self, request: HttpRequest) -> list:
        return [self._shown.get(name, name) for name in super().get_list_display(request)]

    def get_list_display_links(self, request: HttpRequest, list_display) -> list | None:
        links = super().get_list_display_links(request, list_display)
        return links and [self._shown.get(name, name) for name in links]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list:
        return [self._shown.get(name, name) for name in super().get_readonly_fields(request, obj)]

    def get_fieldsets(self, request: HttpRequest, obj=None) -> list:
        """Names of fields that cannot be edited here give way to how they are shown."""
        fieldsets = super().get_fieldsets(request, obj)
        may_edit = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        readonly = set(self.get_readonly_fields(request, obj))
        names = {name: shown for name, shown in self._shown.items() if not may_edit or shown in readonly}
        return [
            (title, {**options, "fields": [_renamed(name, names) for name in options["fields"]]})
            for title, options in fieldsets
        ]


def _renamed(name: Any, names: dict[str, str]) -> Any:
    if isinstance(name, list | tuple):
        return tuple(names.get(part, part) for part in name)
    return names.get(name, name)


def _how_to_show(field: models.Field):
    if isinstance(field, models.DateField):
        return show_day
    if isinstance(field, RialField) or field.name.endswith(MONEY_SUFFIX):
        return show_rial
    if isinstance(field, models.IntegerField) and not field.choices:
        return show_number
    if isinstance(field, models.JSONField):
        return show_json
    return None


def _display(field: models.Field, show, label: Any):
    def shown(instance: models.Model) -> str:
        return show(getattr(instance, field.name))

    shown.short_description = label
    shown.admin_order_field = field.name
    return shown


def show_number(value: int | None) -> str:
    """«۱۴۰۵»: plain, since a year and a serial number take no separators."""
    return "–" if value is None else persian_digits(value)


def show_any(value: Any) -> str:
    """A row's own name, a text as it is."""
    return "–" if value in (None, "") else str(value)


def show_json(value: Any) -> str:
    """Indented, with Persian letters as letters."""
    if value in (None, {}, []):
        return "–"
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return format_html('<pre class="portal-json">{}</pre>', text)


# --- who changed what ------------------------------------------------------------------------------------
class Audited:
    """Every change made here leaves an entry that nobody can edit; the history page reads those entries."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        self._record("admin.add", request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        self._record("admin.change", request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset) -> None:
        for obj in queryset:
            self._record("admin.delete", request, obj, "")

    def _record(self, action: str, request: HttpRequest, obj: models.Model, message: Any) -> None:
        changes = _changes(message)
        if changes or action != "admin.change":  # what a service did has left its own entry
            audit.record(
                action, obj, actor=request.user, province_code=province_code_of(obj), changes=changes
            )

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> TemplateResponse:
        """The audit trail of one row."""
        context = {"audit_entries": _history(self.model, object_id), **(extra_context or {})}
        return super().history_view(request, object_id, context)


def _history(model: type[models.Model], object_id: str) -> list[AuditEntry]:
    entries = AuditEntry.objects.filter(subject_type=model._meta.label_lower, subject_id=str(object_id))
    return list(entries.select_related("actor").order_by("-pk")[:HISTORY_ROWS])


def _changes(message: Any) -> list:
    """The names of the fields that changed, without values: those may be personal data or secrets."""
    return [part for part in message if part] if isinstance(message, list) else []


def province_code_of(obj: models.Model) -> str:
    """The province that a row belongs to by its model's `province_path`, or "" for a national one."""
    value: Any = obj
    for step in getattr(obj, "province_path", "").split("__"):
        if not step or value is None:
            return ""
        value = getattr(value, step)
    return "" if value is None else str(value.pk)


# --- the admins ------------------------------------------------------------------------------------------
class PortalChangeList(ChangeList):
    """A list whose links hold the key of a question that was kept, never the number it stands for."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.kept_under = kept_queries.key_of(request.GET)
        super().__init__(request, *args, **kwargs)

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        said = super().get_query_string(new_params, remove)
        if not self.kept_under:
            return said
        query = QueryDict(said[1:], mutable=True)
        if query.pop(SEARCH_VAR, None):
            query[kept_queries.KEY] = self.kept_under
        return f"?{query.urlencode()}"


class PortalAdmin(ShownFields, Audited, JalaliForms, ModelAdmin):
    """An admin whose rows may be added and changed, never deleted: rows of reference are referred to."""

    compressed_fields = True
    warn_unsaved_form = True
    show_full_result_count = False
    list_per_page = 50
    object_history_template = "admin/audit_history.html"

    # Fields that hold core.text.search_key of a name; asked with the folded form of what was typed.
    folded_search_fields: tuple[str, ...] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PortalChangeList]:
        return PortalChangeList

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*super().get_search_fields(request), *self.folded_search_fields]

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """Search with Persian letters and digits made one; folded columns are asked with the folded words."""
        found, may_repeat = super().get_search_results(request, queryset, normalise(search_term))
        folded = search_key(search_term)
        if self.folded_search_fields and folded:
            condition = Q()
            for field in self.folded_search_fields:
                condition |= Q(**{f"{field}__contains": folded})
            found |= queryset.filter(condition)
        return found, may_repeat


class ReadOnlyAdmin(PortalAdmin):
    """Rows that services and workers write: for looking."""

    warn_unsaved_form = False
    list_disable_select_all = True
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class LargeReadOnlyAdmin(ReadOnlyAdmin):
    """A table that grows for ever: newest first by its key, nobody counts it to draw a page, and a search
    asks for one thing that an index finds."""

    paginator = InfinitePaginator
    ordering = ("-pk",)
    sortable_by = ()

    def find(self, typed: str) -> Q | None:
        """The rows that what was typed names exactly, or None for what names nothing here."""
        return None

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        if not search_term:
            return queryset, False
        named = self.find(normalise(search_term))
        return (queryset.none() if named is None else queryset.filter(named)), False


def by_mobile(path: str, typed: str) -> Q | None:
    """Rows whose keyed hash at `path` is that of a typed mobile number."""
    try:
        return Q(**{path: keyed_hash(parse_mobile(typed), "mobile")})
    except DomainError:
        return None


def by_key(typed: str) -> Q | None:
    """The row with a typed number as its key."""
    number = ascii_digits(typed)
    return Q(pk=int(number)) if number.isdecimal() and len(number) <= MOST_KEY_DIGITS else None


class PortalInline(ShownFields, JalaliForms, TabularInline):
    """Rows beside their parent, for looking unless a subclass says otherwise."""

    extra = 0
    show_change_link = True
    tab = True

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        """In a table the heading of the column is the only label: give each field its own name."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            for widget in (field.widget, getattr(field.widget, "widget", None)):
                if widget is not None:
                    widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list:
        if self.has_change_permission(request, obj):
            return super().get_readonly_fields(request, obj)
        return [self._shown.get(name, name) for name in self.fields]

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

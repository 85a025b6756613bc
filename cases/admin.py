"""Cases: for looking over all of them. They are decided at the desk."""

from __future__ import annotations

from django.contrib import admin

from cases.models import Case
from core.admin_base import JalaliPeriodFilter, ReadOnlyAdmin


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["kind", "subject", "province", "state", "opened_at", "due_at", "owner", "closed_by"]
    list_display_links = ["kind", "subject"]
    list_filter = ["state", "kind", "province", ("due_at", JalaliPeriodFilter)]
    list_select_related = ["province", "owner", "closed_by"]
    search_fields = ["subject"]
    fields = [
        "kind", "subject", "province", "state", "facts", "opened_at", "due_at", "owner", "closed_at",
        "closed_by", "resolution",
    ]  # fmt: skip

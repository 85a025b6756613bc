"""Cases: for looking over all of them. They are decided at the desk. What donors may write about is data."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from cases.models import CareCase, CareCategory, Case
from core.admin_base import JalaliPeriodFilter, PortalAdmin, ReadOnlyAdmin
from core.admin_exchange import Exchanged
from core.admin_look import look_only


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


@admin.register(CareCategory)
class CareCategoryAdmin(Exchanged, PortalAdmin):
    """What donors may write about, and how soon an answer is due. Its code never changes."""

    exchange_fields = ("name", "kind", "due_hours", "escalate_hours", "position", "is_active")
    list_display = ["code", "name", "kind", "due_hours", "escalate_hours", "is_active", "position"]
    list_display_links = ["code", "name"]
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "name"]
    fields = ["code", "name", "kind", "due_hours", "escalate_hours", "position", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["code"] if obj else []


look_only(CareCase)

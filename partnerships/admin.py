"""Partners, memoranda and promises: for looking. They are written at the desk, where two people vouch for what came."""

from __future__ import annotations

from django.contrib import admin

from core.admin_base import JalaliPeriodFilter, ReadOnlyAdmin
from partnerships.models import Agreement, Commitment, Partner


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    """Without its contacts, who are personal."""

    list_display = ["name", "kind", "legal_id", "province", "is_active"]
    list_filter = ["kind", "is_active", "province"]
    list_select_related = ["province"]
    search_fields = ["legal_id"]
    folded_search_fields = ("search_key",)
    fields = [
        "kind", "name", "legal_id", "province", "county", "website", "note", "is_active", "is_demo", "made_by",
        "made_at",
    ]  # fmt: skip


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ["title", "partner", "province", "state", "signed_on", "value_rial"]
    list_filter = ["state", "province", ("signed_on", JalaliPeriodFilter)]
    list_select_related = ["partner", "province"]
    search_fields = ["title", "number", "code"]
    fields = [
        "code", "partner", "title", "number", "province", "state", "signed_on", "ends_on", "value_rial", "source",
        "note", "ending", "is_demo", "made_by", "made_at",
    ]  # fmt: skip


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ["what", "partner", "who", "measure", "quantity", "unit", "delivered", "province", "state"]
    list_filter = ["state", "measure", "purpose", "province"]
    list_select_related = ["partner", "province"]
    search_fields = ["what", "who"]
    fields = [
        "partner", "site", "who", "event", "guest", "item", "need", "need_item", "what", "purpose", "measure", "unit",
        "quantity", "delivered", "worth_rial", "province", "county", "promised_on", "state", "note", "followed_at",
        "minded_by", "made_by", "made_at", "is_demo",
    ]  # fmt: skip

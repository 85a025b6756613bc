"""The books: for looking. Only `ledger.posting` writes them, and nobody changes them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q

from core.admin_base import LargeReadOnlyAdmin, PortalInline, ReadOnlyAdmin, by_key
from core.admin_look import look_only
from core.text import ascii_digits
from ledger.models import Account, ClosedDay, ClosedMonth, Entry, Posting, RowSealChunk, SealChunk


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "type", "gift_kind", "unit"]
    list_display_links = ["code", "name"]
    list_filter = ["type", "gift_kind"]
    search_fields = ["code", "name"]
    ordering = ["code"]


class PostingInline(PortalInline):
    model = Posting
    fields = ["account", "amount_rial", "fund", "province", "channel"]
    readonly_fields = ["fund", "province", "channel"]
    tab = False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("account", "dimension__fund", "dimension__province", "dimension__channel")
        )

    @admin.display(description="نوع کمک")
    def fund(self, posting: Posting) -> str:
        return str(posting.dimension.fund)

    @admin.display(description="استان")
    def province(self, posting: Posting) -> str:
        return str(posting.dimension.province or "–")

    @admin.display(description="راه پرداخت")
    def channel(self, posting: Posting) -> str:
        return str(posting.dimension.channel or "–")


@admin.register(Entry)
class EntryAdmin(LargeReadOnlyAdmin):
    labels = {"placement": "جانمای کد", "reverses": "برگشتِ سند"}
    list_display = ["id", "kind", "source", "day", "occurred_at", "posted_at", "memo"]
    list_display_links = ["id", "source"]
    list_filter = ["kind"]
    search_fields = ["source"]
    search_help_text = "شمارهٔ سند یا سبب آن"
    fields = ["kind", "source", "occurred_at", "day", "posted_at", "placement", "reverses", "memo"]
    inlines = [PostingInline]

    def find(self, typed: str) -> Q:
        return by_key(typed) or Q(source=typed)


@admin.register(Posting)
class PostingAdmin(LargeReadOnlyAdmin):
    list_display = ["id", "entry", "account", "amount_rial"]
    list_display_links = ["id"]
    list_select_related = ["entry", "account"]
    search_fields = ["entry"]
    search_help_text = "شمارهٔ سند"
    fields = ["entry", "account", "dimension", "amount_rial"]

    def find(self, typed: str) -> Q | None:
        key = by_key(typed)
        return key and Q(entry_id=key.children[0][1])


class ClosingAdmin(LargeReadOnlyAdmin):
    """Closed and opened at the desk."""

    list_display_links = ["province_code"]
    list_select_related = ["closed_by"]
    search_fields = ["province_code"]
    search_help_text = "کد دورقمی استان"

    def find(self, typed: str) -> Q:
        return Q(province_code=ascii_digits(typed))


@admin.register(ClosedDay)
class ClosedDayAdmin(ClosingAdmin):
    list_display = ["province_code", "day", "closed_by", "closed_at", "reason"]
    fields = ["province_code", "day", "closed_by", "closed_at", "reason"]


@admin.register(ClosedMonth)
class ClosedMonthAdmin(ClosingAdmin):
    list_display = ["province_code", "starts_on", "closed_by", "closed_at"]
    fields = ["province_code", "starts_on", "closed_by", "closed_at"]


look_only(SealChunk, RowSealChunk)

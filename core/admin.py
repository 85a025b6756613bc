"""The audit trail, the outbox and the messages we sent: for looking."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from core.action_phrases import action_name
from core.admin_base import JalaliPeriodFilter, LargeReadOnlyAdmin, ReadOnlyAdmin, by_key, by_mobile
from core.identifiers import mask_mobile
from core.models import AuditEntry, BackupRun, OutboxMessage, OutgoingSms


@admin.register(AuditEntry)
class AuditEntryAdmin(LargeReadOnlyAdmin):
    list_display = ["at", "who", "what", "about", "province_code", "reason"]
    list_display_links = ["at"]
    list_filter = [("at", JalaliPeriodFilter)]
    list_select_related = ["actor"]
    search_fields = ["subject_id"]
    search_help_text = "شناسهٔ ردیف یا نام کاربری"
    fields = [
        "at", "actor", "job", "what", "action", "about", "subject_type", "subject_id", "province_code",
        "reason", "data",
    ]  # fmt: skip

    @admin.display(description="به دست", ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor or entry.job)

    @admin.display(description="کار", ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return action_name(entry.action)

    @admin.display(description="دربارهٔ")
    def about(self, entry: AuditEntry) -> str:
        """The row's kind in Persian, and its key."""
        try:
            kind = apps.get_model(entry.subject_type)._meta.verbose_name
        except (LookupError, ValueError):  # of a room that is gone
            kind = entry.subject_type
        return f"{kind} {entry.subject_id}"

    def find(self, typed: str) -> Q:
        return Q(subject_id=typed) | Q(actor__username=typed)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ["task", "queue", "created_at", "due_at", "tries", "last_error"]
    list_filter = ["queue", "task"]
    ordering = ["due_at"]
    fields = ["task", "queue", "payload", "created_at", "due_at", "tries", "last_error"]


@admin.register(OutgoingSms)
class OutgoingSmsAdmin(LargeReadOnlyAdmin):
    """Numbers are masked. The text leads to a receipt, so it is shown in the demo only."""

    list_display = ["created_at", "masked_mobile", "purpose", "state", "sent_at", "tries"]
    list_display_links = ["created_at"]
    list_filter = ["state", "purpose"]
    search_fields = ["mobile_hash"]
    search_help_text = "شمارهٔ همراهِ کامل"

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        text = ["text"] if settings.DEMO else []
        return ["masked_mobile", "purpose", *text, "state", "created_at", "due_at", "sent_at", "tries"]

    def find(self, typed: str) -> Q | None:
        return by_mobile("mobile_hash", typed) or by_key(typed)

    @admin.display(description="شمارهٔ همراه")
    def masked_mobile(self, sms: OutgoingSms) -> str:
        return mask_mobile(sms.mobile)


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "ended_at", "state", "size_bytes", "rows", "error"]
    list_filter = ["state"]
    ordering = ["-started_at"]
    fields = ["started_at", "ended_at", "state", "path", "size_bytes", "rows", "error"]

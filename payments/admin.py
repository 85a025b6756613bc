"""Gateways' switches and terminals; and, for looking, how money moved."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from core.admin_base import LargeReadOnlyAdmin, PortalAdmin, PortalInline, by_key
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.phrases import sentence
from core.text import ascii_digits
from payments.models import (
    Attempt,
    AttemptEvent,
    BankReference,
    Callback,
    DepositIdentifier,
    GatewaySetting,
    Partner,
    PartnerCall,
    PartnerKey,
    PartnerTransaction,
    Refund,
    Terminal,
)
from payments.partner_admin import (
    PartnerAdmin,
    PartnerCallAdmin,
    PartnerKeyAdmin,
    PartnerTransactionAdmin,
)
from payments.services.terminal_changes import add_terminal, change_terminal, parse_credentials


@admin.register(GatewaySetting)
class GatewaySettingAdmin(PortalAdmin):
    """The kill switch, the order and the limits of each gateway that is built."""

    list_display = ["name", "is_enabled", "priority", "least_rial", "most_rial"]
    fields = ["name", "is_enabled", "priority", "least_rial", "most_rial"]
    readonly_fields = ["name"]
    ordering = ["priority"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class TerminalForm(forms.ModelForm):
    """Credentials are written and never read back. Without Meta: its fields are made at each request."""

    new_credentials = forms.CharField(
        label=_("مشخصات محرمانهٔ تازه (JSON)"),
        required=False,
        strip=True,
        help_text=_("خالی: آنچه هست می‌ماند. آنچه نوشته شود رمزنگاری می‌شود و دیگر نشان داده نمی‌شود."),
        widget=UnfoldAdminTextareaWidget(attrs={"dir": "ltr", "autocomplete": "off", "rows": 3}),
    )

    def clean_new_credentials(self) -> dict[str, str] | None:
        typed = self.cleaned_data["new_credentials"]
        try:
            return parse_credentials(typed) if typed else None
        except DomainError as error:
            self.data = self.data.copy()
            self.data[self.add_prefix("new_credentials")] = ""  # what was typed is not sent back
            raise ValidationError(sentence(error.code), code=error.code) from None

    def clean(self) -> dict:
        data = super().clean()
        starts, ends = data.get("valid_from"), data.get("valid_until")
        if starts and ends and ends < starts:
            self.add_error("valid_until", ValidationError(sentence("bad_period"), code="bad_period"))
        office, gateway = (
            data.get("office", self.instance.office_id),
            data.get("gateway", self.instance.gateway),
        )
        if data.get("is_active", True) and office and gateway:
            others = Terminal.objects.filter(office=office, gateway=gateway, is_active=True)
            if others.exclude(pk=self.instance.pk).exists():
                self.add_error(None, ValidationError(sentence("terminal_exists"), code="terminal_exists"))
        return data


@admin.register(Terminal)
class TerminalAdmin(PortalAdmin):
    form = TerminalForm
    list_display = ["label", "gateway", "office", "is_active", "has_credentials", "valid_from", "valid_until"]
    list_filter = ["gateway", "is_active", "office__province"]
    list_select_related = ["office"]
    search_fields = ["label", "office__name"]
    autocomplete_fields = ["office"]

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        fields = ["office", "gateway", "label", "valid_from"]
        return [*fields, *(["valid_until", "is_active", "has_credentials"] if obj else []), "new_credentials"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["office", "gateway", "has_credentials"] if obj else []

    def save_model(self, request: HttpRequest, obj: Terminal, form: TerminalForm, change: bool) -> None:
        """Through the services: they open the clearing account, check, and leave their own audit entry."""
        data = form.cleaned_data
        if change:
            change_terminal(
                obj,
                label=data["label"],
                is_active=data["is_active"],
                valid_from=data["valid_from"],
                valid_until=data["valid_until"],
                credentials=data["new_credentials"],
                actor=request.user,
            )
            return
        made = add_terminal(
            data["office"],
            data["gateway"],
            label=data["label"],
            valid_from=data["valid_from"],
            credentials=data["new_credentials"],
            actor=request.user,
        )
        obj.pk = made.pk

    def log_addition(self, request: HttpRequest, obj: Terminal, message) -> None:
        """The service has recorded it."""

    def log_change(self, request: HttpRequest, obj: Terminal, message) -> None:
        """The service has recorded it."""

    @admin.display(description=_("مشخصات محرمانه"), boolean=True)
    def has_credentials(self, terminal: Terminal) -> bool:
        return bool(terminal.credentials)


@admin.register(DepositIdentifier)
class DepositIdentifierAdmin(PortalAdmin):
    list_display = ["value", "terminal", "fund"]
    list_filter = ["fund", "terminal__gateway"]
    list_select_related = ["terminal", "fund"]
    search_fields = ["value", "terminal__label"]
    autocomplete_fields = ["terminal"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["terminal", "fund"] if obj else []


class AttemptEventInline(PortalInline):
    model = AttemptEvent
    fields = ["at", "from_state", "to_state", "reason", "evidence"]
    tab = False


@admin.register(Attempt)
class AttemptAdmin(LargeReadOnlyAdmin):
    list_display = [
        "order",
        "donation",
        "gateway",
        "state",
        "reason",
        "amount_rial",
        "reference",
        "created_at",
    ]
    list_display_links = ["order"]
    list_filter = ["state", "gateway"]
    list_select_related = ["donation"]
    search_fields = ["order_id"]
    search_help_text = _("شمارهٔ سفارش، کد رهگیری، شمارهٔ مرجع یا RRN")
    inlines = [AttemptEventInline]
    fields = [
        "order", "donation", "terminal", "gateway", "amount_rial", "state", "reason", "reference", "rrn",
        "trace_no", "card_masked", "evidence", "seen", "created_at", "redirected_at", "decided_at", "asks",
        "next_ask_at", "ask_until", "leased_until",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        number = ascii_digits(typed)
        if number.isdecimal() and len(number) <= 15:
            return Q(order_id=int(number)) | Q(bank_reference__reference=number)
        try:
            return Q(donation__tracking_code=parse_tracking_code(typed))
        except DomainError:
            return Q(bank_reference__reference=typed)

    @admin.display(description=_("شمارهٔ سفارش"))
    def order(self, attempt: Attempt) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', attempt.order_id)


@admin.register(AttemptEvent)
class AttemptEventAdmin(LargeReadOnlyAdmin):
    list_display = ["at", "attempt", "from_state", "to_state", "reason"]
    list_display_links = ["at"]
    list_filter = ["to_state"]
    list_select_related = ["attempt"]
    search_fields = ["attempt"]
    search_help_text = _("شمارهٔ سفارش")
    fields = ["attempt", "at", "from_state", "to_state", "reason", "evidence"]

    def find(self, typed: str) -> Q | None:
        key = by_key(typed)
        return key and Q(attempt__order_id=int(ascii_digits(typed)))


@admin.register(Callback)
class CallbackAdmin(LargeReadOnlyAdmin):
    list_display = ["received_at", "gateway", "attempt", "verdict"]
    list_display_links = ["received_at"]
    list_filter = ["gateway", "verdict"]
    list_select_related = ["attempt"]
    search_fields = ["id"]
    search_help_text = _("شمارهٔ بازگشت")
    fields = ["received_at", "gateway", "attempt", "verdict", "payload"]

    def find(self, typed: str) -> Q | None:
        return by_key(typed)


@admin.register(BankReference)
class BankReferenceAdmin(LargeReadOnlyAdmin):
    labels = {
        "reference": _("شمارهٔ مرجع"),
        "gateway": _("درگاه"),
        "terminal_key": _("پایانه نزد بانک"),
        "attempt": _("تلاش"),
    }
    list_display = ["reference", "gateway", "terminal_key", "attempt"]
    list_display_links = ["reference"]
    list_filter = ["gateway"]
    list_select_related = ["attempt"]
    search_fields = ["reference"]
    search_help_text = _("شمارهٔ مرجع")
    fields = ["gateway", "terminal_key", "reference", "attempt"]

    def find(self, typed: str) -> Q:
        return Q(reference=typed) | Q(reference=ascii_digits(typed))


@admin.register(Refund)
class RefundAdmin(LargeReadOnlyAdmin):
    """Asked for and decided at the desk, by two people."""

    labels = {"tries": _("تلاش‌ها")}
    list_display = [
        "id",
        "attempt",
        "kind",
        "state",
        "amount_rial",
        "requested_by",
        "decided_by",
        "requested_at",
    ]
    list_display_links = ["id"]
    list_filter = ["state", "kind"]
    list_select_related = ["attempt", "requested_by", "decided_by"]
    search_fields = ["attempt"]
    search_help_text = _("شمارهٔ سفارش")
    fields = [
        "attempt", "kind", "state", "amount_rial", "reason", "requested_by", "requested_at", "decided_by",
        "decided_at", "decision_reason", "tries", "bank_answer", "bank_reference", "done_at",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        key = by_key(typed)
        return key and Q(attempt__order_id=int(ascii_digits(typed)))


admin.site.register(Partner, PartnerAdmin)
admin.site.register(PartnerKey, PartnerKeyAdmin)
admin.site.register(PartnerCall, PartnerCallAdmin)
admin.site.register(PartnerTransaction, PartnerTransactionAdmin)

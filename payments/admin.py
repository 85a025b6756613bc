"""Gateways' switches; and, for looking, how money moved. Terminals: `payments.terminal_admin`."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin_base import LargeReadOnlyAdmin, PortalAdmin, PortalInline, by_key
from core.admin_look import look_only
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.text import ascii_digits
from payments.counter_admin import DenominationAdmin
from payments.models import (
    Attempt,
    AttemptEvent,
    BankReference,
    BoxCount,
    Callback,
    CashCount,
    CashDeposit,
    Cheque,
    CounterCorrection,
    CounterGift,
    DayBalance,
    Denomination,
    DepositIdentifier,
    Discrepancy,
    DonorClaim,
    GatewaySetting,
    HeldDecision,
    HeldMoney,
    ManualDecision,
    MappingProfile,
    Partner,
    PartnerCall,
    PartnerKey,
    PartnerTransaction,
    Payout,
    Refund,
    StatementImport,
    StatementLine,
    StatementSource,
    Terminal,
    TerminalProposal,
)
from payments.money_admin import (
    CashCountAdmin,
    CashDepositAdmin,
    CounterGiftAdmin,
    DayBalanceAdmin,
    DiscrepancyAdmin,
    DonorClaimAdmin,
    ManualDecisionAdmin,
    PayoutAdmin,
    StatementLineAdmin,
)
from payments.partner_admin import (
    PartnerAdmin,
    PartnerCallAdmin,
    PartnerKeyAdmin,
    PartnerTransactionAdmin,
)
from payments.statement_admin import MappingProfileAdmin, StatementImportAdmin, StatementSourceAdmin
from payments.terminal_admin import DepositIdentifierAdmin, TerminalAdmin, TerminalProposalAdmin


@admin.register(GatewaySetting)
class GatewaySettingAdmin(PortalAdmin):
    """The kill switch, the order and the limits of each gateway that is built."""

    list_display = ["name", "is_enabled", "priority", "least_rial", "most_rial"]
    fields = ["name", "is_enabled", "priority", "least_rial", "most_rial"]
    readonly_fields = ["name"]
    ordering = ["priority"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


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


admin.site.register(Terminal, TerminalAdmin)
admin.site.register(DepositIdentifier, DepositIdentifierAdmin)
admin.site.register(TerminalProposal, TerminalProposalAdmin)
admin.site.register(Partner, PartnerAdmin)
admin.site.register(PartnerKey, PartnerKeyAdmin)
admin.site.register(PartnerCall, PartnerCallAdmin)
admin.site.register(PartnerTransaction, PartnerTransactionAdmin)
admin.site.register(MappingProfile, MappingProfileAdmin)
admin.site.register(StatementSource, StatementSourceAdmin)
admin.site.register(StatementImport, StatementImportAdmin)
admin.site.register(Denomination, DenominationAdmin)
admin.site.register(StatementLine, StatementLineAdmin)
admin.site.register(Payout, PayoutAdmin)
admin.site.register(Discrepancy, DiscrepancyAdmin)
admin.site.register(ManualDecision, ManualDecisionAdmin)
admin.site.register(DayBalance, DayBalanceAdmin)
admin.site.register(CounterGift, CounterGiftAdmin)
admin.site.register(CashCount, CashCountAdmin)
admin.site.register(CashDeposit, CashDepositAdmin)
admin.site.register(DonorClaim, DonorClaimAdmin)

look_only(BoxCount, Cheque, CounterCorrection, HeldDecision, HeldMoney)

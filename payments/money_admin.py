"""For looking: lines of files, payouts, what did not fit and what two people decided, and the counter's money.

Registered by `payments.admin`. Only services write these tables.
"""

from __future__ import annotations

from django.db.models import Q

from core.admin_base import LargeReadOnlyAdmin, by_key
from core.codes import parse_tracking_code
from core.errors import DomainError
from payments import reconciliation_phrases as phrases
from payments.models import Attempt


def _by_tracking_code(path: str, typed: str) -> Q | None:
    """Rows whose gift at `path` has a typed tracking code."""
    try:
        return Q(**{path: parse_tracking_code(typed)})
    except DomainError:
        return None


class StatementLineAdmin(LargeReadOnlyAdmin):
    labels = {"first_import": phrases.FILE}
    list_display = ["id", "source", "day", "kind", "state", "amount_rial", "rrn", "reference"]
    list_display_links = ["id"]
    list_select_related = ["source"]
    search_fields = ["id"]
    search_help_text = phrases.BY_ROW_OR_GIFT
    fields = [
        "source", "first_import", "line_no", "day", "kind", "state", "rule", "amount_rial", "fee_rial", "occurred_at",
        "terminal_code", "rrn", "reference", "trace_no", "order_id", "deposit_id", "payout_ref", "card_masked",
        "description", "attempt_id", "donation_id", "entry_source", "payout_id",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        gift = _by_tracking_code("donation__tracking_code", typed)
        if gift is None:
            return by_key(typed)
        tries = list(Attempt.objects.filter(gift).values_list("pk", "donation"))
        gifts = [donation for _, donation in tries]
        by_gift = Q(donation_id__in=gifts, attempt_id=None, state="matched")
        return Q(attempt_id__in=[pk for pk, _ in tries], state="matched") | by_gift


class PayoutAdmin(LargeReadOnlyAdmin):
    list_display = ["id", "source", "ref", "part", "first_day", "day", "lines", "net_rial", "posted_at"]
    list_display_links = ["id", "ref"]
    list_filter = ["source"]
    list_select_related = ["source"]
    search_fields = ["ref"]
    search_help_text = phrases.BY_PAYOUT
    fields = [
        "source", "ref", "part", "is_named", "first_day", "day", "lines", "gross_rial", "fee_rial", "net_rial",
        "posted_at", "bank_line",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        return Q(ref=typed)


class DiscrepancyAdmin(LargeReadOnlyAdmin):
    list_display = [
        "id",
        "kind",
        "source",
        "day",
        "our_rial",
        "their_rial",
        "owner",
        "opened_at",
        "settled_at",
    ]
    list_display_links = ["id", "kind"]
    list_filter = ["kind"]
    list_select_related = ["source", "owner"]
    search_fields = ["subject"]
    search_help_text = phrases.BY_SUBJECT
    fields = [
        "kind", "subject", "source", "day", "line", "attempt", "donation", "payout", "our_rial", "their_rial",
        "opened_at", "owner", "settled_at", "settled_by", "resolution",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        return by_key(typed) or Q(subject=typed)


class ManualDecisionAdmin(LargeReadOnlyAdmin):
    list_display = [
        "id", "office", "way", "amount_rial", "state", "requested_by", "requested_at", "decided_by", "decided_at",
    ]  # fmt: skip
    list_display_links = ["id"]
    list_filter = ["state", "way"]
    list_select_related = ["office", "requested_by", "decided_by"]
    search_fields = ["id"]
    search_help_text = phrases.BY_ROW
    fields = [
        "office", "way", "line", "discrepancy", "claim", "attempt", "payout", "fund", "amount_rial", "reason", "state",
        "requested_by", "requested_at", "decided_by", "decided_at", "decision_reason",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        return by_key(typed)


class DayBalanceAdmin(LargeReadOnlyAdmin):
    list_display = ["account", "day", "state", "our_rial", "report_rial", "bank_rial", "open_rial", "as_of"]
    list_display_links = ["account"]
    list_filter = ["state"]
    search_fields = ["account"]
    search_help_text = phrases.BY_ACCOUNT
    fields = [
        "office", "account", "day", "our_count", "our_rial", "report_count", "report_rial", "bank_count", "bank_rial",
        "open_count", "open_rial", "state", "as_of",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        return Q(account=typed)


class CounterGiftAdmin(LargeReadOnlyAdmin):
    list_display = ["id", "office", "way", "amount_rial", "fund", "state", "taken_by", "taken_at", "is_demo"]
    list_display_links = ["id"]
    list_filter = ["way", "state"]
    list_select_related = ["office", "fund", "taken_by"]
    search_fields = ["id"]
    search_help_text = phrases.BY_ROW_OR_GIFT
    fields = [
        "office", "way", "amount_rial", "fund", "province", "county", "edition", "state", "taken_by", "taken_at",
        "booked_at", "donation", "count", "is_demo",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        return _by_tracking_code("donation__tracking_code", typed) or by_key(typed)


class CashCountAdmin(LargeReadOnlyAdmin):
    list_display = [
        "id",
        "office",
        "day",
        "state",
        "expected_rial",
        "counted_rial",
        "counted_by",
        "decided_by",
    ]
    list_display_links = ["id"]
    list_filter = ["state"]
    list_select_related = ["office", "counted_by", "decided_by"]
    search_fields = ["id"]
    search_help_text = phrases.BY_ROW
    fields = [
        "office", "day", "state", "expected_rial", "counted_rial", "note", "counted_by", "counted_at", "decided_by",
        "decided_at", "reason", "deposit",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        return by_key(typed)


class CashDepositAdmin(LargeReadOnlyAdmin):
    list_display = ["id", "office", "kind", "bank", "slip_number", "amount_rial", "deposited_on", "state"]
    list_display_links = ["id"]
    list_filter = ["state", "kind"]
    list_select_related = ["office"]
    search_fields = ["slip_number"]
    search_help_text = phrases.BY_SLIP
    fields = [
        "office", "kind", "bank", "slip_number", "amount_rial", "deposited_on", "state", "recorded_by", "recorded_at",
        "bank_account", "line_id", "matched_at", "reason",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        return Q(slip_number=typed)


class DonorClaimAdmin(LargeReadOnlyAdmin):
    list_display = ["code", "amount_rial", "day", "fund", "province", "state", "created_at"]
    list_display_links = ["code"]
    list_filter = ["state"]
    list_select_related = ["fund", "province"]
    search_fields = ["code"]
    search_help_text = phrases.BY_CLAIM
    fields = [
        "code", "amount_rial", "day", "last_digits", "fund", "province", "state", "created_at", "answered_at",
        "donation",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        return _by_tracking_code("code", typed)

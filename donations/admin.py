"""Gifts, donors and receipts: for looking. Money moves by services, never here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html

from core.admin_base import LargeReadOnlyAdmin, by_key, by_mobile
from core.admin_look import look_only
from core.codes import parse_tracking_code, parse_verification_code, show_code
from core.errors import DomainError
from core.identifiers import mask_mobile
from donations.models import Donation, Donor, GiftInKind, Receipt


def by_tracking_code(path: str, typed: str) -> Q | None:
    """Rows whose gift has a typed tracking code."""
    try:
        return Q(**{path: parse_tracking_code(typed)})
    except DomainError:
        return None


@admin.register(Donor)
class DonorAdmin(LargeReadOnlyAdmin):
    """Found by the whole number only; shown masked."""

    list_display = ["id", "masked_mobile", "created_at"]
    search_fields = ["mobile_hash"]
    search_help_text = "شمارهٔ همراهِ کامل"
    fields = ["masked_mobile", "created_at"]

    def find(self, typed: str) -> Q | None:
        return by_mobile("mobile_hash", typed) or by_key(typed)

    @admin.display(description="شمارهٔ همراه")
    def masked_mobile(self, donor: Donor) -> str:
        return mask_mobile(donor.mobile)


@admin.register(Donation)
class DonationAdmin(LargeReadOnlyAdmin):
    list_display = [
        "code",
        "status",
        "amount_rial",
        "fund",
        "province",
        "channel",
        "created_at",
        "received_at",
    ]
    list_display_links = ["code"]
    list_filter = ["status", "kind", "fund", "province", "is_demo"]
    list_select_related = ["fund", "province", "channel"]
    search_fields = ["tracking_code"]
    search_help_text = "کد رهگیری یا شمارهٔ همراهِ کاملِ نیکوکار"
    fields = [
        "code", "status", "kind", "amount_rial", "fund", "province", "county", "edition", "branch", "channel",
        "placement", "rate", "persons", "donor", "donor_name", "is_anonymous", "message", "preferred_gateway",
        "created_at", "received_at", "is_demo",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        return by_tracking_code("tracking_code", typed) or by_mobile("donor__mobile_hash", typed)

    @admin.display(description="کد رهگیری")
    def code(self, donation: Donation) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', show_code(donation.tracking_code))


@admin.register(Receipt)
class ReceiptAdmin(LargeReadOnlyAdmin):
    """The token that opens a receipt is the donor's, so it is not shown."""

    list_display = ["serial", "donation", "issued_at", "revoked_at"]
    list_display_links = ["serial"]
    list_select_related = ["donation"]
    search_fields = ["serial"]
    search_help_text = "شمارهٔ رسید، کد تأیید یا کد رهگیری"
    fields = ["serial", "donation", "bank_reference", "issued_at", "revoked_at"]

    def find(self, typed: str) -> Q:
        found = Q(serial=typed)
        try:
            found |= Q(code=parse_verification_code(typed))
        except DomainError:
            found |= by_tracking_code("donation__tracking_code", typed) or Q()
        return found


look_only(GiftInKind)

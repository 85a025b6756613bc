"""Who offers time and for what: for looking. The desk and volunteers' own pages write; numbers are masked here. What
somebody needs to take part, what they wrote down so far and the keys of their pages are not shown at all."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q

from core.admin_base import (
    MOST_KEY_DIGITS,
    JalaliPeriodFilter,
    LargeReadOnlyAdmin,
    ReadOnlyAdmin,
    by_key,
    by_mobile,
    show_day,
)
from core.crypto import keyed_hash
from core.errors import DomainError
from core.identifiers import mask_mobile, mask_national_id, parse_national_id
from core.text import ascii_digits, persian_digits, search_key
from volunteers import models
from volunteers.enums import Availability, Language, Section
from volunteers.skills import labels_of

_KEY_HELP = "شناسهٔ ردیف داوطلب"


def _labels(kind: Any, codes: list[str]) -> str:
    return "، ".join(str(kind(code).label) for code in codes) or "–"


class MaskedAdmin(LargeReadOnlyAdmin):
    """Rows with a volunteer's numbers, which are shown masked; found by a whole number or by the row's key."""

    search_fields = ["mobile_hash"]

    def find(self, typed: str) -> Q | None:
        return by_mobile("mobile_hash", typed) or _by_national_id(typed) or by_key(typed)

    @admin.display(description="شمارهٔ همراه")
    def masked_mobile(self, row: Any) -> str:
        return mask_mobile(row.mobile) if row.mobile else "–"

    @admin.display(description="کد ملی")
    def masked_national_id(self, row: Any) -> str:
        return mask_national_id(row.national_id) if row.national_id else "–"


def _by_national_id(typed: str) -> Q | None:
    try:
        return Q(national_id_hash=keyed_hash(parse_national_id(typed), "national_id"))
    except DomainError:
        return None


class OfVolunteerAdmin(LargeReadOnlyAdmin):
    """Rows of a volunteer; found by the key of the volunteer's row."""

    search_fields = ["volunteer"]
    search_help_text = _KEY_HELP
    list_select_related = ["volunteer"]

    def find(self, typed: str) -> Q | None:
        return _of_volunteer(typed)


def _of_volunteer(typed: str) -> Q | None:
    number = ascii_digits(typed)
    return Q(volunteer=int(number)) if number.isdecimal() and len(number) <= MOST_KEY_DIGITS else None


# --- people ----------------------------------------------------------------------------------------------
@admin.register(models.Volunteer)
class VolunteerAdmin(MaskedAdmin):
    list_display = [
        "name", "masked_mobile", "province", "section", "vetting", "activity", "source", "joined_at",
    ]  # fmt: skip
    list_filter = ["vetting", "activity", "source", "section", "province", ("joined_at", JalaliPeriodFilter)]
    list_select_related = ["province"]
    search_help_text = "نام، شمارهٔ همراهِ کامل یا کد ملی"
    fields = [
        "name", "masked_mobile", "masked_national_id", "born_on", "masked_guardian", "guardian_state",
        "guardian_asked_at", "province", "county",
        "neighbourhood", "shown_sections", "role", "profession", "licence_no", "licence_state",
        "licence_checked_by", "licence_checked_at", "shown_skills", "shown_languages", "shown_availability",
        "is_remote", "vetting", "is_priority", "activity", "source", "surge", "joined_at",
    ]  # fmt: skip

    def find(self, typed: str) -> Q | None:
        folded = search_key(typed)
        return super().find(typed) or (Q(name_key__contains=folded) if folded else None)

    @admin.display(description="سرپرست")
    def masked_guardian(self, row: models.Volunteer) -> str:
        if not row.guardian_mobile:
            return "–"
        return f"{row.guardian_name}، {mask_mobile(row.guardian_mobile)}"

    @admin.display(description="بخش‌ها")
    def shown_sections(self, row: models.Volunteer) -> str:
        return _labels(Section, row.sections)

    @admin.display(description="مهارت‌ها")
    def shown_skills(self, row: models.Volunteer) -> str:
        return labels_of(row.skills) or "–"

    @admin.display(description="زبان‌ها")
    def shown_languages(self, row: models.Volunteer) -> str:
        return _labels(Language, row.languages)

    @admin.display(description="زمان‌ها")
    def shown_availability(self, row: models.Volunteer) -> str:
        return _labels(Availability, row.availability)


@admin.register(models.Consent)
class ConsentAdmin(OfVolunteerAdmin):
    list_display = ["volunteer", "kind", "text_version", "given_at", "withdrawn_at"]
    list_filter = ["kind"]
    fields = ["volunteer", "kind", "text_version", "given_at", "withdrawn_at"]


@admin.register(models.JoinDraft)
class JoinDraftAdmin(LargeReadOnlyAdmin):
    """That somebody has begun to join; their answers are theirs."""

    list_display = ["id", "updated_at"]
    fields = ["id", "updated_at"]


@admin.register(models.VettingDecision)
class VettingDecisionAdmin(OfVolunteerAdmin):
    list_display = ["volunteer", "decision", "decided_by", "decided_at"]
    list_filter = ["decision", ("decided_at", JalaliPeriodFilter)]
    list_select_related = ["volunteer", "decided_by"]
    fields = ["volunteer", "decision", "reason", "decided_by", "decided_at"]


@admin.register(models.VolunteerDocument)
class VolunteerDocumentAdmin(OfVolunteerAdmin):
    """That there is a paper; it is read at the desk, by those who vet."""

    list_display = ["volunteer", "kind", "size_bytes", "added_by", "added_at"]
    list_filter = ["kind"]
    list_select_related = ["volunteer", "added_by"]
    fields = ["volunteer", "kind", "size_bytes", "added_by", "added_at"]


# --- privacy ---------------------------------------------------------------------------------------------
@admin.register(models.Revelation)
class RevelationAdmin(LargeReadOnlyAdmin):
    """Who was shown what of whom; it outlives the volunteer."""

    list_display = ["seen_at", "of_whom", "what", "seen_by", "province", "reason"]
    list_display_links = ["seen_at"]
    list_filter = ["what", "province", ("seen_at", JalaliPeriodFilter)]
    list_select_related = ["seen_by", "province"]
    search_fields = ["volunteer"]
    search_help_text = _KEY_HELP
    fields = ["seen_at", "of_whom", "what", "reason", "seen_by", "province", "county"]

    def find(self, typed: str) -> Q | None:
        return _of_volunteer(typed)

    @admin.display(description="داوطلب")
    def of_whom(self, row: models.Revelation) -> str:
        return persian_digits(row.volunteer_id or "–")


@admin.register(models.ContactMessage)
class ContactMessageAdmin(OfVolunteerAdmin):
    list_display = ["volunteer", "sent_by", "sent_by_leader", "sent_at"]
    list_filter = [("sent_at", JalaliPeriodFilter)]
    list_select_related = ["volunteer", "sent_by", "sent_by_leader"]
    fields = ["volunteer", "text", "sent_by", "sent_by_leader", "sent_at"]


# --- groups ----------------------------------------------------------------------------------------------
@admin.register(models.VolunteerGroup)
class VolunteerGroupAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "section", "county", "leader", "state", "last_active_at"]
    list_filter = ["state", "kind", "section", "province"]
    list_select_related = ["county", "leader"]
    search_fields = ["name"]
    folded_search_fields = ("name_key",)
    search_help_text = "نام گروه"
    fields = [
        "name", "kind", "section", "province", "county", "neighbourhood", "neighbourhood_row", "leader", "state",
        "made_at", "last_active_at", "asked_at",
    ]  # fmt: skip


@admin.register(models.GroupMembership)
class GroupMembershipAdmin(OfVolunteerAdmin):
    list_display = ["group", "volunteer", "joined_at", "left_at"]
    list_select_related = ["group", "volunteer"]
    fields = ["group", "volunteer", "joined_at", "left_at"]


@admin.register(models.GroupActivity)
class GroupActivityAdmin(ReadOnlyAdmin):
    list_display = ["group", "on", "what", "noted_by", "noted_at"]
    list_filter = [("on", JalaliPeriodFilter)]
    list_select_related = ["group", "noted_by"]
    search_fields = ["group__name"]
    fields = ["group", "on", "what", "noted_by", "noted_at"]


# --- work ------------------------------------------------------------------------------------------------
@admin.register(models.Opportunity)
class OpportunityAdmin(ReadOnlyAdmin):
    list_display = ["title", "purpose", "province", "county", "section", "state", "made_at"]
    list_filter = ["state", "purpose", "section", "province"]
    list_select_related = ["province", "county"]
    search_fields = ["title", "place"]
    fields = [
        "title", "story", "purpose", "event", "branch", "surge", "group", "province", "county", "place", "section",
        "shown_skills", "meets_clients", "is_remote", "is_public", "state", "made_by", "made_at",
    ]  # fmt: skip

    @admin.display(description="مهارت‌ها")
    def shown_skills(self, row: models.Opportunity) -> str:
        return labels_of(row.skills) or "–"


@admin.register(models.Shift)
class ShiftAdmin(ReadOnlyAdmin):
    list_display = ["opportunity", "starts_at", "ends_at", "capacity", "taken", "leader"]
    list_filter = [("starts_at", JalaliPeriodFilter)]
    list_select_related = ["opportunity", "leader"]
    search_fields = ["opportunity__title"]
    fields = ["opportunity", "starts_at", "ends_at", "capacity", "taken", "leader"]


@admin.register(models.Assignment)
class AssignmentAdmin(OfVolunteerAdmin):
    """The code of a place opens its door, so it is not shown."""

    list_display = ["work", "when", "volunteer", "state", "confirmed_minutes", "confirmed_how"]
    list_display_links = ["work"]
    list_filter = ["state", "confirmed_how"]
    list_select_related = ["shift__opportunity", "volunteer"]
    fields = [
        "work", "when", "volunteer", "state", "invited_at", "invited_by", "answered_at", "reminded_at", "came_at",
        "said_minutes", "confirmed_minutes", "confirmed_at", "confirmed_how", "confirmed_by",
        "confirmed_by_leader", "rating", "feedback",
    ]  # fmt: skip

    @admin.display(description="کار")
    def work(self, row: models.Assignment) -> str:
        return row.shift.opportunity.title

    @admin.display(description="نوبت")
    def when(self, row: models.Assignment) -> str:
        return show_day(row.shift.starts_at)


@admin.register(models.Certificate)
class CertificateAdmin(OfVolunteerAdmin):
    list_display = ["volunteer", "opportunity", "minutes", "shifts", "issued_at", "replaced_at"]
    list_select_related = ["volunteer", "opportunity"]
    fields = [
        "volunteer", "opportunity", "minutes", "shifts", "first_on", "last_on", "issued_at", "replaced_at",
    ]  # fmt: skip


@admin.register(models.Surge)
class SurgeAdmin(ReadOnlyAdmin):
    list_display = ["title", "province", "opened_by", "opened_at", "closed_at"]
    list_filter = ["province", ("opened_at", JalaliPeriodFilter)]
    list_select_related = ["province", "opened_by"]
    search_fields = ["title"]
    fields = [
        "title", "story", "province", "opened_by", "opened_at", "closed_by", "closed_at", "report", "figures",
    ]  # fmt: skip


@admin.register(models.SurgeWant)
class SurgeWantAdmin(ReadOnlyAdmin):
    list_display = ["surge", "shown_skill", "wanted"]
    list_select_related = ["surge"]
    search_fields = ["surge__title"]
    fields = ["surge", "shown_skill", "wanted"]

    @admin.display(description="مهارت")
    def shown_skill(self, row: models.SurgeWant) -> str:
        return labels_of([row.skill])


# --- old registries --------------------------------------------------------------------------------------
@admin.register(models.RegistryImport)
class RegistryImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "province", "state", "size_bytes", "uploaded_by", "uploaded_at"]
    list_filter = ["state", "province"]
    list_select_related = ["province", "uploaded_by"]
    search_fields = ["file_name"]
    fields = [
        "file_name", "province", "state", "reason", "size_bytes", "counts", "columns", "done_to", "uploaded_by",
        "uploaded_at", "confirmed_by", "finished_at",
    ]  # fmt: skip


@admin.register(models.RegistryLine)
class RegistryLineAdmin(MaskedAdmin):
    list_display = ["registry", "line_no", "state", "reason", "name", "masked_mobile"]
    list_filter = ["state"]
    list_select_related = ["registry"]
    search_help_text = "شمارهٔ همراهِ کامل یا کد ملی"
    fields = ["registry", "line_no", "state", "reason", "name", "masked_mobile", "masked_national_id"]


@admin.register(models.Duplicate)
class DuplicateAdmin(OfVolunteerAdmin):
    """Codes are kept as hashes and not shown."""

    list_display = ["volunteer", "other", "masked_new_mobile", "state", "consent", "decided_by", "found_at"]
    list_filter = ["state", "consent"]
    list_select_related = ["volunteer", "other", "decided_by"]
    fields = [
        "volunteer", "other", "masked_new_mobile", "state", "found_in", "found_at", "codes_sent_at", "tries",
        "consent", "note", "decided_by", "decided_at",
    ]  # fmt: skip

    @admin.display(description="شمارهٔ دیگر")
    def masked_new_mobile(self, row: models.Duplicate) -> str:
        return mask_mobile(row.new_mobile) if row.new_mobile else "–"

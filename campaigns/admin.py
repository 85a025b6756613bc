"""What is asked for: funds and their rates, campaigns, channels, occasions, printed codes and boxes."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from campaigns import phrases
from campaigns.boxes import sheet_response
from campaigns.enums import BoxState, PlacementKind
from campaigns.models import (
    Box,
    Branch,
    Campaign,
    Channel,
    ChannelCheck,
    CodeBatch,
    Edition,
    Event,
    Fund,
    GivingRate,
    Need,
    Occasion,
    Placement,
    Runbook,
    StickerJob,
)
from campaigns.services.placements import create_placement, replace_placement, revoke_placement
from campaigns.services.stickers import request_stickers, retry_stickers
from core.admin_base import JalaliPeriodFilter, PortalAdmin, ReadOnlyAdmin
from core.admin_exchange import Exchanged
from core.admin_look import look_only
from core.codes import parse_placement_code, show_code
from core.errors import DomainError
from core.phrases import sentence


@admin.register(Fund)
class FundAdmin(Exchanged, PortalAdmin):
    """A restricted purpose and its rules. Its code never changes: the books are kept by it."""

    exchange_fields = (
        "name", "help_text", "group", "rule_text", "is_movable", "is_deductible", "bears_admin_cost",
        "distribute_within_hours", "rate_kind", "position", "is_active",
    )  # fmt: skip

    list_display = ["code", "name", "group", "is_movable", "is_deductible", "is_active", "position"]
    list_display_links = ["code", "name"]
    list_filter = ["group", "is_active", "is_movable", "is_deductible"]
    search_fields = ["code", "name"]
    fields = [
        "code", "name", "help_text", "group", "spendable_on", "rule_text", "is_movable", "is_deductible",
        "bears_admin_cost", "distribute_within_hours", "rate_kind", "position", "is_active",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["code"] if obj else []


@admin.register(GivingRate)
class GivingRateAdmin(ReadOnlyAdmin):
    """For looking. Headquarters announces and corrects rates at /hq/rates/."""

    list_display = [
        "kind",
        "hijri_year",
        "marja",
        "staple",
        "region",
        "amount_rial",
        "is_default",
        "announced_on",
        "superseded_at",
    ]
    list_filter = ["hijri_year", "kind", "is_default", ("announced_on", JalaliPeriodFilter)]
    search_fields = ["marja", "staple", "region"]


@admin.register(Campaign)
class CampaignAdmin(Exchanged, PortalAdmin):
    exchange_key = "slug"
    exchange_fields = ("name", "scope", "summary")
    list_display = ["name", "slug", "scope"]
    list_filter = ["scope"]
    search_fields = ["name", "slug"]
    fields = ["slug", "name", "scope", "summary"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["slug"] if obj else []


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """For looking: headquarters writes, approves, opens and closes editions on /hq/, two people each."""

    list_display = ["title", "campaign", "year", "year_kind", "state", "season_starts_on", "season_ends_on"]
    list_filter = ["state", "campaign", "year_kind"]
    list_select_related = ["campaign"]
    search_fields = ["title", "campaign__name"]
    fields = [
        "campaign", "year_kind", "year", "title", "state", "fund", "fund_codes", "goal_rial", "season_starts_on",
        "season_ends_on", "story", "proposed_by", "approved_by", "approved_at", "opened_at", "closed_at",
    ]  # fmt: skip


@admin.register(Branch)
class BranchAdmin(ReadOnlyAdmin):
    """For looking: branches are written at the desk and approved there."""

    list_display = ["edition", "province", "state", "goal_rial"]
    list_filter = ["state", "edition", "province"]
    list_select_related = ["edition", "province"]
    search_fields = ["edition__title", "province__name"]
    fields = [
        "edition", "province", "state", "goal_rial", "fund_codes", "channel_kinds", "starts_on", "ends_on", "story",
        "proposed_by", "approved_by", "approved_at", "opened_at", "closed_at",
    ]  # fmt: skip


@admin.register(Channel)
class ChannelAdmin(PortalAdmin):
    """For limits and for looking. Numbers are proposed, corrected and vouched for at the desk, by two people."""

    list_display = [
        "name",
        "code",
        "kind",
        "is_verified",
        "ending",
        "valid_until",
        "last_checked_on",
        "checked_by",
    ]
    list_filter = ["kind", "is_verified", "ending", ("last_checked_on", JalaliPeriodFilter)]
    list_select_related = ["checked_by"]
    search_fields = ["name", "code", "value"]
    autocomplete_fields = ["owner"]
    fields = [
        "code", "kind", "name", "value", "office", "owner", "is_governmental", "least_rial", "most_rial",
        "valid_from", "valid_until", "source", "announced_year", "is_verified", "ending", "proposed_by", "verified_by",
        "last_checked_on", "checked_by",
    ]  # fmt: skip
    readonly_fields = [
        "code", "kind", "value", "office", "valid_from", "valid_until", "announced_year", "is_verified", "ending",
        "proposed_by", "verified_by", "last_checked_on", "checked_by",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Occasion)
class OccasionAdmin(PortalAdmin):
    list_display = ["name", "hijri_year", "jalali_year", "starts_on", "ends_on", "is_confirmed"]
    list_filter = ["is_confirmed", "jalali_year", ("starts_on", JalaliPeriodFilter)]
    search_fields = ["name", "code"]


class ReasonForm(forms.Form):
    """Why something that cannot be undone is done."""

    reason = forms.CharField(
        label=_("دلیل"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class MakesStickers:
    """The list's action that asks for a sheet of the chosen rows."""

    actions = ["make_stickers"]

    @admin.action(description=phrases.ACTION_STICKERS)
    def make_stickers(self, request: HttpRequest, queryset) -> HttpResponse | None:
        try:
            sheet = request_stickers(self.placements(queryset), request.user)
        except DomainError as error:
            messages.error(request, sentence(error.code))
            return None
        messages.success(request, phrases.STICKERS_ASKED)
        return redirect("admin:campaigns_stickerjob_change", sheet.pk)


class NewPlacementForm(forms.ModelForm):
    """A code that is to hang somewhere. Without Meta: its fields are made at each request, inside the scope."""

    def clean(self) -> dict:
        data = super().clean()
        county, province = data.get("county"), data.get("province")
        if county and (province is None or county.province_id != province.pk):
            self.add_error("county", sentence("unknown_county"))
        return data


@admin.register(Placement)
class PlacementAdmin(MakesStickers, ReadOnlyAdmin):
    """Codes are made, replaced and revoked by services; a revoked one stays, so that it is known.

    Those of boxes are made with their box, at the desk; others (posters, adverts, programmes) here.
    """

    form = NewPlacementForm
    add_fieldsets = [(None, {"fields": ["kind", "title", "province", "county", "edition", "fund"]})]
    autocomplete_fields = ["county"]

    labels = {"created_by": _("سازنده")}
    list_display = ["shown_code", "kind", "title", "province", "county", "fund", "is_active", "created_at"]
    list_display_links = ["shown_code"]
    list_filter = ["kind", "is_active", "province", ("created_at", JalaliPeriodFilter)]
    list_select_related = ["province", "county", "fund"]
    search_fields = ["title"]
    search_help_text = _("عنوان یا کد چاپ‌شده")
    actions_detail = ["revoke", "replace"]
    fields = [
        "shown_code", "kind", "title", "province", "county", "edition", "branch", "fund",
        "is_active", "replaced_by", "created_at", "created_by",
    ]  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        try:
            return queryset.filter(code=parse_placement_code(search_term)), False
        except DomainError:
            return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def formfield_for_choice_field(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [c for c in PlacementKind.choices if c[0] != PlacementKind.BOX]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Placement, form: NewPlacementForm, change: bool) -> None:
        """Through the service, which draws the code and leaves its own audit entry."""
        made = create_placement(actor=request.user, **form.cleaned_data)
        obj.pk, obj.code = made.pk, made.code

    def log_addition(self, request: HttpRequest, obj: Placement, message) -> None:
        """The service has recorded it."""

    def placements(self, queryset):
        return queryset

    @admin.display(description=_("کد"), ordering="code")
    def shown_code(self, placement: Placement) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', show_code(placement.code))

    @action(description=_("از کار انداختن کد"), url_path="revoke")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._with_reason(request, object_id, revoke_placement, _("از کار انداختن کد"))

    @action(description=_("جایگزینی با کد تازه"), url_path="replace")
    def replace(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._with_reason(request, object_id, replace_placement, _("جایگزینی با کد تازه"))

    def _with_reason(self, request: HttpRequest, object_id: str, service, title: str) -> HttpResponse:
        placement = get_object_or_404(Placement.objects, pk=object_id)
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                row = service(placement, actor=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.add_error(None, sentence(error.code))
            else:
                return redirect("admin:campaigns_placement_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": placement,
            "form": form,
        }
        return render(request, "admin/with_reason.html", context)


class BoxForm(forms.ModelForm):
    """A box that stands keeps a permit."""

    def clean(self) -> dict:
        data = super().clean()
        has_permit = data.get("permit_no") and data.get("permit_valid_until")
        if self.instance.state == BoxState.PLACED and not has_permit and not self.errors:
            self.add_error("permit_no", sentence("permit_missing"))
        return data


@admin.register(Box)
class BoxAdmin(MakesStickers, PortalAdmin):
    """Boxes are made and placed at the desk; here their place and permit can be put right."""

    form = BoxForm
    list_display = ["number", "province", "county", "address", "state", "permit_no", "permit_valid_until"]
    list_filter = ["state", "province", ("permit_valid_until", JalaliPeriodFilter)]
    list_select_related = ["province", "county"]
    search_fields = ["=number", "address", "permit_no"]
    readonly_fields = ["number", "province", "county", "placement", "state"]
    fields = [
        "number", "province", "county", "placement", "state", "address", "permit_no", "permit_valid_until",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def placements(self, queryset):
        return Placement.objects.filter(box__in=queryset)


@admin.register(StickerJob)
class StickerJobAdmin(ReadOnlyAdmin):
    list_display = ["id", "province", "county", "size", "asked_by", "asked_at", "state", "pages"]
    list_filter = ["state", "province", ("asked_at", JalaliPeriodFilter)]
    list_select_related = ["province", "county", "asked_by"]
    fields = [
        "province", "county", "size", "asked_by", "asked_at", "state", "ready_at", "pages", "download", "why",
    ]  # fmt: skip
    actions = ["retry"]

    def get_custom_urls(self) -> tuple:
        return (("<int:job_id>/file/", "campaigns_stickerjob_file", self.file),)

    def file(self, request: HttpRequest, job_id: int, **kwargs) -> HttpResponse:
        sheet = get_object_or_404(StickerJob.objects, pk=job_id, state=StickerJob.State.READY)
        return sheet_response(sheet)

    @admin.display(description=_("برگهٔ چاپ"))
    def download(self, sheet: StickerJob) -> str:
        if sheet.state != StickerJob.State.READY:
            return "–"
        return format_html(
            '<a href="{}">PDF</a>', reverse("admin:campaigns_stickerjob_file", args=[sheet.pk])
        )

    @admin.display(description=_("خطا"))
    def why(self, sheet: StickerJob) -> str:
        return sheet.error_words or "–"

    @admin.action(description=phrases.ACTION_RETRY)
    def retry(self, request: HttpRequest, queryset) -> None:
        for sheet in queryset:
            retry_stickers(sheet, request.user)
        messages.success(request, phrases.STICKERS_ASKED)


look_only(ChannelCheck, CodeBatch, Event, Need, Runbook)

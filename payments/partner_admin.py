"""Partners and their keys in the admin: made, rotated and revoked by the services; a secret is shown once."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from unfold.decorators import action, display

from core.admin_base import LargeReadOnlyAdmin, PortalAdmin, PortalInline, ReadOnlyAdmin
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import tehran_today
from core.phrases import sentence
from payments import partner_phrases as phrases
from payments.enums import KeyMode
from payments.models import Partner, PartnerKey
from payments.partner_forms import ConfirmForm, NewKeyForm, RevokeForm
from payments.services.partner_keys import (
    NewKey,
    add_partner,
    change_partner,
    make_key,
    revoke_key,
    rotate_key,
)


def key_state(key: PartnerKey) -> str:
    """Whether it opens the door today, in a word."""
    today = tehran_today()
    if key.revoked_at is not None:
        return phrases.REVOKED
    if key.valid_until is not None and key.valid_until < today:
        return phrases.ENDED
    return phrases.TO_COME if key.valid_from > today else phrases.LIVE


class ActsOnARow(PortalAdmin):
    """A page of one form about one row; what it does is a service's."""

    def act(
        self,
        request: HttpRequest,
        row,
        form: forms.Form,
        title: str,
        service: Callable[[dict], HttpResponse],
    ) -> HttpResponse:
        if form.is_valid():
            try:
                return service(form.cleaned_data)
            except DomainError as error:
                form.add_error(None, sentence(error.code))
        return render(request, "admin/with_reason.html", {**self._page(request, row, title), "form": form})

    def show_secret(self, request: HttpRequest, new: NewKey) -> HttpResponse:
        """The only page that ever shows it; nothing keeps this page."""
        context = {**self._page(request, new.key, phrases.KEY_READY), "new": new, "phrases": phrases}
        return keep_out_of_caches(render(request, "admin/partner_secret.html", context))

    def _page(self, request: HttpRequest, row, title: str) -> dict:
        site = self.admin_site.each_context(request)
        return {**site, "title": title, "opts": self.opts, "original": row}


class PartnerKeyInline(PortalInline):
    model = PartnerKey
    fk_name = "partner"
    fields = ["key_id", "mode", "valid_from", "valid_until", "revoked_at", "last_used_at"]
    tab = False


class PartnerAdmin(ActsOnARow):
    list_display = ["name", "key", "source_key", "channel", "fund", "is_active", "is_demo"]
    list_filter = ["is_active", "is_demo"]
    list_select_related = ["channel", "fund"]
    search_fields = ["name", "key", "source_key"]
    inlines = [PartnerKeyInline]
    actions_detail = ["new_key"]

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        fields = ["key", "source_key", "name", "channel", "fund"]
        return [*fields, "is_active", "is_demo"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["key", "source_key", "is_demo"] if obj else []

    def get_inlines(self, request: HttpRequest, obj=None) -> list:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: Partner, form, change: bool) -> None:
        """Through the services, which open the account, check, and leave their own audit entry."""
        data = form.cleaned_data
        facts = {name: data[name] for name in ("name", "channel", "fund")}
        if change:
            change_partner(obj, **facts, is_active=data["is_active"], actor=request.user)
        else:
            made = add_partner(key=data["key"], source_key=data["source_key"], **facts, actor=request.user)
            obj.pk = made.pk

    def log_addition(self, request: HttpRequest, obj: Partner, message) -> None:
        """The service has recorded it."""

    def log_change(self, request: HttpRequest, obj: Partner, message) -> None:
        """The service has recorded it."""

    @action(description=phrases.NEW_KEY, url_path="new-key")
    def new_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = get_object_or_404(Partner.objects, pk=object_id)

        def make(data: dict) -> HttpResponse:
            facts = data | {"mode": KeyMode(data["mode"])}
            return self.show_secret(request, make_key(partner, **facts, actor=request.user))

        return self.act(request, partner, NewKeyForm(request.POST or None), phrases.NEW_KEY, make)


class PartnerKeyAdmin(ReadOnlyAdmin, ActsOnARow):
    """Made at its partner; here it is rotated and revoked. Its secret is nowhere to be seen."""

    list_display = ["key_id", "partner", "mode", "state", "valid_from", "valid_until", "last_used_at"]
    list_filter = ["mode", "partner"]
    list_select_related = ["partner"]
    search_fields = ["key_id", "partner__name"]
    actions_detail = ["rotate", "revoke"]
    fields = [
        "partner", "key_id", "mode", "state", "valid_from", "valid_until", "last_used_at", "created_at",
        "created_by", "revoked_at", "revoked_by", "revoke_reason",
    ]  # fmt: skip

    @display(description=phrases.STATE)
    def state(self, key: PartnerKey) -> str:
        return key_state(key)

    @action(description=phrases.ROTATE_KEY, url_path="rotate")
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = get_object_or_404(PartnerKey.objects.select_related("partner"), pk=object_id)
        form = ConfirmForm(request.POST if request.method == "POST" else None)

        def follow(data: dict) -> HttpResponse:
            return self.show_secret(request, rotate_key(key, actor=request.user))

        return self.act(request, key, form, phrases.ROTATE_KEY, follow)

    @action(description=phrases.REVOKE_KEY, url_path="revoke")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = get_object_or_404(PartnerKey.objects.select_related("partner"), pk=object_id)

        def end(data: dict) -> HttpResponse:
            revoke_key(key, actor=request.user, reason=data["reason"])
            messages.success(request, phrases.REVOKED)
            return redirect("admin:payments_partnerkey_change", key.pk)

        return self.act(request, key, RevokeForm(request.POST or None), phrases.REVOKE_KEY, end)


class PartnerCallAdmin(LargeReadOnlyAdmin):
    """What each signed report came to."""

    list_display = ["at", "key", "partner", "mode", "verdicts"]
    list_display_links = ["at"]
    list_select_related = ["key__partner"]
    list_filter = ["key__partner", "key__mode"]
    fields = ["at", "key", "verdicts"]

    @display(description=phrases.PARTNER)
    def partner(self, call) -> str:
        return str(call.key.partner)

    @display(description=phrases.MODE)
    def mode(self, call) -> str:
        return call.key.get_mode_display()

    @display(description=phrases.LINES)
    def verdicts(self, call) -> str:
        return phrases.counted(call.counts) or "–"


class PartnerTransactionAdmin(LargeReadOnlyAdmin):
    list_display = ["partner_txn_id", "partner", "amount_rial", "paid_at", "rrn", "gift", "reported_at"]
    list_display_links = ["partner_txn_id"]
    list_select_related = ["partner", "donation"]
    list_filter = ["partner"]
    search_fields = ["partner_txn_id"]
    search_help_text = phrases.SEARCH_TXN
    fields = [
        "partner", "partner_txn_id", "gift", "amount_rial", "paid_at", "rrn", "trace_no", "terminal", "key",
        "reported_at",
    ]  # fmt: skip

    def find(self, typed: str) -> Q:
        named = Q(partner_txn_id=typed) | Q(rrn=typed)
        try:
            return named | Q(donation__tracking_code=parse_tracking_code(typed))
        except DomainError:
            return named

    @display(description=phrases.TRACKING_CODE)
    def gift(self, row) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', row.donation.tracking_code)

"""People, their memberships and second factors; places and offices."""

from __future__ import annotations

from base64 import b32encode
from contextlib import suppress

from axes.models import AccessAttempt
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.sites import NotRegistered
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from core.admin_base import PortalAdmin, PortalInline, ReadOnlyAdmin
from core.admin_exchange import Exchanged
from core.admin_look import look_only
from core.errors import DomainError
from core.models import User
from core.phrases import sentence
from core.qr import qr_svg
from core.text import ascii_digits, normalise, search_key
from provinces import phrases
from provinces.models import (
    County,
    FactorReset,
    HandOver,
    Invitation,
    Membership,
    Neighbourhood,
    Office,
    Province,
    SecondFactor,
    StaffSession,
)
from provinces.services.people import (
    add_member,
    check_end,
    check_member,
    confirm_second_factor,
    end_membership,
    start_second_factor,
)

for other in (Group, TOTPDevice):  # roles are memberships; devices are made on the person's page
    with suppress(NotRegistered):
        admin.site.unregister(other)


class MembershipForm(forms.ModelForm):
    """A new membership, or the last day of one that is there: what it was is history.

    Without Meta: its fields are made at each request, inside the scope of the person who asks.
    """

    asker: User | None = None

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("office", "role", "starts_on", "is_acting"):
                self.fields[name].disabled = True

    def clean(self) -> dict:
        data = super().clean()
        if self.errors or not self.has_changed():
            return data
        try:
            self._check(data)
        except DomainError as error:
            self.add_error(error.data.get("field"), ValidationError(sentence(error.code), code=error.code))
        return data

    def _check(self, data: dict) -> None:
        if not self.instance.pk:
            user = self.instance.user if self.instance.user_id else None
            check_member(
                user, data["office"], data["role"], data["starts_on"], data["ends_on"], actor=self.asker
            )
        elif data["ends_on"] is None:
            raise DomainError("bad_period", field="ends_on")
        else:
            check_end(Membership.objects.get(pk=self.instance.pk), data["ends_on"])


class MembershipInline(PortalInline):
    model, fk_name = Membership, "user"
    form = MembershipForm
    fields = ["office", "role", "starts_on", "ends_on", "is_acting"]
    ordering = ["-starts_on"]
    show_change_link = False
    tab = False
    autocomplete_fields = ["office"]

    def get_formset(self, request: HttpRequest, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.asker = request.user
        return formset

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.admin_site.has_permission(request)


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["username", "display_name"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ["username", "display_name", "password", "is_active"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        link = format_html('<a href="../password/">{}</a>', phrases.PASSWORD_NEW)
        self.fields["password"].help_text = format_html("{} {}", phrases.PASSWORD_HELP, link)


class CodeForm(forms.Form):
    """Six digits from the new authenticator."""

    code = forms.CharField(
        label=_("کد شش‌رقمی"),
        max_length=16,
        widget=UnfoldAdminTextInputWidget(
            attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )

    def clean_code(self) -> str:
        return ascii_digits(normalise(self.cleaned_data["code"])).replace(" ", "")


@admin.register(User)
class UserAdmin(PortalAdmin, DjangoUserAdmin):
    """Staff. What a person may do stands in their memberships, never in flags of the account."""

    form, add_form, change_password_form = UserForm, NewUserForm, AdminPasswordChangeForm
    list_display = ["username", "display_name", "roles", "has_second_factor", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "display_name"]
    ordering = ["username"]
    filter_horizontal = ()
    inlines = [MembershipInline]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "display_name", "password", "is_active"]}),
        (_("تاریخچه"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "password1", "password2"]})]
    actions_detail = ["second_factor"]

    def get_inlines(self, request: HttpRequest, obj=None) -> list:
        return self.inlines if obj else []

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).prefetch_related("memberships__office", "secondfactor_set")

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """Names are few enough to be folded here: «علي» finds «علی»."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        folded = search_key(search_term)
        if folded:
            names = User.objects.values_list("pk", "display_name")
            found |= queryset.filter(pk__in=[pk for pk, name in names if folded in search_key(name)])
        return found, may_repeat

    def save_formset(self, request: HttpRequest, form, formset, change: bool) -> None:
        """Memberships go through the services, which check and record them."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.forms:
            if not row.has_changed():
                continue
            data = row.cleaned_data
            if row.instance.pk:
                end_membership(row.instance, data["ends_on"], actor=request.user)
            else:
                facts = (data["office"], data["role"], data["starts_on"], data["ends_on"], data["is_acting"])
                add_member(form.instance, *facts, actor=request.user)

    @admin.display(description=_("نقش‌ها"))
    def roles(self, user: User) -> str:
        return "، ".join(f"{m.get_role_display()} ({m.office})" for m in user.memberships.all())

    @admin.display(description=_("رمزساز"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        return any(device.confirmed for device in user.secondfactor_set.all())

    @action(description=_("رمزساز دومرحله‌ای"), url_path="second-factor")
    def second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give a person a new authenticator: its picture is shown until a code of it has been typed."""
        user = get_object_or_404(User, pk=object_id)
        form = CodeForm(request.POST if "confirm" in request.POST else None)
        if "start" in request.POST:
            try:
                start_second_factor(user, actor=request.user)
            except DomainError as error:
                messages.error(request, sentence(error.code))
            return redirect(request.path)
        if form.is_bound and form.is_valid():
            try:
                confirm_second_factor(user, form.cleaned_data["code"], actor=request.user)
            except DomainError as error:
                form.add_error("code", sentence(error.code))
            else:
                messages.success(request, phrases.SECOND_FACTOR_READY)
                return redirect("admin:core_user_change", object_id)
        return render(request, "admin/second_factor.html", self._enrolment(request, user, form))

    def _enrolment(self, request: HttpRequest, user: User, form: CodeForm) -> dict:
        devices = SecondFactor.objects.filter(user=user)
        pending = devices.filter(confirmed=False).order_by("-pk").first()
        svg = pending and mark_safe(qr_svg(pending.config_url, str(phrases.SECOND_FACTOR_PICTURE)))  # noqa: S308
        return {
            **self.admin_site.each_context(request),
            "title": phrases.SECOND_FACTOR,
            "person": user,
            "opts": self.opts,
            "original": user,
            "confirmed": devices.filter(confirmed=True).first(),
            "pending": pending,
            "qr_svg": svg,
            "secret": pending and _spoken(pending),
            "form": form,
            "phrases": phrases,
        }


def _spoken(device: SecondFactor) -> str:
    """The secret as authenticators take it by hand: base32, in groups of four."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@admin.register(Province)
class ProvinceAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "slug", "capital", "population_1395", "tel_prefix"]
    list_display_links = ["code", "name"]
    search_fields = ["=code", "slug"]
    folded_search_fields = ("search_key",)


@admin.register(County)
class CountyAdmin(Exchanged, PortalAdmin):
    """Counties come from the data files; here one that ended is marked, with its successor."""

    exchange_fields = ("name", "province", "is_active", "valid_from", "successor")

    list_display = ["code", "name", "province", "is_active", "valid_from", "successor"]
    list_display_links = ["code", "name"]
    list_filter = ["is_active", "province"]
    list_select_related = ["province", "successor"]
    search_fields = ["=code"]
    folded_search_fields = ("search_key",)
    readonly_fields = ["code", "name", "province"]
    fields = ["code", "name", "province", "is_active", "valid_from", "successor"]
    autocomplete_fields = ["successor"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(PortalAdmin):
    """Quarters and villages, an optional level under the county; offices add theirs at the desk."""

    list_display = ["name", "county", "is_active"]
    list_filter = ["is_active", "county__province"]
    list_select_related = ["county"]
    folded_search_fields = ("search_key",)
    fields = ["county", "name", "is_active"]
    autocomplete_fields = ["county"]


@admin.register(Office)
class OfficeAdmin(PortalAdmin):
    list_display = ["name", "level", "province", "county", "phone"]
    list_filter = ["level", "province"]
    list_select_related = ["province", "county"]
    search_fields = ["name"]
    autocomplete_fields = ["county"]
    fields = ["level", "province", "county", "name", "address", "phone", "hours"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["level", "province", "county"] if obj else []


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """For looking over all of them; they are made and ended on the person's page."""

    list_display = ["user", "office", "role", "starts_on", "ends_on", "is_acting"]
    list_filter = ["role", "is_acting", "office__province"]
    list_select_related = ["user", "office"]
    search_fields = ["user__username", "user__display_name", "office__name"]
    ordering = ["-starts_on", "-pk"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadOnlyAdmin):
    """Failed sign-ins that are counted now; what was typed is not shown."""

    list_display = ["username", "ip_address", "failures_since_start", "attempt_time"]
    fields = ["username", "ip_address", "user_agent", "failures_since_start", "attempt_time"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time"]


look_only(FactorReset, HandOver, Invitation, StaffSession)

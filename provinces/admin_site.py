"""The admin site: one door (/login/), one permission, Persian from right to left."""

from __future__ import annotations

from functools import update_wrapper
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from core.text import sort_key

ICONS = {  # in the order of the side menu
    "campaigns": "campaign",
    "donations": "volunteer_activism",
    "partnerships": "handshake",
    "aid": "inventory_2",
    "payments": "credit_card",
    "ledger": "account_balance",
    "cases": "assignment_late",
    "volunteers": "groups",
    "dashboards": "monitoring",
    "provinces": "map",
    "core": "person",
    "axes": "lock",
}


class PortalAdminSite(UnfoldAdminSite):
    """Who may use it stands in `provinces.permissions`; nothing here asks for Django's own staff flags.

    Imports inside functions: this module is loaded before any model is.
    """

    def has_permission(self, request: HttpRequest) -> bool:
        from provinces.access import is_signed_in_with_second_factor
        from provinces.permissions import Permission

        return is_signed_in_with_second_factor(request.user) and request.access.may(Permission.USE_ADMIN)

    def admin_view(self, view, cacheable: bool = False):
        """Strangers and those without a second factor go to /login/; other staff get 403."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            from provinces.access import is_signed_in_with_second_factor

            if not is_signed_in_with_second_factor(request.user):
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """There is one door for all staff."""
        following = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect(f"{reverse('login')}?{urlencode({REDIRECT_FIELD_NAME: following})}")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        from provinces.views import sign_out

        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("staff-password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The rooms in the order of a gift's way, not of the alphabet."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: sort_key(str(model["name"])))
        return sorted(apps, key=lambda app: (_place(app["app_label"]), app["app_label"]))

    def get_log_entries(self, request: HttpRequest):
        """Changes stand in our own audit trail, never in Django's editable log."""
        from django.contrib.admin.models import LogEntry

        return LogEntry.objects.none()


def _place(app_label: str) -> int:
    return list(ICONS).index(app_label) if app_label in ICONS else len(ICONS)


def navigation(request: HttpRequest) -> list[dict]:
    """The side menu: every registered model, by room."""
    from django.contrib import admin

    return [
        {
            "title": app["name"],
            "collapsible": True,
            "items": [
                {
                    "title": model["name"],
                    "icon": ICONS.get(app["app_label"], "table"),
                    "link": model["admin_url"],
                    "active": request.path.startswith(model["admin_url"] or "-"),
                }
                for model in app["models"]
                if model["admin_url"]
            ],
        }
        for app in admin.site.get_app_list(request)
    ]


def farsi_styles(request: HttpRequest) -> str:
    return static("unfold_farsi/css/unfold_custom.css")


def own_styles(request: HttpRequest) -> str:
    return static("provinces/admin.css")


def own_script(request: HttpRequest) -> str:
    return static("provinces/admin.js")


def mark(request: HttpRequest) -> str:
    return static("img/mark.svg")


def farsi_script(request: HttpRequest) -> str:
    return static("unfold_farsi/js/unfold_custom.js")

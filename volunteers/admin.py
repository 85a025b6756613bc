"""Who offered time: for looking, with the number masked."""

from __future__ import annotations

from django.contrib import admin

from core.admin_base import JalaliPeriodFilter, ReadOnlyAdmin, by_mobile
from core.identifiers import mask_mobile
from volunteers.models import Volunteer


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnlyAdmin):
    list_display = ["name", "masked_mobile", "province", "section", "joined_at"]
    list_filter = ["section", "province", ("joined_at", JalaliPeriodFilter)]
    list_select_related = ["province"]
    search_fields = ["name"]
    search_help_text = "نام یا شمارهٔ همراهِ کامل"
    fields = ["name", "masked_mobile", "province", "section", "joined_at"]

    def get_search_results(self, request, queryset, search_term: str):
        named = by_mobile("mobile_hash", search_term)
        if named is not None:
            return queryset.filter(named), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="شمارهٔ همراه")
    def masked_mobile(self, volunteer: Volunteer) -> str:
        return mask_mobile(volunteer.mobile)

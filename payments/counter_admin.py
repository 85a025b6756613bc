"""The notes and coins that the counters count; registered by `payments.admin`."""

from django.http import HttpRequest

from core.admin_base import PortalAdmin
from core.admin_exchange import Exchanged


class DenominationAdmin(Exchanged, PortalAdmin):
    """A new note is added here; one that goes out of circulation is switched off. What it is worth never changes."""

    exchange_key = "value_rial"
    exchange_fields = ("name", "is_active")

    list_display = ["name", "value_rial", "is_active"]
    fields = ["name", "value_rial", "is_active"]
    ordering = ["-value_rial"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["value_rial"] if obj else []

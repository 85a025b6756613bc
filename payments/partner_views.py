"""The partner API's own page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.http import keep_out_of_caches, public_page
from core.phrases import sentence
from payments import partner_phrases
from payments.partner_lines import MOST_BYTES, MOST_LINES
from payments.partner_selectors import demo_keys
from payments.services.partner_access import KEEP_REHEARSALS, sign
from payments.services.partner_keys import OVERLAP

_FIELDS = (
    ("partner_txn_id", True, "TXN"), ("amount_rial", True, "AMOUNT"), ("paid_at", True, "PAID_AT"),
    ("fund", False, "FUND"), ("province", False, "PROVINCE"), ("county", False, "COUNTY"),
    ("campaign", False, "CAMPAIGN"), ("rrn", False, "RRN"), ("trace_no", False, "TRACE_NO"),
    ("terminal", False, "TERMINAL"), ("card_masked", False, "CARD"), ("currency", False, "CURRENCY"),
    ("status", False, "STATUS"), ("donor", False, "DONOR"),
)  # fmt: skip


@require_safe
def partner_page(request: HttpRequest) -> HttpResponse:
    """How to report, with a command that works as it stands; in a demo with the demo's own keys."""
    shown = {key.mode: key for key in demo_keys()} if settings.DEMO else {}
    context = {
        "address": settings.PORTAL_BASE_URL + reverse("api-partner-transactions"),
        "path": reverse("api-partner-transactions"),
        "sandbox_key": shown.get("sandbox"),
        "live_key": shown.get("live"),
        "known_signature": sign("secret", "1767225600", b"{}"),
        "fields": [
            {"name": name, "is_needed": is_needed, "text": partner_phrases.FIELDS[words]}
            for name, is_needed, words in _FIELDS
        ],
        "request_codes": [
            {"code": code, "status": status, "text": sentence(code)}
            for code, status in partner_phrases.REQUEST_CODES.items()
        ],
        "line_codes": [{"code": code, "text": sentence(code)} for code in partner_phrases.LINE_CODES],
        "limits": {
            "lines": MOST_LINES,
            "mebibytes": MOST_BYTES // 2**20,
            "window_minutes": settings.PARTNER_CLOCK_WINDOW_SECONDS // 60,
            "oldest_days": settings.PARTNER_OLDEST_DAYS,
            "most_rial": settings.PARTNER_MOST_RIAL,
            "requests_a_minute": settings.PARTNER_REQUESTS_A_MINUTE,
            "lines_a_minute": settings.PARTNER_LINES_A_MINUTE,
            "overlap_days": OVERLAP.days,
            "rehearsal_days": KEEP_REHEARSALS.days,
        },
    }
    return keep_out_of_caches(public_page(request, "payments/partner_api.html", context))

"""The client's address behind our own proxies, and the content policy of every response."""

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings

from core.gateway_addresses import origins

# Unfold's admin evaluates expressions in its markup and sets inline styles; it has a policy of its own.
ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-eval'", "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "form-action": [SELF],
}
# Swagger's page carries its own small script and style.
DOCS_POLICY = ADMIN_POLICY | {"script-src": [SELF, "'unsafe-inline'"]}


class ClientAddressMiddleware:
    """Puts the client's address into REMOTE_ADDR when TRUSTED_PROXIES of our own stand in front.

    Each proxy adds the address it saw at the end of X-Forwarded-For; what stands further left is the client's
    own claim and is ignored.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.TRUSTED_PROXIES:
            seen = request.headers.get("X-Forwarded-For", "").split(",")
            if len(seen) >= settings.TRUSTED_PROXIES:
                request.META["REMOTE_ADDR"] = seen[-settings.TRUSTED_PROXIES].strip()
        return self.get_response(request)


class ContentPolicyMiddleware(CSPMiddleware):
    """Strict everywhere; looser only where a third party's page needs it; forms may also go to the banks."""

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/"):
            parts.replace = ADMIN_POLICY
        elif request.path.startswith("/api/docs/"):
            parts.replace = DOCS_POLICY
        else:
            parts.update = {"form-action": origins()}
        return parts

"""The client's address behind our own proxies, the content policy of every response, who is asked to sign in, and
numbers kept out of the addresses of staff."""

from functools import cache, lru_cache

from csp.constants import HEADER, NONE, SELF
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_otp import middleware as otp

from core import kept_queries
from core.gateway_addresses import origins
from core.http import keep_out_of_caches
from core.phrases import QUESTION_OVER

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


class ContentPolicyMiddleware:
    """Strict everywhere; looser only where a third party's page needs it; forms may also go to the banks.

    Nothing of ours stands inline, so there are no nonces, and a policy is put together once.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(HEADER, _policy(request.path, origins()))
        return response


def _policy(path: str, banks: tuple[str, ...]) -> str:
    if path.startswith("/admin/"):
        return _admin_policy()
    if path.startswith("/api/docs/"):
        return _docs_policy()
    return _own_policy(banks)


@cache
def _admin_policy() -> str:
    return build_policy(replace=ADMIN_POLICY)


@cache
def _docs_policy() -> str:
    return build_policy(replace=DOCS_POLICY)


@lru_cache(maxsize=16)
def _own_policy(banks: tuple[str, ...]) -> str:
    return build_policy(update={"form-action": list(banks)})


class _ForPeople:
    """Middleware that does nothing in ANONYMOUS_ROOMS: nobody is signed in there, and every visit counts. Whoever
    brings a session to one of ROOMS_THAT_KNOW_STAFF is known there all the same."""

    def __call__(self, request):
        room = request.path_info.split("/", 2)[1]
        brings_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if room in settings.ANONYMOUS_ROOMS and not (
            brings_session and room in settings.ROOMS_THAT_KNOW_STAFF
        ):
            return self.get_response(request)
        return super().__call__(request)


class SessionMiddleware(_ForPeople, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(_ForPeople, auth.AuthenticationMiddleware):
    pass


class OTPMiddleware(_ForPeople, otp.OTPMiddleware):
    pass


class MessageMiddleware(_ForPeople, messages.MessageMiddleware):
    pass


class KeptQueryMiddleware:
    """In the rooms of staff, a question that was kept under a key is asked as if it stood in the address
    (`core.kept_queries`). An address that holds a number all the same is left at once for one that does not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not kept_queries.is_room(request.path_info):
            return self.get_response(request)
        elsewhere = self._elsewhere(request)
        if elsewhere:
            return keep_out_of_caches(HttpResponseRedirect(elsewhere))
        response = self.get_response(request)
        return keep_out_of_caches(response) if kept_queries.key_of(request.GET) else response

    def _elsewhere(self, request: HttpRequest) -> str:
        asked, is_read = request.GET, request.method in ("GET", "HEAD")
        who = request.user.pk if request.user.is_authenticated else None
        if kept_queries.KEY in asked:
            found = kept_queries.recalled(asked, who) if who else None
            if found is None and is_read:
                if who:
                    notes.info(request, str(QUESTION_OVER))
                return kept_queries.without_what_was_asked(request.path, asked)
            request.GET = found if found is not None else asked
        elif is_read and kept_queries.is_private(asked.get(kept_queries.ASKED, "")):
            if who is None:
                return kept_queries.without_what_was_asked(request.path, asked)
            return kept_queries.address_of(request.path, asked, who)
        return ""

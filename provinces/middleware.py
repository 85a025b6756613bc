"""Opens the province scope of each request, by the room it goes to."""

from django.utils.functional import SimpleLazyObject

from provinces.access import access_of, is_signed_in_with_second_factor
from provinces.permissions import Permission
from provinces.scoping import Scope, all_provinces, open_scope
from provinces.services import sessions

STAFF_ROOMS = {"desk": Permission.VIEW_DESK, "hq": Permission.VIEW_HQ, "admin": Permission.USE_ADMIN}


SESSION_ROOMS = {*STAFF_ROOMS, "staff", "login", "logout"}


class StaffSessionMiddleware:
    """Ends a session of staff that was idle too long or is too old; the person signs in again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        room = request.path_info.split("/", 2)[1]
        if room in SESSION_ROOMS and request.user.is_authenticated:
            how = sessions.overdue(request.session)
            if how:
                sessions.end_here(request, how)
            else:
                sessions.seen(request)
        return self.get_response(request)


class ScopeMiddleware:
    """Public pages run in the named scope of the whole country (they fetch by public or unguessable keys).

    Staff rooms run in the scope of the person's memberships. Whoever may not enter gets an empty scope: the
    view refuses, and were it to forget, there would be nothing to see.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.access = SimpleLazyObject(lambda: access_of(request.user))
        with self._scope(request):
            return self.get_response(request)

    def _scope(self, request):
        permission = STAFF_ROOMS.get(request.path_info.split("/", 2)[1])
        if permission is None:
            return all_provinces("public page")
        if is_signed_in_with_second_factor(request.user) and request.access.may(permission):
            return open_scope(request.access.scope)
        return open_scope(Scope(reason="nobody"))

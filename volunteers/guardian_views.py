"""Two pages under /me/ about those who are not of age: the guardian's, who agrees or does not, and their own, where
they name a guardian."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.door_pages import for_visitor, masked
from core.errors import DomainError
from core.http import SeeOther, public_page
from core.identifiers import mask_mobile
from core.models import Door, MobileVisit
from core.phrases import sentence
from volunteers import join_phrases
from volunteers import me_phrases as phrases
from volunteers.desk import METHODS, tried
from volunteers.enums import ConsentKind, GuardianState
from volunteers.me_forms import OwnGuardianForm
from volunteers.selectors import is_minor, volunteer_of, wards_of
from volunteers.services.guardians import answer_for, name_guardian

_inside = for_visitor(Door.ME, "me-sign-in")
_MOST_KEY_DIGITS = 18


@require_http_methods(METHODS)
@_inside
def wards(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """For whoever proved this number: those under age who named it as their guardian's, and one's word for each."""
    fault, status = "", 200
    if request.method == "POST":
        try:
            answer_for(
                _key(request.POST.get("ward", "")),
                guardian_hash=visit.mobile_hash,
                agrees=request.POST.get("agrees") == "yes",
                text_version=join_phrases.TEXT_VERSION,
            )
        except DomainError as error:
            if error.code == "not_found":
                raise Http404 from error
            fault, status = sentence(error.code), error.data.get("status", 422)
        else:
            return SeeOther(reverse("me-wards"))
    rows: list[dict[str, Any]] = [
        {
            "ward": ward,
            "place": "، ".join(filter(None, (ward.county and ward.county.name, ward.province.name))),
            "has_agreed": ward.guardian_state == GuardianState.AGREED,
            "has_refused": ward.guardian_state == GuardianState.REFUSED,
        }
        for ward in wards_of(visit.mobile_hash)
    ]
    context = {
        "rows": rows,
        "fault": fault,
        "text": join_phrases.CONSENTS[ConsentKind.GUARDIAN],
        "mobile": masked(visit),
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/wards.html", context, status=status)


def _key(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) <= _MOST_KEY_DIGITS else 0


@require_http_methods(METHODS)
@_inside
def own_guardian(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """For somebody under age: what the guardian said so far, naming another one, or asking the same one again."""
    volunteer = volunteer_of(visit.mobile_hash)
    if volunteer is None or not is_minor(volunteer.born_on):
        raise Http404
    form, status = OwnGuardianForm(volunteer=volunteer), 200
    if request.method == "POST":
        form = OwnGuardianForm(request.POST, volunteer=volunteer)
        if tried(
            form,
            lambda d: name_guardian(visit.mobile_hash, name=d["guardian_name"], mobile=d["guardian_mobile"]),
        ):
            return SeeOther(reverse("me-guardian"))
        status = 422
    context = {
        "volunteer": volunteer,
        "form": form,
        "said": phrases.GUARDIAN_SAID[volunteer.guardian_state],
        "is_fine": volunteer.guardian_state == GuardianState.AGREED,
        "guardian": volunteer.guardian_mobile and mask_mobile(volunteer.guardian_mobile),
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/guardian.html", context, status=status)

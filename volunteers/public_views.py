"""What everybody sees of the volunteers' work: open opportunities, and whether a certificate is ours."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import parse_verification_code, show_code
from core.errors import DomainError
from core.http import keep_out_of_caches, keep_to_oneself, public_page
from core.limits import count_or_refuse
from core.phrases import sentence
from provinces.access import is_signed_in_with_second_factor
from provinces.permissions import Permission
from volunteers import me_phrases as phrases
from volunteers.enums import OpportunityState
from volunteers.hours import hours_text
from volunteers.me_forms import NameOnPaperForm
from volunteers.models import Assignment
from volunteers.services.certificates import name_hash
from volunteers.shift_selectors import (
    certificate_by_code,
    coming_shifts,
    place_by_code,
    public_opportunity,
)
from volunteers.shift_views import place_of
from volunteers.skills import labels_of

MOST_CHECKS, CHECKS_SECONDS = 20, 600  # of one address: names are not to be guessed through us


@require_safe
def opportunity(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """One opportunity with the times that are still to come."""
    row = public_opportunity(opportunity_id)
    if row is None:
        raise Http404
    context = {
        "opportunity": row,
        "where": place_of(row),
        "skills": labels_of(row.skills),
        "shifts": coming_shifts(row) if row.state == OpportunityState.OPEN else [],
        "phrases": phrases,
    }
    return public_page(request, "volunteers/opportunity.html", context)


@require_safe
def attend(request: HttpRequest, code: str) -> HttpResponse:
    """The code that a volunteer shows at the door: it leads staff of the place to theirs, everybody else to /me/."""
    place = place_by_code(code)
    if place is None:
        raise Http404
    way = "volunteer-check-in" if _is_staff_of(request, place) else "me-attend"
    return keep_out_of_caches(HttpResponseRedirect(reverse(way, args=[code])))


def _is_staff_of(request: HttpRequest, place: Assignment) -> bool:
    opportunity = place.shift.opportunity
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and is_signed_in_with_second_factor(request.user)
        and request.access.may(Permission.MANAGE_SHIFTS)
        and request.access.scope.holds(opportunity.province_id, opportunity.county_id)
    )


@csrf_exempt  # nothing changes, and a stranger gets no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is ours, of what work and how long; never whose. Who holds the paper may ask whether the
    name on it fits."""
    try:
        parsed = parse_verification_code(code)
    except DomainError:
        raise Http404 from None
    if parsed != code:
        return HttpResponseRedirect(reverse("certificate-check", args=[parsed]))
    row = certificate_by_code(code)
    if row is None:
        raise Http404
    form, answer, status = NameOnPaperForm(request.POST if request.method == "POST" else None), "", 200
    if form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        try:
            count_or_refuse(
                "certificate-name",
                request.META["REMOTE_ADDR"],
                most=MOST_CHECKS,
                seconds=CHECKS_SECONDS,
                code="too_many_checks",
            )
            fits = name_hash(form.cleaned_data["name"]) == row.name_hash
            answer = "fits" if fits else "differs"
        except DomainError as error:
            form.add_error("name", sentence(error.code))
            status = error.data["status"]
    context = {
        "certificate": row,
        "shown": show_code(row.code),
        "hours": hours_text(row.minutes),
        "form": form,
        "answer": answer,
        "phrases": phrases,
    }
    return keep_to_oneself(public_page(request, "volunteers/certificate.html", context, status=status))

"""The volunteers' own pages under /me/: what they are asked to, their places, hours, certificates and groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.door_pages import for_visitor, visitor
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, public_page
from core.models import Door, MobileVisit
from core.phrases import sentence
from core.qr import qr_svg
from volunteers import desk_phrases, join_phrases
from volunteers import me_phrases as phrases
from volunteers.certificate_pdf import CertificateFacts, render_certificate
from volunteers.desk import tried
from volunteers.desk_forms import DocumentForm, MessageForm
from volunteers.enums import Activity, AssignmentState, ConsentKind, GroupState, GuardianState
from volunteers.group_forms import ActivityForm
from volunteers.hours import hours_text
from volunteers.me_forms import NeedsForm, ProfileForm
from volunteers.models import Assignment, Certificate, Shift, Volunteer
from volunteers.selectors import may_lead, volunteer_of
from volunteers.services import attendance, groups, places
from volunteers.services.certificates import issue_certificate
from volunteers.services.documents import add_document
from volunteers.services.leaving import set_activity
from volunteers.services.profile import change_profile, set_access_needs, set_consent
from volunteers.services.shift_messages import write_to_shift
from volunteers.shift_forms import AttendanceForm, FeedbackForm
from volunteers.shift_selectors import (
    confirmed_minutes,
    expected,
    place_by_code,
    places_of,
    places_of_volunteer,
    shifts_led_by,
)
from volunteers.shift_views import place_of
from volunteers.states import TAKES_A_PLACE

METHODS = ["GET", "HEAD", "POST"]
_inside = for_visitor(Door.ME, "me-sign-in")


def _volunteer(visit: MobileVisit) -> Volunteer:
    found = volunteer_of(visit.mobile_hash)
    if found is None:
        raise Http404
    return found


@require_safe
@_inside
def room(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Everything of a volunteer at a glance."""
    volunteer = volunteer_of(visit.mobile_hash)
    if volunteer is None:
        return HttpResponseRedirect(reverse("volunteers-join"))
    mine, now = places_of_volunteer(volunteer), timezone.now()
    agreed = set(volunteer.consents.filter(withdrawn_at=None).values_list("kind", flat=True))
    context = {
        "volunteer": volunteer,
        "vetting_said": _vetting_said(volunteer),
        "guardian_said": _guardian_said(volunteer),
        "guardian_url": reverse("me-guardian"),
        "invited": [p for p in mine if p.state == AssignmentState.INVITED and p.shift.starts_at > now],
        "coming": [p for p in mine if p.state == AssignmentState.SIGNED_UP and p.shift.ends_at > now],
        "done": [p for p in mine if p.state in TAKES_A_PLACE and p.shift.starts_at <= now],
        "hours": hours_text(confirmed_minutes(volunteer)),
        "work": _certifiable(volunteer, mine),
        "led": shifts_led_by(volunteer) if may_lead(volunteer) else (),
        "led_groups": volunteer.led_groups.exclude(state=GroupState.CLOSED) if may_lead(volunteer) else (),
        "groups": [m.group for m in volunteer.memberships.filter(left_at=None).select_related("group")],
        "written": volunteer.messages.all()[:5],
        "consents": [
            {"kind": kind.value, "text": join_phrases.CONSENTS[kind], "is_given": kind in agreed}
            for kind in (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT, ConsentKind.ACCESS)
            if kind == ConsentKind.CONTACT or (kind in agreed) == (kind == ConsentKind.ACCESS)
        ],  # needs are agreed to where they are written, and taken back here
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/room.html", context)


def _vetting_said(volunteer: Volunteer) -> str:
    latest = volunteer.decisions.first()
    return phrases.VETTING[volunteer.vetting].format(reason=latest.reason if latest else "")


def _guardian_said(volunteer: Volunteer) -> str:
    if volunteer.guardian_state not in (GuardianState.WAITING, GuardianState.REFUSED):
        return ""
    said = phrases.GUARDIAN_SAID[volunteer.guardian_state]
    return said if volunteer.guardian_hash else phrases.GUARDIAN_UNNAMED


def _certifiable(volunteer: Volunteer, mine: list[Assignment]) -> list[dict[str, Any]]:
    """Opportunities with confirmed hours, and the certificate of each if there is one."""
    minutes: dict[int, int] = {}
    titles: dict[int, str] = {}
    for place in mine:
        if place.confirmed_minutes:
            key = place.shift.opportunity_id
            minutes[key] = minutes.get(key, 0) + place.confirmed_minutes
            titles[key] = place.shift.opportunity.title
    issued = {c.opportunity_id: c for c in Certificate.objects.filter(volunteer=volunteer, replaced_at=None)}
    return [
        {
            "opportunity": key,
            "title": titles[key],
            "hours": hours_text(total),
            "certificate": issued.get(key) if issued.get(key) and issued[key].minutes == total else None,
        }
        for key, total in minutes.items()
    ]


@require_http_methods(METHODS)
@_inside
def profile(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Work, skills and times; papers for those who vet; needs for those who give out work."""
    volunteer = _volunteer(visit)
    form, paper = ProfileForm(volunteer=volunteer), DocumentForm(prefix="document")
    needs = NeedsForm(volunteer=volunteer, prefix="needs")
    status = 200
    if request.method == "POST":
        status = 422
        if request.POST.get("act") == "needs":
            needs = NeedsForm(request.POST, volunteer=volunteer, prefix="needs")
            saved = tried(
                needs,
                lambda d: set_access_needs(
                    visit.mobile_hash, needs=d["needs"], text_version=join_phrases.TEXT_VERSION
                ),
            )
        elif request.POST.get("act") == "document":
            paper = DocumentForm(request.POST, request.FILES, prefix="document")
            saved = tried(
                paper,
                lambda d: add_document(volunteer.pk, d["file"], kind=d["kind"], actor=None, job="own_page"),
            )
        else:
            form = ProfileForm(request.POST, volunteer=volunteer)
            saved = tried(form, lambda _d: change_profile(visit.mobile_hash, form.facts))
        if saved:
            return SeeOther(reverse("me-volunteering"))
    context = {
        "form": form,
        "paper": paper,
        "needs": needs,
        "documents": volunteer.documents.all(),
        "ticks": {"sections", "skills", "languages", "availability"},
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/profile.html", context, status=status)


@require_POST
@_inside
def activity(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Pause, come back, leave."""
    wanted = request.POST.get("activity", "")
    if wanted in Activity.values:
        set_activity(visit.mobile_hash, Activity(wanted))
    return SeeOther(reverse("me-volunteering"))


@require_POST
@_inside
def consent(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Give a consent or take it back; that to needs is given where they are written."""
    kind, is_given = request.POST.get("kind", ""), request.POST.get("given") == "yes"
    offered = (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT)
    if (kind in offered or (kind == ConsentKind.ACCESS and not is_given)) and volunteer_of(visit.mobile_hash):
        try:
            set_consent(
                visit.mobile_hash,
                ConsentKind(kind),
                is_given=is_given,
                text_version=join_phrases.TEXT_VERSION,
            )
        except DomainError as error:
            return _told(request, error)
    return SeeOther(reverse("me-volunteering"))


@require_http_methods(METHODS)
@_inside
def shift(request: HttpRequest, visit: MobileVisit, shift_id: int) -> HttpResponse:
    """One shift: come, do not come, give the place back; the code for the door; and what one says afterwards."""
    volunteer = _volunteer(visit)
    rows = Shift.objects.select_related("opportunity__province", "opportunity__county")
    row = rows.filter(pk=shift_id).first()
    place = Assignment.objects.filter(shift=shift_id, volunteer=volunteer).first()
    if row is None or (place is None and not row.opportunity.is_public):
        raise Http404
    feedback, fault, status = FeedbackForm(prefix="feedback"), "", 200
    if request.method == "POST":
        acts = {
            "sign_up": lambda: places.sign_up(row.pk, mobile_hash=visit.mobile_hash),
            "decline": lambda: places.answer(
                row.pk, mobile_hash=visit.mobile_hash, state=AssignmentState.DECLINED
            ),
            "cancel": lambda: places.answer(
                row.pk, mobile_hash=visit.mobile_hash, state=AssignmentState.CANCELLED
            ),
        }
        wanted = request.POST.get("act", "")
        if wanted == "feedback":
            feedback = FeedbackForm(request.POST, prefix="feedback")
            if tried(feedback, lambda d: places.give_feedback(row.pk, mobile_hash=visit.mobile_hash, **d)):
                return SeeOther(reverse("me-shift", args=[row.pk]))
            status = 422
        elif wanted in acts:
            try:
                acts[wanted]()
            except DomainError as error:
                fault, status = sentence(error.code), error.data.get("status", 422)
            else:
                return SeeOther(reverse("me-shift", args=[row.pk]))
        row.refresh_from_db(fields=["taken"])
    now = timezone.now()
    state = place.state if place else ""
    context = {
        "shift": row,
        "opportunity": row.opportunity,
        "where": place_of(row.opportunity),
        "place": place,
        "fault": fault,
        "may_sign_up": row.starts_at > now and state not in TAKES_A_PLACE and row.taken < row.capacity,
        "is_full": row.taken >= row.capacity and state not in TAKES_A_PLACE,
        "may_decline": row.starts_at > now and state == AssignmentState.INVITED,
        "may_cancel": row.starts_at > now and state == AssignmentState.SIGNED_UP,
        "qr_svg": _qr(place) if state == AssignmentState.SIGNED_UP and row.ends_at > now else "",
        "feedback": feedback if state in TAKES_A_PLACE and row.starts_at <= now else None,
        "leads": attendance.leads(volunteer, row),
        "hours": hours_text(place.confirmed_minutes or 0) if place else "",
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/shift.html", context, status=status)


def _qr(place: Assignment) -> str:
    address = settings.PORTAL_BASE_URL + reverse("attend", args=[place.code])
    return mark_safe(qr_svg(address, phrases.QR_TITLE))  # noqa: S308  made here of our own address


@require_http_methods(METHODS)
def attend(request: HttpRequest, code: str) -> HttpResponse:
    """Where the code of a place leads: the shift's leader to one button, its owner to the place. Nobody else learns
    whose it is."""
    place = place_by_code(code)
    if place is None:
        raise Http404
    visit = visitor(request, Door.ME)
    if visit is None:
        return keep_out_of_caches(HttpResponseRedirect(reverse("me-sign-in")))
    me = volunteer_of(visit.mobile_hash)
    if me is not None and place.volunteer_id == me.pk:
        return keep_out_of_caches(HttpResponseRedirect(reverse("me-shift", args=[place.shift_id])))
    if not attendance.leads(me, place.shift):
        raise Http404
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and tried(form, lambda _d: attendance.check_in(code, leader=me)):
        return keep_out_of_caches(SeeOther(reverse("me-attend", args=[code])))
    context = {"place": place, "opportunity": place.shift.opportunity, "form": form, "phrases": phrases}
    return keep_out_of_caches(public_page(request, "volunteers/me/attend.html", context))


@require_http_methods(METHODS)
@_inside
def lead(request: HttpRequest, visit: MobileVisit, shift_id: int) -> HttpResponse:
    """For the leader of a shift: who comes, who came, and the hours of the others; a word to all of them. No number is
    shown."""
    me = _volunteer(visit)
    row = (
        Shift.objects.select_related("opportunity__group", "opportunity__province")
        .filter(pk=shift_id)
        .first()
    )
    if row is None or not attendance.leads(me, row):
        raise Http404
    others = [place for place in expected(places_of(row)) if place.volunteer_id != me.pk]
    has_begun = row.starts_at <= timezone.now()
    form, status = AttendanceForm(places=others), 200
    message = MessageForm(prefix="write")
    if request.POST.get("act") == "write":
        message, status = MessageForm(request.POST, prefix="write"), 422
        if tried(message, lambda d: write_to_shift(row.pk, leader=me, **d)):
            return SeeOther(reverse("me-lead", args=[row.pk]))
    elif request.method == "POST" and has_begun:
        form = AttendanceForm(request.POST, places=others)
        if tried(form, lambda _d: attendance.confirm(row.pk, form.seen, leader=me)):
            return SeeOther(reverse("me-volunteering"))
        status = 422
    context = {
        "shift": row,
        "opportunity": row.opportunity,
        "others": others,
        "form": form if has_begun and others else None,
        "rows": form.rows(),
        "message": message if others else None,
        "phrases": phrases,
        "desk_phrases": desk_phrases,
    }
    return public_page(request, "volunteers/me/lead.html", context, status=status)


@require_http_methods(METHODS)
@_inside
def group(request: HttpRequest, visit: MobileVisit, group_id: int) -> HttpResponse:
    """For the leader of a group: what it did, or that it has ended."""
    me = _volunteer(visit)
    row = me.led_groups.select_related("county").filter(pk=group_id).exclude(state=GroupState.CLOSED).first()
    if row is None or not may_lead(me):
        raise Http404
    form, status = ActivityForm(), 200
    if request.method == "POST":
        if request.POST.get("act") == "close":
            groups.close_group(row.pk, leader=me)
            return SeeOther(reverse("me-volunteering"))
        form = ActivityForm(request.POST)
        if tried(form, lambda d: groups.note_activity(row.pk, leader=me, **d)):
            return SeeOther(reverse("me-group", kwargs={"group_id": row.pk}))
        status = 422
    context = {
        "group": row,
        "form": form,
        "activities": row.activities.all()[:10],
        "members": [m.volunteer for m in row.memberships.filter(left_at=None).select_related("volunteer")],
        "is_asked": row.state in (GroupState.ASKED, GroupState.ASLEEP),
        "phrases": phrases,
    }
    return public_page(request, "volunteers/me/group.html", context, status=status)


@require_POST
@_inside
def certificate_new(request: HttpRequest, visit: MobileVisit, opportunity_id: int) -> HttpResponse:
    """Issue the certificate of one's confirmed hours, and open it."""
    try:
        made = issue_certificate(_volunteer(visit).pk, opportunity_id=opportunity_id)
    except DomainError as error:
        return _told(request, error)
    return SeeOther(reverse("me-certificate", args=[made.code]))


@require_safe
@_inside
def certificate(request: HttpRequest, visit: MobileVisit, code: str) -> HttpResponse:
    """One's own certificate as PDF."""
    me = _volunteer(visit)
    row = Certificate.objects.select_related("opportunity__province").filter(code=code, volunteer=me).first()
    if row is None:
        raise Http404
    facts = CertificateFacts(
        name=me.name,
        title=row.opportunity.title,
        province=row.opportunity.province.name,
        minutes=row.minutes,
        shifts=row.shifts,
        first_on=row.first_on,
        last_on=row.last_on,
        issued_at=row.issued_at,
        code=row.code,
        check_url=settings.PORTAL_BASE_URL + reverse("certificate-check", args=[row.code]),
    )
    response = HttpResponse(render_certificate(facts), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{row.code}.pdf"'
    return response


def _told(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"fault": sentence(error.code), "phrases": phrases}
    return public_page(request, "volunteers/me/fault.html", context, status=error.data.get("status", 422))

"""The own pages of donors and volunteers: what they gave, what we keep of them, and what they ask about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.door_pages import ask_page, code_page, for_visitor, go_out, masked, visitor
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, public_page
from core.identifiers import mask_mobile, show_mobile
from core.jalali import format_day_month_year, iso_jalali, tehran_today, to_jalali, year_bounds
from core.mobile_door import forget_number, leave
from core.models import Door, MobileVisit, OutgoingSms
from core.money import format_toman
from core.phrases import sentence
from core.sheets import to_csv
from core.text import persian_digits
from dashboards import own_phrases as phrases
from donations.models import Donation
from donations.selectors import donor_of, gifts_of, given_by, receipt_of
from donations.services.own_wishes import forget_donor, wish_reminders
from donations.views.gifts import gift_facts, place_label
from volunteers import me_phrases
from volunteers.enums import GuardianState
from volunteers.models import Volunteer
from volunteers.selectors import volunteer_of, wards_of, work_of
from volunteers.services.leaving import forget_volunteer

GIFTS_A_PAGE = 20
_MESSAGES_SHOWN = 20
_ERASED = "erased"


_for_visitor = for_visitor(Door.ME, "me-sign-in")


def _door_words() -> dict[str, Any]:
    return {
        "heading": phrases.ME_HEADING,
        "lead": phrases.ME_LEAD,
        "action": reverse("me-sign-in"),
        "messages_url": reverse("me-messages") if settings.DEMO else "",
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code."""
    return ask_page(request, Door.ME, _door_words(), code_page="me-code")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code; right, the own page comes next."""
    return code_page(request, Door.ME, _door_words(), ask="me-sign-in", then="me")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the visit."""
    return go_out(request, Door.ME, then=reverse("home"))


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The own page; for a stranger, the door."""
    visit = visitor(request, Door.ME)
    if visit is None:
        if request.GET.get(_ERASED):
            return public_page(request, "dashboards/me_erased.html", {"heading": phrases.ERASED})
        return sign_in(request)
    donor, volunteer = donor_of(visit.mobile_hash), volunteer_of(visit.mobile_hash)
    gifts = Paginator(gifts_of(donor), GIFTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "heading": phrases.ME_HEADING,
        "mobile": masked(visit),
        "donor": donor,
        "gift_table": _table(gifts),
        "page_obj": gifts,
        "year": _year(donor),
        "volunteer": _volunteer_facts(volunteer),
        "wards": _wards(visit),
    }
    return keep_out_of_caches(public_page(request, "dashboards/me.html", context))


def _table(gifts) -> dict[str, Any]:
    columns = [
        {"label": phrases.CODE},
        {"label": phrases.DAY},
        {"label": phrases.AMOUNT, "num": True},
        {"label": phrases.FUND},
        {"label": phrases.STATE},
        {"label": phrases.RECEIPT},
        {"label": phrases.TRAIL},
    ]
    rows = []
    for gift in gifts:
        facts = gift_facts(gift)
        rows.append(
            [
                {"text": facts["tracking_shown"], "code": True, "header": True, "url": facts["url"]},
                {"text": format_day_month_year(gift.created_at)},
                {"text": format_toman(gift.amount_rial), "num": True},
                {"text": facts["fund_label"]},
                {"text": "", "status": gift.status},
                {"text": phrases.SEE_RECEIPT if facts["receipt_url"] else "", "url": facts["receipt_url"]},
                {"text": phrases.SEE_TRAIL if facts["trail_url"] else "", "url": facts["trail_url"]},
            ]
        )
    return {"columns": columns, "rows": rows, "caption": phrases.GIFTS_CAPTION, "empty": phrases.GIFTS_EMPTY}


def _year(donor) -> list[str]:
    """The sum of this Jalali year in sentences, for a tax return."""
    year = to_jalali(tehran_today()).year
    given = given_by(donor, *year_bounds(year))
    if not given.count:
        return [persian_digits(phrases.YEAR_NONE.format(year=year))]
    total = phrases.YEAR_SUM.format(year=year, count=given.count, total=format_toman(given.total_rial))
    part = phrases.YEAR_DEDUCTIBLE.format(amount=format_toman(given.deductible_rial))
    return [persian_digits(total), *([part] if given.deductible_rial else [])]


def _wards(visit: MobileVisit) -> dict[str, str]:
    """Where this number is the guardian's of somebody under age: what waits for an answer, and the way to it."""
    said = list(wards_of(visit.mobile_hash).values_list("guardian_state", flat=True))
    if not said:
        return {}
    is_waiting = GuardianState.WAITING in said
    text, link = (me_phrases.WARDS_WAIT, me_phrases.WARDS_GO) if is_waiting else ("", me_phrases.WARDS)
    return {"kind": "warn" if is_waiting else "info", "text": text, "url": reverse("me-wards"), "link": link}


def _volunteer_facts(volunteer: Volunteer | None) -> list[dict[str, str]]:
    if volunteer is None:
        return []
    return [
        {"label": phrases.NAME, "value": volunteer.name},
        {"label": phrases.SECTION, "value": volunteer.get_section_display()},
        {"label": phrases.PROVINCE, "value": volunteer.province.name},
        {"label": phrases.COUNTY, "value": volunteer.county.name if volunteer.county else ""},
        {"label": phrases.JOINED_AT, "value": format_day_month_year(volunteer.joined_at)},
    ]


@require_POST
@_for_visitor
def reminders(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Keep whether reminders are wished."""
    wish_reminders(visit.mobile_hash, wanted=request.POST.get("wanted") == "yes")
    return SeeOther(reverse("me"))


@require_safe
@_for_visitor
def data(request: HttpRequest, visit: MobileVisit, form: str) -> HttpResponse:
    """Everything kept of this number: all of it as JSON, the gifts as CSV."""
    gifts = list(gifts_of(donor_of(visit.mobile_hash)))
    if form == "csv":
        response = HttpResponse(_csv(gifts), content_type="text/csv; charset=utf-8")
    else:
        volunteer = volunteer_of(visit.mobile_hash)
        answer = {
            "mobile": show_mobile(visit.mobile),
            "as_of": timezone.now(),
            "gifts": [_exported(gift) for gift in gifts],
            "volunteer": _exported_volunteer(volunteer) if volunteer else None,
            "guardian_of": list(
                wards_of(visit.mobile_hash).values("name", "guardian_state", "guardian_asked_at")
            ),
        }
        response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="my-data.{form}"'
    return response


def _exported(gift: Donation) -> dict[str, Any]:
    receipt = receipt_of(gift)
    return {
        "tracking_code": gift.tracking_code,
        "created_on": iso_jalali(gift.created_at),
        "received_on": iso_jalali(gift.received_at) if gift.received_at else "",
        "amount_rial": gift.amount_rial,
        "fund": gift.fund.name,
        "place": place_label(gift),
        "status": gift.status,
        "receipt": receipt.serial if receipt else "",
        "name": gift.donor_name,
        "message": gift.message,
    }


def _exported_volunteer(volunteer: Volunteer) -> dict[str, Any]:
    return {
        "name": volunteer.name,
        "national_id": volunteer.national_id,
        "born_on": iso_jalali(volunteer.born_on) if volunteer.born_on else "",
        "guardian_name": volunteer.guardian_name,
        "guardian_mobile": show_mobile(volunteer.guardian_mobile) if volunteer.guardian_mobile else "",
        "guardian_state": volunteer.guardian_state,
        "province": volunteer.province_id,
        "county": volunteer.county_id,
        "neighbourhood": volunteer.neighbourhood,
        "sections": volunteer.sections,
        "role": volunteer.role,
        "profession": volunteer.profession,
        "licence_no": volunteer.licence_no,
        "skills": volunteer.skills,
        "languages": volunteer.languages,
        "availability": volunteer.availability,
        "is_remote": volunteer.is_remote,
        "access_needs": volunteer.access_needs,
        "joined_on": iso_jalali(volunteer.joined_at),
        **work_of(volunteer),
    }


def _csv(gifts: list[Donation]) -> bytes:
    return to_csv(phrases.EXPORT_HEADINGS, (tuple(_exported(gift).values()) for gift in gifts))


@require_http_methods(["GET", "HEAD", "POST"])
@_for_visitor
def erase(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """Say what goes and what the law keeps; ticked and sent, do it and end the visit."""
    fault, status = "", 200
    if request.method == "POST":
        if not request.POST.get("sure"):
            fault, status = phrases.ERASE_UNTICKED, 422
        else:
            try:
                forget_donor(visit.mobile_hash)
            except DomainError as error:
                fault, status = sentence(error.code), error.data.get("status", 422)
            else:
                forget_volunteer(visit.mobile_hash)
                leave(visit)
                forget_number(visit.mobile_hash)
                return SeeOther(f"{reverse('me')}?{_ERASED}=1")
    return public_page(request, "dashboards/me_erase.html", {"fault": fault}, status=status)


@require_safe
def demo_messages(request: HttpRequest) -> HttpResponse:
    """The newest messages, for whoever tries the demo out; nowhere else."""
    if not settings.DEMO:
        raise Http404
    newest = OutgoingSms.objects.order_by("-created_at")[:_MESSAGES_SHOWN]
    shown = [{"to": mask_mobile(sms.mobile), "text": sms.text, "at": sms.created_at} for sms in newest]
    context = {"heading": phrases.MESSAGES_HEADING, "shown": shown}
    return keep_out_of_caches(public_page(request, "dashboards/me_messages.html", context))

"""The network of volunteers for the public: what it is, and joining it step by step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.door_pages import ask_page, code_page, for_visitor, go_out, masked, visitor
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, public_page
from core.models import Door, MobileVisit
from core.phrases import sentence
from volunteers import join_phrases, phrases
from volunteers.desk import tried
from volunteers.enums import ConsentKind, Section
from volunteers.forms import STEPS, Answers, StepForm, form_of, steps_of
from volunteers.registry_forms import TakeOverForm
from volunteers.selectors import draft_of, volunteer_of
from volunteers.services.joining import Application, count_try, join, keep_draft
from volunteers.services.merging import ask_to_take_over, take_over
from volunteers.shift_selectors import open_opportunities
from volunteers.surge_selectors import open_surges

_ICONS = {
    Section.HEALTH: "heart",
    Section.EMPOWERMENT: "sprout",
    Section.CULTURAL: "users",
    Section.CONSTRUCTION: "home",
    Section.EXTRACURRICULAR: "calendar",
}
_DONE, _SEARCH, _LAST = "joined", "q", "consents"
_NOT_SAID = {"guardian_knows", "access_agreed", "data", "conduct", "contact", "merge"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The five sections, and what of the network is here already."""
    address = reverse("volunteers-join")
    sections = [
        {
            "code": code,
            "title": label,
            "text": phrases.SECTION_HINTS[code],
            "icon": _ICONS[Section(code)],
            "url": address,
        }
        for code, label in Section.choices
    ]
    opportunities = [
        {
            "title": row.title,
            "text": row.story.partition("\n")[0][:140],
            "place": row.county.name if row.county else row.province.name,
            "when": "",
            "url": reverse("opportunity", args=[row.pk]),
        }
        for row in open_opportunities()
    ]
    context = {"sections": sections, "opportunities": opportunities, "surges": open_surges()}
    return public_page(request, "volunteers/index.html", context)


def _door_words() -> dict[str, Any]:
    return {
        "heading": join_phrases.HEADING,
        "lead": join_phrases.LEAD,
        "action": reverse("join-sign-in"),
        "messages_url": "/me/messages/" if settings.DEMO else "",
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code; whether the number has joined is not told."""
    return ask_page(request, Door.JOIN, _door_words(), code_page="join-code")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code; right, the first open step comes next."""
    return code_page(request, Door.JOIN, _door_words(), ask="join-sign-in", then="volunteers-join")


def _quick_words() -> dict[str, Any]:
    return {
        "heading": join_phrases.QUICK_HEADING,
        "lead": join_phrases.QUICK_LEAD,
        "action": reverse("join-quick-sign-in"),
        "messages_url": "/me/messages/" if settings.DEMO else "",
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quick_sign_in(request: HttpRequest) -> HttpResponse:
    """The same door for the short way of a crisis."""
    return ask_page(request, Door.JOIN, _quick_words(), code_page="join-quick-code")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quick_code(request: HttpRequest) -> HttpResponse:
    """Take the code; right, the one page of the short way comes next."""
    return code_page(request, Door.JOIN, _quick_words(), ask="join-quick-sign-in", then="join-quick")


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """End the visit; what was filled in stays and is there when the same number comes again."""
    return go_out(request, Door.JOIN, then=reverse("volunteers"))


@require_safe
def join_network(request: HttpRequest) -> HttpResponse:
    """The door; for whoever is inside, the first step that is not filled in."""
    if request.GET.get(_DONE):
        return public_page(request, "volunteers/joined.html", {})
    visit = visitor(request, Door.JOIN)
    if visit is None:
        return sign_in(request)
    return keep_out_of_caches(HttpResponseRedirect(_address(_first_open(draft_of(visit.mobile_hash)))))


@require_http_methods(["GET", "HEAD", "POST"])
def join_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step: shown, or kept and on to the next one (303). The last one writes the volunteer down."""
    if step not in STEPS:
        raise Http404
    visit = visitor(request, Door.JOIN)
    if visit is None:
        return keep_out_of_caches(HttpResponseRedirect(reverse("join-sign-in")))
    answers = draft_of(visit.mobile_hash)
    steps = steps_of(answers)
    if step not in steps or steps.index(step) > steps.index(_first_open(answers)):
        return keep_out_of_caches(HttpResponseRedirect(_address(_first_open(answers))))
    form = _form(request, step, answers, visit)
    if request.method != "POST" or (_SEARCH in request.POST and "search" in request.POST):
        return _page(request, step, steps, form)
    if not form.is_valid():
        return _page(request, step, steps, form, status=422)
    sent = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
    answers = keep_draft(visit.mobile_hash, step, sent)
    if step != _LAST:
        after = steps_of(answers)
        return keep_out_of_caches(SeeOther(_address(after[after.index(step) + 1])))
    return _finish(request, visit, answers, form)


def _form(request: HttpRequest, step: str, answers: Answers, visit: MobileVisit) -> StepForm:
    more: dict[str, Any] = {}
    if step == "skills":
        more["search"] = request.POST.get(_SEARCH, "")
    if step == "guardian":
        more["own_mobile"] = visit.mobile
    if step == _LAST:
        more["is_known"] = volunteer_of(visit.mobile_hash) is not None
    return form_of(step, answers, request.POST if request.method == "POST" else None, **more)


def _finish(request: HttpRequest, visit: MobileVisit, answers: Answers, form: StepForm) -> HttpResponse:
    """Everything is read once more, as one; a step that no longer holds is shown again."""
    steps = steps_of(answers)
    said: dict[str, Any] = {}
    for step in steps:
        earlier = form if step == _LAST else form_of(step, answers)
        if not earlier.is_bound or not earlier.is_valid():
            return keep_out_of_caches(SeeOther(_address(step)))
        said |= earlier.cleaned_data
    ticked = {
        kind: said.get(str(kind)) for kind in (ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT)
    }
    ticked |= {ConsentKind.ACCESS: bool(said.get("access_needs")) and said.get("access_agreed")}
    application = Application(
        **{name: value for name, value in said.items() if name not in _NOT_SAID},
        consents=[kind for kind, is_given in ticked.items() if is_given],
    )
    try:
        join(
            visit.mobile,
            application,
            text_version=join_phrases.TEXT_VERSION,
            may_merge=bool(said.get("merge")),
        )
    except DomainError as error:
        form.add_error(
            "merge" if error.code == "already_joined" and "merge" in form.fields else None,
            sentence(error.code),
        )
        taken = error.code == "national_id_taken"
        return _page(request, _LAST, steps, form, status=error.data["status"], may_take_over=taken)
    return go_out(request, Door.JOIN, then=f"{reverse('volunteers-join')}?{_DONE}=1")


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor(Door.JOIN, "join-sign-in")
def take_over_number(request: HttpRequest, visit: MobileVisit) -> HttpResponse:
    """For somebody whose national ID is known by another number: a code goes there; with it, the row takes this number
    and the answers are read once more. What is said here tells nobody whether there is such a row."""
    answers = draft_of(visit.mobile_hash)
    identity = form_of("identity", answers)
    if not identity.is_bound or not identity.is_valid():
        return HttpResponseRedirect(reverse("volunteers-join"))
    form, status = TakeOverForm(), 200
    if request.method == "POST" and request.POST.get("act") == "send":
        try:
            count_try(visit.mobile_hash)
        except DomainError as error:
            return _take_over_page(request, visit, form, fault=sentence(error.code), status=429)
        ask_to_take_over(identity.cleaned_data["national_id"], new_mobile=visit.mobile)
        return SeeOther(f"{reverse('join-merge')}?sent=1")
    if request.method == "POST":
        form, status = TakeOverForm(request.POST), 422
        if tried(form, lambda data: take_over(visit.mobile_hash, code=data["code"])):
            return SeeOther(_address(_LAST))
    return _take_over_page(request, visit, form, status=status)


def _take_over_page(
    request: HttpRequest, visit: MobileVisit, form: TakeOverForm, *, fault: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "fault": fault,
        "is_sent": "sent" in request.GET or request.method == "POST",
        "mobile": masked(visit),
        "messages_url": "/me/messages/" if settings.DEMO else "",
    }
    return public_page(request, "volunteers/take_over.html", context, status=status)


def _first_open(answers: Answers) -> str:
    steps = steps_of(answers)
    return next((step for step in steps if step not in answers), steps[-1])


def _address(step: str) -> str:
    return reverse("join-step", args=[step])


def _page(
    request: HttpRequest,
    step: str,
    steps: list[str],
    form: StepForm,
    *,
    status: int = 200,
    may_take_over: bool = False,
) -> HttpResponse:
    at = steps.index(step)
    states = ["done"] * at + ["now"] + ["todo"] * (len(steps) - at - 1)
    context = {
        "form": form,
        "step": step,
        "title": join_phrases.TITLES[step],
        "ticks": {"sections", "skills", "languages", "availability"},
        "steps": [
            {"label": join_phrases.TITLES[name], "state": state}
            for name, state in zip(steps, states, strict=True)
        ],
        "number": at + 1,
        "count": len(steps),
        "back_url": _address(steps[at - 1]) if at else "",
        "is_last": step == _LAST,
        "may_take_over": may_take_over,
        "search": request.POST.get(_SEARCH, ""),
        "mobile": masked(visitor(request, Door.JOIN)),
    }
    return keep_out_of_caches(public_page(request, "volunteers/join_step.html", context, status=status))

"""Donors' matters at the desk, and headquarters' task force."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases import care_phrases as phrases
from cases.care_forms import (
    CareFilterForm,
    DeskCareForm,
    HandCareForm,
    OwnerForm,
    TaskForceFilterForm,
    WordsForm,
)
from cases.care_selectors import care_colleagues, care_counts, care_in_scope, task_force_cases
from cases.enums import CareState
from cases.models import CareCase
from cases.services import care
from core.codes import show_code
from core.errors import DomainError
from core.identifiers import mask_mobile
from core.jalali import format_datetime
from core.listing import ListFile, asked_of, file_links, query_of, sheet_time
from core.models import User
from core.once import once
from core.phrases import sentence
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import Membership
from provinces.permissions import ROLES, Permission

CASES_A_PAGE = 50
_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_CARE)
@require_http_methods(_METHODS)
def care_list(request: HttpRequest) -> HttpResponse:
    """Matters in scope that wait for an answer, the nearest due first; others when asked for. A POST hands the chosen
    ones to oneself or to a colleague."""
    if request.method == "POST":
        return _hand(request)
    form = CareFilterForm(request.GET or None, initial={"state": CareState.OPEN})
    wanted = asked_of(form)
    may = request.access.may(Permission.ANSWER_DONORS) and wanted.get("state") != CareState.CLOSED
    hand_form = HandCareForm(colleagues=care_colleagues()) if may else None
    rows = care_in_scope(**wanted, reader=request.user)
    return _list(request, form, rows, phrases.CARE, phrases.INTRO, hand_form)


@needs(Permission.ANSWER_DONORS)
def _hand(request: HttpRequest) -> HttpResponse:
    form = HandCareForm(request.POST, colleagues=care_colleagues())
    if not form.is_valid():
        messages.error(request, phrases.NONE_CHOSEN)
        return redirect("care-desk")
    owner = form.cleaned_data["colleague"] or User.objects.get(pk=request.user.pk)
    try:
        given = care.hand_many(form.cleaned_data["row"], owner, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.MANY_GIVEN.format(count=persian_digits(given)))
    return redirect("care-desk")


@needs(Permission.LEAD_CARE)
@require_safe
def task_force(request: HttpRequest) -> HttpResponse:
    """Benefactors' open problems and whatever stayed late in a province, of the whole country; the latest first."""
    form = TaskForceFilterForm(request.GET or None)
    return _list(request, form, task_force_cases(**asked_of(form)), phrases.HQ_TITLE, phrases.HQ_INTRO)


def _line(row: CareCase) -> list[Cell]:
    """Without the donor: name and number are shown one at a time, and each look is written down."""
    return [
        show_code(row.code), row.category.get_kind_display(), row.category.name,
        row.province.name if row.province else str(phrases.NATIONAL), sheet_time(row.opened_at),
        sheet_time(row.due_at), row.get_escalation_display(), str(row.owner or ""), row.get_state_display(),
        sheet_time(row.closed_at),
    ]  # fmt: skip


_AS_FILE = ListFile("care", phrases.LIST_HEADS, _line)


def _list(
    request: HttpRequest,
    form: forms.Form,
    rows,
    title: str,
    intro: str,
    hand_form: HandCareForm | None = None,
) -> HttpResponse:
    if answer := _AS_FILE.asked(request, rows):
        return answer
    counts = care_counts()
    mean = counts["satisfaction"]
    context = desk_context(
        request,
        title=title,
        intro=intro,
        filter_form=form,
        page_obj=Paginator(rows, CASES_A_PAGE).get_page(request.GET.get("page")),
        query=query_of(request),
        files=file_links(request),
        hand_form=hand_form,
        counts=counts,
        satisfaction=phrases.OF_FIVE.format(score=persian_digits(f"{mean:.1f}").replace(".", "٫"))
        if mean
        else "–",
        now=timezone.now(),
        badges=phrases.BADGES,
        may_answer=request.access.may(Permission.ANSWER_DONORS),
        phrases=phrases,
    )
    return render(request, "care/list.html", context)


@needs(Permission.ANSWER_DONORS)
@require_http_methods(_METHODS)
@once
def care_new(request: HttpRequest) -> HttpResponse:
    """What a donor said by telephone or at the counter."""
    form = DeskCareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = _try(form, lambda: care.write_down(form.asked(), actor=request.user))
        if made is not None:
            messages.success(request, phrases.WRITTEN)
            return redirect("care-desk-one", made.pk)
    return render(request, "care/new.html", desk_context(request, form=form, phrases=phrases))


@needs(Permission.VIEW_CARE)
@require_http_methods(_METHODS)
def care_one(request: HttpRequest, case_id: int) -> HttpResponse:
    """One matter with all that was said; name and number stay masked until they are asked for."""
    row = get_object_or_404(
        CareCase.objects.select_related("category", "province", "donation", "owner", "written_by"), pk=case_id
    )
    own = _forms(row)
    revealed: tuple[str, str] | None = None
    if request.method == "POST":
        if not request.access.may(Permission.ANSWER_DONORS):
            raise PermissionDenied
        act = request.POST.get("act", "")
        if act == "reveal":
            revealed = care.reveal(row.pk, actor=request.user)
        elif act == "take":
            if _try(forms.Form({}), lambda: care.give_to(row.pk, request.user, actor=request.user)):
                messages.success(request, phrases.DONE[act])
            return redirect("care-desk-one", row.pk)
        else:
            act = act if act in own else "answer"
            form = own[act] = _forms(row, request.POST)[act]
            if _try(form, lambda: _ACTS[act](row, request.user, form.cleaned_data)) is not None:
                messages.success(request, phrases.DONE[act])
                return redirect("care-desk-one", row.pk)
    may = request.access.may(Permission.ANSWER_DONORS)
    is_open = row.state != CareState.CLOSED
    context = desk_context(
        request,
        case=row,
        facts=_facts(row, revealed),
        badge=_badge(row),
        is_late=row.state == CareState.OPEN and row.due_at < timezone.now(),
        said=list(row.messages.select_related("by")),
        acts=[
            {"name": name, "form": form, "heading": phrases.HEADINGS[name], "label": phrases.ACTS[name]}
            for name, form in own.items()
        ]
        if may and is_open
        else [],
        may_take=may and is_open and row.owner_id != request.user.pk,
        may_reveal=may and revealed is None,
        phrases=phrases,
    )
    response = render(request, "care/case.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


_ACTS: dict[str, Callable[[CareCase, User, dict], CareCase]] = {
    "answer": lambda row, actor, said: care.answer(row.pk, actor=actor, text=said["text"]),
    "note": lambda row, actor, said: care.note(row.pk, actor=actor, text=said["text"]),
    "give": lambda row, actor, said: care.give_to(row.pk, said["owner"], actor=actor),
    "close": lambda row, actor, said: care.close(row.pk, actor=actor, text=said["text"]),
}


def _forms(row: CareCase, data=None) -> dict[str, forms.Form]:
    return {
        "answer": WordsForm(data, prefix="answer"),
        "note": WordsForm(data, prefix="note"),
        "give": OwnerForm(data, prefix="give", colleagues=_colleagues(row)),
        "close": WordsForm(data, prefix="close"),
    }


def _colleagues(row: CareCase):
    """Who may answer for the place today, by the memberships that the reader's scope shows."""
    today = timezone.localdate()
    members = Membership.objects.filter(
        role__in=ROLES[Permission.ANSWER_DONORS], starts_on__lte=today, office__province=row.province_id
    ).exclude(ends_on__lt=today)
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("display_name", "pk")


def _badge(row: CareCase) -> dict[str, str]:
    kind, icon = phrases.BADGES[row.state]
    return {"label": row.get_state_display(), "kind": kind, "icon": icon}


def _facts(row: CareCase, revealed: tuple[str, str] | None) -> list[dict[str, object]]:
    name, mobile = revealed or ("", mask_mobile(row.mobile))
    gift = row.donation
    return [
        {"label": phrases.CODE, "value": show_code(row.code), "copy_text": row.code},
        {"label": phrases.CATEGORY, "value": f"{row.category.get_kind_display()}: {row.category.name}"},
        {"label": phrases.PLACE, "value": row.province.name if row.province else phrases.NATIONAL},
        {"label": phrases.MOBILE, "value": mobile, "code": True},
        {"label": phrases.NAME, "value": name},
        {
            "label": phrases.GIFT,
            "value": gift and show_code(gift.tracking_code),
            "url": gift and reverse("donation-status", args=[gift.tracking_code]),
        },
        {"label": phrases.OPENED, "value": format_datetime(row.opened_at)},
        {"label": phrases.DUE, "value": format_datetime(row.due_at)},
        {"label": phrases.LEVEL, "value": row.get_escalation_display()},
        {"label": phrases.OWNER, "value": row.owner and str(row.owner)},
        {"label": phrases.WRITTEN_BY, "value": row.written_by and str(row.written_by)},
        {"label": phrases.CLOSED_AT, "value": row.closed_at and format_datetime(row.closed_at)},
        {
            "label": phrases.SATISFACTION,
            "value": row.satisfaction and phrases.OF_FIVE.format(score=persian_digits(row.satisfaction)),
        },
    ]


def _try(form: forms.Form, act: Callable[[], CareCase]) -> CareCase | None:
    """Run a service with a valid form's data; a refusal becomes a message in the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return None

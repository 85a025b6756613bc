"""Who works here: the list of colleagues, inviting one, ending a membership, a lost authenticator."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.jalali import format_datetime, format_short
from core.listing import ListFile, asked_of, file_links, query_of
from core.phrases import sentence
from core.sheets import Cell
from provinces import people_phrases as words
from provinces.access import needs
from provinces.desk import desk_context
from provinces.enums import Role
from provinces.models import FactorReset, Membership
from provinces.people_forms import EndForm, InvitationForm, PeopleFilterForm, ResetForm
from provinces.people_selectors import (
    memberships_in_scope,
    offices_one_may_fill,
    roles_one_may_give,
    undecided_after,
    unseen_hand_overs,
    waiting_invitations,
    waiting_resets,
)
from provinces.permissions import Permission
from provinces.selectors import provinces_in_order
from provinces.services.factor_resets import decide_reset, request_reset
from provinces.services.hand_over import colleagues_for, open_work_of, see_hand_over
from provinces.services.invitations import Post, invite, withdraw
from provinces.services.people import end_membership
from provinces.work import owned_kinds

PEOPLE_A_PAGE = 50


@needs(Permission.MANAGE_PEOPLE)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues of the own province and its counties."""
    return _people(request, heading=words.PEOPLE)


@needs(Permission.LEAD_PEOPLE)
@never_cache
@require_safe
def all_people(request: HttpRequest) -> HttpResponse:
    """Colleagues of the whole country, and lost authenticators that wait."""
    return _people(request, heading=words.PEOPLE_HQ, provinces=provinces_in_order())


def _people(request: HttpRequest, *, heading, provinces=()) -> HttpResponse:
    form = PeopleFilterForm(request.GET or None, provinces=provinces)
    found = memberships_in_scope(**asked_of(form))
    if answer := _AS_FILE.asked(request, found):
        return answer
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = desk_context(
        request,
        heading=heading,
        filter_form=form,
        reset_url=request.path,
        page_obj=page,
        query=query_of(request),
        files=file_links(request),
        table={
            "columns": [{"label": head} for head in words.HEADS],
            "rows": [_row(membership) for membership in page],
        },
        invitations=list(waiting_invitations()[:PEOPLE_A_PAGE]),
        resets=list(waiting_resets()) if provinces else [],
        may_decide=request.access.may(Permission.DECIDE_RESETS),
        hand_overs=[_handed(row) for row in unseen_hand_overs()[:PEOPLE_A_PAGE]],
        words=words,
    )
    return render(request, "people/list.html", context)


def _row(membership: Membership) -> list[dict[str, object]]:
    user = membership.user
    return [
        {"text": str(user), "header": True, "url": reverse("person", args=[membership.pk])},
        {"text": role_of(membership)},
        {"text": membership.office.name},
        {"text": format_short(membership.starts_on)},
        {"text": format_short(membership.ends_on) if membership.ends_on else words.NO_END},
        {"text": format_datetime(user.last_login) if user.last_login else words.NEVER},
        {"text": words.HAS_FACTOR if membership.has_factor else words.NO_FACTOR},
    ]


def _line(membership: Membership) -> list[Cell]:
    return [str(cell["text"]) for cell in _row(membership)]


_AS_FILE = ListFile("people", words.HEADS, _line)


def role_of(membership) -> str:
    role = membership.get_role_display()
    return str(words.ACTING).format(role=role) if membership.is_acting else role


def _handed(row) -> dict[str, object]:
    labels = {kind.key: (kind.label, kind.queue_url) for kind in owned_kinds()}
    parts = [
        {"label": labels[key][0], "url": labels[key][1], "count": number}
        for key, number in row.counts.items()
        if key in labels
    ]
    return {"row": row, "parts": parts}


@needs(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(
        request.POST or None,
        roles=roles_one_may_give(request.user),
        offices=offices_one_may_fill(request.user),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        post = Post(data["office"], Role(data["role"]), data["starts_on"], data["ends_on"], data["is_acting"])
        try:
            invite(name=data["name"], mobile=data["mobile"], post=post, actor=request.user)
        except DomainError as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, sentence(error.code))
        else:
            messages.success(request, words.INVITED)
            return redirect("people")
    return render(request, "people/invite.html", desk_context(request, form=form, words=words))


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def invitation_withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    try:
        withdraw(invitation_id, actor=request.user)
    except DomainError as error:
        if error.data.get("status") == 404:
            raise Http404 from error
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, words.WITHDRAWN)
    return redirect("people")


@needs(Permission.MANAGE_PEOPLE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, membership_id: int) -> HttpResponse:
    """One membership: what the person has open, its end, and a new authenticator."""
    membership = get_object_or_404(memberships_everywhere(), pk=membership_id)
    asks_reset = request.POST.get("act") == "reset"
    end_form = EndForm(
        request.POST if request.method == "POST" and not asks_reset else None,
        colleagues=colleagues_for(membership),
    )
    reset_form = ResetForm(request.POST if asks_reset else None)
    if request.method == "POST":
        form = reset_form if asks_reset else end_form
        if form.is_valid() and _done(request, membership, form, asks_reset):
            return redirect("people")
    context = desk_context(
        request,
        membership=membership,
        role=role_of(membership),
        facts=_facts(membership),
        work=_work(membership),
        undecided=undecided_after(membership),
        end_form=None if _is_over(membership) else end_form,
        reset_form=reset_form if membership.has_factor and membership.user != request.user else None,
        words=words,
    )
    return render(request, "people/person.html", context)


def memberships_everywhere():
    """Memberships of the open scope, whenever they are."""
    now = memberships_in_scope()
    return now | memberships_in_scope(state="coming") | memberships_in_scope(state="ended")


def _done(request: HttpRequest, membership: Membership, form, asks_reset: bool) -> bool:
    data = form.cleaned_data
    try:
        if asks_reset:
            request_reset(membership.user, reason=data["reason"], actor=request.user)
        else:
            end_membership(membership, data["ends_on"], actor=request.user, hands_to=data["hands_to"])
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    messages.success(request, words.RESET_ASKED if asks_reset else words.MEMBERSHIP_ENDED)
    return True


def _is_over(membership: Membership) -> bool:
    return hasattr(membership, "handover")


def _work(membership: Membership) -> list[dict[str, object]]:
    found = {} if _is_over(membership) else open_work_of(membership)
    return [
        {"label": kind.label, "count": found[kind.key], "url": kind.queue_url}
        for kind in owned_kinds()
        if kind.key in found
    ]


def _facts(membership: Membership) -> list[dict[str, object]]:
    user = membership.user
    ends = format_short(membership.ends_on) if membership.ends_on else words.NO_END
    return [
        {"label": words.ROLE, "value": role_of(membership)},
        {"label": words.OFFICE, "value": membership.office.name},
        {"label": words.PERIOD, "value": f"{format_short(membership.starts_on)} – {ends}"},
        {"label": words.USERNAME, "value": user.username, "code": True},
        {
            "label": words.LAST_SIGN_IN,
            "value": format_datetime(user.last_login) if user.last_login else words.NEVER,
        },
        {"label": words.FACTOR, "value": words.HAS_FACTOR if membership.has_factor else words.NO_FACTOR},
    ]


@needs(Permission.DECIDE_RESETS)
@require_POST
def reset_decide(request: HttpRequest, reset_id: int) -> HttpResponse:
    """An administrator agrees to a new authenticator or refuses."""
    get_object_or_404(FactorReset, pk=reset_id)
    approve = request.POST.get("act") == "approve"
    try:
        decide_reset(reset_id, approve=approve, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, words.RESET_AGREED if approve else words.RESET_REFUSED)
    return redirect("hq-people")


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def hand_over_seen(request: HttpRequest, hand_over_id: int) -> HttpResponse:
    try:
        see_hand_over(hand_over_id, actor=request.user)
    except DomainError:
        raise Http404 from None
    return redirect("people")

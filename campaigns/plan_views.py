"""Making a branch at the desk, step by step, and the pictures, news and files of branches and editions.

Each step saves on its own, so nothing is lost by leaving; what somebody else changed meanwhile is not overwritten.
The pages that show totals (lists, one branch, one edition) are in dashboards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState
from campaigns.models import Branch, Edition, Picture
from campaigns.plan_cards import steps
from campaigns.plan_files import FILES, file_of
from campaigns.plan_forms import AskForm, NewsForm, OwnForm, PictureForm, StartForm, StoryForm
from campaigns.plan_selectors import (
    as_wished,
    branches_in_scope,
    earlier_branch,
    news_of,
    pictures_as_wished,
    placement_of,
    public_picture,
)
from campaigns.services import branches as services
from campaigns.services.own_campaigns import begin_own_campaign, repeat_own_campaign
from campaigns.services.pictures import add_news, add_picture, withdraw_news, withdraw_picture
from core.errors import DomainError
from core.once import once
from core.phrases import sentence
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]
_NEXT = {"goal": "branch-story", "story": "branch-picture", "picture": "branch-desk"}


# --- the steps -------------------------------------------------------------------------------------------
@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
def branch_new(request: HttpRequest) -> HttpResponse:
    """The first step: which campaign (and for headquarters, which province)."""
    form = StartForm(request.POST or None)
    made: list[Branch] = []
    if request.method == "POST" and attempt(form, lambda said: made.append(_begin(request, said))):
        return redirect("branch-goal", made[0].pk)
    context = desk_context(
        request,
        form=form,
        editions=[
            {
                "value": edition.pk,
                "label": edition.title,
                "hint": edition.campaign.summary,
                "checked": str(edition.pk) == str(form["edition"].value() or ""),
            }
            for edition in form.fields["edition"].queryset
        ],
        steps=steps("edition"),
        phrases=phrases,
    )
    return render(request, "desk/branch_new.html", context)


def _begin(request: HttpRequest, said: dict) -> Branch:
    edition, province = said["edition"], said["province"]
    like = earlier_branch(edition, province.pk) if said["like_last_year"] else None
    return services.create_branch(edition, province, actor=request.user, like=like)


@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
@once
def branch_own(request: HttpRequest) -> HttpResponse:
    """The first step of a campaign that a province begins for itself."""
    form = OwnForm(request.POST or None)
    made: list[Branch] = []
    if request.method == "POST" and attempt(form, lambda said: made.append(_begin_own(request, said))):
        return redirect("branch-goal", made[0].pk)
    context = desk_context(request, form=form, steps=steps("edition"), phrases=phrases)
    return render(request, "desk/branch_own.html", context)


def _begin_own(request: HttpRequest, said: dict) -> Branch:
    province, year = said["province"], said["year"]
    if said["campaign"]:
        return repeat_own_campaign(said["campaign"], province, year=year, actor=request.user)
    facts = {name: said[name] for name in ("name", "summary", "fund")}
    return begin_own_campaign(province, **facts, year=year, actor=request.user)


@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
def branch_goal(request: HttpRequest, branch_id: int) -> HttpResponse:
    """Goal, days, funds and ways."""
    branch = _branch(branch_id)
    form = AskForm(request.POST or None, branch=as_wished(branch))
    return _step(
        request,
        branch,
        form,
        "goal",
        lambda said, version: services.ask_for(branch.pk, form.asked(), actor=request.user, version=version),
    )


@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
def branch_story(request: HttpRequest, branch_id: int) -> HttpResponse:
    """The story."""
    branch = _branch(branch_id)
    form = StoryForm(request.POST or None, initial={"story": as_wished(branch).story or branch.edition.story})
    return _step(
        request,
        branch,
        form,
        "story",
        lambda said, version: services.tell_story(
            branch.pk, said["story"], actor=request.user, version=version
        ),
    )


def _step(
    request: HttpRequest,
    branch: Branch,
    form: forms.Form,
    step: str,
    save: Callable[[dict, int | None], object],
) -> HttpResponse:
    is_editable = branch.state in services.ASKING
    if request.method == "POST" and attempt(form, lambda said: save(said, _version(request))):
        if branch.state == CampaignState.DRAFT and not branch.is_waiting:
            return redirect(_NEXT[step], branch.pk)
        messages.success(request, _saved(branch))
        return redirect("branch-desk", branch.pk)
    branch = _branch(branch.pk)  # what stands there now, also when somebody else was quicker
    context = desk_context(
        request,
        form=form,
        branch=branch,
        step=step,
        steps=steps(step),
        is_draft=branch.state == CampaignState.DRAFT,
        is_editable=is_editable,
        stands_now=as_wished(branch).story if step == "story" and form.non_field_errors() else "",
        phrases=phrases,
    )
    return render(request, "desk/branch_step.html", context)


def _saved(plan: Branch | Edition) -> str:
    return phrases.SAVED if plan.state == CampaignState.DRAFT else phrases.EDIT_SENT


@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
def branch_picture(request: HttpRequest, branch_id: int) -> HttpResponse:
    """Pictures of a branch."""
    branch = _branch(branch_id)
    return _pictures(request, branch, reverse("branch-picture", args=[branch.pk]), branch_url(branch))


@needs(Permission.MANAGE_EDITIONS)
@require_http_methods(_METHODS)
def edition_picture(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Pictures of an edition."""
    edition = _edition(edition_id)
    return _pictures(request, edition, reverse("edition-picture", args=[edition.pk]), edition_url(edition))


def _pictures(request: HttpRequest, plan: Branch | Edition, here: str, back: str) -> HttpResponse:
    form = PictureForm()
    is_draft = plan.state == CampaignState.DRAFT
    if request.method == "POST":
        if number := _number(request, "withdraw"):
            return _withdrawn(
                request,
                lambda: withdraw_picture(plan, number, actor=request.user),
                here,
                phrases.PICTURE_GONE if is_draft else phrases.EDIT_SENT,
            )
        form = PictureForm(request.POST, request.FILES)
        if attempt(form, lambda said: _add_picture(request, plan, said)):
            messages.success(request, phrases.PICTURE_ADDED if is_draft else phrases.EDIT_SENT)
            return redirect(back)
    context = desk_context(
        request,
        form=form,
        plan=plan,
        pictures=_shown(pictures_as_wished(plan)),
        back_url=back,
        steps=steps("picture") if isinstance(plan, Branch) and is_draft else [],
        is_editable=plan.state in services.ASKING,
        phrases=phrases,
    )
    return render(request, "desk/plan_pictures.html", context)


def _add_picture(request: HttpRequest, plan: Branch | Edition, said: dict) -> None:
    add_picture(plan, said["file"], said["file"].size, alt=said["alt"], actor=request.user)


# --- news ------------------------------------------------------------------------------------------------
@needs(Permission.MANAGE_CAMPAIGNS)
@require_http_methods(_METHODS)
@once
def branch_news(request: HttpRequest, branch_id: int) -> HttpResponse:
    """News of a branch."""
    branch = _branch(branch_id)
    return _news(request, branch, reverse("branch-news", args=[branch.pk]), branch_url(branch))


@needs(Permission.MANAGE_EDITIONS)
@require_http_methods(_METHODS)
@once
def edition_news(request: HttpRequest, edition_id: int) -> HttpResponse:
    """News of an edition."""
    edition = _edition(edition_id)
    return _news(request, edition, reverse("edition-news", args=[edition.pk]), edition_url(edition))


def _news(request: HttpRequest, plan: Branch | Edition, here: str, back: str) -> HttpResponse:
    form = NewsForm()
    if request.method == "POST":
        if number := _number(request, "withdraw"):
            withdraw = partial(withdraw_news, plan, number, actor=request.user)
            return _withdrawn(request, withdraw, here, phrases.NEWS_GONE)
        form = NewsForm(request.POST, request.FILES)
        if attempt(form, lambda said: _add_news(request, plan, said)):
            messages.success(request, phrases.NEWS_ADDED)
            return redirect(here)
    context = desk_context(
        request,
        form=form,
        plan=plan,
        news=[{"row": row, "picture": _picture(row.picture)} for row in news_of(plan)],
        back_url=back,
        is_public=plan.state in (CampaignState.OPEN, CampaignState.CLOSED, CampaignState.REPORTED),
        phrases=phrases,
    )
    return render(request, "desk/plan_news.html", context)


def _add_news(request: HttpRequest, plan: Branch | Edition, said: dict) -> None:
    file = said["file"]
    add_news(
        plan,
        title=said["title"],
        text=said["text"],
        on=said["on"],
        actor=request.user,
        file=file or None,
        size=file.size if file else 0,
        alt=said["alt"],
    )


# --- files -----------------------------------------------------------------------------------------------
@needs(Permission.VIEW_CAMPAIGNS)
@require_safe
def branch_file(request: HttpRequest, branch_id: int, name: str) -> HttpResponse:
    """The code of a branch as SVG or PNG, or its poster; 404 before it is approved."""
    return _file(_branch(branch_id), name)


@needs(Permission.VIEW_HQ)
@require_safe
def edition_file(request: HttpRequest, edition_id: int, name: str) -> HttpResponse:
    """The same of an edition."""
    return _file(_edition(edition_id), name)


def _file(plan: Branch | Edition, name: str) -> HttpResponse:
    placement = placement_of(plan) if name in FILES else None
    if placement is None:
        raise Http404
    response = HttpResponse(file_of(plan, placement, name), content_type=FILES[name])
    response["Content-Disposition"] = f'attachment; filename="{placement.code}-{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs(Permission.VIEW_CAMPAIGNS)
@require_safe
def plan_picture(request: HttpRequest, key: str) -> HttpResponse:
    """A picture of one's own scope, also of a draft."""
    return _picture_file(Picture.objects.filter(key=key).first(), "private, max-age=600")


@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """A picture of a page that everybody may see. What stands under a key never changes."""
    return _picture_file(public_picture(key), "public, max-age=86400")


def _picture_file(found: Picture | None, cache: str) -> HttpResponse:
    """Nothing but a picture comes from here: the kind is ours, and a browser may run nothing in it."""
    if found is None:
        raise Http404
    try:
        with found.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = cache
    return response


# --- what the pages share --------------------------------------------------------------------------------
def branch_url(branch: Branch) -> str:
    return reverse("branch-desk", args=[branch.pk])


def edition_url(edition: Edition) -> str:
    return reverse("hq-edition", args=[edition.pk])


def attempt(form: forms.Form, act: Callable[[dict], object]) -> bool:
    """Run a service with a valid form's data; a refusal becomes a message in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        if error.data.get("status") == 404:
            raise Http404 from error
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def _withdrawn(request: HttpRequest, act: Callable[[], None], here: str, words: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        if error.data.get("status") == 404:
            raise Http404 from error
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, words)
    return redirect(here)


def _shown(pictures: list[Picture]) -> list[dict]:
    return [_picture(picture) for picture in pictures]


def _picture(picture: Picture | None) -> dict | None:
    if picture is None:
        return None
    return {
        "pk": picture.pk,
        "url": reverse("plan-picture", args=[picture.key]),
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "waits": picture.is_withdrawn,
    }


def _branch(branch_id: int) -> Branch:
    return get_object_or_404(branches_in_scope(), pk=branch_id)


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("campaign", "fund"), pk=edition_id)


def _version(request: HttpRequest) -> int | None:
    return _number(request, "version")


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None

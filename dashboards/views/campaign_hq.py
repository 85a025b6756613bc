"""/hq/campaigns/…/: an edition and its branches, approved or returned many at once, spread over the country."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState as S
from campaigns.models import Branch, Edition
from campaigns.plan_cards import badges
from campaigns.plan_forms import (
    CloneEditionForm,
    EditionForm,
    NewEditionForm,
    ReasonForm,
    SpreadForm,
)
from campaigns.plan_selectors import as_wished, branches_in_scope
from campaigns.plan_views import attempt
from campaigns.services import branches as branch_services
from campaigns.services import editions as services
from campaigns.states import EDITABLE, PUBLIC
from core.errors import DomainError
from core.phrases import sentence
from core.text import persian_digits
from dashboards import figures
from dashboards.cards import percent_of_goal
from dashboards.views.campaign_desk import (
    EDITED,
    WAITING,
    Step,
    is_own_plan,
    lacking,
    offered,
    shared,
    step_forms,
    take_step,
)
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import Province
from provinces.permissions import Permission
from provinces.selectors import provinces_in_order

ALL = "all"  # instead of ticks: every province for which the step makes sense
_MAKES, _DECIDES = Permission.MANAGE_EDITIONS, Permission.APPROVE_EDITION
EDITION_STEPS = {
    "propose": Step(_MAKES, (S.DRAFT,), services.propose_edition),
    "approve": Step(_DECIDES, (WAITING,), services.approve_edition, four_eyes=True),
    "return": Step(_DECIDES, (WAITING, S.APPROVED), services.return_edition, has_form=True),
    "open": Step(_MAKES, (S.APPROVED,), services.open_edition),
    "close": Step(_DECIDES, (S.OPEN,), services.close_edition, has_form=True),
    "report": Step(_MAKES, (S.CLOSED,), services.report_edition, has_form=True),
    "code": Step(_MAKES, (S.APPROVED, S.OPEN), services.make_edition_code),
    "accept": Step(_DECIDES, EDITED, services.accept_edition_edit, four_eyes=True, of_edit=True),
    "give_back": Step(
        _DECIDES, EDITED, services.return_edition_edit, has_form=True, four_eyes=True, of_edit=True
    ),
    "drop": Step(_MAKES, EDITED, services.drop_edition_edit, of_edit=True),
}
_METHODS = ["GET", "HEAD", "POST"]


# --- one edition -----------------------------------------------------------------------------------------
@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
def edition_one(request: HttpRequest, edition_id: int) -> HttpResponse:
    """An edition and its 31 provinces. A POST takes a step of the edition, or one for the ticked provinces."""
    edition = _edition(edition_id)
    if edition.campaign.only_in:  # every step of it is its branch's
        return redirect("branch-desk", branches_in_scope().get(edition=edition).pk)
    forms = step_forms()
    reason, spread = ReasonForm(prefix="many"), SpreadForm()
    spread.fields["source"].choices = _sources(edition)
    if request.method == "POST":
        if not (request.access.may(_MAKES) or request.access.may(_DECIDES)):
            raise PermissionDenied
        if "many" in request.POST:
            reason, spread, is_done = _many(request, edition, reason, spread)
        else:
            is_done = take_step(request, edition, forms, EDITION_STEPS)
        if is_done:
            return redirect("hq-edition", edition.pk)
        edition = _edition(edition_id)
    with figures.one_moment():
        sheet = figures.sheet(None, "province", edition=edition.pk)
    ticked = set(request.POST.getlist("province"))
    context = desk_context(
        request,
        edition=edition,
        lacks=lacking(edition),
        offered=offered(edition, request.access, request.user, EDITION_STEPS),
        forms=forms,
        is_own_plan=is_own_plan(edition, request, _DECIDES),
        may_edit=request.access.may(_MAKES) and edition.state in EDITABLE,
        may_tell=request.access.may(_MAKES) and edition.state in PUBLIC,
        may_clone=request.access.may(_MAKES),
        may_many=request.access.may(Permission.APPROVE_BRANCH) or request.access.may(_MAKES),
        may_approve_branches=request.access.may(Permission.APPROVE_BRANCH),
        public_url=f"{reverse('campaign', args=[edition.campaign.slug])}?edition={edition.year}"
        if edition.state in PUBLIC
        else "",
        reason_form=reason,
        spread_form=spread,
        provinces=_provinces(edition, sheet, ticked),
        national_rial=sum(row.total_rial for row in sheet["province"] if row.key is None),
        received=sheet,
        percent=percent_of_goal(sheet.total_rial, edition.goal_rial),
        **shared(edition),
    )
    return render(request, "dashboards/hq_edition.html", context)


def _provinces(edition: Edition, sheet: figures.Sheet, ticked: set[str]) -> list[dict[str, Any]]:
    """A row for every province, with its branch or without."""
    branches = {b.province_id: b for b in branches_in_scope().filter(edition=edition)}
    rows = []
    for province in provinces_in_order():
        branch = branches.get(province.code)
        received = sheet.row("province", province.code)
        rows.append(
            {
                "province": province,
                "branch": branch,
                "url": reverse("branch-desk", args=[branch.pk]) if branch else "",
                "badges": badges(branch) if branch else [],
                "reached_rial": received.total_rial,
                "percent": percent_of_goal(received.total_rial, branch.goal_rial) if branch else None,
                "is_ticked": province.code in ticked,
            }
        )
    return rows


def _sources(edition: Edition) -> list[tuple[str, str]]:
    """From what branches can be made: the edition's own plan, or any branch of it."""
    branches = branches_in_scope().filter(edition=edition)
    return [("edition", edition.title), *((str(b.pk), b.province.name) for b in branches)]


def _many(
    request: HttpRequest, edition: Edition, reason: ReasonForm, spread: SpreadForm
) -> tuple[ReasonForm, SpreadForm, bool]:
    """One step for all ticked provinces; who could not follow is named with the reason."""
    what = request.POST["many"]
    demanded = {"approve": Permission.APPROVE_BRANCH, "return": Permission.APPROVE_BRANCH, "spread": _MAKES}
    if not request.access.may(demanded.get(what, _MAKES)):
        raise PermissionDenied
    codes = request.POST.getlist("province")
    is_all = ALL in codes
    if not codes:
        messages.error(request, sentence("nothing_ticked"))
        return reason, spread, False
    if what == "spread":
        bound = SpreadForm(request.POST)
        bound.fields["source"].choices = spread.fields["source"].choices
        provinces = Province.objects.all() if is_all else Province.objects.filter(pk__in=codes)
        return reason, bound, _spread(request, edition, bound, provinces)
    branches = branches_in_scope().filter(edition=edition)
    if is_all:
        branches = branches.filter(state=S.DRAFT, proposed_at__isnull=False)
    else:
        branches = branches.filter(province__in=codes)
    if what == "approve":
        _each(
            request, branches, "approve", lambda b: branch_services.approve_branch(b.pk, actor=request.user)
        )
        return reason, spread, True
    bound = ReasonForm(request.POST, prefix="many")
    if what != "return" or not bound.is_valid():
        return bound, spread, False
    why = bound.cleaned_data["reason"]
    _each(
        request,
        branches,
        "return",
        lambda b: branch_services.return_branch(b.pk, actor=request.user, reason=why),
    )
    return bound, spread, True


def _each(request: HttpRequest, branches: Iterable[Branch], step: str, act) -> None:
    done, refused = 0, []
    for branch in branches:
        try:
            act(branch)
            done += 1
        except DomainError as error:
            refused.append(phrases.BULK_SKIPPED.format(name=branch.province.name, why=sentence(error.code)))
    if done:
        messages.success(
            request, persian_digits(phrases.BULK_DONE.format(count=done, what=phrases.DONE[step]))
        )
    for words in refused:
        messages.warning(request, words)


def _spread(request: HttpRequest, edition: Edition, form: SpreadForm, provinces: QuerySet[Province]) -> bool:
    def make(said: dict) -> None:
        source = edition
        if said["source"] != "edition":
            source = get_object_or_404(branches_in_scope(), pk=said["source"], edition=edition)
        made = branch_services.spread_plan(
            source,
            edition,
            provinces,
            actor=request.user,
            by_population=said["by_population"],
        )
        messages.success(request, persian_digits(phrases.SPREAD_DONE.format(count=len(made))))

    return attempt(form, make)


# --- written by headquarters -----------------------------------------------------------------------------
@needs(Permission.MANAGE_EDITIONS)
@require_http_methods(_METHODS)
def edition_new(request: HttpRequest) -> HttpResponse:
    """A year of a campaign, and the campaign itself when it is new."""
    form = NewEditionForm(request.POST or None)
    made: list[Edition] = []
    if request.method == "POST" and attempt(form, lambda said: made.append(_make(request, form, said))):
        messages.success(request, phrases.EDITION_MADE)
        return redirect("hq-edition", made[0].pk)
    return _form_page(request, form, phrases.NEW_EDITION, reverse("hq-campaigns"))


def _make(request: HttpRequest, form: NewEditionForm, said: dict) -> Edition:
    return services.create_edition_of(
        said["campaign"],
        form.facts(),
        new_campaign={name: said[name] for name in ("slug", "name", "summary", "scope")},
        year_kind=said["year_kind"],
        year=said["year"],
        actor=request.user,
    )


@needs(Permission.MANAGE_EDITIONS)
@require_http_methods(_METHODS)
def edition_edit(request: HttpRequest, edition_id: int) -> HttpResponse:
    """What an edition says, until it is closed."""
    edition = _edition(edition_id)
    form = EditionForm(request.POST or None, edition=as_wished(edition))
    typed = request.POST.get("version", "")
    version = int(typed[:9]) if typed.isascii() and typed.isdigit() else None

    def save(said: dict) -> None:
        services.change_edition(edition.pk, form.facts(), actor=request.user, version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, phrases.CHANGED if edition.state == S.DRAFT else phrases.EDIT_SENT)
        return redirect("hq-edition", edition.pk)
    return _form_page(
        request, form, edition.title, reverse("hq-edition", args=[edition.pk]), _edition(edition_id)
    )


@needs(Permission.MANAGE_EDITIONS)
@require_http_methods(_METHODS)
def edition_clone(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Another year of the same campaign."""
    source = _edition(edition_id)
    year = source.year + 1
    title = source.title.replace(persian_digits(source.year), persian_digits(year))
    like = services.facts_like(source, title=title)
    initial = {name: getattr(like, name) for name in EditionForm.base_fields} | {
        "year": year,
        "with_branches": True,
    }
    form = CloneEditionForm(request.POST or None, initial=initial)
    made: list[tuple[Edition, int]] = []

    def clone(said: dict) -> None:
        made.append(
            services.clone_edition(
                source,
                form.facts(),
                year=said["year"],
                actor=request.user,
                with_branches=said["with_branches"],
            )
        )

    if request.method == "POST" and attempt(form, clone):
        edition, count = made[0]
        messages.success(request, persian_digits(phrases.CLONED.format(count=count)))
        return redirect("hq-edition", edition.pk)
    return _form_page(request, form, phrases.CLONE_EDITION, reverse("hq-edition", args=[source.pk]))


def _form_page(
    request: HttpRequest, form: EditionForm, title: str, back_url: str, edition: Edition | None = None
) -> HttpResponse:
    context = desk_context(
        request, form=form, title=title, back_url=back_url, edition=edition, phrases=phrases
    )
    return render(request, "dashboards/hq_edition_form.html", context)


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("campaign", "fund"), pk=edition_id)

"""Editions and branches as the desk, headquarters and the public read them."""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.enums import PlacementKind
from campaigns.models import Branch, Campaign, Edition, News, Picture, Placement
from campaigns.models.campaigns import Plan
from campaigns.states import PUBLIC
from core.jalali import tehran_today
from core.models import AuditEntry
from provinces.models import Province

WAITS_LONG = timedelta(days=3)
REPORT_DUE = timedelta(days=30)
MOST_NEWS, MOST_HISTORY = 50, 30
ADDED, REMOVED = "pictures_added", "pictures_removed"  # in Plan.edit, beside the names of fields
WAITING = Q(state=S.DRAFT, proposed_at__isnull=False)
EDIT_WAITING = Q(edit__isnull=False, edit_returned="")
P = TypeVar("P", bound=Plan)


def of(plan: Plan) -> dict[str, Plan]:
    """The filter for what belongs to an edition or a branch: {"edition": …} or {"branch": …}."""
    return {"branch" if isinstance(plan, Branch) else "edition": plan}


def wished(plan: Plan) -> dict[str, Any]:
    """The fields that a waiting change would set, as Python values; pictures are not among them."""
    fields = plan._meta
    return {
        name: fields.get_field(name).to_python(value)
        for name, value in (plan.edit or {}).items()
        if name not in (ADDED, REMOVED)
    }


def as_wished(plan: P) -> P:
    """The row as it would stand with the change that waits: what its makers go on working at. Never to be saved."""
    found = copy(plan)
    for name, value in wished(plan).items():
        setattr(found, name, value)
    return found


def branches_in_scope() -> QuerySet[Branch]:
    """The branches the open scope may see."""
    return Branch.objects.select_related("edition__campaign", "province").order_by(
        "-edition__year", "edition__campaign__name", "province__sort_key"
    )


def filtered_branches(
    *, standing: str = "", campaign: Campaign | None = None, province: Province | None = None
) -> QuerySet[Branch]:
    """The branches of the open scope that stand so: a state, "waiting", "edit" (a change waits), "late", or
    "own": of campaigns that provinces began for themselves."""
    found = late_branches() if standing == "late" else branches_in_scope()
    if campaign:
        found = found.filter(edition__campaign=campaign)
    if province:
        found = found.filter(province=province)
    if standing == "waiting":
        return found.filter(WAITING)
    if standing == "edit":
        return found.filter(EDIT_WAITING)
    if standing == "own":
        return found.exclude(edition__campaign__only_in="")
    return found.filter(state=standing) if standing in S.values else found


def waiting_for_a_yes(
    *, campaign: Campaign | None = None, province: Province | None = None
) -> QuerySet[Branch]:
    """Branches of the open scope that wait, and those of which a change waits, the oldest first."""
    found = Branch.objects.filter(WAITING | EDIT_WAITING).select_related(
        "edition__campaign", "province", "proposed_by", "edit_by"
    )
    if campaign:
        found = found.filter(edition__campaign=campaign)
    if province:
        found = found.filter(province=province)
    return found.order_by(Coalesce("edit_at", "proposed_at"), "pk")


def editions_waiting(*, campaign: Campaign | None = None) -> QuerySet[Edition]:
    """Headquarters' editions that wait, and those of which a change waits, the oldest first; what a province began for
    itself waits as its branch."""
    found = Edition.objects.filter(WAITING | EDIT_WAITING, campaign__only_in="").select_related(
        "campaign", "proposed_by", "edit_by"
    )
    if campaign:
        found = found.filter(campaign=campaign)
    return found.order_by(Coalesce("edit_at", "proposed_at"), "pk")


def branches_to_decide() -> dict[str, QuerySet[Branch]]:
    """Branches of the open scope that wait for a yes, by `standing` of `filtered_branches`."""
    return {"waiting": Branch.objects.filter(WAITING), "edit": Branch.objects.filter(EDIT_WAITING)}


def placement_of(plan: Plan) -> Placement | None:
    """The printed code of an edition or a branch: the first that was made for it, or what stands in its place."""
    owner = {"branch": plan} if isinstance(plan, Branch) else {"edition": plan, "province": None}
    return (
        Placement.objects.filter(kind=PlacementKind.POSTER, is_active=True, replaced_by=None, **owner)
        .order_by("pk")
        .first()
    )


def pictures_of(plan: Plan) -> list[Picture]:
    """What stands on its page, the first at the head; pictures of news are theirs."""
    return list(Picture.objects.filter(is_withdrawn=False, news=None, **of(plan)))


def pictures_as_wished(plan: Plan) -> list[Picture]:
    """What would stand on its page with the change that waits; those to come are marked withdrawn still."""
    edit = plan.edit or {}
    standing = Q(is_withdrawn=False) & ~Q(pk__in=edit.get(REMOVED, []))
    return list(
        Picture.objects.filter(standing | Q(pk__in=edit.get(ADDED, [])), news=None, **of(plan)).order_by("pk")
    )


def news_of(plan: Plan) -> list[News]:
    """Newest first."""
    return list(News.objects.filter(is_withdrawn=False, **of(plan)).select_related("picture")[:MOST_NEWS])


def public_picture(key: str) -> Picture | None:
    """A picture that stands on a page which everybody may see."""
    shown = Q(edition__state__in=PUBLIC) | Q(branch__state__in=PUBLIC, branch__edition__state__in=PUBLIC)
    return Picture.objects.filter(shown, key=key, is_withdrawn=False).first()


def history_of(plan: Plan) -> list[AuditEntry]:
    """Who did what, newest first."""
    entries = AuditEntry.objects.filter(subject_type=plan._meta.label_lower, subject_id=str(plan.pk))
    return list(entries.select_related("actor").order_by("-pk")[:MOST_HISTORY])


def earlier_branch(branch_edition: Edition, province: str) -> Branch | None:
    """The same campaign's branch of the newest year before, in this province."""
    return (
        Branch.objects.filter(
            edition__campaign=branch_edition.campaign_id,
            edition__year_kind=branch_edition.year_kind,
            edition__year__lt=branch_edition.year,
            province=province,
        )
        .select_related("edition")
        .order_by("-edition__year")
        .first()
    )


def editions_to_join() -> QuerySet[Edition]:
    """Those a province may still make a branch in: neither drafts of headquarters nor what a province began for
    itself."""
    return (
        Edition.objects.filter(state__in=(S.APPROVED, S.OPEN), campaign__only_in="")
        .select_related("campaign")
        .order_by("campaign__name", "-year")
    )


# --- what is late ----------------------------------------------------------------------------------------
def late_branches(on: date | None = None) -> QuerySet[Branch]:
    """Those for which `why_late` has an answer."""
    today = on or tehran_today()
    now = timezone.now()
    return (
        branches_in_scope()
        .annotate(
            begins=Coalesce("starts_on", "edition__season_starts_on"),
            ends=Coalesce("ends_on", "edition__season_ends_on"),
        )
        .filter(
            Q(state=S.DRAFT, proposed_at__lt=now - WAITS_LONG)
            | Q(edit_returned="", edit_at__lt=now - WAITS_LONG)
            | Q(state__in=(S.DRAFT, S.APPROVED), edition__state=S.OPEN, begins__lte=today)
            | Q(state=S.OPEN, ends__lt=today)
            | Q(state=S.CLOSED, closed_at__lt=now - REPORT_DUE)
        )
    )


def why_late(branch: Branch, on: date | None = None) -> str:
    """What is overdue: "approval", "edit", "opening", "closing", "report", or "". The edition must be loaded."""
    today, now, edition = on or tehran_today(), timezone.now(), branch.edition
    begins, ends = branch.starts_on or edition.season_starts_on, branch.ends_on or edition.season_ends_on
    if branch.is_waiting and branch.proposed_at < now - WAITS_LONG:
        return "approval"
    if branch.has_edit_waiting and branch.edit_at < now - WAITS_LONG:
        return "edit"
    if branch.state in (S.DRAFT, S.APPROVED) and edition.state == S.OPEN and begins and begins <= today:
        return "opening"
    if branch.state == S.OPEN and ends and ends < today:
        return "closing"
    if branch.state == S.CLOSED and branch.closed_at and branch.closed_at < now - REPORT_DUE:
        return "report"
    return ""

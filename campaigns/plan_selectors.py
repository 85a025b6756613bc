"""Editions and branches as the desk, headquarters and the public read them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.enums import CampaignState as S
from campaigns.enums import PlacementKind
from campaigns.models import Branch, Edition, News, Picture, Placement
from campaigns.models.campaigns import Plan
from campaigns.states import PUBLIC
from core.jalali import tehran_today
from core.models import AuditEntry

WAITS_LONG = timedelta(days=3)
REPORT_DUE = timedelta(days=30)
MOST_NEWS, MOST_HISTORY = 50, 30


def of(plan: Plan) -> dict[str, Plan]:
    """The filter for what belongs to an edition or a branch: {"edition": …} or {"branch": …}."""
    return {"branch" if isinstance(plan, Branch) else "edition": plan}


def branches_in_scope() -> QuerySet[Branch]:
    """The branches the open scope may see."""
    return Branch.objects.select_related("edition__campaign", "province").order_by(
        "-edition__year", "edition__campaign__name", "province__sort_key"
    )


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
    """Those a province may still make a branch in; drafts of headquarters are not offered."""
    return (
        Edition.objects.filter(state__in=(S.APPROVED, S.OPEN))
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
            | Q(state__in=(S.DRAFT, S.APPROVED), edition__state=S.OPEN, begins__lte=today)
            | Q(state=S.OPEN, ends__lt=today)
            | Q(state=S.CLOSED, closed_at__lt=now - REPORT_DUE)
        )
    )


def why_late(branch: Branch, on: date | None = None) -> str:
    """ "approval", "opening", "closing", "report", or "" when nothing is overdue. The edition must be loaded."""
    today, now, edition = on or tehran_today(), timezone.now(), branch.edition
    begins, ends = branch.starts_on or edition.season_starts_on, branch.ends_on or edition.season_ends_on
    if branch.is_waiting and branch.proposed_at < now - WAITS_LONG:
        return "approval"
    if branch.state in (S.DRAFT, S.APPROVED) and edition.state == S.OPEN and begins and begins <= today:
        return "opening"
    if branch.state == S.OPEN and ends and ends < today:
        return "closing"
    if branch.state == S.CLOSED and branch.closed_at and branch.closed_at < now - REPORT_DUE:
        return "report"
    return ""

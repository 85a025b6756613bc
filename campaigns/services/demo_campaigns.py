"""Branches of the demo in different standings; Tehran is left free, so that its expert can make a first one."""

from __future__ import annotations

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState
from campaigns.models import Branch, Edition
from campaigns.services.branches import (
    Asked,
    approve_branch,
    ask_for,
    create_branch,
    open_branch,
    propose_branch,
    tell_story,
)
from campaigns.services.editions import make_edition_code
from campaigns.services.pictures import add_news
from core.jalali import tehran_today
from core.models import User
from core.money import toman_to_rial
from provinces.models import Province

_SLUG = "mosbat-mah"
_OPEN, _WAITING = ("06", 400_000_000), ("16", 90_000_000)  # Khuzestan, Ilam: goals in toman


def seed_demo_campaigns(maker: User, approver: User) -> None:
    """A published branch with news, one that waits for approval, and codes for the open editions. Repeatable."""
    for edition in Edition.objects.filter(state=CampaignState.OPEN):
        make_edition_code(edition.pk, actor=approver)
    edition = Edition.objects.filter(campaign__slug=_SLUG, state=CampaignState.OPEN).first()
    if edition is None or Branch.objects.filter(edition=edition).exists():
        return
    _proposed(edition, *_WAITING, maker)
    branch = _proposed(edition, *_OPEN, maker)
    approve_branch(branch.pk, actor=approver)
    open_branch(branch.pk, actor=maker)
    add_news(
        branch, title=str(phrases.DEMO_NEWS), text=str(phrases.DEMO_NEWS_TEXT), on=tehran_today(), actor=maker
    )


def _proposed(edition: Edition, province: str, goal_toman: int, maker: User) -> Branch:
    branch = create_branch(edition, Province.objects.get(code=province), actor=maker)
    ask_for(branch.pk, Asked(toman_to_rial(goal_toman)), actor=maker)
    tell_story(branch.pk, str(phrases.DEMO_STORY), actor=maker)
    return propose_branch(branch.pk, actor=maker)

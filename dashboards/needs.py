"""Needs as cards and pages: what is asked, how far it has come, and what may pay for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from campaigns.enums import NeedState, Urgency
from campaigns.models import Need
from campaigns.need_progress import Part, Progress, progress_of
from campaigns.need_selectors import place_of
from core.text import persian_digits
from dashboards import figures, phrases

_SUMMARY = 160


def gifts_of_needs(need_ids: Sequence[int]) -> Iterable[Part]:
    """What the books hold for needs, as a source of `campaigns.need_progress`. Money only: goods that were given for a
    need count as the items they are, told by the room that keeps the stock."""
    for pk, row in figures.need_totals(need_ids).items():
        yield Part(pk, rial=row.total_rial, gifts=row.count)


def need_cards(needs: Sequence[Need]) -> list[dict[str, Any]]:
    """For components/need_card.html."""
    progress = progress_of(needs)
    return [need_card(need, progress[need.pk]) for need in needs]


def need_card(need: Need, progress: Progress) -> dict[str, Any]:
    """One need as the public may see it: never who found it, never a place so small that it points to somebody."""
    return {
        "title": need.title,
        "summary": need.story
        if len(need.story) <= _SUMMARY
        else f"{need.story[:_SUMMARY].rsplit(' ', 1)[0]}…",
        "place": place_of(need),
        "kind_label": need.get_kind_display(),
        "urgent": need.urgency == Urgency.URGENT,
        "percent": progress.percent,
        "reached_rial": progress.covered_rial,
        "goal_rial": need.goal_rial,
        "quantity": persons_text(need),
        "url": reverse("need", args=[need.code]),
        "give_url": give_url(need),
        "demo": need.is_demo,
    }


def persons_text(need: Need) -> str:
    """«برای ۴۰ نفر»."""
    return phrases.NEED_PERSONS.format(count=persian_digits(need.persons))


def give_url(need: Need) -> str:
    """The giving form for this need; empty when it takes no gifts."""
    return f"{reverse('give')}?need={need.code}" if need.state == NeedState.PUBLISHED else ""


def goods_url(need: Need) -> str:
    """Where goods are offered for this need; empty when it takes none."""
    return f"{reverse('give-in-kind')}?need={need.code}" if need.state == NeedState.PUBLISHED else ""

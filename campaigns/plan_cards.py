"""How an edition or a branch is shown to those who run it: its badges, its history, what is missing."""

from __future__ import annotations

from typing import Any

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState
from campaigns.models import Branch, Fund
from campaigns.models.campaigns import Plan
from campaigns.plan_selectors import history_of, why_late


def badges(plan: Plan) -> list[dict[str, Any]]:
    """Rows for components/badge.html: its state, and what somebody should look at."""
    kind, icon = phrases.STATE_KINDS[CampaignState(plan.state)]
    found = [{"label": plan.get_state_display(), "kind": kind, "icon": icon}]
    if plan.is_waiting:
        found = [{"label": phrases.WAITING, "kind": "warn", "icon": "wait"}]
    if isinstance(plan, Branch) and (late := why_late(plan)):
        found.append({"label": phrases.LATE[late], "kind": "bad", "icon": "alert"})
    if plan.is_changed_since_approval:
        found.append({"label": phrases.CHANGED_SINCE, "kind": "info", "icon": "edit"})
    return found


def history(plan: Plan) -> list[dict[str, Any]]:
    """Who did what and when, newest first."""
    return [
        {
            "what": phrases.HISTORY.get(entry.action.partition(".")[2], entry.action),
            "who": entry.actor or phrases.SYSTEM,
            "at": entry.at,
            "why": entry.reason,
        }
        for entry in history_of(plan)
    ]


def fund_names(codes: list[str]) -> str:
    """The names of some funds; «همه» for none."""
    if not codes:
        return str(phrases.ALL)
    return "، ".join(Fund.objects.filter(pk__in=codes).values_list("name", flat=True))


def steps(current: str) -> list[dict[str, Any]]:
    """For components/stepper.html: the way to a branch."""
    names = ["edition", *phrases.STEPS]
    at = names.index(current)
    labels = {"edition": phrases.STEP_EDITION, **phrases.STEPS}
    return [
        {"label": labels[name], "state": "done" if number < at else "now" if number == at else "todo"}
        for number, name in enumerate(names)
    ]

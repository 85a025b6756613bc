"""How an edition or a branch is shown to those who run it: its badges, its history, what is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaigns import plan_phrases as phrases
from campaigns.enums import CampaignState, ChannelKind
from campaigns.models import Branch, Fund, Picture
from campaigns.models.campaigns import Plan
from campaigns.plan_selectors import ADDED, REMOVED, history_of, of, why_late, wished
from core.jalali import format_short
from core.money import format_toman
from core.text import persian_digits

_OF_BRANCH = ("goal_rial", "starts_on", "ends_on", "fund_codes", "story")
_OF_EDITION = (
    "goal_rial", "season_starts_on", "season_ends_on", "fund_id", "fund_codes", "channel_kinds", "story",
)  # fmt: skip


def badges(plan: Plan) -> list[dict[str, Any]]:
    """Rows for components/badge.html: its state, and what somebody should look at."""
    kind, icon = phrases.STATE_KINDS[CampaignState(plan.state)]
    found = [{"label": plan.get_state_display(), "kind": kind, "icon": icon}]
    if plan.is_waiting:
        found = [{"label": phrases.WAITING, "kind": "warn", "icon": "wait"}]
    if isinstance(plan, Branch) and (late := why_late(plan)):
        found.append({"label": phrases.LATE[late], "kind": "bad", "icon": "alert"})
    if plan.edit is not None:
        label = phrases.EDIT_WAITS if plan.has_edit_waiting else phrases.EDIT_RETURNED
        found.append({"label": label, "kind": "warn" if plan.has_edit_waiting else "info", "icon": "edit"})
    return found


def edit_card(plan: Plan) -> dict[str, Any] | None:
    """What a waiting change would set: who, when, why it was returned, fields as {label, before, after, is_long}, and
    the pictures to come and to go. None without one."""
    if plan.edit is None:
        return None
    pictures = {picture.pk: picture for picture in Picture.objects.filter(**of(plan))}
    return {
        "by": plan.edit_by,
        "at": plan.edit_at,
        "returned": plan.edit_returned,
        "waits": plan.has_edit_waiting,
        "fields": [
            {
                "label": phrases.EDIT_FIELDS[name],
                "before": _in_words(name, getattr(plan, name)),
                "after": _in_words(name, value),
                "is_long": name == "story",
            }
            for name, value in wished(plan).items()
        ],
        "added": [pictures[pk] for pk in plan.edit.get(ADDED, []) if pk in pictures],
        "removed": [pictures[pk] for pk in plan.edit.get(REMOVED, []) if pk in pictures],
    }


def short_changes(plan: Plan, funds: dict[str, str]) -> list[dict[str, Any]]:
    """What somebody says yes to, for a row of a list: {label, before, after, is_long} of each field, without asking the
    database. Of a draft that waits: its goal, days, funds and story."""
    if plan.edit is None:
        names = _OF_BRANCH if isinstance(plan, Branch) else _OF_EDITION
        wishes = {name: getattr(plan, name) for name in names}
        before: dict[str, Any] = {}
    else:
        wishes, before = wished(plan), {name: getattr(plan, name) for name in wished(plan)}
    rows = [
        {
            "label": phrases.EDIT_FIELDS[name],
            "before": _short(name, before[name], funds) if name in before else "",
            "after": _short(name, value, funds),
            "is_long": name == "story",
        }
        for name, value in wishes.items()
        if name in before or value
    ]
    for key, label in ((ADDED, phrases.PICTURES_TO_COME), (REMOVED, phrases.PICTURES_TO_GO)):
        if pictures := (plan.edit or {}).get(key):
            rows.append(
                {"label": label, "before": "", "after": persian_digits(len(pictures)), "is_long": False}
            )
    return rows


def _short(name: str, value: Any, funds: dict[str, str]) -> str:
    if name in ("fund_codes", "fund_id"):
        codes = [value] if name == "fund_id" else value
        return "، ".join(funds.get(code, code) for code in codes) or str(phrases.ALL)
    return _in_words(name, value)


def _in_words(name: str, value: Any) -> str:
    if name == "goal_rial" and value:
        return format_toman(value)
    if name == "fund_codes":
        return fund_names(value)
    if name == "fund_id":
        return fund_names([value])
    if name == "channel_kinds":
        return "، ".join(str(ChannelKind(kind).label) for kind in value) or str(phrases.NOTHING_SAID)
    if isinstance(value, date):
        return format_short(value)
    return str(value or phrases.NOTHING_SAID)


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

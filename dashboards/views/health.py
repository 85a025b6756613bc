"""/hq/health/: whether everything works that must not stop."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.jalali import format_datetime, format_short
from core.money import group_digits
from dashboards import health
from dashboards import health_phrases as phrases
from dashboards.health_levels import Level
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_ICONS = {Level.GOOD: "ok", Level.WATCH: "review", Level.BAD: "fail"}


@never_cache
@needs(Permission.VIEW_HEALTH)
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Read anew at every look; nothing is remembered."""
    parts, reports = health.parts(), health.reports()
    context = desk_context(request) | {
        "phrases": phrases,
        "verdict": _verdict([part.level for part in parts]),
        "checked_at": phrases.CHECKED_AT.format(at=format_datetime(timezone.now())),
        "parts": [{"part": part, "badge": _badge(part.level)} for part in parts],
        "reports": [
            {
                "report": report,
                "badge": _badge(report.level),
                "day": _day(report.last_day),
                "until": _day(report.reconciled_until),
                "open": group_digits(report.open_count),
            }
            for report in reports
        ],
    }
    return render(request, "dashboards/health.html", context)


def _day(day: date | None) -> str:
    return format_short(day) if day else phrases.NEVER


def _badge(level: Level) -> dict[str, str]:
    return {"label": phrases.LEVELS[level], "kind": str(level), "icon": _ICONS[level]}


def _verdict(levels: list[Level]) -> dict[str, str]:
    for level, text in ((Level.BAD, phrases.SOME_BAD), (Level.WATCH, phrases.SOME_WATCH)):
        if count := levels.count(level):
            return {"kind": str(level), "text": text.format(count=group_digits(count))}
    return {"kind": str(Level.GOOD), "text": phrases.ALL_GOOD}

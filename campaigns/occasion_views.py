"""/hq/occasions/: the calendar that headquarters keeps, and what opens and closes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import occasion_phrases as phrases
from campaigns.enums import OccasionActKind
from campaigns.models import Occasion, OccasionAct
from campaigns.occasion_forms import (
    COLUMNS,
    ActForm,
    CalendarFileForm,
    ConfirmForm,
    EstimateForm,
    NewOccasionForm,
    ShownForm,
    YearForm,
)
from campaigns.occasions import SEASON_KINDS, day_of, waiting_for_confirmation
from campaigns.runbook import count_following
from campaigns.services import occasion_acts, occasions
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import (
    format_datetime,
    format_day_month_year,
    format_long,
    format_short,
    iso_jalali,
    tehran_today,
    to_jalali,
)
from core.listing import ListFile, file_links
from core.models import AuditEntry
from core.money import group_digits
from core.once import once
from core.phrases import sentence
from core.sheets import Cell, to_csv
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


def words_of(occasion: Occasion) -> str:
    """«چهارشنبه ۱ فروردین ۱۴۰۵», or the first and the last day."""
    if occasion.starts_on == occasion.ends_on:
        return format_long(occasion.starts_on)
    return phrases.PERIOD.format(
        start=format_day_month_year(occasion.starts_on), end=format_day_month_year(occasion.ends_on)
    )


@needs(Permission.VIEW_HQ)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The occasions of a Jalali year, and above them those that wait for somebody's word."""
    today = tehran_today()
    form = YearForm(request.GET or None)
    year = form.is_valid() and form.cleaned_data["year"]
    year = year or to_jalali(today).year
    if not form.is_bound:
        form = YearForm(initial={"year": year})
    found = Occasion.objects.filter(jalali_year=year).prefetch_related("acts")
    if answer := _AS_FILE.asked(request, found):
        return answer
    context = desk_context(
        request,
        year_form=form,
        waiting=[_waiting(occasion, today) for occasion in waiting_for_confirmation(today)],
        rows=[_row(occasion) for occasion in found],
        files=file_links(request),
        may_manage=request.access.may(Permission.MANAGE_OCCASIONS),
        phrases=phrases,
    )
    return render(request, "desk/occasions.html", context)


def _line(found: Occasion) -> list[Cell]:
    return [
        found.name, format_short(found.starts_on), format_short(found.ends_on), str(_badge(found)["label"]),
        found.hijri_year or "", found.confirmed_by, len(found.acts.all()),
    ]  # fmt: skip


_AS_FILE = ListFile("occasions", phrases.FILE_HEADS, _line)


@needs(Permission.MANAGE_OCCASIONS)
@require_http_methods(_METHODS)
@once
def occasion_new(request: HttpRequest) -> HttpResponse:
    form = NewOccasionForm(request.POST or None)
    made: list[Occasion] = []
    if request.method == "POST" and _try(
        form, lambda: made.append(occasions.add_occasion(form.facts(), actor=request.user))
    ):
        messages.success(request, phrases.ADDED)
        return redirect("hq-occasion", made[0].pk)
    return render(request, "desk/occasion_new.html", desk_context(request, form=form, phrases=phrases))


@needs(Permission.MANAGE_OCCASIONS)
@require_http_methods(_METHODS)
def occasion_import(request: HttpRequest) -> HttpResponse:
    """A whole calendar from a file; all or nothing."""
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = occasions.take_calendar(form.cleaned_data["file"], actor=request.user)
        except DomainError as error:
            line = persian_digits(error.data.get("line", ""))
            form.add_error("file", phrases.LINE.format(line=line, why=sentence(error.code)))
        else:
            counts = {name: persian_digits(count) for name, count in vars(taken).items()}
            messages.success(request, phrases.IMPORTED.format(**counts))
            return redirect("hq-occasions")
    context = desk_context(request, form=form, columns=COLUMNS, phrases=phrases)
    return render(request, "desk/occasion_import.html", context)


@needs(Permission.VIEW_HQ)
@require_safe
def occasions_file(request: HttpRequest) -> HttpResponse:
    """The whole calendar as CSV; what `occasion_import` reads."""
    rows = [
        (
            o.code,
            o.name,
            o.hijri_year,
            iso_jalali(o.starts_on),
            iso_jalali(o.ends_on),
            o.confirmed_by,
            o.fund_id or "",
            "yes" if o.is_public else "no",
            o.shown_days,
        )
        for o in Occasion.objects.all()
    ]
    response = HttpResponse(to_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="occasions.csv"'
    return keep_out_of_caches(response)


@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
def occasion(request: HttpRequest, occasion_id: int) -> HttpResponse:
    """One occasion: confirm it, estimate it anew, what is shown of it, and what happens with it."""
    found = get_object_or_404(Occasion, pk=occasion_id)
    may_manage = request.access.may(Permission.MANAGE_OCCASIONS)
    days = {"starts_on": found.starts_on, "ends_on": found.ends_on}
    shown = {name: getattr(found, name) for name in ("name", "fund", "shown_days", "is_public")}
    forms = {
        "confirm": ConfirmForm(initial=days, auto_id="confirm_%s"),
        "estimate": EstimateForm(initial=days, auto_id="estimate_%s"),
        "describe": ShownForm(initial=shown, auto_id="shown_%s"),
        "order": ActForm(auto_id="order_%s"),
    }
    if request.method == "POST":
        if not may_manage:
            raise PermissionDenied
        if _act(request, found, forms):
            return redirect("hq-occasion", found.pk)
    context = desk_context(
        request,
        occasion=found,
        days=words_of(found),
        following=_following(found),
        acts=[_act_row(act, found) for act in found.acts.select_related("edition", "ordered_by")],
        forms=forms if may_manage else None,
        history=_history(found),
        phrases=phrases,
    )
    return render(request, "desk/occasion.html", context)


def _act(request: HttpRequest, found: Occasion, forms: dict) -> bool:
    """Do what the pressed button says; False: its form says why not."""
    said, who = request.POST, request.user
    for name in ("drop", "settle"):
        if said.get(name, "").isdecimal():
            return _on_act(request, name, int(said[name]), found)
    if "confirm" in said:
        form = forms["confirm"] = ConfirmForm(said, auto_id="confirm_%s")
        done = _try(form, lambda: occasions.confirm_occasion(found.pk, actor=who, **form.cleaned_data))
        return done and _say(request, phrases.CONFIRMED_DONE, found)
    if "estimate" in said:
        form = forms["estimate"] = EstimateForm(said, auto_id="estimate_%s")
        done = _try(form, lambda: occasions.estimate_occasion(found.pk, actor=who, **form.cleaned_data))
        return done and _say(request, phrases.ESTIMATED_DONE, found)
    if "describe" in said:
        form = forms["describe"] = ShownForm(said, auto_id="shown_%s")

        def describe() -> None:
            data = form.cleaned_data | {"fund": form.fund_code()}
            occasions.describe_occasion(found.pk, actor=who, **data)

        return _try(form, describe) and _say(request, phrases.DESCRIBED, found)
    if "order" in said:
        form = forms["order"] = ActForm(said, auto_id="order_%s")
        done = _try(form, lambda: occasion_acts.order_act(found, actor=who, **form.cleaned_data))
        return done and _say(request, phrases.ORDERED, found)
    return True


def _on_act(request: HttpRequest, name: str, act_id: int, found: Occasion) -> bool:
    get_object_or_404(OccasionAct, pk=act_id, occasion=found)
    do = occasion_acts.drop_act if name == "drop" else occasion_acts.settle_reminder
    try:
        do(act_id, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.DROPPED if name == "drop" else phrases.SETTLED)
    return True


def _say(request: HttpRequest, text: str, found: Occasion) -> bool:
    found.refresh_from_db()
    messages.success(request, text.format(days=words_of(found)))
    return True


def _try(form, act: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def _badge(found: Occasion) -> dict[str, object]:
    if found.is_confirmed:
        return {"label": phrases.CONFIRMED, "kind": "ok", "icon": "ok"}
    return {"label": phrases.ESTIMATED, "kind": "warn", "icon": "wait"}


def _row(found: Occasion) -> dict[str, object]:
    return {"occasion": found, "days": words_of(found), "badge": _badge(found), "acts": len(found.acts.all())}


def _waiting(found: Occasion, today: date) -> dict[str, object]:
    left = (found.starts_on - today).days
    note = phrases.TOUCHES.format(days=persian_digits(left)) if left >= 0 else phrases.PASSED
    return {"occasion": found, "days": words_of(found), "note": note, "is_near": left <= 2}


def _act_row(act: OccasionAct, found: Occasion) -> dict[str, object]:
    is_season = act.kind in SEASON_KINDS
    if act.done_at:
        state = phrases.DONE_AT.format(when=format_datetime(act.done_at))
    elif act.trouble:
        state = phrases.TROUBLE.format(why=sentence(act.trouble))
    elif is_season:
        state = phrases.FOLLOWS
    elif act.waits_for_confirmation and not found.is_confirmed:
        state = phrases.AFTER_CONFIRMATION
    else:
        state = phrases.TO_DO
    return {
        "act": act,
        "day": format_day_month_year(day_of(found, act.anchor, act.offset_days)),
        "subject": act.edition.title if act.edition else act.get_role_display(),
        "state": state,
        "may_be_settled": act.kind == OccasionActKind.REMIND and act.done_at is None,
        "may_be_dropped": act.done_at is None,
    }


def _following(found: Occasion) -> str:
    count = count_following(found)
    return phrases.FOLLOWING.format(count=group_digits(count)) if count else ""


def _history(found: Occasion) -> list[dict[str, object]]:
    entries = AuditEntry.objects.filter(subject_type=Occasion._meta.label_lower, subject_id=str(found.pk))
    return [
        {
            "at": entry.at,
            "who": str(entry.actor or ""),
            "step": phrases.STEPS.get(entry.action, entry.action),
            "detail": entry.reason,
            "days": _days_said(entry.data.get("after") or entry.data),
        }
        for entry in entries.select_related("actor").order_by("-pk")
    ]


def _days_said(said: dict) -> str:
    try:
        start, end = (date.fromisoformat(said[name]) for name in ("starts_on", "ends_on"))
    except (KeyError, ValueError):
        return ""
    return words_of(Occasion(starts_on=start, ends_on=end))

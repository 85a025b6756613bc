"""/desk/runbook/: what a province or a county has to do in a season, ticked off and made its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import runbook_phrases as phrases
from campaigns.models import Runbook, RunbookTask, TaskAttachment
from campaigns.runbook import Progress, offers_to, progress_of, tasks_of, with_due
from campaigns.runbook_forms import CountiesForm, DropForm, OwnTaskForm
from campaigns.runbook_show import file_response, file_row, offer_row, place_of, task_row, words_of
from campaigns.services import runbook_tasks, runbooks
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import tehran_today
from core.models import AuditEntry
from core.once import once
from core.phrases import sentence
from core.sheets import to_xlsx
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import current_scope

_METHODS = ["GET", "HEAD", "POST"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.USE_RUNBOOK)
@require_safe
def own_runbooks(request: HttpRequest) -> HttpResponse:
    """Every copy of the open scope by template and year: the province's own first, then its counties, worst first."""
    found = Runbook.objects.select_related("template", "province", "county").order_by(
        "-year", "template__title", "pk"
    )
    progress = progress_of(found.values("pk"))
    groups = []
    for (title, year), same in groupby(found, key=lambda runbook: (runbook.template.title, runbook.year)):
        rows = sorted(same, key=lambda r: (r.county_id is not None, progress.get(r.pk, Progress()).badness))
        groups.append(
            {
                "title": f"{title} {persian_digits(year)}",
                "rows": [_place_row(runbook, progress.get(runbook.pk, Progress())) for runbook in rows],
            }
        )
    context = desk_context(request, groups=groups, intro=phrases.INTRO_DESK, phrases=phrases)
    return render(request, "desk/runbooks.html", context)


@needs(Permission.USE_RUNBOOK)
@require_http_methods(_METHODS)
def runbook(request: HttpRequest, runbook_id: int) -> HttpResponse:
    """One checklist; a POST ticks a task, takes a tick back, or gives the plan to counties."""
    found = _find(runbook_id)
    counties = CountiesForm(request.POST or None, runbook=found)
    if request.method == "POST" and _act(request, found, counties):
        return redirect("runbook", found.pk)
    today, tasks = tehran_today(), tasks_of(found)
    may_clone = found.county_id is None and current_scope().holds(found.province_id)
    context = desk_context(
        request,
        runbook=found,
        place=place_of(found),
        year=persian_digits(found.year),
        progress=words_of(progress_of([found.pk], today).get(found.pk, Progress())),
        rows=[task_row(task, today) for task in tasks],
        offer_count=len(offers_to(found)),
        counties_form=counties if may_clone else None,
        copies=_copies(found) if may_clone else [],
        phrases=phrases,
    )
    return render(request, "desk/runbook.html", context)


@needs(Permission.USE_RUNBOOK)
@require_safe
def runbook_file(request: HttpRequest, runbook_id: int) -> HttpResponse:
    """The checklist as a spreadsheet."""
    found, today = _find(runbook_id), tehran_today()
    title = f"{found.template.title} {found.year} {place_of(found)}"
    rows = [file_row(task, today) for task in tasks_of(found)]
    return spreadsheet(title, phrases.FILE_HEADS, rows, f"runbook-{found.pk}")


@needs(Permission.USE_RUNBOOK)
@require_http_methods(_METHODS)
@once
def task_new(request: HttpRequest, runbook_id: int) -> HttpResponse:
    """A task of the place's own."""
    found = _find(runbook_id)
    form = OwnTaskForm(request.POST or None, runbook=found)
    if request.method == "POST" and tried(
        form, lambda: runbook_tasks.add_task(found.pk, form.facts(), **form.chosen(), actor=request.user)
    ):
        messages.success(request, phrases.ADDED)
        return redirect("runbook", found.pk)
    context = desk_context(request, form=form, runbook=found, place=place_of(found), phrases=phrases)
    return render(request, "desk/runbook_task.html", context)


@needs(Permission.USE_RUNBOOK)
@require_http_methods(_METHODS)
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Make a task one's own, hand it to somebody, put it aside; and what became of it so far."""
    places = ("runbook__template", "runbook__province", "runbook__county", "occasion", "origin")
    found = get_object_or_404(with_due(RunbookTask.objects.select_related(*places)), pk=task_id)
    form, drop = OwnTaskForm(runbook=found.runbook, task=found), DropForm()
    if request.method == "POST":
        if "drop" in request.POST:
            drop = DropForm(request.POST)
        elif "restore" not in request.POST:
            form = OwnTaskForm(request.POST, runbook=found.runbook, task=found)
        if _act_on_task(request, found, form, drop):
            return redirect("runbook", found.runbook_id)
    context = desk_context(
        request,
        task=found,
        row=task_row(found, tehran_today()),
        runbook=found.runbook,
        place=place_of(found.runbook),
        form=None if found.dropped_at else form,
        drop_form=None if found.dropped_at else drop,
        history=_history(found),
        phrases=phrases,
    )
    return render(request, "desk/runbook_task.html", context)


@needs(Permission.USE_RUNBOOK)
@require_http_methods(_METHODS)
def changes(request: HttpRequest, runbook_id: int) -> HttpResponse:
    """What the source of the plan has changed since; each is taken or left."""
    found = _find(runbook_id)
    if request.method == "POST":
        _answer(request, found)
        return redirect("runbook-changes", found.pk)
    context = desk_context(
        request,
        runbook=found,
        place=place_of(found),
        offers=[offer_row(offer) for offer in offers_to(found)],
        phrases=phrases,
    )
    return render(request, "desk/runbook_changes.html", context)


@needs(Permission.USE_RUNBOOK)
@require_safe
def task_file(request: HttpRequest, task_id: int, attachment_id: int) -> HttpResponse:
    """A file that goes with a task."""
    found = get_object_or_404(RunbookTask, pk=task_id)
    return file_response(get_object_or_404(TaskAttachment, pk=attachment_id, task=found.origin_id))


# --- shared with headquarters' pages -----------------------------------------------------------------------
def tried(form, act: Callable[[], object]) -> bool:
    """Run a service with a valid form; a refusal becomes a message in the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def spreadsheet(title: str, heads, rows, name: str) -> HttpResponse:
    response = HttpResponse(
        to_xlsx(title, [str(head) for head in heads], rows, made_at=timezone.now()), content_type=XLSX
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return keep_out_of_caches(response)


def cloned_words(cloned: runbooks.Cloned) -> str:
    return phrases.CLONED.format(made=persian_digits(cloned.made), there=persian_digits(cloned.there))


# ---------------------------------------------------------------------------------------------------------
def _find(runbook_id: int) -> Runbook:
    return get_object_or_404(Runbook.objects.select_related("template", "province", "county"), pk=runbook_id)


def _place_row(found: Runbook, progress: Progress) -> dict:
    return {
        "name": place_of(found),
        "url": reverse("runbook", args=[found.pk]),
        "is_province": found.county_id is None,
        **words_of(progress),
    }


def _copies(found: Runbook) -> list[dict]:
    copies = list(Runbook.objects.filter(parent=found).select_related("province", "county"))
    progress = progress_of([copy.pk for copy in copies])
    copies.sort(key=lambda copy: progress.get(copy.pk, Progress()).badness)
    return [_place_row(copy, progress.get(copy.pk, Progress())) for copy in copies]


def _act(request: HttpRequest, found: Runbook, counties: CountiesForm) -> bool:
    said = request.POST
    if "clone" in said:
        return tried(counties, lambda: _clone(request, found, counties))
    for name, do, text in (
        ("done", runbook_tasks.finish_task, phrases.DONE),
        ("undo", runbook_tasks.reopen_task, phrases.UNDONE),
    ):
        if said.get(name, "").isdecimal():
            one = get_object_or_404(RunbookTask, pk=int(said[name][:18]), runbook=found)
            try:
                do(one.pk, actor=request.user, note=said.get("note", ""))
            except DomainError as error:
                messages.error(request, sentence(error.code))
            else:
                messages.success(request, text)
            return True
    return False


def _clone(request: HttpRequest, found: Runbook, form: CountiesForm) -> None:
    cloned = runbooks.clone_to_counties(found.pk, counties=form.chosen(), actor=request.user)
    messages.success(request, cloned_words(cloned))


def _act_on_task(request: HttpRequest, found: RunbookTask, form: OwnTaskForm, drop: DropForm) -> bool:
    who, said = request.user, request.POST
    if "restore" in said:
        runbook_tasks.restore_task(found.pk, actor=who)
        messages.success(request, phrases.RESTORED)
        return True
    if "drop" in said:
        done = tried(drop, lambda: runbook_tasks.drop_task(found.pk, actor=who, **drop.cleaned_data))
        text = phrases.DROPPED_DONE
    else:
        done = tried(
            form, lambda: runbook_tasks.adapt_task(found.pk, form.facts(), **form.chosen(), actor=who)
        )
        text = phrases.SAVED
    if done:
        messages.success(request, text)
    return done


def _answer(request: HttpRequest, found: Runbook) -> None:
    said = request.POST
    take = "take" in said or "take_all" in said
    keys = {offer.key for offer in offers_to(found)} if "take_all" in said else set()
    keys |= {said[name] for name in ("take", "leave") if name in said}
    reason = str(phrases.GONE_REASON if take else phrases.LEFT_REASON)
    try:
        count = runbook_tasks.answer_offers(found.pk, keys, take=take, actor=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.ANSWERED.format(count=persian_digits(count)))


def _history(found: RunbookTask) -> list[dict]:
    entries = AuditEntry.objects.filter(subject_type=found._meta.label_lower, subject_id=str(found.pk))
    return [
        {
            "at": entry.at,
            "who": str(entry.actor or ""),
            "step": phrases.STEPS.get(entry.action, entry.action),
            "note": entry.reason
            or "، ".join(
                str(phrases.FIELDS[name]) for name in entry.data.get("fields", ()) if name in phrases.FIELDS
            ),
        }
        for entry in entries.select_related("actor").order_by("-pk")
    ]

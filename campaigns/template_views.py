"""/hq/runbook/: how far the country is, and the templates that headquarters writes and gives to the provinces."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import runbook_phrases as phrases
from campaigns.models import Occasion, RunbookTemplate, TaskAttachment, TemplateTask
from campaigns.runbook import Standing, country_of, years_cloned
from campaigns.runbook_forms import AttachForm, ChooseForm, CloneForm, TaskForm, TemplateForm
from campaigns.runbook_show import count_from, file_response, words_of
from campaigns.runbook_views import cloned_words, spreadsheet, tried
from campaigns.services import runbook_templates, runbooks
from core.errors import DomainError
from core.once import once
from core.phrases import sentence
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.VIEW_HQ)
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """Every province's standing in one season, the worst first."""
    template, year, form = _choice(request)
    rows = country_of(template, year) if template and year else []
    may_open = request.access.may(Permission.USE_RUNBOOK)
    context = desk_context(
        request,
        templates=RunbookTemplate.objects.all(),
        template=template,
        year=persian_digits(year or ""),
        choose_form=form,
        rows=[_row(row, may_open) for row in rows],
        query=f"template={template.pk}&year={year}" if template and year else "",
        may_manage=request.access.may(Permission.MANAGE_RUNBOOK),
        phrases=phrases,
    )
    return render(request, "desk/runbook_country.html", context)


@needs(Permission.VIEW_HQ)
@require_safe
def country_file(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet."""
    template, year, _form = _choice(request)
    found = country_of(template, year) if template and year else []
    rows = [
        [
            row.runbook.province.name,
            row.own.total,
            row.own.done,
            row.own.late,
            row.county_count,
            row.counties.total,
            row.counties.done,
            row.counties.late,
        ]
        for row in found
    ]
    return spreadsheet(str(phrases.TITLE), phrases.COUNTRY_HEADS, rows, "runbook")


@needs(Permission.MANAGE_RUNBOOK)
@require_http_methods(_METHODS)
@once
def template_new(request: HttpRequest) -> HttpResponse:
    form = TemplateForm(request.POST or None)
    made: list[RunbookTemplate] = []

    def write() -> None:
        made.append(runbook_templates.write_template(**form.cleaned_data, actor=request.user))

    if request.method == "POST" and tried(form, write):
        return redirect("hq-runbook-template", made[0].pk)
    return render(
        request, "desk/runbook_template_new.html", desk_context(request, form=form, phrases=phrases)
    )


@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One template: its tasks, its head, and the one action that gives it to the provinces."""
    found = get_object_or_404(RunbookTemplate, pk=template_id)
    may_manage = request.access.may(Permission.MANAGE_RUNBOOK)
    form, clone = TemplateForm(template=found), CloneForm(template=found, auto_id="clone_%s")
    if request.method == "POST":
        if not may_manage:
            raise PermissionDenied
        if "clone" in request.POST:
            clone = CloneForm(request.POST, template=found, auto_id="clone_%s")
            done = tried(clone, lambda: _clone(request, found, clone))
        else:
            form = TemplateForm(request.POST, template=found)
            done = tried(form, lambda: _write(request, found, form))
        if done:
            return redirect("hq-runbook-template", found.pk)
    names = dict(Occasion.objects.order_by("starts_on").values_list("code", "name"))
    tasks = found.tasks.filter(retired_at=None).prefetch_related("attachments")
    context = desk_context(
        request,
        template=found,
        tasks=[
            {"task": task, "counted": count_from(task, names.get(task.occasion_code, task.occasion_code))}
            for task in tasks
        ],
        form=form if may_manage else None,
        clone_form=clone if may_manage else None,
        years=[persian_digits(year) for year in years_cloned(found)],
        phrases=phrases,
    )
    return render(request, "desk/runbook_template.html", context)


@needs(Permission.MANAGE_RUNBOOK)
@require_http_methods(_METHODS)
@once
def template_task_new(request: HttpRequest, template_id: int) -> HttpResponse:
    found = get_object_or_404(RunbookTemplate, pk=template_id)
    form = TaskForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda: runbook_templates.add_template_task(found, form.facts(), actor=request.user)
    ):
        messages.success(request, phrases.ADDED)
        return redirect("hq-runbook-template", found.pk)
    context = desk_context(request, form=form, template=found, phrases=phrases)
    return render(request, "desk/runbook_template_task.html", context)


@needs(Permission.MANAGE_RUNBOOK)
@require_http_methods(_METHODS)
def template_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Change a task, put a file beside it, take it out of the plan."""
    found = get_object_or_404(TemplateTask.objects.select_related("template"), pk=task_id, retired_at=None)
    form, attach = TaskForm(task=found), AttachForm()
    if request.method == "POST":
        if "attach" in request.POST:
            attach = AttachForm(request.POST, request.FILES)
            if tried(attach, lambda: _attach(request, found, attach)):
                return redirect("hq-runbook-task", found.pk)
        elif "retire" in request.POST:
            return _retire(request, found)
        else:
            form = TaskForm(request.POST)
            if tried(
                form,
                lambda: runbook_templates.change_template_task(found.pk, form.facts(), actor=request.user),
            ):
                messages.success(request, phrases.SAVED)
                return redirect("hq-runbook-template", found.template_id)
    context = desk_context(
        request,
        form=form,
        attach_form=attach,
        task=found,
        template=found.template,
        attachments=found.attachments.all(),
        phrases=phrases,
    )
    return render(request, "desk/runbook_template_task.html", context)


@needs(Permission.VIEW_HQ)
@require_safe
def template_file(request: HttpRequest, attachment_id: int) -> HttpResponse:
    return file_response(get_object_or_404(TaskAttachment, pk=attachment_id))


def _choice(request: HttpRequest) -> tuple[RunbookTemplate | None, int | None, ChooseForm]:
    """The template and year asked for, else the first template and its newest year."""
    number = request.GET.get("template", "")
    asked = (
        RunbookTemplate.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None
    )
    found = asked or RunbookTemplate.objects.first()
    years = years_cloned(found) if found else []
    said = request.GET.get("year", "")
    year = next((one for one in years if str(one) == said), years[0] if years else None)
    return found, year, ChooseForm(initial={"template": found, "year": year}, years=years)


def _row(row: Standing, may_open: bool) -> dict[str, object]:
    return {
        "name": row.runbook.province.name,
        "url": reverse("runbook", args=[row.runbook.pk]) if may_open else "",
        "own": words_of(row.own),
        "counties": words_of(row.counties) if row.county_count else None,
        "county_count": phrases.COUNTY_COUNT.format(count=persian_digits(row.county_count)),
    }


def _clone(request: HttpRequest, found: RunbookTemplate, form: CloneForm) -> None:
    cloned = runbooks.clone_to_provinces(
        found.pk, year=form.cleaned_data["year"], provinces=form.chosen(), actor=request.user
    )
    messages.success(request, cloned_words(cloned))


def _write(request: HttpRequest, found: RunbookTemplate, form: TemplateForm) -> None:
    runbook_templates.write_template(
        **form.cleaned_data, year_kind=found.year_kind, template=found, actor=request.user
    )
    messages.success(request, phrases.SAVED)


def _attach(request: HttpRequest, found: TemplateTask, form: AttachForm) -> None:
    file = form.cleaned_data["file"]
    if file.size > runbook_templates.MOST_FILE_BYTES:
        raise DomainError("runbook_file_large", field="file")
    runbook_templates.attach_file(
        found.pk, title=form.cleaned_data["attachment_title"], content=file.read(), actor=request.user
    )
    messages.success(request, phrases.ATTACHED)


def _retire(request: HttpRequest, found: TemplateTask) -> HttpResponse:
    try:
        runbook_templates.retire_template_task(found.pk, actor=request.user)
    except DomainError as error:
        messages.error(request, sentence(error.code))
    else:
        messages.success(request, phrases.RETIRED)
    return redirect("hq-runbook-template", found.template_id)

"""Memoranda at the desk: the list with how far each is, one of them with items, shares, files and steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.http import SeeOther
from core.jalali import format_datetime, format_day_month_year, format_short, tehran_today
from core.listing import MOST_ROWS, file_links, list_file, wanted_file
from core.models import User
from core.money import format_toman
from core.once import once
from core.sheets import Cell
from partnerships import agreement_phrases as phrases
from partnerships.agreement_forms import (
    AgreementFilterForm,
    AgreementForm,
    EndingForm,
    FileForm,
    FinishForm,
    ItemForm,
    ReasonForm,
    SignForm,
    SplitForm,
)
from partnerships.agreement_selectors import (
    ItemStanding,
    agreements_in_sight,
    files_of,
    find_agreements,
    find_file,
    promises_under,
    standings,
)
from partnerships.enums import AgreementState as S
from partnerships.models import Agreement
from partnerships.services import agreements as services
from partnerships.services import files
from partnerships.states import IN_FORCE
from partnerships.views.desk import METHODS, Act, acted, amount, filtered, query_of, sealed_file, tried
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import check_write

AGREEMENTS_A_PAGE, MOST_PROMISES = 20, 50


@needs(Permission.VIEW_AGREEMENTS)
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Memoranda in sight, each with its items and how far they are."""
    form = AgreementFilterForm(request.GET or None)
    found = find_agreements(**filtered(form))
    if kind := wanted_file(request):
        return list_file(kind, "agreements", phrases.LIST_HEADS, _lines(list(found[:MOST_ROWS])))
    page = Paginator(found, AGREEMENTS_A_PAGE).get_page(request.GET.get("page"))
    standing = standings(list(page))
    context = desk_context(
        request,
        filter_form=form,
        page_obj=page,
        query=query_of(request),
        rows=[
            {
                "agreement": row,
                "badge": _badge(row),
                "lines": [
                    f"{line.item.title}: {_amount(line, line.item.target)}" for line in standing[row.pk]
                ],
                "percent": _percent(standing[row.pk]),
            }
            for row in page
        ],
        may_manage=request.access.may(Permission.MANAGE_AGREEMENTS),
        files=file_links(request),
        phrases=phrases,
    )
    return render(request, "desk/agreements/list.html", context)


def _lines(found: list[Agreement]) -> Iterator[list[Cell]]:
    standing = standings(found)
    for row in found:
        yield [
            row.title, row.number, row.partner.name, row.province.name if row.province else str(phrases.NATIONAL),
            row.get_state_display(), format_short(row.signed_on) if row.signed_on else "",
            format_short(row.ends_on) if row.ends_on else "", row.value_rial, _percent(standing[row.pk]),
        ]  # fmt: skip


@needs(Permission.MANAGE_AGREEMENTS)
@require_http_methods(METHODS)
@once
def agreement_new(request: HttpRequest) -> HttpResponse:
    """A draft is begun."""
    form = AgreementForm(request.POST or None, initial={"partner": request.GET.get("partner", "")})
    made: list[Agreement] = []
    if request.method == "POST" and tried(
        form, lambda form: made.append(services.draft_agreement(form.facts, actor=request.user))
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("agreement", args=[made[0].pk]))
    return _form_page(request, form, None, reverse("agreements"))


@needs(Permission.MANAGE_AGREEMENTS)
@require_http_methods(METHODS)
def agreement_edit(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A draft of one's own is corrected; one that was signed, or waits for it, is only looked at."""
    row = get_object_or_404(Agreement, pk=agreement_id)
    back_url = reverse("agreement", args=[row.pk])
    if not _is_free(row):
        return SeeOther(back_url)
    form = AgreementForm(request.POST or None, initial=AgreementForm.initial_of(row))
    if request.method == "POST" and tried(
        form, lambda form: services.change_agreement(row.pk, form.facts, actor=request.user)
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(back_url)
    return _form_page(request, form, row, back_url)


def _form_page(request: HttpRequest, form: forms.Form, row: Agreement | None, back_url: str) -> HttpResponse:
    context = desk_context(request, form=form, agreement=row, back_url=back_url, phrases=phrases)
    return render(request, "desk/agreements/form.html", context)


@needs(Permission.VIEW_AGREEMENTS)
@require_http_methods(METHODS)
@once
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One memorandum: its items with shares and what came, its promises, its files, the steps open to the person."""
    row = get_object_or_404(
        agreements_in_sight().select_related("partner", "province", "signing_by", "signed_by"),
        pk=agreement_id,
    )
    standing = standings([row])[row.pk]
    may = request.access.may(Permission.MANAGE_AGREEMENTS) and _is_ours(row)
    acts = _acts(request, row, standing) if may else {}
    if request.method == "POST":
        done = acted(request, acts)
        if done:
            messages.success(request, phrases.SAVED)
        if done is not False:
            return SeeOther(reverse("agreement", args=[row.pk]))
    today = tehran_today()
    context = desk_context(
        request,
        agreement=row,
        badge=_badge(row),
        facts=_facts(row),
        lines=[
            {
                "item": line.item,
                "target": _amount(line, line.item.target),
                "detailed": _amount(line, line.detailed),
                "came": _amount(line, line.delivered),
                "left": _amount(line, line.left),
                "percent": line.percent,
                "is_late": line.is_late(today),
                "shares": [(share.province.name, _amount(line, share.quantity)) for share in line.shares],
                "split_form": acts.get(f"split-{line.item.pk}", (None,))[0],
                "may_remove": f"remove-{line.item.pk}" in acts,
            }
            for line in standing
        ],
        forms={name: form for name, (form, _service) in acts.items() if "-" not in name},
        may=may,
        may_edit=may and _is_free(row),
        is_own_signing=row.state == S.DRAFT and row.signing_by_id == request.user.pk,
        may_promise=row.state in IN_FORCE and request.access.may(Permission.RECORD_PROMISES),
        promises=[
            {"promise": p, "quantity": amount(p.quantity, p.measure, p.unit)}
            for p in promises_under(row)[:MOST_PROMISES]
        ],
        shown_files=files_of(row),
        phrases=phrases,
    )
    return render(request, "desk/agreements/agreement.html", context)


def _acts(request: HttpRequest, row: Agreement, standing: list[ItemStanding]) -> dict[str, Act]:
    """What may be done with a memorandum in its present state: name → (form, service)."""
    who, found = request.user, {}

    def offer(name: str, form: forms.Form, service, *states: S) -> None:
        if row.state in states:
            found[name] = (form, lambda form: service(row.pk, actor=who, **form.cleaned_data))

    waits = row.signing_by_id is not None
    if row.state == S.DRAFT and waits:
        offer("send_back", ReasonForm(prefix="send_back"), services.send_signing_back, S.DRAFT)
        if row.signing_by_id != who.pk:
            offer("confirm", forms.Form(prefix="confirm"), services.confirm_signing, S.DRAFT)
    elif row.state == S.DRAFT:
        offer("sign", SignForm(prefix="sign"), services.record_signing, S.DRAFT)
    offer("start", forms.Form(prefix="start"), services.start_agreement, S.SIGNED)
    offer("finish", FinishForm(prefix="finish"), services.finish_agreement, S.RUNNING)
    offer("end", EndingForm(prefix="end"), services.end_agreement, *IN_FORCE)
    offer("file", FileForm(prefix="file"), services.add_file, *S)
    if row.state == S.DRAFT and not waits:
        found["item"] = (
            ItemForm(prefix="item"),
            lambda form: services.add_item(row.pk, form.facts, actor=who),
        )
    for line in standing:
        pk = line.item.pk
        if row.state == S.DRAFT and not waits:
            found[f"remove-{pk}"] = (forms.Form(), lambda form, pk=pk: services.remove_item(pk, actor=who))
        if row.state in (S.DRAFT, *IN_FORCE):
            found[f"split-{pk}"] = (
                SplitForm(prefix=f"split-{pk}", item=line.item, shares=line.shares),
                lambda form, pk=pk: services.split_item(pk, form.cleaned_data["shares"], actor=who),
            )
    return found


@needs(Permission.VIEW_AGREEMENTS)
@require_safe
def agreement_file(request: HttpRequest, agreement_id: int, file_id: int) -> HttpResponse:
    """A signed copy, for whoever may see the memorandum."""
    found = find_file(get_object_or_404(agreements_in_sight(), pk=agreement_id), file_id)
    if found is None:
        raise Http404
    content, kind, ending = files.read(found.path)
    return sealed_file(content, kind, f"agreement-{agreement_id}-{file_id}.{ending}")


def _is_free(row: Agreement) -> bool:
    """A draft that nobody has said was signed."""
    return row.state == S.DRAFT and row.signing_by_id is None


def _is_ours(row: Agreement) -> bool:
    try:
        check_write(row.province_id)
    except DomainError:
        return False
    return True


def _amount(line: ItemStanding, quantity: int) -> str:
    return amount(quantity, line.item.measure, line.item.unit)


def _percent(lines: list[ItemStanding]) -> int:
    """How far a memorandum is: the mean of its items, each in its own unit."""
    return sum(line.percent for line in lines) // len(lines) if lines else 0


def _badge(row: Agreement) -> dict[str, str]:
    if row.state == S.DRAFT and row.signing_by_id is not None:
        return {"label": str(phrases.SIGNING_WAITS), "kind": "warn", "icon": "wait"}
    kind, icon = phrases.BADGES[row.state]
    return {"label": row.get_state_display(), "kind": kind, "icon": icon}


def _word_of(by: User | None, at: datetime | None) -> str:
    return f"{by}، {format_datetime(at)}" if by and at else ""


def _facts(row: Agreement) -> list[dict[str, object]]:
    return [
        {
            "label": phrases.PARTNER,
            "value": row.partner.name,
            "url": reverse("partner", args=[row.partner_id]),
        },
        {"label": phrases.NUMBER, "value": row.number, "code": True},
        {"label": phrases.PLACE, "value": row.province.name if row.province else phrases.NATIONAL},
        {"label": phrases.SIGNED_ON, "value": row.signed_on and format_day_month_year(row.signed_on)},
        {"label": phrases.SIGNING_BY, "value": _word_of(row.signing_by, row.signing_at)},
        {"label": phrases.SIGNED_BY, "value": _word_of(row.signed_by, row.signed_at)},
        {"label": phrases.ENDS_ON, "value": row.ends_on and format_day_month_year(row.ends_on)},
        {"label": phrases.VALUE, "value": row.value_rial and format_toman(row.value_rial)},
        {"label": phrases.SOURCE, "value": row.source},
        {"label": phrases.NOTE, "value": row.note},
        {"label": phrases.ENDING, "value": row.ending},
    ]

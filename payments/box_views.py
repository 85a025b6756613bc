"""A box in the street and at the office: its card with the one next action, its two counts, the slip of the bank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from campaigns import box_phrases as words
from campaigns.box_forms import CollectForm, PlaceForm, ResealForm, SealForm, TroubleForm
from campaigns.boxes import find_box
from campaigns.enums import BoxState
from campaigns.models import Box, BoxEvent
from campaigns.phrases import BOXES
from campaigns.services import box_life
from core.codes import show_code
from core.http import SeeOther, keep_out_of_caches
from core.identifiers.lines import dial_link, mask_mobile, show_mobile
from core.jalali import format_long, tehran_today
from core.money import format_toman
from core.text import persian_digits
from payments import box_phrases as phrases
from payments.box_forms import BoxDepositForm, FirstCountForm, RefuseCountForm, SecondCountForm
from payments.box_selectors import count_of_round, counts_to_bank, office_for_box
from payments.counter_selectors import own_offices
from payments.counter_views import tried
from payments.enums import CountState
from payments.models import BoxCount
from payments.services import box_counts
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]
MAY_ASK_WHERE = {**settings.PERMISSIONS_POLICY, "geolocation": ["self"]}


@dataclass(frozen=True)
class Step:
    """Something one may do with a box: its words, its form, and the service behind it."""

    label: Promise | str
    text: Promise | str
    form: forms.Form
    act: Callable[[forms.Form], object]


@permissions_policy_override(MAY_ASK_WHERE)
@needs(Permission.VIEW_BOXES)
@require_http_methods(_METHODS)
def card(request: HttpRequest, key: str) -> HttpResponse:
    """What somebody needs who stands before a box: what it is, and the one thing to do next."""
    box = _box_or_404(key)
    count = count_of_round(box)
    steps = _steps(request, box)
    if request.method == "POST":
        name = request.POST.get("act", "")
        if not request.access.may(Permission.MANAGE_PLACEMENTS):
            raise PermissionDenied
        if name not in steps:  # somebody else was quicker, or the page is old
            return SeeOther(reverse("box", args=[box.placement.code]))
        step = steps[name]
        bound = step.form.__class__(request.POST, prefix=name)
        steps[name] = Step(step.label, step.text, bound, step.act)
        if tried(bound, step.act):
            box.refresh_from_db(fields=["state"])
            said = words.RESEALED if name == "reseal" else words.STEP_DONE
            messages.success(request, said.format(state=box.get_state_display()))
            return SeeOther(reverse("box", args=[box.placement.code]))
    next_name = next((name for name in ("place", "seal", "collect") if name in steps), "")
    context = desk_context(
        request,
        box=box,
        facts=_facts(request, box, count),
        next_name=next_name,
        next_step=steps.get(next_name),
        link=_next_link(request, box),
        troubles=[(name, step) for name, step in steps.items() if name in ("reseal", "lost", "damaged")],
        open_trouble=request.POST.get("act", ""),
        has_permit=_has_permit(box),
        needs_permit=box.state in (BoxState.PLANNED, BoxState.PRINTED, BoxState.RECONCILED),
        may_manage=request.access.may(Permission.MANAGE_PLACEMENTS),
        bank_waits=box.state == BoxState.DEPOSITED,
        history=_history(box),
        words=words,
        phrases=phrases,
        boxes_label=BOXES,
    )
    return keep_out_of_caches(render(request, "desk/boxes/card.html", context))


@needs(Permission.COUNT_BOXES)
@require_http_methods(_METHODS)
def count(request: HttpRequest, key: str) -> HttpResponse:
    """Counting a collected box: the first person's page, then the second's. Neither sees what the other found."""
    box = _box_or_404(key)
    row = count_of_round(box)
    if box.state != BoxState.COLLECTED:
        messages.info(request, phrases.NOT_COLLECTED)
        return SeeOther(reverse("box", args=[box.placement.code]))
    if row is not None and row.counted_by_id == request.user.pk:
        return _count_page(request, box, row, None, None)
    if row is None:
        return _first_count(request, box)
    return _second_count(request, box, row)


def _first_count(request: HttpRequest, box: Box) -> HttpResponse:
    office = office_for_box(request.user, box)
    if office is None:
        raise PermissionDenied
    form = FirstCountForm(request.POST or None)
    if request.method == "POST" and tried(
        form, lambda form: box_counts.count_box(box, office, form.pieces, actor=request.user)
    ):
        messages.success(request, phrases.FIRST_SAVED)
        return SeeOther(reverse("box-count", args=[box.placement.code]))
    return _count_page(request, box, None, form, None)


def _second_count(request: HttpRequest, box: Box, row: BoxCount) -> HttpResponse:
    is_refusal = "refuse" in request.POST
    form = SecondCountForm(request.POST if request.method == "POST" and not is_refusal else None)
    refusal = RefuseCountForm(request.POST if is_refusal else None, prefix="refuse")
    if is_refusal and tried(
        refusal, lambda form: box_counts.refuse_count(row.pk, actor=request.user, **form.cleaned_data)
    ):
        messages.success(request, phrases.REFUSED)
        return SeeOther(reverse("box-count", args=[box.placement.code]))
    done: list[BoxCount] = []

    def act(form: SecondCountForm) -> None:
        reason = form.cleaned_data["reason"]
        done.append(box_counts.confirm_count(row.pk, form.pieces, actor=request.user, reason=reason))

    if form.is_bound and tried(form, act):
        messages.success(request, _said(done[0]))
        return SeeOther(reverse("box", args=[box.placement.code]))
    return _count_page(request, box, row, form, refusal)


def _said(row: BoxCount) -> Promise:
    if row.variance_rial:
        return phrases.CONFIRMED_DIFFERENT
    return phrases.CONFIRMED if row.second_rial else phrases.CONFIRMED_EMPTY


def _count_page(request: HttpRequest, box: Box, row: BoxCount | None, form, refusal) -> HttpResponse:
    context = desk_context(
        request, box=box, count=row, form=form, refusal=refusal, phrases=phrases, boxes_label=BOXES,
        title=persian_digits(phrases.COUNT.format(number=box.number)),
    )  # fmt: skip
    return keep_out_of_caches(render(request, "desk/boxes/count.html", context))


@needs(Permission.TAKE_CASH)
@require_http_methods(_METHODS)
def deposits(request: HttpRequest) -> HttpResponse:
    """One slip for the counted money of several boxes of the person's own office."""
    offices = own_offices(request.user)
    if not offices:
        raise PermissionDenied
    wanted = request.GET.get("office", "")
    office = next((o for o in offices if str(o.pk) == wanted), offices[0])
    form = BoxDepositForm(request.POST or None, request.FILES or None, office=office)

    def act(form: BoxDepositForm) -> None:
        data = dict(form.cleaned_data)
        chosen = [row.pk for row in data.pop("counts")]
        box_counts.deposit_boxes(office, chosen, actor=request.user, **data)

    if request.method == "POST" and tried(form, act):
        messages.success(request, phrases.DEPOSITED)
        return SeeOther(reverse("boxes"))
    context = desk_context(
        request,
        offices=offices,
        office=office,
        form=form,
        ready=list(counts_to_bank(office)),
        ticked={int(pk) for pk in request.POST.getlist("counts") if pk.isdecimal()},
        phrases=phrases,
        boxes_label=BOXES,
    )
    return render(request, "desk/boxes/deposits.html", context)


# --- parts of the card -----------------------------------------------------------------------------------
def _box_or_404(key: str) -> Box:
    box = find_box(key)
    if box is None:
        raise Http404
    return box


def _steps(request: HttpRequest, box: Box) -> dict[str, Step]:
    """What this person may do with the box in its present state."""
    if not request.access.may(Permission.MANAGE_PLACEMENTS):
        return {}
    who, found = request.user, {}
    if box.state in (BoxState.PLANNED, BoxState.PRINTED, BoxState.RECONCILED) and _has_permit(box):
        is_again = box.state == BoxState.RECONCILED
        spot = {"latitude": box.latitude, "longitude": box.longitude}
        found["place"] = Step(
            words.PLACE_AGAIN if is_again else words.PLACE,
            words.PLACE_TEXT,
            PlaceForm(prefix="place", initial=spot),
            lambda f: box_life.place_box(box, actor=who, spot=f.spot, address=f.cleaned_data["address"]),
        )
    if box.state == BoxState.PLACED:
        found["seal"] = Step(
            words.SEAL,
            words.SEAL_TEXT,
            SealForm(prefix="seal"),
            lambda f: box_life.seal_box(box, actor=who, **f.cleaned_data),
        )
    if box.state in (BoxState.SEALED, BoxState.DAMAGED, BoxState.LOST):
        found["collect"] = Step(
            words.COLLECT,
            words.COLLECT_TEXT,
            CollectForm(prefix="collect"),
            lambda f: box_life.collect_box(box, actor=who, **f.cleaned_data),
        )
    if box.state == BoxState.SEALED:
        found["reseal"] = Step(
            words.RESEAL,
            "",
            ResealForm(prefix="reseal"),
            lambda f: box_life.replace_seal(box, actor=who, **f.cleaned_data),
        )
    for what, label, states in (
        (BoxState.DAMAGED, words.DAMAGED, (BoxState.PLACED, BoxState.SEALED)),
        (
            BoxState.LOST,
            words.LOST,
            (BoxState.PLACED, BoxState.SEALED, BoxState.DAMAGED, BoxState.COLLECTED),
        ),
    ):
        if box.state in states:
            found[str(what)] = Step(
                label,
                "",
                TroubleForm(prefix=str(what)),
                lambda f, what=what: box_life.report_trouble(box, what=what, actor=who, **f.cleaned_data),
            )
    return found


def _next_link(request: HttpRequest, box: Box) -> dict[str, object] | None:
    """The next action that has a page of its own."""
    may = request.access.may
    if box.state == BoxState.COLLECTED and may(Permission.COUNT_BOXES):
        url = reverse("box-count", args=[box.placement.code])
        return {"url": url, "label": phrases.COUNT_NEXT, "text": phrases.COUNT_TEXT}
    if box.state == BoxState.COUNTED and may(Permission.TAKE_CASH):
        return {"url": reverse("box-deposits"), "label": phrases.DEPOSIT_NEXT, "text": phrases.DEPOSIT_TEXT}
    return None


def _has_permit(box: Box) -> bool:
    return bool(box.permit_no and box.permit_valid_until and box.permit_valid_until >= tehran_today())


def _facts(request: HttpRequest, box: Box, row: BoxCount | None) -> list[dict[str, object]]:
    permit = box.permit_no and box.permit_valid_until
    fund = box.placement.fund
    facts: list[dict[str, object]] = [
        {"label": words.CODE, "value": show_code(box.placement.code), "code": True},
        {"label": words.FUND, "value": fund.name if fund else words.FUND_OPEN},
        {"label": words.PLACE_FACT, "value": _place(box)},
        {"label": words.SPOT, "value": box.latitude is not None and words.ON_MAP, "url": geo_link(box)},
        {"label": words.CUSTODIAN, "value": box.custodian_name},
        _mobile(request, box),
        {
            "label": words.PERMIT,
            "value": permit
            and words.PERMIT_UNTIL.format(number=box.permit_no, day=format_long(box.permit_valid_until)),
        },
        {"label": words.SEAL_NO, "value": box.seal_no, "code": True},
        {"label": words.ROUND, "value": persian_digits(box.round)},
    ]
    if row is not None and row.state == CountState.CONFIRMED:
        facts += [
            {"label": phrases.CASH_OF_ROUND, "value": format_toman(row.second_rial)},
            {"label": phrases.COUNTERS, "value": f"{row.counted_by}، {row.decided_by}"},
            {"label": phrases.VARIANCE, "value": row.variance_rial and format_toman(row.variance_rial)},
            {
                "label": phrases.SLIP,
                "value": row.deposit and row.deposit.slip_number,
                "url": row.deposit and reverse("counter-deposit", args=[row.deposit_id]),
            },
        ]
    return facts


def _mobile(request: HttpRequest, box: Box) -> dict[str, object]:
    """Whoever looks after boxes may call the custodian; others see that there is a number."""
    mobile = box.custodian_mobile
    if not mobile:
        return {"label": words.CALL, "value": ""}
    if request.access.may(Permission.MANAGE_PLACEMENTS):
        return {"label": words.CALL, "value": show_mobile(mobile), "url": dial_link(mobile)}
    return {"label": words.CALL, "value": mask_mobile(mobile), "code": True}


def _place(box: Box) -> str:
    return "، ".join(
        part for part in (box.province.name, box.county and box.county.name, box.address) if part
    )


def geo_link(box: Box) -> str:
    """Opens the phone's own map; "" without a point."""
    return "" if box.latitude is None else f"geo:{box.latitude},{box.longitude}"


def _history(box: Box) -> list[dict[str, object]]:
    """The steps, newest first."""
    events = BoxEvent.objects.filter(box=box).select_related("actor").order_by("-pk")
    return [
        {
            "title": words.NEW_SEAL if e.from_state == e.to_state else e.get_to_state_display(),
            "text": "، ".join(p for p in (str(e.actor) if e.actor else str(words.BY_SYSTEM), e.note) if p),
            "at": e.at,
            "state": "bad" if e.to_state in (BoxState.LOST, BoxState.DAMAGED) else "done",
        }
        for e in events
    ]

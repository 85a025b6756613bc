"""The counter at the desk: taking gifts, one gift with its receipt and its corrections, cheques in hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import show_code
from core.errors import DomainError
from core.http import SeeOther
from core.identifiers import show_mobile
from core.jalali import format_datetime, format_long, tehran_today
from core.models import User
from core.money import format_toman, toman_words
from core.phrases import sentence
from payments import counter_phrases as phrases
from payments.cash_selectors import waiting_differences
from payments.counter_forms import DecisionForm, LateCancelForm, ReasonForm, SlipForm, TakeGiftForm
from payments.counter_selectors import (
    cheques_in_hand,
    counter_offices,
    gifts_of_day,
    lying_cash,
    own_offices,
    sums_of,
    waiting_corrections,
    waiting_counts,
)
from payments.enums import CorrectionState, CounterState, CounterWay
from payments.models import CounterCorrection, CounterGift
from payments.services import cheques, corrections
from payments.services.counter import take_gift
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import Office
from provinces.permissions import Permission
from provinces.scoping import all_provinces

_METHODS = ["GET", "HEAD", "POST"]
_KEPT = ("way", "fund", "campaign", "place", "office")  # of one gift, for the next


@needs(Permission.VIEW_CASH)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """An office's day at a glance: what came in, what lies there, what waits for a second person."""
    offices, office = offices_of(request)
    gifts = list(gifts_of_day(office, tehran_today())) if office else []
    context = counter_context(
        request,
        offices=offices,
        office=office,
        gifts=gifts[::-1],
        sums=sums_of(gifts),
        lying=lying_cash(offices),
        corrections=waiting_corrections(offices),
        counts=waiting_counts(offices),
        differences=waiting_differences(offices),
        cheque_count=cheques_in_hand(offices).count(),
        today=tehran_today(),
    )
    return render(request, "desk/counter/home.html", context)


@needs(Permission.TAKE_CASH)
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """A form with a key of its own in its address: whoever opens that address twice has the same form."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return SeeOther(reverse("counter-take", args=[uuid.uuid4()]) + query)


@needs(Permission.TAKE_CASH)
@require_http_methods(_METHODS)
def take(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The form of one gift, then what will be written down, then the gift."""
    if known := _known(key):
        messages.info(request, phrases.ALREADY_TAKEN)
        return SeeOther(reverse("counter-gift", args=[known]))
    offices = own_offices(request.user)
    if not offices:
        raise PermissionDenied
    if request.method != "POST":
        kept = {name: request.GET[name] for name in _KEPT if name in request.GET}
        return _form_page(request, TakeGiftForm(initial=kept, offices=offices))
    form = TakeGiftForm(request.POST, offices=offices)
    if not form.is_valid() or "edit" in request.POST:
        return _form_page(request, form)
    if "confirm" not in request.POST:
        return _confirm_page(request, form)
    gift_id = _take(request, form, key)
    return SeeOther(reverse("counter-gift", args=[gift_id])) if gift_id else _form_page(request, form)


def _known(key: uuid.UUID) -> int | None:
    """The gift that this form became; 404 where it is another office's."""
    with all_provinces("a form's key is one of all"):
        is_taken = CounterGift.objects.filter(key=key).exists()
    if not is_taken:
        return None
    if found := CounterGift.objects.filter(key=key).values_list("pk", flat=True).first():
        return found
    raise Http404


def _take(request: HttpRequest, form: TakeGiftForm, key: uuid.UUID) -> int | None:
    """The gift's id; None when it was refused, which the form says."""
    try:
        gift = take_gift(form.chosen_office, form.wish(), key=key, actor=request.user)
    except DomainError as error:
        if error.code == "idempotency_conflict":
            messages.warning(request, phrases.ALREADY_TAKEN)
            return error.data["gift"]
        refuse(form, error)
        return None
    messages.success(request, phrases.CHEQUE_TAKEN if gift.way == CounterWay.CHEQUE else phrases.TAKEN)
    return gift.pk


def _form_page(request: HttpRequest, form: TakeGiftForm) -> HttpResponse:
    context = counter_context(request, form=form, way=form["way"].value(), ways=CounterWay.choices)
    return render(request, "desk/counter/take.html", context)


def _confirm_page(request: HttpRequest, form: TakeGiftForm) -> HttpResponse:
    """What will be written down, to be read to the donor; the form travels along hidden."""
    data, is_cheque = form.cleaned_data, form.cleaned_data["way"] == CounterWay.CHEQUE
    chosen = {
        name: dict(form.fields[name].choices).get(data[name], "") for name in ("fund", "campaign", "place")
    }
    facts = [
        {"label": phrases.WAY, "value": CounterWay(data["way"]).label},
        {"label": phrases.DONOR, "value": data["donor_name"] or phrases.NAMELESS},
        {"label": phrases.MOBILE, "value": data["mobile"] and show_mobile(data["mobile"]), "code": True},
        {"label": phrases.FUND, "value": chosen["fund"]},
        {"label": phrases.CAMPAIGN, "value": chosen["campaign"]},
        {"label": phrases.PLACE, "value": chosen["place"]},
    ]
    if is_cheque:
        facts += _cheque_facts(data["cheque_number"], data["cheque_bank"], data["cheque_due_on"])
    if data["way"] == CounterWay.POS:
        facts += _slip_facts(data["terminal_code"], data["rrn"], data["trace_no"], data["paid_on"])
    context = counter_context(
        request,
        form=form,
        sent=[(name, form[name].value()) for name in form.fields if form[name].value()],
        amount_rial=data["amount"],
        facts=facts,
        is_cheque=is_cheque,
        office=form.chosen_office,
    )
    return render(request, "desk/counter/confirm.html", context)


@needs(Permission.VIEW_CASH)
@require_http_methods(_METHODS)
def gift(request: HttpRequest, gift_id: int) -> HttpResponse:
    """One gift: its receipt to print, its cancellation by two people, what became of its cheque."""
    row = get_object_or_404(
        CounterGift.objects.select_related(
            "office", "number", "fund", "province", "county", "edition__campaign", "taken_by", "donation__receipt",
            "cheque__deposit", "slip",
        ),
        pk=gift_id,
    )  # fmt: skip
    correction = row.corrections.select_related("requested_by", "decided_by", "fund").first()
    offered = _offered(request, row, correction)
    if request.method == "POST":
        if not offered:
            raise PermissionDenied
        name = request.POST.get("act", next(iter(offered)))
        if name not in offered:
            raise PermissionDenied
        form, act, said = offered[name]
        offered[name] = (_bound(form, request, name), act, said)
        if tried(offered[name][0], act):
            messages.success(request, said(offered[name][0]) if callable(said) else said)
            return SeeOther(reverse("counter-gift", args=[row.pk]))
    context = counter_context(
        request,
        gift=row,
        facts=_gift_facts(row),
        receipt=getattr(row.donation, "receipt", None) if row.donation else None,
        correction=correction,
        made_of=CounterCorrection.objects.filter(anew=row).first(),
        is_own_request=bool(correction)
        and correction.state == CorrectionState.REQUESTED
        and correction.requested_by_id == request.user.pk,
        forms={name: form for name, (form, _act, _said) in offered.items()},
        next_query=_next_query(row),
        today=tehran_today(),
    )
    return render(request, "desk/counter/gift.html", context)


def _offered(request: HttpRequest, row: CounterGift, correction) -> dict[str, tuple]:
    """What this person may do with a gift in its present state: name → (form, service, what is said after)."""
    may, who = request.access.may, request.user
    if correction is not None and correction.state == CorrectionState.REQUESTED:
        if not may(Permission.CONFIRM_CASH) or correction.requested_by_id == who.pk:
            return {}

        def decide(form: DecisionForm) -> None:
            corrections.decide_cancellation(
                row.pk, actor=who, approve=form.is_yes, reason=form.cleaned_data["reason"]
            )

        said = lambda form: phrases.CANCELLED if form.is_yes else phrases.DECISION_SAVED  # noqa: E731
        return {"decide": (DecisionForm(prefix="decide"), decide, said)}
    if row.state == CounterState.BOOKED and not corrections.is_fresh(row):
        return _late_cancel(row, who) if may(Permission.RECONCILE) else {}
    if not may(Permission.TAKE_CASH):
        return {}
    if row.state == CounterState.PENDING:
        return {
            "cash": (
                SlipForm(prefix="cash"),
                lambda form: cheques.cash_cheque(row.pk, actor=who, **form.cleaned_data),
                phrases.CHEQUE_CASHED,
            ),
            "bounce": (
                ReasonForm(prefix="bounce"),
                lambda form: cheques.bounce_cheque(row.pk, actor=who, **form.cleaned_data),
                phrases.CHEQUE_GIVEN_UP,
            ),
            "return": (
                ReasonForm(prefix="return"),
                lambda form: cheques.return_cheque(row.pk, actor=who, **form.cleaned_data),
                phrases.CHEQUE_GIVEN_UP,
            ),
        }
    if row.state != CounterState.BOOKED:
        return {}
    return {
        "cancel": (
            ReasonForm(prefix="cancel"),
            lambda form: corrections.request_cancellation(row.pk, actor=who, **form.cleaned_data),
            phrases.CANCEL_ASKED,
        )
    }


def _late_cancel(row: CounterGift, who: User) -> dict[str, tuple]:
    """An accountant's way for a gift that was counted, cashed, or taken on another day."""

    def ask(form: LateCancelForm) -> None:
        corrections.request_late_cancellation(
            row.pk,
            actor=who,
            reason=form.cleaned_data["reason"],
            money_back=form.money_back,
            anew=form.anew,
        )

    return {"late": (LateCancelForm(prefix="late", gift=row), ask, phrases.CANCEL_ASKED)}


def _bound(form: forms.Form, request: HttpRequest, name: str) -> forms.Form:
    more = {"gift": form.gift} if isinstance(form, LateCancelForm) else {}
    return form.__class__(request.POST, prefix=name, **more)


@needs(Permission.VIEW_CASH)
@require_safe
def cheque_list(request: HttpRequest) -> HttpResponse:
    """Cheques in hand, the nearest due day first."""
    offices, _office = offices_of(request)
    context = counter_context(request, cheques=cheques_in_hand(offices), today=tehran_today())
    return render(request, "desk/counter/cheques.html", context)


# --- shared with the pages of cash -----------------------------------------------------------------------
def counter_context(request: HttpRequest, **more: object) -> dict[str, object]:
    may = request.access.may
    return desk_context(
        request,
        may_take=may(Permission.TAKE_CASH),
        may_confirm=may(Permission.CONFIRM_CASH),
        phrases=phrases,
        **more,
    )


def offices_of(request: HttpRequest) -> tuple[list[Office], Office | None]:
    """The offices whose counter this person may see, and the one that the address names (else the first)."""
    offices = counter_offices(request.user)
    wanted = request.GET.get("office", "")
    chosen = [office for office in offices if str(office.pk) == wanted]
    return offices, (chosen or offices or [None])[0]


def tried(form: forms.Form, act: Callable[[forms.Form], object]) -> bool:
    """Run a service with a valid form; a refusal becomes a message in it."""
    if not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as error:
        refuse(form, error)
        return False
    return True


def refuse(form: forms.Form, error: DomainError) -> None:
    field = error.data.get("field")
    form.add_error(field if field in form.fields else None, sentence(error.code))


def place_of(row: CounterGift) -> str:
    if row.county:
        return str(phrases.COUNTY.format(county=row.county.name))
    return str(
        phrases.WHOLE_PROVINCE.format(province=row.province.name) if row.province else phrases.NATIONAL
    )


def _gift_facts(row: CounterGift) -> list[dict[str, object]]:
    facts = [
        {"label": phrases.NUMBER, "value": row.number.serial, "code": True}
        if hasattr(row, "number")
        else {"label": phrases.NUMBER, "value": phrases.NO_NUMBER},
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.IN_WORDS, "value": toman_words(row.amount_rial)},
        {"label": phrases.WAY, "value": row.get_way_display()},
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.FUND, "value": row.fund.name},
        {"label": phrases.CAMPAIGN, "value": row.edition and row.edition.title},
        {"label": phrases.PLACE, "value": place_of(row)},
        {"label": phrases.DONOR, "value": row.donor_name or phrases.NAMELESS},
        {"label": phrases.MOBILE, "value": row.mobile and show_mobile(row.mobile), "code": True},
        {"label": phrases.TIME, "value": format_datetime(row.taken_at)},
        {"label": phrases.CLERK, "value": str(row.taken_by)},
        {"label": phrases.OFFICE, "value": row.office.name},
    ]
    if row.donation:
        code = row.donation.tracking_code
        facts.append({"label": phrases.TRACKING, "value": show_code(code), "copy_text": code})
    if row.way == CounterWay.CHEQUE:
        facts += _cheque_facts(row.cheque.number, row.cheque.bank, row.cheque.due_on)
        facts.append({"label": phrases.REASON, "value": row.cheque.reason})
    if row.way == CounterWay.POS:
        slip = row.slip
        facts += _slip_facts(slip.terminal_code, slip.rrn, slip.trace_no, slip.paid_on)
    return facts


def _cheque_facts(number: str, bank: str, due_on) -> list[dict[str, object]]:
    return [
        {"label": phrases.CHEQUE_NUMBER, "value": number, "code": True},
        {"label": phrases.BANK, "value": bank},
        {"label": phrases.DUE_ON, "value": format_long(due_on)},
    ]


def _slip_facts(terminal: str, rrn: str, trace_no: str, paid_on) -> list[dict[str, object]]:
    return [
        {"label": phrases.TERMINAL, "value": terminal, "code": True},
        {"label": phrases.RRN, "value": rrn, "code": True},
        {"label": phrases.TRACE, "value": trace_no, "code": True},
        {"label": phrases.PAID_ON, "value": format_long(paid_on)},
    ]


def _next_query(row: CounterGift) -> str:
    """The choices of this gift, for the next one of the queue."""
    place = f"province:{row.province_id}" if row.province_id else ""
    kept = {
        "way": row.way,
        "fund": row.fund_id,
        "campaign": row.edition.campaign.slug if row.edition else "",
        "place": f"county:{row.county_id}" if row.county_id else place,
        "office": row.office_id,
    }
    return urlencode(kept)

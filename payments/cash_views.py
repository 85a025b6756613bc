"""The counter's cash at the desk: counted, confirmed, carried to the bank; and the journal of a day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches
from core.jalali import (
    format_datetime,
    format_long,
    format_short,
    format_time,
    iso_jalali,
    parse_jalali,
    tehran_today,
)
from core.list_forms import DaysForm
from core.listing import ListFile, asked_of, file_links, on_days, query_of
from core.money import format_toman
from core.sheets import Cell, to_csv, to_xlsx
from core.text import persian_digits
from payments import counter_phrases as phrases
from payments.cash_selectors import made_good_uncounted
from payments.counter_forms import CountForm, DecisionForm, DepositForm, ReasonForm, kind_of_photo
from payments.counter_selectors import (
    counts_to_deposit,
    gifts_of_day,
    lying_cash,
    own_offices,
    sums_of,
    uncounted_gifts,
)
from payments.counter_views import counter_context, offices_of, place_of, tried
from payments.difference_desk import DECIDE, PROPOSE, difference_of
from payments.enums import CounterWay, CountState, DepositKind, DepositState
from payments.models import CashCount, CashDeposit, CounterGift
from payments.services import cash_days
from provinces.access import needs
from provinces.models import Office
from provinces.permissions import Permission

ROWS_A_PAGE = 30
_METHODS = ["GET", "HEAD", "POST"]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- counting --------------------------------------------------------------------------------------------
@needs(Permission.TAKE_CASH)
@require_http_methods(_METHODS)
def count_new(request: HttpRequest) -> HttpResponse:
    """The clerk counts what was taken since the last count. What it should be is not shown before it is counted."""
    offices = own_offices(request.user)
    office = _own(request, offices)
    gifts = uncounted_gifts(office)
    form = CountForm(request.POST or None)
    made: list[CashCount] = []

    def act(form: CountForm) -> None:
        note = form.cleaned_data["note"]
        made.append(cash_days.count_cash(office, form.pieces, actor=request.user, note=note))

    if request.method == "POST" and tried(form, act):
        messages.success(request, phrases.COUNT_SAVED)
        return SeeOther(reverse("counter-count-one", args=[made[0].pk]))
    oldest = gifts.order_by("taken_on").values_list("taken_on", flat=True).first()
    late = (tehran_today() - oldest).days if oldest else 0
    context = counter_context(
        request,
        form=form,
        office=office,
        offices=offices,
        gift_count=gifts.count(),
        put_back=sum(-found.amount_rial for found in made_good_uncounted(office)),
        late=persian_digits(phrases.COUNT_LATE.format(days=late)) if late else "",
        today=tehran_today(),
    )
    return render(request, "desk/counter/count.html", context)


def _own(request: HttpRequest, offices: list[Office]) -> Office:
    """The person's own office that the address names, else their first."""
    wanted = request.GET.get("office", "")
    chosen = [office for office in offices if str(office.pk) == wanted]
    if not (chosen or offices):
        raise PermissionDenied
    return (chosen or offices)[0]


@needs(Permission.VIEW_CASH)
@require_http_methods(_METHODS)
def count(request: HttpRequest, count_id: int) -> HttpResponse:
    """One count; a second person confirms it here or has the cash counted again."""
    row = get_object_or_404(
        CashCount.objects.select_related("office", "counted_by", "decided_by", "deposit"), pk=count_id
    )
    is_open, own = row.state == CountState.WAITING, row.counted_by_id == request.user.pk
    may_decide = is_open and not own and request.access.may(Permission.CONFIRM_CASH)
    difference = difference_of(request, row)
    if difference and difference["is_done"]:
        return SeeOther(reverse("counter-count-one", args=[row.pk]))
    form = DecisionForm(request.POST or None) if may_decide else None
    if request.method == "POST" and not _is_about_difference(request):
        if form is None:
            raise PermissionDenied
        done: list[CashCount] = []

        def act(form: DecisionForm) -> None:
            reason = form.cleaned_data["reason"]
            decided = cash_days.decide_count(row.pk, actor=request.user, approve=form.is_yes, reason=reason)
            done.append(decided)

        if tried(form, act):
            messages.success(request, _said(done[0]))
            return SeeOther(reverse("counter-count-one", args=[row.pk]))
    context = counter_context(
        request,
        count=row,
        facts=_count_facts(row),
        lines=[
            {
                "note": line.denomination,
                "pieces": line.pieces,
                "rial": line.pieces * line.denomination.value_rial,
            }
            for line in row.lines.select_related("denomination")
        ],
        gifts=row.gifts.select_related("number").order_by("pk"),
        form=form,
        is_own=is_open and own,
        abs_difference=abs(row.difference_rial),
        difference=difference,
        fallen_out=row.fallen_out.select_related("gift__number").order_by("pk"),
        put_back=[{"row": found, "rial": -found.amount_rial} for found in row.made_good.order_by("pk")],
    )
    return render(request, "desk/counter/count_one.html", context)


def _is_about_difference(request: HttpRequest) -> bool:
    return request.POST.get("act") in (PROPOSE, DECIDE)


def _said(count: CashCount) -> str:
    if count.state == CountState.REFUSED:
        return phrases.COUNT_REFUSED
    return phrases.COUNT_SHORT if count.difference_rial else phrases.COUNT_CONFIRMED


def _count_facts(row: CashCount) -> list[dict[str, object]]:
    return [
        {"label": phrases.OFFICE, "value": row.office.name},
        {"label": phrases.DAY, "value": format_long(row.day)},
        {"label": phrases.EXPECTED, "value": format_toman(row.expected_rial)},
        {"label": phrases.COUNTED, "value": format_toman(row.counted_rial)},
        {"label": phrases.COUNTED_BY, "value": f"{row.counted_by}، {format_datetime(row.counted_at)}"},
        {"label": phrases.NOTE, "value": row.note},
        {
            "label": phrases.DECIDED_BY,
            "value": row.decided_by and f"{row.decided_by}، {format_datetime(row.decided_at)}",
        },
        {"label": phrases.REASON, "value": row.reason},
        {
            "label": phrases.SLIP,
            "value": row.deposit and row.deposit.slip_number,
            "url": row.deposit and reverse("counter-deposit", args=[row.deposit_id]),
        },
    ]


# --- deposits --------------------------------------------------------------------------------------------
@needs(Permission.VIEW_CASH)
@require_http_methods(_METHODS)
def deposit_list(request: HttpRequest) -> HttpResponse:
    """What lies undeposited by age, the slips, and the form of a new one for the person's own office."""
    offices, office = offices_of(request)
    own = own_offices(request.user) if request.access.may(Permission.TAKE_CASH) else []
    may_write = office in own
    form = DepositForm(request.POST or None, request.FILES or None, office=office) if may_write else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if tried(form, lambda form: _record(request, office, form)):
            messages.success(request, phrases.DEPOSIT_SAVED)
            return SeeOther(reverse("counter-deposits"))
    filter_form = DaysForm(request.GET or None)
    asked = asked_of(filter_form)
    slips = CashDeposit.objects.filter(office__in=offices).select_related("office", "recorded_by")
    slips = on_days(slips, "deposited_on", asked.get("since"), asked.get("until"))
    if answer := _SLIPS.asked(request, slips):
        return answer
    context = counter_context(
        request,
        offices=offices,
        office=office,
        form=form,
        ready=list(counts_to_deposit(office)) if may_write else [],
        ticked={int(pk) for pk in request.POST.getlist("counts") if pk.isdecimal()},
        lying=lying_cash(offices),
        page_obj=Paginator(slips, ROWS_A_PAGE).get_page(request.GET.get("page")),
        filter_form=filter_form,
        query=query_of(request),
        files=file_links(request),
    )
    return render(request, "desk/counter/deposits.html", context)


def _slip_line(row: CashDeposit) -> list[Cell]:
    return [
        row.slip_number, row.bank, row.amount_rial, format_short(row.deposited_on), row.office.name,
        row.get_state_display(), str(row.recorded_by),
    ]  # fmt: skip


_SLIPS = ListFile("deposits", phrases.DEPOSIT_HEADS, _slip_line)


def _record(request: HttpRequest, office: Office, form: DepositForm) -> None:
    data = form.cleaned_data
    cash_days.record_deposit(
        office,
        [count.pk for count in data["counts"]],
        actor=request.user,
        bank=data["bank"],
        slip_number=data["slip_number"],
        on=data["on"],
        photo=data["photo"],
    )


@needs(Permission.VIEW_CASH)
@require_http_methods(_METHODS)
def deposit(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """One slip; written wrongly, it is taken back here until the bank has shown it."""
    row = get_object_or_404(CashDeposit.objects.select_related("office", "recorded_by"), pk=deposit_id)
    may_withdraw = (
        row.state == DepositState.AWAITING
        and row.kind == DepositKind.CASH
        and request.access.may(Permission.TAKE_CASH)
    )
    form = ReasonForm(request.POST or None) if may_withdraw else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if tried(
            form, lambda form: cash_days.withdraw_deposit(row.pk, actor=request.user, **form.cleaned_data)
        ):
            messages.success(request, phrases.DEPOSIT_WITHDRAWN)
            return SeeOther(reverse("counter-deposit", args=[row.pk]))
    context = counter_context(
        request, deposit=row, facts=_deposit_facts(row), counts=row.counts.order_by("day"), form=form
    )
    return render(request, "desk/counter/deposit.html", context)


def _deposit_facts(row: CashDeposit) -> list[dict[str, object]]:
    cheque = getattr(row, "cheque", None)
    return [
        {"label": phrases.OFFICE, "value": row.office.name},
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.SLIP_BANK, "value": row.bank},
        {"label": phrases.SLIP, "value": row.slip_number, "code": True},
        {"label": phrases.DEPOSITED_ON, "value": format_long(row.deposited_on)},
        {"label": phrases.STATE, "value": row.get_state_display()},
        {"label": phrases.RECORDED_BY, "value": f"{row.recorded_by}، {format_datetime(row.recorded_at)}"},
        {"label": phrases.MATCHED_AT, "value": row.matched_at and format_datetime(row.matched_at)},
        {"label": phrases.REASON, "value": row.reason},
        {
            "label": phrases.CHEQUE_NUMBER,
            "value": cheque and cheque.number,
            "url": cheque and reverse("counter-gift", args=[cheque.gift_id]),
        },
    ]


@needs(Permission.VIEW_CASH)
@require_safe
def deposit_photo(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """The picture of a slip, as the kind that its own first bytes say."""
    row = get_object_or_404(CashDeposit.objects, pk=deposit_id)
    if not row.photo:
        raise Http404
    file = row.photo.open("rb")
    kind = kind_of_photo(file.read(8))
    file.seek(0)
    return keep_out_of_caches(FileResponse(file, content_type=kind or "application/octet-stream"))


# --- the day's journal -----------------------------------------------------------------------------------
@needs(Permission.VIEW_CASH)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """What an office's counter did on a day, in the order of the numbers, for print."""
    offices, office = offices_of(request)
    day = _day(request)
    gifts = list(gifts_of_day(office, day)) if office else []
    context = counter_context(
        request,
        offices=offices,
        office=office,
        day=day,
        day_text=format_short(day),
        rows=[{"gift": g, "place": place_of(g), "time": format_time(g.taken_at)} for g in gifts],
        sums=sums_of(gifts),
        files=_files(office, day) if office else [],
        made_at=timezone.now(),
    )
    return render(request, "desk/counter/journal.html", context)


def _files(office: Office, day: date) -> list[dict[str, str]]:
    return [
        {
            "label": form.upper(),
            "url": f"{reverse('counter-journal-file', args=[office.pk, form])}?day={iso_jalali(day)}",
        }
        for form in ("xlsx", "csv")
    ]


@needs(Permission.VIEW_CASH)
@require_safe
def journal_file(request: HttpRequest, office_id: int, form: str) -> HttpResponse:
    """The same as a file for spreadsheets."""
    office, day = get_object_or_404(Office.objects, pk=office_id), _day(request)
    headings = [str(column) for column in phrases.JOURNAL_COLUMNS]
    rows = [_journal_row(gift) for gift in gifts_of_day(office, day)]
    title = f"journal-{office.pk}-{iso_jalali(day)}"
    if form == "csv":
        body, kind = to_csv(headings, rows), "text/csv; charset=utf-8"
    else:
        body, kind = to_xlsx(title, headings, rows, made_at=timezone.now()), _SHEET
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{title}.{form}"'
    return keep_out_of_caches(response)


def _day(request: HttpRequest) -> date:
    try:
        return parse_jalali(request.GET.get("day", ""))
    except DomainError:
        return tehran_today()


def _journal_row(gift: CounterGift) -> list[str | int]:
    paper = ""
    if gift.way == CounterWay.POS:
        paper = f"{gift.slip.terminal_code} / {gift.slip.rrn}"
    if gift.way == CounterWay.CHEQUE:
        paper = f"{gift.cheque.bank} {gift.cheque.number}"
    return [
        gift.number.serial if hasattr(gift, "number") else "",
        format_time(gift.taken_at),
        gift.get_way_display(),
        gift.amount_rial,
        gift.fund.name,
        gift.edition.title if gift.edition else "",
        place_of(gift),
        gift.donor_name,
        paper,
        gift.get_state_display(),
        str(gift.taken_by),
    ]

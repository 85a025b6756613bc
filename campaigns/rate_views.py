"""/hq/rates/: tonight's announced rate on one screen, what holds now, and what was put right."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import rate_phrases as phrases
from campaigns.enums import RateKind
from campaigns.models import Fund, GivingRate
from campaigns.rate_forms import RateForm, WithdrawForm
from campaigns.rates import rates_on
from campaigns.services import rates as services
from core.errors import DomainError
from core.jalali import format_datetime, format_day_month_year, format_short
from core.listing import ListFile, file_links, sheet_time
from core.money import format_toman, toman_words
from core.once import once
from core.phrases import sentence
from core.sheets import Cell
from core.text import persian_digits
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission

_METHODS = ["GET", "HEAD", "POST"]
_KEPT = (
    "hijri_year",
    "marja",
    "region",
    "source",
    "announced_on",
)  # for the next line of the same announcement
_WITHDRAW = "withdraw_%s"  # two forms of one page ask for a reason


@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
@once
def rates(request: HttpRequest) -> HttpResponse:
    """Every rate of every year, and the form for a new one."""
    may_manage = request.access.may(Permission.MANAGE_RATES)
    if request.method == "POST" and not may_manage:
        raise PermissionDenied
    form = RateForm(request.POST if request.method == "POST" else None, like=_like(request))
    if request.method == "POST" and form.may_be_taken:
        try:
            made = services.announce_rate(form.facts(), actor=request.user)
        except DomainError as error:
            _refused(form, error)
        else:
            _tell(request, made)
            return redirect(f"{reverse('hq-rates')}?after={made.pk}")
    now = rates_on()
    offered = {rate.pk for found in now.of.values() for rate in found}
    as_file = ListFile("rates", phrases.FILE_HEADS, partial(_line, offered))
    if answer := as_file.asked(request, _in_order()):
        return answer
    context = desk_context(
        request,
        form=form if may_manage else None,
        season=phrases.SEASON.format(year=persian_digits(now.year)) if now.year else phrases.NO_SEASON,
        rows=[_row(rate, offered) for rate in _in_order()],
        files=file_links(request),
        give_url=reverse("give"),
        phrases=phrases,
    )
    return render(request, "desk/rates.html", context)


@needs(Permission.VIEW_HQ)
@require_http_methods(_METHODS)
def rate(request: HttpRequest, rate_id: int) -> HttpResponse:
    """One rate: correct it, take it back, let the form begin with it; what came before and after it."""
    found = get_object_or_404(GivingRate.objects.select_related("entered_by", "superseded_by"), pk=rate_id)
    may_manage = request.access.may(Permission.MANAGE_RATES)
    form, withdraw = RateForm(rate=found), WithdrawForm(auto_id=_WITHDRAW)
    if request.method == "POST":
        if not may_manage:
            raise PermissionDenied
        if "correct" in request.POST:
            form = RateForm(request.POST, rate=found)
        elif "withdraw" in request.POST:
            withdraw = WithdrawForm(request.POST, auto_id=_WITHDRAW)
        if (answer := _act(request, found, form, withdraw)) is not None:
            return answer
    is_current = found.superseded_at is None
    context = desk_context(
        request,
        rate=found,
        facts=_facts(found),
        form=form if may_manage and is_current else None,
        withdraw_form=withdraw if may_manage and is_current else None,
        may_be_default=may_manage and is_current and not found.is_default,
        phrases=phrases,
    )
    return render(request, "desk/rate.html", context)


def _act(
    request: HttpRequest, found: GivingRate, form: RateForm, withdraw: WithdrawForm
) -> HttpResponse | None:
    """What the pressed button asks for; None: nothing was done, the page says why."""
    try:
        if "default" in request.POST:
            services.make_default(found.pk, actor=request.user)
            messages.success(request, phrases.DEFAULT_DONE)
            return redirect("hq-rates")
        if "correct" in request.POST and form.may_be_taken:
            reason = form.cleaned_data["reason"]
            made = services.correct_rate(found.pk, form.facts(), actor=request.user, reason=reason)
            messages.success(request, phrases.CORRECTED)
            return redirect("hq-rate", made.pk)
        if "withdraw" in request.POST and withdraw.is_valid():
            services.withdraw_rate(found.pk, actor=request.user, reason=withdraw.cleaned_data["reason"])
            messages.success(request, phrases.WITHDRAWN_DONE)
            return redirect("hq-rates")
    except DomainError as error:
        _refused(form if "correct" in request.POST else withdraw, error, request)
    return None


def _refused(form, error: DomainError, request: HttpRequest | None = None) -> None:
    if form.is_bound:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
    elif request is not None:
        messages.error(request, sentence(error.code))


def _tell(request: HttpRequest, made: GivingRate) -> None:
    offered = made.pk in {one.pk for one in rates_on().of.get(RateKind(made.kind), [])}
    text = phrases.ANNOUNCED if offered else phrases.ANNOUNCED_OTHER_YEAR
    said = text.format(
        amount=format_toman(made.amount_rial),
        words=toman_words(made.amount_rial),
        kind=made.get_kind_display(),
        year=persian_digits(made.hijri_year),
    )
    messages.success(request, said)


def _like(request: HttpRequest) -> dict:
    """The next line of an announcement shares most of the one before."""
    number = request.GET.get("after", "")
    before = GivingRate.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None
    return {name: getattr(before, name) for name in _KEPT} if before else {}


def _in_order():
    return GivingRate.objects.select_related("entered_by").order_by(
        "-hijri_year", "kind", "-is_default", "superseded_at", "amount_rial", "pk"
    )


def _row(found: GivingRate, offered: set[int]) -> dict[str, object]:
    return {"rate": found, "badges": _badges(found, offered), "url": reverse("hq-rate", args=[found.pk])}


def _line(offered: set[int], found: GivingRate) -> list[Cell]:
    return [
        found.get_kind_display(), found.hijri_year, found.amount_rial,
        str(phrases.AT_LEAST) if found.is_minimum else "", _labels(found, offered), found.marja, found.staple,
        found.region or str(phrases.WHOLE_COUNTRY), found.source, format_short(found.announced_on),
        str(found.entered_by or ""), sheet_time(found.entered_at), found.why_superseded,
    ]  # fmt: skip


def _labels(found: GivingRate, offered: set[int]) -> str:
    return "، ".join(str(badge["label"]) for badge in _badges(found, offered))


def _badges(found: GivingRate, offered: set[int]) -> list[dict[str, object]]:
    if found.superseded_at:
        label = phrases.SUPERSEDED if found.superseded_by_id else phrases.WITHDRAWN
        return [{"label": label, "kind": "", "icon": "minus"}]
    badges = [{"label": phrases.IN_FORM, "kind": "ok", "icon": "ok"}] if found.pk in offered else []
    if found.is_default:
        badges.append({"label": phrases.DEFAULT, "kind": "info", "icon": "check"})
    return badges


def _facts(found: GivingRate) -> list[dict[str, object]]:
    funds = "، ".join(fund.name for fund in Fund.objects.filter(rate_kind=found.kind))
    before = getattr(found, "supersedes", None)
    return [
        {"label": phrases.AMOUNT, "value": format_toman(found.amount_rial)},
        {"label": phrases.WORDS, "value": toman_words(found.amount_rial)},
        {"label": phrases.AT_LEAST, "value": found.is_minimum and "✓"},
        {"label": phrases.KIND, "value": f"{found.get_kind_display()} ({funds})"},
        {"label": phrases.YEAR, "value": persian_digits(found.hijri_year)},
        {"label": phrases.MARJA, "value": found.marja},
        {"label": phrases.STAPLE, "value": found.staple},
        {"label": phrases.REGION, "value": found.region or phrases.WHOLE_COUNTRY},
        {"label": phrases.SOURCE, "value": found.source},
        {"label": phrases.ANNOUNCED_ON, "value": format_day_month_year(found.announced_on)},
        {"label": phrases.ENTERED, "value": _entered(found)},
        {"label": phrases.STATE, "value": _labels(found, set())},
        {"label": phrases.REASON, "value": found.why_superseded},
        _other(phrases.REPLACED_BY, found.superseded_by),
        _other(phrases.REPLACES, before),
    ]


def _entered(found: GivingRate) -> str:
    who = f"{found.entered_by}، " if found.entered_by else ""
    return f"{who}{format_datetime(found.entered_at)}"


def _other(label, found: GivingRate | None) -> dict[str, object]:
    if found is None:
        return {"label": label, "value": ""}
    return {
        "label": label,
        "value": format_toman(found.amount_rial),
        "url": reverse("hq-rate", args=[found.pk]),
    }

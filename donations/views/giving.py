"""The giving form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.enums import RateKind
from campaigns.models import Fund, GivingRate
from campaigns.need_selectors import place_of
from core.errors import DomainError
from core.http import SeeOther, public_page
from core.money import format_toman, group_digits, parse_toman, rial_to_toman, toman_to_rial, toman_words
from core.text import persian_digits
from donations import phrases
from donations.forms import FREE_AMOUNT, QUICK_TOMAN, GivingForm
from donations.journey import wish_news
from donations.prefill import explain, start_from
from donations.services.donations import create_donation

_SHOWN_AT_ONCE = 6  # funds; the others stand behind a line


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The form, and what was sent by it: written down as pending, then on to the bank.

    Without a CSRF token on purpose: nobody's session or rights are used, so a form on another site can do no
    more than anybody may do, write down an unpaid wish; and public pages set no cookie to compare it with.
    """
    if request.method != "POST":
        start = start_from(request.GET)
        return _page(request, GivingForm(initial=start.initial), notices=start.notices)
    if "update" in request.POST:  # only the counties of the chosen province are asked for
        return _page(request, GivingForm(initial=request.POST.dict()))
    if "count" in request.POST:  # only the sum of persons × rate is asked for
        return _page(request, _counted(request.POST.dict()))
    form = GivingForm(request.POST)
    if form.is_valid():
        try:
            gift = create_donation(form.wish(), idempotency_key=form.idempotency_key())
        except DomainError as refusal:  # it changed between the check and the writing
            field = refusal.data.get("field")
            form.add_error(field if field in form.fields else None, explain(refusal))
        else:
            if form.cleaned_data["news"]:
                wish_news(gift)
            return SeeOther(reverse("payments:start", args=[gift.tracking_code]))
    return _page(request, form, status=422)


def _counted(said: dict[str, str]) -> GivingForm:
    """The form as it was sent, with the sum of persons × rate as its amount where there is one."""
    by_head = GivingForm(initial=said).by_head
    if by_head is None:
        return GivingForm(initial=said)
    persons, rate = by_head
    toman, _ = rial_to_toman(persons * rate.amount_rial)
    return GivingForm(initial={**said, "amount": group_digits(toman)})


def _page(
    request: HttpRequest, form: GivingForm, *, notices: list[str] | None = None, status: int = 200
) -> HttpResponse:
    chosen = form.chosen_fund
    target = _target(form)
    funds, more_funds = _funds(form, chosen, is_decided=target is not None)
    context = {
        "form": form,
        "notices": notices or [],
        "funds": funds,
        "more_funds": more_funds,
        "rates": [_rates(form, kind) for kind in form.rates.of],
        "no_rates": [_no_rate(form, kind, chosen) for kind in RateKind if kind not in form.rates.of],
        "quick": _quick(form),
        "amount_words": _words(form),
        "sum_line": _sum_line(form, is_asked="count" in request.POST),
        "target": target,
    }
    response = public_page(request, "donations/give.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-cache"  # every rendered form has a key of its own
    return response


def _funds(form: GivingForm, chosen: Fund, *, is_decided: bool) -> tuple[list[dict], list[dict]]:
    """(shown at once, behind a line). Who came by a campaign or a printed code has decided: they see its fund, and
    those given at the same rate (fitriyeh of sayyids and of others); all others see the first few, and theirs."""
    funds = list(form.funds.values())
    if is_decided:
        first = [f for f in funds if f == chosen or (chosen.rate_kind and f.rate_kind == chosen.rate_kind)]
    else:
        first = funds[:_SHOWN_AT_ONCE]
        first = first if chosen in first else [chosen, *first[:-1]]
    rest = [fund for fund in funds if fund not in first]
    return [_fund_card(f, chosen) for f in first], [_fund_card(f, chosen) for f in rest]


def _fund_card(fund: Fund, chosen: Fund) -> dict[str, Any]:
    return {
        "value": fund.code,
        "label": fund.name,
        "hint": fund.help_text,
        "checked": fund == chosen,
        "rate_kind": fund.rate_kind,
    }


def _rates(form: GivingForm, kind: RateKind) -> dict[str, Any]:
    """The announced rates of one kind as choices: amount, staple, whose it is and where it was read."""
    field = form[f"rate_{kind}"]
    options = [_rate_card(rate) for rate in form.rates.of[kind]]
    options.append(
        {
            "value": FREE_AMOUNT,
            "label": phrases.FREE_AMOUNT,
            "hint": phrases.FREE_AMOUNT_HINT,
            "says": phrases.FREE_AMOUNT,
        }
    )
    said = str(field.value() or "")
    ticked = next((option for option in options if option["value"] == said), options[0])
    ticked["checked"] = True
    return {
        "kind": kind.value,
        "title": phrases.RATES_OF.format(
            kind=kind.label, year=persian_digits(form.rates.of[kind][0].hijri_year)
        ),
        "now": ticked["says"],
        "name": field.html_name,
        "field": field,
        "options": options,
    }


def _rate_card(rate: GivingRate) -> dict[str, Any]:
    amount = format_toman(rate.amount_rial)
    parts = [rate.staple, rate.marja, rate.region, phrases.AT_LEAST if rate.is_minimum else ""]
    said = "، ".join(part for part in parts if part)
    return {
        "value": str(rate.pk),
        "label": amount,
        "hint": f"{said} ({phrases.SOURCE.format(source=rate.source)})" if rate.source else said,
        "says": f"{amount} ({said})",
        "toman": rial_to_toman(rate.amount_rial)[0],
        "is_minimum": rate.is_minimum,
    }


def _no_rate(form: GivingForm, kind: RateKind, chosen: Fund) -> dict[str, Any]:
    year = form.rates.year
    text = phrases.NO_RATE_OF_YEAR if year else phrases.NO_RATE
    return {
        "kind": kind.value,
        "text": text.format(kind=kind.label, year=persian_digits(year or "")),
        "is_chosen": kind == chosen.rate_kind,
    }


def _quick(form: GivingForm) -> list[dict[str, Any]]:
    said = str(form["quick"].value() or "")
    return [
        {"toman": toman, "rial": toman_to_rial(toman), "checked": str(toman) == said} for toman in QUICK_TOMAN
    ]


def _words(form: GivingForm) -> str:
    """The typed amount in words, where it can be read."""
    try:
        return toman_words(parse_toman(str(form["amount"].value() or "")))
    except DomainError:
        return ""


def _sum_line(form: GivingForm, *, is_asked: bool) -> str:
    """«۴ × ۷۵٬۰۰۰ = ۳۰۰٬۰۰۰ تومان» where persons and a rate are said; scripts write the same line."""
    by_head = form.by_head
    if by_head is None:
        return phrases.COUNT_OF_WHAT if is_asked else ""
    persons, rate = by_head
    each, _ = rial_to_toman(rate.amount_rial)
    return f"{group_digits(persons)} × {group_digits(each)} = {format_toman(persons * rate.amount_rial)}"


def _target(form: GivingForm) -> dict[str, Any] | None:
    """What the address or the printed code says that the gift is for; of a need also what becomes of a surplus."""
    place, edition, need = form.placement, form.edition, form.need
    if need is not None:
        return {
            "title": need.title,
            "text": f"{need.get_kind_display()}، {place_of(need)}",
            "url": reverse("need", args=[need.code]),
            "surplus_rule": need.surplus_rule,
        }
    if place is None and edition is None:
        return None
    where = [f"{phrases.PROVINCE} {place.province}"] if place and place.province else []
    where += [f"{phrases.COUNTY} {place.county}"] if place and place.county else []
    heard = [place.title] if place and edition else []
    return {"title": edition.title if edition else place.title, "text": "، ".join([*heard, *where])}

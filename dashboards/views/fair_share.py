"""/hq/fair-share/: receipts, deliveries and outcomes beside the number of clients; and taking those numbers in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aid.enums import Outcome
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.jalali import format_day_month_year, tehran_today
from core.money import format_toman, group_digits
from core.phrases import sentence
from core.sheets import to_csv, to_xlsx
from core.text import persian_digits
from dashboards import hq_phrases as phrases
from dashboards.enums import ClientGroup, Support
from dashboards.fair_share import SMALLEST, Share, newest_file, shares, shown_count
from dashboards.hq_forms import ClientFileForm
from dashboards.models import ClientFile
from dashboards.periods import Chosen, choose
from dashboards.reports.files import FORMS
from dashboards.services.clients import COLUMNS, take_client_file
from provinces.access import needs
from provinces.desk import desk_context
from provinces.models import Province
from provinces.permissions import Permission
from provinces.selectors import find_province


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def fair_share(request: HttpRequest) -> HttpResponse:
    """Provinces, or with `province` its counties; those with the least per thousand clients first."""
    province = _province(request)
    chosen = choose(request.GET, tehran_today(), others={"province": province.slug} if province else {})
    file = newest_file()
    found = shares(chosen.period, file, province)
    title = (
        str(phrases.SHARE_COUNTIES).format(name=province.name) if province else str(phrases.SHARE_PROVINCES)
    )
    crumbs = [{"label": phrases.SHARE_TITLE, "url": f"{reverse('hq-fair-share')}?{_days(chosen)}"}]
    context = desk_context(
        request,
        title=title,
        intro=str(phrases.SHARE_INTRO).format(least=persian_digits(SMALLEST)),
        told=_told(file),
        crumbs=[*crumbs, {"label": province.name}] if province else None,
        period_form=chosen.form,
        period_tabs=chosen.tabs,
        period=chosen.text,
        table=_table(found, title, chosen),
        import_url=reverse("hq-fair-share-import") if request.access.may(Permission.TELL_FIGURES) else "",
        files=[
            {"label": form, "url": f"{reverse('hq-fair-share-file', args=[form])}?{chosen.query}"}
            for form in ("xlsx", "csv")
        ],
        phrases=phrases,
    )
    return render(request, "dashboards/fair_share.html", context)


@never_cache
@needs(Permission.VIEW_HQ)
@require_safe
def fair_share_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file, rials whole; what is too small to be shown is empty there too."""
    province = _province(request)
    chosen = choose(request.GET, tehran_today())
    heads = [
        phrases.COUNTY if province else phrases.PROVINCE, phrases.CLIENTS, *(label for _, label in Support.choices),
        *(label for _, label in ClientGroup.choices), phrases.RECEIVED, phrases.RECEIVED_RATE, phrases.DELIVERED,
        phrases.DELIVERED_RATE, phrases.EMPOWERED, phrases.LEFT, phrases.OUTCOME_COST,
    ]  # fmt: skip
    rows = [_line(share) for share in shares(chosen.period, newest_file(), province)]
    titles = [str(head) for head in heads]
    body = (
        to_csv(titles, rows)
        if form == "csv"
        else to_xlsx(str(phrases.SHARE_TITLE), titles, rows, made_at=timezone.now())
    )
    response = HttpResponse(body, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="fair-share.{form}"'
    return keep_out_of_caches(response)


@never_cache
@needs(Permission.TELL_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def clients_import(request: HttpRequest) -> HttpResponse:
    """Counts of clients from a file; all or nothing."""
    form = ClientFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            take_client_file(
                said["file"].read(), as_of=said["as_of"], source=said["source"], actor=request.user
            )
        except DomainError as error:
            form.add_error("file", _why(error))
        else:
            messages.success(request, phrases.TAKEN)
            return redirect("hq-fair-share")
    context = desk_context(
        request,
        form=form,
        columns=COLUMNS,
        known=[(phrases.KNOWN_GROUPS, ClientGroup.choices), (phrases.KNOWN_SUPPORT, Support.choices)],
        crumbs=[
            {"label": phrases.SHARE_TITLE, "url": reverse("hq-fair-share")},
            {"label": phrases.IMPORT_TITLE},
        ],
        phrases=phrases,
    )
    return render(request, "dashboards/clients_import.html", context)


def _province(request: HttpRequest) -> Province | None:
    slug = request.GET.get("province", "")
    try:
        return find_province(slug) if slug else None
    except DomainError as error:
        raise Http404 from error


def _why(error: DomainError) -> str:
    why = sentence(error.code)
    line = error.data.get("line")
    return str(phrases.LINE).format(line=persian_digits(line), why=why) if line else why


def _told(file: ClientFile | None) -> str:
    if file is None:
        return str(phrases.SHARE_NO_FILE)
    return str(phrases.SHARE_SOURCE).format(source=file.source, day=format_day_month_year(file.as_of))


def _days(chosen: Chosen) -> str:
    return urlencode({name: chosen.form[name].value() for name in ("from", "to")})


def _table(found: list[Share], title: str, chosen: Chosen) -> dict[str, Any]:
    heads = [
        phrases.PROVINCE if found and found[0].slug else phrases.COUNTY, phrases.CLIENTS,
        *(label for _, label in Support.choices), phrases.RECEIVED, phrases.RECEIVED_RATE, phrases.DELIVERED,
        phrases.DELIVERED_RATE, phrases.EMPOWERED, phrases.LEFT, phrases.OUTCOME_COST,
    ]  # fmt: skip
    columns = [{"label": head, "num": at > 0} for at, head in enumerate(heads)]
    rows = [_row(share, chosen) for share in found]
    return {"caption": title, "note": phrases.OUTCOME_NOTE, "columns": columns, "rows": rows}


def _row(share: Share, chosen: Chosen) -> list[dict[str, Any]]:
    url = f"?{urlencode({'province': share.slug})}&{_days(chosen)}" if share.slug else ""
    money = [
        format_toman(share.received_rial),
        _rial(share.per_thousand(share.received_rial)),
        format_toman(share.delivered_rial),
        _rial(share.per_thousand(share.delivered_rial)),
    ]
    texts = [
        _persons(share.clients),
        *(_persons(share.support.get(kind, 0)) for kind in Support),
        *money,
        _persons(share.outcomes.get(Outcome.EMPOWERMENT, 0)),
        _persons(share.outcomes.get(Outcome.INDEPENDENT, 0)),
        _rial(share.rial_per_outcome if share.good_outcomes >= SMALLEST else None),
    ]
    return [
        {"text": share.name, "header": True, "url": url},
        *({"text": text, "num": True} for text in texts),
    ]


def _line(share: Share) -> list[str | int | None]:
    outcomes = [shown_count(share.outcomes.get(one, 0)) for one in (Outcome.EMPOWERMENT, Outcome.INDEPENDENT)]
    return [
        share.name, shown_count(share.clients), *(shown_count(share.support.get(kind, 0)) for kind in Support),
        *(shown_count(share.groups.get(group, 0)) for group in ClientGroup), share.received_rial,
        share.per_thousand(share.received_rial), share.delivered_rial, share.per_thousand(share.delivered_rial),
        *outcomes, share.rial_per_outcome if share.good_outcomes >= SMALLEST else None,
    ]  # fmt: skip


def _persons(count: int) -> str:
    shown = shown_count(count)
    return str(phrases.FEW).format(least=persian_digits(SMALLEST)) if shown is None else group_digits(shown)


def _rial(rial: int | None) -> str:
    return "–" if rial is None else format_toman(rial)

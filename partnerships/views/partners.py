"""Partners at the desk and at headquarters: the list, one of them with everything in sight, files."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches
from core.identifiers import mask_mobile
from core.once import once
from core.text import persian_digits
from partnerships import partner_phrases as phrases
from partnerships.agreement_selectors import agreements_in_sight
from partnerships.models import Partner, PartnerContact
from partnerships.partner_forms import ContactForm, PartnerFilterForm, PartnerForm, SiteForm
from partnerships.partner_selectors import find_partners, partners_in_sight, promises_of, sites_of, with_sites
from partnerships.services import partners as services
from partnerships.views.desk import METHODS, Act, acted, filtered, list_file, query_of, tried
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import check_write

PARTNERS_A_PAGE, MOST_PROMISES = 30, 30


@needs(Permission.VIEW_PARTNERS)
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """Partners in sight of the person."""
    return _list(request, phrases.PARTNERS)


@needs(Permission.VIEW_HQ)
@require_safe
def all_partners(request: HttpRequest) -> HttpResponse:
    """Partners of the country, headquarters' own by a filter."""
    return _list(request, phrases.HQ_PARTNERS)


def _list(request: HttpRequest, heading: object) -> HttpResponse:
    form = PartnerFilterForm(request.GET or None)
    query = query_of(request)
    context = desk_context(
        request,
        heading=heading,
        filter_form=form,
        page_obj=Paginator(find_partners(**filtered(form)), PARTNERS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        query=query,
        files=[
            (kind.upper(), f"{reverse('partners-file', args=[kind])}?{query}") for kind in ("xlsx", "csv")
        ],
        may_manage=request.access.may(Permission.MANAGE_PARTNERS),
        phrases=phrases,
    )
    return render(request, "desk/partners/list.html", context)


@needs(Permission.VIEW_PARTNERS)
@require_safe
def partner_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as a file, whole; no contact is in it."""
    found = with_sites(find_partners(**filtered(PartnerFilterForm(request.GET or None))))
    rows = (
        [
            row.name,
            row.get_kind_display(),
            row.legal_id,
            row.province.name if row.province else str(phrases.NATIONAL),
            row.county.name if row.county else "",
            "، ".join(f"{site.name} ({site.county.name})" for site in row.shown_sites),
            row.open_count,
        ]
        for row in found
    )
    return list_file("partners", form, phrases.COLUMNS, rows)


@needs(Permission.MANAGE_PARTNERS)
@require_http_methods(METHODS)
@once
def partner_new(request: HttpRequest) -> HttpResponse:
    """A partner is written down."""
    form, made = PartnerForm(request.POST or None), []
    if request.method == "POST" and tried(
        form, lambda form: made.append(services.create_partner(form.facts, actor=request.user))
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("partner", args=[made[0].pk]))
    context = desk_context(request, form=form, partner=None, back_url=reverse("partners"), phrases=phrases)
    return render(request, "desk/partners/form.html", context)


@needs(Permission.MANAGE_PARTNERS)
@require_http_methods(METHODS)
def partner_edit(request: HttpRequest, partner_id: int) -> HttpResponse:
    """What is written of a partner of one's own."""
    row = get_object_or_404(Partner, pk=partner_id)
    form = PartnerForm(request.POST or None, initial=PartnerForm.initial_of(row))
    if request.method == "POST" and tried(
        form, lambda form: services.change_partner(row.pk, form.facts, actor=request.user)
    ):
        messages.success(request, phrases.SAVED)
        return SeeOther(reverse("partner", args=[row.pk]))
    back_url = reverse("partner", args=[row.pk])
    context = desk_context(request, form=form, partner=row, back_url=back_url, phrases=phrases)
    return render(request, "desk/partners/form.html", context)


@needs(Permission.VIEW_PARTNERS)
@require_http_methods(METHODS)
@once
def partner(request: HttpRequest, partner_id: int) -> HttpResponse:
    """One partner: where it works, whom to call, what it signed and promised."""
    row = get_object_or_404(partners_in_sight(), pk=partner_id)
    may, is_ours = request.access.may(Permission.MANAGE_PARTNERS), _is_ours(row)
    contacts = list(PartnerContact.objects.filter(partner=row)) if may else []
    sites = sites_of(row)
    acts = _acts(request, row, sites, contacts) if may else {}
    if request.method == "POST":
        done = acted(request, acts)
        if done:
            messages.success(request, phrases.SAVED)
        if done is not False:
            return SeeOther(reverse("partner", args=[row.pk]))
    context = desk_context(
        request,
        partner=row,
        facts=_facts(row),
        is_ours=is_ours,
        may=may,
        sites=[{"site": site, "may_close": f"close-{site.pk}" in acts} for site in sites],
        contacts=[{"contact": row, "mobile": row.mobile and mask_mobile(row.mobile)} for row in contacts],
        site_form=acts.get("site", (None,))[0],
        contact_form=acts.get("contact", (None,))[0],
        agreements=list(agreements_in_sight().filter(partner=row)[:MOST_PROMISES])
        if request.access.may(Permission.VIEW_AGREEMENTS)
        else [],
        promises=list(promises_of(row)[:MOST_PROMISES]),
        may_promise=request.access.may(Permission.RECORD_PROMISES),
        phrases=phrases,
    )
    return keep_out_of_caches(render(request, "desk/partners/partner.html", context))


def _acts(request: HttpRequest, row: Partner, sites, contacts) -> dict[str, Act]:
    """What may be done with a partner: name → (form, service)."""
    who, is_ours = request.user, _is_ours(row)
    found: dict[str, Act] = {
        "site": (
            SiteForm(prefix="site", is_ours=is_ours),
            lambda form: services.add_site(row.pk, actor=who, **form.cleaned_data),
        )
    }
    for site in sites:
        if is_ours or _may_write(site.province_id, site.county_id):
            found[f"close-{site.pk}"] = (
                forms.Form(),
                lambda form, pk=site.pk: services.close_site(pk, actor=who),
            )
    if is_ours:
        found["contact"] = (
            ContactForm(prefix="contact"),
            lambda form: services.add_contact(row.pk, actor=who, **form.cleaned_data),
        )
        for contact in contacts:
            found[f"forget-{contact.pk}"] = (
                forms.Form(),
                lambda form, pk=contact.pk: services.forget_contact(pk, actor=who),
            )
    return found


def _is_ours(row: Partner) -> bool:
    return _may_write(row.province_id, row.county_id)


def _may_write(province: str | None, county: str | None) -> bool:
    try:
        check_write(province, county)
    except DomainError:
        return False
    return True


def _facts(row: Partner) -> list[dict[str, object]]:
    place = "، ".join(part.name for part in (row.province, row.county) if part)
    return [
        {"label": phrases.KIND, "value": row.get_kind_display()},
        {"label": phrases.LEGAL_ID, "value": persian_digits(row.legal_id), "copy_text": row.legal_id},
        {"label": phrases.PLACE, "value": place or phrases.NATIONAL},
        {"label": phrases.WEBSITE, "value": row.website, "code": True},
        {"label": phrases.NOTE, "value": row.note},
        {"label": phrases.STATE, "value": "" if row.is_active else phrases.RESTING},
    ]

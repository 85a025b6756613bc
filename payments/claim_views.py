"""A donor looks for a deposit of theirs, and the desk looks for it among the unknown ones."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import parse_tracking_code, show_code
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, keep_to_oneself, public_page
from core.identifiers import show_mobile
from core.jalali import format_datetime, format_short
from core.listing import asked_of
from core.money import format_toman
from core.phrases import sentence
from payments import reconciliation_phrases as phrases
from payments.desk_files import CLAIMS
from payments.desk_pages import list_page, try_service
from payments.enums import ClaimState, DecisionState
from payments.models import DonorClaim
from payments.reconciliation_forms import CandidateForm, ClaimFilterForm, DonorClaimForm, ReasonForm
from payments.reconciliation_selectors import candidates_of, claims_in_scope
from payments.services import claims
from provinces.access import needs
from provinces.desk import desk_context
from provinces.permissions import Permission
from provinces.scoping import all_provinces

_METHODS = ["GET", "HEAD", "POST"]


@csrf_exempt
@require_http_methods(_METHODS)
def tell(request: HttpRequest) -> HttpResponse:
    """The donor's form. It needs no cookie: what it writes down is only what the sender says of themselves."""
    form = DonorClaimForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                claim = claims.write_claim(_told(form.cleaned_data), address=request.META["REMOTE_ADDR"])
            except DomainError as error:
                form.add_error(None, sentence(error.code))
                status = error.data.get("status", 400)
            else:
                return SeeOther(reverse("donor-claim-status", args=[claim.code]))
        else:
            status = 422
    return keep_out_of_caches(public_page(request, "channels/claim.html", {"form": form}, status=status))


@require_safe
def told(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a claim: words about it alone, never about a deposit."""
    try:
        parsed = parse_tracking_code(code)
    except DomainError as error:
        raise Http404 from error
    with all_provinces("a donor's own claim by its code"):
        claim = DonorClaim.objects.filter(code=parsed).first()
    if claim is None:
        raise Http404
    context = {"claim": claim, "code": show_code(claim.code)}
    return keep_to_oneself(public_page(request, "channels/claim_status.html", context))


@needs(Permission.VIEW_PAYMENTS)
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Claims in scope; those that wait first."""
    form = ClaimFilterForm(request.GET or None)
    rows = claims_in_scope(**asked_of(form))
    return list_page(request, "payments/claims.html", form, rows, CLAIMS, claim_phrases=phrases)


@needs(Permission.VIEW_PAYMENTS)
@require_http_methods(_METHODS)
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim and the unknown deposits that fit it; one person proposes, another confirms."""
    row = get_object_or_404(DonorClaim.objects.select_related("fund", "province", "donation"), pk=claim_id)
    may = row.state == ClaimState.OPEN and request.access.may(Permission.RECONCILE)
    candidates = candidates_of(row) if row.state == ClaimState.OPEN else []
    act = request.POST.get("act")
    choices = [(str(line.pk), _candidate(line, row)) for line in candidates]
    form = CandidateForm(choices, request.POST if act == "propose" else None)
    refusal = ReasonForm(request.POST if act == "refuse" else None, prefix="no")
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if act == "refuse" and try_service(
            refusal, lambda said: claims.refuse_claim(row.pk, actor=request.user, reason=said["reason"])
        ):
            messages.success(request, phrases.CLAIM_REFUSED)
            return redirect("claim", row.pk)
        if act == "propose" and try_service(
            form,
            lambda said: claims.propose_match(
                row.pk, int(said["line"]), actor=request.user, reason=said["reason"]
            ),
        ):
            messages.success(request, phrases.PROPOSED)
            return redirect("claim", row.pk)
    context = desk_context(
        request,
        claim=row,
        facts=_facts(row),
        candidates=candidates,
        form=form if may and candidates else None,
        refusal=refusal if may else None,
        waiting=row.decisions.filter(state=DecisionState.REQUESTED).first(),
        phrases=phrases,
    )
    return render(request, "payments/claim.html", context)


def _told(said: dict) -> claims.Told:
    return claims.Told(
        amount_rial=said["amount"],
        day=said["day"],
        last_digits=said["last_digits"],
        mobile=said["mobile"],
        fund=said["fund"],
        province=said["province"],
        name=said["name"],
    )


def _candidate(line, row: DonorClaim) -> str:
    words = [
        format_datetime(line.occurred_at),
        format_toman(line.amount_rial),
        line.source.name,
        line.description,
    ]
    if line.card_masked.endswith(row.last_digits):
        words.append(str(phrases.DIGITS_FIT))
    return "، ".join(word for word in words if word)


def _facts(row: DonorClaim) -> list[dict[str, object]]:
    return [
        {"label": phrases.AMOUNT, "value": format_toman(row.amount_rial)},
        {"label": phrases.CLAIM_DAY, "value": format_short(row.day)},
        {"label": phrases.CLAIM_DIGITS, "value": row.last_digits, "code": True},
        {"label": phrases.CLAIM_MOBILE, "value": show_mobile(row.mobile), "code": True},
        {"label": _label("name"), "value": row.name},
        {"label": _label("fund"), "value": row.fund.name},
        {"label": phrases.PROVINCE, "value": row.province.name if row.province else phrases.HEADQUARTERS},
        {"label": phrases.AGE, "value": format_datetime(row.created_at)},
        {"label": phrases.STATE, "value": row.get_state_display()},
    ]


def _label(name: str) -> str:
    return str(DonorClaim._meta.get_field(name).verbose_name)

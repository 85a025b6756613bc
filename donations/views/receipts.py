"""The receipt that its address opens, the same on paper, and the public proof that it is ours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from core.codes import parse_tracking_code, show_code
from core.errors import DomainError
from core.http import keep_to_oneself, public_page
from core.jalali import format_day_month_year
from core.money import format_quantity, format_toman
from core.qr import qr_svg
from donations import phrases
from donations.forms import VerifyForm
from donations.in_kind_selectors import goods_of
from donations.models import GivenGoods, Receipt
from donations.receipt_pdf import ReceiptFacts, render_receipt
from donations.selectors import issuing_office, receipt_by_code, receipt_by_token
from donations.views.gifts import place_label
from ledger.enums import GiftKind


def _open(token: str) -> Receipt:
    try:
        return receipt_by_token(token)
    except DomainError as error:
        raise Http404 from error


def _verify_url(receipt: Receipt) -> str:
    return settings.PORTAL_BASE_URL + reverse("verify-code", args=[receipt.code])


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a page. Its address is its key and leaks neither to search engines nor by Referer."""
    found = _open(token)
    gift, verify_url = found.donation, _verify_url(found)
    context = {
        "receipt": _facts(found)
        | {
            "verify_code": found.code,
            "verify_shown": show_code(found.code),
            "tracking_shown": show_code(gift.tracking_code),
            "donor_name": gift.public_name,
            "campaign_label": gift.edition.title if gift.edition else "",
            "method_label": gift.channel.get_kind_display(),
            "bank_reference": found.bank_reference,
            "goods": goods_of(gift),
            "office_label": issuing_office(gift).name,
            "rule": gift.fund.rule_text,
            "tax_note": _tax_note(found),
        },
        "qr_svg": mark_safe(qr_svg(verify_url, phrases.QR_TITLE)),  # noqa: S308  made here of our own address
        "verify_url": verify_url,
        "pdf_url": reverse("receipt-pdf", args=[found.token]),
        "trail_url": reverse("trail", args=[gift.tracking_code]),
        "give_url": reverse("give"),
    }
    return keep_to_oneself(public_page(request, "donations/receipt.html", context))


@require_safe
def receipt_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt on A5 paper."""
    found = _open(token)
    gift = found.donation
    facts = ReceiptFacts(
        serial=found.serial,
        amount_rial=gift.amount_rial,
        paid_at=gift.received_at,
        issued_at=found.issued_at,
        fund=gift.fund.name,
        tracking_code=gift.tracking_code,
        reference=found.bank_reference,
        office_name=issuing_office(gift).name,
        verify_url=_verify_url(found),
        verification_code=found.code,
        province=gift.province.name if gift.province else "",
        campaign=gift.edition.title if gift.edition else "",
        donor_name=gift.public_name,
        deductible_note=_tax_note(found),
        goods=tuple(goods_line(line) for line in goods_of(gift)),
        cancelled=found.revoked_at is not None,
    )
    response = HttpResponse(render_receipt(facts), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="receipt-{found.serial}.pdf"'
    return keep_to_oneself(response)


def goods_line(line: GivenGoods) -> str:
    """«برنج، ۲۰ کیلوگرم، نو، ۱٬۸۰۰٬۰۰۰ تومان»: one line of a receipt of goods, with its appraised value."""
    unit = f"{format_quantity(line.quantity)} {line.get_unit_display()}"
    parts = (line.name, unit, line.get_condition_display(), format_toman(line.value_rial))
    return "، ".join(parts)


def _tax_note(found: Receipt) -> str:
    gift = found.donation
    return phrases.TAX_NOTE if gift.fund.is_deductible and not gift.is_anonymous else ""


def _facts(found: Receipt) -> dict[str, Any]:
    """What anybody may know of a receipt: nothing of who gave."""
    gift = found.donation
    return {
        "number": found.serial,
        "amount_rial": gift.amount_rial,
        "is_in_kind": gift.kind == GiftKind.IN_KIND,
        "fund_label": gift.fund.name,
        "place_label": place_label(gift),
        "paid_at": gift.received_at,
        "issued_at": found.issued_at,
        "cancelled_at": found.revoked_at,
        "cancelled_reason": phrases.RECEIPT_REVOKED.format(day=format_day_month_year(found.revoked_at))
        if found.revoked_at
        else "",
    }


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The question; a code that is asked for by the form has an address of its own."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return _verify_page(request)
    try:
        found = receipt_by_code(typed)
    except DomainError as error:
        return _unknown(request, typed, error.code)
    return HttpResponseRedirect(reverse("verify-code", args=[found.code]))


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The answer: whether the receipt is ours, for what, where, when and how much; never from whom."""
    try:
        found = receipt_by_code(code)
    except DomainError as error:
        return _unknown(request, code, error.code)
    if found.code != code:
        return HttpResponseRedirect(reverse("verify-code", args=[found.code]))
    return _verify_page(request, asked=show_code(code), found=found)


def _unknown(request: HttpRequest, typed: str, why: str) -> HttpResponse:
    """Not ours, mistyped, or a tracking code: each has its own advice."""
    try:
        tracking = reverse("donation-status", args=[parse_tracking_code(typed)])
    except DomainError:
        tracking = ""
    return _verify_page(
        request, asked=typed[:64], is_mistyped=why == "bad_code", tracking_url=tracking, status=404
    )


def _verify_page(
    request: HttpRequest,
    *,
    asked: str = "",
    found: Receipt | None = None,
    is_mistyped: bool = False,
    tracking_url: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": VerifyForm(initial={"code": asked}),
        "asked": asked,
        "receipt": _facts(found) if found else None,
        "is_mistyped": is_mistyped,
        "tracking_url": tracking_url,
    }
    page = public_page(request, "donations/verify.html", context, status=status)
    return keep_to_oneself(page) if asked else page

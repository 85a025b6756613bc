"""Donors' matters: the donor's own pages, which need no cookie and no script."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.care_forms import CareForm, RatingForm, WordsForm
from cases.enums import CareState
from cases.models import CareCase
from cases.services import care
from core.codes import show_code
from core.errors import DomainError
from core.http import SeeOther, keep_out_of_caches, keep_to_oneself, public_page
from core.phrases import sentence
from provinces.scoping import all_provinces

_METHODS = ["GET", "HEAD", "POST"]


@csrf_exempt
@require_http_methods(_METHODS)
def write(request: HttpRequest) -> HttpResponse:
    """The form. Without a CSRF token on purpose: nobody's rights are used; the sender's words are kept."""
    form = CareForm(request.POST if request.method == "POST" else None, initial=_start(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                case = care.ask(form.asked(), address=request.META["REMOTE_ADDR"])
            except DomainError as error:
                form.add_error(None, sentence(error.code))
                status = error.data.get("status", 422)
            else:
                return SeeOther(reverse("care-status", args=[case.code]))
    return keep_out_of_caches(public_page(request, "care/write.html", {"form": form}, status=status))


@csrf_exempt
@require_http_methods(_METHODS)
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Where a matter stands, what was answered, further words, and how content the donor is. Neither name nor number is
    here: whoever holds the link sees no more than was written."""
    try:
        case = care.find_care(code, address=request.META["REMOTE_ADDR"])
    except DomainError as error:
        if error.code == "not_found":
            raise Http404 from error
        page = public_page(request, "care/wait.html", {"text": sentence(error.code)}, status=429)
        return keep_out_of_caches(page)
    if case.code != code:
        return redirect("care-status", case.code)
    words, rating = WordsForm(), RatingForm()
    answer_status = 200
    if request.method == "POST":
        form = RatingForm(request.POST) if "score" in request.POST else WordsForm(request.POST)
        if isinstance(form, RatingForm):
            rating = form
        else:
            words = form
        if _sent(request, case, form):
            return SeeOther(reverse("care-status", args=[case.code]))
        answer_status = 422
    return keep_to_oneself(_status_page(request, case, words, rating, answer_status))


def _sent(request: HttpRequest, case: CareCase, form: WordsForm | RatingForm) -> bool:
    if not form.is_valid():
        return False
    try:
        if isinstance(form, RatingForm):
            care.rate(case.code, form.cleaned_data["score"])
        else:
            care.write_again(case.code, text=form.cleaned_data["text"], address=request.META["REMOTE_ADDR"])
    except DomainError as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, sentence(error.code))
        return False
    return True


def _status_page(
    request: HttpRequest, case: CareCase, words: WordsForm, rating: RatingForm, status: int
) -> HttpResponse:
    with all_provinces("a donor's own case by its code"):
        said = list(case.messages.filter(is_internal=False))
    context = {
        "case": case,
        "code": show_code(case.code),
        "said": [{"at": m.at, "text": m.text, "by_office": m.by_id is not None} for m in said],
        "words_form": words if case.state != CareState.CLOSED else None,
        "rating_form": rating if case.state == CareState.CLOSED and case.satisfaction is None else None,
    }
    return public_page(request, "care/status.html", context, status=status)


def _start(request: HttpRequest) -> dict[str, str]:
    """A page about a gift leads here with its code."""
    return {"tracking_code": request.GET.get("tracking_code", "")[:30]}

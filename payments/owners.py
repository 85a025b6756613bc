"""Taking what does not fit upon oneself, and handing it on: for the pages that show it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from payments import reconciliation_phrases as phrases
from payments.desk_pages import try_service
from payments.models import Discrepancy
from payments.reconciliation_forms import OwnerForm
from payments.services import discrepancies
from provinces.colleagues import colleagues_who_may
from provinces.permissions import Permission

TAKE, GIVE = "take", "give"


def hand_over(request: HttpRequest, row: Discrepancy | None) -> tuple[OwnerForm | None, bool]:
    """The form for handing it on (None where this person may not), and whether a POST was meant and done."""
    if row is None or row.settled_at is not None or not request.access.may(Permission.RECONCILE):
        if request.method == "POST" and request.POST.get("act") in (TAKE, GIVE):
            raise PermissionDenied
        return None, False
    act = request.POST.get("act") if request.method == "POST" else None
    colleagues = colleagues_who_may(Permission.RECONCILE, row.source.office.province_id)
    form = OwnerForm(request.POST if act == GIVE else None, colleagues=colleagues.exclude(pk=request.user.pk))
    if act == TAKE:
        discrepancies.give(row.pk, request.user, actor=request.user)
        messages.success(request, phrases.TAKEN)
        return form, True
    if act == GIVE and try_service(
        form, lambda said: discrepancies.give(row.pk, said["owner"], actor=request.user)
    ):
        messages.success(request, phrases.GIVEN)
        return form, True
    return form, False


def owner_form_is_meant(form: OwnerForm | None) -> bool:
    """Whether a POST was about the owner, and not about a proposal on the same page."""
    return form is not None and form.is_bound

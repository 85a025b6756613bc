"""What this room's pages at the desk share: tabs, forms that run a service, words for a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from aid import allocation_phrases as phrases
from aid.enums import AllocationState, FirewallRule
from aid.models import Allocation
from core.errors import DomainError
from core.money import group_digits
from core.phrases import sentence
from provinces.desk import desk_context


def tried(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Run a service with a valid form's data; a refusal becomes a sentence in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as error:
        if error.data.get("status") == 404:
            raise
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, refusal(error))
        return False
    return True


def refusal(error: DomainError) -> str:
    """A sentence for a refusal; the firewall names its rule."""
    if error.code == "fund_firewall":
        rule = FirewallRule(error.data["rule"]).label
        return phrases.FIREWALL.format(rule=rule, fund=error.data["fund"], text=error.data["text"])
    return sentence(error.code)


def aid_context(request: HttpRequest, at: str, **more: object) -> dict[str, object]:
    """Context of a page of this room; `at` names its tab."""
    waiting = Allocation.objects.filter(state=AllocationState.PROPOSED).count()
    tabs = [
        {"label": phrases.POOLS, "url": reverse("aid-desk"), "current": at == "pools"},
        {
            "label": f"{phrases.ALLOCATIONS} ({group_digits(waiting)})" if waiting else phrases.ALLOCATIONS,
            "url": reverse("allocations"),
            "current": at == "allocations",
        },
    ]
    return desk_context(request, aid_tabs=tabs, phrases=phrases, **more)

"""Writing down what was told in public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from core.models import User
from core.text import normalise
from dashboards.models import ToldFigure


class Told(TypedDict):
    """What somebody said: `amount` in `unit` (rials, percent, persons, pieces)."""

    topic: str
    kind: str
    unit: str
    amount: Decimal
    precision: str
    starts_on: date | None
    ends_on: date | None
    source: str
    told_on: date | None
    note: str


@transaction.atomic
def tell_figure(told: Told, *, actor: User) -> ToldFigure:
    """Write it down. Audited. DomainError: told_already (the same figure of the same source), bad_period."""
    start, end = told["starts_on"], told["ends_on"]
    if (start is None) != (end is None) or (start and end and end < start):
        raise DomainError("bad_period", field="ends_on")
    words = {name: normalise(told[name]) for name in ("topic", "source", "note")}
    try:
        with transaction.atomic():
            made = ToldFigure.objects.create(**told | words, entered_by=actor)
    except IntegrityError as error:
        raise DomainError("told_already", field="amount", status=409) from error
    record("told_figure.add", made, actor=actor, amount=str(made.amount), unit=made.unit)
    return made


@transaction.atomic
def withdraw_figure(figure_id: int, *, actor: User, reason: str) -> ToldFigure:
    """Take one out of the register: it was written down wrongly. It stays as a row. Audited; repeating it changes
    nothing. DomainError: not_found, reason_required."""
    reason = normalise(reason)
    if not reason:
        raise DomainError("reason_required", field="reason")
    made = ToldFigure.objects.select_for_update().filter(pk=figure_id).first()
    if made is None:
        raise DomainError("not_found", status=404)
    if made.withdrawn_at is None:
        made.withdrawn_at, made.why_withdrawn = timezone.now(), reason[:300]
        made.save(update_fields=["withdrawn_at", "why_withdrawn"])
        record("told_figure.withdraw", made, actor=actor, reason=reason)
    return made

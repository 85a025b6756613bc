"""Reading gifts of goods: by the code people hold, at the desk, and as a receipt names them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.db.models import Q, QuerySet

from core.codes import parse_tracking_code
from core.errors import DomainError
from core.listing import between
from core.text import normalise
from donations.models import Donation, GiftInKind, GivenGoods
from ledger.enums import GiftKind


def find_gift_in_kind(tracking_code: str) -> GiftInKind:
    """A gift of goods with its office, by its code however it was typed; DomainError("not_found") otherwise."""
    try:
        code = parse_tracking_code(tracking_code)
    except DomainError as error:
        raise DomainError("not_found", status=404) from error
    related = ("office__province", "office__county", "fund", "need", "donation__receipt")
    gift = GiftInKind.objects.select_related(*related).filter(tracking_code=code).first()
    if gift is None:
        raise DomainError("not_found", status=404)
    return gift


def offers_in_scope(
    state: str = "", q: str = "", *, since: date | None = None, until: date | None = None
) -> QuerySet[GiftInKind]:
    """Gifts of goods of the open scope, offered between these days, the newest first; `q` is a tracking code or a part
    of the donor's name."""
    gifts = GiftInKind.objects.select_related("office", "fund").prefetch_related("offered", "given")
    gifts = between(gifts, "offered_at", since, until)
    if state:
        gifts = gifts.filter(state=state)
    if q:
        about = Q(donor_name__icontains=normalise(q))
        with suppress(DomainError):
            about |= Q(tracking_code=parse_tracking_code(q))
        gifts = gifts.filter(about)
    return gifts


def goods_of(gift: Donation) -> list[GivenGoods]:
    """What was given, line by line, of a received gift in kind; nothing of a gift of money (no query)."""
    return list(gift.in_kind.given.all()) if gift.kind == GiftKind.IN_KIND else []

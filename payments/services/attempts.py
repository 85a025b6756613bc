"""Sending a donor to a bank: the attempt is committed before the bank is called, its token before the donor
goes there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.codes import show_code
from core.errors import DomainError
from donations.enums import DonationStatus
from donations.models import Donation
from donations.services.donations import mark_unpaid
from payments import phrases
from payments.enums import AttemptState
from payments.gateways import GATEWAYS
from payments.gateways.base import GatewayError, GatewayUnavailable, Handover, Order
from payments.models import Attempt
from payments.services import clock
from payments.services.health import BUSY, note_failure, note_success, room_to_wait
from payments.services.terminals import Route, access_to, deposit_id, routes_for
from payments.states import Move, transition
from provinces.scoping import check_write

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 20  # of one gift; whoever needs more is trying cards, and starts a new gift


class _Gift(NamedTuple):
    """What must be known of a gift to send its donor on."""

    pk: int
    tracking_code: str
    amount_rial: int
    province_id: str | None
    fund_id: str
    fund_name: str
    preferred_gateway: str
    is_new: bool  # no attempt was made yet


_GIFT = "SELECT * FROM payments_gift_to_pay(%s)"
# The first attempt of a gift, which nobody else is likely to be making: one statement, committed by itself.
_OPEN_FIRST = "SELECT id, order_id FROM payments_open_first(%s, %s, %s::smallint, %s, %s, %s)"
_HAND_OVER = "SELECT payments_hand_over(%s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Departure:
    """Where a donor goes now, and through which gateway with how much."""

    handover: Handover
    gateway: str
    amount_rial: int


def send_to_bank(tracking_code: str, prefer: str = "") -> Departure:
    """Where the donor of this gift goes now. Safe to repeat: a bank page opened minutes ago is opened again.

    Tries the gateways in order, each with an attempt of its own, until one gives a token. Raises DomainError:
    already_received, in_review, too_many_attempts, gateway_unavailable, not_found.
    """
    gift = _find(tracking_code)
    prefer = prefer or gift.preferred_gateway
    for number, route in enumerate(routes_for(gift.amount_rial, gift.province_id, prefer)):
        attempt = _open_first(gift, route) if gift.is_new and number == 0 else None
        if attempt is None:
            attempt, fresh = _open(gift, route, prefer)
            if fresh is not None:
                again = GATEWAYS[fresh.gateway].handover(
                    access_to(fresh.terminal, fresh.credentials_version), fresh.token
                )
                return Departure(again, fresh.gateway, fresh.amount_rial)
        handover = _ask_token(gift, attempt, route)
        if handover is not None:
            return Departure(handover, attempt.gateway, attempt.amount_rial)
    raise DomainError("gateway_unavailable")


def _find(tracking_code: str) -> _Gift:
    with connection.cursor() as cursor:
        cursor.execute(_GIFT, [tracking_code])
        row = cursor.fetchone()
    if row is None:
        raise DomainError("not_found", status=404)
    gift = _Gift(*row)
    check_write(gift.province_id)
    return gift


def _open_first(gift: _Gift, route: Route) -> Attempt | None:
    """The first attempt of a pending gift; None when it is no longer pending or somebody was quicker."""
    attempt = Attempt(
        donation_id=gift.pk,
        terminal=route.terminal,
        credentials_version=route.terminal.credentials_version,
        gateway=route.gateway.name,
        amount_rial=gift.amount_rial,
    )
    until = timezone.now() + clock.HANDOVER_GRACE
    with connection.cursor() as cursor:
        terminal = [attempt.terminal_id, attempt.credentials_version, attempt.gateway]
        values = [gift.pk, *terminal, attempt.amount_rial, until]
        cursor.execute(_OPEN_FIRST, values)
        row = cursor.fetchone()
    if row is None:
        return None
    attempt.pk, attempt.order_id = row
    return attempt


@transaction.atomic
def _open(gift: _Gift, route: Route, prefer: str) -> tuple[Attempt | None, Attempt | None]:
    """(a new attempt, or one whose bank page is still fresh). Locks the donation."""
    locked = Donation.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if locked.status in (DonationStatus.RECEIVED, DonationStatus.REFUNDED):
        raise DomainError("already_received")
    if locked.status == DonationStatus.UNDER_REVIEW:
        raise DomainError("in_review")
    now = timezone.now()
    fresh = (
        Attempt.objects.filter(
            donation=gift.pk, state=AttemptState.REDIRECTED, redirected_at__gt=now - clock.REUSE_TOKEN_FOR
        )
        .select_related("terminal")
        .order_by("-pk")
        .first()
    )
    if fresh is not None and (not prefer or prefer == fresh.gateway):
        return None, fresh
    if Attempt.objects.filter(donation=gift.pk).count() >= MOST_ATTEMPTS:
        raise DomainError("too_many_attempts", status=429)
    attempt = Attempt.objects.create(
        donation_id=gift.pk,
        terminal=route.terminal,
        credentials_version=route.terminal.credentials_version,
        gateway=route.gateway.name,
        amount_rial=gift.amount_rial,
        next_ask_at=now + clock.HANDOVER_GRACE,
    )
    mark_unpaid([gift.pk], DonationStatus.PENDING)
    return attempt, None


def _ask_token(gift: _Gift, attempt: Attempt, route: Route) -> Handover | None:
    """Call the bank with no transaction open; None when this gateway gave no token."""
    order = Order(
        order_id=str(attempt.order_id),
        amount_rial=attempt.amount_rial,
        callback_url=settings.PORTAL_BASE_URL + reverse("payments:callback", args=[attempt.gateway]),
        description=phrases.ORDER_DESCRIPTION.format(fund=gift.fund_name, code=show_code(gift.tracking_code)),
        extra=_extra(gift, route),
    )
    try:
        with room_to_wait(attempt.gateway):
            handover = route.gateway.request(access_to(route.terminal), order)
    except GatewayError as error:
        log.warning("no token from %s for order %s: %s", attempt.gateway, attempt.order_id, error.code)
        if isinstance(error, GatewayUnavailable) and error.code != BUSY:
            note_failure(attempt.gateway)
        _give_up(attempt, error.code)
        return None
    note_success(attempt.gateway)
    return handover if remember_token(attempt, handover.token) else None


def _extra(gift: _Gift, route: Route) -> dict[str, str]:
    """What the bank's reports should carry: our codes, and the deposit id of terminal and fund where there is one."""
    return {
        "res_num1": gift.tracking_code,
        "res_num2": gift.province_id or "",
        "payment_identity": deposit_id(route.terminal.pk, gift.fund_id),
    }


def remember_token(attempt: Attempt, token: str, at: datetime | None = None) -> bool:
    """Commit the bank's token before the donor is sent there; False when the attempt was given up."""
    now = at or timezone.now()
    ask_until = clock.deadline(GATEWAYS[attempt.gateway], now)
    next_ask_at = clock.next_ask(now, now, ask_until, asks=0, is_awaited=False)
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OVER, [attempt.pk, token, now, ask_until, next_ask_at])
        return cursor.fetchone()[0]


@transaction.atomic
def _give_up(attempt: Attempt, code: str) -> None:
    locked = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if locked.state == AttemptState.CREATED:
        transition([Move(attempt.pk, AttemptState.FAILED, f"no_token:{code}", decided_at=timezone.now())])


@transaction.atomic
def record_attempt(donation: Donation, terminal, token: str, at: datetime) -> Attempt:
    """An attempt of the past with its token, for recorded histories; calls no bank. At once, so that it is never there
    without a time at which it is asked about."""
    attempt = Attempt.objects.create(
        donation=donation,
        terminal=terminal,
        credentials_version=terminal.credentials_version,
        gateway=terminal.gateway,
        amount_rial=donation.amount_rial,
        created_at=at,
    )
    remember_token(attempt, token, at)
    return attempt

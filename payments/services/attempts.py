"""Sending a donor to a bank: the attempt is committed before the bank is called, its token before the donor
goes there."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
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
from payments.models import Attempt, DepositIdentifier
from payments.services import clock
from payments.services.health import BUSY, note_failure, note_success, room_to_wait
from payments.services.terminals import Route, access_to, routes_for
from payments.states import Move, transition

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 20  # of one gift; whoever needs more is trying cards, and starts a new gift


def send_to_bank(tracking_code: str, prefer: str = "") -> Handover:
    """Where the donor of this gift goes now. Safe to repeat: a bank page opened minutes ago is opened again.

    Tries the gateways in order, each with an attempt of its own, until one gives a token. Raises DomainError:
    already_received, in_review, too_many_attempts, gateway_unavailable, not_found.
    """
    donation = Donation.objects.filter(tracking_code=tracking_code).select_related("fund").first()
    if donation is None:
        raise DomainError("not_found", status=404)
    prefer = prefer or donation.preferred_gateway
    for route in routes_for(donation.amount_rial, donation.province_id, prefer):
        attempt, again = _open(donation, route, prefer)
        if again is not None:
            return again
        handover = _ask_token(donation, attempt, route)
        if handover is not None:
            return handover
    raise DomainError("gateway_unavailable")


@transaction.atomic
def _open(donation: Donation, route: Route, prefer: str) -> tuple[Attempt | None, Handover | None]:
    """A new attempt, or the hand-over of one that is still fresh. Locks the donation."""
    locked = Donation.objects.select_for_update(of=("self",)).get(pk=donation.pk)
    if locked.status in (DonationStatus.RECEIVED, DonationStatus.REFUNDED):
        raise DomainError("already_received")
    if locked.status == DonationStatus.UNDER_REVIEW:
        raise DomainError("in_review")
    now = timezone.now()
    fresh = (
        Attempt.objects.filter(
            donation=donation, state=AttemptState.REDIRECTED, redirected_at__gt=now - clock.REUSE_TOKEN_FOR
        )
        .select_related("terminal")
        .order_by("-pk")
        .first()
    )
    if fresh is not None and (not prefer or prefer == fresh.gateway):
        return None, GATEWAYS[fresh.gateway].handover(access_to(fresh.terminal), fresh.token)
    if Attempt.objects.filter(donation=donation).count() >= MOST_ATTEMPTS:
        raise DomainError("too_many_attempts", status=429)
    attempt = Attempt.objects.create(
        donation=donation,
        terminal=route.terminal,
        gateway=route.gateway.name,
        amount_rial=donation.amount_rial,
        next_ask_at=now + clock.HANDOVER_GRACE,
    )
    mark_unpaid([donation.pk], DonationStatus.PENDING)
    return attempt, None


def _ask_token(donation: Donation, attempt: Attempt, route: Route) -> Handover | None:
    """Call the bank with no transaction open; None when this gateway gave no token."""
    order = Order(
        order_id=str(attempt.order_id),
        amount_rial=attempt.amount_rial,
        callback_url=settings.PORTAL_BASE_URL + reverse("payments:callback", args=[attempt.gateway]),
        description=phrases.ORDER_DESCRIPTION.format(
            fund=donation.fund.name, code=show_code(donation.tracking_code)
        ),
        extra=_extra(donation, route),
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


def _extra(donation: Donation, route: Route) -> dict[str, str]:
    """What the bank's reports should carry: our codes, and the deposit id of terminal and fund where there is one."""
    deposit_id = DepositIdentifier.objects.filter(terminal=route.terminal, fund=donation.fund_id).first()
    return {
        "res_num1": donation.tracking_code,
        "res_num2": donation.province_id or "",
        "payment_identity": deposit_id.value if deposit_id else "",
    }


def remember_token(attempt: Attempt, token: str, at: datetime | None = None) -> bool:
    """Commit the bank's token before the donor is sent there; False when the attempt was given up."""
    now = at or timezone.now()
    ask_until = clock.deadline(GATEWAYS[attempt.gateway], now)
    return bool(
        Attempt.objects.filter(pk=attempt.pk, state=AttemptState.CREATED).update(
            state=AttemptState.REDIRECTED,
            reason="handed_over",
            token=token,
            redirected_at=now,
            ask_until=ask_until,
            next_ask_at=clock.next_ask(now, now, ask_until, asks=0, is_awaited=False),
        )
    )


@transaction.atomic
def _give_up(attempt: Attempt, code: str) -> None:
    locked = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if locked.state == AttemptState.CREATED:
        transition([Move(attempt.pk, AttemptState.FAILED, f"no_token:{code}", decided_at=timezone.now())])


def record_attempt(donation: Donation, terminal, token: str, at: datetime) -> Attempt:
    """An attempt of the past with its token, for recorded histories; calls no bank."""
    attempt = Attempt.objects.create(
        donation=donation,
        terminal=terminal,
        gateway=terminal.gateway,
        amount_rial=donation.amount_rial,
        created_at=at,
    )
    remember_token(attempt, token, at)
    return attempt

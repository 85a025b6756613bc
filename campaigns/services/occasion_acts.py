"""What opens and closes with an occasion: ordered by a person, carried out by a job when its day has come.

The job may run in many workers and any number of times: each act is taken under a lock and done once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.enums import CampaignState, OccasionActKind
from campaigns.models import Edition, Occasion, OccasionAct
from campaigns.occasions import SEASON_KINDS, due_acts
from campaigns.services.editions import close_edition, open_edition
from campaigns.services.occasions import sync_seasons
from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from core.text import normalise

JOB = "campaigns.apply_occasions"


@transaction.atomic
def order_act(
    occasion: Occasion,
    *,
    kind: OccasionActKind,
    anchor: str,
    offset_days: int = 0,
    edition: Edition | None = None,
    role: str = "",
    text: str = "",
    waits_for_confirmation: bool = True,
    actor: User,
) -> OccasionAct:
    """Order what is to happen on a day counted from an occasion. A season follows at once.

    DomainError: act_needs_edition, act_needs_text (a reminder, and the word to donors with which an edition closes),
    act_needs_role, act_exists.
    """
    text = normalise(text)[:300]
    is_reminder = kind == OccasionActKind.REMIND
    if not is_reminder and edition is None:
        raise DomainError("act_needs_edition", field="edition")
    if not text and kind in (OccasionActKind.REMIND, OccasionActKind.CLOSE_EDITION):
        raise DomainError("act_needs_text", field="text")
    if is_reminder and not role:
        raise DomainError("act_needs_role", field="role")
    try:
        with transaction.atomic():
            act = OccasionAct.objects.create(
                occasion=occasion,
                kind=kind,
                anchor=anchor,
                offset_days=offset_days,
                edition=None if is_reminder else edition,
                role=role if is_reminder else "",
                text=text,
                waits_for_confirmation=waits_for_confirmation,
                ordered_by=actor,
            )
    except IntegrityError as error:
        if "one_act_each" not in str(error):
            raise
        raise DomainError("act_exists") from error
    audit.record("occasion.act_ordered", act, actor=actor, occasion=occasion.pk, kind=str(kind))
    if kind in SEASON_KINDS:
        sync_seasons(occasion, actor=actor)
    return act


@transaction.atomic
def drop_act(act_id: int, *, actor: User) -> None:
    """Take back an order that has not been carried out. DomainError: not_found, act_done."""
    act = _locked(act_id)
    if act.done_at:
        raise DomainError("act_done")
    audit.record(
        "occasion.act_dropped", act, actor=actor, occasion=act.occasion_id, kind=act.kind, text=act.text
    )
    act.delete()


@transaction.atomic
def settle_reminder(act_id: int, *, actor: User) -> OccasionAct:
    """Somebody has seen to what they were reminded of; repeatable. DomainError: not_found."""
    act = _locked(act_id)
    if act.kind != OccasionActKind.REMIND:
        raise DomainError("not_found", status=404)
    if act.done_at is None:
        act.done_at, act.done_by = timezone.now(), actor
        act.save(update_fields=["done_at", "done_by"])
        audit.record("occasion.reminder_settled", act, actor=actor, occasion=act.occasion_id)
    return act


def apply_due_acts(now: datetime | None = None) -> int:
    """Carry out every act whose day has come in Tehran; returns how many. Needs the whole country's scope.

    What cannot be done keeps its reason in `trouble`, is tried again at the next run, and stops no other act.
    """
    today, done = tehran_today(now), 0
    waiting = due_acts(today).exclude(kind=OccasionActKind.REMIND).values_list("pk", flat=True)
    for pk in list(waiting):
        with transaction.atomic():
            act = OccasionAct.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                pk=pk, done_at=None
            ).first()  # fmt: skip
            done += act is not None and _try(act)
    return done


def _try(act: OccasionAct) -> bool:
    try:
        with transaction.atomic():
            changed = _carry_out(act)
    except DomainError as error:
        if act.trouble != error.code:
            act.trouble = error.code
            act.save(update_fields=["trouble"])
        return False
    act.done_at, act.trouble = timezone.now(), ""
    act.save(update_fields=["done_at", "trouble"])
    audit.record("occasion.act_done", act, job=JOB, occasion=act.occasion_id, kind=act.kind, changed=changed)
    return True


def _carry_out(act: OccasionAct) -> bool:
    """As the person who ordered it; whether anything had to be changed. DomainError of `open_edition` and
    `close_edition`, such as wrong_state (not approved yet) and another_edition_open."""
    state = Edition.objects.values_list("state", flat=True).get(pk=act.edition_id)
    if act.kind == OccasionActKind.OPEN_EDITION:
        if state == CampaignState.OPEN:
            return False
        open_edition(act.edition_id, actor=act.ordered_by)
        return True
    if state in (CampaignState.CLOSED, CampaignState.REPORTED):
        return False
    close_edition(act.edition_id, actor=act.ordered_by, text=act.text)
    return True


def _locked(act_id: int) -> OccasionAct:
    act = OccasionAct.objects.select_for_update(of=("self",)).filter(pk=act_id).first()
    if act is None:
        raise DomainError("not_found", status=404)
    return act

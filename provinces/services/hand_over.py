"""What a person has open goes on when they leave: to a colleague, or to the queue of the office."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.jalali import tehran_today
from core.models import User
from provinces.access import Access, access_by, access_of, in_force, memberships_of
from provinces.models import HandOver, Membership
from provinces.scoping import all_provinces
from provinces.work import Owned, is_held, owned_kinds

JOB = "provinces.hand_over"


def open_work_of(membership: Membership) -> dict[str, int]:
    """{kind: how many rows would have to go on, were this membership over}."""
    with all_provinces("listing what a person has open"):
        remaining = _remaining(membership)
        return {
            kind.key: len(rows)
            for kind in owned_kinds()
            if (rows := _left_behind(kind, membership, remaining))
        }


def check_heir(membership: Membership, heir: User | None) -> None:
    """DomainError heir_unfit unless the heir works, apart from this membership, where its work lies."""
    if heir is None:
        return
    office = membership.office
    scope = access_of(heir).scope
    if heir == membership.user or scope is None or not scope.holds(office.province_id, office.county_id):
        raise DomainError("heir_unfit", field="hands_to")


@all_provinces("handing over what a person has open")
@transaction.atomic
def hand_over(membership: Membership, *, actor: User | None, job: str = "") -> HandOver:
    """Give everything that the person's other memberships do not cover to `membership.hands_to`, or to nobody, which
    is the office's queue; what the heir may not look after goes to the queue too. Each row is locked and audited.

    Repeatable: a membership is handed over once.
    """
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    done = HandOver.objects.filter(membership=membership).first()
    if done is not None:
        return done
    heir = membership.hands_to
    heirs_access = access_of(heir) if heir else Access()
    moved: dict[str, int] = {}
    for kind in owned_kinds():
        for pk, place in _left_behind(kind, membership, _remaining(membership)).items():
            to = heir if is_held(kind, place, heirs_access) else None
            _give(kind, pk, membership, to, actor, job)
            moved[kind.key] = moved.get(kind.key, 0) + 1
    return HandOver.objects.create(membership=membership, handed_to=heir, actor=actor, counts=moved)


@all_provinces("handing over what ended memberships leave")
def hand_over_ended() -> int:
    """Hand over every membership whose last day has passed; gives how many had something open. A scheduled job."""
    over = Membership.objects.filter(ends_on__lt=tehran_today(), handover=None).order_by("pk")
    ended = [hand_over(one, actor=None, job=JOB) for one in over.select_related("office", "user", "hands_to")]
    return sum(bool(one.counts) for one in ended)


@transaction.atomic
def see_hand_over(hand_over_id: int, *, actor: User) -> None:
    """Somebody of the place has seen what fell to the queue; repeatable. DomainError not_found."""
    row = HandOver.objects.filter(pk=hand_over_id).first()
    if row is None:
        raise DomainError("not_found", status=404)
    if row.seen_at is None:
        row.seen_at = timezone.now()
        row.save(update_fields=["seen_at"])
        audit.record("hand_over.see", row, actor=actor)


def _remaining(membership: Membership) -> Access:
    """What the person may do today without this membership."""
    return access_by([one for one in memberships_of(membership.user) if one.pk != membership.pk])


def _left_behind(kind: Owned, membership: Membership, remaining: Access) -> dict[int, tuple]:
    """{row: (province, county)} of the person's open rows that the remaining memberships do not cover."""
    province, county = kind.places()
    rows = kind.of(membership.user).values_list("pk", province, *([county] if county else []))
    placed = {pk: (*place, None)[:2] for pk, *place in rows}
    return {pk: place for pk, place in placed.items() if not is_held(kind, place, remaining)}


def _give(
    kind: Owned, pk: int, membership: Membership, to: User | None, actor: User | None, job: str
) -> None:
    row = kind.model.objects.select_for_update(of=("self",)).get(pk=pk)
    setattr(row, kind.field, to)
    row.save(update_fields=[kind.field])
    audit.record(
        "work.hand_over",
        row,
        actor=actor,
        job=job or ("" if actor else JOB),
        province_code=membership.office.province_id,
        kind=kind.key,
        membership=membership.pk,
        giver=membership.user_id,
        taker=to.pk if to else "",
    )


def colleagues_for(membership: Membership):
    """Who may be chosen as heir: people in office today where the membership is, or above it."""
    office = membership.office
    with all_provinces("listing colleagues"):
        here = Membership.objects.filter(in_force(), office__level="hq")
        if office.province_id:
            here |= Membership.objects.filter(
                in_force(), office__level="province", office__province=office.province_id
            )
        if office.county_id:
            here |= Membership.objects.filter(in_force(), office__county=office.county_id)
        people = list(here.values_list("user", flat=True))
    return (
        User.objects.filter(is_active=True, pk__in=people)
        .exclude(pk=membership.user_id)
        .order_by("display_name", "username")
    )

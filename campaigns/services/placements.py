"""Printed codes and the boxes that carry them: made, replaced, revoked; within the scope of who does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max

from campaigns.enums import CampaignState, PlacementKind
from campaigns.models import Box, Branch, Edition, Fund, Placement
from core import audit
from core.codes import new_placement_code
from core.errors import DomainError
from core.models import User
from core.text import normalise, persian_digits
from provinces.models import County, Province
from provinces.scoping import all_provinces, check_write

MOST_TRIES = 5
MOST_AT_ONCE = 500
MOST_BOX_NUMBER = 999_999

Made = TypeVar("Made")


@transaction.atomic
def create_placement(
    *,
    kind: PlacementKind,
    title: str,
    province: Province | None = None,
    county: County | None = None,
    edition: Edition | None = None,
    branch: Branch | None = None,
    fund: Fund | None = None,
    actor: User | None,
    job: str = "",
) -> Placement:
    """A new printed code for a place (national without a province); audited.

    The branch follows from edition and province unless it is named. DomainError: not_found (outside the open scope),
    unknown_county (not in the province), campaign_elsewhere (another province's own campaign), title_required.
    """
    place = checked_place(province, county)
    check_edition(edition, province)
    title = normalise(title)[:160]
    if not title:
        raise DomainError("title_required", field="title")
    placement = _with_new_code(
        lambda code: Placement.objects.create(
            code=code,
            kind=kind,
            title=title,
            edition=edition,
            branch=branch or branch_of(edition, province),
            fund=fund,
            created_by=actor,
            **place,
        )
    )
    _record("placement.add", placement, actor, job, kind=kind)
    return placement


def check_edition(edition: Edition | None, province: Province | None) -> None:
    """Raise DomainError("campaign_elsewhere") for a code of another province than the one whose campaign it is."""
    only_in = edition.campaign.only_in if edition else ""
    if only_in and (province is None or province.pk != only_in):
        raise DomainError("campaign_elsewhere", field="edition")


@transaction.atomic
def create_box(
    *,
    province: Province,
    county: County | None = None,
    address: str = "",
    number: int | None = None,
    edition: Edition | None = None,
    fund: Fund | None = None,
    permit_no: str = "",
    permit_valid_until: date | None = None,
    actor: User | None,
    job: str = "",
) -> Box:
    """A fitriyeh box with a printed code of its own; audited. Without a number it gets the province's next.

    DomainError: not_found (outside the open scope), unknown_county, box_number_taken.
    """
    checked_place(province, county)
    number = _free_number(province, number)
    placement = create_placement(
        kind=PlacementKind.BOX,
        title=f"{PlacementKind.BOX.label} {persian_digits(number)}",
        province=province,
        county=county,
        edition=edition,
        fund=fund,
        actor=actor,
        job=job,
    )
    box = Box.objects.create(
        number=number,
        province=province,
        county=county,
        address=normalise(address)[:200],
        placement=placement,
        permit_no=normalise(permit_no)[:40],
        permit_valid_until=permit_valid_until,
    )
    _record("box.add", box, actor, job, number=number)
    return box


@transaction.atomic
def create_boxes(count: int, *, number: int | None = None, **facts) -> list[Box]:
    """`create_box` for `count` boxes with consecutive numbers, all or none. DomainError also: bad_count."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise DomainError("bad_count", field="count", most=MOST_AT_ONCE)
    checked_place(facts["province"], facts.get("county"))
    first = _free_number(facts["province"], number)
    return [create_box(number=first + step, **facts) for step in range(count)]


@transaction.atomic
def replace_placement(placement: Placement, *, actor: User | None, reason: str, job: str = "") -> Placement:
    """A new code in the place of a lost or worn one; audited. The old print leads to the new code,
    and a box goes along.

    DomainError: not_found, reason_required, already_replaced, placement_revoked.
    """
    [old] = _locked(Placement, [placement])
    _require(reason)
    if old.replaced_by_id:
        raise DomainError("already_replaced")
    if not old.is_active:
        raise DomainError("placement_revoked")
    new = _with_new_code(
        lambda code: Placement.objects.create(
            code=code,
            created_by=actor,
            **{
                name: getattr(old, name)
                for name in ("kind", "title", "province", "county", "edition", "branch", "fund")
            },
        )
    )
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    Box.objects.filter(placement=old).update(placement=new)
    _record("placement.replace", old, actor, job, reason=reason, replaced_by=new.pk)
    return new


@transaction.atomic
def revoke_placement(placement: Placement, *, actor: User | None, reason: str, job: str = "") -> Placement:
    """Take a code out of use: who scans it is told that we do not know it; audited. Safe to repeat.

    DomainError: not_found, reason_required.
    """
    [row] = _locked(Placement, [placement])
    _require(reason)
    if row.is_active:
        row.is_active = False
        row.save(update_fields=["is_active"])
        _record("placement.revoke", row, actor, job, reason=reason)
    return row


def checked_place(province: Province | None, county: County | None) -> dict[str, Province | County | None]:
    """The place as fields of a row; DomainError not_found (outside the open scope), unknown_county."""
    check_write(province and province.pk, county and county.pk)
    if county is not None and (province is None or county.province_id != province.pk):
        raise DomainError("unknown_county", field="county")
    return {"province": province, "county": county}


def branch_of(edition: Edition | None, province: Province | None) -> Branch | None:
    """The open branch of an edition in a province, None without one."""
    if edition is None or province is None:
        return None
    with all_provinces("the branch of a county's code"):
        return Branch.objects.filter(edition=edition, province=province, state=CampaignState.OPEN).first()


def _free_number(province: Province, wanted: int | None) -> int:
    """A box number that nobody else takes until the commit: a province gives them one after another.

    The lock leaves room for gifts, which only refer to the province.
    """
    Province.objects.select_for_update(no_key=True).get(pk=province.pk)
    with all_provinces("box numbers are the province's, whoever of it asks"):
        boxes = Box.objects.filter(province=province)
        if wanted is None:
            return (boxes.aggregate(last=Max("number"))["last"] or 0) + 1
        if not 1 <= wanted <= MOST_BOX_NUMBER or boxes.filter(number=wanted).exists():
            raise DomainError("box_number_taken", field="number", number=wanted)
    return wanted


def _with_new_code(make: Callable[[str], Made]) -> Made:
    """What `make` makes with a random code; another code is drawn when one exists already."""
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return make(new_placement_code())
        except IntegrityError as error:
            if "campaigns_placement_code" not in str(error):
                raise
    raise DomainError("no_free_code")


def _locked(model: type[Made], rows: Iterable[Made]) -> list[Made]:
    """The rows again, locked in the order of their keys; DomainError not_found when one is out of scope."""
    keys = {row.pk for row in rows}
    found = list(model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if len(found) != len(keys):
        raise DomainError("not_found", status=404)
    for row in found:
        check_write(row.province_id, row.county_id)
    return found


def _require(reason: str) -> None:
    if not reason.strip():
        raise DomainError("reason_required", field="reason")


def _record(
    action: str, row: Box | Placement, actor: User | None, job: str, *, reason: str = "", **data
) -> None:
    audit.record(
        action, row, actor=actor, job=job, province_code=row.province_id, reason=reason.strip()[:500], **data
    )

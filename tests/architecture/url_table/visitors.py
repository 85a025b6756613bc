"""Who comes to the portal, what they may do, and how a row of the table is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from provinces.enums import Role

STRANGER, PASSWORD_ONLY, ENDED = "stranger", "signed in without second factor", "membership ended"
VISITORS: tuple[str, ...] = (STRANGER, PASSWORD_ONLY, ENDED, *Role.values)

OFFICER, EXPERT, MANAGER, ACCOUNTANT = (
    Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.PROVINCIAL_ACCOUNTANT,
)  # fmt: skip
HQ_ANALYST, HQ_MANAGER, HQ_ACCOUNTANT, ADMINISTRATOR = (
    Role.HQ_ANALYST, Role.HQ_MANAGER, Role.HQ_ACCOUNTANT, Role.ADMINISTRATOR,
)  # fmt: skip
TELLS_FIGURES = (HQ_ANALYST, HQ_MANAGER)
HQ = (HQ_ANALYST, HQ_MANAGER, HQ_ACCOUNTANT, ADMINISTRATOR)
PROVINCIAL = (EXPERT, MANAGER, ACCOUNTANT)

Statuses = dict[str, int]
TO_LOGIN, FORBIDDEN = 302, 403


def everyone(status: int = 200) -> Statuses:
    return dict.fromkeys(VISITORS, status)


def staff(*roles: Role, status: int = 200, **others: int) -> Statuses:
    """`status` for these roles; the door for strangers; 403 for all other staff. `others` by role value."""
    answers = dict.fromkeys(VISITORS, FORBIDDEN) | {STRANGER: TO_LOGIN, PASSWORD_ONLY: TO_LOGIN}
    return answers | {str(role): status for role in roles} | others


def signed_in(status: int, **others: int) -> Statuses:
    """`status` for whoever has come in with both factors, in office or not."""
    return dict.fromkeys(VISITORS, status) | {STRANGER: TO_LOGIN, PASSWORD_ONLY: TO_LOGIN} | others


@dataclass(frozen=True)
class Address:
    name: str
    get: Statuses
    post: Statuses = field(default_factory=lambda: everyone(405))
    example: Callable[[Any], dict[str, Any]] = lambda world: {}


def public(name: str, example=lambda world: {}, *, get: int = 200, post: int | None = 405) -> Address:
    """The same answer for everybody."""
    return Address(name, everyone(get), everyone(post), example)


def desk(name: str, looks: tuple, acts: tuple = (), example=lambda world: {}) -> Address:
    """A page that `looks` may read and whose form `acts` may send; without `acts` it takes no form."""
    return Address(name, staff(*looks), staff(*acts) if acts else staff(*looks, status=405), example)


def admin_page(name: str, example: Callable[[Any], dict[str, Any]]) -> Address:
    return Address(name, staff(ADMINISTRATOR), staff(ADMINISTRATOR), example)


PLACES_BOXES = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
SEES_CARE = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
ANSWERS_DONORS = (EXPERT, MANAGER, HQ_MANAGER)
USES_RUNBOOK = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
SEES_NEEDS = (OFFICER, EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
FINDS_NEEDS = (OFFICER, EXPERT)
SEES_MONEY = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
MINDS_CHANNELS = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
KEEPS_BOOKS = (ACCOUNTANT, HQ_ACCOUNTANT)
TAKES_CASH = (OFFICER, EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)
CONFIRMS_CASH = (MANAGER, ACCOUNTANT, HQ_MANAGER, HQ_ACCOUNTANT)
SEES_CAMPAIGNS = (*PROVINCIAL, *HQ)
MAKES_CAMPAIGNS = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
APPROVES_BRANCHES = (MANAGER, HQ_MANAGER)
MAKES_EDITIONS = (HQ_ANALYST, HQ_MANAGER)
SEES_CASH = (OFFICER, *PROVINCIAL, HQ_MANAGER, HQ_ACCOUNTANT)

LEADS = (MANAGER, HQ_MANAGER, ADMINISTRATOR)
SEES_GOODS = (OFFICER, *PROVINCIAL, HQ_MANAGER, HQ_ACCOUNTANT)
TAKES_GOODS = (OFFICER, EXPERT, HQ_ACCOUNTANT)
KEEPS_STOCK = (OFFICER, EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)


def of_branch(world: Any) -> dict[str, Any]:
    return {"branch_id": world.branch.pk}


def of_edition(world: Any) -> dict[str, Any]:
    return {"edition_id": world.branch.edition_id}


SEES_PARTNERS = (OFFICER, *PROVINCIAL, *HQ)
MINDS_PARTNERS = (EXPERT, MANAGER, HQ_ANALYST, HQ_MANAGER)
RECORDS_PROMISES = (OFFICER, *MINDS_PARTNERS)
SEES_AGREEMENTS = (*PROVINCIAL, *HQ)
MAKES_AGREEMENTS = (MANAGER, HQ_ANALYST, HQ_MANAGER)


def of_partner(world: Any) -> dict[str, Any]:
    return {"partner_id": world.rows["partnerships.partner"].pk}


def county_of(world: Any) -> str:
    return world.rows["partnerships.communityasset"].county_id


def of_agreement(world: Any) -> dict[str, Any]:
    return {"agreement_id": world.rows["partnerships.agreement"].pk}


SEES_AID = (OFFICER, *PROVINCIAL, *HQ)
ALLOCATES = (EXPERT, ACCOUNTANT, HQ_ACCOUNTANT)
DELIVERS = (OFFICER, EXPERT, HQ_ACCOUNTANT)

MINDS_VOLUNTEERS = (OFFICER, EXPERT, MANAGER, HQ_MANAGER)
VETS = (EXPERT, MANAGER, HQ_MANAGER)


def of_network(key: str, model: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {key: world.rows[f"volunteers.{model}"].pk}


def acting(name: str, looks: tuple, example=lambda world: {}) -> Address:
    """A page of small forms: sent without an act, it leads back to itself."""
    return Address(name, staff(*looks), staff(*looks, status=303), example)

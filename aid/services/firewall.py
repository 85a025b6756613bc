"""The fund firewall in words: what money of a pool may be spent on, and where. The database holds the same rules."""

from __future__ import annotations

from aid.enums import BatchState, FirewallRule, KitSource, Purpose
from aid.models import KitFunding, Pool
from campaigns.enums import NeedState
from campaigns.models import Fund, Need
from core.errors import DomainError
from provinces.models import County, Province

_WANTS_NO_MORE = (NeedState.FUNDED, NeedState.CLOSED, NeedState.WITHDRAWN)
_TAKES_MONEY = (NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED)


def check(
    pool: Pool,
    *,
    purpose: str,
    need: Need | None,
    funding: KitFunding | None = None,
    province: Province | None,
    county: County | None,
    intention: str,
    chosen: list[int],
    moved_because: str,
) -> None:
    """DomainError("fund_firewall") with `rule` (a FirewallRule), the fund's name and the fund's own rule text."""
    rule = None if funding is None else _broken_by_kit(pool, purpose, funding)
    wanted = funding.line.batch.need if funding is not None else None
    rule = rule or _broken(
        pool, purpose, need or wanted, (province, county), intention, chosen, moved_because
    )
    if rule is not None:
        raise DomainError("fund_firewall", rule=str(rule), fund=pool.fund.name, text=pool.fund.rule_text)


def _broken(
    pool: Pool,
    purpose: str,
    need: Need | None,
    place: tuple[Province | None, County | None],
    intention: str,
    chosen: list[int],
    moved_because: str,
) -> FirewallRule | None:
    moves = pool.fund.is_movable and bool(moved_because)
    if purpose not in pool.fund.spendable_on:
        return FirewallRule.PURPOSE
    if need is not None and need.kind != purpose:
        return FirewallRule.NEED_KIND
    if need is not None and need.state not in _TAKES_MONEY:
        return FirewallRule.NEED_STATE
    if pool.need is not None and need != pool.need and not _is_surplus(pool.need, purpose):
        return FirewallRule.NEED_POOL
    if not moves and purpose not in _purposes_of_campaign(pool, purpose):
        return FirewallRule.CAMPAIGN
    if not moves and not _is_within(pool, *place):
        return FirewallRule.PLACE
    if purpose == Purpose.NAZR and not (intention and chosen):
        return FirewallRule.NAZR
    return None


def _broken_by_kit(pool: Pool, purpose: str, funding: KitFunding) -> FirewallRule | None:
    """An item of kits takes money of the fund that its plan names, for the purpose of the kit, while it is planned."""
    batch = funding.line.batch
    fits = funding.source == KitSource.CASH and funding.is_active and funding.fund_id == pool.fund_id
    if not fits or batch.kit.purpose != purpose or batch.state != BatchState.PLANNED:
        return FirewallRule.KIT
    return None


def _is_surplus(need: Need, purpose: str) -> bool:
    """What was given beyond a need that has what it wanted, or that was withdrawn, goes to its like, as was said
    before giving."""
    return need.state in _WANTS_NO_MORE and purpose == need.kind


def _purposes_of_campaign(pool: Pool, asked: str) -> set[str]:
    """What the kinds of gift that the campaign takes may be spent on; everything where it takes them all."""
    if pool.edition is None or not pool.edition.fund_codes:
        return {asked}
    funds = Fund.objects.filter(code__in=pool.edition.fund_codes)
    return {spent for fund in funds for spent in fund.spendable_on}


def _is_within(pool: Pool, province: Province | None, county: County | None) -> bool:
    return (pool.province_id in (None, province.pk if province else None)) and (
        pool.county_id in (None, county.pk if county else None)
    )

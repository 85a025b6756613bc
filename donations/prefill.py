"""What the address of /give/ asks the form to begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from campaigns.event_needs import need_of_event
from campaigns.models import Edition, Placement
from campaigns.need_selectors import find_open_need, shown_county
from campaigns.selectors import find_fund, find_placement, open_edition
from core.errors import DomainError
from core.money import format_toman, group_digits, parse_toman, rial_to_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise
from donations import phrases
from provinces.models import Province
from provinces.selectors import find_county, find_province


def explain(error: DomainError) -> str:
    """The sentence for a refusal, with the limit in toman where there is one."""
    if error.code == "amount_too_small" and (least := error.data.get("minimum_rial")):
        return phrases.AMOUNT_TOO_SMALL.format(least=format_toman(least))
    if error.code == "amount_too_large" and (most := error.data.get("maximum_rial")):
        return phrases.AMOUNT_TOO_LARGE.format(most=format_toman(most))
    return sentence(error.code)


@dataclass
class Start:
    """What an address asks the form to begin with; what could not be used is said in `notices`."""

    initial: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def start_from(query: Any) -> Start:
    """Read the query of /give/: codes or slugs, amount in toman. A bad value is left out, never an error.

    What is said openly wins over what the printed code says, as in `campaigns.selectors.designate`.
    """
    start = Start()
    placement = _take(start, query, "placement", find_placement)
    province = _take(start, query, "province", find_province)
    edition = _take(start, query, "campaign", open_edition)
    if placement is not None:
        start.initial["placement"] = placement.code
        province = province or placement.province
    if edition is not None:
        start.initial["campaign"] = edition.campaign.slug
        if edition.campaign.only_in:  # it stands nowhere else
            province = find_province(edition.campaign.only_in)
    if province is not None:
        start.initial["province"] = province.code
    _take_county(start, query, placement, province)
    _take_fund(start, query, placement, edition)
    _take_amount(start, query)
    need = _take(start, query, "need", find_open_need) or (None if edition else need_of_event(placement))
    if need is not None:
        fund = start.initial.get("fund", "")
        start.initial |= {
            "need": need.code,
            "fund": fund if fund and need.kind in find_fund(fund).spendable_on else need.fund_id,
            "province": need.province_id,
            "county": county.code if (county := shown_county(need)) else "",
        }
        start.initial.pop("campaign", None)
    return start


def _take(start: Start, query: Any, name: str, find: Any) -> Any:
    value = code_of(query.get(name, ""))
    if not value:
        return None
    try:
        return find(value)
    except DomainError as error:
        start.notices.append(sentence(error.code))
        return None


def _take_county(start: Start, query: Any, placement: Placement | None, province: Province | None) -> None:
    county = _take(start, query, "county", lambda code: find_county(code, province))
    if county is not None:
        start.initial["province"], start.initial["county"] = county.province_id, county.code
    elif placement and placement.county and province and placement.county.province_id == province.code:
        start.initial["county"] = placement.county_id


def _take_fund(start: Start, query: Any, placement: Placement | None, edition: Edition | None) -> None:
    """The fund asked for, else the printed code's, else the campaign's."""
    asked = _take(start, query, "fund", find_fund)
    if asked is not None:
        start.initial["fund"] = asked.code
    elif placement is not None and placement.fund_id:
        start.initial["fund"] = placement.fund_id
    elif (asks := edition or (placement and placement.edition)) is not None:
        start.initial["fund"] = asks.fund_id


def _take_amount(start: Start, query: Any) -> None:
    typed = query.get("amount", "")
    if not typed.strip():
        return
    try:
        toman, _ = rial_to_toman(parse_toman(typed))
    except DomainError as error:
        start.notices.append(explain(error))
    else:
        start.initial["amount"] = group_digits(toman)


def code_of(value: str) -> str:
    """A code of an address as it could be one; whatever a database cannot carry is gone."""
    return ascii_digits(normalise(value))[:80]

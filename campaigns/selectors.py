"""Reading what is asked for: funds, campaigns, rates, channels, codes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.enums import CampaignState
from campaigns.event_needs import need_of_event
from campaigns.models import Box, Branch, Campaign, Channel, Edition, Fund, Need, Placement
from campaigns.need_selectors import find_open_need, shown_county
from core.codes import parse_placement_code
from core.errors import DomainError
from core.reference import remembered
from provinces.models import County, Province
from provinces.scoping import all_provinces, current_scope
from provinces.selectors import find_county, find_province

WEB_CHANNEL, QR_CHANNEL = "web", "qr"


@dataclass(frozen=True)
class Designation:
    """Where a gift is to go, checked and complete."""

    fund: Fund
    channel: Channel
    province: Province | None = None
    county: County | None = None
    edition: Edition | None = None
    branch: Branch | None = None
    placement: Placement | None = None
    need: Need | None = None


def designate(
    *,
    fund: str,
    province: str = "",
    county: str = "",
    campaign: str = "",
    placement: str = "",
    need: str = "",
    recorded_edition: Edition | None = None,
    channel: Channel | None = None,
) -> Designation:
    """Turn the codes of addresses, forms and the API into rows.

    What a need or the printed code says (province, county, campaign) holds where nothing else is said; a gift to a need
    stands where the need is said to be. By the code of an event that is held for needs, the gift is for one of them
    (`event_needs.need_of_event`) where its fund allows that. A campaign means its open edition; with a province it
    means the branch there, if the edition has one; a province's own campaign is in that province. A recorded history
    names the edition it belonged to. Without `channel` the gift comes by the web or by a printed code.

    Raises DomainError with `field`: unknown_fund, unknown_province, unknown_county, unknown_campaign, campaign_closed,
    unknown_placement, unknown_need, need_closed, fund_not_for_need (with the fund's `rule`); of a gift made here also
    campaign_elsewhere and fund_not_of_campaign.
    """
    if need:
        return _designate_to_need(find_open_need(need), fund, placement, channel)
    place = find_placement(placement) if placement else None
    if recorded_edition is None and not campaign and (meant := need_of_event(place, find_fund(fund))):
        return _designate_to_need(meant, fund, placement, channel)
    chosen_province = find_province(province) if province else (place.province if place else None)
    edition = recorded_edition or (open_edition(campaign) if campaign else _open_edition_of(place))
    is_asked_here = channel is None and recorded_edition is None  # money that came elsewhere is there already
    if only_in := edition.campaign.only_in if edition else "":
        if is_asked_here and chosen_province and chosen_province.code != only_in:
            raise DomainError("campaign_elsewhere", field="province")
        chosen_province = find_province(only_in)
    branch = _branch(edition, chosen_province)
    wanted = find_fund(fund)
    if is_asked_here and wanted.code not in (taken_funds(edition, branch) or (wanted.code,)):
        raise DomainError("fund_not_of_campaign", field="fund")
    return Designation(
        fund=wanted,
        channel=channel or online_channel(QR_CHANNEL if place else WEB_CHANNEL),
        province=chosen_province,
        county=_county(county, place, chosen_province),
        edition=edition,
        branch=branch,
        placement=place,
    )


def taken_funds(edition: Edition | None, branch: Branch | None) -> list[str]:
    """The codes of the funds that a branch, else its edition, takes; empty: all of them."""
    return (branch.fund_codes if branch else []) or (edition.fund_codes if edition else [])


def branch_for(edition: Edition | None, province: str) -> Branch | None:
    """The branch that a gift to an edition belongs to in a province, by its code."""
    return _branch_in(edition.pk, province, edition.state) if edition and province else None


def _designate_to_need(need: Need, fund: str, placement: str, channel: Channel | None) -> Designation:
    place = find_placement(placement) if placement else None
    wanted = find_fund(fund) if fund else need.fund
    if need.kind not in wanted.spendable_on:
        raise DomainError("fund_not_for_need", field="fund", rule=wanted.rule_text)
    return Designation(
        fund=wanted,
        channel=channel or online_channel(QR_CHANNEL if place else WEB_CHANNEL),
        province=need.province,
        county=shown_county(need),
        placement=place,
        need=need,
    )


def _county(code: str, place: Placement | None, province: Province | None) -> County | None:
    if code:
        return find_county(code, province)
    if place and place.county and province and place.county.province_id == province.code:
        return place.county
    return None


def _open_edition_of(place: Placement | None) -> Edition | None:
    if place is None or place.edition is None:
        return None
    if place.edition.state == CampaignState.OPEN:
        return place.edition
    return Edition.objects.filter(campaign=place.edition.campaign_id, state=CampaignState.OPEN).first()


def _branch(edition: Edition | None, province: Province | None) -> Branch | None:
    if edition is None or province is None:
        return None
    return _branch_in(edition.pk, province.code, edition.state)


@remembered(Branch)
@all_provinces("branches are public")
def _branch_in(edition_id: int, province: str, state: str) -> Branch | None:
    return Branch.objects.filter(edition=edition_id, province=province, state=state).first()


def find_fund(code: str) -> Fund:
    """An active fund; DomainError("unknown_fund") otherwise."""
    fund = _active_funds().get(code)
    if fund is None:
        raise DomainError("unknown_fund", field="fund")
    return fund


def active_funds() -> list[Fund]:
    """The funds one may give to, in their order."""
    return list(_active_funds().values())


@remembered(Fund)
def _active_funds() -> dict[str, Fund]:
    return {fund.code: fund for fund in Fund.objects.filter(is_active=True)}


@remembered(Campaign, Edition)
def open_edition(slug: str) -> Edition:
    """The open edition of a campaign; DomainError unknown_campaign or campaign_closed."""
    edition = (
        Edition.objects.filter(campaign__slug=slug, state=CampaignState.OPEN)
        .select_related("campaign")
        .first()
    )
    if edition is None:
        code = "campaign_closed" if Campaign.objects.filter(slug=slug).exists() else "unknown_campaign"
        raise DomainError(code, field="campaign")
    return edition


def editions_open_here() -> QuerySet[Edition]:
    """Those that take gifts in the open scope: headquarters', and what its provinces began for themselves."""
    found = Edition.objects.filter(state=CampaignState.OPEN).select_related("campaign")
    scope = current_scope()
    if scope.everything:
        return found
    counties = County.objects.filter(pk__in=scope.counties).values_list("province", flat=True)
    return found.filter(campaign__only_in__in=["", *scope.provinces, *counties])


def shown_editions() -> QuerySet[Edition]:
    """Every edition the public may see, newest first, with its campaign."""
    public = [CampaignState.OPEN, CampaignState.CLOSED, CampaignState.REPORTED]
    return (
        Edition.objects.filter(state__in=public)
        .select_related("campaign", "fund")
        .order_by("-year", "campaign_id")
    )


def find_placement(code: str) -> Placement:
    """The placement of a printed code, however it was typed; a replaced code gives its successor.

    DomainError("unknown_placement") otherwise.
    """
    try:
        canonical = parse_placement_code(code)
    except DomainError as error:
        raise DomainError("unknown_placement", field="placement") from error
    found = (
        Placement.objects.filter(code=canonical)
        .select_related("province", "county__province", "edition__campaign", "branch", "fund", "replaced_by")
        .first()
    )
    if found is not None and found.replaced_by_id:
        return find_placement(found.replaced_by.code)
    if found is None or not found.is_active:
        raise DomainError("unknown_placement", field="placement")
    return found


@remembered(Channel)
@all_provinces("the ways to give are public")
def online_channel(code: str) -> Channel:
    """The channel of gifts made here: "web" or "qr"."""
    return Channel.objects.get(code=code)


def boxes_in_scope() -> QuerySet[Box]:
    """The boxes the open scope may see, with their codes."""
    return Box.objects.select_related("province", "county", "placement", "placement__edition__campaign")

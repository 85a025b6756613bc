"""A campaign that a province begins for itself: one branch, approved in the province, without headquarters."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from campaigns.enums import CampaignScope, YearKind
from campaigns.models import Branch, Campaign, Edition, Fund
from campaigns.plan_selectors import earlier_branch
from campaigns.services import plans
from campaigns.services.branches import create_branch
from core import audit
from core.errors import DomainError
from core.models import User
from core.text import normalise, persian_digits
from provinces.models import Province
from provinces.scoping import check_write

TRIES = 5


@transaction.atomic
def begin_own_campaign(
    province: Province, *, name: str, summary: str, fund: Fund, year: int, actor: User
) -> Branch:
    """A new campaign with its draft of a Jalali year; its address is made of the province's. Audited.

    DomainError: not_found (outside the open scope), campaign_name_required, summary_required, unknown_fund, bad_year.
    """
    check_write(province.pk)
    name, summary = normalise(name)[:80], normalise(summary)[:300]
    if not name:
        raise DomainError("campaign_name_required", field="name")
    if not summary:
        raise DomainError("summary_required", field="summary")
    campaign = _with_address(
        Campaign(name=name, summary=summary, scope=CampaignScope.PROVINCIAL, only_in=province.pk),
        province,
    )
    audit.record("campaign.add", campaign, actor=actor, province_code=province.pk, slug=campaign.slug)
    return _year_of(campaign, province, fund=fund, year=year, actor=actor)


@transaction.atomic
def repeat_own_campaign(campaign: Campaign, province: Province, *, year: int, actor: User) -> Branch:
    """Another year of a province's campaign, as a draft like the newest year before. Audited.

    DomainError: not_found, campaign_elsewhere, bad_year, edition_exists.
    """
    check_write(province.pk)
    if campaign.only_in != province.pk:
        raise DomainError("campaign_elsewhere", field="campaign")
    fund = Fund.objects.filter(edition__campaign=campaign).order_by("-edition__year").first()
    return _year_of(campaign, province, fund=fund, year=year, actor=actor)


def _year_of(campaign: Campaign, province: Province, *, fund: Fund | None, year: int, actor: User) -> Branch:
    if not 1300 <= year <= 1600:
        raise DomainError("bad_year", field="year")
    if fund is None or not fund.is_active:
        raise DomainError("unknown_fund", field="fund")
    edition = Edition(
        campaign=campaign,
        year_kind=YearKind.JALALI,
        year=year,
        title=f"{campaign.name} {persian_digits(year)}",
        fund=fund,
    )
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(plans.reason_for_clash(error), field="year") from error
    plans.record(edition, "add", actor, year=year)
    return create_branch(edition, province, actor=actor, like=earlier_branch(edition, province.pk))


def _with_address(campaign: Campaign, province: Province) -> Campaign:
    """The next free number of the province; two who begin at once get two numbers."""
    number = Campaign.objects.filter(only_in=province.pk).count()
    for _ in range(TRIES):
        number += 1
        campaign.slug = f"{province.slug}-{number}"
        try:
            with transaction.atomic():
                campaign.save(force_insert=True)
                return campaign
        except IntegrityError as error:
            if plans.reason_for_clash(error) != "slug_taken":
                raise
            campaign.pk = None
    raise DomainError("try_again", status=503)

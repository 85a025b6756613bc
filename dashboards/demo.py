"""A history to look at: gifts of two Jalali years in all provinces, made by the services with a given time.

No bank is called: each attempt carries a recorded answer that says so. Every donation is marked as demo.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from campaigns.enums import BoxState, CampaignState, EventState, NeedState
from campaigns.models import Box, Edition, Event, GivingRate, Need
from campaigns.rates import giving_year
from campaigns.services.box_life import move_boxes
from campaigns.services.placements import create_box
from core.jalali import tehran_today
from core.money import toman_to_rial
from dashboards.box_maps import (
    OUTLINE_LEFT,
    OUTLINE_NORTH,
    OUTLINE_TOP,
    OUTLINE_WEST,
    OUTLINE_X_A_DEGREE,
    OUTLINE_Y_A_DEGREE,
)
from dashboards.models import ClientFile
from dashboards.rollups import fold_all
from dashboards.services.clients import COLUMNS, take_client_file
from dashboards.services.habits import count_habits
from donations.models import Donation
from donations.services.donations import Wish, create_donation
from payments.gateways.base import Answer, CallbackHint, Outcome, Question
from payments.models import Attempt, Terminal
from payments.services.attempts import record_attempt
from payments.services.settlement import Finding, settle
from provinces.map_outlines import outlines
from provinces.models import County, Province

GIFTS, BOXES_A_PROVINCE, BATCH = 1_100, 3, 80
DEMO_CLIENTS = "نمونهٔ نمایشی؛ آمار واقعی نیست"
_CLIENTS = (
    (90, "disabled", "stipend"), (110, "disabled", "none"), (400, "disabled", "waiting"), (900, "children", "stipend"),
    (300, "women", "stipend"), (500, "women", "waiting"), (20_000, "multiples", "none"),
)  # fmt: skip
DEMO_SOURCE = "نمونهٔ نمایشی؛ نرخ واقعی نیست"
_TOMAN = (10, 20, 20, 50, 50, 50, 100, 100, 200, 500, 1_000, 5_000)  # thousands
_FUNDS = ("general", "sadaqah", "livelihood", "dowry", "housing", "treatment", "orphan", "education")
_RAMADAN_FUNDS = ("fitriyeh_general", "fitriyeh_general", "fitriyeh_sadat", "livelihood", "dowry")
_MOST_FOR_A_NEED_RIAL = 500_000_000
_GATEWAYS = ("zarinpal", "sep", "sadad")
_MESSAGES = ("", "", "", "به امید روزهای بهتر", "به نیت پدر و مادرم", "برای شادی یک خانواده")


@dataclass(frozen=True)
class _Plan:
    at: datetime
    wish: Wish
    edition: Edition | None
    gateway: str
    is_paid: bool


def seed_history(report: Callable[[str], None]) -> None:
    """Boxes, demo rates and gifts; does nothing when they are there. Ends with the figures folded."""
    _seed_rates()
    _seed_boxes()
    if not Donation.objects.filter(is_demo=True).exists():
        plans = sorted(_plans(random.Random(1405)), key=lambda plan: plan.at)  # noqa: S311 - not for secrets
        for start in range(0, len(plans), BATCH):
            _give(plans[start : start + BATCH])
            report(f"demo gifts {min(start + BATCH, len(plans))} of {len(plans)}")
    if not Donation.objects.filter(is_demo=True, need__isnull=False).exists():
        _give(list(_plans_for_needs()))
        _give(list(_plans_for_events()))
    fold_all()
    count_habits()
    _seed_clients()


def _seed_clients() -> None:
    """Counts of clients by county, made up from the population and marked as demo."""
    if ClientFile.objects.exists():
        return
    lines = [",".join(COLUMNS)]
    for province in Province.objects.all():
        counties = list(County.objects.filter(province=province, is_active=True).order_by("code"))
        for place, county in enumerate(counties, start=1):
            people = province.population_1395 // len(counties)
            for share, group, support in _CLIENTS:
                lines.append(f"{county.code},{group},{support},{people // (share + place % 7)}")
    take_client_file(
        "\n".join(lines).encode(),
        as_of=tehran_today(),
        source=DEMO_CLIENTS,
        actor=None,
        job="seed_demo",
        is_demo=True,
    )


def _seed_rates() -> None:
    """A rate for the coming Eid, marked as demo; kaffarah stays without one, as it truly is."""
    year = giving_year()
    if year and not GivingRate.objects.filter(hijri_year=year, kind="fitriyeh").exists():
        for staple, toman, is_default in (("گندم", 90_000, True), ("برنج", 260_000, False)):
            GivingRate.objects.create(
                hijri_year=year,
                kind="fitriyeh",
                marja="نمونهٔ نمایشی",
                staple=staple,
                amount_rial=toman_to_rial(toman),
                is_default=is_default,
                source=DEMO_SOURCE,
                announced_on=tehran_today(),
            )


def _seed_boxes() -> None:
    edition = Edition.objects.get(campaign__slug="ziafat-mehrabani", state=CampaignState.OPEN)
    for province in Province.objects.all():
        counties = list(County.objects.filter(province=province)[:BOXES_A_PROVINCE])
        for number, county in enumerate(counties, start=1):
            if not Box.objects.filter(province=province, number=number).exists():
                box = create_box(
                    number=number,
                    province=province,
                    county=county,
                    address=f"{county.name}، میدان اصلی (نمونهٔ نمایشی)",
                    permit_no=f"نمونه-{province.code}-{number:03d}",
                    permit_valid_until=tehran_today() + timedelta(days=365),
                    edition=edition,
                    fund=edition.fund,
                    actor=None,
                    job="seed_demo",
                )
                move_boxes(
                    [box], BoxState.PLACED, actor=None, job="seed_demo", **_point(province.code, number)
                )


def _point(province: str, number: int) -> dict[str, Decimal]:
    """Somewhere around the middle of a province, so that the demo's map shows something; no real place."""
    outline = outlines()["provinces"][province]
    longitude = OUTLINE_WEST + (outline["x"] - OUTLINE_LEFT) / OUTLINE_X_A_DEGREE + (number - 2) * 0.11
    latitude = OUTLINE_NORTH - (outline["y"] - OUTLINE_TOP) / OUTLINE_Y_A_DEGREE + (number % 2) * 0.07
    return {"latitude": Decimal(f"{latitude:.6f}"), "longitude": Decimal(f"{longitude:.6f}")}


def _plans(dice: random.Random) -> Iterator[_Plan]:
    provinces = list(Province.objects.all())
    weights = [p.population_1395 for p in provinces]
    counties = {p.code: list(County.objects.filter(province=p)) for p in provinces}
    boxes = {p.code: list(Box.objects.filter(province=p).select_related("placement")) for p in provinces}
    editions = list(Edition.objects.select_related("campaign").exclude(state=CampaignState.DRAFT))
    for number in range(GIFTS):
        at = _moment(dice, editions)
        edition = _edition(dice, editions, at.date())
        is_ramadan = edition is not None and edition.campaign.slug == "ziafat-mehrabani"
        # Every province has gifts; the rest follow the population, and one in eight is national.
        province = provinces[number % 31] if number < 93 else dice.choices(provinces, weights)[0]
        is_national = number >= 93 and dice.random() < 0.12
        has_box = is_ramadan and not is_national and dice.random() < 0.5
        box = dice.choice(boxes[province.code]) if has_box else None
        county = dice.choice(counties[province.code]) if dice.random() < 0.4 and not box else None
        wish = Wish(
            amount_rial=toman_to_rial(dice.choice(_TOMAN) * 1_000),
            fund=dice.choice(_RAMADAN_FUNDS if is_ramadan else _FUNDS),
            province="" if is_national else province.code,
            county=county.code if county and not is_national else "",
            placement=box.placement.code if box else "",
            message=dice.choice(_MESSAGES),
            is_anonymous=dice.random() < 0.5,
        )
        yield _Plan(at, wish, edition, dice.choice(_GATEWAYS), is_paid=dice.random() > 0.04)


def _plans_for_needs() -> Iterator[_Plan]:
    """A few gifts to each open demo need, none of which is full by them."""
    at = timezone.now()
    for place, need in enumerate(Need.objects.filter(is_demo=True, state=NeedState.PUBLISHED), start=1):
        for part in range(place):
            wish = Wish(
                amount_rial=min((need.goal_rial or 0) // 120_000 * 10_000, _MOST_FOR_A_NEED_RIAL),
                fund=need.fund_id,
                need=need.code,
            )
            yield _Plan(at, wish, None, _GATEWAYS[part % len(_GATEWAYS)], is_paid=True)


def _plans_for_events() -> Iterator[_Plan]:
    """A few gifts by the code of each announced event; those of the iftar reach the needs it is held for."""
    at = timezone.now()
    for event in Event.objects.filter(state=EventState.ANNOUNCED).select_related("placement"):
        for part, toman in enumerate((200_000, 500_000, 1_000_000)):
            wish = Wish(amount_rial=toman_to_rial(toman), fund=event.fund_id, placement=event.placement.code)
            yield _Plan(at, wish, None, _GATEWAYS[part], is_paid=True)


def _moment(dice: random.Random, editions: list[Edition]) -> datetime:
    """Some time in the last two years: a third in Ramadan, one in fifteen in the last three days."""
    today, draw = tehran_today(), dice.random()
    if draw < 0.07:
        return timezone.now() - timedelta(minutes=dice.randint(180, 3 * 24 * 60))
    seasons = [e for e in editions if e.year_kind == "hijri" and e.season_ends_on < today]
    if draw < 0.4 and seasons:
        season = dice.choice(seasons)
        day = season.season_starts_on + timedelta(
            days=dice.randint(0, (season.season_ends_on - season.season_starts_on).days)
        )
    else:
        day = today - timedelta(days=dice.randint(1, 730))
    return datetime.combine(day, time(dice.randint(5, 18), dice.randint(0, 59)), tzinfo=UTC)


def _edition(dice: random.Random, editions: list[Edition], day: date) -> Edition | None:
    """The edition a gift of that day belongs to: the season's, or the yearly one for a third of the rest."""
    running = [e for e in editions if e.season_starts_on <= day <= e.season_ends_on]
    hijri = [e for e in running if e.year_kind == "hijri"]
    if hijri:
        return hijri[0]
    return running[0] if running and dice.random() < 0.35 else None


def give_at(wish: Wish, at: datetime) -> None:
    """One more gift of the history, received at that time."""
    _give([_Plan(at, wish, None, _GATEWAYS[0], is_paid=True)])


@transaction.atomic
def _give(plans: list[_Plan]) -> None:
    findings: dict[int, tuple[Finding, datetime]] = {}
    for plan in plans:
        donation = create_donation(plan.wish, at=plan.at, recorded_edition=plan.edition, is_demo=True)
        attempt = record_attempt(
            donation, Terminal.objects.get(gateway=plan.gateway), f"demo-{donation.tracking_code}", plan.at
        )
        attempt.refresh_from_db()
        findings[attempt.pk] = (_finding(attempt, plan.is_paid), plan.at)
    for pk, (finding, at) in findings.items():
        is_paid = finding.answer.outcome is Outcome.SUCCESS
        settle({pk: finding}, now=at + (timedelta(seconds=40) if is_paid else timedelta(hours=2)))


def _finding(attempt: Attempt, is_paid: bool) -> Finding:
    hint = CallbackHint(token=attempt.token, claims_paid=is_paid)
    question = Question(str(attempt.order_id), attempt.amount_rial, attempt.token, hint=hint)
    if not is_paid:
        return Finding(question, Answer(Outcome.NOT_PAID, "demo", DEMO_SOURCE), "demo")
    answer = Answer(
        Outcome.SUCCESS,
        code="demo",
        message=DEMO_SOURCE,
        reference=f"DEMO-{attempt.order_id}",
        amount_rial=attempt.amount_rial,
        order_id=str(attempt.order_id),
        terminal="demo",
        token=attempt.token,
    )
    return Finding(question, answer, "demo")

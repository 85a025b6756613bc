"""What a campaign's public page tells beside its figures: pictures, news, ways to give, what the money became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from campaigns.channels import group_number, name_without_number, public_channels
from campaigns.models import Branch, Edition, Picture
from campaigns.plan_selectors import news_of, pictures_of
from campaigns.states import PUBLIC
from core.jalali import tehran_day
from dashboards.figures import Sheet, share_percent


@dataclass(frozen=True)
class Outcome:
    """What came in, what of it has been spent by the books, and what is not yet allocated; whole rials."""

    received_rial: int
    spent_rial: int

    @property
    def waiting_rial(self) -> int:
        return max(self.received_rial - self.spent_rial, 0)

    @property
    def spent_percent(self) -> float:
        return share_percent(self.spent_rial, self.received_rial)


def shown_picture(picture: Picture | None) -> dict[str, Any] | None:
    """For the page: its public address, words and size."""
    if picture is None:
        return None
    return {
        "url": reverse("picture", args=[picture.key]),
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
    }


def story_of(edition: Edition, branch: Branch | None) -> dict[str, Any]:
    """Pictures and news; a branch without pictures of its own shows the edition's."""
    plan = branch or edition
    pictures = pictures_of(plan) or (pictures_of(edition) if branch else [])
    return {
        "pictures": [shown_picture(picture) for picture in pictures],
        "news": [
            {
                "on": news.on,
                "title": news.title,
                "text": news.text,
                "picture": shown_picture(news.picture),
            }
            for news in news_of(plan)
        ],
    }


def ways_of(edition: Edition, branch: Branch | None) -> list[dict[str, str]]:
    """The confirmed numbers that its plan names by kind, the province's own before the nation's."""
    kinds = set(branch.channel_kinds if branch else []) or set(edition.channel_kinds)
    if not kinds:
        return []
    shown = public_channels()
    own = shown.of_province(branch.province_id) if branch else []
    return [
        {"name": name_without_number(channel), "number": group_number(channel.kind, channel.verified_value)}
        for channel in (*own, *shown.national())
        if channel.kind in kinds
    ]


def parts_of(received: Sheet, branches: set[str]) -> dict[str, int]:
    """The nation's total in two parts that add up to it: gifts to branches, and to the national edition itself."""
    to_branches = sum(row.total_rial for row in received["province"] if row.key in branches)
    return {"branches_rial": to_branches, "national_rial": received.total_rial - to_branches}


def addresses(edition: Edition, branch: Branch | None) -> dict[str, str]:
    """Where the page, its report ("" while it is open) and its picture for shared links are; the last two of this
    year's edition, the picture with its whole address."""
    slug, plan = edition.campaign.slug, branch or edition
    place = [slug, branch.province.slug] if branch else [slug]
    page = reverse("campaign-branch" if branch else "campaign", args=place)
    year = f"?edition={edition.year}"
    share = reverse("campaign-branch-share" if branch else "campaign-share", args=place)
    report = reverse("campaign-branch-report" if branch else "campaign-report", args=place)
    is_over = plan.closed_at is not None or plan.state in PUBLIC[1:]
    return {
        "page_url": f"{page}{year}",
        "share_url": f"{settings.PORTAL_BASE_URL}{share}{year}",
        "report_url": f"{report}{year}" if is_over else "",
    }


def closed_on(plan: Edition | Branch):
    """The day of its closing in Tehran, or None."""
    return tehran_day(plan.closed_at) if plan.closed_at else None

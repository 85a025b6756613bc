"""Campaigns and channels for programs. Anonymous and read-only; sums are asked of /api/v1/totals/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.channels import group_number, name_without_number, province_of, public_channels
from campaigns.enums import CampaignScope, CampaignState, ChannelKind, YearKind
from campaigns.models import Branch, Campaign, Channel, Edition
from campaigns.seasons import by_campaign, is_in_season, is_open
from campaigns.selectors import shown_editions
from campaigns.states import PUBLIC
from core.errors import DomainError
from core.identifiers import dial_link
from core.jalali import iso_jalali, tehran_today
from provinces.selectors import find_province

_remembered = method_decorator(cache_control(public=True, max_age=30), name="dispatch")


class EditionSerializer(serializers.Serializer):
    year_kind = serializers.ChoiceField(YearKind.choices)
    year = serializers.IntegerField(help_text="Hijri or Jalali year, by year_kind")
    title = serializers.CharField()
    is_open = serializers.BooleanField(help_text="takes gifts now")
    is_in_season = serializers.BooleanField(help_text="is at its height today")
    season_starts_on = serializers.CharField(allow_null=True, help_text="Jalali day, 1405-11-19")
    season_ends_on = serializers.CharField(allow_null=True, help_text="Jalali day")
    goal_rial = serializers.IntegerField(allow_null=True)
    fund = serializers.CharField(help_text="fund a gift goes to unless the donor says otherwise")


class CampaignSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    scope = serializers.ChoiceField(CampaignScope.choices)
    province = serializers.CharField(
        allow_null=True, help_text="the province that began it for itself; null: headquarters' campaign"
    )
    summary = serializers.CharField()
    url = serializers.URLField()
    edition = EditionSerializer(help_text="the open edition, else the newest")


class BranchSerializer(serializers.Serializer):
    province = serializers.CharField(help_text='two-digit code, "00" is Markazi')
    slug = serializers.CharField(help_text="province slug")
    name = serializers.CharField(help_text="province name")
    is_open = serializers.BooleanField()
    goal_rial = serializers.IntegerField(allow_null=True)
    url = serializers.URLField()


class CampaignDetailSerializer(CampaignSerializer):
    older_editions = EditionSerializer(many=True)
    branches = BranchSerializer(many=True)


class ChannelSerializer(serializers.Serializer):
    code = serializers.CharField(allow_null=True, help_text="null while a number is withheld")
    kind = serializers.ChoiceField(ChannelKind.choices)
    name = serializers.CharField()
    is_verified = serializers.BooleanField(
        help_text="false: announced once, awaiting confirmation; carries no value"
    )
    announced_year = serializers.IntegerField(allow_null=True, help_text="Jalali year of the announcement")
    province = serializers.CharField(
        allow_null=True, help_text="whose office it belongs to; null: the organisation's"
    )
    value = serializers.CharField(
        allow_null=True, help_text="number or code in ASCII, only of a verified channel"
    )
    shown = serializers.CharField(allow_null=True, help_text="the value in groups, for reading aloud")
    dial_url = serializers.CharField(allow_null=True, help_text="tel: link of a USSD code")
    least_rial = serializers.IntegerField(allow_null=True)
    most_rial = serializers.IntegerField(allow_null=True)
    valid_from = serializers.CharField(allow_null=True, help_text="Jalali day")
    valid_until = serializers.CharField(allow_null=True, help_text="Jalali day")
    last_checked_on = serializers.CharField(allow_null=True, help_text="Jalali day")


@_remembered
class CampaignList(APIView):
    """Every campaign the public may see, with the edition that is meant."""

    @extend_schema(operation_id="campaigns", responses=CampaignSerializer(many=True))
    def get(self, request: Request) -> Response:
        today = tehran_today()
        return Response(
            [_campaign(c, editions, today) for c, editions in by_campaign(shown_editions()).items()]
        )


@_remembered
class CampaignDetail(APIView):
    """One campaign with its branches and older editions."""

    @extend_schema(operation_id="campaign", responses=CampaignDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        groups = by_campaign(shown_editions().filter(campaign__slug=slug))
        if not groups:
            raise DomainError("not_found", status=404)
        today = tehran_today()
        campaign, editions = next(iter(groups.items()))
        branches = Branch.objects.filter(edition=editions[0], state__in=PUBLIC)
        return Response(
            {
                **_campaign(campaign, editions, today),
                "older_editions": [_edition(edition, today) for edition in editions[1:]],
                "branches": [
                    {
                        "province": branch.province_id,
                        "slug": branch.province.slug,
                        "name": branch.province.name,
                        "is_open": branch.state == CampaignState.OPEN,
                        "goal_rial": branch.goal_rial,
                        "url": _url("campaign-branch", slug, branch.province.slug),
                    }
                    for branch in branches.select_related("province").order_by("province__sort_key")
                ],
            }
        )


@_remembered
class ChannelList(APIView):
    """The ways to give. A number is shown only while headquarters vouches for it and it is in force."""

    @extend_schema(
        operation_id="channels",
        parameters=[
            OpenApiParameter("province", str, description='code or slug; "none": of no province'),
            OpenApiParameter("kind", str, enum=ChannelKind.values),
        ],
        responses=ChannelSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        shown = public_channels()
        rows = [*map(_verified, shown.verified), *map(_announced, shown.announced)]
        if kind := request.query_params.get("kind"):
            if kind not in ChannelKind.values:
                raise DomainError("bad_request", field="kind")
            rows = [row for row in rows if row["kind"] == kind]
        if place := request.query_params.get("province"):
            code = None if place == "none" else find_province(place).code
            rows = [row for row in rows if row["province"] == code]
        return Response(rows)


def _campaign(campaign: Campaign, editions: Sequence[Edition], today: date) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "name": campaign.name,
        "scope": campaign.scope,
        "province": campaign.only_in or None,
        "summary": campaign.summary,
        "url": _url("campaign", campaign.slug),
        "edition": _edition(editions[0], today),
    }


def _edition(edition: Edition, today: date) -> dict[str, Any]:
    return {
        "year_kind": edition.year_kind,
        "year": edition.year,
        "title": edition.title,
        "is_open": is_open(edition),
        "is_in_season": is_in_season(edition, today),
        "season_starts_on": _day(edition.season_starts_on),
        "season_ends_on": _day(edition.season_ends_on),
        "goal_rial": edition.goal_rial,
        "fund": edition.fund_id,
    }


def _verified(channel: Channel) -> dict[str, Any]:
    return {
        "code": channel.code,
        "kind": channel.kind,
        "name": channel.name,
        "is_verified": True,
        "announced_year": channel.announced_year,
        "province": province_of(channel),
        "value": channel.value or None,
        "shown": group_number(channel.kind, channel.value) or None,
        "dial_url": dial_link(channel.value) if channel.kind == ChannelKind.USSD else None,
        "least_rial": channel.least_rial,
        "most_rial": channel.most_rial,
        "valid_from": _day(channel.valid_from),
        "valid_until": _day(channel.valid_until),
        "last_checked_on": _day(channel.last_checked_on),
    }


def _announced(channel: Channel) -> dict[str, Any]:
    """What was announced once: its name, and nothing that leads to its number."""
    withheld = (
        "value", "shown", "dial_url", "least_rial", "most_rial", "valid_from", "valid_until", "last_checked_on",
    )  # fmt: skip
    return {
        "code": None if channel.value else channel.code,
        "kind": channel.kind,
        "name": name_without_number(channel),
        "is_verified": False,
        "announced_year": channel.announced_year,
        "province": province_of(channel),
        **dict.fromkeys(withheld),
    }


def _day(day: date | None) -> str | None:
    return iso_jalali(day) if day else None


def _url(name: str, *args: str) -> str:
    return settings.PORTAL_BASE_URL + reverse(name, args=args)

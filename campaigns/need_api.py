"""Needs for programs. Anonymous and read-only, and without anything that could point to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.enums import NeedKind, NeedState, Urgency
from campaigns.models import Fund, Need
from campaigns.need_progress import Progress, progress_of
from campaigns.need_selectors import find_shown_need, open_needs, shown_county
from campaigns.selectors import active_funds
from core.errors import DomainError
from core.jalali import iso_jalali
from provinces.selectors import find_province

_NEEDS_A_PAGE = 100
_MOST_WORDS = 60
_remembered = method_decorator(cache_control(public=True, max_age=30), name="dispatch")


class NeedItemSerializer(serializers.Serializer):
    item = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.IntegerField()
    met = serializers.IntegerField()
    promised = serializers.IntegerField()


class NeedSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    fund = serializers.CharField()
    province = serializers.CharField(allow_null=True)
    county = serializers.CharField(allow_null=True, help_text="null where it could point to somebody")
    goal_rial = serializers.IntegerField(allow_null=True)
    received_rial = serializers.IntegerField()
    is_urgent = serializers.BooleanField()
    url = serializers.URLField()
    story = serializers.CharField()
    persons = serializers.IntegerField(help_text="how many people it is for; never fewer than may be told")
    urgency = serializers.ChoiceField(Urgency.choices)
    state = serializers.CharField(help_text="published, funded, closed or withdrawn")
    wanted_by = serializers.CharField(allow_null=True, help_text="Jalali day")
    goods_rial = serializers.IntegerField(help_text="appraised worth of items that are met")
    promised_rial = serializers.IntegerField(help_text="promised and not yet here; funds nothing")
    percent = serializers.IntegerField(allow_null=True, help_text="whole percent of money, or of pieces; cut")
    items = NeedItemSerializer(many=True)
    funds = serializers.ListField(
        child=serializers.CharField(), help_text="codes of funds that may pay for it"
    )
    surplus_rule = serializers.CharField()
    give_url = serializers.URLField(allow_null=True)
    is_demo = serializers.BooleanField()


@_remembered
class NeedList(APIView):
    """Open needs, the most urgent first, a hundred a page. Never anything that could point to a person."""

    @extend_schema(
        operation_id="needs",
        parameters=[
            OpenApiParameter("kind", str, enum=NeedKind.values),
            OpenApiParameter("province", str, description="code or slug"),
            OpenApiParameter("urgency", int, enum=Urgency.values),
            OpenApiParameter("q", str, description="words, however they are typed"),
            OpenApiParameter("page", int),
        ],
        responses=NeedSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = {name: request.query_params.get(name, "") for name in ("kind", "urgency", "q")}
        for name, known in (("kind", NeedKind.values), ("urgency", [str(step) for step in Urgency.values])):
            if asked[name] and asked[name] not in known:
                raise DomainError("bad_request", field=name)
        if place := request.query_params.get("province"):
            asked["province"] = find_province(place).code
        asked["q"] = asked["q"][:_MOST_WORDS]
        needs = list(Paginator(open_needs(**asked), _NEEDS_A_PAGE).get_page(request.query_params.get("page")))
        return Response(_needs(needs))


@_remembered
class NeedDetail(APIView):
    """One need, also after it was funded, closed or withdrawn."""

    @extend_schema(operation_id="need", responses=NeedSerializer)
    def get(self, request: Request, code: str) -> Response:
        try:
            need = find_shown_need(code)
        except DomainError as error:
            raise DomainError("not_found", status=404) from error
        return Response(_needs([need])[0])


def _needs(needs: Sequence[Need]) -> list[dict[str, Any]]:
    funds, progress = active_funds(), progress_of(needs)
    return [_need(need, progress[need.pk], funds) for need in needs]


def _need(need: Need, progress: Progress, funds: Sequence[Fund]) -> dict[str, Any]:
    """Named one by one: what is not here is not told."""
    county = shown_county(need)
    is_open = need.state == NeedState.PUBLISHED
    return {
        "code": need.code,
        "title": need.title,
        "kind": need.kind,
        "fund": need.fund_id,
        "province": need.province_id,
        "county": county.code if county else None,
        "goal_rial": need.goal_rial,
        "received_rial": progress.received_rial,
        "is_urgent": need.urgency == Urgency.URGENT,
        "url": _url("need", need.code),
        "story": need.story,
        "persons": need.persons,
        "urgency": need.urgency,
        "state": need.state,
        "wanted_by": iso_jalali(need.wanted_by) if need.wanted_by else None,
        "goods_rial": progress.goods_rial,
        "promised_rial": progress.promised_rial,
        "percent": progress.percent,
        "items": [
            {
                "item": line.item.item,
                "unit": line.item.unit,
                "quantity": line.item.quantity,
                "met": line.met,
                "promised": line.promised,
            }
            for line in progress.items
        ],
        "funds": [fund.code for fund in funds if need.kind in fund.spendable_on],
        "surplus_rule": need.surplus_rule,
        "give_url": f"{_url('give')}?need={need.code}" if is_open else None,
        "is_demo": need.is_demo,
    }


def _url(name: str, *args: str) -> str:
    return settings.PORTAL_BASE_URL + reverse(name, args=args)

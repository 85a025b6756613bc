"""Sums for programs: any Jalali days, by any facet. Anonymous and read-only, from the rollups alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.models import Campaign, Channel, Fund
from core.errors import DomainError
from core.jalali import parse_jalali
from core.text import ascii_digits, normalise
from dashboards import figures
from dashboards.figures import BY, Period, Totals
from dashboards.periods import FIRST_DAY, LAST_DAY
from dashboards.remembering import remembered
from ledger.enums import GiftKind
from provinces.selectors import find_county, find_province

LAG_SECONDS = 2


class RowSerializer(serializers.Serializer):
    key = serializers.CharField(
        allow_null=True, help_text="null: gifts without this facet (national, no campaign)"
    )
    label = serializers.CharField()
    total_rial = serializers.IntegerField()
    count = serializers.IntegerField()


class TotalsSerializer(serializers.Serializer):
    as_of = serializers.DateTimeField(help_text="when the figures last took in the books")
    total_rial = serializers.IntegerField()
    count = serializers.IntegerField(help_text="number of gifts; a reversed one counts minus one")
    rows = RowSerializer(many=True, help_text="add up to the total exactly")


def _known_province(value: str) -> str:
    return find_province(value).code


def _known_county(value: str) -> str:
    return find_county(value, None).code


def _known(model: type, field: str, code: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not model.objects.filter(**{field: value}).exists():
            raise DomainError(code)
        return value

    return check


def _known_kind(value: str) -> str:
    if value not in GiftKind.values:
        raise DomainError("unknown_kind")
    return value


FILTERS: dict[str, Callable[[str], str]] = {
    "province": _known_province,
    "county": _known_county,
    "campaign": _known(Campaign, "slug", "unknown_campaign"),
    "fund": _known(Fund, "code", "unknown_fund"),
    "channel": _known(Channel, "code", "unknown_channel"),
    "kind": _known_kind,
}
_PARAMETERS = [
    OpenApiParameter("from", str, description="first Jalali day, 1405-01-01; without it from the beginning"),
    OpenApiParameter("to", str, description="last Jalali day, included; without it to the end"),
    OpenApiParameter("by", str, enum=BY, default="province"),
    OpenApiParameter("province", str, description='two-digit code ("00" is Markazi) or slug'),
    OpenApiParameter("county", str, description="four-digit code"),
    OpenApiParameter("campaign", str, description="slug"),
    OpenApiParameter("fund", str, description="code"),
    OpenApiParameter("channel", str, description="code"),
    OpenApiParameter("kind", str, enum=GiftKind.values, description="without it all kinds"),
]


@method_decorator(cache_control(public=True, max_age=LAG_SECONDS), name="dispatch")
class TotalsView(APIView):
    """What was received in a period, by a facet. The rows always add up to the total."""

    @extend_schema(operation_id="totals", parameters=_PARAMETERS, responses=TotalsSerializer)
    def get(self, request: Request) -> Response:
        asked = request.query_params
        by = asked.get("by") or "province"
        if by not in BY:
            raise DomainError("unknown_breakdown", field="by")
        return Response(TotalsSerializer(public_totals(asked, by)).data)


def public_totals(asked: Mapping[str, str], by: str) -> Totals:
    """The sums a query asks for; DomainError with `field` for what it cannot ask."""
    period, filters = period_of(asked), asked_filters(asked)
    return remembered(
        "totals", lambda: figures.totals(period, by=by, **filters), by, period, *filters.values()
    )


def asked_filters(asked: Mapping[str, str]) -> dict[str, str | None]:
    """The filters of a query, each known to exist; DomainError with `field`."""
    return {name: _read(name, check, asked.get(name, "")) for name, check in FILTERS.items()}


def period_of(asked: Mapping[str, str]) -> Period | None:
    """The days `from` and `to` of a query; None when neither is given. DomainError with `field`."""
    start, end = (
        _read("from", parse_jalali, asked.get("from", "")),
        _read("to", parse_jalali, asked.get("to", "")),
    )
    if start is None and end is None:
        return None
    try:
        return Period(start or min(FIRST_DAY, end), end or max(LAST_DAY, start))
    except DomainError as error:
        raise DomainError(error.code, field="to") from error


def _read(name: str, check: Callable[[str], str | date], value: str) -> str | date | None:
    """A parameter that is empty is not given; what cannot be read is refused under its name."""
    if not value:
        return None
    try:
        return check(ascii_digits(normalise(value)) or "?")
    except DomainError as error:
        raise DomainError(error.code, error.data, field=name) from error

"""Giving for programs: write a gift down, be told where to pay, ask what became of it. Anonymous."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.selectors import Designation
from core.errors import DomainError
from core.http import keep_out_of_caches
from core.identifiers import parse_mobile
from core.money import MAX_RIAL
from core.phrases import sentence
from donations.enums import DonationStatus
from donations.models import Donation
from donations.selectors import find_gift_status, receipt_of
from donations.services.donations import Wish, create_donation
from donations.services.receipts import receipt_url
from payments import phrases
from payments.services.terminals import is_known, is_usable

_MOST_BYTES = 32 * 1024
_KEY = re.compile(r"[\x20-\x7e]{1,200}")


class SmallJson(BaseParser):
    """JSON of a size that a gift can have; anything else is 400 or 413, never an error of the server."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise BodyTooLarge
        try:
            return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError(phrases.BAD_JSON) from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = phrases.BODY_TOO_LARGE


class Text(serializers.CharField):
    """Text and nothing that could be turned into it: 23 is not "23". Absent and null are as empty."""

    def __init__(self, **options: Any) -> None:
        if not options.get("required", False):
            options = {"required": False, "allow_null": True, "allow_blank": True, "default": ""} | options
        super().__init__(**options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or ""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeRial(serializers.IntegerField):
    """A whole positive number of rials, as a JSON number: no text, no point, no true."""

    default_error_messages = {"invalid": phrases.AMOUNT_NOT_WHOLE}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_RIAL, **options)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class GiverSerializer(serializers.Serializer):
    name = Text(max_length=80)
    mobile = Text(max_length=20, help_text="09…, +98… or 989…; the receipt is sent there")

    def validate_mobile(self, typed: str) -> str:
        try:
            return parse_mobile(typed) if typed else ""
        except DomainError as error:
            raise serializers.ValidationError(sentence(error.code)) from error


class WishSerializer(serializers.Serializer):
    """What is given and what for. Fields that are not named here are ignored."""

    amount_rial = WholeRial()
    fund = Text(required=True, max_length=40, help_text="code of the purpose: general, sadaqah, …")
    province = Text(
        max_length=60, help_text='two digits as text ("23", "00") or slug; absent or null: national'
    )
    county = Text(max_length=10, help_text="four digits as text; lies in the province")
    campaign = Text(max_length=60, help_text="slug; with a province its branch there is meant")
    need = Text(max_length=60, help_text="code of a published need; the gift then stands where the need is")
    placement = Text(max_length=40, help_text="code of the printed QR the donor came by")
    donor = GiverSerializer(required=False, allow_null=True)
    gateway = Text(max_length=20, help_text="zarinpal, sep, sadad, mellat, zibal; absent: the portal chooses")


class WrittenSerializer(serializers.Serializer):
    tracking_code = serializers.CharField()
    pay_url = serializers.URLField(help_text="send the donor here, by plain GET")
    status_url = serializers.URLField(help_text="ask here what became of it")


class StateSerializer(serializers.Serializer):
    status = serializers.ChoiceField(DonationStatus.choices)
    amount_rial = serializers.IntegerField()
    paid_at = serializers.DateTimeField(required=False, help_text="present once received; UTC")
    receipt_url = serializers.URLField(required=False, help_text="present once received")


class RefusalSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="stable, for programs")
    detail = serializers.CharField(help_text="a Persian sentence, for people")
    field = serializers.CharField(required=False)
    fields = serializers.DictField(required=False, help_text="with code `invalid`: what is wrong, by field")


_KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Any text of up to 200 visible ASCII characters. The same key and body get the same answer.",
)


class Donations(APIView):
    """Gifts are written down here; nothing is paid yet."""

    parser_classes = (SmallJson,)

    @extend_schema(
        operation_id="give",
        parameters=[_KEY_HEADER],
        request=WishSerializer,
        responses={
            201: WrittenSerializer,
            400: RefusalSerializer,
            409: RefusalSerializer,
            413: RefusalSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        key = request.headers.get("Idempotency-Key", "").strip()
        if key and not _KEY.fullmatch(key):
            raise DomainError("bad_idempotency_key")
        body = WishSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        gift = _write(_wish(body.validated_data), f"api:{key}" if key else "")
        answer = {
            "tracking_code": gift.tracking_code,
            "pay_url": _address("payments:start", gift),
            "status_url": _address("api-donation-status", gift),
        }
        return keep_out_of_caches(Response(answer, status=201))


def _wish(said: dict[str, Any]) -> Wish:
    if said["gateway"] and not is_known(said["gateway"]):
        raise DomainError("unknown_gateway", field="gateway")
    donor = said.get("donor") or {"name": "", "mobile": ""}
    return Wish(
        amount_rial=said["amount_rial"],
        fund=said["fund"],
        province=said["province"],
        county=said["county"],
        campaign=said["campaign"],
        need=said["need"],
        placement=said["placement"],
        name=donor["name"],
        mobile=donor["mobile"],
        gateway=said["gateway"],
    )


def _write(wish: Wish, key: str) -> Donation:
    """Write the gift down, unless it is to go through a gateway that cannot be used now.

    That is asked of new gifts only: a key that was answered before gets the same answer for ever.
    """

    def refuse(target: Designation) -> None:
        province = target.province.code if target.province else None
        if wish.gateway and not is_usable(wish.gateway, wish.amount_rial, province):
            raise DomainError("gateway_unavailable", field="gateway")

    return create_donation(wish, idempotency_key=key, refuse=refuse)


def _address(name: str, gift: Donation) -> str:
    return settings.PORTAL_BASE_URL + reverse(name, args=[gift.tracking_code])


class DonationState(APIView):
    """What became of a gift; for asking every second."""

    @extend_schema(operation_id="gift_status", responses={200: StateSerializer, 404: RefusalSerializer})
    def get(self, request: Request, tracking_code: str) -> Response:
        gift = find_gift_status(tracking_code)
        answer: dict[str, Any] = {"status": gift.status, "amount_rial": gift.amount_rial}
        if gift.received_at is not None:
            answer["paid_at"] = gift.received_at
        if (receipt := receipt_of(gift)) is not None:
            answer["receipt_url"] = receipt_url(receipt)
        return keep_out_of_caches(Response(answer))

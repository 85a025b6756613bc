"""What payment apps and USSD operators took for us, reported by them. Keys and signatures instead of people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import DomainError
from core.http import keep_out_of_caches
from core.phrases import sentence
from donations.enums import DonationStatus
from donations.services.receipts import receipt_url
from payments.enums import KeyMode, LineVerdict
from payments.models import PartnerKey
from payments.partner_lines import MOST_BYTES, MOST_LINES, ignored_fields, read_body, txn_id_of
from payments.partner_selectors import transaction_state
from payments.services.partner_access import (
    KEY_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    claim_signature,
    keep_pace,
    let_in,
    note_counts,
)
from payments.services.partner_reports import Outcome, report

_HEADERS = [
    OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=text)
    for name, text in (
        (KEY_HEADER, "id of the key"),
        (TIMESTAMP_HEADER, "Unix time in seconds, up to nine decimals allowed; at most 5 minutes off"),
        (
            SIGNATURE_HEADER,
            "64 hex digits: HMAC-SHA256 under the secret of X-Timestamp, one line feed (0x0A), and the raw body "
            "(for GET: the path as requested)",
        ),
    )
]


# --- the shapes, for the schema: partner_lines reads, so that a bad line never fails its neighbours -------
class PartnerDonorSerializer(serializers.Serializer):
    name = serializers.CharField(required=False, max_length=80)
    mobile = serializers.CharField(required=False, max_length=20, help_text="the receipt is sent there")
    message = serializers.CharField(required=False, max_length=300)
    is_anonymous = serializers.BooleanField(required=False)


class PartnerTransactionSerializer(serializers.Serializer):
    partner_txn_id = serializers.RegexField(
        r"^[A-Za-z0-9._-]{1,50}$", help_text="unique for ever at the partner"
    )
    amount_rial = serializers.IntegerField(min_value=1, help_text="whole rials, as a JSON number")
    paid_at = serializers.DateTimeField(help_text="ISO 8601 with offset: 2026-03-21T10:15:00+03:30")
    fund = serializers.CharField(
        required=False, max_length=40, help_text="code of the purpose; absent: the partner's default"
    )
    province = serializers.CharField(
        required=False, max_length=60, help_text='"23" or slug; absent: national'
    )
    county = serializers.CharField(required=False, max_length=10)
    campaign = serializers.CharField(required=False, max_length=60, help_text="slug of an open campaign")
    rrn = serializers.CharField(required=False, max_length=32)
    trace_no = serializers.CharField(required=False, max_length=32)
    terminal = serializers.CharField(required=False, max_length=32)
    card_masked = serializers.CharField(required=False, max_length=20, help_text="603799******1234")
    currency = serializers.ChoiceField(["IRR"], required=False)
    status = serializers.ChoiceField(["paid"], required=False)
    donor = PartnerDonorSerializer(required=False)


class PartnerBatchSerializer(serializers.Serializer):
    transactions = PartnerTransactionSerializer(many=True, max_length=MOST_LINES)


class PartnerVerdictSerializer(serializers.Serializer):
    line = serializers.IntegerField(help_text="1 is the first")
    partner_txn_id = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(LineVerdict.choices)
    tracking_code = serializers.CharField(required=False, help_text="accepted and known")
    code = serializers.CharField(required=False, help_text="conflict and refused; stable, for programs")
    field = serializers.CharField(required=False)
    detail = serializers.CharField(required=False, help_text="a Persian sentence, for people")
    ignored = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="fields that mean nothing here"
    )


class PartnerAnswerSerializer(serializers.Serializer):
    sandbox = serializers.BooleanField(help_text="true: checked and answered, nothing booked")
    counts = serializers.DictField(child=serializers.IntegerField())
    results = PartnerVerdictSerializer(many=True)


class PartnerStateSerializer(serializers.Serializer):
    sandbox = serializers.BooleanField()
    partner_txn_id = serializers.CharField()
    status = serializers.ChoiceField(
        [DonationStatus.RECEIVED.value, DonationStatus.REFUNDED.value], help_text="received or refunded"
    )
    tracking_code = serializers.CharField()
    amount_rial = serializers.IntegerField()
    paid_at = serializers.DateTimeField()
    status_url = serializers.URLField(required=False, help_text="not in the sandbox")
    receipt_url = serializers.URLField(required=False, help_text="not in the sandbox")


class PartnerRefusalSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="stable, for programs; see /api/docs/partner/")
    detail = serializers.CharField(help_text="a Persian sentence, for people")
    server_time = serializers.IntegerField(required=False, help_text="with clock_skew")
    retry_after = serializers.IntegerField(required=False, help_text="with too_many_requests, seconds")


_REFUSALS = dict.fromkeys((400, 401, 403, 409, 411, 413, 429, 503), PartnerRefusalSerializer)


class PartnerTransactions(APIView):
    """Paid gifts come in here: one, or up to 1,000, each with a verdict of its own."""

    @extend_schema(
        operation_id="partner_report",
        parameters=_HEADERS,
        request=PolymorphicProxySerializer(
            component_name="PartnerReport",
            serializers=[PartnerTransactionSerializer, PartnerBatchSerializer],
            resource_type_field_name=None,
            many=False,
        ),
        responses={200: PartnerAnswerSerializer, **_REFUSALS},
    )
    def post(self, request: Request) -> Response:
        body = _body(request)
        key = let_in(request.headers, body)
        keep_pace(key, requests=1)
        lines = read_body(body)
        keep_pace(key, lines=len(lines))
        call = claim_signature(key, request.headers)
        outcomes = report(key, lines)
        counts = Counter(str(outcome.verdict) for outcome in outcomes)
        note_counts(call, counts)
        answer = {
            "sandbox": key.mode == KeyMode.SANDBOX,
            "counts": {verdict: counts[verdict] for verdict in LineVerdict.values},
            "results": [
                _shown(number, line, outcome)
                for number, (line, outcome) in enumerate(zip(lines, outcomes, strict=True), start=1)
            ],
        }
        return keep_out_of_caches(Response(answer))


def _body(request: Request) -> bytes:
    """The bytes as they came; too many are not even read."""
    length = request.headers.get("Content-Length", "")
    if not length and request.headers.get("Transfer-Encoding"):
        raise DomainError("length_required", status=411)
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise DomainError("body_too_large", status=413, most_bytes=MOST_BYTES)
    return request._request.body


def _shown(number: int, line: Any, outcome: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "line": number,
        "partner_txn_id": txn_id_of(line),
        "verdict": str(outcome.verdict),
    }
    if outcome.tracking_code:
        shown["tracking_code"] = outcome.tracking_code
    if outcome.code:
        shown |= {"code": outcome.code, **outcome.data, "detail": sentence(outcome.code)}
    if ignored := ignored_fields(line):
        shown["ignored"] = ignored
    return shown


class PartnerTransactionState(APIView):
    """What became of a transaction that was reported here."""

    @extend_schema(
        operation_id="partner_transaction_state",
        parameters=_HEADERS,
        responses={200: PartnerStateSerializer, 404: PartnerRefusalSerializer, **_REFUSALS},
    )
    def get(self, request: Request, partner_txn_id: str) -> Response:
        key = let_in(request.headers, request._request.get_full_path().encode())
        keep_pace(key, requests=1)
        return keep_out_of_caches(Response(_state(key, partner_txn_id)))


def _state(key: PartnerKey, txn_id: str) -> dict[str, Any]:
    state = transaction_state(key, txn_id)
    answer = {
        "sandbox": key.mode == KeyMode.SANDBOX,
        "partner_txn_id": state.partner_txn_id,
        "status": str(state.status),
        "tracking_code": state.tracking_code,
        "amount_rial": state.amount_rial,
        "paid_at": state.paid_at,
    }
    if state.gift is not None:
        path = reverse("donation-status", args=[state.tracking_code])
        answer["status_url"] = settings.PORTAL_BASE_URL + path
    if state.receipt is not None:
        answer["receipt_url"] = receipt_url(state.receipt)
    return answer

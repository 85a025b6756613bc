"""The API of a gift: what it takes, what it refuses, and that a key means one gift."""

import json
from datetime import datetime

import pytest
from django.conf import settings as portal
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from campaigns.models import Edition
from core.identifiers import show_mobile
from donations.models import Donation
from payments.gateways.base import Answer, Outcome
from payments.models import GatewaySetting
from payments.services.settlement import settle
from tests.donations.conftest import place
from tests.factories.gifts import attempt_for, finding, give, receive

pytestmark = pytest.mark.usefixtures("db", "country")
DONATIONS = "/api/v1/donations/"
GIFT = {"amount_rial": 500_000, "fund": "general"}


def post(body, key: str = "", client: Client | None = None, **more):
    headers = {"Idempotency-Key": key} if key else {}
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    kind = {"content_type": "application/json"} | more
    return (client or Client(enforce_csrf_checks=True)).post(DONATIONS, data, headers=headers, **kind)


def test_a_gift_is_written_down(settings):
    settings.PORTAL_BASE_URL = "https://portal.example"
    answer = post(GIFT)
    gift = Donation.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "tracking_code": gift.tracking_code,
            "pay_url": f"https://portal.example/pay/{gift.tracking_code}/",
            "status_url": f"https://portal.example/api/v1/donations/{gift.tracking_code}/",
        },
    )
    assert (gift.amount_rial, gift.fund_id, gift.province, gift.status) == (
        500_000,
        "general",
        None,
        "pending",
    )
    assert (answer["Cache-Control"], answer.cookies) == ("no-store", {})


def test_everything_that_can_be_said():
    box = place("23", "2301")
    answer = post(
        {
            "amount_rial": 750_000, "fund": "fitriyeh_sadat", "province": "23", "county": "2301",
            "campaign": "ziafat-mehrabani", "placement": box.code, "need": None, "gateway": "sep",
            "donor": {"name": "علي رضایی", "mobile": "۰۹۱۲۱۲۳۴۵۶۷"}, "something": {"new": 1},
        }
    )  # fmt: skip
    assert answer.status_code == 201, answer.json()
    gift = Donation.objects.get()
    assert (gift.fund_id, gift.province_id, gift.county_id) == ("fitriyeh_sadat", "23", "2301")
    assert (gift.edition.campaign.slug, gift.branch.province_id) == ("ziafat-mehrabani", "23")
    assert (gift.placement, gift.channel.code, gift.preferred_gateway) == (box, "qr", "sep")
    assert (gift.donor_name, show_mobile(gift.donor.mobile)) == ("علی رضایی", "09121234567")


@pytest.mark.parametrize(
    ("province", "code"),
    [("00", "00"), ("23", "23"), ("markazi", "00"), ("tehran", "23"), (None, None), ("", None)],
)
def test_province_by_code_or_slug_or_none(province, code):
    assert post(GIFT | {"province": province}).status_code == 201
    assert Donation.objects.get().province_id == code


def test_nulls_mean_absent():
    nothing = dict.fromkeys(("province", "campaign", "county", "need", "placement", "donor", "gateway"))
    assert post(GIFT | nothing).status_code == 201
    assert post(GIFT | {"donor": {"name": None, "mobile": None}}).status_code == 201
    assert post(GIFT | {"donor": {}}).status_code == 201


@pytest.mark.parametrize(
    "amount", [0, -1, 1.0, 500000.5, "500000", True, None, [], {}, 10**30, "۵۰۰۰۰۰", -(2**63)], ids=str
)
def test_an_amount_is_a_whole_positive_number(amount):
    answer = post(GIFT | {"amount_rial": amount})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == ["amount_rial"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fund", 5), ("fund", None), ("fund", ""), ("fund", ["general"]), ("province", 23), ("county", 2301),
        ("campaign", {}), ("placement", True), ("gateway", 1), ("donor", "مریم"), ("donor", [1]),
        ("donor", {"name": 5}), ("donor", {"mobile": 9121234567}), ("donor", {"mobile": "0912"}),
        ("donor", {"name": "x" * 81}), ("fund", "x" * 41), ("province", "\x00"), ("campaign", "\ud800"),
    ],
    ids=str,
)  # fmt: skip
def test_wrong_types_are_said_at_their_field(field, value):
    answer = post(GIFT | {field: value})
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [field]
    assert not Donation.objects.exists()


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"fund": "nothing"}, "unknown_fund", "fund"),
        ({"fund": "khums"}, "unknown_fund", "fund"),
        ({"province": "99"}, "unknown_province", "province"),
        ({"province": "atlantis"}, "unknown_province", "province"),
        ({"province": "23", "county": "0701"}, "unknown_county", "county"),
        ({"county": "9999"}, "unknown_county", "county"),
        ({"campaign": "nothing"}, "unknown_campaign", "campaign"),
        ({"placement": "AAAAAAAAA"}, "unknown_placement", "placement"),
        ({"need": "N-1"}, "unknown_need", "need"),
        ({"gateway": "paypal"}, "unknown_gateway", "gateway"),
        ({"amount_rial": 9_999}, "amount_too_small", "amount"),
        ({"amount_rial": 2_000_000_001}, "amount_too_large", "amount"),
    ],
)
def test_what_is_not_known_has_a_code_and_a_sentence(said, code, field):
    answer = post(GIFT | said)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert answer.json()["detail"]
    assert not Donation.objects.exists()


def test_a_closed_campaign():
    Edition.objects.filter(campaign__slug="mosbat-mah", state="open").update(state="closed")
    assert post(GIFT | {"campaign": "mosbat-mah"}).json()["code"] == "campaign_closed"


def test_limits_are_told_in_rials():
    assert post(GIFT | {"amount_rial": 1}).json()["minimum_rial"] == 10_000
    assert post(GIFT | {"amount_rial": 2**62}).json()["maximum_rial"] == 2_000_000_000


@pytest.mark.parametrize(
    "body", ["", "{", "nonsense", "[1]", '"x"', "5", "null", "[" * 5000, b"\xff\xfe", '{"a": NaN}']
)
def test_what_is_no_object_is_refused(body):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json()["code"] in ("parse_error", "invalid")
    assert not Donation.objects.exists()


def test_other_types_and_sizes():
    assert post("amount_rial=5", content_type="application/x-www-form-urlencoded").status_code == 415
    assert post(GIFT | {"more": "x" * 40_000}).status_code == 413
    assert Client().get(DONATIONS).status_code == 405
    assert Client().delete(DONATIONS).status_code == 405


# --- idempotency ---


def test_same_key_and_body_same_answer():
    first, again = post(GIFT, "k-1"), post(GIFT, "k-1")
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, first.json())
    assert Donation.objects.count() == 1


def test_same_key_other_body_is_a_conflict():
    post(GIFT, "k-1")
    answer = post(GIFT | {"amount_rial": 600_000}, "k-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")
    assert post(GIFT | {"gateway": "sep"}, "k-1").status_code == 409
    assert Donation.objects.count() == 1


def test_without_a_key_two_gifts_are_two_gifts():
    post(GIFT)
    post(GIFT)
    assert Donation.objects.count() == 2


def test_the_answer_stays_when_the_world_changes():
    body = GIFT | {"gateway": "sep", "campaign": "mosbat-mah"}
    first = post(body, "k-1").json()
    GatewaySetting.objects.filter(name="sep").update(is_enabled=False)
    Edition.objects.filter(campaign__slug="mosbat-mah", state="open").update(state="closed")
    again = post(body, "k-1")
    assert (again.status_code, again.json()) == (201, first)


def test_a_refused_gift_uses_no_key_up():
    assert post(GIFT | {"fund": "nothing"}, "k-1").status_code == 400
    assert post(GIFT, "k-1").status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "کلید", "tab\tbed"])
def test_a_bad_key_is_refused(key):
    headers = {"HTTP_IDEMPOTENCY_KEY": key}
    answer = Client().post(DONATIONS, json.dumps(GIFT), content_type="application/json", **headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


# --- gateways ---


def test_a_known_gateway_that_is_switched_off():
    GatewaySetting.objects.filter(name="mellat").update(is_enabled=False)
    for province in (None, "23", "tehran"):
        answer = post(GIFT | {"gateway": "mellat", "province": province}, "k-1")
        assert (answer.status_code, answer.json()["code"]) == (400, "gateway_unavailable")
    assert not Donation.objects.exists()
    GatewaySetting.objects.filter(name="mellat").update(is_enabled=True)
    assert post(GIFT | {"gateway": "mellat"}, "k-1").status_code == 201


@pytest.mark.parametrize("gateway", ["zarinpal", "sep", "sadad", "mellat", "zibal"])
def test_every_gateway_may_be_asked_for(gateway):
    assert post(GIFT | {"gateway": gateway}).status_code == 201
    assert Donation.objects.get().preferred_gateway == gateway


# --- status ---


def state(gift: Donation):
    return Client().get(f"{DONATIONS}{gift.tracking_code}/")


def test_each_state():
    pending, failed, reviewed, received = give(), give(), give(), receive(name="مریم", mobile="+989121234567")
    attempt = attempt_for(failed)
    settle({attempt.pk: finding(attempt, Answer(Outcome.REVERSED))})
    Donation.objects.filter(pk=reviewed.pk).update(status="under_review")
    for gift, status in ((pending, "pending"), (failed, "failed"), (reviewed, "under_review")):
        assert state(gift).json() == {"status": status, "amount_rial": 500_000}
    answer = state(received)
    told = answer.json()
    assert list(told) == ["status", "amount_rial", "paid_at", "receipt_url"]
    assert told["status"] == "received"
    assert datetime.fromisoformat(told["paid_at"]) == received.received_at
    assert told["receipt_url"] == f"{portal.PORTAL_BASE_URL}/receipts/{received.receipt.token}/"
    assert "مریم" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    Donation.objects.filter(pk=received.pk).update(status="refunded")
    assert state(received).json()["status"] == "refunded"


@pytest.mark.parametrize("code", ["A7KM29RTX4HC", "nothing", "%00", "x" * 300])
def test_an_unknown_code(code):
    answer = Client().get(f"{DONATIONS}{code}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_code_as_people_write_it():
    code = give().tracking_code
    assert Client().get(f"{DONATIONS}{code[:4].lower()}-{code[4:]}/").status_code == 200


def test_queries(django_assert_num_queries):
    gift = receive()
    with django_assert_num_queries(1):
        state(gift)
    with django_assert_num_queries(6):  # fund (twice unless remembered), channel, gift in a savepoint
        post(GIFT)


def test_asking_often_is_never_refused():
    address, client = f"{DONATIONS}{give().tracking_code}/", Client()
    assert {client.get(address).status_code for _ in range(100)} == {200}
    assert {post(GIFT, client=client).status_code for _ in range(25)} == {201}


def test_the_schema_describes_it():
    schema = SchemaGenerator().get_schema(public=True)
    operation = schema["paths"]["/api/v1/donations/"]["post"]
    assert {"201", "400", "409", "413"} <= set(operation["responses"])
    assert [row["name"] for row in operation["parameters"]] == ["Idempotency-Key"]
    wish = schema["components"]["schemas"]["Wish"]
    assert sorted(wish["required"]) == ["amount_rial", "fund"]
    assert wish["properties"]["amount_rial"]["minimum"] == 1
    status = schema["paths"]["/api/v1/donations/{tracking_code}/"]["get"]
    assert {"200", "404"} <= set(status["responses"])

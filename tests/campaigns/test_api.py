"""Campaigns, channels and needs for programs."""

from __future__ import annotations

from campaigns.enums import CampaignState
from campaigns.models import Branch, Channel, Edition
from core.jalali import from_jalali, tehran_today
from tests.factories.campaigns import put_back
from tests.factories.channels import confirmed, vouch_for

UNVERIFIED = ("733*7*9", "741*5*5", "6367957070707075", "*733*", "*741*")


def test_campaigns_with_the_edition_that_is_meant(db, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/campaigns/")
    assert answer["Cache-Control"] == "public, max-age=30"
    assert not answer.cookies
    body = answer.json()
    assert [campaign["slug"] for campaign in body] == ["ziafat-mehrabani", "mosbat-mah"]
    edition = body[0]["edition"]
    assert (edition["year_kind"], edition["year"], edition["is_open"]) == ("hijri", 1448, True)
    assert (edition["season_starts_on"], edition["season_ends_on"]) == ("1405-11-19", "1405-12-19")
    assert edition["fund"] == "fitriyeh_general"
    assert body[0]["url"].endswith("/campaigns/ziafat-mehrabani/")


def test_out_of_season_is_said(db, client):
    Edition.objects.filter(year=1448).update(
        season_starts_on=from_jalali(1400, 1, 1), season_ends_on=tehran_today()
    )
    assert client.get("/api/v1/campaigns/").json()[0]["edition"]["is_in_season"] is True
    Edition.objects.filter(year=1448).update(season_ends_on=from_jalali(1400, 1, 2))
    edition = client.get("/api/v1/campaigns/").json()[0]["edition"]
    assert (edition["is_in_season"], edition["is_open"]) == (False, True)


def test_one_campaign_with_branches_and_older_editions(db, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        body = client.get("/api/v1/campaigns/ziafat-mehrabani/").json()
    assert [edition["year"] for edition in body["older_editions"]] == [1447, 1446]
    assert len(body["branches"]) == 31
    assert {branch["province"] for branch in body["branches"]} >= {"00", "07", "23"}
    fars = next(branch for branch in body["branches"] if branch["province"] == "07")
    assert (fars["slug"], fars["name"], fars["is_open"]) == ("fars", "فارس", True)
    assert fars["url"].endswith("/campaigns/ziafat-mehrabani/fars/")


def test_drafts_are_not_there(db, country, client):
    put_back(Edition.objects.filter(campaign__slug="mosbat-mah"), state=CampaignState.DRAFT)
    put_back(Branch.objects.filter(province="07"), state=CampaignState.DRAFT)
    assert [c["slug"] for c in client.get("/api/v1/campaigns/").json()] == ["ziafat-mehrabani"]
    answer = client.get("/api/v1/campaigns/mosbat-mah/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    branches = client.get("/api/v1/campaigns/ziafat-mehrabani/").json()["branches"]
    assert "07" not in {branch["province"] for branch in branches}


def test_channels_never_show_an_unverified_number(db, country, client):
    answer = client.get("/api/v1/channels/")
    for number in (*UNVERIFIED, "733", "741"):
        assert number not in answer.content.decode()
    rows = answer.json()
    web = next(row for row in rows if row["code"] == "web")
    assert (web["is_verified"], web["least_rial"], web["most_rial"]) == (True, 10_000, 2_000_000_000)
    announced = [row for row in rows if not row["is_verified"]]
    assert {row["announced_year"] for row in announced} == {1401}
    card = next(row for row in announced if row["kind"] == "card")
    assert (card["code"], card["value"], card["shown"]) == (None, None, None)
    assert {row["name"] for row in announced if row["kind"] == "app"} >= {"برنامهٔ آپ", "برنامهٔ ۷۲۴"}


def test_a_channel_shows_its_number_while_verified_and_in_force(db, country, client):
    vouch_for(Channel.objects.get(code="card_hq"))
    card = next(c for c in client.get("/api/v1/channels/").json() if c["code"] == "card_hq")
    assert (card["value"], card["shown"]) == ("6367957070707075", "6367-9570-7070-7075")
    Channel.objects.filter(code="card_hq").update(valid_until=from_jalali(1404, 1, 1))
    assert "6367957070707075" not in client.get("/api/v1/channels/").content.decode()


def test_channels_of_a_province_and_of_a_kind(db, country, client):
    mine, code = confirmed(province="23"), confirmed("ussd")

    def asked(query):
        return [c["code"] for c in client.get(f"/api/v1/channels/{query}").json() if c["code"]]

    assert asked("?province=tehran") == asked("?province=23&kind=card") == [mine.code]
    assert asked("?province=06") == []
    assert code.code in asked("?province=none&kind=ussd")
    found = next(c for c in client.get("/api/v1/channels/?kind=ussd").json() if c["value"])
    assert (found["value"], found["dial_url"], found["province"]) == ("*0000*1#", "tel:*0000*1%23", None)
    for query in ("?kind=pigeon", "?province=99"):
        assert client.get(f"/api/v1/channels/{query}").status_code == 400


def test_the_shape_of_a_need_is_agreed(db, client):
    schema = client.get("/api/schema/?format=json").json()
    assert set(schema["components"]["schemas"]["Need"]["properties"]) == {
        "code", "title", "kind", "fund", "province", "county", "goal_rial", "received_rial", "is_urgent", "url",
        "story", "persons", "urgency", "state", "wanted_by", "goods_rial", "promised_rial", "percent", "items",
        "funds", "surplus_rule", "give_url", "is_demo",
    }  # fmt: skip


def test_only_reading(db, client):
    for address in ("campaigns/", "campaigns/mosbat-mah/", "channels/", "needs/"):
        assert client.post(f"/api/v1/{address}").status_code == 405

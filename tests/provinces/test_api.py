"""Provinces and counties for programs and for the county select."""

from __future__ import annotations

from provinces.models import County


def test_provinces_in_persian_order(db, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/provinces/")
    assert answer["Cache-Control"] == "public, max-age=300"
    body = answer.json()
    assert len(body) == 31
    assert body[0] == {"code": "03", "name": "آذربایجان شرقی", "slug": "east-azerbaijan", "capital": "تبریز"}
    assert body[-1]["name"] == "یزد"
    assert "00" in {province["code"] for province in body}


def test_counties_by_code_or_slug(db, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        by_code = client.get("/api/v1/provinces/00/counties/").json()
    assert by_code == client.get("/api/v1/provinces/markazi/counties/").json()
    assert set(by_code[0]) == {"code", "name"}
    assert all(county["code"].startswith("00") for county in by_code)


def test_a_county_that_ended_is_not_offered(db, client):
    ended = County.objects.filter(province="07").first()
    County.objects.filter(pk=ended.pk).update(is_active=False)
    codes = {county["code"] for county in client.get("/api/v1/provinces/07/counties/").json()}
    assert ended.code not in codes


def test_an_unknown_province_is_a_404_with_a_code(db, client):
    for name in ("99", "atlantis", "0"):
        answer = client.get(f"/api/v1/provinces/{name}/counties/")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_province")

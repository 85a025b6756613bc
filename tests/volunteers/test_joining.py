"""Joining the network: by a proved number, step by step, one person one row, nothing merged silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core.errors import DomainError
from core.jalali import tehran_today, to_jalali
from core.models import AuditEntry, OutgoingSms
from provinces.models import County, Neighbourhood
from provinces.scoping import all_provinces
from tests.factories.doors import come_in
from tests.factories.volunteers import application, national_id
from tests.threads import close_all
from volunteers.enums import ConsentKind, Section
from volunteers.join_phrases import TEXT_VERSION
from volunteers.models import Consent, JoinDraft, Volunteer
from volunteers.selectors import volunteers_named
from volunteers.services import joining
from volunteers.services.joining import join
from volunteers.services.profile import set_consent
from volunteers.skills import all_skills, find_skills

ROOM, MINE, OTHER = "/volunteers/join/", "+989123456789", "+989123456780"


@pytest.fixture(autouse=True)
def _start(country):
    cache.clear()


def answers() -> dict[str, dict]:
    return {
        "identity": {"name": "مریم  كريمی", "national_id": national_id(), "born_on": "۱۳۷۰/۰۱/۳۱"},
        "province": {"province": "07"},
        "county": {"county": County.objects.filter(province="07").first().code, "neighbourhood": "كوي بهار"},
        "work": {"sections": ["cultural", "health"], "role": "specialist", "licence_no": "نظام ۱۲"},
        "skills": {"skills": ["nursing"]},
        "time": {"languages": ["fa", "psc"], "availability": ["crisis"], "is_remote": "on"},
        "access": {"access_needs": "رمپ", "access_agreed": "on"},
        "consents": {"data": "on", "conduct": "on"},
    }


def walk(client, steps: dict[str, dict]):
    answer = None
    for step, sent in steps.items():
        answer = client.post(f"{ROOM}step/{step}/", sent)
        assert answer.status_code == 303, (step, answer.status_code)
    return answer


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def test_a_stranger_finds_a_door_without_a_cookie(db, client):
    answer = client.get(ROOM)
    assert answer.status_code == 200
    assert not answer.cookies
    assert client.get(f"{ROOM}step/identity/")["Location"] == f"{ROOM}sign-in/"


def test_all_steps_lead_into_the_network(db, client):
    come_in(client, MINE, ROOM)
    done = walk(client, answers())
    assert done["Location"] == f"{ROOM}?joined=1"
    assert client.get(done["Location"]).status_code == 200
    made = Volunteer.objects.get()
    assert (made.name, made.mobile, made.national_id, made.province_id) == (
        "مریم کریمی",
        MINE,
        national_id(),
        "07",
    )
    assert (made.section, made.sections, made.skills) == ("cultural", ["cultural", "health"], ["nursing"])
    assert (made.languages, made.is_remote, made.access_needs) == (["fa", "psc"], True, "رمپ")
    assert sorted(Consent.objects.values_list("kind", "text_version")) == [
        ("access", TEXT_VERSION), ("conduct", TEXT_VERSION), ("data", TEXT_VERSION),
    ]  # fmt: skip
    assert not JoinDraft.objects.exists()
    assert client.get(f"{ROOM}step/identity/").status_code == 302


def test_one_goes_on_later_where_one_stopped(db, client):
    come_in(client, MINE, ROOM)
    walk(client, {step: sent for step, sent in answers().items() if step in ("identity", "province")})
    assert client.post(f"{ROOM}pause/").status_code == 303
    later = Client()
    come_in(later, MINE, ROOM)
    assert later.get(ROOM)["Location"] == f"{ROOM}step/county/"
    assert "مریم" in later.get(f"{ROOM}step/identity/").content.decode()
    assert later.get(f"{ROOM}step/consents/")["Location"] == f"{ROOM}step/county/"
    stranger = Client()
    come_in(stranger, OTHER, ROOM)
    assert stranger.get(ROOM)["Location"] == f"{ROOM}step/identity/"


def test_somebody_under_age_names_a_guardian_who_is_asked(db, client):
    come_in(client, MINE, ROOM)
    child = answers()["identity"] | {"born_on": f"{to_jalali(tehran_today()).year - 15}/01/01"}
    assert walk(client, {"identity": child})["Location"] == f"{ROOM}step/guardian/"
    guardian = {"guardian_name": "پدر مریم", "guardian_mobile": "09121112233"}
    assert client.post(f"{ROOM}step/guardian/", guardian).status_code == 422
    own = client.post(f"{ROOM}step/guardian/", guardian | {"guardian_mobile": MINE, "guardian_knows": "on"})
    assert "guardian_mobile" in own.context["form"].errors
    rest = {"guardian": guardian | {"guardian_knows": "on"}} | {
        step: sent for step, sent in answers().items() if step != "identity"
    }
    walk(client, rest)
    made = Volunteer.objects.get()
    assert (made.guardian_mobile, made.guardian_state) == ("+989121112233", "waiting")
    assert not Consent.objects.filter(kind="guardian").exists(), "a tick is not the guardian's word"
    asked = OutgoingSms.objects.get(purpose="guardian")
    assert asked.mobile == made.guardian_mobile
    assert "/me/wards/" in asked.text
    assert made.name not in asked.text, "nobody sends words of their own to a stranger's telephone"


@pytest.mark.parametrize(
    ("step", "change", "field"),
    [
        ("identity", {"national_id": "1234567890"}, "national_id"),
        ("identity", {"born_on": "1990-01-01"}, "born_on"),
        ("identity", {"born_on": "1490/01/01"}, "born_on"),
        ("identity", {"name": "\u200c"}, "name"),
        ("province", {"province": "99"}, "province"),
        ("county", {"county": "2301"}, "county"),
        ("work", {"sections": ["cooking"]}, "sections"),
        ("access", {"access_agreed": ""}, "access_agreed"),
        ("consents", {"conduct": ""}, "conduct"),
    ],
)
def test_a_fault_is_said_at_its_field(db, client, step, change, field):
    come_in(client, MINE, ROOM)
    given = answers()
    walk(client, {name: given[name] for name in list(given)[: list(given).index(step)]})
    answer = client.post(f"{ROOM}step/{step}/", {k: v for k, v in (given[step] | change).items() if v})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Volunteer.objects.exists()


def test_a_known_number_is_merged_only_when_it_is_ticked(db, client):
    join(MINE, application(name="پیشین"), text_version="0")
    come_in(client, MINE, ROOM)
    given = answers()
    last = given.pop("consents")
    walk(client, given)
    refused = client.post(f"{ROOM}step/consents/", last)
    assert refused.status_code == 409
    assert Volunteer.objects.get().name == "پیشین"
    walk(client, {"consents": last | {"merge": "on"}})
    assert Volunteer.objects.get().name == "مریم کریمی"
    assert set(Consent.objects.values_list("text_version", flat=True)) == {"0", TEXT_VERSION}
    assert AuditEntry.objects.filter(action="volunteer.merge").count() == 1


def test_a_national_id_of_another_number_is_never_merged(db):
    join(MINE, application(), text_version="1")
    assert refusal(join, OTHER, application(), text_version="1", may_merge=True) == "national_id_taken"
    assert Volunteer.objects.get().mobile == MINE


def test_known_national_ids_cannot_be_asked_for_without_end(db, monkeypatch):
    monkeypatch.setattr(joining, "MOST_TRIES", 2)
    join(MINE, application(), text_version="1")
    said = [refusal(join, OTHER, application(), text_version="1") for _ in range(3)]
    assert said == ["national_id_taken", "national_id_taken", "too_many_tries"]


def test_numbers_and_needs_are_encrypted(db, client):
    come_in(client, MINE, ROOM)
    walk(client, {"identity": answers()["identity"]})
    join(OTHER, application(access_needs="رمپ", consents=list(ConsentKind)), text_version="1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(v)::text FROM volunteers_volunteer v")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(d)::text FROM volunteers_joindraft d")
        rows += cursor.fetchall()
    for secret in (national_id(), "912345678", "رمپ", "مریم"):
        assert secret not in str(rows)


@pytest.mark.parametrize("typed", ["علی‌رضا", "علیرضا", "علي رضا", "علیرضا کريمي"])
def test_a_name_is_found_however_it_is_typed(db, typed):
    join(MINE, application(), text_version="1")
    assert [v.mobile for v in volunteers_named(typed)] == [MINE]


def test_skills_are_found_as_people_type_them(db, client):
    assert [s.code for s in find_skills("روانشناسي")] == ["psychology"]
    assert "sign_interpreting" in [s.code for s in find_skills("ناشنوا")]
    assert {s.section for s in all_skills().values()} == set(Section.values)
    come_in(client, MINE, ROOM)
    given = answers()
    walk(client, {name: given[name] for name in ("identity", "province", "county", "work")})
    html = client.post(
        f"{ROOM}step/skills/", {"q": "پرستار", "search": "1", "skills": ["law"]}
    ).content.decode()
    assert 'value="nursing"' in html
    assert 'value="law"' in html
    assert 'value="masonry"' not in html
    assert client.get(ROOM)["Location"] == f"{ROOM}step/skills/"


def test_a_neighbourhood_is_known_by_the_countys_register(db):
    county = County.objects.filter(province="07").first()
    known = Neighbourhood.objects.create(county=county, name="کوی بهار")
    Neighbourhood.objects.create(county=County.objects.filter(province="06").first(), name="کوی باغ")
    for mobile, number, typed, row in (
        (MINE, "123456789", "كوي‌بهار", known),
        (OTHER, "223456789", "کوی باغ", None),
    ):
        wanted = application(neighbourhood=typed, national_id=national_id(number), county=county)
        made = join(mobile, wanted, text_version="1")
        assert (made.neighbourhood, made.neighbourhood_row) == (typed, row)


def test_a_consent_that_was_taken_back_and_is_given_again_counts(db):
    every = [ConsentKind.DATA, ConsentKind.CONDUCT, ConsentKind.CONTACT]
    made = join(MINE, application(consents=every), text_version="1")
    set_consent(made.mobile_hash, ConsentKind.CONTACT, is_given=False, text_version="1")
    join(MINE, application(consents=every), text_version="1", may_merge=True)
    assert set(made.consents.filter(withdrawn_at=None).values_list("kind", flat=True)) == set(every)
    assert made.consents.count() == 3


def test_of_two_numbers_with_one_national_id_one_joins(live_db, django_db_blocker):
    together = Barrier(4)

    def come(number):
        try:
            with all_provinces("test"):
                wanted = application()
                together.wait()
                return bool(join(f"+98912345678{number}", wanted, text_version="1"))
        except DomainError as error:
            return error.code
        finally:
            close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        came = sorted(map(str, pool.map(come, range(4))))
        assert came == ["True"] + ["national_id_taken"] * 3
        assert Volunteer.objects.count() == 1
        assert Consent.objects.count() == 2

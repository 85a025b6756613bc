"""Somebody under age: their guardian agrees from a number that was proved, or there is neither approval nor work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from core.crypto import keyed_hash
from core.errors import DomainError
from core.invariants import run_checks
from core.jalali import from_jalali, tehran_today, to_jalali
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from tests.factories.doors import come_in
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import TEHRAN, TEHRAN_COUNTY, browser_of, person
from tests.factories.volunteers import application
from volunteers.enums import AssignmentState, Decision, GuardianState, Vetting
from volunteers.matching import find_matches
from volunteers.models import Assignment, Consent, Volunteer
from volunteers.selectors import is_minor
from volunteers.services import guardians
from volunteers.services.joining import join
from volunteers.services.leaving import forget_volunteer
from volunteers.services.merging import merge_by_word, suspect
from volunteers.services.places import invite, sign_up
from volunteers.services.vetting import decide

MINE, FATHERS, MOTHERS = "+989123456789", "+989121112233", "+989121112244"
OWN, WARDS, DESK = "/me/volunteering/guardian/", "/me/wards/", "/desk/volunteers/"


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def years_ago(years: int, *, days: int = 0) -> date:
    today = to_jalali(tehran_today())
    return from_jalali(today.year - years, today.month, min(today.day, 29)) + timedelta(days=days)


def a_minor(**facts) -> Volunteer:
    """Who waits for their father's word."""
    said = {
        "born_on": years_ago(15), "guardian_name": "پدر نمونه", "guardian_mobile": FATHERS,
        "guardian_hash": keyed_hash(FATHERS, "mobile"), "guardian_state": GuardianState.WAITING,
    }  # fmt: skip
    return a_volunteer(TEHRAN, TEHRAN_COUNTY, **said | facts)


def says(volunteer: Volunteer, agrees: bool, mobile: str = FATHERS) -> Volunteer:
    hashed = keyed_hash(mobile, "mobile")
    return guardians.answer_for(volunteer.pk, guardian_hash=hashed, agrees=agrees, text_version="1")


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def approve(volunteer: Volunteer) -> Volunteer:
    return decide(volunteer.pk, decision=Decision.APPROVE, reason="گفت‌وگو شد", actor=person())


def broken() -> list[str]:
    return [r.name for r in run_checks() if r.name.startswith("volunteers:") and not r.holds]


def test_from_joining_to_the_first_shift_by_the_guardians_own_number():
    """The story: named by the minor, asked by SMS, proved by a code, then vetted and given work."""
    where = application().county
    child = application(
        born_on=years_ago(15), county=where, province=where.province, guardian_name="پدر نمونه",
        guardian_mobile=FATHERS,
    )  # fmt: skip
    ward = join(MINE, child, text_version="1")
    shift = a_shift(an_opportunity(where.province_id, where.code, meets_clients=False))
    desk = browser_of(person(Role.PROVINCIAL_EXPERT, where.province_id))
    page = f"{DESK}{ward.pk}/"
    decision = {"act": "decide", "decide-decision": "approve", "decide-reason": "گفت‌وگو شد"}
    assert ward.name in desk.get(DESK, {"guardian_state": "waiting"}).content.decode()
    assert "سرپرستش پاسخ نداده است" in desk.get(page).content.decode()
    assert desk.post(page, decision).context["forms"]["decide"].errors
    minor = Client()
    come_in(minor, MINE)
    assert minor.post(f"/me/shifts/{shift.pk}/", {"act": "sign_up"}).status_code == 409
    assert "هنوز پاسخ نداده است" in minor.get("/me/volunteering/").content.decode()

    guardian = Client()
    assert guardian.get(WARDS).status_code == 302, "only with a code that was sent to the number"
    come_in(guardian, FATHERS)
    assert WARDS in guardian.get("/me/").content.decode()
    html = guardian.get(WARDS).content.decode()
    assert ward.name in html
    assert MINE.removeprefix("+98") not in html
    assert guardian.post(WARDS, {"ward": ward.pk, "agrees": "yes"}).status_code == 303

    assert OutgoingSms.objects.filter(purpose="volunteer_vetting").count() == 1
    assert desk.post(page, decision).status_code == 303
    assert minor.post(f"/me/shifts/{shift.pk}/", {"act": "sign_up"}).status_code == 303
    assert broken() == []
    # and the word may be taken back: what was built on it goes
    assert guardian.post(WARDS, {"ward": ward.pk, "agrees": "no"}).status_code == 303
    ward.refresh_from_db()
    assert (ward.vetting, ward.guardian_state) == (Vetting.WAITING, GuardianState.REFUSED)
    assert Assignment.objects.get(volunteer=ward).state == AssignmentState.CANCELLED
    assert not Consent.objects.filter(volunteer=ward, kind="guardian", withdrawn_at=None).exists()
    assert broken() == []


def test_nobody_else_answers_for_a_ward():
    ward = a_minor()
    stranger = Client()
    come_in(stranger, MOTHERS)
    assert "کسی این شماره را" in stranger.get(WARDS).content.decode()
    for sent in (str(ward.pk), "x", "", "9" * 40):
        assert stranger.post(WARDS, {"ward": sent, "agrees": "yes"}).status_code == 404
    own = Client()
    come_in(own, ward.mobile)
    assert own.post(WARDS, {"ward": ward.pk, "agrees": "yes"}).status_code == 404
    ward.refresh_from_db()
    assert ward.guardian_state == GuardianState.WAITING
    assert not Consent.objects.filter(kind="guardian").exists()


def test_somebody_under_age_is_nobodys_guardian():
    ward = a_minor()
    a_minor(
        mobile=FATHERS, mobile_hash=keyed_hash(FATHERS, "mobile"), guardian_mobile=MOTHERS, guardian_hash=""
    )
    assert refusal(says, ward, True) == "guardian_is_minor"
    assert refusal(join, MINE, application(guardian_mobile=MINE), text_version="1") == "guardian_is_self"
    assert (
        refusal(guardians.name_guardian, ward.mobile_hash, name="خودم", mobile=ward.mobile)
        == "guardian_is_self"
    )


def test_without_the_word_nobody_is_matched_invited_signed_up_or_approved():
    ward = a_minor(skills=["nursing"])
    shift = a_shift(an_opportunity(TEHRAN, TEHRAN_COUNTY, meets_clients=False))
    assert find_matches(shift) == []
    assert invite(shift.pk, [ward.pk], actor=person()) == 0
    assert refusal(sign_up, shift.pk, mobile_hash=ward.mobile_hash) == "guardian_missing"
    assert refusal(approve, ward) == "guardian_missing"
    says(ward, True)
    assert [match.volunteer_id for match in find_matches(shift)] == [ward.pk]
    assert approve(ward).vetting == Vetting.APPROVED
    assert invite(shift.pk, [ward.pk], actor=person()) == 1


def test_the_database_takes_neither_work_nor_approval_without_it():
    ward = a_minor()
    shift = a_shift(an_opportunity(meets_clients=False))
    with pytest.raises(IntegrityError, match="has not agreed"), transaction.atomic():
        an_assignment(shift, ward)
    says(ward, True)
    approve(ward)
    an_assignment(shift, ward)
    with pytest.raises(IntegrityError, match="still expected"), transaction.atomic():
        Volunteer.objects.filter(pk=ward.pk).update(guardian_state="refused", vetting="waiting")
    Assignment.objects.update(state=AssignmentState.CANCELLED)
    with pytest.raises(IntegrityError, match="approved_with_their_guardian"), transaction.atomic():
        Volunteer.objects.filter(pk=ward.pk).update(guardian_state="waiting")


def test_another_guardian_is_another_word():
    ward = a_minor()
    says(ward, True)
    approve(ward)
    client = Client()
    come_in(client, ward.mobile)
    same = {"guardian_name": "پدر نمونه", "guardian_mobile": "09121112233"}
    assert client.post(OWN, same).status_code == 422, "who has answered is not asked again"
    other = {"guardian_name": "مادر نمونه", "guardian_mobile": "۰۹۱۲۱۱۱۲۲۴۴"}
    assert client.post(OWN, other).status_code == 303
    ward.refresh_from_db()
    assert (ward.guardian_state, ward.vetting, ward.guardian_mobile) == ("waiting", "waiting", MOTHERS)
    assert OutgoingSms.objects.get(purpose="guardian").mobile == MOTHERS
    assert refusal(says, ward, True) == "not_found"
    says(ward, True, MOTHERS)
    assert AuditEntry.objects.filter(action="guardian.agreed").count() == 2
    assert broken() == []


def test_a_guardian_who_said_no_is_not_asked_again_by_joining_anew():
    child = application(born_on=years_ago(15), guardian_name="پدر", guardian_mobile=FATHERS)
    ward = join(MINE, child, text_version="1")
    says(ward, False)
    again = join(MINE, child, text_version="1", may_merge=True)
    assert again.guardian_state == GuardianState.REFUSED
    assert OutgoingSms.objects.filter(purpose="guardian").count() == 1


def test_nobodys_telephone_is_filled_with_questions(monkeypatch):
    monkeypatch.setattr(guardians, "MOST_ASKED", 2)
    first, second = a_minor(), a_minor()
    desk = browser_of(person(Role.PROVINCIAL_EXPERT))
    assert desk.post(f"{DESK}{first.pk}/", {"act": "guardian"}).status_code == 303
    guardians.ask_again(second.pk, actor=person())
    assert refusal(guardians.ask_again, first.pk, actor=person()) == "guardian_asked_often"
    assert refusal(guardians.name_guardian, first.mobile_hash, name="پدر", mobile=FATHERS) == (
        "guardian_asked_often"
    )
    child = application(born_on=years_ago(15), guardian_name="پدر", guardian_mobile=FATHERS)
    assert join(MINE, child, text_version="1").guardian_asked_at is None, "joined, and asked another day"
    assert OutgoingSms.objects.filter(purpose="guardian").count() == 2
    monkeypatch.setattr(guardians, "MOST_ASKING", 2)
    assert guardians.name_guardian(first.mobile_hash, name="مادر", mobile=MOTHERS)
    assert refusal(guardians.name_guardian, first.mobile_hash, name="عمو", mobile="+989121112255") == (
        "guardian_asked_often"
    )


def test_who_comes_of_age_needs_nobody():
    grown, young = a_minor(born_on=years_ago(18, days=-1)), a_minor(born_on=years_ago(18, days=3))
    assert [is_minor(v.born_on) for v in (grown, young)] == [False, True]
    assert guardians.come_of_age() == 1
    for volunteer in (grown, young):
        volunteer.refresh_from_db()
    assert (grown.guardian_state, grown.guardian_mobile, grown.guardian_hash) == ("none", "", "")
    assert (young.guardian_state, young.guardian_mobile) == ("waiting", FATHERS)
    assert approve(grown).vetting == Vetting.APPROVED
    assert guardians.come_of_age() == 0


def test_a_guardian_is_forgotten_with_their_word():
    ward = a_minor()
    says(ward, True)
    approve(ward)
    client = Client()
    come_in(client, FATHERS)
    assert ward.name in client.get("/me/data.json").content.decode()
    assert client.post("/me/erase/", {"sure": "yes"}).status_code == 303
    ward.refresh_from_db()
    assert (ward.guardian_name, ward.guardian_mobile, ward.guardian_hash) == ("", "", "")
    assert (ward.guardian_state, ward.vetting) == ("waiting", "waiting")
    assert broken() == []
    assert forget_volunteer(keyed_hash(FATHERS, "mobile")) is False


def test_of_two_rows_that_become_one_the_guardians_word_stays():
    keep, other = a_minor(guardian_mobile="", guardian_hash="", guardian_name=""), a_minor()
    says(other, True)
    row = suspect(keep.pk, other_id=other.pk, actor=person())
    merged = merge_by_word(row.pk, consent="written", note="برگهٔ امضاشده", takes_other=False, actor=person())
    assert (merged.guardian_mobile, merged.guardian_state) == (FATHERS, GuardianState.AGREED)
    assert broken() == []


def test_an_adult_has_no_page_for_a_guardian():
    adult = a_volunteer()
    client = Client()
    come_in(client, adult.mobile)
    assert client.get(OWN).status_code == 404
    assert refusal(guardians.name_guardian, adult.mobile_hash, name="پدر", mobile=FATHERS) == (
        "guardian_not_needed"
    )

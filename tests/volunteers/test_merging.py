"""Two rows, or two numbers, of one person: merged with consent, never silently."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from tests.factories.doors import come_in
from tests.factories.network import a_group, a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import browser_of, person
from tests.volunteers.test_joining import answers, walk
from volunteers.enums import AssignmentState, DuplicateState, MergeConsent
from volunteers.models import Assignment, Consent, Duplicate, GroupMembership, Volunteer
from volunteers.services import merging
from volunteers.services.merging import (
    keep_apart,
    merge_by_codes,
    merge_by_word,
    send_codes,
    suspect,
    take_over,
)


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def codes() -> dict[str, str]:
    """The newest code of each number."""
    sent = OutgoingSms.objects.filter(purpose="code").order_by("pk")
    return {sms.mobile: re.search(r"\d{6}", sms.text)[0] for sms in sent}


@pytest.fixture
def two():
    keep = a_volunteer(approved=True, skills=["nursing"])
    other = a_volunteer(national_id="", national_id_hash="", skills=["law"], profession="وکیل", licence_no="")
    return keep, other, suspect(keep.pk, other_id=other.pk, actor=person())


def test_with_both_codes_two_rows_are_one(two):
    keep, other, duplicate = two
    shift = a_shift(an_opportunity(meets_clients=False))
    an_assignment(shift, other)
    GroupMembership.objects.create(group=a_group(), volunteer=other)
    Consent.objects.create(volunteer=other, kind="access", text_version="1", given_at=timezone.now())
    send_codes(duplicate.pk, actor=person())
    sent = codes()
    assert set(sent) == {keep.mobile, other.mobile}
    wrong = {
        "code": sent[keep.mobile],
        "other_code": sent[keep.mobile],
        "takes_other": False,
        "actor": person(),
    }
    if sent[keep.mobile] != sent[other.mobile]:
        assert refusal(merge_by_codes, duplicate.pk, **wrong) == "merge_codes_wrong"
        assert Duplicate.objects.get().tries == 1
    right = wrong | {"other_code": sent[other.mobile], "takes_other": True}
    merged = merge_by_codes(duplicate.pk, **right)
    assert (merged.pk, merged.mobile, merged.skills) == (keep.pk, other.mobile, ["nursing", "law"])
    assert (merged.profession, merged.national_id, merged.vetting) == ("وکیل", keep.national_id, "approved")
    assert Volunteer.objects.count() == 1
    assert Assignment.objects.get().volunteer == keep
    assert GroupMembership.objects.get().volunteer == keep
    assert Consent.objects.filter(volunteer=keep, kind="access").exists()
    row = Duplicate.objects.get()
    assert (row.state, row.consent, row.code_hash) == (DuplicateState.MERGED, MergeConsent.CODES, "")
    assert AuditEntry.objects.filter(action="duplicate.merge").count() == 1
    assert refusal(merge_by_codes, duplicate.pk, **right) == "duplicate_is_settled"


def test_a_consent_that_staff_write_down(two):
    keep, _other, duplicate = two
    word = {"consent": MergeConsent.SPOKEN, "takes_other": False, "actor": person()}
    assert refusal(merge_by_word, duplicate.pk, note=" ", **word) == "note_required"
    assert refusal(merge_by_word, duplicate.pk, note="x", **word | {"consent": "codes"}) == "not_allowed"
    assert Volunteer.objects.count() == 2
    merge_by_word(duplicate.pk, note="با شناسنامه آمد", **word)
    assert Volunteer.objects.get().mobile == keep.mobile


def test_the_database_takes_no_silent_merging(two):
    *_, duplicate = two
    for change in (
        {"state": "merged"},
        {"state": "merged", "consent": "spoken"},
        {"state": "merged", "consent": "written", "decided_by": person()},
    ):
        with pytest.raises(IntegrityError, match="merged_silently"), transaction.atomic():
            Duplicate.objects.filter(pk=duplicate.pk).update(**change)


def test_two_people_stay_two(two):
    *_, duplicate = two
    keep_apart(duplicate.pk, note="برادرند", actor=person())
    assert Volunteer.objects.count() == 2
    assert refusal(send_codes, duplicate.pk) == "duplicate_is_settled"


def test_codes_end_with_time_and_tries(two, monkeypatch):
    *_, duplicate = two
    send_codes(duplicate.pk)
    assert refusal(send_codes, duplicate.pk) == "codes_just_sent"
    wrong = {"code": "1", "other_code": "2", "takes_other": False, "actor": person()}
    said = [refusal(merge_by_codes, duplicate.pk, **wrong) for _ in range(merging.MOST_TRIES + 1)]
    assert said == ["merge_codes_wrong"] * merging.MOST_TRIES + ["merge_codes_over"]
    Duplicate.objects.update(
        tries=0, codes_sent_at=timezone.now() - merging.CODE_LIVES - timedelta(seconds=1)
    )
    assert refusal(merge_by_codes, duplicate.pk, **wrong) == "merge_codes_over"


def test_places_with_clients_do_not_come_along_to_somebody_unvetted():
    keep, other = a_volunteer(), a_volunteer(approved=True, national_id="", national_id_hash="")
    place = an_assignment(a_shift(an_opportunity()), other)
    duplicate = suspect(keep.pk, other_id=other.pk, actor=person())
    merge_by_word(duplicate.pk, consent=MergeConsent.WRITTEN, note="نامه", takes_other=False, actor=person())
    place.refresh_from_db()
    assert (place.volunteer, place.state) == (keep, AssignmentState.CANCELLED)


def test_somebody_who_joins_by_a_new_number_takes_the_old_row_over(client):
    known = a_volunteer(approved=True, province_id="07", county_id=None)
    other_number = "+989350001122"
    come_in(client, other_number, "/volunteers/join/")
    given = answers() | {"identity": answers()["identity"] | {"national_id": known.national_id}}
    last = given.pop("consents")
    walk(client, given)
    refused = client.post("/volunteers/join/step/consents/", last)
    assert refused.status_code == 409
    assert "/volunteers/join/merge/" in refused.content.decode()
    page = "/volunteers/join/merge/"
    assert client.post(page, {"act": "send"}).status_code == 303
    assert client.post(page, {"code": "000000x"}).status_code == 422
    assert client.post(page, {"code": codes()[known.mobile]}).status_code == 303
    known.refresh_from_db()
    assert known.mobile == other_number
    walk(client, {"consents": last | {"merge": "on"}})
    assert Volunteer.objects.get().name == "مریم کریمی"
    assert Duplicate.objects.get().consent == MergeConsent.CODES


def test_asking_to_take_over_tells_nothing_of_who_is_known(client):
    come_in(client, "+989350001122", "/volunteers/join/")
    walk(client, {"identity": answers()["identity"]})
    assert (
        client.post("/volunteers/join/merge/", {"act": "send"})["Location"]
        == "/volunteers/join/merge/?sent=1"
    )
    assert OutgoingSms.objects.count() == 1  # the code of the door
    assert not Duplicate.objects.exists()
    assert refusal(take_over, "nobody", code="123456") == "merge_codes_over"


def test_at_the_desk(two):
    keep, other, duplicate = two
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    page = f"/desk/volunteers/duplicates/{duplicate.pk}/"
    html = browser.get("/desk/volunteers/duplicates/").content.decode()
    assert keep.name in html
    assert other.mobile.removeprefix("+98") not in html
    assert browser.post(page, {"act": "send"}).status_code == 303
    sent = {"act": "codes", "codes-code": codes()[keep.mobile], "codes-other_code": codes()[other.mobile]}
    assert browser.post(page, sent).status_code == 303
    assert Volunteer.objects.count() == 1
    assert browser.get(page).status_code == 200
    third = a_volunteer()
    suspected = {"act": "suspect", "suspect-other_id": third.pk}
    assert browser.post(f"/desk/volunteers/{keep.pk}/", suspected).status_code == 303
    assert Duplicate.objects.filter(other=third).count() == 1

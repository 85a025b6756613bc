"""What somebody needs to take part: kept with its own consent, seen with a reason by who assigns, gone with it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import AuditEntry
from provinces.enums import Role
from tests.factories.doors import come_in
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity
from tests.factories.people import TEHRAN, browser_of, person
from volunteers.checks import needs_are_agreed
from volunteers.enums import ConsentKind, MergeConsent
from volunteers.models import Consent, Revelation, Volunteer
from volunteers.services.merging import merge_by_word, suspect
from volunteers.services.profile import set_access_needs, set_consent

ROOM, NEEDS = "/desk/volunteers/", "رابط زبان اشاره"
GIVE_OUT_WORK = (Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER)


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def somebody() -> Volunteer:
    volunteer = a_volunteer(approved=True)
    set_access_needs(volunteer.mobile_hash, needs=NEEDS, text_version="1")
    volunteer.refresh_from_db()
    return volunteer


def kept(volunteer: Volunteer) -> str:
    return Volunteer.objects.get(pk=volunteer.pk).access_needs


@pytest.mark.parametrize("role", Role.values)
def test_who_gives_out_work_sees_them_with_a_reason(role, somebody):
    visitor = browser_of(
        person(Role(role), TEHRAN, somebody.county_id if role == Role.COUNTY_OFFICER else "")
    )
    page = f"{ROOM}{somebody.pk}/"
    assert NEEDS not in visitor.get(page).content.decode()
    unsaid = visitor.post(page, {"act": "show", "show-what": "needs", "show-reason": " "})
    assert NEEDS not in unsaid.content.decode()
    answer = visitor.post(page, {"act": "show", "show-what": "needs", "show-reason": "چیدن جای نوبت"})
    if role not in GIVE_OUT_WORK:
        assert answer.status_code == 403
        assert not Revelation.objects.exists()
        return
    assert NEEDS in answer.content.decode()
    row = Revelation.objects.get()
    assert (row.what, row.reason, row.volunteer_id) == ("needs", "چیدن جای نوبت", somebody.pk)
    assert NEEDS not in str(list(AuditEntry.objects.values("data", "reason")))
    if role == Role.COUNTY_OFFICER:
        refused = visitor.post(page, {"act": "show", "show-what": "mobile", "show-reason": "چیدن جای نوبت"})
        assert somebody.mobile[-10:] not in refused.content.decode()


def test_the_shifts_page_says_who_has_some_and_not_which(somebody):
    shift = a_shift(an_opportunity(), capacity=3)
    for volunteer in (somebody, a_volunteer(approved=True)):
        an_assignment(shift, volunteer)
    page = f"{ROOM}shifts/{shift.pk}/"
    html = browser_of(person(Role.PROVINCIAL_EXPERT, TEHRAN)).get(page).content.decode()
    assert html.count("نیاز دسترس‌پذیری دارد") == 1
    assert NEEDS not in html


def test_they_go_with_the_consent_whoever_takes_it_back(somebody):
    set_consent(somebody.mobile_hash, ConsentKind.ACCESS, is_given=False, text_version="1")
    assert kept(somebody) == ""
    set_access_needs(somebody.mobile_hash, needs=NEEDS, text_version="1")
    assert kept(somebody) == NEEDS
    Consent.objects.filter(volunteer=somebody, kind="access").update(withdrawn_at=timezone.now())
    assert kept(somebody) == ""
    set_access_needs(somebody.mobile_hash, needs=NEEDS, text_version="1")
    Consent.objects.filter(volunteer=somebody, kind="access").delete()
    assert kept(somebody) == ""


def test_the_database_keeps_none_without_a_consent(somebody):
    other = a_volunteer()
    other.access_needs = NEEDS
    with pytest.raises(IntegrityError, match="without a consent"):
        _saved_and_checked(other)
    assert list(needs_are_agreed()) == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteers_volunteer DISABLE TRIGGER needs_are_agreed")
    other.save()
    assert list(needs_are_agreed()) == [f"needs of volunteer {other.pk} are kept without a consent"]


def _saved_and_checked(volunteer: Volunteer) -> None:
    with transaction.atomic():
        volunteer.save()
        connection.check_constraints()


def test_they_are_written_and_taken_back_on_ones_own_pages(client):
    me = a_volunteer(approved=True)
    come_in(client, me.mobile)
    page = "/me/volunteering/profile/"
    unagreed = client.post(page, {"act": "needs", "needs-needs": NEEDS})
    assert (unagreed.status_code, kept(me)) == (422, "")
    assert client.post(page, {"act": "needs", "needs-needs": NEEDS, "needs-agreed": "on"}).status_code == 303
    assert kept(me) == NEEDS
    assert NEEDS in client.get(page).content.decode()
    assert 'value="access"' in client.get("/me/volunteering/").content.decode()
    sent = {"kind": "access", "given": "yes"}
    client.post("/me/volunteering/consent/", sent | {"given": "no"})
    assert kept(me) == ""
    client.post("/me/volunteering/consent/", sent)
    assert not Consent.objects.filter(volunteer=me, kind="access", withdrawn_at=None).exists()
    assert 'value="access"' not in client.get("/me/volunteering/").content.decode()


def test_two_rows_that_become_one_keep_them(somebody):
    keep = a_volunteer(approved=True)
    duplicate = suspect(keep.pk, other_id=somebody.pk, actor=person())
    merge_by_word(
        duplicate.pk, consent=MergeConsent.WRITTEN, note="با شناسنامه", takes_other=False, actor=person()
    )
    assert kept(keep) == NEEDS
    connection.check_constraints()

"""Vetting: the queue, the decision with its reason, licences, papers; nobody meets clients before it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from core.errors import DomainError
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from provinces.scoping import Scope, open_scope
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity, approve
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person
from volunteers.enums import AssignmentState, Decision, LicenceState, Vetting
from volunteers.models import Consent, VettingDecision, Volunteer, VolunteerDocument
from volunteers.services.documents import add_document
from volunteers.services.vetting import check_licence, decide

ROOM = "/desk/volunteers/"


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def refusal(call, *args, **more) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **more)
    return caught.value.code


def a_picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, "PNG")
    return SimpleUploadedFile("licence.png", file.getvalue())


def test_a_decision_has_a_reason_and_is_told():
    waiting, who = a_volunteer(), person()
    assert refusal(decide, waiting.pk, decision=Decision.APPROVE, reason=" ", actor=who) == "reason_too_short"
    decide(waiting.pk, decision=Decision.ASK, reason="کارت نظام را بفرستید", actor=who)
    assert Volunteer.objects.get(pk=waiting.pk).vetting == Vetting.ASKED
    assert "کارت نظام را بفرستید" in OutgoingSms.objects.get().text
    assert AuditEntry.objects.get(action="volunteer.vet").reason == "کارت نظام را بفرستید"
    add_document(waiting.pk, a_picture(), kind="licence", actor=None, job="own_page")
    assert Volunteer.objects.get(pk=waiting.pk).vetting == Vetting.WAITING


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"licence_no": "۱۲۳", "licence_state": LicenceState.UNCHECKED}, "licence_not_checked"),
        ({"born_on": "2015-01-01"}, "guardian_missing"),
        ({"source": "import", "born_on": None}, "age_unknown"),
    ],
)
def test_who_is_not_ready_is_not_approved(facts, code):
    waiting = a_volunteer(**facts)
    assert refusal(decide, waiting.pk, decision=Decision.APPROVE, reason="دیده شد", actor=person()) == code
    assert not VettingDecision.objects.exists()


def test_without_consent_nobody_is_approved():
    waiting = a_volunteer()
    Consent.objects.filter(kind="conduct").delete()
    assert (
        refusal(decide, waiting.pk, decision=Decision.APPROVE, reason="دیده شد", actor=person())
        == "consents_missing"
    )


def test_a_licence_is_looked_up_by_hand():
    nurse = a_volunteer(licence_no="12", licence_state=LicenceState.UNCHECKED)
    check_licence(nurse.pk, is_valid=True, reason="استعلام شد", actor=person())
    decide(nurse.pk, decision=Decision.APPROVE, reason="دیده شد", actor=person())
    assert Volunteer.objects.get(pk=nurse.pk).vetting == Vetting.APPROVED
    check_licence(nurse.pk, is_valid=False, reason="پروانه باطل شده است", actor=person())
    after = Volunteer.objects.get(pk=nurse.pk)
    assert (after.vetting, after.licence_state) == (Vetting.WAITING, LicenceState.INVALID)


def test_the_database_lets_nobody_to_clients_who_is_not_vetted():
    shift = a_shift(an_opportunity(meets_clients=True))
    waiting = a_volunteer()
    for state in (AssignmentState.INVITED, AssignmentState.SIGNED_UP, AssignmentState.PRESENT):
        with pytest.raises(IntegrityError, match="not vetted"), transaction.atomic():
            an_assignment(shift, waiting, state)
    an_assignment(a_shift(an_opportunity(meets_clients=False)), waiting)
    approve(waiting)
    an_assignment(shift, waiting)


def test_the_database_takes_no_approval_that_nobody_gave():
    waiting = a_volunteer()
    with pytest.raises(IntegrityError, match="approved by nobody"), transaction.atomic():
        Volunteer.objects.filter(pk=waiting.pk).update(vetting=Vetting.APPROVED)


def test_who_loses_approval_is_taken_off_clients():
    fit = a_volunteer(approved=True)
    with_clients = an_assignment(a_shift(an_opportunity()), fit)
    without = an_assignment(a_shift(an_opportunity(meets_clients=False)), fit)
    with pytest.raises(IntegrityError, match="expected by clients"), transaction.atomic():
        Volunteer.objects.filter(pk=fit.pk).update(vetting=Vetting.REFUSED)
    decide(fit.pk, decision=Decision.REFUSE, reason="گزارش همکاران", actor=person())
    with_clients.refresh_from_db()
    without.refresh_from_db()
    assert (with_clients.state, without.state) == (AssignmentState.CANCELLED, AssignmentState.SIGNED_UP)
    assert with_clients.shift.taken == 0


def test_papers_are_sealed_and_of_the_kinds_we_take(settings):
    waiting = a_volunteer()
    paper = add_document(waiting.pk, a_picture(), kind="licence", actor=person())
    lies = (Path(settings.MEDIA_ROOT) / paper.path).read_bytes()
    assert lies.startswith(b"SEAL1")
    assert b"JFIF" not in lies
    good = SimpleUploadedFile("a.pdf", b"%PDF-1.7 something\n%%EOF\n")
    assert add_document(waiting.pk, good, kind="other", actor=person()).content_type == "application/pdf"
    for bad in (b"<html>", b"%PDF-1.7 cut", b"MZ\x90", b""):
        upload = SimpleUploadedFile("a.pdf", bad)
        assert refusal(add_document, waiting.pk, upload, kind="other", actor=person()) == "bad_document"
    large = SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * (5 << 20))
    assert refusal(add_document, waiting.pk, large, kind="other", actor=person()) == "document_too_large"
    assert VolunteerDocument.objects.count() == 2
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.sealed"))) == 2


def test_the_desk_shows_wanted_professions_first_and_finds_names():
    first, second = a_volunteer(name="علی‌رضا کریمی"), a_volunteer(name="مریم رضایی", is_priority=True)
    a_volunteer(KHUZESTAN, name="علیرضا دوردست")
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    html = browser.get(ROOM).content.decode()
    assert html.index(second.name) < html.index(first.name)
    assert "دوردست" not in html
    for typed in ("علی‌رضا", "علیرضا", "علي رضا"):
        found = browser.get(ROOM, {"q": typed}).content.decode()
        assert first.name in found
        assert second.name not in found
    assert first.name in browser.get(ROOM, {"q": first.national_id}, follow=True).content.decode()
    assert first.name not in browser.get(ROOM, {"q": "09350000000"}, follow=True).content.decode()
    assert second.name not in browser.get(ROOM, {"vetting": "approved"}).content.decode()


def test_a_list_asks_as_much_for_many_as_for_one(django_assert_num_queries):
    a_volunteer()
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    browser.get(ROOM)
    asked = 8
    with django_assert_num_queries(asked):
        browser.get(ROOM)
    for _ in range(29):
        a_volunteer()
    with django_assert_num_queries(asked):
        browser.get(ROOM)


def test_the_desk_decides():
    waiting = a_volunteer()
    browser = browser_of(person(Role.PROVINCIAL_EXPERT))
    page = f"{ROOM}{waiting.pk}/"
    assert browser.get(page).status_code == 200
    sent = {"act": "decide", "decide-decision": "approve", "decide-reason": "گفت‌وگو شد"}
    assert browser.post(page, sent).status_code == 303
    assert Volunteer.objects.get(pk=waiting.pk).vetting == Vetting.APPROVED
    faulty = browser.post(page, {"act": "decide", "decide-decision": "approve"})
    assert faulty.status_code == 200
    assert faulty.context["forms"]["decide"].errors
    officer = browser_of(person(Role.COUNTY_OFFICER, TEHRAN, waiting.county_id))
    assert officer.post(page, sent).status_code == 403


def test_another_province_is_not_touched():
    there = a_volunteer(KHUZESTAN)
    with open_scope(Scope(provinces=frozenset({TEHRAN}))):
        assert (
            refusal(decide, there.pk, decision=Decision.REFUSE, reason="نمی‌شود", actor=person())
            == "not_found"
        )

"""Numbers are masked for every role; whoever may see one says why, and it stays written down."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from core.errors import DomainError
from core.identifiers import mask_mobile, show_mobile
from core.models import OutgoingSms
from provinces.enums import Role
from tests.factories.doors import come_in
from tests.factories.network import a_shift, a_volunteer, an_assignment, an_opportunity, network_rows
from tests.factories.people import TEHRAN, TEHRAN_COUNTY, browser_of, person
from volunteers.models import ContactMessage, Duplicate, RegistryLine, Revelation, Volunteer
from volunteers.services.leaving import forget_volunteer
from volunteers.services.privacy import MOST_MESSAGES_A_DAY, write_to
from volunteers.services.shift_messages import write_to_shift

ROOM, OTHER = "/desk/volunteers/", "+989351112233"
LOOKS = (Role.COUNTY_OFFICER, Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER)
SHOWS = (Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER)
READS_THE_LOG = (Role.PROVINCIAL_MANAGER, Role.HQ_MANAGER)


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def somebody():
    return a_volunteer(guardian_mobile="+989121110000", guardian_name="پدر")


def browser(role: Role, county: str):
    return browser_of(person(role, TEHRAN, county if role == Role.COUNTY_OFFICER else ""))


def whole_numbers(volunteer) -> list[str]:
    forms = [volunteer.national_id]
    for number in filter(None, (volunteer.mobile, volunteer.guardian_mobile)):
        forms += [number, number.removeprefix("+98"), show_mobile(number)]
    return forms


@pytest.mark.parametrize("role", LOOKS)
def test_every_role_sees_masked_numbers(role, somebody):
    visitor = browser(role, somebody.county_id)
    for address in (ROOM, f"{ROOM}?q={somebody.national_id}", f"{ROOM}{somebody.pk}/"):
        html = visitor.get(address, follow=True).content.decode()
        html = html.replace(
            f'value="{somebody.national_id}"', ""
        )  # what one typed oneself, in the field alone
        assert mask_mobile(somebody.mobile) in html
        assert [number for number in whole_numbers(somebody) if number in html] == []
    assert not Revelation.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_no_page_nor_file_of_the_network_tells_a_number_to_any_role(role):
    rows = network_rows(TEHRAN, TEHRAN_COUNTY)
    somebody = rows["volunteers.volunteer"]
    Volunteer.objects.update(guardian_name="پدر", guardian_mobile=OTHER)
    Duplicate.objects.update(new_mobile=OTHER)
    RegistryLine.objects.update(name="سطر", mobile=somebody.mobile, national_id=somebody.national_id)
    stem = {
        name: rows[f"volunteers.{row}"].pk
        for name, row in (
            ("", "volunteer"), ("groups/", "volunteergroup"), ("opportunities/", "opportunity"), ("shifts/", "shift"),
            ("duplicates/", "duplicate"), ("registries/", "registryimport"),
        )
    }  # fmt: skip
    lists = ("", "groups/", "opportunities/", "duplicates/", "registries/", "shown-numbers/")
    addresses = [
        *(f"{ROOM}{name}" for name in lists),
        *(f"{ROOM}{name}{pk}/" for name, pk in stem.items()),
        *(f"{ROOM}{name}?file=csv" for name in ("", "groups/", "opportunities/")),
        f"{ROOM}registries/{stem['registries/']}/report.csv",
        f"{ROOM}attend/{rows['volunteers.assignment'].code}/",
        "/desk/search/?q=داوطلب", "/hq/volunteers/", f"/hq/volunteers/calls/{rows['volunteers.surge'].pk}/",
    ]  # fmt: skip
    visitor = browser(Role(role), TEHRAN_COUNTY)
    pages = {address: visitor.get(address) for address in addresses}
    numbers = [*whole_numbers(Volunteer.objects.get(pk=somebody.pk)), OTHER.removeprefix("+98")]
    for address, page in pages.items():
        text = page.content.decode()
        assert [number for number in numbers if number in text] == [], address
    read = [address for address, page in pages.items() if page.status_code == 200]
    assert len(read) > 10 or role not in LOOKS


@pytest.mark.parametrize("role", Role.values)
def test_a_number_is_shown_by_role_and_reason_and_written_down(role, somebody):
    visitor = browser(Role(role), somebody.county_id)
    sent = {"act": "show", "show-what": "mobile", "show-reason": "هماهنگی فوری نوبت"}
    answer = visitor.post(f"{ROOM}{somebody.pk}/", sent)
    if role not in SHOWS:
        assert answer.status_code == 403
        assert not Revelation.objects.exists()
        return
    assert show_mobile(somebody.mobile) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    row = Revelation.objects.get()
    assert (row.volunteer, row.what, row.reason) == (somebody, "mobile", "هماهنگی فوری نوبت")
    assert row.seen_by.memberships.get().role == role
    assert show_mobile(somebody.mobile) not in visitor.get(f"{ROOM}{somebody.pk}/").content.decode()


def test_without_a_reason_nothing_is_shown(somebody):
    answer = browser(Role.PROVINCIAL_MANAGER, "").post(
        f"{ROOM}{somebody.pk}/", {"act": "show", "show-what": "national_id", "show-reason": "  "}
    )
    assert somebody.national_id not in answer.content.decode()
    assert not Revelation.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_managers_read_the_log(role, somebody):
    Revelation.objects.create(
        volunteer=somebody, province_id=TEHRAN, what="mobile", reason="تماس برای نوبت", seen_by=person()
    )
    answer = browser(Role(role), somebody.county_id).get(f"{ROOM}shown-numbers/")
    if role in READS_THE_LOG:
        assert "تماس برای نوبت" in answer.content.decode()
    else:
        assert answer.status_code == 403


def test_the_log_outlives_the_volunteer_and_is_never_changed(somebody):
    Revelation.objects.create(
        volunteer=somebody, province_id=TEHRAN, what="mobile", reason="تماس برای نوبت", seen_by=person()
    )
    assert forget_volunteer(somebody.mobile_hash)
    html = browser(Role.PROVINCIAL_MANAGER, "").get(f"{ROOM}shown-numbers/").content.decode()
    assert "پاک شده" in html
    for sql in ("UPDATE volunteers_revelation SET reason = 'x'", "DELETE FROM volunteers_revelation"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_a_message_goes_without_showing_the_number(somebody):
    visitor = browser(Role.COUNTY_OFFICER, somebody.county_id)
    sent = {"act": "write", "write-text": "فردا ساعت ۹ بیایید"}
    assert visitor.post(f"{ROOM}{somebody.pk}/", sent).status_code == 303
    sms = OutgoingSms.objects.get()
    assert sms.mobile == somebody.mobile
    assert "فردا ساعت ۹ بیایید" in sms.text
    for _ in range(MOST_MESSAGES_A_DAY - 1):
        write_to(somebody.pk, text="پیام", actor=person())
    with pytest.raises(DomainError, match="messages_of_the_day"):
        write_to(somebody.pk, text="پیام", actor=person())


def test_a_leader_writes_to_those_who_come_and_sees_no_number():
    leader, helper, guest = (a_volunteer(approved=True, name=name) for name in ("سرگروه", "همراه", "مهمان"))
    shift = a_shift(an_opportunity(), leader=leader, capacity=3)
    for volunteer, state in ((leader, "signed_up"), (helper, "signed_up"), (guest, "invited")):
        an_assignment(shift, volunteer, state)
    page, browser = f"/me/shifts/{shift.pk}/lead/", Client()
    come_in(browser, leader.mobile)
    html = browser.get(page).content.decode()
    assert [number for number in whole_numbers(helper) if number in html] == []
    sent = {"act": "write", "write-text": "ده دقیقه زودتر بیایید"}
    assert browser.post(page, sent).status_code == 303
    told = OutgoingSms.objects.filter(purpose="volunteer_contact")
    assert [sms.mobile for sms in told] == [helper.mobile]
    kept = ContactMessage.objects.get()
    assert (kept.volunteer, kept.sent_by, kept.sent_by_leader) == (helper, None, leader)
    assert browser.post(page, sent | {"write-text": ""}).status_code == 422
    stranger = Client()
    come_in(stranger, helper.mobile)
    assert stranger.post(page, sent).status_code == 404
    assert kept.text in stranger.get("/me/volunteering/").content.decode()
    assert [browser.post(page, sent).status_code for _ in range(3)] == [303, 303, 422], "three a day"


def test_staff_write_to_a_whole_shift():
    shift = a_shift(an_opportunity())
    for volunteer in (a_volunteer(approved=True), a_volunteer(approved=True)):
        an_assignment(shift, volunteer)
    desk = browser_of(person(Role.PROVINCIAL_EXPERT))
    sent = {"act": "write", "write-text": "در پشتی باز است"}
    assert desk.post(f"{ROOM}shifts/{shift.pk}/", sent).status_code == 303
    assert ContactMessage.objects.exclude(sent_by=None).count() == 2
    empty = a_shift(an_opportunity())
    with pytest.raises(DomainError, match="nobody_comes"):
        write_to_shift(empty.pk, text="سلام", actor=person())

"""Donors' matters: from the public form to satisfaction, late ones upwards, and nothing personal in the open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from cases.enums import CareState, Escalation
from cases.models import CareCase, CareMessage
from cases.services import care
from core.errors import DomainError
from core.identifiers import show_mobile
from core.models import AuditEntry, OutgoingSms
from provinces.enums import Role
from tests.factories.care import care_case, some_mobile
from tests.factories.gifts import receive
from tests.factories.people import KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.usefixtures("db", "country")


@pytest.fixture
def expert():
    return person(Role.PROVINCIAL_EXPERT, TEHRAN)


def html(browser, address: str, **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def age(case: CareCase, hours: int) -> None:
    past = timezone.now() - timedelta(hours=hours)
    CareCase.objects.filter(pk=case.pk).update(due_at=past, escalates_at=past)


def refused(code: str, act, *args, **more) -> None:
    with pytest.raises(DomainError) as error, transaction.atomic():
        act(*args, **more)
    assert error.value.code == code


def test_from_the_form_to_satisfaction_without_scripts_and_cookies(client, expert):
    gift = receive(province=TEHRAN)
    mobile = some_mobile()
    form = {
        "category": "gift_question", "text": "کمک من به کجا رسید؟", "mobile": show_mobile(mobile), "name": "نیکوکار",
        "tracking_code": gift.tracking_code.lower(), "province": "",
    }  # fmt: skip
    assert f'value="{gift.tracking_code}"' in html(client, "/care/", tracking_code=gift.tracking_code)
    answer = client.post("/care/", form)
    assert answer.status_code == 303
    assert not answer.cookies
    case = CareCase.objects.get()
    assert (case.province_id, case.donation, case.mobile, case.state) == (TEHRAN, gift, mobile, "open")
    assert (
        answer.url == client.post("/care/", form).url == f"/care/{case.code}/"
    )  # a double click is one case
    page = html(client, answer.url)
    assert "کمک من به کجا رسید؟" in page
    assert show_mobile(mobile) not in page
    assert "نیکوکار</" not in page.split("<main")[1].split("گفت‌وگو")[0]

    desk = browser_of(expert)
    address = f"/desk/care/{case.pk}/"
    assert case.category.name in html(desk, "/desk/care/")
    page = html(desk, address)
    assert show_mobile(mobile) not in page
    assert f"{show_mobile(mobile)[:4]}***{show_mobile(mobile)[-4:]}" in page
    assert not AuditEntry.objects.filter(action="care.reveal").exists()
    assert show_mobile(mobile) in desk.post(address, {"act": "reveal"}).content.decode()
    assert AuditEntry.objects.get(action="care.reveal").actor == expert
    desk.post(address, {"act": "note", "note-text": "با انبار گفتم"})
    desk.post(address, {"act": "answer", "answer-text": "در انبار است"})
    page = html(client, f"/care/{case.code}/")
    assert "در انبار است" in page
    assert "با انبار گفتم" not in page
    assert client.post(f"/care/{case.code}/", {"text": "کدام انبار؟"}).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.owner) == (CareState.OPEN, expert)
    assert client.post(f"/care/{case.code}/", {"score": "5"}).status_code == 422  # not before it is closed
    desk.post(address, {"act": "close", "close-text": "فردا می‌رسد"})
    assert client.post(f"/care/{case.code}/", {"score": "4"}).status_code == 303
    assert client.post(f"/care/{case.code}/", {"score": "1"}).status_code == 303  # the first word stands
    assert client.post(f"/care/{case.code}/", {"text": "باز هم"}).status_code == 422
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == (CareState.CLOSED, 4)
    sent = [sms.text for sms in OutgoingSms.objects.filter(purpose="care").order_by("pk")]
    assert len(sent) == 3
    assert all(f"/care/{case.code}/" in text for text in sent)
    assert "در انبار" not in "".join(sent)


def test_late_ones_go_to_the_manager_and_then_to_headquarters():
    late, national, in_time = care_case(), care_case(province=None), care_case()
    answered = care_case()
    care.answer(answered.pk, actor=person(), text="پاسخ")
    for case in (late, national, answered):
        age(case, 1)
    assert care.escalate_late() == 2
    assert care.escalate_late() == 0
    levels = dict(CareCase.objects.values_list("pk", "escalation"))
    assert levels == {late.pk: 1, national.pk: 2, in_time.pk: 0, answered.pk: 0}
    CareCase.objects.filter(pk=late.pk).update(escalates_at=timezone.now())
    assert care.escalate_late() == 1
    late.refresh_from_db()
    assert late.escalation == Escalation.HEADQUARTERS
    assert AuditEntry.objects.filter(action="care.escalate", job="cases.escalate_care").count() == 3
    care.answer(late.pk, actor=person(), text="پاسخ")
    late.refresh_from_db()
    assert late.escalation == Escalation.NONE


def test_the_task_force_sees_benefactors_and_what_stayed_late_the_latest_first():
    plain, problem = care_case(), care_case("benefactor_permit", province=KHUZESTAN)
    late = care_case()
    age(late, 30)
    care.escalate_late()
    CareCase.objects.filter(pk=late.pk).update(escalates_at=timezone.now())
    care.escalate_late()
    page = html(browser_of(person(Role.HQ_ANALYST)), "/hq/care/")
    assert page.index(late.code) < page.index(problem.code)
    assert plain.code not in page
    assert late.code not in html(browser_of(person(Role.HQ_MANAGER)), "/hq/care/", province=KHUZESTAN)


def test_who_may_and_where(expert):
    here, there = care_case(), care_case(province=KHUZESTAN)
    desk = browser_of(expert)
    page = html(desk, "/desk/care/")
    assert here.code in page
    assert there.code not in page
    assert desk.get(f"/desk/care/{there.pk}/").status_code == 404
    analyst = browser_of(person(Role.HQ_ANALYST))
    assert "دیدن نام و شماره" not in html(analyst, f"/desk/care/{here.pk}/")
    assert analyst.post(f"/desk/care/{here.pk}/", {"act": "reveal"}).status_code == 403
    colleague, stranger = person(Role.PROVINCIAL_MANAGER, TEHRAN), person(Role.PROVINCIAL_EXPERT, KHUZESTAN)
    desk.post(f"/desk/care/{here.pk}/", {"act": "give", "give-owner": stranger.pk})
    assert CareCase.objects.get(pk=here.pk).owner is None
    desk.post(f"/desk/care/{here.pk}/", {"act": "give", "give-owner": colleague.pk})
    assert CareCase.objects.get(pk=here.pk).owner == colleague


def test_staff_write_down_what_was_told_by_telephone(expert):
    desk = browser_of(expert)
    said = {"category": "benefactor_other", "text": "زمین", "mobile": "۰۹۱۲۱۱۱۲۲۳۳", "province": TEHRAN}
    assert desk.post("/desk/care/new/", said | {"province": KHUZESTAN}).status_code == 200
    assert not CareCase.objects.exists()
    assert desk.post("/desk/care/new/", said).status_code == 302
    assert (CareCase.objects.get().written_by, CareCase.objects.get().owner) == (expert, expert)


def test_what_is_personal_lies_encrypted_and_words_are_never_changed():
    case = care_case(name="نام آزمایشی", text="متن پنهان")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.name, c.mobile, m.text FROM cases_carecase c JOIN cases_caremessage m ON m.case_id = c.id"
        )
        stored = " ".join(cursor.fetchone())
    assert "پنهان" not in stored
    assert "آزمایشی" not in stored
    assert case.mobile not in stored
    for change in (
        lambda: CareMessage.objects.update(text="دیگر"),
        lambda: CareMessage.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        CareCase.objects.update(satisfaction=3)  # not closed


def test_who_floods_or_tries_codes_is_asked_to_wait(monkeypatch):
    monkeypatch.setattr(care, "MOST_A_MOBILE", 2)
    monkeypatch.setattr(care, "MOST_MISSES", 2)
    mobile = some_mobile()
    care_case(mobile=mobile)
    care_case(mobile=mobile)
    refused("too_many_messages", care_case, mobile=mobile)
    visitor = Client(REMOTE_ADDR=f"2001:db8::{some_mobile()[-4:]}:{some_mobile()[-4:]}")
    held = care_case()
    assert [visitor.get(f"/care/{code}/").status_code for code in ("x", "222222222222", "y")] == [
        404,
        404,
        429,
    ]
    assert visitor.get(f"/care/{held.code}/").status_code == 200  # who holds a code is never turned away


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mobile": "123"}, "شماره"),
        ({"text": ""}, "لازم"),
        ({"tracking_code": "2222"}, "کد"),
        ({"tracking_code": "A7KM29RTX4HC"}, "کد"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, change, says):
    form = {"category": "general_question", "text": "پرسش من", "mobile": "09121112233", "name": "کسی"}
    answer = client.post("/care/", form | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="کسی"' in answer.content.decode()
    assert not CareCase.objects.exists()


def test_many_are_handed_to_a_colleague_of_the_place_alone(expert):
    first, second, other = (
        care_case(province=TEHRAN),
        care_case(province=TEHRAN),
        care_case(province=KHUZESTAN),
    )
    colleague, stranger = person(Role.PROVINCIAL_MANAGER, TEHRAN), person(Role.PROVINCIAL_MANAGER, KHUZESTAN)
    browser, rows = browser_of(expert), [first.pk, second.pk, other.pk]
    assert browser.post("/desk/care/", {"row": rows, "colleague": colleague.pk}).status_code == 302
    assert dict(CareCase.objects.values_list("pk", "owner")) == {
        first.pk: colleague.pk, second.pk: colleague.pk, other.pk: None,
    }  # fmt: skip
    browser.post("/desk/care/", {"row": rows, "colleague": stranger.pk})
    refused("owner_unfit", care.hand_many, [first.pk], stranger, actor=expert)
    assert CareCase.objects.get(pk=first.pk).owner == colleague
    browser.post("/desk/care/", {"row": [first.pk]})
    assert CareCase.objects.get(pk=first.pk).owner == expert
    assert AuditEntry.objects.filter(action="care.give").count() == 3


def test_the_list_shows_ones_own_and_nobodys(expert):
    mine, nobodys = care_case(province=TEHRAN), care_case(province=TEHRAN)
    care.give_to(mine.pk, expert, actor=expert)
    browser = browser_of(expert)
    for owner, case in (("mine", mine), ("nobody", nobodys)):
        assert [row.pk for row in browser.get("/desk/care/", {"owner": owner}).context["page_obj"]] == [
            case.pk
        ]

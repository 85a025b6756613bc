"""The desk's and headquarters' pages of the ways to give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Channel
from core.jalali import tehran_today
from provinces.enums import Role
from provinces.scoping import all_provinces
from tests.factories.channels import CARD, OTHER_CARD, confirmed, proposed
from tests.factories.people import ILAM, KHUZESTAN, TEHRAN, browser_of, person

pytestmark = pytest.mark.django_db
SHOWN = "9999-9900-0000-0014"
FORM = {"kind": "card", "name": "کارت تهران", "value": "۹۹۹۹ ۹۹۰۰ ۰۰۰۰ ۰۰۱۴", "source": "نامهٔ بانک"}


@pytest.fixture
def accountant():
    return browser_of(person(Role.PROVINCIAL_ACCOUNTANT, TEHRAN))


@pytest.fixture
def hq():
    return browser_of(person(Role.HQ_MANAGER))


def text(browser, address: str, **query) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(browser) -> dict:
    """The page's own form, filled in: the one office of the person is in it already."""
    form = browser.get("/desk/channels/new/").context["form"]
    assert form.fields["office"].widget.is_hidden
    return FORM | {"office": form.fields["office"].initial}


def age(channel: Channel, days: int) -> None:
    with all_provinces("test"):
        Channel.objects.filter(pk=channel.pk).update(last_checked_on=tehran_today() - timedelta(days=days))


def test_from_a_provinces_proposal_to_the_public_page(accountant, hq, client, country):
    answer = accountant.post("/desk/channels/new/", form_of(accountant), follow=True)
    assert "برای تأیید ستاد ثبت شد" in answer.content.decode()
    channel = Channel.objects.get(value=CARD)
    assert channel.office.province_id == TEHRAN
    for address in ("/channels/", "/provinces/tehran/", "/provinces/tehran/channels/", "/api/v1/channels/"):
        html = client.get(address).content.decode()
        assert SHOWN not in html, address
        assert CARD not in html, address
    page = text(hq, "/hq/channels/", standing="waiting", province=TEHRAN)
    assert SHOWN in page
    assert "در انتظار تأیید ستاد" in page
    address = f"/hq/channels/{channel.pk}/"
    assert hq.post(address, {"verify": "1", "note": ""}).status_code == 200
    channel.refresh_from_db()
    assert not channel.is_verified, "a confirmation says where its certainty comes from"
    answer = hq.post(address, {"verify": "1", "note": "تماس با بانک"}, follow=True)
    assert "تأیید شد و اکنون به مردم نشان داده می‌شود" in answer.content.decode()
    for address in ("/channels/", "/provinces/tehran/", "/provinces/tehran/channels/"):
        assert SHOWN in client.get(address).content.decode(), address
    assert SHOWN not in client.get("/provinces/ilam/").content.decode()
    assert SHOWN not in client.get("/provinces/ilam/channels/").content.decode()
    history = text(accountant, f"/desk/channels/{channel.pk}/")
    assert "تماس با بانک" in history
    assert 'name="verify"' not in history


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "9999990000000015"}, ""),
        ({"name": ""}, ""),
        ({"valid_from": "۱۴۰۵/۰۱/۰۲", "valid_until": "۱۴۰۵/۰۱/۰۱"}, "پایان اعتبار پیش از آغاز"),
        ({"kind": "qr"}, ""),
        ({"office": "1"}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed(accountant, country, wrong, words):
    answer = accountant.post("/desk/channels/new/", form_of(accountant) | wrong)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "نامهٔ بانک" in answer.content.decode()
    assert not Channel.objects.filter(office__isnull=False).exists()


def test_headquarters_does_not_see_a_button_for_its_own_proposal(country):
    somebody = person(Role.HQ_ACCOUNTANT)
    channel = proposed(actor=somebody)
    page = text(browser_of(somebody), f"/hq/channels/{channel.pk}/")
    assert 'name="verify"' not in page
    assert "همکار دیگری در ستاد" in page
    answer = browser_of(somebody).post(f"/hq/channels/{channel.pk}/", {"verify": "1", "note": "x"})
    assert "خودش آن را تأیید نمی‌کند" in answer.content.decode()
    channel.refresh_from_db()
    assert not channel.is_verified


def test_a_province_cannot_vouch_nor_end(accountant, country):
    channel = proposed(province=TEHRAN)
    for action in ({"verify": "1", "note": "x"}, {"end": "1", "reason": "x"}):
        assert accountant.post(f"/desk/channels/{channel.pk}/", action).status_code == 403
    assert accountant.post(f"/hq/channels/{channel.pk}/", {"verify": "1", "note": "x"}).status_code == 403


def test_one_tap_says_that_it_was_checked_today(accountant, hq, country):
    channel = confirmed(province=TEHRAN)
    for browser, room in ((accountant, "desk"), (hq, "hq")):
        age(channel, 31)
        assert "نیازمند بررسی" in text(browser, f"/{room}/channels/", standing="stale")
        assert "راه پرداخت نیازمند بررسی" in text(browser, f"/{room}/")
        address = f"/{room}/channels/{channel.pk}/"
        answer = browser.post(address, {"check": "1", "from_list": "1"}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/{room}/channels/"
        assert "بررسی امروز ثبت شد" in answer.content.decode()
        channel.refresh_from_db()
        assert channel.last_checked_on == tehran_today()
        assert "راه پرداخت نیازمند بررسی" not in text(browser, f"/{room}/")
    assert channel.checks.filter(result="still_right").count() == 2


def test_withdrawing_needs_a_reason(hq, client, country):
    channel = confirmed()
    address = f"/hq/channels/{channel.pk}/"
    assert hq.post(address, {"end": "1", "reason": ""}).status_code == 200
    assert SHOWN in client.get("/channels/").content.decode()
    assert hq.post(address, {"end": "1", "reason": "حساب بسته شد"}).status_code == 302
    assert SHOWN not in client.get("/channels/").content.decode()
    assert "حساب بسته شد" in text(hq, address)


def test_what_waits_is_corrected_and_what_is_confirmed_is_not(accountant, country):
    channel = proposed(province=TEHRAN)
    address = f"/desk/channels/{channel.pk}/edit/"
    assert SHOWN.replace("-", "") in text(accountant, address)
    assert accountant.post(address, {"name": "کارت", "value": OTHER_CARD}).status_code == 302
    channel.refresh_from_db()
    assert channel.value == OTHER_CARD
    assert channel.proposed_by_id != channel.checks.last().by_id
    other = confirmed("bank", province=TEHRAN)
    assert accountant.get(f"/desk/channels/{other.pk}/edit/").status_code == 302
    assert accountant.post(f"/desk/channels/{other.pk}/edit/", {"name": "x", "value": ""}).status_code == 302
    other.refresh_from_db()
    assert other.name != "x"


def test_another_provinces_channels_are_not_there(accountant, country):
    theirs = confirmed(province=KHUZESTAN)
    national = confirmed("ussd")
    page = text(accountant, "/desk/channels/")
    for channel in (theirs, national):
        assert channel.name not in page
        assert accountant.get(f"/desk/channels/{channel.pk}/").status_code == 404
        assert accountant.post(f"/desk/channels/{channel.pk}/", {"check": "1"}).status_code == 404


def test_a_list_costs_the_same_with_one_and_with_many(hq, country, django_assert_num_queries):
    confirmed(province=ILAM)
    with CaptureQueriesContext(connection) as one:
        text(hq, "/hq/channels/")
    for kind in ("bank", "ussd", "pos", "app"):
        confirmed(kind, province=TEHRAN)
    with django_assert_num_queries(len(one)):
        text(hq, "/hq/channels/")

"""The giving form as a browser meets it: prefilled by addresses, forgiving, without scripts or cookies."""

import re

import pytest

from campaigns.models import Edition
from core.identifiers import show_mobile
from donations.models import Donation
from tests.donations.conftest import GIVE, errors, fields_of, only_gift, place, send

pytestmark = pytest.mark.usefixtures("db", "country")


def test_a_gift_is_written_down_and_led_to_the_bank(browser):
    answer = send(browser, amount="50000", fund="dowry", province="00", name="مریم", mobile="۰۹۱۲۱۲۳۴۵۶۷")
    gift = only_gift()
    assert (answer.status_code, answer["Location"]) == (303, f"/pay/{gift.tracking_code}/")
    assert (gift.amount_rial, gift.fund_id, gift.province_id) == (500_000, "dowry", "00")
    assert (gift.status, gift.donor_name) == ("pending", "مریم")
    assert show_mobile(gift.donor.mobile) == "09121234567"
    assert gift.channel.code == "web"


@pytest.mark.parametrize(
    ("typed", "rial"),
    [
        ("۵۰٬۰۰۰", 500_000),
        ("٥٠٠٠٠", 500_000),
        ("50,000 تومان", 500_000),
        ("۲ میلیون و ۵۰۰ هزار", 25_000_000),
        ("1000", 10_000),
        ("200000000", 2_000_000_000),
    ],
)
def test_amounts_as_people_type_them(browser, typed, rial):
    assert send(browser, amount=typed).status_code == 303
    assert only_gift().amount_rial == rial


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "مبلغ را بنویسید."),
        ("پنجاه", "مبلغ را با رقم بنویسید؛ مثلاً ۵۰٬۰۰۰."),
        ("500.5", "مبلغ باید عدد درستِ تومان باشد، بدون اعشار."),
        ("50000 ریال", "مبلغ را به تومان بنویسید، نه ریال."),
        ("0", "کمترین مبلغ ۱٬۰۰۰ تومان است."),
        ("999", "کمترین مبلغ ۱٬۰۰۰ تومان است."),
        ("200000001", "بیشترین مبلغ در یک پرداخت ۲۰۰٬۰۰۰٬۰۰۰ تومان است؛ آن را در چند پرداخت بدهید."),
        ("9" * 30, "بیشترین مبلغ در یک پرداخت ۲۰۰٬۰۰۰٬۰۰۰ تومان است؛ آن را در چند پرداخت بدهید."),
    ],
)
def test_a_bad_amount_is_said_at_the_field(browser, typed, says):
    answer = send(browser, amount=typed)
    assert answer.status_code == 422
    assert errors(answer) == {"amount": [says]}
    assert 'id="id_amount_error"' in answer.content.decode()
    assert not Donation.objects.exists()


def test_bad_input_loses_nothing_of_what_was_typed(browser):
    typed = {
        "fund": "housing", "amount": "۵۰ هزار و نیم", "province": "07", "county": "0701", "name": "رضا <b>",
        "mobile": "۰۹۱۲", "message": "خط یک\nخط دو", "anonymous": "on",
    }  # fmt: skip
    answer = send(browser, **typed)
    assert answer.status_code == 422
    assert errors(answer) == {
        "amount": ["مبلغ را با رقم بنویسید؛ مثلاً ۵۰٬۰۰۰."],
        "mobile": ["شمارهٔ همراه درست نیست. نمونه: ۰۹۱۲۱۲۳۴۵۶۷"],
    }
    shown = fields_of(answer)
    assert {name: shown[name] for name in typed} == typed
    page = answer.content.decode()
    assert "رضا &lt;b&gt;" in page
    assert "رضا <b>" not in page
    fixed = shown | {"amount": "۵۰ هزار", "mobile": "09121234567"}
    assert browser.post(GIVE, fixed).status_code == 303
    assert (only_gift().message, only_gift().is_anonymous) == ("خط یک\nخط دو", True)


def test_a_county_of_another_province_is_refused_at_the_field(browser):
    answer = send(browser, amount="50000", province="23", county="0701")
    assert answer.status_code == 422
    assert errors(answer) == {"county": ["این شهرستان در استانِ برگزیده نیست؛ شهرستان را دوباره برگزینید."]}
    assert fields_of(answer)["province"] == "23"


def test_counties_come_without_scripts_and_nothing_is_judged(browser):
    page = browser.post(GIVE, fields_of(browser.get(GIVE)) | {"province": "07", "amount": "?", "update": "1"})
    assert page.status_code == 200
    assert errors(page) == {}
    assert 'value="0701"' in page.content.decode()
    assert 'value="2301"' not in page.content.decode()
    assert (fields_of(page)["province"], fields_of(page)["amount"]) == ("07", "?")
    assert not Donation.objects.exists()


def test_quick_amount_counts_only_where_nothing_is_typed(browser):
    send(browser, quick="20000")
    assert only_gift().amount_rial == 200_000
    send(browser, quick="20000", amount="30000", message="other")
    assert Donation.objects.latest("pk").amount_rial == 300_000
    assert send(browser, quick="7").status_code == 422


def test_sent_twice_is_one_gift_and_changed_is_another(browser):
    fields = fields_of(browser.get(GIVE)) | {"amount": "50000"}
    first, second = (browser.post(GIVE, fields)["Location"] for _ in range(2))
    assert first == second
    assert Donation.objects.count() == 1
    third = browser.post(GIVE, fields | {"amount": "60000"})
    assert third.status_code == 303
    assert Donation.objects.count() == 2
    again = browser.post(GIVE, fields_of(browser.get(GIVE)) | {"amount": "50000"})
    assert again["Location"] not in (first, third["Location"])


def test_fund_that_is_not_offered_is_refused(browser):
    for fund in ("khums", "nothing", "", "\x00"):
        answer = send(browser, amount="50000", fund=fund)
        assert answer.status_code == 422
        assert "fund" in errors(answer)


# --- addresses ---


def initial(answer) -> dict[str, str]:
    return fields_of(answer)


def test_address_fills_the_form(browser):
    page = browser.get(GIVE, {"fund": "treatment", "province": "fars", "county": "0701", "amount": "۵۰٬۰۰۰"})
    said = initial(page)
    assert (said["fund"], said["province"], said["county"], said["amount"]) == (
        "treatment", "07", "0701", "۵۰٬۰۰۰",
    )  # fmt: skip
    assert page.context["amount_words"] == "پنجاه هزار تومان"
    assert page.context["notices"] == []


def test_a_county_brings_its_province(browser):
    said = initial(browser.get(GIVE, {"county": "0701"}))
    assert (said["province"], said["county"]) == ("07", "0701")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"fund": "nothing"}, "این نوع کمک را نمی‌شناسیم."),
        ({"province": "99"}, "این استان را نمی‌شناسیم."),
        ({"province": "\x00' --"}, "این استان را نمی‌شناسیم."),
        ({"province": "23", "county": "0701"}, "این شهرستان در استانِ انتخاب‌شده نیست."),
        ({"campaign": "nothing"}, "این پویش را نمی‌شناسیم."),
        ({"placement": "AAAAAAAAA"}, "این کد را نمی‌شناسیم."),
        ({"need": "N-1"}, "این نیاز را نمی‌شناسیم."),
        ({"amount": "abc"}, "مبلغ را با رقم بنویسید؛ مثلاً ۵۰٬۰۰۰."),
    ],
)
def test_a_bad_value_of_an_address_is_a_notice_never_an_error(browser, query, says):
    page = browser.get(GIVE, query)
    assert page.status_code == 200
    assert page.context["notices"] == [says]
    assert says in page.content.decode()
    assert browser.post(GIVE, fields_of(page) | {"amount": "50000"}).status_code == 303


def test_printed_code_fills_everything_and_the_gift_is_attributed_to_it(browser):
    box = place("23", "2301")
    page = browser.get(GIVE, {"placement": box.code.lower()})
    said = initial(page)
    assert (said["placement"], said["province"], said["county"], said["fund"]) == (
        box.code, "23", "2301", "fitriyeh_general",
    )  # fmt: skip
    assert box.title in page.content.decode()
    browser.post(GIVE, said | {"amount": "75000"})
    gift = only_gift()
    assert (gift.placement, gift.channel.code, gift.edition, gift.province_id, gift.county_id) == (
        box, "qr", box.edition, "23", "2301",
    )  # fmt: skip
    assert gift.branch.province_id == "23"


def test_with_a_provincial_code_the_whole_country_is_not_offered(browser):
    page = browser.get(GIVE, {"placement": place("23").code})
    assert "سراسر کشور (هر جا نیاز بیشتر است)" not in page.content.decode()
    assert "سراسر کشور (هر جا نیاز بیشتر است)" in browser.get(GIVE).content.decode()


def test_what_is_said_openly_wins_over_the_printed_code(browser):
    box = place("23", "2301")
    said = initial(browser.get(GIVE, {"placement": box.code, "province": "07", "fund": "dowry"}))
    assert (said["province"], said["county"], said["fund"]) == ("07", "", "dowry")


def test_campaign_brings_its_fund_and_its_branch(browser):
    page = browser.get(GIVE, {"campaign": "ziafat-mehrabani", "province": "16"})
    said = initial(page)
    assert (said["campaign"], said["fund"]) == ("ziafat-mehrabani", "fitriyeh_general")
    browser.post(GIVE, said | {"amount": "50000"})
    assert (only_gift().edition.campaign.slug, only_gift().branch.province_id) == ("ziafat-mehrabani", "16")


def test_nobody_is_stuck_behind_a_campaign_that_closes_meanwhile(browser):
    page = browser.get(GIVE, {"campaign": "mosbat-mah"})
    fields = fields_of(page) | {"amount": "50000"}
    Edition.objects.filter(campaign__slug="mosbat-mah", state="open").update(state="closed")
    refused = browser.post(GIVE, fields)
    assert refused.status_code == 422
    assert "این پویش اکنون کمکی نمی‌پذیرد" in refused.content.decode()
    assert fields_of(refused)["campaign"] == ""
    assert browser.post(GIVE, fields_of(refused)).status_code == 303
    assert only_gift().edition is None


def test_a_printed_code_taken_down_meanwhile_does_not_stop_the_gift(browser):
    box = place("23")
    fields = fields_of(browser.get(GIVE, {"placement": box.code})) | {"amount": "50000"}
    box.is_active = False
    box.save()
    assert browser.post(GIVE, fields).status_code == 303
    assert (only_gift().placement, only_gift().province_id) == (None, "23")


# --- what every answer of a public page is ---


def test_no_cookie_is_set_and_none_is_asked_for(browser, fitriyeh_rate):
    answers = [
        browser.get(GIVE),
        browser.get(GIVE, {"placement": place("23").code}),
        browser.post(GIVE, {}),
        send(browser, amount="50000"),
        browser.get("/give/in-kind/"),
        browser.get("/verify/"),
        browser.get("/verify/AAAA/"),
        browser.get(f"/give/{only_gift().tracking_code}/"),
        browser.get(f"/trail/{only_gift().tracking_code}/"),
        browser.get("/q/nothing/"),
    ]
    for answer in answers:
        assert not answer.cookies, answer.request["PATH_INFO"]
        assert "Cookie" not in answer.get("Vary", ""), answer.request["PATH_INFO"]


def test_page_has_nothing_inline_and_no_token(browser):
    page = browser.get(GIVE).content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style", page)


def test_queries_of_the_form(browser, django_assert_num_queries, fitriyeh_rate):
    box = place("23", "2301")
    with django_assert_num_queries(4):  # funds, the year, its rates, provinces
        browser.get(GIVE)
    # and the printed code for the address and for the form, the branch, counties
    with django_assert_num_queries(8):
        browser.get(GIVE, {"placement": box.code})


def test_what_was_typed_is_never_in_an_address(browser):
    answer = send(browser, amount="50000", name="مریم", mobile="09121234567")
    assert re.fullmatch(r"/pay/[2-9A-Z]{12}/", answer["Location"])

"""Fitriyeh, kaffarah and fidyah by head: persons times a rate that is data, or a free amount."""

import pytest

from campaigns.models import GivingRate
from donations.models import Donation
from tests.donations.conftest import GIVE, announce, errors, fields_of, only_gift, send

pytestmark = pytest.mark.usefixtures("db", "country")


def by_head(browser, rate: GivingRate | None, **typed):
    return send(browser, **{"fund": "fitriyeh_general", f"rate_{rate.kind}": str(rate.pk)} | typed)


def test_persons_times_the_stored_rate(browser, fitriyeh_rate):
    assert by_head(browser, fitriyeh_rate, persons="۴").status_code == 303
    gift = only_gift()
    assert (gift.amount_rial, gift.persons, gift.rate) == (3_000_000, 4, fitriyeh_rate)


def test_the_default_rate_is_ticked_and_named_with_its_source(browser, fitriyeh_rate):
    announce("fitriyeh", 500_000, marja="آیت‌الله سیستانی", staple="آرد")
    page = browser.get(GIVE, {"fund": "fitriyeh_sadat"})
    assert fields_of(page)["rate_fitriyeh"] == str(fitriyeh_rate.pk)
    for words in ("۷۵٬۰۰۰ تومان", "گندم", "دفتر رهبری", "آرد", "آیت‌الله سیستانی", "اعلام رسمی", "دست‌کم"):
        assert words in page.content.decode()


def test_more_than_a_minimum_rate_is_welcome(browser, fitriyeh_rate):
    assert by_head(browser, fitriyeh_rate, persons="2", amount="200000").status_code == 303
    assert (only_gift().amount_rial, only_gift().persons) == (2_000_000, 2)


def test_less_than_the_rate_is_said_with_the_sum(browser, fitriyeh_rate):
    answer = by_head(browser, fitriyeh_rate, persons="4", amount="100000")
    assert answer.status_code == 422
    assert "۴ × ۷۵٬۰۰۰ تومان می‌شود ۳۰۰٬۰۰۰ تومان" in errors(answer)["amount"][0]


def test_more_than_an_exact_rate_needs_the_free_amount(browser, fitriyeh_rate):
    exact = announce("fitriyeh", 1_000_000, marja="آیت‌الله سیستانی", staple="آرد")
    answer = by_head(browser, exact, persons="1", amount="150000")
    assert answer.status_code == 422
    assert "مبلغ دلخواه" in errors(answer)["amount"][0]
    fields = fields_of(answer) | {"rate_fitriyeh": "free"}
    assert browser.post(GIVE, fields).status_code == 303
    assert (only_gift().amount_rial, only_gift().rate, only_gift().persons) == (1_500_000, None, 1)


def test_a_browser_cannot_make_up_a_rate(browser, fitriyeh_rate):
    kaffarah = announce("kaffarah_deliberate", 100_000_000)
    old = GivingRate.objects.filter(hijri_year=1446, kind="fitriyeh").first()
    for made_up in (str(kaffarah.pk), str(old.pk), "0", "-1", "750000"):
        answer = send(browser, fund="fitriyeh_general", persons="2", rate_fitriyeh=made_up)
        assert answer.status_code == 422, made_up
    assert not Donation.objects.exists()


@pytest.mark.parametrize("typed", ["۰", "1000", "-1", "۱٫۵", "دو", "9" * 40])
def test_persons_are_a_number_of_people(browser, fitriyeh_rate, typed):
    answer = by_head(browser, fitriyeh_rate, persons=typed)
    assert errors(answer) == {"persons": ["شمار را با رقم بنویسید، از ۱ تا ۹۹۹."]}


def test_neither_persons_nor_amount(browser, fitriyeh_rate):
    assert errors(by_head(browser, fitriyeh_rate)) == {
        "amount": ["شمار نفرات (یا روزها) یا مبلغ را بنویسید."]
    }


def test_the_channel_limit_holds_by_head_too(browser):
    rate = announce("kaffarah_deliberate", 90_000_000)
    answer = send(browser, fund="kaffarah_deliberate", persons="30", rate_kaffarah_deliberate=str(rate.pk))
    assert "بیشترین مبلغ در یک پرداخت" in errors(answer)["amount"][0]


def test_without_a_rate_of_the_year_it_is_said_and_a_free_amount_taken(browser):
    page = browser.get(GIVE, {"fund": "fidyah"})
    said = next(row for row in page.context["no_rates"] if row["is_chosen"])
    assert said["text"].startswith("نرخ «فدیه، هر روز» برای سال ۱۴")
    assert said["text"] in page.content.decode()
    assert browser.post(GIVE, fields_of(page) | {"persons": "3", "amount": "60000"}).status_code == 303
    assert (only_gift().amount_rial, only_gift().rate, only_gift().persons) == (600_000, None, 3)


def test_persons_mean_nothing_for_other_funds(browser, fitriyeh_rate):
    send(browser, fund="general", persons="4", amount="50000")
    assert (only_gift().amount_rial, only_gift().rate, only_gift().persons) == (500_000, None, None)


@pytest.mark.parametrize(
    ("fund", "kind", "rial", "persons", "line", "sum_typed"),
    [
        ("fitriyeh_general", "fitriyeh", 750_000, "۴", "۴ × ۷۵٬۰۰۰ = ۳۰۰٬۰۰۰ تومان", "۳۰۰٬۰۰۰"),
        ("fitriyeh_sadat", "fitriyeh", 750_000, "1", "۱ × ۷۵٬۰۰۰ = ۷۵٬۰۰۰ تومان", "۷۵٬۰۰۰"),
        ("kaffarah_deliberate", "kaffarah_deliberate", 12_000_000, "2", "۲ × ۱٬۲۰۰٬۰۰۰ = ۲٬۴۰۰٬۰۰۰ تومان", "۲٬۴۰۰٬۰۰۰"),
        (
            "kaffarah_non_deliberate", "kaffarah_non_deliberate", 200_000, "30", "۳۰ × ۲۰٬۰۰۰ = ۶۰۰٬۰۰۰ تومان",
            "۶۰۰٬۰۰۰",
        ),
        ("fidyah", "fidyah", 200_000, "30", "۳۰ × ۲۰٬۰۰۰ = ۶۰۰٬۰۰۰ تومان", "۶۰۰٬۰۰۰"),
    ],
)  # fmt: skip
def test_the_sum_is_counted_without_scripts_and_given(browser, fund, kind, rial, persons, line, sum_typed):
    rate = announce(kind, rial, is_default=True)
    page = browser.get(GIVE, {"fund": fund})
    page = browser.post(GIVE, fields_of(page) | {"persons": persons, "count": "1"})
    assert page.status_code == 200
    assert line in page.content.decode()
    said = fields_of(page)
    assert (said["fund"], said["amount"]) == (fund, sum_typed)
    assert not Donation.objects.exists()
    assert browser.post(GIVE, said).status_code == 303
    assert (only_gift().fund_id, only_gift().rate) == (fund, rate)
    assert only_gift().amount_rial == rial * only_gift().persons


def test_counting_needs_something_to_count(browser, fitriyeh_rate):
    for typed in ({"fund": "general", "persons": "4"}, {"fund": "fitriyeh_general", "persons": ""}):
        page = browser.post(GIVE, fields_of(browser.get(GIVE)) | typed | {"count": "1"})
        assert "برای حساب‌کردن" in page.content.decode()


def test_a_regions_own_rate_comes_first_for_who_comes_from_there(browser, fitriyeh_rate):
    tehran = announce("fitriyeh", 1_500_000, region="تهران", is_default=True)
    assert fields_of(browser.get(GIVE, {"fund": "fitriyeh_general"}))["rate_fitriyeh"] == str(
        fitriyeh_rate.pk
    )
    page = browser.get(GIVE, {"fund": "fitriyeh_general", "province": "23"})
    assert fields_of(page)["rate_fitriyeh"] == str(tehran.pk)
    assert fields_of(browser.get(GIVE, {"province": "07"}))["rate_fitriyeh"] == str(fitriyeh_rate.pk)

"""Cells as senders write them."""

import pytest

from payments.statements.base import Unreadable
from payments.statements.moments import MomentReader
from payments.statements.normalise import (
    hide_numbers,
    read_amount,
    read_card,
    read_description,
    read_id,
)

PAN = "6037991234567893"  # made up; passes Luhn


@pytest.mark.parametrize(
    ("text", "rial"),
    [
        ("250000", 250_000),
        ("۲۵۰٬۰۰۰", 250_000),
        ("٢٥٠٠٠٠", 250_000),
        ("1,250,000", 1_250_000),
        ("1,250,000 ریال", 1_250_000),
        ("250000.00", 250_000),
        ("(250,000)", -250_000),
        ("250000-", -250_000),
        ("-250000", -250_000),
        ("\u2212250000", -250_000),
        ("\u200f۲۵۰۰۰۰\u200c", 250_000),
        ("+250000", 250_000),
        ("0", 0),
        ("", None),
        ("-", None),
    ],
)
def test_an_amount_in_any_dress(text, rial):
    assert read_amount(text, "rial") == rial


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.5E+06", "scientific_amount"),
        ("250000.5", "fraction_of_rial"),
        ("50.000", "ambiguous_amount"),
        ("1,25,000", "bad_amount"),
        ("12,5", "bad_amount"),
        ("25 تومان", "other_unit"),
        ("دویست", "bad_amount"),
        ("1/2/3", "bad_amount"),
        ("9" * 30, "amount_too_large"),
        ("=1+1", "bad_amount"),
        ("()", "bad_amount"),
        ("ریال", "bad_amount"),
    ],
)
def test_an_amount_in_doubt_is_not_guessed(text, reason):
    with pytest.raises(Unreadable) as error:
        read_amount(text, "rial")
    assert error.value.reason == reason


def test_toman_become_whole_rials():
    assert read_amount("۱۲٬۵۰۰", "toman") == 125_000
    assert read_amount("12.5", "toman") == 125
    with pytest.raises(Unreadable):
        read_amount("12.55", "toman")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123456789012", "123456789012"),
        (" 1234 5678 9012 ", "123456789012"),
        ("۱۲۳۴۵۶۷۸۹۰۱۲", "123456789012"),
        ("'000123", "000123"),
        ('="000123"', "000123"),
        ("123456789012.0", "123456789012"),
        ("A1-b2", "A1-b2"),
        ("12E45", "12E45"),
        ("000000", ""),
        ("null", ""),
        ("-", ""),
    ],
)
def test_an_id_as_its_sender_meant_it(text, value):
    assert read_id(text, 32) == value


@pytest.mark.parametrize(
    "text", ["1.23457E+11", "1,23E+11"[:0] + "1.2E+46", "1E+12", "12345678901234500000", "x" * 33, "#####"]
)
def test_a_damaged_id_is_no_id(text):
    assert read_id(text, 32) is None


def test_zeros_come_back_only_where_the_width_is_known():
    assert read_id("123456", 32, 12) == "000000123456"
    assert read_id("123456", 32, (11, 12)) is None
    assert read_id("12345678901", 32, (11, 12)) == "12345678901"
    assert read_id("1234567890123", 32, 12) is None


@pytest.mark.parametrize(
    "text", [PAN, f"{PAN[:4]}-{PAN[4:8]}-{PAN[8:12]}-{PAN[12:]}", "603799******7893", "6037-99**-****-7893"]
)
def test_of_a_card_ten_digits_are_kept(text):
    assert read_card(text) == "603799******7893"


def test_numbers_of_people_do_not_stay_in_free_text():
    text = read_description(f"کارت {PAN} تلفن ۰۹۱۲۱۲۳۴۵۶۷ پیگیری 123456")
    assert PAN not in text
    assert "1234567" not in text.replace(" ", "")
    assert "603799******7893" in text
    assert "123456" in text
    assert hide_numbers("بدون شماره") == "بدون شماره"


def moments(calendar="jalali", dates=("Y/M/D",), times=("H:M:S",), zone="tehran") -> MomentReader:
    return MomentReader(calendar, dates, times, zone)


def test_30_esfand_exists_in_leap_years_only():
    assert moments().read("1403/12/30", "10:00")[0] == "2025-03-20"
    with pytest.raises(Unreadable):
        moments().read("1404/12/30", "10:00")
    with pytest.raises(Unreadable):
        moments().read("1404/07/31", "10:00")


def test_tehran_midnight_divides_the_days():
    reader = moments()
    assert reader.read("1403/09/07", "23:59:59") == ("2024-11-27", "2024-11-27T23:59:59+03:30")
    assert reader.read("1403/09/08", "00:00:00") == ("2024-11-28", "2024-11-28T00:00:00+03:30")
    with pytest.raises(Unreadable):
        reader.read("1403/09/07", "24:00:00")
    assert moments("gregorian").read("2024-11-27T20:30:00Z", None)[0] == "2024-11-28"
    assert moments("gregorian").read("2024-11-27T20:29:59Z", None)[0] == "2024-11-27"


def test_a_day_of_summer_time_has_its_own_offset():
    assert moments().read("1400/04/01", "12:00")[1] == "2021-06-22T07:30:00+00:00"


@pytest.mark.parametrize(
    ("date_text", "time_text", "dates", "times"),
    [
        ("۱۴۰۳/۹/۷", "۱۴:۳۵:۱۲", ("Y/M/D",), ("H:M:S",)),
        ("1403-09-07 14:35:12", None, ("Y/M/D",), ("H:M:S",)),
        ("1403/09/07 - 14:35:12", "", ("Y/M/D",), ("H:M:S",)),
        ("07/09/1403", "143512", ("D/M/Y",), ("HHMMSS",)),
        ("14030907", "14:35:12", ("YYYYMMDD",), ("H:M:S",)),
        ("030907", "143512", ("YYMMDD",), ("HHMMSS",)),
        ("2024-11-27T14:35:12", None, ("Y/M/D",), ("H:M:S",)),
        ("2024-11-27T00:00:00", "14:35:12", ("Y/M/D",), ("H:M:S",)),
    ],
)
def test_one_moment_in_many_forms(date_text, time_text, dates, times):
    day, at = moments(dates=dates, times=times).read(date_text, time_text)
    assert day == "2024-11-27"
    assert at in ("2024-11-27T14:35:12+03:30", "2024-11-27T11:05:12+00:00")


def test_a_lost_zero_in_a_time_of_fixed_width_comes_back():
    assert moments(times=("HHMMSS",)).read("1403/09/07", "93512")[1] == "2024-11-27T09:35:12+03:30"


@pytest.mark.parametrize(
    "text", ["", "2024/11/27", "1403/13/01", "1403/09/07x", "abc", "45623", "1403/09/071"]
)
def test_a_date_in_doubt_is_not_guessed(text):
    with pytest.raises(Unreadable):
        moments().read(text, "10:00")

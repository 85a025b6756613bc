"""Reading a bank's values without believing or guessing."""

import pytest

from payments.gateways import reading


@pytest.mark.parametrize(
    ("value", "expected"),
    [(100, "100"), ("100", "100"), (" ۱۰۰ ", "100"), ("٠", "0"), (100.0, "100"), ("007", "7"), ("-51", "-51"),
     (-51, "-51"), ("", ""), (None, ""), (True, ""), ([], ""), ("OK", "OK"), (1.5, ""), (float("nan"), ""),
     (float("inf"), "")],
)  # fmt: skip
def test_codes(value, expected):
    assert reading.code(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(50_000, 50_000), ("50000", 50_000), ("۵۰,۰۰۰", 50_000), (50_000.0, 50_000), ("-5", None),
     ("5e4", None), ("50000.5", None), (0.1, None), ("", None), (None, None), (True, None), ("9" * 19, None)],
)  # fmt: skip
def test_amounts(value, expected):
    assert reading.rial(value) == expected


def test_of_names_that_differ_in_case_the_first_filled_one_counts():
    assert reading.fold({"token": "", "Token": "T", "TOKEN": "X"}) == {"token": "T"}
    assert reading.fold([1]) == reading.fold(None) == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("603799******1234", "603799******1234"), ("6037991234567890", "603799******7890"),
     ("6037-9912-3456-7890", "603799******7890"),
     ("62741****44", "62741****44"), ("603799123456789*", "603799******789*"),
     ("12345678901", ""), ("Ali", ""), (None, "")],
)  # fmt: skip
def test_cards_are_masked(value, expected):
    assert reading.masked_card(value) == expected

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import (
    MAX_RIAL,
    RialField,
    format_rial,
    format_toman,
    group_digits,
    parse_toman,
    rial_to_toman,
    short_toman,
    toman_to_rial,
    toman_words,
)
from core.text import ascii_digits, persian_digits

AMOUNTS = st.integers(0, MAX_RIAL)
WHOLE_TOMAN = st.integers(1, MAX_RIAL // 10)


def refusal(text, **bounds):
    with pytest.raises(DomainError) as refused:
        parse_toman(text, **bounds)
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        "50000",
        "50,000",
        "50٬000",
        "50 000",
        "50،000",
        "50'000",
        "۵۰٬۰۰۰",
        "٥٠٠٠٠",
        " ۵۰۰۰۰ تومان ",
        "\u200f50000\u200e",
        "50 هزار",
        "50هزار",
        "۵۰\u200cهزار تومان",
    ],
)
def test_one_amount_typed_in_many_ways(text):
    assert parse_toman(text) == 500_000


@pytest.mark.parametrize(
    ("text", "toman"),
    [
        ("2 میلیون", 2_000_000),
        ("2 میلیون و 500 هزار", 2_500_000),
        ("۲ میلیون و ۵۰۰ هزار و ۷۰۰ تومان", 2_500_700),
        ("1500 هزار", 1_500_000),
        ("1,500 هزار", 1_500_000),
        ("50 هزار و 500", 50_500),
        ("3 میلیارد", 3 * 10**9),
        ("5 هزار میلیارد", 5 * 10**12),
    ],
)
def test_scales_in_words(text, toman):
    assert parse_toman(text) == toman * 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount_required"),
        ("   ", "amount_required"),
        ("50.000", "amount_fraction"),
        ("50.5", "amount_fraction"),
        ("۵۰٫۵", "amount_fraction"),
        ("1/5 میلیون", "amount_fraction"),
        ("50000 ریال", "amount_in_rial"),
        ("50000 IRR", "amount_in_rial"),
        ("09121234567", "bad_amount"),
        ("5,00", "bad_amount"),
        ("50,00,000", "bad_amount"),
        ("1,000 000", "bad_amount"),
        ("-50000", "bad_amount"),
        ("+50000", "bad_amount"),
        ("1e6", "bad_amount"),
        ("0x10", "bad_amount"),
        ("پنجاه هزار", "bad_amount"),
        ("هزار", "bad_amount"),
        ("2 میلیون و 500", "bad_amount"),
        ("2 هزار و 3 میلیون", "bad_amount"),
        ("2 میلیون و 1500 هزار", "bad_amount"),
        ("²", "bad_amount"),
        ("5" * 81, "bad_amount"),
        ("0", "amount_too_small"),
        ("9" * 19, "amount_too_large"),
    ],
)
def test_what_is_doubtful_is_refused(text, code):
    assert refusal(text).code == code


def test_bounds_are_inclusive_and_named_in_the_refusal():
    bounds = {"minimum_rial": 100_000, "maximum_rial": 1_000_000}
    assert parse_toman("10000", **bounds) == 100_000
    assert parse_toman("100000", **bounds) == 1_000_000
    assert refusal("9999", **bounds).data == {"minimum_rial": 100_000}
    assert refusal("100001", **bounds).data == {"maximum_rial": 1_000_000}


def test_nothing_beyond_64_bits_whatever_the_caller_allows():
    assert refusal("9" * 25, maximum_rial=10**30).data == {"maximum_rial": MAX_RIAL}


@given(WHOLE_TOMAN)
def test_what_is_shown_can_be_typed(toman):
    shown = format_toman(toman_to_rial(toman))
    assert parse_toman(shown) == toman * 10
    assert parse_toman(persian_digits(toman)) == toman * 10


@given(st.text(max_size=30))
def test_any_text_gives_an_amount_or_a_refusal(text):
    try:
        rial = parse_toman(text)
    except DomainError:
        return
    assert rial > 0
    assert rial % 10 == 0


@given(st.integers(-MAX_RIAL, MAX_RIAL))
def test_toman_and_rials_left_over_add_up(rial):
    toman, left = rial_to_toman(rial)
    assert toman * 10 + left == rial
    assert abs(left) < 10


@pytest.mark.parametrize(
    ("rial", "shown"),
    [
        (0, "۰ تومان"),
        (125_000, "۱۲٬۵۰۰ تومان"),
        (125_005, "۱۲٬۵۰۰٫۵ تومان"),
        (5, "۰٫۵ تومان"),
        (-125_000, "\u2066−۱۲٬۵۰۰\u2069 تومان"),
        (MAX_RIAL, "۹۲۲٬۳۳۷٬۲۰۳٬۶۸۵٬۴۷۷٬۵۸۰٫۷ تومان"),
    ],
)
def test_format_toman(rial, shown):
    assert format_toman(rial) == shown


@given(AMOUNTS)
def test_no_rial_is_lost_on_screen(rial):
    number = ascii_digits(format_toman(rial)).removesuffix(" تومان").replace("٬", "")
    toman, _, left = number.partition("٫")
    assert int(toman) * 10 + int(left or 0) == rial


def test_format_rial_and_groups():
    assert format_rial(125_000) == "۱۲۵٬۰۰۰ ریال"
    assert group_digits(1_234_567) == "۱٬۲۳۴٬۵۶۷"
    assert group_digits(-1_000) == "\u2066−۱٬۰۰۰\u2069"


@pytest.mark.parametrize(
    ("rial", "words"),
    [
        (25_000_000, "دو میلیون و پانصد هزار تومان"),
        (10**13, "هزار میلیارد تومان"),
        (5 * 10**13, "پنج هزار میلیارد تومان"),
        (125_005, "دوازده هزار و پانصد تومان و پنج ریال"),
        (5, "پنج ریال"),
        (0, "صفر تومان"),
        (-10_000, "منفی هزار تومان"),
    ],
)
def test_toman_words(rial, words):
    assert toman_words(rial) == words


@given(AMOUNTS)
def test_nobody_reads_trillion(rial):
    assert "تریلیون" not in toman_words(rial)


@pytest.mark.parametrize(
    ("rial", "short"),
    [
        (12_000_000_000, "۱٫۲ میلیارد تومان"),
        (3_400_000, "۳۴۰ هزار تومان"),
        (25_000_000, "۲٫۵ میلیون تومان"),
        (10_000_000, "۱ میلیون تومان"),
        (5 * 10**13, "۵ هزار میلیارد تومان"),
        (9_999_999_990, "۹۹۹٫۹ میلیون تومان"),
        (9_990, "۹۹۹ تومان"),
        (9_995, "۹۹۹٫۵ تومان"),
        (0, "۰ تومان"),
        (-3_400_000, "\u2066−۳۴۰\u2069 هزار تومان"),
    ],
)
def test_short_toman_is_cut_never_rounded_up(rial, short):
    assert short_toman(rial) == short


def test_rial_field_refuses_less_than_its_minimum_and_more_than_64_bits():
    field = RialField(minimum=0)
    field.run_validators(0)
    field.run_validators(MAX_RIAL)
    for outside in (-1, MAX_RIAL + 1):
        with pytest.raises(ValidationError):
            field.run_validators(outside)


def test_rial_field_without_minimum_takes_negatives():
    RialField().run_validators(-5)


def test_rial_field_deconstructs_for_migrations():
    _, path, _, kwargs = RialField(minimum=1, default=0).deconstruct()
    assert path == "core.money.RialField"
    assert kwargs["minimum"] == 1
    assert kwargs["default"] == 0
    assert "minimum" not in RialField().deconstruct()[3]

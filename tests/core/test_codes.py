import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import codes
from core.codes import ALPHABET, PLACEMENT, TRACKING, VERIFICATION
from core.errors import DomainError

KINDS = st.sampled_from([TRACKING, PLACEMENT, VERIFICATION])


@st.composite
def kind_and_code(draw):
    kind = draw(KINDS)
    return kind, kind.new()


def refused(kind, typed):
    try:
        kind.parse(typed)
    except DomainError as error:
        return error.code == "bad_code"
    return False


def test_the_alphabet_has_a_prime_number_of_signs_none_of_them_confusing():
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set(ALPHABET) & set("01OILBSZGUNDQ")


@pytest.mark.parametrize(
    ("new", "parse", "length", "shape"),
    [
        (codes.new_tracking_code, codes.parse_tracking_code, 12, r"\w{4}-\w{4}-\w{4}"),
        (codes.new_placement_code, codes.parse_placement_code, 9, r"\w{3}-\w{3}-\w{3}"),
        (codes.new_verification_code, codes.parse_verification_code, 16, r"\w{4}-\w{4}-\w{4}-\w{4}"),
    ],
)
def test_new_codes_can_be_read_and_typed_back(new, parse, length, shape):
    made = {new() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert len(code) == length
        assert set(code) <= set(ALPHABET)
        assert re.fullmatch(shape, codes.show_code(code))
        assert parse(codes.show_code(code)) == code


@given(kind_and_code(), st.data())
def test_one_wrong_sign_is_always_found(pair, data):
    kind, code = pair
    place = data.draw(st.integers(0, kind.length - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    assert refused(kind, code[:place] + other + code[place + 1 :])


@given(kind_and_code(), st.data())
def test_two_signs_swapped_are_always_found(pair, data):
    kind, code = pair
    first = data.draw(st.integers(0, kind.length - 2))
    second = data.draw(st.integers(first + 1, kind.length - 1))
    signs = list(code)
    signs[first], signs[second] = signs[second], signs[first]
    assert signs[first] == signs[second] or refused(kind, "".join(signs))


@given(kind_and_code())
def test_typing_is_forgiven_case_gaps_persian_digits_and_lookalikes(pair):
    kind, code = pair
    assert kind.parse(f" {kind.show(code).lower()} ") == code
    assert kind.parse(" ".join(code)) == code
    assert kind.parse(code.translate(str.maketrans("23456789", "۲۳۴۵۶۷۸۹"))) == code
    assert kind.parse(code.translate(str.maketrans("852V6", "BSZUG"))) == code
    assert kind.parse(code.translate(str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ"))) == code  # Cyrillic
    assert kind.parse(f"\u2066{code}\u2069") == code


@pytest.mark.parametrize("typed", ["", "A", "A" * 11, "0" * 12, "کد رهگیری", "A7KM-29RT-X4H!", "A" * 100])
def test_what_is_no_code_is_refused(typed):
    assert refused(TRACKING, typed)


def test_a_code_of_one_kind_is_none_of_another():
    assert refused(TRACKING, codes.new_placement_code())
    assert refused(PLACEMENT, codes.new_tracking_code())


def test_other_texts_are_shown_as_they_are():
    assert codes.show_code("604812345678000") == "604812345678000"
    assert codes.show_code("") == ""


def test_url_tokens_are_long_and_begin_with_a_letter_or_digit():
    made = {codes.new_url_token() for _ in range(300)}
    assert len(made) == 300
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{23}", token) for token in made)


def test_order_ids_are_numeric_and_fit_fifteen_digits():
    assert codes.order_id(1) == "1"
    assert codes.order_id(10**15 - 1) == "9" * 15
    for outside in (0, -1, 10**15):
        with pytest.raises(ValueError, match="range"):
            codes.order_id(outside)

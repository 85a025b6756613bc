import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    SORT_KEY_LENGTH,
    ascii_digits,
    excel_safe,
    isolate_ltr,
    normalise,
    normalise_lines,
    persian_digits,
    search_key,
    sort_key,
)

ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
PERSIAN_WORDS = st.text(ALPHABET, min_size=1, max_size=8)
MIXED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("علییيكىئؤأةۀ\u064b\u0654\u0301\u0640\u200c\u200d\u200f\u2067 \n\r\t٤۴"),
    )
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("موسى", "موسی"),
        ("ي\u0654", "ئ"),  # decomposed: a letter of its own, not yeh with something above
        ("هي\u0654ت", "هئت"),
        ("مسی\u0654ول", "مسئول"),
        ("  علی \u00a0\t رضا ", "علی رضا"),
        ("می\u200cرود", "می\u200cرود"),
        ("می\u200c رود", "می رود"),
        ("\u200cعلی\u200c", "علی"),
        ("می\u200c\u200cرود", "می\u200cرود"),
        ("PDF\u200cها", "PDF\u200cها"),
        ("۹\u200cماهه", "۹\u200cماهه"),
        ("ab\u200ccd", "abcd"),
        ("کـــتاب", "کتاب"),
        ("\u202bعلی\u202c\u200f", "علی"),
        ("\u2066*733#\u2069", "*733#"),
        ("ﻋﻠﻲ", "علی"),  # presentation forms, as copied from old PDF files
        ("٤٥٦", "۴۵۶"),
        ("a\x00b", "ab"),
        ("\ud800x", "x"),
        ("", ""),
        (None, ""),
    ],
)
def test_normalise(typed, stored):
    assert normalise(typed) == stored


@given(MIXED)
def test_normalise_is_stable_and_leaves_nothing_that_cannot_be_stored(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("يكى\u0640\u200e\u200f\n\x00")
    assert once == once.strip()
    once.encode()


def test_normalise_lines_keeps_lines_and_at_most_one_empty_line():
    assert normalise_lines(" سلام \r\nعلي\n\n\n\n خداحافظ\n") == "سلام\nعلی\n\nخداحافظ"


@given(MIXED)
def test_normalise_lines_is_stable(text):
    once = normalise_lines(text)
    assert normalise_lines(once) == once


@pytest.mark.parametrize(
    "group",
    [
        ("مشارکت\u200cهای", "مشارکت های", "مشارکتهای", "مشاركتهاي"),
        ("علی\u200cرضا", "علیرضا", "علي رضا", "عَلی رِضا"),
        ("آشتیان", "اشتیان", "أشتيان", "إشتیان", "ٱشتیان"),
        ("مؤسسه", "موسسه", "مؤسسة", "مؤسسهٔ", "موسسۀ"),
        ("هیئت", "هییت", "هيئت"),
        ("رحمٰن", "رحمن"),
        ("منطقه ۱۲", "منطقه ١٢", "منطقه12"),
        ("ABC é", "abce"),
    ],
)
def test_search_key_makes_one_of_all_spellings(group):
    assert len({search_key(spelling) for spelling in group}) == 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("آشتیان", "اشتیان"),
        ("تربت\u200cجام", "تربتجام"),
        ("رباط کریم", "رباطکریم"),
        ("قائم\u200cشهر", "قایمشهر"),
    ],
)
def test_search_key_of_counties_is_that_of_the_reference_data(name, key):
    assert search_key(name) == key


@given(MIXED)
def test_search_key_is_stable_and_does_not_depend_on_normalising_first(text):
    key = search_key(text)
    assert search_key(key) == key
    assert search_key(normalise(text)) == key
    assert not any(char.isspace() for char in key)


def test_sort_key_puts_the_alphabet_in_order():
    assert sorted(sorted(ALPHABET), key=sort_key) == list(ALPHABET)
    assert [sort_key(letter) for letter in ALPHABET] == sorted(sort_key(letter) for letter in ALPHABET)


def test_sort_key_puts_digits_and_latin_first_and_other_scripts_last():
    mixed = ["漢", "یزد", "آمل", "Zahra", "abc", "۹", "1"]
    assert sorted(mixed, key=sort_key) == ["1", "۹", "abc", "Zahra", "آمل", "یزد", "漢"]


def test_sort_key_compares_word_by_word():
    assert sorted(["شهرکرد", "شهر ری", "شهریار", "شهر"], key=sort_key) == [
        "شهر",
        "شهر ری",
        "شهرکرد",
        "شهریار",
    ]


def test_sort_key_does_not_count_half_spaces_marks_and_hamza():
    assert sort_key("علی\u200cرضا") == sort_key("عَليرضا")
    assert sort_key("مؤمن") == sort_key("مومن")
    assert sort_key("هیئت") == sort_key("هییت")


@given(PERSIAN_WORDS, PERSIAN_WORDS)
def test_sort_key_order_is_the_order_of_the_letters(left, right):
    by_letters = [ALPHABET.index(letter) for letter in left] < [ALPHABET.index(letter) for letter in right]
    assert (sort_key(left) < sort_key(right)) == by_letters
    assert (sort_key(left).encode() < sort_key(right).encode()) == by_letters


@given(MIXED)
def test_sort_key_is_short_and_made_of_signs_every_collation_orders_alike(text):
    key = sort_key(text)
    assert len(key) <= SORT_KEY_LENGTH
    assert not key.strip("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.integers())
def test_digits_go_there_and_back(number):
    assert int(ascii_digits(persian_digits(number))) == number


def test_digits_of_three_scripts():
    assert ascii_digits("۱٢3 متن") == "123 متن"
    assert persian_digits("1٢۳ abc") == "۱۲۳ abc"


def test_isolate_ltr_cannot_be_broken_out_of():
    assert isolate_ltr("*733\u2069#") == "\u2066*733#\u2069"


@pytest.mark.parametrize(
    "text", ["=1+1", "+98", "-1", "@SUM", "\t=1", "\r=1", " =1", "\u200f=1", "＝1", "\ufeff=1", "|x"]
)
def test_excel_safe_takes_the_teeth_out_of_formulas(text):
    assert excel_safe(text) == f"'{text}"


@pytest.mark.parametrize("value", ["علی", "12", "a=1", "", None, -5, 3.5])
def test_excel_safe_leaves_the_rest(value):
    assert excel_safe(value) == value

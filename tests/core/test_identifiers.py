import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import identifiers as ids
from core.errors import DomainError

DIGITS = st.text("0123456789", min_size=9, max_size=9)
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def code_of(parse, text):
    with pytest.raises(DomainError) as refused:
        parse(text)
    assert refused.value.data == {}
    return refused.value.code


def with_national_check(nine):
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    return f"{nine}{remainder if remainder < 2 else 11 - remainder}"


@given(DIGITS)
def test_national_id_has_one_right_check_digit(nine):
    right = with_national_check(nine)
    valid = []
    for last in "0123456789":
        try:
            valid.append(ids.parse_national_id(nine + last))
        except DomainError:
            continue
    assert valid == ([right] if len(set(right)) > 1 else [])


@pytest.mark.parametrize(
    "text", ["0012345679", "۰۰۱۲۳۴۵۶۷۹", "٠٠١٢٣٤٥٦٧٩", "001-234567-9", " 0012345679\u200f"]
)
def test_national_id_keeps_its_zeros(text):
    assert ids.parse_national_id(text) == "0012345679"


@pytest.mark.parametrize(
    "text", ["", "1111111111", "0000000000", "0012345678", "12345679", "00123456790", "001234567a"]
)
def test_bad_national_id(text):
    assert code_of(ids.parse_national_id, text) == "bad_national_id"


def test_national_id_of_an_unknown_place_is_valid():
    assert ids.parse_national_id(with_national_check("999000111")) == with_national_check("999000111")


def test_mask_national_id():
    assert ids.mask_national_id("0012345679") == "*******679"


@pytest.mark.parametrize("text", ["10380284790", "14007650912", "10100171920", "۱۰۳۲۰۸۹۴۸۷۸"])
def test_legal_id(text):
    assert ids.parse_legal_id(text) == text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))


@pytest.mark.parametrize("text", ["10380284791", "1038028479", "11111111111", ""])
def test_bad_legal_id(text):
    assert code_of(ids.parse_legal_id, text) == "bad_legal_id"


@given(st.text("0123456789", min_size=10, max_size=10), st.integers(0, 9))
def test_legal_id_follows_the_published_sum(ten, last):
    weights = [29, 27, 23, 19, 17] * 2
    total = (
        sum((int(digit) + int(ten[9]) + 2) * weight for digit, weight in zip(ten, weights, strict=True)) % 11
    )
    number = f"{ten}{last}"
    if last == (0 if total == 10 else total) and len(set(number)) > 1:
        assert ids.parse_legal_id(number) == number
    else:
        assert code_of(ids.parse_legal_id, number) == "bad_legal_id"


@pytest.mark.parametrize(
    "text",
    [
        "09121234567",
        "9121234567",
        "+989121234567",
        "00989121234567",
        "989121234567",
        "+98 (0) 912 123-4567",
        "۰۹۱۲۱۲۳۴۵۶۷",
        "٠٩١٢١٢٣٤٥٦٧",
        "\u206609121234567\u2069",
    ],
)
def test_mobile(text):
    assert ids.parse_mobile(text) == "+989121234567"


@pytest.mark.parametrize("prefix", ["0900", "0990", "0998", "0941"])
def test_mobile_knows_no_operators(prefix):
    assert ids.parse_mobile(f"{prefix}1234567") == f"+98{prefix[1:]}1234567"


@pytest.mark.parametrize(
    "text", ["", "0912123456", "091212345678", "08121234567", "+979121234567", "0912123456a", "0" * 90]
)
def test_bad_mobile(text):
    assert code_of(ids.parse_mobile, text) == "bad_mobile"


def test_mobile_shown_and_masked():
    assert ids.show_mobile("+989121234567") == "09121234567"
    assert ids.mask_mobile("+989121234567") == "0912***4567"
    assert ids.mask_mobile("09121234567") == "0912***4567"


@given(st.text("0123456789", min_size=9, max_size=9))
def test_mobile_is_the_same_in_three_scripts(nine):
    number = f"09{nine}"
    assert ids.parse_mobile(number.translate(PERSIAN)) == ids.parse_mobile(number.translate(ARABIC))
    assert ids.parse_mobile(ids.show_mobile(ids.parse_mobile(number))) == f"+989{nine}"


@pytest.mark.parametrize(
    "text", ["02112345678", "021-12345678", "(021) 1234 5678", "+982112345678", "0098 21 12345678"]
)
def test_landline(text):
    assert ids.parse_landline(text) == "02112345678"


@pytest.mark.parametrize("text", ["2112345678", "12345678", "09121234567", "0211234567", ""])
def test_bad_landline(text):
    assert code_of(ids.parse_landline, text) == "bad_landline"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("*733*7*9#", "*733*7*9#"),
        ("#۹*۷*۷۳۳*", "*733*7*9#"),
        ("#9*7*733*", "*733*7*9#"),
        ("#9*7*733", "*733*7*9#"),
        ("#۵*۵*۷۴۱*", "*741*5*5#"),
        ("*8877*056*5#", "*8877*056*5#"),
        ("\u2067*741*5*5#\u2069", "*741*5*5#"),
    ],
)
def test_ussd(text, code):
    assert ids.parse_ussd(text) == code


@pytest.mark.parametrize(
    "text", ["", "*733*7*9", "733#", "**733#", "*733*#", "*73a#", "#", "*#", "*" + "1" * 50 + "#"]
)
def test_bad_ussd(text):
    assert code_of(ids.parse_ussd, text) == "bad_ussd"


@given(st.lists(st.text("0123456789", min_size=1, max_size=5), min_size=1, max_size=5))
def test_ussd_is_found_again_after_being_turned_round(parts):
    code = f"*{'*'.join(parts)}#"
    assert ids.parse_ussd(code) == code
    assert ids.parse_ussd(f"#{'*'.join(reversed(parts))}*") == code


def test_dial_link():
    assert ids.dial_link("*733*7*9#") == "tel:*733*7*9%23"


KERMANSHAH, HAMADAN = "IR380100004156034541585348", "IR210100004165034541724011"


@pytest.mark.parametrize("iban", [KERMANSHAH, HAMADAN])
def test_iban_typed_in_many_ways(iban):
    for typed in (
        iban,
        iban.lower(),
        ids.show_iban(iban),
        iban[2:],
        f"{iban[2:]}IR",
        iban.translate(PERSIAN),
    ):
        assert ids.parse_iban(typed) == iban
    assert ids.iban_bank_code(iban) == "010"


@given(st.integers(2, 25), st.integers(1, 9))
def test_iban_with_one_wrong_digit_is_refused(place, shift):
    wrong = KERMANSHAH[:place] + str((int(KERMANSHAH[place]) + shift) % 10) + KERMANSHAH[place + 1 :]
    assert code_of(ids.parse_iban, wrong) == "bad_iban"


@pytest.mark.parametrize(
    "text", ["", KERMANSHAH[:-1], f"DE{KERMANSHAH[2:]}", f"{KERMANSHAH}0", f"IR{KERMANSHAH}"]
)
def test_bad_iban(text):
    assert code_of(ids.parse_iban, text) == "bad_iban"


def test_iban_shown_and_masked():
    assert ids.show_iban(KERMANSHAH) == "IR38 0100 0041 5603 4541 5853 48"
    assert ids.mask_iban(KERMANSHAH) == "IR38010***************5348"


@pytest.mark.parametrize("pan", ["6367957070707075", "6367957065389202", "6367957069278393"])
def test_published_cards_of_the_central_bank(pan):
    grouped = f"{pan[:4]}-{pan[4:8]}-{pan[8:12]}-{pan[12:]}".translate(PERSIAN)
    assert ids.parse_card(grouped) == pan
    facts = ids.describe_card(pan)
    assert facts.masked == f"636795******{pan[-4:]}"
    assert (facts.bin, facts.bank) == ("636795", "بانک مرکزی جمهوری اسلامی ایران")


def test_groups_turned_round_pass_luhn_and_are_still_refused():
    assert ids.parse_card("6037997950059494") == "6037997950059494"
    assert ids.looks_reversed("9494500599796037")
    assert not ids.looks_reversed("6037997950059494")
    assert code_of(ids.parse_card, "9494-5005-9979-6037") == "card_reversed"


def test_an_unknown_bin_is_unknown_not_invalid():
    facts = ids.describe_card("4111111111111111")
    assert (facts.masked, facts.bank) == ("411111******1111", "")


@pytest.mark.parametrize(
    "text", ["", "6367957070707076", "636795707070707", "0000000000000000", "636795707070707x"]
)
def test_bad_card(text):
    assert code_of(ids.parse_card, text) == "bad_card"


def test_a_refused_card_leaves_no_trace_in_the_error():
    with pytest.raises(DomainError) as refused:
        ids.parse_card("6367957070707076")
    assert "6367" not in repr(refused.value) + str(refused.value)


def test_card_facts_hold_no_full_number():
    assert "6367957070707075" not in repr(ids.describe_card("6367957070707075"))


def test_postal_code():
    assert ids.parse_postal_code("۱۵۸۷۶-۳۳۱۱۱") == "1587633111"
    assert code_of(ids.parse_postal_code, "158763311") == "bad_postal_code"
    assert not ids.postal_code_is_doubtful("1587633020")
    assert ids.postal_code_is_doubtful("1287633111")
    assert ids.postal_code_is_doubtful("1087633111")


@given(st.text(max_size=40))
def test_any_text_gives_a_number_or_a_refusal(text):
    for parse in (
        ids.parse_national_id, ids.parse_legal_id, ids.parse_mobile, ids.parse_landline, ids.parse_ussd,
        ids.parse_iban, ids.parse_card, ids.parse_postal_code,
    ):  # fmt: skip
        try:
            assert parse(text).isascii()
        except DomainError:
            continue

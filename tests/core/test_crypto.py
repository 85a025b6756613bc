import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import CannotDecrypt, current_key_id, decrypt, encrypt, key_id_of, keyed_hash

OLD, NEW = (base64.b64encode(bytes([seed]) * 32).decode() for seed in (1, 2))
HASH_KEY = "a key for hashing, long enough"

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(scope="module")
def keys():
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k1:{OLD}", FIELD_HASH_KEY=HASH_KEY):
        yield


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_there_and_back(text):
    assert decrypt(encrypt(text, "donor.mobile"), "donor.mobile") == text


def test_the_same_text_is_never_the_same_ciphertext():
    tokens = {encrypt("+989121234567", "donor.mobile") for _ in range(50)}
    assert len(tokens) == 50
    assert all(token.startswith("k1:") for token in tokens)


def test_bound_to_its_context():
    with pytest.raises(CannotDecrypt):
        decrypt(encrypt("x", "donor.mobile"), "donor.national_id")


@pytest.mark.parametrize("at", [3, 10, -5])
def test_a_changed_ciphertext_is_found(at):
    token = encrypt("0012345679", "c")
    signs = list(token)
    signs[at] = "A" if signs[at] != "A" else "B"
    with pytest.raises(CannotDecrypt):
        decrypt("".join(signs), "c")


@pytest.mark.parametrize("token", ["", "k1:", "k1:!!", "k9:AAAA", "plain text", "k1:AAAA"])
def test_what_is_no_ciphertext_is_refused_without_echo(token):
    with pytest.raises(CannotDecrypt) as refused:
        decrypt(token, "c")
    assert "AAAA" not in str(refused.value)


def test_rotation_reads_with_every_key_and_writes_with_the_newest():
    old = encrypt("x", "c")
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k2:{NEW},k1:{OLD}"):
        assert decrypt(old, "c") == "x"
        assert key_id_of(encrypt("x", "c")) == current_key_id() == "k2"
        assert key_id_of(old) == "k1"
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k2:{NEW}"), pytest.raises(CannotDecrypt):
        decrypt(old, "c")


def test_a_key_under_another_id_does_not_read():
    token = encrypt("x", "c")
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k2:{OLD}"), pytest.raises(CannotDecrypt):
        decrypt(token.replace("k1:", "k2:"), "c")


@pytest.mark.parametrize("ring", ["", "k1", f"k1:{OLD[:20]}", f":{OLD}", f"k1:{OLD},k1:{NEW}", "k1:***"])
def test_a_broken_ring_says_so_and_shows_no_key(ring):
    with override_settings(FIELD_ENCRYPTION_KEYS=ring), pytest.raises(ImproperlyConfigured) as refused:
        encrypt("x", "c")
    assert OLD[:20] not in str(refused.value)


def test_url_safe_base64_keys_are_read_too():
    key = base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode()
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k1:{key}"):
        assert decrypt(encrypt("x", "c"), "c") == "x"


def test_keyed_hash_is_stable_and_separated_by_purpose_and_key():
    mobile = "+989121234567"
    digest = keyed_hash(mobile, "mobile")
    assert len(digest) == 64
    assert digest == keyed_hash(mobile, "mobile")
    assert digest != keyed_hash(mobile, "national_id")
    assert digest != keyed_hash(mobile + "0", "mobile")
    with override_settings(FIELD_HASH_KEY="another key, also long enough"):
        assert digest != keyed_hash(mobile, "mobile")


def test_keyed_hash_of_nothing_is_nothing_and_wants_a_purpose_and_a_key():
    assert keyed_hash("", "mobile") == ""
    with pytest.raises(ValueError, match="purpose"):
        keyed_hash("x", "")
    with override_settings(FIELD_HASH_KEY="short"), pytest.raises(ImproperlyConfigured):
        keyed_hash("x", "mobile")

"""Encryption at rest and searching by equality in what is encrypted.

`settings.FIELD_ENCRYPTION_KEYS` is a ring, newest first: "k2:<base64 of 32 bytes>,k1:<base64 of 32 bytes>".
New values are written with the first key; every key of the ring can read. To rotate: put a new key in
front, save the rows again, then take the old key away.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE_BYTES = 12
_KEY_BYTES = 32


class CannotDecrypt(Exception):
    """The text was changed, belongs to another field, or its key left the ring. Carries no content."""


def encrypt(text: str, context: str) -> str:
    """`"<key id>:<base64 of nonce and ciphertext>"` (AES-256-GCM); a new nonce, so another result, each time.

    `context` (the field's name) is authenticated, not stored: a value moved to another field cannot be read.
    """
    key_id, key = next(iter(_ring().items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = key.encrypt(nonce, text.encode(), _bound_to(key_id, context))
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(token: str, context: str) -> str:
    """The text that `encrypt` was given with the same context; raises CannotDecrypt."""
    key_id, _, body = token.partition(":")
    key = _ring().get(key_id)
    if key is None:
        raise CannotDecrypt("unknown key")
    try:
        sealed = base64.b64decode(body, validate=True)
        plain = key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(key_id, context))
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise CannotDecrypt("damaged or of another field") from error
    return plain.decode()


def key_id_of(token: str) -> str:
    """Which key a stored value was written with; rotation looks for those that are not `current_key_id()`."""
    return token.partition(":")[0]


def current_key_id() -> str:
    """The id of the key that new values are written with."""
    return next(iter(_ring()))


def key_of(key_id: str) -> AESGCM:
    """The cipher of a key in the ring, for what is sealed elsewhere; raises CannotDecrypt when it has left."""
    key = _ring().get(key_id)
    if key is None:
        raise CannotDecrypt("unknown key")
    return key


def keyed_hash(value: str, purpose: str) -> str:
    """64 hex digits to search an encrypted value by equality: HMAC-SHA256 under `settings.FIELD_HASH_KEY`.

    Normalise the value first. `purpose` ("mobile", "national_id", …) separates the domains: the same digits
    hash differently for another purpose. An empty value hashes to "", so that blanks stay recognisable.
    """
    if not value:
        return ""
    if not purpose:
        raise ValueError("a purpose is needed")
    return hmac.digest(_hash_key(settings.FIELD_HASH_KEY), f"{purpose}\0{value}".encode(), "sha256").hex()


def key_ids() -> list[str]:
    """The ids of the keys in the ring, newest first; never the keys."""
    return list(_ring())


def _bound_to(key_id: str, context: str) -> bytes:
    return f"{key_id}|{context}".encode()


def _ring() -> dict[str, AESGCM]:
    return _parse_ring(settings.FIELD_ENCRYPTION_KEYS)


@lru_cache(maxsize=8)
def _parse_ring(setting: str) -> dict[str, AESGCM]:
    ring: dict[str, AESGCM] = {}
    for part in filter(None, (piece.strip() for piece in setting.split(","))):
        key_id, _, encoded = part.partition(":")
        if not key_id.isalnum() or key_id in ring:
            raise ImproperlyConfigured(
                "FIELD_ENCRYPTION_KEYS: every key needs an id of its own, letters and digits"
            )
        ring[key_id] = AESGCM(_key_bytes(encoded))
    if not ring:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty")
    return ring


def _key_bytes(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS: a key is base64 of {_KEY_BYTES} bytes")
    return key


def _hash_key(setting: str) -> bytes:
    if len(setting) < 16:
        raise ImproperlyConfigured("FIELD_HASH_KEY needs 16 characters or more")
    return setting.encode()

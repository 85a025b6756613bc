"""Sadad's signature: Base64 of 3DES in ECB mode with PKCS7 padding over a short line of text."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

_BLOCK = 8


def sign(key_base64: str, line: str) -> str:
    """Sign with a terminal key of 16 or 24 bytes given as Base64; ValueError for any other key."""
    try:
        key = base64.b64decode(key_base64, validate=True)
    except binascii.Error as error:
        raise ValueError("a terminal key is Base64") from error
    if len(key) == 16:
        key += key[:8]  # two-key form: K1 K2 K1
    if len(key) != 24:
        raise ValueError("a terminal key has 16 or 24 bytes")
    plain = line.encode()
    padding = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(TripleDES(key), modes.ECB()).encryptor()  # noqa: S305 - the bank's choice
    signed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(signed).decode("ascii")

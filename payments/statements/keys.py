"""What makes a line itself: fingerprints over key columns, or over its content and an ordinal."""

from __future__ import annotations

from hashlib import blake2b

BYTES = 16
_BETWEEN = "\x1f"


def content_of(parts: list[str]) -> bytes:
    """Everything that a line says; another value for any of its texts is another content."""
    return _digest(_BETWEEN.join(parts))


def keyed_fingerprint(kind: str, columns: str, values: list[str]) -> bytes:
    """`columns` tells the keys of a profile apart, `kind` a payment from its reversal under the same number."""
    return _digest(f"{kind}{_BETWEEN}{columns}{_BETWEEN}{_BETWEEN.join(values)}")


def keyless_fingerprint(content: bytes, ordinal: int) -> bytes:
    """The n-th among equal lines of a day, counted from 1: two equal gifts are two gifts."""
    return blake2b(content + ordinal.to_bytes(4, "big"), digest_size=BYTES).digest()


def raw_hash(raw: str) -> bytes:
    return _digest(raw)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=BYTES).digest()

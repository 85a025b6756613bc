"""Photos of deliveries: sealed at rest under MEDIA_ROOT, opened for the office alone."""

from __future__ import annotations

from typing import BinaryIO

from core.errors import DomainError
from core.sealed_files import keep_sealed, read_sealed

DIRECTORY = "deliveries"
MOST_BYTES = 5 * 1024 * 1024
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def store(file: BinaryIO) -> tuple[str, str]:
    """Seal a photo; returns its path under MEDIA_ROOT and the SHA-256 of what it holds.

    DomainError: photo_too_large, photo_unknown (neither JPEG nor PNG).
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DomainError("photo_too_large", field="photo", most_bytes=MOST_BYTES)
    if kind_of(content) is None:
        raise DomainError("photo_unknown", field="photo")
    return keep_sealed(content, DIRECTORY)


def read(path: str) -> bytes:
    """What was sealed; OSError or core.crypto.CannotDecrypt when it is gone or damaged."""
    return read_sealed(path)


def kind_of(content: bytes) -> str | None:
    """The content type that a file's own first bytes say; None for anything but JPEG and PNG."""
    return next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)

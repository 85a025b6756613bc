"""Files of this room: signed copies and evidence, sealed at rest, opened for the offices alone."""

from __future__ import annotations

from typing import BinaryIO

from core.errors import DomainError
from core.sealed_files import keep_sealed, read_sealed

MOST_BYTES = 10 * 1024 * 1024
KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


def store(file: BinaryIO, directory: str) -> tuple[str, str]:
    """Seal a PDF, JPEG or PNG; returns its path under MEDIA_ROOT and the SHA-256 of what it holds.

    DomainError("bad_partner_file") for anything else or more than 10 MB.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES or kind_of(content) is None:
        raise DomainError("bad_partner_file", field="file")
    return keep_sealed(content, directory)


def read(path: str) -> tuple[bytes, str, str]:
    """Content, content type and ending of a file that was sealed; OSError or CannotDecrypt when it is gone."""
    content = read_sealed(path)
    kind, ending = kind_of(content) or ("application/octet-stream", "bin")
    return content, kind, ending


def kind_of(content: bytes) -> tuple[str, str] | None:
    """Content type and ending as the file's own first bytes say."""
    return next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)

"""The files themselves: taken in as a stream, sealed on disk (they hold names and card numbers), read as a stream."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.errors import DomainError
from core.sealed_files import SealedReader, SealedWriter
from payments.models import StatementImport

DIRECTORY = "statements"
BLOCK_BYTES = 1 << 20
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class StoredFile:
    """A sealed file under MEDIA_ROOT, the digest and size of what it holds."""

    path: str
    sha256: str
    size_bytes: int

    def remove(self) -> None:
        (Path(settings.MEDIA_ROOT) / self.path).unlink(missing_ok=True)


def store(source_key: str, blocks: Iterable[bytes]) -> StoredFile:
    """Seal a stream on disk; no half file stays and memory stays flat.

    DomainError: empty_file, file_too_large (with most_bytes), disk_full, file_not_stored.
    """
    directory = Path(settings.MEDIA_ROOT) / DIRECTORY / source_key
    name = f"{uuid.uuid4().hex}.sealed"
    half = directory / f".{name}"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(half, "wb", opener=_private) as file:
            digest, size = _seal(file, blocks)
            os.fsync(file.fileno())
        half.rename(directory / name)
    except OSError as error:
        half.unlink(missing_ok=True)
        if error.errno in _DISK_FULL:
            raise DomainError("disk_full", status=507, field="file") from error
        raise DomainError("file_not_stored", status=500, field="file") from error
    except DomainError:
        half.unlink(missing_ok=True)
        raise
    return StoredFile(f"{DIRECTORY}/{source_key}/{name}", digest, size)


def _seal(file, blocks: Iterable[bytes]) -> tuple[str, int]:
    sealed, digest, size = SealedWriter(file), hashlib.sha256(), 0
    for block in blocks:
        size += len(block)
        if size > settings.STATEMENT_MOST_BYTES:
            raise DomainError(
                "file_too_large", status=413, field="file", most_bytes=settings.STATEMENT_MOST_BYTES
            )
        digest.update(block)
        sealed.write(block)
    if not size:
        raise DomainError("empty_file", field="file")
    sealed.close()
    file.flush()
    return digest.hexdigest(), size


def open_stored(statement: StatementImport) -> SealedReader:
    """The plain bytes of an import's file; OSError or CannotDecrypt when it is gone or damaged."""
    return SealedReader((Path(settings.MEDIA_ROOT) / statement.file_path).open("rb"))


def blocks_of(file) -> Iterable[bytes]:
    """An open file in blocks."""
    return iter(lambda: file.read(BLOCK_BYTES), b"")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

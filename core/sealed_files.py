"""Large files encrypted at rest (AES-256-GCM in chunks) with the ring of `core.crypto`; memory stays flat.

A chunk carries its place and whether it is the last: one that is moved, missing or cut off is noticed.
"""

from __future__ import annotations

import hashlib
import io
import os
import uuid
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from django.conf import settings

from core.crypto import CannotDecrypt, current_key_id, key_of

CHUNK_BYTES = 1 << 20
_MAGIC = b"SEAL1"
_NONCE_BYTES = 12
_LENGTH_BYTES = 4


class SealedWriter:
    """Writes to an open file; `close` writes the last chunk and leaves the file itself open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._key_id, self._name = file, current_key_id(), os.urandom(16)
        self._key, self._waiting, self._number = key_of(self._key_id), bytearray(), 0
        file.write(_MAGIC + bytes([len(self._key_id)]) + self._key_id.encode() + self._name)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._key.encrypt(nonce, chunk, _place(self._name, self._number, is_last))
        self._file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + nonce + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file, in order; CannotDecrypt where they are not what was written."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        if file.read(len(_MAGIC)) != _MAGIC:
            raise CannotDecrypt("not a sealed file")
        key_id = file.read(file.read(1)[0]).decode()
        self._file, self._key, self._name = file, key_of(key_id), file.read(16)
        self._number, self._left, self._ended = 0, memoryview(b""), False

    def readable(self) -> bool:
        return True

    def readinto(self, target) -> int:
        while not self._left and not self._ended:
            self._left = memoryview(self._next())
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        length = int.from_bytes(self._file.read(_LENGTH_BYTES), "big")
        nonce, sealed = self._file.read(_NONCE_BYTES), self._file.read(length)
        number, self._number = self._number, self._number + 1
        for is_last in (length < CHUNK_BYTES, length >= CHUNK_BYTES):
            try:
                chunk = self._key.decrypt(nonce, sealed, _place(self._name, number, is_last))
            except (InvalidTag, ValueError):
                continue
            self._ended = is_last
            return chunk
        raise CannotDecrypt("damaged or cut off")


def keep_sealed(content: bytes, directory: str) -> tuple[str, str]:
    """Seal a small file under MEDIA_ROOT/`directory` and bring it to the disk; returns its path there and the SHA-256
    of what it holds."""
    path = f"{directory}/{uuid.uuid4().hex}.sealed"
    where = Path(settings.MEDIA_ROOT) / path
    where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(where, "wb", opener=_private) as target:
        sealed = SealedWriter(target)
        sealed.write(content)
        sealed.close()
        target.flush()
        os.fsync(target.fileno())
    return path, hashlib.sha256(content).hexdigest()


def read_sealed(path: str) -> bytes:
    """What `keep_sealed` took; OSError or CannotDecrypt when it is gone or damaged."""
    with SealedReader((Path(settings.MEDIA_ROOT) / path).open("rb")) as file:
        return file.read()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _place(name: bytes, number: int, is_last: bool) -> bytes:
    return name + number.to_bytes(8, "big") + bytes([is_last])

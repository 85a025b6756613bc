"""Large files at rest: what was written comes back, and nothing else does."""

import io
import random

import pytest

from core.crypto import CannotDecrypt
from core.sealed_files import CHUNK_BYTES, SealedReader, SealedWriter


def sealed(content: bytes, step: int = 70_000) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out)
    for at in range(0, len(content), step):
        writer.write(content[at : at + step])
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_written_comes_back(size):
    content = random.Random(size).randbytes(size)
    stored = sealed(content)
    assert io.BufferedReader(SealedReader(io.BytesIO(stored))).read() == content
    assert content[:1000] not in stored or size < 20


def test_a_file_that_was_cut_off_changed_or_rearranged_is_noticed():
    stored = sealed(bytes(2 * CHUNK_BYTES + 10))
    head, chunk = len(stored) - 2 * (CHUNK_BYTES + 32) - 42, CHUNK_BYTES + 32
    swapped = (
        stored[:head] + stored[head + chunk : head + 2 * chunk] + stored[head : head + chunk] + stored[-42:]
    )
    for damaged in (stored[:-42], stored[:-1], stored[:-5] + b"x" + stored[-4:], swapped, b"plain text"):
        with pytest.raises(CannotDecrypt):
            SealedReader(io.BytesIO(damaged)).readall()

"""A picture that somebody sent, made anew: bytes in, bytes out; touches neither database nor settings.

What is kept is drawn from the decoded pixels, so nothing of the file that came (place and camera in EXIF, comments,
appended code) is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError

KINDS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE, MOST_WIDTH, MOST_HEIGHT = 200, 960, 960
TARGET_BYTES = 46_000  # a page with one picture stays below the weight of a page
_QUALITIES = (80, 70, 60, 50, 40, 30)


@dataclass(frozen=True)
class MadePicture:
    """WebP, upright, at most MOST_WIDTH × MOST_HEIGHT."""

    content: bytes
    width: int
    height: int


def remake(file: IO[bytes], size: int) -> MadePicture:
    """The picture in a file of `size` bytes. DomainError: picture_too_large (bytes or pixels), bad_picture (no JPEG,
    PNG or WebP, or a broken one), picture_too_small."""
    if size > MOST_BYTES:
        raise DomainError("picture_too_large", field="file")
    try:
        with Image.open(BytesIO(file.read(MOST_BYTES + 1)), formats=KINDS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise DomainError("picture_too_large", field="file")
            if min(sent.size) < LEAST_SIDE:
                raise DomainError("picture_too_small", field="file")
            sent.draft("RGB", (MOST_WIDTH * 2, MOST_HEIGHT * 2))
            picture = _plain(ImageOps.exif_transpose(sent))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DomainError("picture_too_large", field="file") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DomainError("bad_picture", field="file") from error
    picture.thumbnail((MOST_WIDTH, MOST_HEIGHT), Image.Resampling.LANCZOS)
    content = b""
    for quality in _QUALITIES:
        made = BytesIO()
        picture.save(made, "WEBP", quality=quality, method=4)
        content = made.getvalue()
        if len(content) <= TARGET_BYTES:
            break
    return MadePicture(content, *picture.size)


def _plain(picture: Image.Image) -> Image.Image:
    """Red, green and blue on white, without a word of metadata."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain

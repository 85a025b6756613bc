"""Pictures that people send: really pictures, made small, and without where and by what they were taken."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from core.errors import DomainError

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 1_600
_FORMATS = ("JPEG", "PNG", "WEBP")


def clean_photo(upload: UploadedFile) -> ContentFile:
    """A JPEG made anew from an upload; DomainError("bad_photo_file") for anything that is no such picture.

    The size is read from the head before anything is unpacked; what the camera wrote beside the picture is left out.
    """
    if upload.size > MOST_BYTES:
        raise DomainError("bad_photo_file")
    try:
        with Image.open(upload, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError("bad_photo_file")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise DomainError("bad_photo_file") from error
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    file = BytesIO()
    upright.save(file, "JPEG", quality=80)
    return ContentFile(file.getvalue(), name="photo.jpg")
